"""Which report a reference of another program is: by its identifiers, else by its title."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping

from review.model import Record
from review.model import RecordId
from review.model import ReportId

#: A title with fewer letters and digits (`Editorial`, `Calcinosis`) says too little to go by.
_SHORTEST_TITLE = 15


class Matcher:
    """Finds reports by what references say of themselves.

    Args:
        records: Every record by id.
        report_of: The report of every record.
    """

    def __init__(self, records: Mapping[RecordId, Record], report_of: Mapping[RecordId, ReportId]) -> None:
        self._report_of = report_of
        self._by_key: dict[str, set[ReportId]] = defaultdict(set)
        self._years: dict[ReportId, set[int]] = defaultdict(set)
        for identifier, record in records.items():
            report = report_of[identifier]
            for key in (*_list_keys(record), *_list_titles(record)):
                self._by_key[key].add(report)
            if record.year:
                self._years[report].add(record.year)

    def find(self, reference: Record) -> list[ReportId]:
        """Return the reports that a reference may be: one if it is clear, none if there is none, several if it is not clear."""
        given = [*reference.extra.get("csv:record", ()), reference.id]
        for identifier in given:
            if RecordId(identifier) in self._report_of:
                return [self._report_of[RecordId(identifier)]]
        for key in (*_list_keys(reference), *_list_titles(reference)):
            found = self._by_key.get(key)
            if not found:
                continue
            if len(found) > 1 and reference.year:
                same_year = {report for report in found if reference.year in self._years[report]}
                found = same_year or found
            return sorted(found)
        return []


def _list_keys(record: Record) -> Iterable[str]:
    if record.doi:
        yield f"doi {record.doi}"
    if record.pmid:
        yield f"pmid {record.pmid}"
    if record.pmcid:
        yield f"pmcid {record.pmcid.casefold()}"


def _list_titles(record: Record) -> Iterable[str]:
    for title in (record.title, record.vernacular_title):
        letters = "".join(letter for letter in title.casefold() if letter.isalnum())
        if len(letters) >= _SHORTEST_TITLE:
            yield f"title {letters}"

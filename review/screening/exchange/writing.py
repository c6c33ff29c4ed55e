"""Writing decisions for other programs: CSV that ASReview, Rayyan and spreadsheets read, and RIS with labels in its notes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from review.errors import UsageError
from review.formats.export import render_records
from review.model import Decision
from review.model import Record
from review.model import ReportId

FORMATS = ("csv", "ris")

#: `included` is 1, 0 or empty, which ASReview reads as its label; the columns from `decision` on are read back by `review screen import`.
COLUMNS = (
    "record", "title", "authors", "year", "journal", "doi", "pmid", "abstract", "keywords", "included", "decision", "reason", "screening note", "by", "time",
)  # fmt: skip

_NUMBERS = {"include": "1", "exclude": "0", "unsure": ""}
_NOTES = {"include": "ASReview_relevant", "exclude": "ASReview_irrelevant"}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A report's record with the decision on it; None for one that nobody has decided on."""

    report: ReportId
    record: Record
    decision: Decision | None


def render_labelled(items: Iterable[Labelled], format: str) -> bytes:  # noqa: A002 (the field's own word)
    """Return references with their decisions as a file.

    Raises:
        UsageError: If the format is none of `FORMATS`.
    """
    if format == "csv":
        return _render_csv(items)
    if format == "ris":
        return render_records([_add_label(item) for item in items], "ris")
    raise UsageError(f"decisions cannot be written as {format!r}; known are {', '.join(FORMATS)}")


def _render_csv(items: Iterable[Labelled]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for item in items:
        record, decision = item.record, item.decision
        label = (
            [_NUMBERS[decision.verdict], decision.verdict, decision.reason, decision.note, decision.by, decision.time]
            if decision
            else [""] * 6
        )
        authors = "; ".join(str(author) for author in record.authors)
        writer.writerow(
            [item.report, record.title, authors, record.year or "", record.journal, record.doi, record.pmid, record.abstract,
             "; ".join((*record.keywords, *record.mesh)), *label]
        )  # fmt: skip
    # The byte order mark is what Excel needs to read accents.
    return stream.getvalue().encode("utf-8-sig")


def _add_label(item: Labelled) -> Record:
    decision = item.decision
    label = _NOTES.get(decision.verdict, "ASReview_not_seen") if decision else "ASReview_not_seen"
    words = [label]
    if decision:
        details = [decision.verdict, decision.reason, decision.note, f"by {decision.by}" if decision.by else ""]
        words.append(f"Screening: {'; '.join(part for part in details if part)}")
    notes = (*item.record.extra.get("note", ()), *words)
    return item.record.evolve(extra={**item.record.extra, "note": notes})

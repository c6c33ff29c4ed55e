"""What became of the reports that a review rests on: retracted, doubted, corrected, published, changed.

A retraction concerns the retracted report, not its notice: a notice names the report it retracts and is none itself.

Source: NLM, "Errata, Retractions, and Other Linked Citations in PubMed" (CommentsCorrections, publication types).
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass

from review.findings import Finding
from review.findings import find
from review.model import Decision
from review.model import Record
from review.model import RecordId
from review.model import Relation

#: Relations of a record to a notice about it.
CONCERN = frozenset({"expression-of-concern-in"})
CORRECTION = frozenset(
    {"erratum-in", "corrected-and-republished-in", "republished-in", "retracted-and-republished-in", "update-in"}
)

#: Fields that a screener or extractor reads. Indexing terms and the record's status come and go without meaning.
WATCHED_FIELDS = (
    "title", "vernacular_title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "abstract",
    "other_abstracts", "languages", "publication_types", "relations",
)  # fmt: skip

#: Relations that say nothing new about the record itself.
_IDLE_RELATIONS = frozenset({"comment-in", "comment-on", "summary-for-patients-in", "cites", "associated-dataset"})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where records stand in the review, by every id that a record is known by (all members of its duplicate group).

    `included` counts in the results, `in_play` may still; `ruled` are retracted reports on which someone has ruled.
    """

    included: frozenset[RecordId] = frozenset()
    in_play: frozenset[RecordId] = frozenset()
    ruled: frozenset[RecordId] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """A record whose watched fields differ from those held before; `fields` are names of `WATCHED_FIELDS`."""

    id: RecordId
    fields: tuple[str, ...]
    before: Record
    after: Record

    def to_json(self) -> dict[str, object]:
        """Return the id and the fields' names."""
        return {"id": self.id, "fields": list(self.fields)}


def find_rulings(decisions: Iterable[Decision]) -> frozenset[RecordId]:
    """Return the retracted reports on which someone has ruled: a full-text decision whose note speaks of the retraction.

    Excluding the report needs no ruling: it is not included any more. Keeping it does, and the reason belongs in the log.
    """
    return frozenset(
        decision.record
        for decision in decisions
        if decision.stage == "full-text" and decision.verdict == "include" and "retract" in decision.note.casefold()
    )


def compare_records(before: Record, after: Record) -> tuple[str, ...]:
    """Return the names of the watched fields that differ between two versions of one record."""
    return tuple(name for name in WATCHED_FIELDS if _watched(before, name) != _watched(after, name))


def _watched(record: Record, name: str) -> object:
    value: object = getattr(record, name)
    if name == "relations":
        return {item for item in record.relations if item.kind not in _IDLE_RELATIONS}
    if name == "publication_types":
        return set(record.publication_types)
    return " ".join(value.split()) if isinstance(value, str) else value


def find_changes(before: Mapping[RecordId, Record], after: Mapping[RecordId, Record]) -> list[Change]:
    """Return the records that were held before and differ now, ordered by id."""
    changes = []
    for item in sorted(before.keys() & after.keys()):
        fields = compare_records(before[item], after[item])
        if fields:
            changes.append(Change(item, fields, before[item], after[item]))
    return changes


def check_changes(changes: Iterable[Change], standing: Standing) -> list[Finding]:
    """Return a finding for every changed record that was or is being screened."""
    return [
        find(
            "RUN-025",
            f"{change.id} changed since it was retrieved: {', '.join(change.fields)}",
            change.after.origin,
            found=_shorten(change.after.title),
            ids=[change.id],
        )
        for change in changes
        if change.id in standing.included or change.id in standing.in_play
    ]


def check_standing(records: Mapping[RecordId, Record], standing: Standing) -> list[Finding]:
    """Return what a person must know of the included records and of those still in play.

    Args:
        records: Their current records; others are passed over.
        standing: Where records stand.
    """
    findings: list[Finding] = []
    for item in sorted(records.keys() & (standing.included | standing.in_play)):
        findings.extend(_check_record(records[item], standing))
    return findings


def _check_record(record: Record, standing: Standing) -> Iterator[Finding]:
    is_included = record.id in standing.included
    place = "included" if is_included else "still in play"
    origin = record.origin

    def tell(code: str, what: str, relation: Relation | None = None) -> Finding:
        notice = f" ({_name_notice(relation)})" if relation else ""
        message = f"{record.id} ({place}) {what}{notice}: {_shorten(record.title)}"
        return find(code, message, origin, ids=[record.id])

    if record.is_retracted and record.id not in standing.ruled:
        notice = next((item for item in record.relations if item.kind == "retraction-in"), None)
        yield tell("RUN-020" if is_included else "RUN-021", "was retracted", notice)
    is_preprint = record.entry_type == "preprint" or any(
        kind.casefold() == "preprint" for kind in record.publication_types
    )
    for relation in record.relations:
        if relation.kind in CONCERN:
            yield tell("RUN-022", "has an expression of concern", relation)
        elif is_preprint and relation.kind in {"update-in", "preprint-of"}:
            yield tell("RUN-024", "is a preprint that was published since", relation)
        elif relation.kind in CORRECTION:
            yield tell("RUN-023", f"was corrected or updated: {relation.kind}", relation)


def _name_notice(relation: Relation) -> str:
    parts = [f"PMID {relation.pmid}" if relation.pmid else "", relation.doi, _shorten(relation.text, 60)]
    return ", ".join(part for part in parts if part) or "no notice named"


def _shorten(text: str, width: int = 80) -> str:
    return text if len(text) <= width else f"{text[: width - 3].rstrip()}..."

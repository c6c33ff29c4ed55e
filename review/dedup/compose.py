"""The record that stands for a group: each field from the source that has it best, and where it came from."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from review.dedup.normalise import normalise
from review.dedup.places import normalise_pages
from review.dedup.units import rank_of
from review.model import Record
from review.model import RecordId

#: Fields of which the lists of all records are joined.
_JOINED = (
    "issn", "isbn", "other_abstracts", "languages", "publication_types", "mesh", "keywords", "registrations", "relations",
)  # fmt: skip
#: Fields that belong together, so that they come from one record.
_TOGETHER = (("abstract", "abstract_sections"),)
#: Fields that are taken one by one; the first record in order of completeness that has one gives it, but for `_BETTER`.
_SINGLE = (
    "title", "vernacular_title", "authors", "year", "journal", "journal_abbreviation", "volume", "issue", "pages", "doi", "pmid",
    "pmcid", "published", "epub_date", "status", "version", "url", "abstract",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """One value that records of a group give for a field, and the records that give it."""

    value: object
    ids: tuple[RecordId, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """The record of a group.

    `provenance` names, for each filled field, the records that its value came from; `values` holds every value that any
    record gives for a field in which they differ, so that nothing is lost and a merge can be undone.
    """

    record: Record
    members: tuple[RecordId, ...]
    provenance: Mapping[str, tuple[RecordId, ...]]
    values: Mapping[str, tuple[Value, ...]]


def compose_record(members: Sequence[Record]) -> Composed:
    """Compose the record of a group.

    The most complete record gives its id, source and type, and every field that no other has better: the longest
    abstract and author list, written-out names, a page range before a cut one, the year of the issue before that of the
    first appearance online.

    Args:
        members: The records of the group, at least one, in any order.

    Raises:
        ValueError: If there are none.
    """
    if not members:
        message = "a group has at least one record"
        raise ValueError(message)
    ranked = sorted(members, key=lambda record: (rank_of(normalise(record)), record.id))
    first = ranked[0]
    changes: dict[str, object] = {}
    provenance: dict[str, tuple[RecordId, ...]] = {}
    values: dict[str, tuple[Value, ...]] = {}
    for name in _SINGLE:
        given = _collect(ranked, name)
        if not given:
            continue
        better = _BETTER.get(name)
        best = max(given, key=lambda value: better(value.value)) if better else given[0]
        changes[name] = best.value
        provenance[name] = best.ids
        if len(given) > 1:
            values[name] = tuple(given)
    for lead, *followers in _TOGETHER:
        if lead in provenance:
            giver = next(record for record in ranked if record.id == provenance[lead][0])
            changes |= {name: getattr(giver, name) for name in followers}
    if "year" in changes:
        changes["year"], provenance["year"] = _issue_year(ranked, changes["year"], provenance["year"])
    for name in _JOINED:
        items = [(item, record.id) for record in ranked for item in getattr(record, name)]
        if items:
            changes[name] = tuple(dict.fromkeys(item for item, _ in items))
            provenance[name] = tuple(dict.fromkeys(giver for _, giver in items))
    ids = tuple(sorted(record.id for record in members))
    return Composed(first.evolve(**changes), ids, provenance, values)


def _collect(ranked: Iterable[Record], name: str) -> list[Value]:
    """Return the different values of a field with the records that give each, the most complete record's first."""
    givers: dict[object, list[RecordId]] = {}
    for record in ranked:
        value = getattr(record, name)
        if value not in ("", None, ()):
            givers.setdefault(value, []).append(record.id)
    return [Value(value, tuple(ids)) for value, ids in givers.items()]


def _length(value: object) -> tuple[int, ...]:
    return (len(str(value)),)


def _full_pages(value: object) -> tuple[int, ...]:
    pages = normalise_pages(str(value))
    return (bool(pages.first) and not pages.online, bool(pages.last))


def _full_names(value: object) -> tuple[int, ...]:
    authors = value if isinstance(value, tuple) else ()
    return (len(authors), sum(len(author.given) for author in authors))


_BETTER: Mapping[str, Callable[[object], tuple[int, ...]]] = {
    "abstract": _length,
    "authors": _full_names,
    "pages": _full_pages,
    "journal": _length,
}


def _issue_year(
    ranked: Sequence[Record], year: object, ids: tuple[RecordId, ...]
) -> tuple[object, tuple[RecordId, ...]]:
    """Prefer the year of a record that knows its volume: the others may have that of the first appearance online."""
    placed = [record for record in ranked if record.year is not None and record.volume]
    if not placed or any(record.year == year for record in placed):
        return year, ids
    return placed[0].year, tuple(record.id for record in ranked if record.year == placed[0].year)

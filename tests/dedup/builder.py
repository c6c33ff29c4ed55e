"""Synthetic records for the tests of deduplication."""

from __future__ import annotations

from review.model import Author
from review.model import Record
from review.model import RecordId

TITLE = "Sodium thiosulfate for calcinosis cutis in systemic sclerosis: an open trial"
AUTHORS = (Author("Moreau", "Anna"), Author("Okafor", "Benedict"), Author("Lindqvist", "Clara"))


def authors(text: str) -> tuple[Author, ...]:
    """Make authors of `Moreau, Anna; Okafor, B`."""
    names = [name.partition(",") for name in text.split(";") if name.strip()]
    return tuple(Author(family.strip(), given.strip()) for family, _, given in names)


def article(name: str = "a", title: str = TITLE, **fields: object) -> Record:
    """Make a record with the fields of a usual article; text for `authors` is split at semicolons."""
    usual: dict[str, object] = {
        "authors": AUTHORS,
        "year": 2015,
        "journal": "Journal of Rheumatology",
        "volume": "42",
        "issue": "3",
        "pages": "101-109",
    }
    if isinstance(fields.get("authors"), str):
        fields["authors"] = authors(str(fields["authors"]))
    return Record(id=RecordId(name), title=title, **(usual | fields))  # type: ignore[arg-type]


def bare(name: str = "b", title: str = TITLE, **fields: object) -> Record:
    """Make a record that has only what is given."""
    nothing = {"authors": (), "year": None, "journal": "", "volume": "", "issue": "", "pages": ""}
    return article(name, title, **(nothing | fields))

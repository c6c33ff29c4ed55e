"""The labelled sets of the shared data folder as records."""

from __future__ import annotations

import csv
import gzip
import re
from dataclasses import dataclass
from pathlib import Path

from review.model import Author
from review.model import Record
from review.model import RecordId

csv.field_size_limit(10**9)

NAMES = (
    "ldd_haematology",
    "ldd_cytology_screening",
    "ldd_respiratory",
    "ldd_stroke",
    "asysd_diabetes",
    "ldd_digital_work",
    "mis_baseline",
    "mis_mixed",
    "cs_stage",
)


def read_authors(text: str) -> tuple[Author, ...]:
    """Split an author string of the sets; one that holds no known separator stays in one piece."""
    authors = []
    for name in re.split(r"\s+and\s+|\s*;\s*", text.strip()):
        family, comma, given = name.partition(",")
        if family.strip():
            authors.append(Author(family.strip(), given.strip() if comma else ""))
    return tuple(authors)


def to_record(row: dict[str, str]) -> Record:
    """Turn a row of records.csv into a record with the row's own id."""
    text = {key: "" if value in ("NA", None) else value for key, value in row.items()}
    year = re.search(r"\b(1[5-9]|20)\d\d\b", text["year"])
    return Record(
        id=RecordId(row["record_id"]),
        title=text["title"],
        authors=read_authors(text["author"]),
        year=int(year.group()) if year else None,
        journal=text["journal"],
        volume=text["volume"],
        issue=text["number"],
        pages=text["pages"],
        doi=text["doi"],
        issn=tuple(text["isbn"].split()),
        abstract=text["abstract"],
        source=text["source"],
    )


@dataclass(frozen=True)
class Labelled:
    """A labelled set: records in file order and the gold cluster of each id."""

    name: str
    records: tuple[Record, ...]
    gold: dict[str, str]

    @property
    def surplus(self) -> int:
        return len(self.records) - len(set(self.gold.values()))


def read_labelled(shared: Path, name: str) -> Labelled:
    """Read one labelled set."""
    folder = shared / "data" / "dedup" / name
    with gzip.open(folder / "records.csv.gz", "rt", encoding="utf-8", newline="") as handle:
        records = tuple(to_record(row) for row in csv.DictReader(handle))
    with (folder / "gold.csv").open(encoding="utf-8", newline="") as handle:
        gold = {row["record_id"]: row["gold_cluster"] or f"alone {row['record_id']}" for row in csv.DictReader(handle)}
    return Labelled(name, records, gold)

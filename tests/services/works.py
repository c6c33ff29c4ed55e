"""Made-up works that all services draw from: number n has PMID 30000000 + n (or is a preprint, or has a DOI alone)."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field


@dataclass
class Work:
    """A made-up work; `cites` are numbers of other works."""

    number: int
    title: str
    kind: str = "article"
    cites: list[int] = field(default_factory=list)
    abstract: str = "Calcinosis was seen in 12 patients. Rituximab was given to them."
    year: int = 2020
    is_retracted: bool = False
    own_doi: str = ""

    @property
    def pmid(self):
        return "" if self.kind in {"preprint", "doi-only"} else str(30000000 + self.number)

    @property
    def doi(self):
        return self.own_doi or f"10.5555/made.{self.number}"

    @property
    def record_id(self):
        return f"pubmed:{self.pmid}" if self.pmid else f"doi:{self.doi}"


def make_works(count, *, preprints=()):
    """Make works 1 to count; each cites the one before it."""
    return [
        Work(
            number,
            f"Synthetic study number {number} of calcinosis",
            "preprint" if number in preprints else "article",
            [number - 1] if number > 1 else [],
            year=2000 + number % 25,
        )
        for number in range(1, count + 1)
    ]

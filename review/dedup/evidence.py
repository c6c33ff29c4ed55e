"""The weight of agreement between two records, and the same in words."""

from __future__ import annotations

from review.dedup.compare import Comparison

_TITLE = {"same": 6.0, "near": 5.0, "part": 3.5, "loose": 2.5, "missing": 0.0, "different": -4.0}
_NAMES = {"same": 3.0, "some": 1.5, "missing": 0.0, "different": -4.0}
_JOURNAL = {"same": 1.5, "near": 1.0, "missing": 0.0, "different": -1.5}
_DOI = {"same": 6.0, "missing": 0.0, "different": -5.0}
_PMID = {"same": 8.0, "missing": 0.0, "different": -8.0}
_PAGES = {"same": 3.0, "near": 1.0, "missing": 0.0, "different": -3.0}
_VOLUME = {"same": 1.5, "missing": 0.0, "different": -2.0}
_ISSUE = {"same": 0.7, "missing": 0.0, "different": -0.3}
_YEARS = {0: 1.5, 1: 0.5}


def weigh(c: Comparison) -> float:
    """Return the weight of the evidence that two records are one: about 25 where every field agrees, below 0 against.

    It orders edges and the queue of doubtful pairs; which rule decides does not depend on it.
    """
    years = 0.0 if c.years is None else _YEARS.get(c.years, -1.5)
    total = (
        _TITLE[c.title]
        + _NAMES[c.names]
        + _JOURNAL[c.journal]
        + _DOI[c.doi]
        + _PMID[c.pmid]
        + _PAGES[c.pages]
        + _VOLUME[c.volume]
        + _ISSUE[c.issue]
        + years
    )
    return round(total, 1)


def tell_fields(c: Comparison) -> tuple[str, ...]:
    """Say field by field what agrees, what is missing and what contradicts."""
    said = [f"title {c.title}" + (f" ({c.likeness:.2f} alike)" if c.title not in ("same", "missing") else "")]
    if c.numbers != "same":
        said.append(f"numbers in the titles {c.numbers}")
    said.append(f"authors {_NAME_WORDS[c.names]}")
    said.append("year missing" if c.years is None else "year same" if c.years == 0 else f"years {c.years} apart")
    said.append(f"journal {c.journal}")
    said += [
        f"{field} {level}"
        for field, level in (
            ("volume", c.volume),
            ("issue", c.issue),
            ("first page", c.pages),
            ("DOI", c.doi),
            ("PubMed id", c.pmid),
        )
    ]
    said.append(f"abstract {c.abstract}")
    return tuple(said)


_NAME_WORDS = {"same": "same", "some": "partly the same", "missing": "missing", "different": "different"}

"""Authors: persons with given names, affiliations and ORCID; groups; names that the publisher withdrew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from review.formats.pubmed_xml.content import plain_text
from review.formats.pubmed_xml.content import read_text
from review.model import Author

_ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])$", re.IGNORECASE)


def read_author(element: Any) -> Author | None:
    """Read one Author, Investigator or PersonalNameSubject; None where it has no name.

    The suffix stands behind the given names, as in MEDLINE text; one of white space only is common and is none. The ORCID is
    given with hyphens however it was written.
    """
    names: dict[str, Any] = {}
    affiliations: list[str] = []
    orcid = ""
    for part in element:
        tag = part.tag
        if tag == "AffiliationInfo":
            for inner in part:
                if inner.tag == "Affiliation" and (text := _read_affiliation(inner)):
                    affiliations.append(text)  # noqa: PERF401 (a loop is quicker for one)
        elif tag == "Identifier":
            orcid = orcid or _read_orcid(part)
        else:
            names[tag] = part
    if "Affiliation" in names:  # until 2014
        affiliations.append(_read_affiliation(names["Affiliation"]))
    family, given, is_group = _order_names(names)
    return Author(family, given, is_group, tuple(affiliations), orcid) if family else None


def _order_names(names: Mapping[str, Any]) -> tuple[str, str, bool]:
    """Return family and given names, and whether it is a group's name; a single name of any kind is the family name."""
    family = read_text(names["LastName"]) if "LastName" in names else ""
    if not family and "CollectiveName" in names:
        return read_text(names["CollectiveName"]), "", True
    given = read_text(names["ForeName"]) if "ForeName" in names else ""
    if not given and "Initials" in names:
        given = read_text(names["Initials"])
    if not family:
        return given, "", False
    suffix = read_text(names["Suffix"]) if "Suffix" in names else ""
    return family, f"{given} {suffix}".lstrip() if suffix else given, False


def _read_affiliation(element: Any) -> str:
    return read_text(element) if len(element) else _clean_affiliation(element.text or "")


@lru_cache(maxsize=1024)
def _clean_affiliation(text: str) -> str:
    """Clean an address, and hold it once: most authors of a record share theirs."""
    return plain_text(text)


def _read_orcid(element: Any) -> str:
    match = _ORCID.search((element.text or "").strip())
    if element.get("Source") != "ORCID" or match is None:
        return ""
    return "-".join(match.groups()).upper()


def read_authors(element: Any) -> tuple[list[Author], list[Author]]:
    """Read a list: the authors, and those whose names are marked as printed wrongly (ValidYN="N")."""
    valid: list[Author] = []
    invalid: list[Author] = []
    for part in element:
        author = read_author(part)
        if author is not None:
            (invalid if part.get("ValidYN") == "N" else valid).append(author)
    return valid, invalid

"""Authors: persons with given names, affiliations and ORCID; groups; names that the publisher withdrew."""

from __future__ import annotations

import re
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
    family = given = initials = suffix = group = orcid = ""
    affiliations: list[str] = []
    for part in element:
        tag = part.tag
        if tag == "AffiliationInfo":
            for inner in part:
                if inner.tag == "Affiliation" and (text := read_text(inner)):
                    affiliations.append(text)
        elif tag == "LastName":
            family = read_text(part)
        elif tag == "ForeName":
            given = read_text(part)
        elif tag == "Initials":
            initials = part.text or ""
        elif tag == "Identifier":
            orcid = orcid or _read_orcid(part)
        elif tag == "CollectiveName":
            group = read_text(part)
        elif tag == "Suffix":
            suffix = read_text(part)
        elif tag == "Affiliation" and (text := read_text(part)):  # until 2014
            affiliations.append(text)
    if group and not family:
        return Author(group, "", True, tuple(affiliations), orcid)  # noqa: FBT003 (the fields of a named tuple, in order)
    if not family:
        return Author(given, "", False, tuple(affiliations), orcid) if given else None  # noqa: FBT003
    given = given or plain_text(initials)
    if suffix:
        given = f"{given} {suffix}" if given else suffix
    return Author(family, given, False, tuple(affiliations), orcid)  # noqa: FBT003


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

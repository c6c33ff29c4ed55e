"""Plain lists of identifiers: PubMed ids, DOIs, PMC ids, trial numbers, or addresses that hold one; one a line or between commas."""

from __future__ import annotations

import re
from collections.abc import Iterator

from review.findings import Finding
from review.formats.draft import Draft
from review.formats.result import Refusal
from review.formats.text import Lines
from review.identifiers import find_registrations
from review.identifiers import normal_doi
from review.identifiers import normal_pmcid
from review.identifiers import normal_pmid

_SEPARATORS = re.compile(r"[\s;]+|,(?=\s|$|\d|10\.)")
_WORDS = frozenset(("pmid", "pmids", "doi", "dois", "pmcid", "id", "ids", "uid", "pubmed"))


def parse_ids(lines: Lines) -> Iterator[Draft | Refusal | Finding]:
    """Read a list of identifiers; lines that begin with `#` are comments."""
    for text in lines:
        if text.lstrip().startswith("#"):
            continue
        joined = re.sub(r"\b(pmid|pmcid|doi)\s*:\s*", r"\1:", text, flags=re.IGNORECASE)
        for token in _SEPARATORS.split(joined):
            if token and token.casefold().strip(":") not in _WORDS:
                yield read_id(token, line=lines.number)


def read_id(token: str, *, line: int) -> Draft | Refusal:
    """Make a draft that has nothing but the identifier."""
    draft = Draft(line, entry_type="other")
    registered = find_registrations(token)
    if doi := normal_doi(token):
        draft.doi = doi
    elif "pmc" in token.casefold() and (pmcid := normal_pmcid(token)):
        draft.pmcid = pmcid
        draft.accession, draft.source = pmcid, "pmc"
    elif registered:
        draft.accession, draft.source, draft.entry_type = registered[0], "register", "register"
        draft.registrations = list(registered)
    elif pmid := normal_pmid(token):
        draft.pmid = pmid
    else:
        return Refusal(line, f"{token[:60]!r} is neither a PubMed id, a DOI, a PMC id nor a trial number")
    return draft

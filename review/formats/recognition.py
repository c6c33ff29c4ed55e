"""Telling a file's format by its content; its name decides only where the content does not."""

from __future__ import annotations

import re

from review.formats.table import find_header

#: Name endings and the format they mean.
SUFFIXES = {
    ".ris": "ris", ".nbib": "nbib", ".medline": "nbib", ".bib": "bibtex", ".bibtex": "bibtex", ".biblatex": "bibtex", ".xml": "endnote-xml",
    ".ciw": "wos", ".isi": "wos", ".enw": "enw", ".ref": "enw", ".csv": "csv", ".tsv": "csv", ".tab": "csv", ".json": "csl-json",
    ".ovd": "ovid",
}  # fmt: skip

_SIGNS = (
    ("pubmed-xml", re.compile(r"<(?:PubmedArticleSet|PubmedArticle|MedlineCitationSet|PubmedBookArticle|MedlineCitation)\b")),
    ("endnote-xml", re.compile(r"<xml>\s*<records>|<records>\s*<record>|<record>\s*<(?:database|ref-type|source-app|rec-number)\b")),
    ("wos", re.compile(r"^\W{0,3}(?:FN (?:.*(?:Web of|ISI|Clarivate|Thomson)).*|PT [A-Z])\s*$", re.MULTILINE)),
    ("ris", re.compile(r"^\W{0,4}TY(?: {0,3}|\t)-", re.MULTILINE)),
    ("ovid", re.compile(r"^\s*<\d+\.?\s*>\s*$|^VN  - Ovid|^(?:Accession Number|Unique Identifier|Score)\s*\n\s+\S", re.MULTILINE)),
    ("nbib", re.compile(r"^(?:PMID ?-|PMC ?-|OWN ?-|PMCR ?-)\s?\w", re.MULTILINE)),
    ("cochrane", re.compile(r"^Record #\d+ of \d+\s*\n(?:ID|AU|TI): ", re.MULTILINE)),
    ("bibtex", re.compile(r"^[^\n@%]{0,3}@\s*(?!comment|string|preamble)[A-Za-z]+\s*[{(][^\n]*", re.MULTILINE | re.IGNORECASE)),
    ("enw", re.compile(r"^%[0T] \S[^%]*$", re.MULTILINE)),
)  # fmt: skip
_BIBTEX_ONLY_STRINGS = re.compile(r"^\s*@(?:string|comment|preamble)\s*[{(]", re.MULTILINE | re.IGNORECASE)
_MEDLINE_FIELD = re.compile(r"^(?:FAU|AU  |TI  |DP  |JT  |TA  )- ", re.MULTILINE)
_ID_LINE = re.compile(
    r"^\s*(?:(?:PMIDs?|DOIs?|PMCIDs?|ids?|uid)|(?:(?:(?:PMID|doi|PMCID)\s*:\s*)?"
    r"(?:https?://\S+|10\.\d{4,9}/\S+|\d{4,8}|PMC\d+|NCT\d{8})(?:\s*[,;]\s*|\s+|$))+)\s*$",
    re.IGNORECASE,
)


def recognise(head: str, *, name: str = "") -> str:
    """Return the format of a file, empty if neither its content nor its name tells.

    Args:
        head: The decoded beginning of the file, some ten thousand characters.
        name: The file's name.
    """
    text = head.replace("\r\n", "\n").replace("\r", "\n")
    stripped = text.lstrip()
    if stripped.startswith(("[", "{")):
        found = _recognise_json(stripped)
        if found:
            return found
    suffix = f".{name.rsplit('.', 1)[-1].lower()}" if "." in name else ""
    if suffix in {".csv", ".tsv", ".tab"} and find_header(text):
        return "csv"
    places = {
        format_name: match.start() for format_name, pattern in _SIGNS if (match := pattern.search(text)) is not None
    }
    if places:
        return min(places, key=lambda format_name: places[format_name])
    if _BIBTEX_ONLY_STRINGS.search(text):
        return "bibtex"
    if len(_MEDLINE_FIELD.findall(text)) >= 2:
        return "nbib"
    if find_header(text):
        return "csv"
    return _recognise_plain(text) or ("" if suffix in {".xml", ".json"} else SUFFIXES.get(suffix, ""))


def _recognise_json(text: str) -> str:
    head = text[:20_000]
    if re.search(r'"(?:record_format|abstract_sections|mesh)"\s*:', head) and '"authors"' in head:
        return "json"
    if re.search(r'"(?:container-title|issued|DOI|type|title)"\s*:', head):
        return "csl-json"
    return ""


def _recognise_plain(text: str) -> str:
    """Lists of identifiers, and pasted citations."""
    lines = [line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        return ""
    if all(_ID_LINE.match(line) for line in lines[:200]):
        return "ids"
    from review.formats.citations import looks_like_citations

    return "citations" if looks_like_citations(text) else ""

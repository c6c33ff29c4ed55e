"""Normal forms of the identifiers that the literature uses, and the record ids made of them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote

from review.model import RecordId

#: What is far longer than any DOI in use is none.
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]{1,9}){0,4}/\S{1,1000}(?!\S)")
_TRAILING = frozenset(".,;:'\"”’>]}*")
_PMID = re.compile(r"(?:pmid|pubmed|medline)?\s*:?\s*([0-9]{1,8})(?:\.0)?(?:\s*\[pmid\])?", re.IGNORECASE)
_PMID_ADDRESS = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/([0-9]{1,8})\b", re.IGNORECASE)
_PMCID = re.compile(r"\bpmc\s*:?\s*(?:pmc)?([0-9]{3,9})\b", re.IGNORECASE)
_ISSN = re.compile(r"\b([0-9]{4})[-‐‑–]?([0-9]{3}[0-9xX])\b")
_ISBN_LABEL = re.compile(r"\bisbn(?:-1[03])?\b", re.IGNORECASE)
_ISBN = re.compile(r"[0-9xX]")
_JOINTS = re.compile(r"[\s,]+")

#: Trial and review registers whose numbers can be recognised in running text, with the normal form's pattern.
_REGISTRATIONS = (
    re.compile(r"\bNCT\s?(\d{8})\b", re.IGNORECASE),
    re.compile(r"\bISRCTN\s?(\d{8})\b", re.IGNORECASE),
    re.compile(r"\bACTRN\s?(\d{14})p?\b", re.IGNORECASE),
    re.compile(r"\bChiCTR[-\s]?((?:[A-Z]{2,4}-)?\d{8,10})\b", re.IGNORECASE),
    re.compile(r"\bUMIN\s?(\d{9})\b", re.IGNORECASE),
    re.compile(r"\bDRKS\s?(\d{8})\b", re.IGNORECASE),
    re.compile(r"\bjRCT\s?([a-z]?\d{9,10})\b", re.IGNORECASE),
    re.compile(r"\bCTRI/(\d{4}/\d{2,3}/\d{6})\b", re.IGNORECASE),
    re.compile(r"\bKCT\s?(\d{7})\b", re.IGNORECASE),
    re.compile(r"\bIRCT\s?(\d{11,14}N\d+)\b", re.IGNORECASE),
    re.compile(r"\bCRD\s?(42\d{9}|42\d{6,})\b", re.IGNORECASE),
    re.compile(r"\b(?:EudraCT|EUCTR)\D{0,12}(\d{4}-\d{6}-\d{2})\b", re.IGNORECASE),
)
_REGISTRATION_PREFIXES = (
    "NCT", "ISRCTN", "ACTRN", "ChiCTR", "UMIN", "DRKS", "jRCT", "CTRI/", "KCT", "IRCT", "CRD", "EUCTR",
)  # fmt: skip


def normal_doi(text: str) -> str:
    """Return a DOI in lower case without resolver, prefix or trailing punctuation; empty if there is none in the text.

    The text may be an address, percent-encoded, or hold words around the DOI. A closing bracket is kept where the DOI has
    the opening one, as in `10.1016/s0140-6736(05)67889-0`.
    """
    if "10." not in text and "10%2" not in text.lower():
        return ""
    match = _DOI.search(_decode_percent(text))
    if match is None:
        return ""
    doi = match.group().split("<")[0] if "</" in match.group() or "<br" in match.group() else match.group()
    doi = re.split(r"[?#](?=\w+=)", doi)[0]
    while doi[-1] in _TRAILING or (doi[-1] == ")" and doi.count(")") > doi.count("(")):
        doi = doi[:-1]
    return doi.lower() if "/" in doi[:-1] else ""


def _decode_percent(text: str) -> str:
    # Addresses that were copied from addresses are encoded more than once, never more than a few times.
    for _ in range(8):
        if "%" not in text:
            break
        text = unquote(text)
    return text


def normal_pmid(text: str) -> str:
    """Return a PubMed id as digits without leading zeros; empty if the text is not one."""
    address = _PMID_ADDRESS.search(text)
    match = address or _PMID.fullmatch(text.strip())
    return match.group(1).lstrip("0") if match else ""


def normal_pmcid(text: str) -> str:
    """Return a PubMed Central id like `PMC3150146`; empty if there is none in the text."""
    match = _PMCID.search(text)
    digits = match.group(1).lstrip("0") if match else ""
    return f"PMC{digits}" if digits else ""


def normal_issn(text: str) -> str:
    """Return an ISSN like `0049-0172`; empty if there is none in the text. The check digit is not required to hold."""
    match = _ISSN.search(text)
    return f"{match.group(1)}-{match.group(2).upper()}" if match else ""


def normal_isbn(text: str) -> str:
    """Return an ISBN as 13 digits (10-digit ones are converted); empty if the check digit does not hold."""
    digits = "".join(_ISBN.findall(_ISBN_LABEL.sub("", text))).upper()
    if len(digits) == 10 and "X" not in digits[:9]:
        total = sum((10 - place) * (10 if digit == "X" else int(digit)) for place, digit in enumerate(digits))
        if total % 11:
            return ""
        digits = f"978{digits[:9]}"
        check = -sum((1, 3)[place % 2] * int(digit) for place, digit in enumerate(digits)) % 10
        return f"{digits}{check}"
    if len(digits) == 13 and digits.isdigit():
        total = sum((1, 3)[place % 2] * int(digit) for place, digit in enumerate(digits))
        return digits if total % 10 == 0 else ""
    return ""


def find_registrations(text: str) -> tuple[str, ...]:
    """Find the register numbers in running text (NCT, ISRCTN, EudraCT, PROSPERO and others), each once, in normal form."""
    found: dict[str, None] = {}
    for prefix, pattern in zip(_REGISTRATION_PREFIXES, _REGISTRATIONS, strict=True):
        for match in pattern.finditer(text):
            number = match.group(1).lower() if prefix == "jRCT" else match.group(1).upper()
            found[f"{prefix}{number}"] = None
    return tuple(found)


def fold_text(text: str) -> str:
    """Reduce text to lower-case letters and digits of any script, without accents: what two spellings share."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return "".join(char for char in bare.casefold() if char.isalnum())


def normal_source(name: str) -> str:
    """Return the short name that ids and runs use for a source: lower case, letters and digits, hyphens between."""
    return re.sub(
        r"[^a-z0-9]+", "-", unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    ).strip("-")


def record_id(
    *,
    pmid: str = "",
    doi: str = "",
    source: str = "",
    accession: str = "",
    content: Iterable[str] = (),
) -> RecordId:
    """Return the id that logs and sheets refer to for ever.

    The first that exists decides: PubMed id, DOI, the source's own accession number, else a hash of the content.

    Args:
        pmid: In normal form.
        doi: In normal form.
        source: Short name of the source, needed with an accession number.
        accession: The source's own number of the record, as printed.
        content: Title, authors, year, journal, volume, pages: whatever tells the record from others. Spelling details
            (case, accents, punctuation) do not change the hash.
    """
    if pmid:
        return RecordId(f"pubmed:{pmid}")
    if doi:
        return RecordId(f"doi:{doi}")
    if accession and source:
        return RecordId(f"{normal_source(source)}:{_JOINTS.sub('-', accession.strip())}")
    digest = hashlib.sha256("\x1f".join(fold_text(part) for part in content).encode()).hexdigest()
    return RecordId(f"import:{digest[:16]}")

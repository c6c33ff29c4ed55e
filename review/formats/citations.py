"""Citations pasted from a reference list or a web page, in AMA, Vancouver or APA style: hand searching.

`Narváez FJ, Pirola JP. Title of the paper [abstract]. Arthritis Rheumatol. 2018;70(suppl 9). doi:10.1002/...`
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator

from review.errors import LimitError
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.formats.draft import Draft
from review.formats.draft import find_pmid
from review.formats.people import parse_name
from review.formats.result import Refusal
from review.formats.text import Lines
from review.identifiers import normal_doi
from review.identifiers import normal_pmcid
from review.model import Author

_MAX_CITATION = 20_000
_NUMBER = re.compile(r"^\s*(?:\[\d{1,4}\]|\(\d{1,4}\)|\d{1,4}[.)])\s+|^\s*[•*–-]\s+")
_ADDRESS = re.compile(r"\b(?:doi\s*:\s*|https?://)\S+|\bPMC?ID\s*:?\s*(?:PMC)?\d+|\bPMC\d{4,}\b", re.IGNORECASE)
_TAIL = re.compile(
    r"\s*(?:Accessed\b[^.]*|Available (?:from|at)\s*:?|Epub ahead of print|Epub \d{4}[^.]*|Published online[^.]*|Retrieved from)\.?\s*",
    re.IGNORECASE,
)
#: Year, volume, issue and pages as AMA and Vancouver print them: `2019 Mar;18(3 Suppl):262-9`.
_IMPRINT = re.compile(
    r"[.,]?\s*(?P<date>(?:19|20)\d\d(?:\s[A-Z][a-z]{2,8}\.?(?:[-/][A-Z][a-z]{2,8})?(?:\s\d{1,2})?)?)\s*[;:]\s*"
    r"(?P<volume>[A-Za-z]?\d{0,5}[A-Za-z]?)\s*(?P<supplement>(?:suppl?\.?|supplement)\s*\w{0,5})?\s*"
    r"(?:\((?P<issue>[^()]{1,40})\))?\s*(?:[:,]\s*(?P<pages>[A-Za-z]{0,3}\d[\w.]*(?:\s?[-–]\s?[A-Za-z]{0,3}\d+)?(?:,\s?\d+)*))?",
    re.IGNORECASE,
)
_APA = re.compile(
    r"^(?P<authors>[^()]{2,2000}?)\s*\((?P<date>(?:19|20)\d\d[^()]{0,20})\)\.\s*(?P<title>[^\n]+?[.?!])\s+(?P<journal>[^.,]+),\s*(?P<volume>\d+)"
    r"(?:\s?\((?P<issue>[^()]{1,20})\))?(?:,\s*(?P<pages>[\w-]+(?:\s?[-–]\s?\w+)?))?"
)
_AUTHOR = re.compile(r"^[^\W\d_][^\d,;:]{0,60}\s[A-ZÀ-Þ]{1,4}(?:\s(?:Jr|Sr|2nd|3rd|II|III))?$")
_SENTENCE = re.compile(r"(?<=[.?!\]])\s+")
_ABBREVIATED = re.compile(r"^(?:[A-Z][A-Za-z]{0,9}\.|[A-Z]\.)$")
_KIND = re.compile(
    r"\s*\[(abstract|letter|editorial|preprint|meeting abstract|conference abstract|thesis|dissertation|review)\]",
    re.IGNORECASE,
)


def _paragraphs(lines: Iterable[tuple[int, str]], path: str) -> Iterator[tuple[int, str]]:
    """Join wrapped lines: a citation ends at an empty line, at the next number, or, where it is whole by itself, at its line's end."""
    start = size = 0
    parts: list[str] = []
    for number, text in lines:
        begins = bool(_NUMBER.match(text))
        if parts and (not text.strip() or begins or (_is_whole(" ".join(parts)) and _starts_like_one(text))):
            yield start, " ".join(parts)
            parts, size = [], 0
        if text.strip():
            start = start if parts else number
            parts.append(text.strip())
            size += len(text)
            if size > _MAX_CITATION:
                raise LimitError(path, f"a citation is longer than {_MAX_CITATION:,} characters", line=start)
    if parts:
        yield start, " ".join(parts)


def _is_whole(text: str) -> bool:
    return bool(_IMPRINT.search(text) or _APA.match(text))


def _starts_like_one(text: str) -> bool:
    head = text.split(",", maxsplit=1)[0].split(".", maxsplit=1)[0].strip()
    return bool(_AUTHOR.match(head)) or bool(re.match(r"^[A-ZÀ-Þ][^,]{1,40}, [A-Z]\.", text))


def looks_like_citations(text: str) -> bool:
    """Whether at least half of the paragraphs are citations that can be read."""
    try:
        paragraphs = list(_paragraphs(enumerate(text.split("\n")[:400]), ""))[:50]
    except LimitError:
        return False
    whole = sum(_is_whole(paragraph) for _, paragraph in paragraphs)
    return whole > 0 and 2 * whole >= len(paragraphs)


def parse_citations(lines: Lines) -> Iterator[Draft | Refusal | Finding]:
    """Read pasted citations; what is none is refused with its line."""
    for number, text in _paragraphs(((lines.number, line) for line in lines), lines.path):
        draft = read_citation(text, line=number)
        if draft is None:
            yield Refusal(number, f"this is no citation in AMA, Vancouver or APA style: {text[:60]!r}")
            continue
        if not draft.authors or not draft.title:
            yield find(
                "RECORD-008", "authors and title could not be told apart", Origin(lines.path, number), found=text[:80]
            )
        yield draft


def read_citation(text: str, *, line: int = 1) -> Draft | None:
    """Make a draft of one citation; None where it has no year that stands as in a citation and no identifier."""
    joined = _NUMBER.sub("", " ".join(text.split()))
    draft = Draft(line)
    draft.keep("citations:text", joined)
    addresses = _ADDRESS.findall(joined)
    draft.doi = next((doi for address in addresses if "10." in address and (doi := normal_doi(address))), "")
    draft.pmid = next((pmid for address in addresses if (pmid := find_pmid(address))), "")
    draft.pmcid = next((pmcid for address in addresses if (pmcid := normal_pmcid(address))), "")
    draft.url = next(
        (
            address.rstrip(".,;")
            for address in addresses
            if address.lower().startswith("http") and "doi.org" not in address
        ),
        "",
    )
    bare = _TAIL.sub(" ", _ADDRESS.sub(" ", joined))
    bare = " ".join(bare.split())
    apa = _APA.match(bare)
    if apa:
        _fill_apa(draft, apa)
        return draft
    imprint = _IMPRINT.search(bare)
    if imprint is None:
        if not (draft.doi or draft.pmid or draft.pmcid):
            return None
        draft.authors, draft.title = _split_authors(bare)
        return draft
    kind = _KIND.search(bare[: imprint.start()])
    head = _KIND.sub("", bare[: imprint.start()])
    if kind:
        draft.entry_type = {
            "dissertation": "thesis",
            "meeting abstract": "abstract",
            "conference abstract": "abstract",
        }.get(kind.group(1).lower(), kind.group(1).lower())
    draft.authors, rest = _split_authors(head.strip())
    draft.title, draft.journal = _split_journal(rest)
    draft.year, draft.volume = imprint["date"], imprint["volume"] or ""
    draft.issue = " ".join(part for part in (imprint["supplement"], imprint["issue"]) if part)
    draft.pages = imprint["pages"] or ""
    return draft


def _split_authors(text: str) -> tuple[list[Author], str]:
    """Split `Narváez FJ, Pirola JP, et al. Title. Journal` into its authors and the rest; no authors where it begins otherwise."""
    head, mark, rest = text.partition(". ")
    if not mark and text.endswith("."):
        head, rest = text[:-1], ""
    names = [
        name.strip() for name in re.split(r"[,;]\s*(?:and\s+|&\s*)?", head.replace(" et al", ", et al")) if name.strip()
    ]
    people = [name for name in names if name.casefold() not in {"et al", "et al.", "and others"}]
    if people and sum(bool(_AUTHOR.match(name)) for name in people) * 2 > len(people):
        return [author for name in people if (author := parse_name(name, collective=not _AUTHOR.match(name)))], rest
    if (
        people
        and len(people) <= 2
        and len(head) < 80
        and re.search(r"\b(?:Group|Consortium|Investigators|Committee|Organization)$", head)
    ):
        return [Author(head, is_collective=True)], rest
    return [], text


def _split_journal(text: str) -> tuple[str, str]:
    """Split `Title. Journal` at the sentence that ends the title; an abbreviated journal may have dots of its own."""
    pieces = [piece for piece in _SENTENCE.split(text.strip()) if piece]
    if len(pieces) < 2:
        return text.strip().rstrip("."), ""
    at = len(pieces) - 1
    while at > 1 and _ABBREVIATED.match(pieces[at - 1]):
        at -= 1
    title = " ".join(pieces[:at]).strip()
    return title.rstrip(".").strip(), " ".join(pieces[at:]).rstrip(".,").strip()


def _fill_apa(draft: Draft, match: re.Match[str]) -> None:
    people = re.sub(r",?\s*&\s*|\s*…\s*", ", ", match["authors"])
    parts = [part.strip() for part in people.split(",") if part.strip()]
    at = 0
    while at < len(parts):
        given = parts[at + 1] if at + 1 < len(parts) and re.fullmatch(r"(?:[^\W\d_]\.[\s-]?)+", parts[at + 1]) else ""
        author = parse_name(f"{parts[at]}, {given}" if given else parts[at])
        if author:
            draft.authors.append(author)
        at += 2 if given else 1
    draft.title, draft.journal = match["title"].rstrip("."), match["journal"].strip()
    draft.year, draft.volume = match["date"], match["volume"]
    draft.issue, draft.pages = match["issue"] or "", match["pages"] or ""

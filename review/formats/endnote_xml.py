"""EndNote XML, as EndNote, Zotero, Mendeley and Bookends write it.

The file is cut at `<record>` and each record is parsed by itself, so that memory stays flat, one damaged record does not cost the rest, and
a document type with entities is never handed to the parser: a file that declares entities is refused.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from review.errors import FormatError
from review.errors import LimitError
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.formats.draft import Draft
from review.formats.people import parse_name
from review.formats.result import Refusal
from review.formats.text import MAX_ENTRY
from review.formats.text import Lines

_CHUNK = 262_144
_OPEN = re.compile(r"<record(?=[\s>])[^>]{0,300}>")
_CLOSE = "</record>"
_ENTITY = re.compile(r"&(?!(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)(?:([A-Za-z]\w{1,31});)?")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}));")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

ENTRY_TYPES = {
    "journal article": "article", "electronic article": "article", "magazine article": "news", "newspaper article": "news",
    "conference paper": "abstract", "conference proceedings": "abstract", "book": "book", "edited book": "book", "electronic book": "book",
    "book section": "chapter", "electronic book section": "chapter", "encyclopedia": "book", "thesis": "thesis", "dataset": "dataset",
    "unpublished work": "preprint", "unpublished": "preprint", "preprint": "preprint", "generic": "other",
}  # fmt: skip
_SHARED = {
    "publisher": "publisher", "pub-location": "place", "edition": "edition", "notes": "note", "auth-address": "affiliation",
    "remote-database-name": "database", "titles/tertiary-title": "series", "titles/short-title": "short-title", "access-date": "accessed",
}  # fmt: skip
_IGNORED = frozenset(("database", "source-app", "rec-number", "ref-type", "foreign-keys/key"))


def split_records(lines: Lines) -> Iterator[tuple[int, str, bool]]:
    """Cut the text at its records; yields line, text and whether the record is closed.

    Raises:
        FormatError: If the document type declares entities.
        LimitError: If a record does not end.
    """
    buffer = ""
    before = 1  # the line that the buffer begins at
    while True:
        chunk = lines.read_text(_CHUNK)
        buffer += chunk
        at = 0
        if "<!ENTITY" in buffer:
            raise FormatError(
                lines.path,
                "the file declares XML entities, which no bibliographic program does",
                line=before + buffer[: buffer.find("<!ENTITY")].count("\n"),
                hint="do not open it elsewhere either: such files can be made to exhaust memory",
            )
        while (start := _OPEN.search(buffer, at)) is not None:
            end = buffer.find(_CLOSE, start.end())
            following = _OPEN.search(buffer, start.end())
            if following is not None and (end < 0 or following.start() < end):
                yield before + buffer[: start.start()].count("\n"), buffer[start.start() : following.start()], False
                at = following.start()
            elif end < 0:
                break
            else:
                at = end + len(_CLOSE)
                yield before + buffer[: start.start()].count("\n"), buffer[start.start() : at], True
        start = _OPEN.search(buffer, at)
        keep = start.start() if start else max(at, len(buffer) - 400)
        before += buffer[:keep].count("\n")
        buffer = buffer[keep:]
        if len(buffer) > MAX_ENTRY:
            raise LimitError(
                lines.path, f"the record that begins here is longer than {MAX_ENTRY:,} characters", line=before
            )
        if not chunk:
            if start:
                yield before, buffer, False
            return


def parse_endnote_xml(lines: Lines) -> Iterator[Draft | Refusal | Finding]:
    """Read EndNote XML."""
    from lxml import etree

    strict = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    lenient = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    for line, text, is_closed in split_records(lines):
        mended = _mend(text)
        try:
            element = etree.fromstring(mended, strict)
        except etree.XMLSyntaxError as error:
            element = _recover(mended, lenient)
            if element is None:
                yield Refusal(line, f"the record is no XML that can be read: {error.msg}")
                continue
            what = "the record is damaged" if is_closed else "the record breaks off"
            yield find(
                "RECORD-008", f"{what}; it was read as well as it goes", Origin(lines.path, line), found=error.msg
            )
        yield read_element(element, line=line)


def _recover(text: str, parser: Any) -> Any:
    from lxml import etree

    try:
        element = etree.fromstring(text, parser)
    except etree.XMLSyntaxError:
        return None
    return element if element is not None and len(element) else None


def _mend(text: str) -> str:
    """Resolve HTML's named entities, escape lone ampersands, drop characters that XML does not allow."""

    def resolve(match: re.Match[str]) -> str:
        name = match.group(1)
        if not name:
            return "&amp;"
        found = html.unescape(f"&{name};")
        return f"&amp;{name};" if found.startswith("&") else found

    def check(match: re.Match[str]) -> str:
        number = int(match.group(1), 16) if match.group(1) else int(match.group(2))
        is_legal = (
            number in (9, 10, 13)
            or 0x20 <= number <= 0xD7FF
            or 0xE000 <= number <= 0xFFFD
            or 0x10000 <= number <= 0x10FFFF
        )
        return match.group() if is_legal else " "

    if "&" in text:
        text = _REFERENCE.sub(check, _ENTITY.sub(resolve, text))
    return _ILLEGAL.sub(" ", text)


def _leaves(element: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Walk the record: each element that holds text, `<style>` wrappers joined, with its path."""
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = f"{path}/{child.tag}" if path else child.tag
        inner = [grandchild for grandchild in child if isinstance(grandchild.tag, str) and grandchild.tag != "style"]
        if inner:
            yield from _leaves(child, name)
        else:
            text = "".join(child.itertext()).strip()
            if text:
                yield name, text


def read_element(element: Any, *, line: int) -> Draft:
    """Make a draft of one `<record>`."""
    draft = Draft(line)
    kind = element.find("ref-type")
    name = ((kind.get("name") or "".join(kind.itertext())) if kind is not None else "").strip()
    draft.entry_type = ENTRY_TYPES.get(name.casefold(), "other" if name else "article")
    draft.keep("endnote:ref-type", name)
    leaves: dict[str, list[str]] = {}
    for path, text in _leaves(element):
        leaves.setdefault(path, []).append(text)

    def take(*paths: str) -> str:
        for path in paths:
            if leaves.get(path):
                return leaves[path].pop(0)
        return ""

    draft.title = take("titles/title")
    secondary, full = take("titles/secondary-title"), take("periodical/full-title")
    alternate, short = (
        take("titles/alt-title", "alt-periodical/full-title"),
        take("periodical/abbr-1", "alt-periodical/abbr-1"),
    )
    draft.journal = full or secondary or alternate
    rest = [
        text
        for text in (short, secondary, alternate)
        if text and " ".join(text.split()) != " ".join(draft.journal.split())
    ]
    draft.journal_abbreviation = short or (rest[0] if rest else "")
    draft.keep("endnote:titles/secondary-title", *(text for text in rest if text != draft.journal_abbreviation))
    for text in leaves.pop("contributors/authors/author", []):
        draft.authors += [author for part in text.split("\n" if "," in text else "\0") if (author := parse_name(part))]
    draft.keep("editor", *leaves.pop("contributors/secondary-authors/author", []))
    leaves["alt-periodical/full-title"] = [
        text for text in leaves.get("alt-periodical/full-title", []) if text not in {draft.journal, alternate}
    ]
    draft.year = take("dates/year")
    draft.dates = leaves.pop("dates/pub-dates/date", [])
    draft.volume, draft.pages = take("volume"), take("pages")
    number, issue = take("number"), take("issue")
    draft.issue = number or issue
    draft.doi = take("electronic-resource-num")
    draft.abstract = take("abstract")
    draft.keywords = [part for text in leaves.pop("keywords/keyword", []) for part in re.split(r"[;\n]", text)]
    draft.serials = [*leaves.pop("isbn", []), *leaves.pop("issn", [])]
    draft.languages = leaves.pop("language", [])
    draft.publication_types = leaves.pop("work-type", [])
    draft.accession = take("accession-num")
    addresses = [*leaves.pop("urls/related-urls/url", []), *leaves.pop("urls/web-urls/url", [])]
    draft.url = addresses[0] if addresses else ""
    draft.keep("endnote:urls/related-urls/url", *addresses[1:])
    draft.pmcid = take("custom2") if leaves.get("custom2", [""])[0].upper().startswith("PMC") else ""
    draft.other_ids = addresses
    provider = " ".join([*leaves.get("remote-database-name", []), *leaves.get("remote-database-provider", [])])
    if re.search(r"nlm|pubmed|medline", provider, re.IGNORECASE) and re.fullmatch(r"\d{6,8}", draft.accession):
        draft.pmid = draft.accession
    for path, texts in leaves.items():
        if path not in _IGNORED and not (path == "number" and texts == [draft.issue]):
            draft.keep(_SHARED.get(path) or f"endnote:{path}", *texts)
    _take_noted_ids(draft)
    return draft


def _take_noted_ids(draft: Draft) -> None:
    """A note that is nothing but `PMID: 123` is the PubMed id, not a note."""
    notes = draft.extra.get("note", [])
    rest = []
    for note in notes:
        match = re.fullmatch(r"PMID\s*:?\s*(\d{4,8})", note.strip(), re.IGNORECASE)
        if match:
            draft.pmid = draft.pmid or match.group(1)
        else:
            rest.append(note)
    if rest:
        draft.extra["note"] = rest
    else:
        draft.extra.pop("note", None)

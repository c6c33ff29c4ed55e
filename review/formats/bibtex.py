"""BibTeX and BibLaTeX.

`split_blocks` cuts the file into blocks, bibtexparser 2 splits each block into its fields and its names into their parts. One block at a
time, because of what bibtexparser loses on a whole file: an entry with a key or a field that stands twice, without a comma or with
unbalanced braces goes to `failed_blocks` and is missing from `entries`; and it needs the whole file in memory. Such an entry is read here
once more by simpler rules and kept with a finding. Its middleware does not join `a # b`, and its LaTeX decoding cuts text at a per cent
sign: both are done here (`review.formats.latex`).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import NamedTuple

from review.errors import LimitError
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.formats.draft import Draft
from review.formats.latex import decode_latex
from review.formats.latex import decode_verbatim
from review.formats.people import is_suffix
from review.formats.people import parse_name
from review.formats.result import Refusal
from review.formats.tagged import Strays
from review.formats.text import MAX_ENTRY
from review.formats.text import Lines
from review.model import Author

_BLOCK = re.compile(r"@\s*([A-Za-z][\w-]*)\s*([{(])")
_RESTART = re.compile(
    r"^\s*@\s*(?:(?:string|preamble|comment)\s*[{(]|(?!comment|string|preamble)[A-Za-z]+\s*[{(]\s*[^\s,{}\"=]*\s*(?:,|$))",
    re.IGNORECASE,
)
_MARK = re.compile(r"(?<!\\)[{}\")]")
_NAME_START = re.compile(r"^\s*([A-Za-z][\w:+./-]*(?: \d+)?)\s*=\s*")
_MONTHS = {name: name for name in ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")}

ENTRY_TYPES = {
    "article": "article", "periodical": "article", "suppperiodical": "article", "inproceedings": "abstract", "conference": "abstract",
    "proceedings": "book", "mvproceedings": "book", "book": "book", "mvbook": "book", "collection": "book", "mvcollection": "book",
    "booklet": "book", "manual": "book", "reference": "book", "inbook": "chapter", "incollection": "chapter", "bookinbook": "chapter",
    "suppbook": "chapter", "inreference": "chapter", "phdthesis": "thesis", "mastersthesis": "thesis", "thesis": "thesis",
    "dataset": "dataset", "unpublished": "preprint", "preprint": "preprint", "review": "review", "techreport": "other",
    "report": "other", "misc": "other", "online": "other", "electronic": "other", "www": "other", "letter": "letter", "paper": "article",
}  # fmt: skip

_VERBATIM = frozenset(
    ("doi", "url", "file", "eprint", "link", "pdf", "biburl", "localfile", "isbn", "issn", "pmid", "pmcid", "pmc")
)
_FIELDS = {
    "title": "title", "booktitle": "booktitle", "journal": "journal", "journaltitle": "journal", "fjournal": "fjournal",
    "shortjournal": "abbreviation", "abbrev_source_title": "abbreviation", "journal-iso": "abbreviation", "journalabbr": "abbreviation",
    "volume": "volume", "number": "number", "issue": "issue", "pages": "pages", "doi": "doi", "pmid": "pmid", "pmcid": "pmcid",
    "pmc": "pmcid", "url": "url", "abstract": "abstract", "issn": "serial", "isbn": "serial", "eissn": "serial", "language": "language",
    "langid": "language", "publisher": "publisher", "address": "place", "location": "place", "edition": "edition",
    "series": "series", "note": "note", "annote": "note", "annotation": "note", "affiliation": "affiliation", "urldate": "accessed",
    "year": "year", "date": "date", "month": "month", "day": "day", "author": "author", "editor": "editor", "keywords": "keywords",
    "keyword": "keywords", "author_keywords": "keywords", "mesh": "mesh", "document_type": "kind", "art_number": "number of article",
    "article-number": "number of article", "articleno": "number of article", "shorttitle": "short", "subtitle": "subtitle",
    "school": "publisher", "institution": "publisher", "accession": "accession", "unique-id": "accession", "eventtitle": "conference",
    "pubtype": "kind", "database": "database", "origtitle": "vernacular",
}  # fmt: skip


class Block(NamedTuple):
    """One `@type{...}` of a file: its text and first line; `is_closed` is False where its closing brace is missing."""

    kind: str
    text: str
    line: int
    is_closed: bool


def split_blocks(lines: Lines, strays: Strays) -> Iterator[Block]:
    """Cut BibTeX text into blocks, one in memory at a time; a block that does not close ends where the next one begins."""
    kept: list[str] = []
    size = depth = start = 0
    kind = closing = ""
    in_quotes = False
    for text in lines:
        rest = text
        if kept and kind != "comment" and _RESTART.match(text):
            yield Block(kind, "\n".join(kept), start, is_closed=False)
            kept = []
        while True:
            if not kept:
                match = _BLOCK.search(rest) if "@" in rest else None
                if match is None or rest.lstrip().startswith("%"):
                    if not rest.lstrip().startswith("%"):
                        strays.add(rest, lines.number)
                    break
                strays.add(rest[: match.start()], lines.number)
                kind, closing = match.group(1).lower(), "}" if match.group(2) == "{" else ")"
                start, depth, size, in_quotes = lines.number, 0, 0, False
                rest = rest[match.start() :]
                at = match.end() - match.start()
            else:
                at = 0
            end, depth, in_quotes = _find_end(rest, at, depth, closing, in_quotes=in_quotes)
            kept.append(rest if end is None else rest[:end])
            size += len(rest) + 1
            if size > MAX_ENTRY:
                raise LimitError(
                    lines.path,
                    f"the entry that begins at line {start} is longer than {MAX_ENTRY:,} characters",
                    line=lines.number,
                    hint="its closing brace is missing, or the file is no BibTeX",
                )
            if end is None:
                break
            yield Block(kind, "\n".join(kept), start, is_closed=True)
            kept, rest = [], rest[end:]
            if not rest.strip(" \t})"):
                break
    if kept:
        yield Block(kind, "\n".join(kept), start, is_closed=False)


def _find_end(text: str, at: int, depth: int, closing: str, *, in_quotes: bool) -> tuple[int | None, int, bool]:
    """Look for the block's closing mark; returns its end (None: not in this text), the depth of braces, whether quotes are open."""
    for match in _MARK.finditer(text, at):
        mark = match.group()
        if mark == "{":
            depth += 1
        elif mark == "}" and depth > 0:
            depth -= 1
        elif mark == closing and depth == 0 and not in_quotes:
            return match.end(), 0, False
        elif mark == '"' and depth == 0 and closing == ")":
            in_quotes = not in_quotes
    return None, depth, in_quotes


def parse_bibtex(lines: Lines) -> Iterator[Draft | Refusal | Finding]:
    """Read BibTeX or BibLaTeX."""
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # it reports on stderr what is a finding here
    strays = Strays(lines.path)
    strings: dict[str, str] = dict(_MONTHS)
    keys: set[str] = set()
    for block in split_blocks(lines, strays):
        origin = Origin(lines.path, block.line)
        if block.kind in {"comment", "preamble"}:
            if not block.is_closed:
                yield find("RECORD-004", f"the @{block.kind} has no closing brace", origin)
            continue
        key, fields, problem = read_block(block)
        if block.kind == "string":
            for name, raw in fields:
                strings[name.casefold()] = _evaluate(raw, strings)[0]
            continue
        if problem:
            yield find("RECORD-008", problem, origin, found=key)
        if key and key in keys:
            yield find(
                "RECORD-007", f"the key {key} stands twice in the file; both entries were kept", origin, found=key
            )
        keys.add(key)
        values: dict[str, list[str]] = {}
        for name, raw in fields:
            value, unknown = _evaluate(raw, strings)
            for word in unknown:
                yield find("RECORD-014", f"{name} names {word}, which no @string defines", origin, found=word)
            lowered = "_".join(name.casefold().split())  # Scopus prints `funding_text 1`
            numbered = re.fullmatch(r"(.*[^\d_])[2-9]", lowered)
            base = numbered.group(1) if numbered and numbered.group(1) in values else lowered
            values.setdefault(base, []).append(value)
        yield read_entry(block.kind, key, values, line=block.line)
    yield from strays.findings()


def read_block(block: Block) -> tuple[str, list[tuple[str, str]], str]:
    """Split a block into key and raw fields with bibtexparser; by simpler rules where that gives up.

    Returns:
        The key, the fields in order (repeated ones too), and what was wrong with the block (empty for a sound one).
    """
    from bibtexparser.model import DuplicateFieldKeyBlock
    from bibtexparser.model import Entry
    from bibtexparser.splitter import Splitter

    if block.is_closed and block.kind != "string":
        library = Splitter(block.text).split()
        blocks = library.blocks
        if len(blocks) == 1:
            found = blocks[0]
            entry = found.ignore_error_block if isinstance(found, DuplicateFieldKeyBlock) else found
            if isinstance(entry, Entry) and all(_is_whole(field.value) for field in entry.fields):
                return entry.key, [(field.key, field.value) for field in entry.fields], ""
    key, fields = _read_leniently(block)
    if block.kind == "string":
        return key, fields, ""
    problem = "an unbalanced brace, or a comma is missing" if block.is_closed else "the closing brace is missing"
    return key, fields, f"{problem}; the entry was read as well as it goes"


def _is_whole(raw: str) -> bool:
    """Whether a value is closed where it ends; where a comma is missing, bibtexparser takes the next field for a part of it."""
    for piece in _split_parts(raw):
        if piece.startswith("{"):
            depth = 0
            for match in re.finditer(r"(?<!\\)[{}]", piece):
                depth += 1 if match.group() == "{" else -1
                if depth == 0 and match.end() < len(piece):
                    return False
        elif piece.startswith('"'):
            if not piece.endswith('"'):
                return False
        elif "=" in piece or "\n" in piece:
            return False
    return True


def _read_leniently(block: Block) -> tuple[str, list[tuple[str, str]]]:
    """Split a broken block: a field begins at a line that starts with `name =`, or after a comma outside braces."""
    match = _BLOCK.match(block.text)
    body = block.text[match.end() :] if match else block.text
    if block.is_closed:
        body = body[:-1]
    head, comma, tail = body.partition(",")
    if block.kind == "string" or "=" in head:
        head, tail = "", body
    elif not comma:
        head, tail = body.strip(), ""
    fields: list[tuple[str, list[str]]] = []
    for piece in _split_pieces(tail):
        start = _NAME_START.match(piece)
        if start:
            fields.append((start.group(1), [piece[start.end() :]]))
        elif fields:
            fields[-1][1].append(piece)
    return head.strip(), [(name, _close(",".join(parts))) for name, parts in fields]


def _split_pieces(text: str) -> Iterator[str]:
    """Cut at commas outside braces and quotes; and, since one of these may be broken, before every line like `name = {`."""
    depth = start = 0
    quoted = False
    line_start = re.compile(r"\n(?=\s*[A-Za-z][\w-]*\s*=\s*[{\"\w])")
    for match in re.finditer(r"(?<!\\)[{}\",]|\n", text):
        mark = match.group()
        if mark == "\n":
            if line_start.match(text, match.start()):
                yield text[start : match.start()].rstrip().rstrip(",")
                start, depth, quoted = match.end(), 0, False
        elif mark == "{":
            depth += 1
        elif mark == "}":
            depth = max(0, depth - 1)
        elif mark == '"' and depth == 0:
            quoted = not quoted
        elif mark == "," and depth == 0 and not quoted:
            yield text[start : match.start()]
            start = match.end()
    yield text[start:]


def _close(raw: str) -> str:
    """Make a value whole again whose closing mark went missing."""
    raw = raw.strip().rstrip(",").strip()
    opens, closes = len(re.findall(r"(?<!\\)\{", raw)), len(re.findall(r"(?<!\\)\}", raw))
    if raw.startswith("{"):
        return raw + "}" * max(0, opens - closes)
    if raw.startswith('"') and (len(raw) == 1 or not raw.endswith('"')):
        return f'{raw}"'
    return raw


def _evaluate(raw: str, strings: Mapping[str, str]) -> tuple[str, list[str]]:
    """Join a value's parts (`{...}`, `"..."`, numbers, names of strings, with `#` between); also names that are not defined."""
    raw = raw.strip()
    parts: list[str] = []
    unknown: list[str] = []
    for piece in _split_parts(raw):
        if len(piece) > 1 and (piece[0], piece[-1]) in {("{", "}"), ('"', '"')}:
            parts.append(piece[1:-1])
        elif piece.isdigit() or not piece:
            parts.append(piece)
        elif piece.casefold() in strings:
            parts.append(strings[piece.casefold()])
        else:
            if re.fullmatch(r"[A-Za-z][\w:.-]*", piece):
                unknown.append(piece)
            parts.append(piece)
    return "".join(parts), unknown


def _split_parts(raw: str) -> list[str]:
    if "#" not in raw:
        return [raw]
    parts: list[str] = []
    depth = start = 0
    quoted = False
    for match in re.finditer(r"(?<!\\)[{}\"#]", raw):
        mark = match.group()
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth = max(0, depth - 1)
        elif mark == '"' and depth == 0:
            quoted = not quoted
        elif mark == "#" and depth == 0 and not quoted:
            parts.append(raw[start : match.start()].strip())
            start = match.end()
    return [*parts, raw[start:].strip()]


def read_names(raw: str) -> list[Author]:
    """Read a BibTeX list of names; bibtexparser knows its rules (von parts, Jr, braces)."""
    from bibtexparser.middlewares.names import InvalidNameError
    from bibtexparser.middlewares.names import parse_single_name_into_parts
    from bibtexparser.middlewares.names import split_multiple_persons_names

    authors: list[Author] = []
    for name in split_multiple_persons_names(" ".join(raw.split())):
        bare = name.strip()
        if bare.startswith("{") and bare.endswith("}") and bare.count("{") == 1:
            author: Author | None = parse_name(decode_latex(bare), collective=" " in bare)
        elif bare.endswith(",") or bare.casefold() in {"others", "et al.", "et al"}:
            author = parse_name(decode_latex(bare))
        else:
            try:
                parts = parse_single_name_into_parts(bare, strict=False)
            except (InvalidNameError, IndexError):
                author = parse_name(decode_latex(bare))
            else:
                family = decode_latex(" ".join([*parts.von, *parts.last]))
                given = decode_latex(" ".join(parts.first))
                suffix = decode_latex(" ".join(parts.jr))
                if is_suffix(given):  # `Family, Given, Jr` instead of BibTeX's `Family, Jr, Given`
                    given, suffix = suffix, given
                author = Author(family, ", ".join(part for part in (given, suffix) if part)) if family else None
        if author:
            authors.append(author)
    return authors


def read_entry(kind: str, key: str, values: Mapping[str, list[str]], *, line: int) -> Draft:
    """Make a draft of one entry.

    Args:
        kind: The entry type in lower case.
        key: The citation key.
        values: Raw values by field name in lower case; more than one where a field stands twice.
        line: The entry's first line.
    """
    draft = Draft(line)
    draft.entry_type = ENTRY_TYPES.get(kind, "other")
    draft.keep("bibtex:citekey", key)
    draft.keep("bibtex:entrytype", kind)
    known: dict[str, list[str]] = {}
    for name, raws in values.items():
        role = _FIELDS.get(name)
        texts = [decode_verbatim(raw) if name in _VERBATIM else raw for raw in raws]
        if role in {"author", "editor"}:
            known.setdefault(role, []).extend(texts)
        elif role:
            known.setdefault(role, []).extend(text if name in _VERBATIM else decode_latex(text) for text in texts)
        elif name == "date-added":
            draft.keep(f"bibtex:{name}", *texts)
        else:
            draft.keep(f"bibtex:{name}", *(text if name in _VERBATIM else decode_latex(text) for text in texts))
    _fill(draft, known)
    return draft


def _fill(draft: Draft, known: dict[str, list[str]]) -> None:
    def take(*roles: str) -> str:
        """The first value of the first role that has one; the others stay for `note`-like keeping below."""
        for role in roles:
            if known.get(role):
                return known[role].pop(0)
        return ""

    draft.authors = [author for raw in known.pop("author", []) for author in read_names(raw)]
    draft.keep("editor", *(str(editor) for raw in known.pop("editor", []) for editor in read_names(raw)))
    draft.title = take("title", "booktitle")
    subtitle = take("subtitle")
    if subtitle:
        draft.title = f"{draft.title.rstrip(' :.')}: {subtitle}"
    full = take("fjournal")
    journal = take("journal")
    draft.journal = full or journal or take("booktitle")
    draft.journal_abbreviation = take("abbreviation") or (journal if full else "")
    draft.volume, draft.pages = take("volume"), take("pages")
    draft.issue = take("number", "issue")
    article = take("number of article")
    draft.pages = draft.pages or article
    draft.keep("article-number", article)
    draft.doi, draft.pmid, draft.pmcid = take("doi"), take("pmid"), take("pmcid")
    draft.url, draft.abstract = take("url").strip(), take("abstract")
    draft.serials = known.pop("serial", [])
    draft.languages = known.pop("language", [])
    draft.keywords = [part for value in known.pop("keywords", []) for part in split_keywords(value)]
    draft.mesh = [part for value in known.pop("mesh", []) for part in value.split(";")]
    draft.publication_types = [part for value in known.pop("kind", []) for part in value.split(";")]
    draft.vernacular_title, draft.accession = take("vernacular"), take("accession")
    year, month, day, date = take("year"), take("month"), take("day"), take("date")
    draft.year = year or date
    draft.dates = [date, f"{month} {day} {year}" if month else ""]
    draft.keep("short-title", take("short"))
    notes = known.pop("note", [])
    draft.other_ids = [value for value in notes if re.fullmatch(r"\{?pmid:?\}?\s*\d+", value.strip(), re.IGNORECASE)]
    draft.keep("note", *(value for value in notes if value not in draft.other_ids))
    draft.other_ids.append(draft.url)
    shared = {"publisher", "place", "edition", "series", "affiliation", "accessed", "conference", "database"}
    for role, rest in known.items():
        draft.keep(role if role in shared else f"bibtex:{role}", *rest)


def split_keywords(text: str) -> list[str]:
    """Split keywords at semicolons, else at line ends, else at commas."""
    for mark in (";", "\n", ","):
        if mark in text:
            return text.split(mark)
    return [text]

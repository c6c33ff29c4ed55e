"""BibTeX and BibLaTeX.

The file is cut into blocks (`review.formats.bibtex_blocks`), bibtexparser 2 splits each block into its fields and its names into their
parts. One block at a time, because of what bibtexparser loses on a whole file: an entry with a key or a field that stands twice, without
a comma or with unbalanced braces goes to `failed_blocks` and is missing from `entries`; and it needs the whole file in memory. Such an
entry is read here once more by simpler rules and kept with a finding. Its middleware does not join `a # b`, and its LaTeX decoding cuts
text at a per cent sign: both are done here (`review.formats.latex`).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from collections.abc import Mapping

from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.formats.bibtex_blocks import evaluate_value
from review.formats.bibtex_blocks import read_block
from review.formats.bibtex_blocks import split_blocks
from review.formats.draft import Draft
from review.formats.latex import decode_latex
from review.formats.latex import decode_verbatim
from review.formats.people import is_suffix
from review.formats.people import parse_name
from review.formats.result import Refusal
from review.formats.tagged import Strays
from review.formats.text import Lines
from review.model import Author

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
                strings[name.casefold()] = evaluate_value(raw, strings)[0]
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
            value, unknown = evaluate_value(raw, strings)
            for word in unknown:
                yield find("RECORD-014", f"{name} names {word}, which no @string defines", origin, found=word)
            lowered = "_".join(name.casefold().split())  # Scopus prints `funding_text 1`
            numbered = re.fullmatch(r"(.*[^\d_])[2-9]", lowered)
            base = numbered.group(1) if numbered and numbered.group(1) in values else lowered
            values.setdefault(base, []).append(value)
        yield read_entry(block.kind, key, values, line=block.line)
    yield from strays.findings()


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

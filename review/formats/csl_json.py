"""CSL-JSON, as Zotero, Mendeley, Crossref, DataCite and citation processors write it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping

from review.findings import Finding
from review.formats.draft import Draft
from review.formats.draft import extra_of
from review.formats.json_stream import iterate_objects
from review.formats.people import parse_name
from review.formats.result import Refusal
from review.formats.text import Lines
from review.model import Author
from review.model import Record

ENTRY_TYPES = {
    "article-journal": "article", "journal-article": "article", "article-magazine": "news", "article-newspaper": "news", "article": "preprint",
    "posted-content": "preprint", "paper-conference": "abstract", "proceedings-article": "abstract", "book": "book", "monograph": "book",
    "chapter": "chapter", "book-chapter": "chapter", "entry-encyclopedia": "chapter", "thesis": "thesis", "dissertation": "thesis",
    "dataset": "dataset", "review": "review", "personal_communication": "letter", "report": "other",
}  # fmt: skip
_TYPES = {
    "article": "article-journal", "news": "article-newspaper", "preprint": "article", "abstract": "paper-conference", "book": "book",
    "chapter": "chapter", "thesis": "thesis", "dataset": "dataset", "review": "article-journal", "letter": "article-journal",
    "editorial": "article-journal", "erratum": "article-journal", "register": "dataset", "other": "document",
}  # fmt: skip
_SHARED = {
    "publisher": "publisher", "publisher-place": "place", "edition": "edition", "note": "note", "collection-title": "series", "source": "database",
    "event-title": "conference", "event": "conference", "title-short": "short-title", "shortTitle": "short-title", "genre": "type",
    "article-number": "article-number",
}  # fmt: skip
_WRITTEN = {shared: key for key, shared in reversed(_SHARED.items())}
_READ = frozenset(
    ("type", "title", "author", "issued", "container-title", "container-title-short", "journalAbbreviation", "volume", "issue", "page", "DOI", "PMID",
     "PMCID", "ISSN", "ISBN", "abstract", "language", "keyword", "original-title", "URL", "editor", "accessed", *_SHARED)
)  # fmt: skip


def parse_csl_json(lines: Lines) -> Iterator[Draft | Refusal | Finding]:
    """Read CSL-JSON."""
    for line, item in iterate_objects(lines):
        if item is None:
            yield Refusal(line, "the object is no JSON that can be read")
        else:
            yield read_item(item, line=line)


def _text(value: object) -> str:
    """A value as text; of a list (Crossref prints titles as lists) the first."""
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    return "" if value is None or isinstance(value, (dict, bool)) else str(value)


def _texts(value: object) -> list[str]:
    return [_text(part) for part in value] if isinstance(value, list) else [_text(value)]


def read_item(item: Mapping[str, object], *, line: int) -> Draft:
    """Make a draft of one item."""
    draft = Draft(line)
    kind = _text(item.get("type"))
    draft.entry_type = ENTRY_TYPES.get(kind, "other" if kind else "article")
    if _TYPES.get(draft.entry_type) != kind:
        draft.keep("csl:type", kind)
    draft.title = _text(item.get("title"))
    draft.authors = _read_names(item.get("author"))
    draft.keep("editor", *(str(editor) for editor in _read_names(item.get("editor"))))
    draft.dates = [_read_date(item.get("issued"))]
    draft.keep("accessed", _read_date(item.get("accessed")))
    draft.journal = _text(item.get("container-title"))
    draft.journal_abbreviation = _text(item.get("container-title-short")) or _text(item.get("journalAbbreviation"))
    draft.volume, draft.issue, draft.pages = (
        _text(item.get("volume")),
        _text(item.get("issue")),
        _text(item.get("page")),
    )
    draft.doi, draft.pmid, draft.pmcid = _text(item.get("DOI")), _text(item.get("PMID")), _text(item.get("PMCID"))
    draft.serials = [*_texts(item.get("ISSN")), *_texts(item.get("ISBN"))]
    draft.abstract, draft.url = _text(item.get("abstract")), _text(item.get("URL"))
    draft.languages = [part for text in _texts(item.get("language")) for part in text.split(", ")]
    draft.vernacular_title = _text(item.get("original-title"))
    keywords = item.get("keyword")
    draft.keywords = _texts(keywords) if isinstance(keywords, list) else _split_keywords(_text(keywords))
    for key, value in item.items():
        if key in _SHARED:
            draft.keep(_SHARED[key], *_texts(value))
        elif key not in _READ:
            draft.keep(
                f"csl:{key}", value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
            )
    return draft


def _split_keywords(text: str) -> list[str]:
    return text.split(";") if ";" in text else text.split(",")


def _read_names(value: object) -> list[Author]:
    authors: list[Author] = []
    for name in value if isinstance(value, list) else []:
        if not isinstance(name, dict):
            author = parse_name(_text(name))
        elif name.get("literal") or name.get("name"):
            author = parse_name(_text(name.get("literal") or name.get("name")), collective=True)
        else:
            particles = [_text(name.get(key)) for key in ("dropping-particle", "non-dropping-particle")]
            family = " ".join(part for part in [*particles, _text(name.get("family"))] if part)
            given = ", ".join(part for part in (_text(name.get("given")), _text(name.get("suffix"))) if part)
            author = Author(family or given, given if family else "") if family or given else None
        if author:
            authors.append(author)
    return authors


def _read_date(value: object) -> str:
    if not isinstance(value, dict):
        return _text(value)
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        return "-".join(f"{_text(part):0>2}" for part in parts[0][:3] if _text(part))
    return _text(value.get("raw")) or _text(value.get("literal"))


def render_csl_json(records: Iterable[Record]) -> Iterator[str]:
    """Write CSL-JSON: an array, one item a line."""
    yield "["
    mark = "\n"
    for record in records:
        yield mark + json.dumps(write_item(record), ensure_ascii=False)
        mark = ",\n"
    yield "\n]\n"


def write_item(record: Record) -> dict[str, object]:
    """Return a record as a CSL item."""
    item: dict[str, object] = {"id": str(record.id), "type": _TYPES.get(record.entry_type, "document")}
    date = record.published or (f"{record.year:04d}" if record.year else "")
    values: dict[str, object] = {
        "title": record.title,
        "author": [_write_name(author) for author in record.authors],
        "editor": [_write_name(name) for text in record.extra.get("editor", ()) if (name := parse_name(text))],
        "issued": {"date-parts": [[int(part) for part in date.split("-")]]} if date else None,
        "container-title": record.journal,
        "container-title-short": record.journal_abbreviation,
        "volume": record.volume,
        "issue": record.issue,
        "page": record.pages,
        "DOI": record.doi,
        "PMID": record.pmid,
        "PMCID": record.pmcid,
        "ISSN": ", ".join(record.issn),
        "ISBN": ", ".join(record.isbn),
        "abstract": record.abstract,
        "original-title": record.vernacular_title,
        "language": ", ".join(record.languages),
        "keyword": _join_keywords((*record.keywords, *record.mesh)),
        "URL": record.url,
        "accessed": {"raw": record.extra["accessed"][0]} if record.extra.get("accessed") else None,
    }
    values |= {_WRITTEN[key]: "; ".join(texts) for key, texts in record.extra.items() if key in _WRITTEN}
    item |= {key: value for key, value in values.items() if value}
    for key, texts in extra_of(record.extra, "csl").items():
        item[key] = _restore(texts[0])
    return item


def _join_keywords(keywords: tuple[str, ...]) -> str:
    """Join keywords by semicolons; one that has a comma is closed by one, too, so that it is not split."""
    joined = "; ".join(keywords)
    return f"{joined};" if len(keywords) == 1 and "," in joined else joined


def _restore(text: str) -> object:
    """Give back a value that was kept as JSON text."""
    if text[:1] in "[{" or text in {"true", "false"} or text.lstrip("-").replace(".", "", 1).isdigit():
        try:
            value: object = json.loads(text)
        except ValueError:
            return text
        return value
    return text


def _write_name(author: Author) -> dict[str, str]:
    if author.is_collective:
        return {"literal": author.family}
    return {"family": author.family, "given": author.given} if author.given else {"family": author.family}

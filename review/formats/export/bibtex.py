"""Records to BibTeX: Unicode text with special characters escaped, unique keys, written by bibtexparser."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from collections.abc import Iterator

from review.formats.draft import extra_of
from review.formats.latex import encode_latex
from review.formats.people import is_suffix
from review.model import Author
from review.model import Record

_TYPES = {
    "article": "article", "review": "article", "letter": "article", "editorial": "article", "erratum": "article", "news": "article",
    "abstract": "inproceedings", "book": "book", "chapter": "incollection", "thesis": "phdthesis", "preprint": "unpublished", "dataset": "misc",
    "register": "misc", "other": "misc",
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SHARED = {
    "publisher": "publisher", "place": "address", "edition": "edition", "series": "series", "note": "note", "affiliation": "affiliation",
    "accessed": "urldate", "short-title": "shorttitle", "conference": "eventtitle", "database": "database", "article-number": "article-number",
}  # fmt: skip
_UNREAD = {"doi-text": "doi", "date-text": "year", "serial-text": "issn", "pmid-text": "pmid"}
_VERBATIM = frozenset(("doi", "url", "file", "eprint", "pmid", "pmcid", "issn", "isbn", "link", "pdf", "biburl"))


def write_name(author: Author) -> str:
    """Return a name as BibTeX reads it: a group in braces, `Family, Given`, `Family, Jr, Given`."""
    family = encode_latex(author.family)
    if author.is_collective or not author.given:
        return f"{{{family}}}" if " " in author.family or author.is_collective else family
    given, mark, suffix = author.given.rpartition(", ")
    braced = f"{{{family}}}" if " and " in f" {author.family} ".casefold() else family
    if mark and is_suffix(suffix):
        names = f"{braced}, {encode_latex(suffix)}, {encode_latex(given)}"
    else:
        names = f"{braced}, {encode_latex(author.given).replace(',', '{,}')}"
    return names.replace(" and ", " {and} ")


def write_key(record: Record, used: set[str]) -> str:
    """Return a citation key that no other entry has: the one read, else surname, year and first word of the title."""
    read = record.extra.get("bibtex:citekey", ())
    key = re.sub(r"[\s,{}\"#%~\\=()]+", "", read[0]) if read else ""
    if not key:
        surname = record.authors[0].family if record.authors else ""
        word = next((word for word in re.findall(r"\w+", record.title) if len(word) > 3), "")
        plain = unicodedata.normalize("NFKD", f"{surname}{record.year or ''}{word}").encode("ascii", "ignore").decode()
        key = re.sub(r"[^A-Za-z0-9]+", "", plain) or "entry"
    unique, number = key, 1
    while unique in used:
        number += 1
        unique = f"{key}-{number}"
    used.add(unique)
    return unique


def write_fields(record: Record) -> list[tuple[str, str]]:
    """Return a record's fields with their escaped values, in the order they are written."""
    container = "booktitle" if record.entry_type in {"abstract", "chapter"} else "journal"
    year, _, rest = (record.published or str(record.year or "")).partition("-")
    month, _, day = rest.partition("-")
    plain = [
        ("title", record.title),
        (container, record.journal),
        ("shortjournal", record.journal_abbreviation),
        ("year", year),
        ("day", day.lstrip("0")),
        ("volume", record.volume),
        ("number", record.issue),
        ("pages", record.pages),
        ("doi", record.doi),
        ("pmid", record.pmid),
        ("pmcid", record.pmcid),
        ("issn", ", ".join(record.issn)),
        ("isbn", ", ".join(record.isbn)),
        ("url", record.url),
        ("abstract", record.abstract),
        (
            "keywords",
            "; ".join(record.keywords) + (";" if len(record.keywords) == 1 and "," in record.keywords[0] else ""),
        ),
        ("mesh", "; ".join(record.mesh)),
        ("origtitle", record.vernacular_title),
        ("document_type", "; ".join(record.publication_types)),
        ("accession", record.accession),
    ]
    fields = [("author", " and ".join(write_name(author) for author in record.authors))]
    fields += [
        (name, value if name in _VERBATIM and not set(value) & set("{}\\%") else encode_latex(value))
        for name, value in plain
    ]
    if month:
        fields.append(("month", f"={_MONTHS[int(month) - 1]}"))
    editors = record.extra.get("editor", ())
    fields.append(("editor", " and ".join(encode_latex(name) for name in editors)))
    repeated = [("language", record.languages)]
    repeated += [(name, record.extra.get(key, ())) for key, name in _SHARED.items()]
    repeated += [
        (name, texts)
        for name, texts in extra_of(record.extra, "bibtex").items()
        if name not in {"citekey", "entrytype"}
    ]
    repeated += [(name, record.extra.get(key, ())) for key, name in _UNREAD.items() if not dict(fields).get(name)]
    for name, texts in repeated:
        # BibTeX ignores a field that stands twice, and bibtexparser drops the whole entry: the second is numbered.
        fields += [
            (name if number == 1 else f"{name}{number}", encode_latex(text))
            for number, text in enumerate(texts, start=1)
        ]
    return [(name, value) for name, value in fields if value]


def render_bibtex(records: Iterable[Record]) -> Iterator[str]:
    """Write BibTeX."""
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.model import Entry
    from bibtexparser.model import Field

    used: set[str] = set()
    for record in records:
        kind = record.extra.get("bibtex:entrytype", ("",))[0] or _TYPES.get(record.entry_type, "misc")
        fields = [
            Field(
                re.sub(r"[\s={},\"#%]+", "_", name),
                value[1:] if name == "month" and value.startswith("=") else f"{{{value}}}",
            )
            for name, value in write_fields(record)
        ]
        entry = Entry(entry_type=kind, key=write_key(record, used), fields=fields)
        yield write_string(Library([entry]), unparse_stack=[]) + "\n"

"""Records to EndNote XML as EndNote, Zotero and Mendeley import it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Any

from review.formats.draft import extra_of
from review.formats.export.ris import write_name
from review.model import Record

#: Reference types of EndNote and their numbers, which its import goes by.
_NUMBERS = {
    "Journal Article": 17, "Book": 6, "Book Section": 5, "Conference Paper": 47, "Conference Proceedings": 10, "Thesis": 32, "Generic": 13,
    "Newspaper Article": 23, "Magazine Article": 19, "Report": 27, "Dataset": 59, "Unpublished Work": 34, "Web Page": 12, "Edited Book": 28,
    "Electronic Article": 43, "Electronic Book": 44, "Patent": 25,
}  # fmt: skip
_TYPES = {
    "article": "Journal Article", "review": "Journal Article", "letter": "Journal Article", "editorial": "Journal Article",
    "erratum": "Journal Article", "news": "Newspaper Article", "abstract": "Conference Paper", "book": "Book", "chapter": "Book Section",
    "thesis": "Thesis", "dataset": "Dataset", "preprint": "Unpublished Work", "register": "Generic", "other": "Generic",
}  # fmt: skip
_SHARED = {
    "publisher": "publisher", "place": "pub-location", "edition": "edition", "note": "notes", "affiliation": "auth-address",
    "database": "remote-database-name", "series": "titles/tertiary-title", "short-title": "titles/short-title", "accessed": "access-date",
    "doi-text": "electronic-resource-num", "date-text": "dates/year", "serial-text": "isbn",
}  # fmt: skip


def write_leaves(record: Record) -> list[tuple[str, str]]:
    """Return the record's elements as paths below `<record>` with their text, in the order of EndNote's own export."""
    own = extra_of(record.extra, "endnote")
    rows = [("contributors/authors/author", write_name(author)) for author in record.authors]
    rows += [("contributors/secondary-authors/author", name) for name in record.extra.get("editor", ())]
    rows += [("titles/title", record.title), ("titles/secondary-title", record.journal)]
    rows += [("periodical/full-title", record.journal), ("periodical/abbr-1", record.journal_abbreviation)]
    rows += [("pages", record.pages), ("volume", record.volume), ("number", record.issue)]
    rows += [("keywords/keyword", text) for text in (*record.keywords, *record.mesh)]
    rows += [("dates/year", str(record.year or ""))]
    rows += [("dates/pub-dates/date", record.published.replace("-", "/") if len(record.published) > 4 else "")]
    rows += [("isbn", text) for text in (*record.issn, *record.isbn)]
    rows += [("accession-num", record.accession), ("electronic-resource-num", record.doi), ("custom2", record.pmcid)]
    rows += [("abstract", record.abstract)]
    rows += [("language", text) for text in record.languages]
    rows += [("work-type", text) for text in record.publication_types]
    rows += [("urls/related-urls/url", record.url)]
    rows += [(path, text) for key, path in _SHARED.items() for text in record.extra.get(key, ())]
    rows += [("notes", f"PMID: {record.pmid}")] if record.pmid else []
    rows += [(path, text) for path, texts in own.items() if path != "ref-type" for text in texts]
    written = [(path, text) for path, text in rows if text and re.fullmatch(r"[a-z][\w/-]*", path)]
    return written or [("notes", str(record.id))]


def render_endnote_xml(records: Iterable[Record]) -> Iterator[str]:
    """Write EndNote XML."""
    from lxml import etree

    yield '<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>\n'
    for number, record in enumerate(records, start=1):
        element = etree.Element("record")
        name = record.extra.get("endnote:ref-type", ("",))[0] or _TYPES.get(record.entry_type, "Generic")
        etree.SubElement(element, "rec-number").text = str(number)
        etree.SubElement(element, "ref-type", name=name).text = str(_NUMBERS.get(name, 13))
        for path, text in write_leaves(record):
            _add(element, path, text)
        yield etree.tostring(element, encoding="unicode") + "\n"
    yield "</records></xml>\n"


def _add(element: Any, path: str, text: str) -> None:
    """Add a leaf, its parents made where they are missing."""
    from lxml import etree

    *parents, leaf = path.split("/")
    for parent in parents:
        found = element.find(parent)
        element = etree.SubElement(element, parent) if found is None else found
    etree.SubElement(element, leaf).text = text

"""PubmedBookArticle to a record: a book of the Bookshelf, or a chapter of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from review.formats.pubmed_xml import citation
from review.formats.pubmed_xml.content import child_text
from review.formats.pubmed_xml.content import read_text
from review.formats.pubmed_xml.content import read_title
from review.formats.pubmed_xml.dates import read_date
from review.formats.pubmed_xml.entry import Entry
from review.formats.pubmed_xml.people import read_authors
from review.identifiers import normal_isbn


def read_book(element: Any) -> Entry:
    """Read a PubmedBookArticle; a chapter's `journal` is the book's title, its editors are in `extra`."""
    entry = Entry(element.sourceline or 1, is_book=True)
    for part in element:
        if part.tag == "BookDocument":
            for child in part:
                handler = _DOCUMENT.get(child.tag)
                if handler is not None:
                    handler(child, entry)
        elif part.tag == "PubmedBookData":
            for child in part:
                if child.tag == "ArticleIdList":
                    citation.read_own_ids(child, entry)
                elif child.tag == "PublicationStatus":
                    entry.keep("nbib:PST", read_text(child))
    if not entry.authors:
        entry.authors = entry.book_authors
    else:
        entry.keep_all("pubmed:book-author", map(str, entry.book_authors))
    return entry


def _read_title(element: Any, entry: Entry) -> None:
    entry.title = read_title(element)


def _read_volume(element: Any, entry: Entry) -> None:
    for child in element:
        tag = child.tag
        if tag == "BookTitle":
            entry.book_title = read_title(child)
        elif tag == "PubDate":
            entry.printed = read_date(child)
        elif tag == "AuthorList":
            _read_book_authors(child, entry)
        elif tag == "Publisher":
            entry.keep("publisher", child_text(child, "PublisherName"))
            entry.keep("place", child_text(child, "PublisherLocation"))
        elif tag == "Isbn":
            text = read_text(child)
            isbn = normal_isbn(text)
            if isbn:
                entry.isbn.append(isbn)
            else:
                entry.keep("nbib:ISBN", text)
        else:
            _read_imprint(tag, child, entry)


def _read_book_authors(element: Any, entry: Entry) -> None:
    """Editors are kept apart; the authors of the whole book are the record's where the chapter names none."""
    if element.get("Type") == "editors":
        citation.read_author_list(element, entry)
    else:
        entry.book_authors.extend(read_authors(element)[0])


def _read_imprint(tag: str, child: Any, entry: Entry) -> None:
    text = read_text(child)
    if tag == "Volume":
        entry.volume = text
    elif tag == "Edition":
        entry.keep("edition", text)
    elif tag == "CollectionTitle":
        entry.keep("series", text)
    elif tag == "ELocationID":
        citation.read_location(child, entry)
    elif tag in {"BeginningDate", "EndingDate"}:
        entry.keep(f"pubmed:{tag.removesuffix('Date').lower()}-date", read_date(child).iso)
    elif tag in {"Medium", "ReportNumber", "VolumeTitle"}:
        entry.keep(f"pubmed:{tag.lower()}", text)


def _read_contribution_date(element: Any, entry: Entry) -> None:
    """When the chapter was first put into the book: what a living book's own date does not tell."""
    entry.electronic = read_date(element)
    entry.keep("nbib:CTDT", entry.electronic.iso)


_DOCUMENT: Mapping[str, citation.Handler] = {
    "PMID": citation.read_pmid,
    "ArticleIdList": citation.read_own_ids,
    "Book": _read_volume,
    "ArticleTitle": _read_title,
    "VernacularTitle": citation.read_vernacular_title,
    "Pagination": citation.read_pagination,
    "ELocationID": citation.read_location,
    "Language": citation.read_language,
    "AuthorList": citation.read_author_list,
    "PublicationType": citation.read_type,
    "Abstract": citation.read_abstract,
    "KeywordList": citation.read_keywords,
    "ContributionDate": _read_contribution_date,
    "DateRevised": citation.keep_date("nbib:LR"),
}

"""Records as MEDLINE text (rettype=medline) and as a plain citation (rettype=abstract)."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from tests.emulator.corpus import Entry
from tests.emulator.values import read_text

_RELATIONS = {
    "CommentOn": "CON",
    "CommentIn": "CIN",
    "ErratumIn": "EIN",
    "ErratumFor": "EFR",
    "RetractionIn": "RIN",
    "RetractionOf": "ROF",
    "ExpressionOfConcernIn": "ECI",
    "ExpressionOfConcernFor": "ECF",
    "UpdateIn": "UIN",
    "UpdateOf": "UOF",
    "RepublishedIn": "RPI",
    "RepublishedFrom": "RPF",
}


def write_medline(entry: Entry) -> str:
    """Write a record in MEDLINE format, one trailing line break."""
    lines = []
    for tag, value in _list_tags(entry.tree):
        if value:
            lines += textwrap.wrap(
                f"{tag:<4}- {value}", 88, subsequent_indent=" " * 6, break_long_words=False, break_on_hyphens=False
            )
    return "\n".join(lines) + "\n"


def _list_tags(tree: Any) -> Iterator[tuple[str, str]]:
    citation = tree.find("MedlineCitation")
    if citation is None:
        yield from _list_book_tags(tree)
        return
    yield "PMID", citation.findtext("PMID")
    yield "OWN", citation.get("Owner", "")
    yield "STAT", citation.get("Status", "")
    yield "DCOM", _write_day(citation.find("DateCompleted"), "")
    yield "LR", _write_day(citation.find("DateRevised"), "")
    yield from _list_article_tags(citation.find("Article"))
    for other in citation.iterfind("OtherAbstract"):
        yield "OAB", f"{other.get('Type')}: {_write_abstract(other)}"
        yield "OABL", other.get("Language", "eng")
    if citation.findtext("MedlineJournalInfo/ISSNLinking"):
        yield "IS", f"{citation.findtext('MedlineJournalInfo/ISSNLinking')} (Linking)"
    yield "PL", citation.findtext("MedlineJournalInfo/Country") or ""
    yield "TA", citation.findtext("MedlineJournalInfo/MedlineTA") or ""
    yield "JID", citation.findtext("MedlineJournalInfo/NlmUniqueID") or ""
    for heading in citation.iterfind("MeshHeadingList/MeshHeading"):
        yield "MH", "/".join(("*" if part.get("MajorTopicYN") == "Y" else "") + part.text for part in heading)
    for keyword in citation.iterfind("KeywordList/Keyword"):
        yield "OT", read_text(keyword)
    for relation in citation.iterfind("CommentsCorrectionsList/CommentsCorrections"):
        tag = _RELATIONS.get(relation.get("RefType"))
        if tag:
            pmid = relation.findtext("PMID")
            yield tag, (relation.findtext("RefSource") or "") + (f" PMID: {pmid}" if pmid else "")
    yield from _list_data_tags(tree)


def _list_article_tags(article: Any) -> Iterator[tuple[str, str]]:
    for issn in article.iterfind("Journal/ISSN"):
        yield "IS", f"{issn.text} ({issn.get('IssnType')})"
    yield "VI", article.findtext("Journal/JournalIssue/Volume") or ""
    yield "IP", article.findtext("Journal/JournalIssue/Issue") or ""
    yield "DP", " ".join(part.text for part in article.find("Journal/JournalIssue/PubDate"))
    yield "TI", read_text(article.find("ArticleTitle"))
    yield "PG", article.findtext("Pagination/MedlinePgn") or ""
    for location in article.iterfind("ELocationID"):
        yield "LID", f"{location.text} [{location.get('EIdType')}]"
    yield "AB", _write_abstract(article.find("Abstract"))
    for notice in article.iterfind("Abstract/CopyrightInformation"):
        yield "CI", read_text(notice)
    for author in article.iterfind("AuthorList/Author"):
        yield from _list_author_tags(author)
    for language in article.iterfind("Language"):
        yield "LA", language.text
    for bank in article.iterfind("DataBankList/DataBank"):
        numbers = [number.text for number in bank.iterfind("AccessionNumberList/AccessionNumber")]
        for number in numbers or [""]:
            yield "SI", f"{bank.findtext('DataBankName')}/{number}".rstrip("/")
    for kind in article.iterfind("PublicationTypeList/PublicationType"):
        yield "PT", kind.text
    for title in article.iterfind("VernacularTitle"):
        yield "TT", read_text(title)
    yield "DEP", _write_day(article.find("ArticleDate"), "")
    yield "JT", article.findtext("Journal/Title") or ""


def _list_author_tags(author: Any) -> Iterator[tuple[str, str]]:
    family = author.findtext("LastName")
    if not family:
        yield "CN", read_text(author.find("CollectiveName"))
        return
    given = author.findtext("ForeName") or ""
    yield "FAU", f"{family}, {given}".rstrip(", ")
    yield "AU", f"{family} {author.findtext('Initials') or ''}".strip()
    for identifier in author.iterfind("Identifier"):
        yield "AUID", f"{identifier.get('Source')}: {identifier.text}"
    for affiliation in author.iterfind("AffiliationInfo/Affiliation"):
        yield "AD", read_text(affiliation)


def _list_data_tags(tree: Any) -> Iterator[tuple[str, str]]:
    for day in tree.iterfind("PubmedData/History/PubMedPubDate"):
        status = day.get("PubStatus")
        if status == "entrez":
            yield "EDAT", f"{_write_day(day, '/')} 00:00"
        elif status == "medline":
            yield "MHDA", f"{_write_day(day, '/')} 00:00"
        elif status == "pubmed":
            yield "CRDT", f"{_write_day(day, '/')} 00:00"
        yield "PHST", f"{_write_day(day, '/')} 00:00 [{status}]"
    for number in tree.iterfind("PubmedData/ArticleIdList/ArticleId"):
        if number.get("IdType") == "pmc":
            yield "PMC", number.text
        if number.get("IdType") != "pubmed":
            yield "AID", f"{number.text} [{number.get('IdType')}]"
    yield "PST", tree.findtext("PubmedData/PublicationStatus") or ""
    journal = tree.findtext("MedlineCitation/MedlineJournalInfo/MedlineTA") or ""
    issue = tree.find("MedlineCitation/Article/Journal/JournalIssue")
    date = " ".join(part.text for part in issue.find("PubDate"))
    volume, number = issue.findtext("Volume") or "", issue.findtext("Issue")
    pages = tree.findtext("MedlineCitation/Article/Pagination/MedlinePgn")
    source = f"{journal}. {date};{volume}" + (f"({number})" if number else "") + (f":{pages}" if pages else "")
    yield "SO", f"{source}."


def _list_book_tags(tree: Any) -> Iterator[tuple[str, str]]:
    document = tree.find("BookDocument")
    yield "PMID", document.findtext("PMID")
    yield "STAT", "Publisher"
    yield "DP", " ".join(part.text for part in document.find("Book/PubDate"))
    yield "TI", read_text(document.find("ArticleTitle")) if document.find("ArticleTitle") is not None else ""
    yield "BTI", read_text(document.find("Book/BookTitle"))
    yield "AB", _write_abstract(document.find("Abstract"))
    for author in document.iterfind("AuthorList/Author"):
        yield from _list_author_tags(author)
    for kind in document.iterfind("PublicationType"):
        yield "PT", kind.text
    for number in document.iterfind("ArticleIdList/ArticleId"):
        yield "AID", f"{number.text} [{number.get('IdType')}]"
    yield "PB", document.findtext("Book/Publisher/PublisherName") or ""


def _write_abstract(element: Any) -> str:
    if element is None:
        return ""
    parts = [(part.get("Label"), read_text(part)) for part in element.iterfind("AbstractText")]
    return " ".join(f"{label}: {text}" if label else text for label, text in parts)


def _write_day(element: Any, separator: str) -> str:
    if element is None:
        return ""
    return separator.join(
        [
            element.findtext("Year"),
            (element.findtext("Month") or "1").zfill(2),
            (element.findtext("Day") or "1").zfill(2),
        ]
    )


def write_citation(entry: Entry) -> str:
    """Write a record as formatted text, 80 columns."""
    tags = list(_list_tags(entry.tree))
    found = dict(reversed(tags))
    parts = [
        f"1. {found.get('SO', '')}",
        found.get("TI") or found.get("BTI", ""),
        ", ".join(value for tag, value in tags if tag == "AU") + ".",
        found.get("AB", ""),
        f"PMID: {found['PMID']}",
    ]
    return "\n\n".join(textwrap.fill(part, 80) for part in parts if part) + "\n\n"

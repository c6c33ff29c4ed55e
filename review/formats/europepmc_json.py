"""Europe PMC's JSON: search results (`resultType=core`) and lists of references.

A result's key is (source, id): MED are PubMed's, PMC, PPR preprints, PAT patents, AGR Agricola and others. Abstracts and titles hold
HTML. A reference that Europe PMC has matched to a record of its own has an id, and comes with that record; the reader of
reference lists reads the others, which exist nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import BinaryIO

from review.formats.draft import Draft
from review.formats.json_page import as_map
from review.formats.json_page import as_maps
from review.formats.json_page import as_text
from review.formats.json_page import as_texts
from review.formats.json_page import name_entry
from review.formats.json_page import parse_page
from review.formats.json_page import within
from review.formats.nbib import find_entry_type
from review.formats.people import parse_name
from review.formats.people import parse_names
from review.formats.result import Item
from review.formats.result import Refusal
from review.identifiers import normal_doi
from review.identifiers import normal_pmid
from review.model import AbstractSection
from review.model import Author
from review.model import Relation

SOURCE = "europepmc"

_HEADING = re.compile(r"<h4[^>]*>(.*?)</h4>", re.IGNORECASE | re.DOTALL)
_DOI_NOTE = re.compile(r"10\.\d{4,9}/")


def parse_europepmc_json(stream: BinaryIO, *, path: str, source: str = "", run: str = "") -> Iterator[Item]:
    """Read a page of search results."""
    yield from parse_page(
        stream, path=path, source=source or SOURCE, run=run, list_entries=list_results, read_entry=read_result
    )


def parse_europepmc_references(stream: BinaryIO, *, path: str, source: str = "", run: str = "") -> Iterator[Item]:
    """Read a page of a reference list: the references that are no record of Europe PMC and have a title or a DOI."""
    yield from parse_page(
        stream, path=path, source=source or SOURCE, run=run, list_entries=list_loose, read_entry=read_reference
    )


def list_results(page: Mapping[str, object]) -> list[Mapping[str, object]]:
    """Return the results of a page of search results."""
    return as_maps(within(page, "resultList", "result"))


def list_loose(page: Mapping[str, object]) -> list[Mapping[str, object]]:
    """Return the references of a page that have no record in Europe PMC and say enough to be one."""
    references = as_maps(within(page, "referenceList", "reference"))
    return [item for item in references if not as_text(item.get("id")) and (as_text(item.get("title")) or _doi(item))]


def name_result(result: Mapping[str, object]) -> str:
    """Return the key of a result, `MED/30639647`; empty if it has none."""
    source, number = as_text(result.get("source")), as_text(result.get("id"))
    return f"{source}/{number}" if source and number else ""


def read_result(result: Mapping[str, object]) -> Draft | Refusal:
    """Make a draft of a result."""
    source, number = as_text(result.get("source")), as_text(result.get("id"))
    if not number:
        return Refusal(1, "the result has no id")
    draft = Draft(1)
    draft.pmid = as_text(result.get("pmid")) or (number if source == "MED" else "")
    draft.pmcid = as_text(result.get("pmcid")) or (number if source == "PMC" else "")
    draft.doi = as_text(result.get("doi"))
    # Numbers of some sources are bare digits; with the source before them they cannot be taken for PubMed's.
    draft.accession = f"{source}{number}" if source and number.isdigit() else number
    draft.title = as_text(result.get("title"))
    draft.authors = _read_authors(result)
    _read_place(result, draft)
    _read_abstract(as_text(result.get("abstractText")), draft)
    draft.languages = as_texts(result.get("language"))
    draft.publication_types = as_texts(within(result, "pubTypeList", "pubType"))
    draft.entry_type = (
        "preprint" if source == "PPR" else _find_entry_type(draft, is_book="bookOrReportDetails" in result)
    )
    draft.mesh = [_write_heading(item) for item in as_maps(within(result, "meshHeadingList", "meshHeading"))]
    draft.keywords = as_texts(within(result, "keywordList", "keyword"))
    draft.relations = list(_read_relations(result))
    if source:
        draft.url = f"https://europepmc.org/article/{source}/{number}"
        draft.keep("europepmc:source", source)
    for key in ("isOpenAccess", "inEPMC", "citedByCount"):
        draft.keep(f"europepmc:{key}", as_text(result.get(key)))
    return name_entry(draft, SOURCE)


def read_reference(reference: Mapping[str, object]) -> Draft | Refusal:
    """Make a draft of a reference that is no record of Europe PMC."""
    draft = Draft(1, title=as_text(reference.get("title")), doi=_doi(reference))
    draft.authors = parse_names(as_text(reference.get("authorString")).rstrip("."))
    draft.year = as_text(reference.get("pubYear"))
    draft.journal = as_text(reference.get("journalAbbreviation")) or as_text(reference.get("publicationTitle"))
    draft.volume, draft.issue = as_text(reference.get("volume")), as_text(reference.get("issue"))
    draft.pages = as_text(reference.get("pageInfo"))
    draft.keep("publisher", as_text(reference.get("publisherName")))
    draft.serials = [as_text(reference.get(key)) for key in ("issn", "essn", "isbn")]
    draft.keep("note", as_text(reference.get("unstructuredInformation")))
    return draft


def _doi(reference: Mapping[str, object]) -> str:
    text = as_text(reference.get("doi")) or as_text(reference.get("externalLink"))
    return normal_doi(text) if _DOI_NOTE.search(text) else ""


def _find_entry_type(draft: Draft, *, is_book: bool) -> str:
    plain = [kind.replace("-", " ") for kind in draft.publication_types]
    if any(kind.casefold() == "preprint" for kind in plain):
        return "preprint"
    return find_entry_type([*plain, *draft.publication_types], is_book=is_book)


def _read_authors(result: Mapping[str, object]) -> list[Author]:
    authors = [_read_author(item) for item in as_maps(within(result, "authorList", "author"))]
    named = [author for author in authors if author is not None]
    return named or parse_names(as_text(result.get("authorString")).rstrip("."))


def _read_author(item: Mapping[str, object]) -> Author | None:
    group = as_text(item.get("collectiveName"))
    if group:
        return Author(group, is_collective=True)
    family = as_text(item.get("lastName"))
    given = as_text(item.get("firstName")) or as_text(item.get("initials"))
    if not family:
        return parse_name(as_text(item.get("fullName")))
    details = as_maps(within(item, "authorAffiliationDetailsList", "authorAffiliation"))
    affiliations = [as_text(part.get("affiliation")) for part in details] or as_texts(item.get("affiliation"))
    number = item.get("authorId")
    orcid = as_text(as_map(number).get("value")) if as_text(as_map(number).get("type")).upper() == "ORCID" else ""
    return Author(family, given, affiliations=tuple(text for text in affiliations if text), orcid=orcid)


def _read_place(result: Mapping[str, object], draft: Draft) -> None:
    info = as_map(result.get("journalInfo"))
    journal = as_map(info.get("journal"))
    book = as_map(result.get("bookOrReportDetails"))
    draft.journal = as_text(journal.get("title")) or as_text(result.get("journalTitle"))
    draft.journal_abbreviation = as_text(journal.get("medlineAbbreviation")) or as_text(journal.get("isoabbreviation"))
    draft.volume = as_text(info.get("volume")) or as_text(result.get("journalVolume"))
    draft.issue = as_text(info.get("issue")) or as_text(result.get("issue"))
    draft.pages = as_text(result.get("pageInfo"))
    draft.serials = [as_text(journal.get("issn")), as_text(journal.get("essn")), as_text(result.get("journalIssn"))]
    draft.serials += [as_text(book.get(key)) for key in ("isbn10", "isbn13", "isbn")]
    draft.year = as_text(result.get("pubYear")) or as_text(info.get("yearOfPublication"))
    draft.dates = [as_text(info.get(key)) for key in ("printPublicationDate", "dateOfPublication")]
    draft.dates.append(as_text(result.get("firstPublicationDate")))
    draft.epub_date = as_text(result.get("electronicPublicationDate"))
    draft.keep("publisher", as_text(book.get("publisher")))


def _read_abstract(html: str, draft: Draft) -> None:
    """An abstract's headings stand in h4 elements; the text keeps them as `LABEL: `, as PubMed prints it."""
    parts = _HEADING.split(html)
    if len(parts) == 1:
        draft.abstract = html
        return
    if parts[0].strip():
        draft.sections.append(AbstractSection("", parts[0]))
    for label, text in zip(parts[1::2], parts[2::2], strict=True):
        draft.sections.append(AbstractSection(label.strip().rstrip(":"), text))
    draft.abstract = " ".join(
        f"{section.label}: {section.text}" if section.label else section.text for section in draft.sections
    )


def _write_heading(item: Mapping[str, object]) -> str:
    """Write a MeSH heading as MEDLINE text has it: a star marks what is a major topic."""
    parts = [(as_text(item.get("descriptorName")), as_text(item.get("majorTopic_YN")))]
    parts += [
        (as_text(qualifier.get("qualifierName")), as_text(qualifier.get("majorTopic_YN")))
        for qualifier in as_maps(within(item, "meshQualifierList", "meshQualifier"))
    ]
    return "/".join(f"*{name}" if major == "Y" else name for name, major in parts if name)


def _read_relations(result: Mapping[str, object]) -> Iterator[Relation]:
    """Comments and corrections under PubMed's names; `Preprint of` and `Preprint in` are Europe PMC's own."""
    for item in as_maps(within(result, "commentCorrectionList", "commentCorrection")):
        kind = "-".join(as_text(item.get("type")).lower().split())
        number = as_text(item.get("id"))
        reference = as_text(item.get("reference"))
        if kind:
            yield Relation(
                {"preprint-in": "has-preprint"}.get(kind, kind),
                pmid=normal_pmid(number) if as_text(item.get("source")) in {"MED", ""} else "",
                doi=normal_doi(reference),
                text=" ".join(part for part in (reference, number if not number.isdigit() else "") if part),
            )

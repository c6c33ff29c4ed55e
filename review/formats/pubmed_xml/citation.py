"""PubmedArticle to a record: MedlineCitation with its Article, and PubmedData.

The own identifiers are read from ELocationID and from the ArticleIdList that is a direct child of PubmedData; the lists inside
ReferenceList hold those of the cited works and give `pubmed:cited` only.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from review.formats.pubmed_xml.content import child_text
from review.formats.pubmed_xml.content import collect
from review.formats.pubmed_xml.content import join_sections
from review.formats.pubmed_xml.content import read_sections
from review.formats.pubmed_xml.content import read_text
from review.formats.pubmed_xml.content import read_title
from review.formats.pubmed_xml.dates import read_date
from review.formats.pubmed_xml.entry import Entry
from review.formats.pubmed_xml.people import read_author
from review.formats.pubmed_xml.people import read_authors
from review.identifiers import find_registrations
from review.identifiers import normal_doi
from review.identifiers import normal_pmcid
from review.model import Relation

Handler = Callable[[Any, Entry], None]

#: Data banks that are registers of studies; the others hold sequences, structures and data sets.
_REGISTERS = (
    "clinicaltrials", "isrctn", "anzctr", "chictr", "ctri", "drks", "euctr", "eudract", "irct", "jprn", "jrct", "umin", "kct", "cris",
    "ntr", "pactr", "rebec", "rpcec", "slctr", "tctr", "repec", "lbctr", "itmctr", "ctis", "prospero",
)  # fmt: skip
#: RefType -> kind, where the words of the name do not show in its capitals.
_KINDS = {
    "CorrectedandRepublishedIn": "corrected-and-republished-in",
    "CorrectedandRepublishedFrom": "corrected-and-republished-from",
    "RetractedandRepublishedIn": "retracted-and-republished-in",
    "RetractedandRepublishedFrom": "retracted-and-republished-from",
}


def read_article(element: Any) -> Entry:
    """Read a PubmedArticle, or a bare MedlineCitation as the distributed files had before 2017."""
    entry = Entry(element.sourceline or 1)
    if element.tag == "MedlineCitation":
        _read_citation(element, entry)
        return entry
    for child in element:
        if child.tag == "MedlineCitation":
            _read_citation(child, entry)
        elif child.tag == "PubmedData":
            _dispatch(child, entry, _DATA)
    return entry


def _dispatch(element: Any, entry: Entry, handlers: Mapping[str, Handler]) -> None:
    for child in element:
        handler = handlers.get(child.tag)
        if handler is not None:
            handler(child, entry)


def _read_citation(element: Any, entry: Entry) -> None:
    entry.status = element.get("Status", "")
    entry.keep("nbib:OWN", element.get("Owner", ""))
    entry.keep("pubmed:indexing", element.get("IndexingMethod", ""))
    entry.keep("pubmed:version-date", element.get("VersionDate", ""))
    _dispatch(element, entry, _CITATION)


def read_pmid(element: Any, entry: Entry) -> None:
    """Read the PMID and its version."""
    text = (element.text or "").strip()
    if text.isdecimal():
        entry.pmid = text.lstrip("0")
        entry.version = element.get("Version", "")


def keep_text(key: str) -> Handler:
    """Make a handler that keeps an element's text under a key of `extra`."""
    return lambda element, entry: entry.keep(key, read_text(element))


def keep_children(key: str, tag: str) -> Handler:
    """Make a handler that keeps the texts of children under a key of `extra`."""
    return lambda element, entry: entry.keep_all(key, collect(element, tag))


def keep_date(key: str) -> Handler:
    """Make a handler that keeps a date as ISO 8601 under a key of `extra`."""
    return lambda element, entry: entry.keep(key, read_date(element).iso)


# Article


def _read_journal(element: Any, entry: Entry) -> None:
    for child in element:
        tag = child.tag
        if tag == "JournalIssue":
            _read_issue(child, entry)
        elif tag == "ISSN" and child.text:
            entry.issn.append(child.text.strip())
        elif tag == "Title":
            entry.journal = read_text(child)
        elif tag == "ISOAbbreviation":
            entry.iso_abbreviation = read_text(child)


def _read_issue(element: Any, entry: Entry) -> None:
    for child in element:
        tag = child.tag
        if tag == "Volume":
            entry.volume = read_text(child)
        elif tag == "Issue":
            entry.issue = read_text(child)
        elif tag == "PubDate":
            entry.printed = read_date(child)


def _read_title(element: Any, entry: Entry) -> None:
    entry.title = read_title(element)


def read_vernacular_title(element: Any, entry: Entry) -> None:
    """Read the title in the language of the document."""
    entry.vernacular_title = read_title(element)


def read_pagination(element: Any, entry: Entry) -> None:
    """Read the pages as printed; StartPage and EndPage count where that is missing."""
    first = last = ""
    for child in element:
        tag = child.tag
        if tag == "MedlinePgn":
            entry.pages = read_text(child)
        elif tag == "StartPage":
            first = read_text(child)
        elif tag == "EndPage":
            last = read_text(child)
    if not entry.pages:
        entry.pages = f"{first}-{last}" if last and last != first else first


def read_location(element: Any, entry: Entry) -> None:
    """Read an ELocationID: a DOI, or a publisher's item number."""
    text = (element.text or "").strip()
    if element.get("EIdType") == "doi":
        entry.location_dois.append((text, element.get("ValidYN") != "N"))
    else:
        entry.keep("nbib:LID", f"{text} [{element.get('EIdType')}]" if text else "")


def read_abstract(element: Any, entry: Entry) -> None:
    """Read the abstract and the publisher's notice below it."""
    entry.sections = read_sections(element)
    entry.keep("nbib:CI", child_text(element, "CopyrightInformation"))


def read_author_list(element: Any, entry: Entry) -> None:
    """Read the authors; a list of editors is kept apart."""
    valid, invalid = read_authors(element)
    if element.get("Type") == "editors":
        entry.keep_all("editor", map(str, valid))
    else:
        entry.authors.extend(valid)
    if invalid:
        entry.keep_all("pubmed:invalid-author", map(str, invalid))


def read_language(element: Any, entry: Entry) -> None:
    """Read a language code."""
    if element.text:
        entry.languages.append(element.text.strip())


def _read_banks(element: Any, entry: Entry) -> None:
    """Read the data banks; numbers of registers are registrations, and all stay in `nbib:SI`."""
    for bank in element:
        if bank.tag != "DataBank":
            continue
        name = child_text(bank, "DataBankName")
        listed = bank.find("AccessionNumberList")
        numbers = () if listed is None else collect(listed, "AccessionNumber")
        entry.keep_all("nbib:SI", [f"{name}/{number}" for number in numbers] or [name])
        if name.casefold().replace("-", "").startswith(_REGISTERS):
            for number in numbers:
                entry.registrations.extend(find_registrations(f"{name} {number}") or (number,))


def _read_grants(element: Any, entry: Entry) -> None:
    for grant in element:
        if grant.tag == "Grant":
            parts = [child_text(grant, tag) for tag in ("GrantID", "Acronym", "Agency", "Country")]
            entry.keep("nbib:GR", "/".join(part for part in parts if part))


def read_type_list(element: Any, entry: Entry) -> None:
    """Read a list of publication types."""
    for child in element:
        read_type(child, entry)


def read_type(element: Any, entry: Entry) -> None:
    """Read one publication type."""
    if element.tag == "PublicationType" and (text := read_text(element)):
        entry.publication_types.append(text)


def _read_electronic_date(element: Any, entry: Entry) -> None:
    entry.electronic = read_date(element)


# MedlineCitation


def _read_journal_info(element: Any, entry: Entry) -> None:
    for child in element:
        tag = child.tag
        if tag == "MedlineTA":
            entry.journal_abbreviation = read_text(child)
        elif tag == "ISSNLinking" and child.text:
            entry.issn.append(child.text.strip())
        elif tag == "NlmUniqueID":
            entry.keep("nbib:JID", child.text or "")
        elif tag == "Country":
            entry.keep("nbib:PL", child.text or "")


def _read_chemicals(element: Any, entry: Entry) -> None:
    for chemical in element:
        name = child_text(chemical, "NameOfSubstance")
        number = child_text(chemical, "RegistryNumber")
        entry.keep("nbib:RN", f"{number} ({name})" if name else number)


def _read_headings(element: Any, entry: Entry) -> None:
    """Read MeSH headings as MEDLINE text has them: a star marks what is a major topic, heading or qualifier."""
    for heading in element:
        if heading.tag == "MeshHeading":
            parts = [f"*{part.text}" if part.get("MajorTopicYN") == "Y" else part.text or "" for part in heading]
            entry.mesh.append("/".join(parts))


def read_keywords(element: Any, entry: Entry) -> None:
    """Read one of several keyword lists."""
    entry.keywords.extend(collect(element, "Keyword"))


def _read_relations(element: Any, entry: Entry) -> None:
    """Read statements about other documents; cited works of old files are references."""
    for child in element:
        kind = child.get("RefType", "")
        text = child_text(child, "RefSource")
        pmid = child_text(child, "PMID")
        if kind == "Cites":
            entry.keep("pubmed:cited", pmid)
            continue
        note = child_text(child, "Note")
        doi = normal_doi(text) if "10." in text else ""
        entry.relations.append(Relation(name_kind(kind), pmid, doi, f"{text} {note}".strip()))


def name_kind(ref_type: str) -> str:
    """Return a RefType in lower case with hyphens: `ExpressionOfConcernIn` gives `expression-of-concern-in`."""
    known = _KINDS.get(ref_type)
    if known is None:
        parts = "".join(f"-{char.lower()}" if char.isupper() else char for char in ref_type)
        known = parts.lstrip("-") or "related-to"
    return known


def _read_other_abstract(element: Any, entry: Entry) -> None:
    """Read an abstract that is not the document's own: plain-language, translated, or by another service."""
    text = join_sections(read_sections(element))
    if text:
        entry.other_abstracts.append(text)
        entry.keep("nbib:OABL", element.get("Language", "eng"))
        entry.keep("pubmed:other-abstract-type", element.get("Type", ""))


def _read_investigators(element: Any, entry: Entry) -> None:
    entry.keep_all("nbib:IR", (str(person) for child in element if (person := read_author(child))))


def _read_name_subjects(element: Any, entry: Entry) -> None:
    entry.keep_all("nbib:PS", (str(person) for child in element if (person := read_author(child))))


def _read_other_id(element: Any, entry: Entry) -> None:
    text = read_text(element)
    entry.keep("nbib:OID", f"{element.get('Source')}: {text}" if text else "")
    if text.startswith("PMC") and not entry.pmcid:  # before PubmedData carried it
        entry.pmcid = normal_pmcid(text)


# PubmedData


def read_own_ids(element: Any, entry: Entry) -> None:
    """Read the record's own ids; an element may be empty."""
    for child in element:
        text = (child.text or "").strip()
        kind = child.get("IdType", "pubmed")
        if not text or kind == "pubmed":
            if text.isdecimal() and not entry.pmid:
                entry.pmid = text.lstrip("0")
        elif kind == "doi" and "10." in text:
            entry.listed_doi = entry.listed_doi or text
        elif kind == "pmc":
            entry.pmcid = normal_pmcid(text) or entry.pmcid
        else:
            entry.keep("nbib:AID", f"{text} [{kind}]")


def _read_history(element: Any, entry: Entry) -> None:
    for child in element:
        if child.get("PubStatus") == "entrez":
            entry.keep("nbib:EDAT", read_date(child).iso)
            return


def _read_references(element: Any, entry: Entry) -> None:
    """Keep the PMIDs of the cited works; lists may be nested and there may be several."""
    entry.keep_all(
        "pubmed:cited",
        [child.text for child in element.iter("ArticleId") if child.get("IdType") == "pubmed" and child.text],
    )


_ARTICLE: Mapping[str, Handler] = {
    "Journal": _read_journal,
    "ArticleTitle": _read_title,
    "VernacularTitle": read_vernacular_title,
    "Pagination": read_pagination,
    "ELocationID": read_location,
    "Abstract": read_abstract,
    "AuthorList": read_author_list,
    "Language": read_language,
    "DataBankList": _read_banks,
    "GrantList": _read_grants,
    "PublicationTypeList": read_type_list,
    "ArticleDate": _read_electronic_date,
}
_CITATION: Mapping[str, Handler] = {
    "PMID": read_pmid,
    "DateCompleted": keep_date("nbib:DCOM"),
    "DateRevised": keep_date("nbib:LR"),
    "Article": lambda element, entry: _dispatch(element, entry, _ARTICLE),
    "MedlineJournalInfo": _read_journal_info,
    "ChemicalList": _read_chemicals,
    "SupplMeshList": keep_children("nbib:NM", "SupplMeshName"),
    "CitationSubset": keep_text("nbib:SB"),
    "CommentsCorrectionsList": _read_relations,
    "GeneSymbolList": keep_children("nbib:GS", "GeneSymbol"),
    "MeshHeadingList": _read_headings,
    "PersonalNameSubjectList": _read_name_subjects,
    "OtherID": _read_other_id,
    "OtherAbstract": _read_other_abstract,
    "KeywordList": read_keywords,
    "CoiStatement": keep_text("nbib:COIS"),
    "SpaceFlightMission": keep_text("nbib:SFM"),
    "InvestigatorList": _read_investigators,
    "GeneralNote": keep_text("note"),
}
_DATA: Mapping[str, Handler] = {
    "History": _read_history,
    "PublicationStatus": keep_text("nbib:PST"),
    "ArticleIdList": read_own_ids,
    "ReferenceList": _read_references,
}

"""The names that databases and tools give to the columns of a table, by what they mean."""

from __future__ import annotations

import re

#: Roles in the order of trust: where two columns of a table have one role, the name that stands first here goes first.
_NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "document title", "item title", "article title", "primary title", "study title", "ti", "t1", "titles", "name",
        "publication name", "translated title", "title original", "paper title"),
    "authors": ("authors", "author full names", "author", "author s", "author names", "authors full name", "first authors", "author list",
        "au", "af", "a1", "author name", "creators", "contributors", "all authors"),
    "first author": ("first author",),
    "year": ("year", "publication year", "published year", "py", "year published", "pub year", "yr", "year of publication", "publicationyear",
        "pubyear", "y1"),
    "date": ("date", "publication date", "da", "issue date", "published", "date published", "pd", "pubdate", "cover date", "start date",
        "date of publication"),
    "month": ("month", "published month"),
    "day": ("day",),
    "epub": ("epub date", "online date", "early access date"),
    "journal": ("journal", "source title", "publication title", "journal book", "container title", "journal title", "secondary title",
        "publication", "periodical", "so", "jf", "t2", "book title", "full journal", "alternate title3", "alternate title1", "journal name",
        "book series title", "fulljournalname", "source publication", "venue", "jo"),
    "abbreviation": ("journal abbreviation", "abbreviated source title", "iso abbreviation", "j2", "ja", "ji", "j9",
        "journal iso abbreviation", "alternate title2", "medline ta"),
    "source": ("source",),
    "volume": ("volume", "journal volume", "vol", "vl"),
    "issue": ("issue", "journal issue", "number", "issue number", "no", "is", "ip"),
    "pages": ("pages", "page", "pagination", "page range", "pg", "page numbers", "pages from to"),
    "first page": ("page start", "start page", "first page", "bp", "sp", "beginning page", "pages start"),
    "last page": ("page end", "end page", "last page", "ep", "ending page", "pages end"),
    "article number": ("art no", "article number", "ar", "c7"),
    "doi": ("doi", "item doi", "doi link", "do", "di", "digital object identifier", "article doi", "originalpaperdoi", "doi url"),
    "pmid": ("pmid", "pubmed id", "pubmedid", "pm", "originalpaperpubmedid", "medline id", "pubmed"),
    "pmcid": ("pmcid", "pmc id", "pmc", "pubmed central id"),
    "issn": ("issn", "issns", "sn", "e issn", "eissn", "ei", "print issn", "electronic issn", "issn isbn", "issn l"),
    "isbn": ("isbn", "isbns", "bn"),
    "abstract": ("abstract", "abstract note", "notes abstract", "ab", "n2", "abstracts", "brief summary", "summary", "abstract text"),
    "keywords": ("keywords", "author keywords", "keyword", "kw", "de", "manual tags", "index keywords", "keywords plus", "automatic tags",
        "key words", "subjects", "ieee terms", "emtree medical index terms major focus", "emtree medical index terms",
        "emtree drug index terms major focus", "emtree drug index terms", "descriptors", "topics"),
    "mesh": ("mesh", "mesh terms", "mesh headings", "mesh date", "mh"),
    "language": ("language", "language of original document", "languages", "la", "lg", "language of article"),
    "kind": ("document type", "publication type", "item type", "content type", "type of reference", "type", "reference type", "ty",
        "dt", "pt", "articletype", "publication types", "entrytype", "entry type", "source type", "category", "pubtype"),
    "url": ("url", "link", "urls", "ur", "study url", "pdf link", "open url link", "full text link", "links"),
    "accession": ("accession number", "eid", "an", "ut", "ut unique wos id", "accession", "openalex id", "nct number", "embase accession id",
        "pui", "cochrane id", "unique id", "document identifier number", "lens id", "dimensions id", "publication id"),
    "publisher": ("publisher", "pb", "pu"),
    "place": ("place", "place published", "location", "cy", "publisher location", "place of publication"),
    "editor": ("editor", "editors", "secondary authors", "a2", "ed", "book editors"),
    "edition": ("edition", "et"),
    "series": ("series", "series title", "t3", "book series"),
    "note": ("notes", "note", "n1", "extra", "user notes"),
    "affiliation": ("affiliations", "affiliation", "author affiliations", "correspondence address", "addresses", "ad", "c1",
        "authors with affiliations"),
    "database": ("database", "library catalog", "db", "dp", "databases", "database name", "source database"),
    "citation": ("citation", "reference", "full citation", "references citation"),
    "vernacular": ("original title", "vernacular title", "tt"),
    "registrations": ("clinical trial numbers", "trial registration", "registration number"),
    "conference": ("conference name", "meeting name", "conference"),
    "accessed": ("access date", "accessed"),
    "more": ("record as json",),
}  # fmt: skip

_ROLES = {name: (role, rank) for role, names in _NAMES.items() for rank, name in enumerate(names)}


def normal_column(name: str) -> str:
    """Return a column's name in lower case with single spaces for everything that is no letter or digit."""
    return re.sub(r"[^a-z0-9]+", " ", name.replace("\ufeff", "").casefold()).strip()


def find_role(name: str) -> tuple[str, int]:
    """Return a column's role and rank in it; the role is empty for a column that is not known."""
    return _ROLES.get(normal_column(name), ("", 0))


def count_known(names: list[str]) -> int:
    """How many of these names are column names that are known."""
    return sum(1 for name in names if find_role(name)[0])


def is_header(names: list[str]) -> bool:
    """Whether these cells are the header of a bibliographic table: it names a title, DOI, PubMed id, citation or abstract."""
    roles = {find_role(name)[0] for name in names}
    if not roles & {"title", "doi", "pmid", "abstract", "citation", "accession"}:
        return False
    return all(len(name) < 80 for name in names) and count_known(names) * 6 >= len(
        [name for name in names if name.strip()]
    )

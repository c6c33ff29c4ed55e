"""The search fields of PubMed: tags as people type them, codes and long names as EInfo lists them."""

from __future__ import annotations

from typing import Literal
from typing import NamedTuple

Kind = Literal["text", "heading", "name", "date", "uid", "filter"]


class SearchField(NamedTuple):
    """One field: `text` is searched by word and phrase, `heading` by its whole value, `name` by its beginning."""

    code: str
    name: str
    kind: Kind


_LISTED: tuple[tuple[str, str, Kind], ...] = (
    ("ALL", "All Fields", "text"),
    ("UID", "UID", "uid"),
    ("FILT", "Filter", "filter"),
    ("TITL", "Title", "text"),
    ("MESH", "MeSH Terms", "heading"),
    ("MAJR", "MeSH Major Topic", "heading"),
    ("JOUR", "Journal", "heading"),
    ("AFFL", "Affiliation", "text"),
    ("ECNO", "EC/RN Number", "heading"),
    ("SUBS", "Supplementary Concept", "heading"),
    ("PDAT", "Date - Publication", "date"),
    ("EDAT", "Date - Entry", "date"),
    ("VOL", "Volume", "heading"),
    ("PAGE", "Pagination", "heading"),
    ("PTYP", "Publication Type", "heading"),
    ("LANG", "Language", "heading"),
    ("ISS", "Issue", "heading"),
    ("SUBH", "MeSH Subheading", "heading"),
    ("SI", "Secondary Source ID", "heading"),
    ("MHDA", "Date - MeSH", "date"),
    ("TIAB", "Title/Abstract", "text"),
    ("OTRM", "Other Term", "text"),
    ("COLN", "Author - Corporate", "text"),
    ("CNTY", "Place of Publication", "heading"),
    ("PAPX", "Pharmacological Action", "heading"),
    ("GRNT", "Grant Number", "heading"),
    ("MDAT", "Date - Modification", "date"),
    ("CDAT", "Date - Completion", "date"),
    ("PID", "Publisher ID", "heading"),
    ("FAUT", "Author - First", "name"),
    ("FULL", "Author", "name"),
    ("FINV", "Investigator", "name"),
    ("TT", "Transliterated Title", "text"),
    ("LAUT", "Author - Last", "name"),
    ("PPDT", "Print Publication Date", "date"),
    ("EPDT", "Electronic Publication Date", "date"),
    ("LID", "Location ID", "heading"),
    ("CRDT", "Date - Create", "date"),
    ("BOOK", "Book", "text"),
    ("ED", "Editor", "name"),
    ("ISBN", "ISBN", "heading"),
    ("PUBN", "Publisher", "text"),
    ("AUCL", "Author Cluster ID", "heading"),
    ("EID", "Extended PMID", "heading"),
    ("DSO", "DSO", "heading"),
    ("AUID", "Author - Identifier", "heading"),
    ("PS", "Subject - Personal Name", "name"),
    ("COIS", "Conflict of Interest Statements", "text"),
    ("WORD", "Text Word", "text"),
    ("P1DAT", "P1DAT", "date"),
)
#: Code -> field, in the order of EInfo.
FIELDS = {code: SearchField(code, name, kind) for code, name, kind in _LISTED}
#: Fields that are served though EInfo does not list them.
UNLISTED = {"AUTH": SearchField("AUTH", "Author", "name"), "ABST": SearchField("ABST", "Abstract", "text")}

_ALIASES = {
    "all fields": "ALL",
    "pmid": "UID",
    "sb": "FILT",
    "filter": "FILT",
    "subset": "FILT",
    "ti": "TITL",
    "title": "TITL",
    "mh": "MESH",
    "mesh": "MESH",
    "mesh terms": "MESH",
    "majr": "MAJR",
    "mesh major topic": "MAJR",
    "ta": "JOUR",
    "jour": "JOUR",
    "journal": "JOUR",
    "ad": "AFFL",
    "affiliation": "AFFL",
    "rn": "ECNO",
    "nm": "SUBS",
    "dp": "PDAT",
    "pdat": "PDAT",
    "date - publication": "PDAT",
    "publication date": "PDAT",
    "edat": "EDAT",
    "date - entry": "EDAT",
    "vi": "VOL",
    "volume": "VOL",
    "pg": "PAGE",
    "pt": "PTYP",
    "publication type": "PTYP",
    "la": "LANG",
    "language": "LANG",
    "lang": "LANG",
    "ip": "ISS",
    "issue": "ISS",
    "sh": "SUBH",
    "date - mesh": "MHDA",
    "tiab": "TIAB",
    "title/abstract": "TIAB",
    "ot": "OTRM",
    "other term": "OTRM",
    "cn": "COLN",
    "gr": "GRNT",
    "lr": "MDAT",
    "date - modification": "MDAT",
    "dcom": "CDAT",
    "date - completion": "CDAT",
    "1au": "FAUT",
    "lastau": "LAUT",
    "ppdat": "PPDT",
    "epdat": "EPDT",
    "aid": "LID",
    "doi": "LID",
    "location id": "LID",
    "crdt": "CRDT",
    "date - create": "CRDT",
    "au": "AUTH",
    "author": "AUTH",
    "ab": "ABST",
    "abstract": "ABST",
    "tw": "WORD",
    "text word": "WORD",
    "text words": "WORD",
}


def find_field(tag: str) -> SearchField | None:
    """Return the field that a tag without its brackets names, None for a tag that PubMed does not have."""
    name = " ".join(tag.casefold().split())
    code = _ALIASES.get(name, name.upper())
    return FIELDS.get(code) or UNLISTED.get(code)

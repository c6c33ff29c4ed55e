"""What each search field sees of a record."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_SEASONS = {"winter": 1, "spring": 3, "summer": 6, "autumn": 9, "fall": 9}
_HISTORY = {"entrez": "EDAT", "pubmed": "CRDT", "medline": "MHDA"}
LANGUAGES = {"eng": "english", "fre": "french", "ger": "german", "spa": "spanish", "jpn": "japanese", "chi": "chinese"}


def read_text(element: Any) -> str:
    """Join all text below an element."""
    return " ".join("".join(element.itertext()).split())


#: Element -> field, for elements whose text with all inside is the value, and those whose own text is.
_MIXED = {
    "ArticleTitle": "TITL",
    "VernacularTitle": "TT",
    "BookTitle": "BOOK",
    "AbstractText": "ABST",
    "Keyword": "OTRM",
    "CoiStatement": "COIS",
    "PublisherName": "PUBN",
    "Isbn": "ISBN",
}
_PLAIN = {
    "PublicationType": "PTYP",
    "NameOfSubstance": "SUBS",
    "RegistryNumber": "ECNO",
    "GrantID": "GRNT",
    "ISOAbbreviation": "JOUR",
    "MedlineTA": "JOUR",
    "ISSN": "JOUR",
    "Volume": "VOL",
    "Issue": "ISS",
    "MedlinePgn": "PAGE",
    "ELocationID": "LID",
}


def read_values(tree: Any) -> dict[str, tuple[str, ...]]:
    """Collect the values of every field that is not a date."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for element in tree.iter(*_MIXED, *_PLAIN, "Author", "MeshHeading", "DataBank", "Language"):
        tag = element.tag
        if tag in _PLAIN:
            if element.text:
                found[_PLAIN[tag]].append(element.text)
        elif tag in _MIXED:
            text = read_text(element)
            if text:
                found[_MIXED[tag]].append(text)
        else:
            _READERS[tag](element, found)
    for path, code in (
        ("MedlineCitation/Article/Journal/Title", "JOUR"),
        ("MedlineCitation/MedlineJournalInfo/Country", "CNTY"),
        ("PubmedData/ArticleIdList/ArticleId", "LID"),
    ):
        found[code].extend(element.text for element in tree.iterfind(path) if element.text)
    if not found["TITL"]:
        found["TITL"] = list(found["BOOK"])
    if found["AUTH"]:
        found["FAUT"] = found["AUTH"][:1]
        found["LAUT"] = found["AUTH"][-1:]
    _read_filters(tree, found)
    found["TIAB"] = [*found["TITL"], *found["ABST"], *found["OTRM"]]
    found["WORD"] = [*found["TIAB"], *found["MESH"], *found["PTYP"], *found["SUBS"], *found["SI"]]
    found["ALL"] = [value for code, values in found.items() if code not in {"FILT", "TIAB", "WORD"} for value in values]
    return {code: tuple(values) for code, values in found.items() if values}


def _read_author(element: Any, found: defaultdict[str, list[str]]) -> None:
    family = element.findtext("LastName")
    if family:
        found["AUTH"].append(f"{family} {element.findtext('Initials') or ''}".strip())
        found["FULL"].append(f"{family} {element.findtext('ForeName') or ''}".strip())
    elif element.find("CollectiveName") is not None:
        found["COLN"].append(read_text(element.find("CollectiveName")))
    found["AFFL"].extend(read_text(inner) for inner in element.iterfind("AffiliationInfo/Affiliation"))
    found["AUID"].extend(inner.text or "" for inner in element.iterfind("Identifier"))


def _read_heading(element: Any, found: defaultdict[str, list[str]]) -> None:
    descriptor, *qualifiers = element
    values = [descriptor.text, *(f"{descriptor.text}/{qualifier.text}" for qualifier in qualifiers)]
    found["MESH"].extend(values)
    found["SUBH"].extend(qualifier.text for qualifier in qualifiers)
    if any(part.get("MajorTopicYN") == "Y" for part in element):
        found["MAJR"].extend(values)


def _read_bank(element: Any, found: defaultdict[str, list[str]]) -> None:
    name = element.findtext("DataBankName") or ""
    for number in element.iterfind(".//AccessionNumber"):
        found["SI"] += [f"{name}/{number.text}", number.text]


def _read_language(element: Any, found: defaultdict[str, list[str]]) -> None:
    found["LANG"] += [element.text, LANGUAGES.get(element.text, element.text)]


_READERS = {"Author": _read_author, "MeshHeading": _read_heading, "DataBank": _read_bank, "Language": _read_language}


def _read_filters(tree: Any, found: defaultdict[str, list[str]]) -> None:
    names = ["all"]
    citation = tree.find("MedlineCitation")
    if citation is None:
        names.append("pubmed books")
    else:
        status = citation.get("Status", "")
        names.append(
            {"PubMed-not-MEDLINE": "pubmednotmedline", "Publisher": "publisher"}.get(status, status.casefold())
        )
        if status.startswith("In-"):
            names.append("inprocess")
    if found["ABST"]:
        names.append("hasabstract")
    if tree.find("PubmedData/ArticleIdList/ArticleId[@IdType='pmc']") is not None:
        names.append("free full text")
    if "Systematic Review" in found["PTYP"]:
        names.append("systematic")
    found["FILT"] = names


def read_day(element: Any) -> int | None:
    """Read Year, Month, Day as a number like 20240131; what is not said counts as the first; None without a year."""
    medline = element.findtext("MedlineDate")
    words = medline.replace("-", " ").split() if medline else []
    year = element.findtext("Year") or next((word for word in words if word.isdigit() and len(word) == 4), None)
    if year is None:
        return None
    month_text = element.findtext("Month") or element.findtext("Season") or (words[1] if len(words) > 1 else "")
    month = int(month_text) if month_text.isdigit() else MONTHS.get(month_text[:3].casefold(), 0)
    month = month if 1 <= month <= 12 else _SEASONS.get(month_text.casefold(), 1)
    return int(year) * 10000 + month * 100 + int(element.findtext("Day") or 1)


def read_dates(tree: Any) -> dict[str, tuple[int, ...]]:
    """Collect the days of every date field; publication has up to two, the printed and the electronic one."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for path, codes in (
        (".//JournalIssue/PubDate", ("PDAT", "PPDT")),
        ("BookDocument/Book/PubDate", ("PDAT",)),
        (".//ArticleDate", ("PDAT", "EPDT")),
        (".//DateRevised", ("MDAT",)),
        (".//DateCompleted", ("CDAT",)),
    ):
        for element in tree.iterfind(path):
            day = read_day(element)
            if day is not None:
                for code in codes:
                    found[code].add(day)
    for element in tree.iterfind(".//PubMedPubDate"):
        kind = _HISTORY.get(element.get("PubStatus"))
        day = read_day(element)
        if kind and day is not None:
            found[kind].add(day)
    return {code: tuple(sorted(days)) for code, days in found.items()}

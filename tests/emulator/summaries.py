"""ESummary in its three forms: XML 1.0, XML 2.0 and JSON."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from tests.emulator import bodies
from tests.emulator.corpus import Corpus
from tests.emulator.corpus import Entry
from tests.emulator.corpus import normalise
from tests.emulator.faults import JSON
from tests.emulator.faults import Answer
from tests.emulator.faults import Call
from tests.emulator.values import LANGUAGES
from tests.emulator.values import read_text

_ID_TYPES = {"pubmed": 1, "doi": 3, "pii": 4, "pmcid": 5, "pmc": 8, "bookaccession": 2}
_STATUS_CODES = {"ppublish": "4", "epublish": "3", "aheadofprint": "10"}
_MOST_JSON = 500
_UNKNOWN = "cannot get document summary"


def summarise(entry: Entry) -> dict[str, Any]:
    """Make the JSON summary of a record."""
    tree = entry.tree
    article = tree.find(".//Article") if not entry.is_book else tree.find("BookDocument")
    names = [
        {"name": name, "authtype": kind, "clusterid": ""}
        for kind, code in (("Author", "AUTH"), ("CollectiveName", "COLN"))
        for name in entry.values.get(code, ())
    ]
    ids = [
        {"idtype": number.get("IdType"), "idtypen": _ID_TYPES.get(number.get("IdType"), 0), "value": number.text or ""}
        for number in tree.iterfind("PubmedData/ArticleIdList/ArticleId")
    ]
    pmc = next((item["value"] for item in ids if item["idtype"] == "pmc"), "")
    if pmc:
        ids.append({"idtype": "pmcid", "idtypen": 5, "value": f"pmc-id: {pmc};"})
    history = [
        {"pubstatus": day.get("PubStatus"), "date": "/".join(part.text.zfill(2) for part in list(day)[:3]) + " 00:00"}
        for day in tree.iterfind(".//PubMedPubDate")
    ]
    issue = tree.find(".//JournalIssue")
    title_element = article.find("ArticleTitle")
    title = read_text(title_element) if title_element is not None else ""
    doi = tree.find(".//ELocationID[@EIdType='doi']")
    status = tree.findtext(".//PublicationStatus") or ""
    return {
        "uid": str(entry.pmid),
        "pubdate": " ".join(part.text for part in issue.find("PubDate")) if issue is not None else "",
        "epubdate": " ".join(part.text for part in tree.find(".//ArticleDate"))
        if tree.find(".//ArticleDate") is not None
        else "",
        "source": tree.findtext(".//MedlineTA") or "",
        "authors": names,
        "lastauthor": names[-1]["name"] if names else "",
        "title": title,
        "sorttitle": normalise(title),
        "volume": tree.findtext(".//JournalIssue/Volume") or "",
        "issue": tree.findtext(".//JournalIssue/Issue") or "",
        "pages": tree.findtext(".//MedlinePgn") or "",
        "lang": [element.text for element in tree.iterfind(".//Language")],
        "nlmuniqueid": tree.findtext(".//NlmUniqueID") or "",
        "issn": tree.findtext(".//Journal/ISSN[@IssnType='Print']") or "",
        "essn": tree.findtext(".//Journal/ISSN[@IssnType='Electronic']") or "",
        "pubtype": list(entry.values.get("PTYP", ())),
        "recordstatus": "PubMed - indexed for MEDLINE" if "medline" in entry.values["FILT"] else "PubMed",
        "pubstatus": _STATUS_CODES.get(status, ""),
        "articleids": ids,
        "history": history,
        "references": [],
        "attributes": ["Has Abstract"] if "hasabstract" in entry.values["FILT"] else [],
        "pmcrefcount": "",
        "fulljournalname": tree.findtext(".//Journal/Title") or "",
        "elocationid": f"doi: {doi.text}" if doi is not None else "",
        "doctype": "book" if entry.is_book else "citation",
        "srccontriblist": [],
        "booktitle": tree.findtext(".//BookTitle") or "",
        "medium": "",
        "edition": "",
        "publisherlocation": "",
        "publishername": tree.findtext(".//PublisherName") or "",
        "srcdate": "",
        "reportnumber": "",
        "availablefromurl": "",
        "locationlabel": "",
        "doccontriblist": [],
        "docdate": "",
        "bookname": "",
        "chapter": "",
        "sortpubdate": "",
        "sortfirstauthor": names[0]["name"] if names else "",
        "vernaculartitle": " ".join(entry.values.get("TT", ())),
    }


def answer_summaries(call: Call, corpus: Corpus, pmids: list[int]) -> Answer:
    """Answer for these PMIDs, in the form that was asked."""
    if call.wants_json:
        if len(pmids) > _MOST_JSON:
            text = "Too many UIDs in request. Maximum number of UIDs is 500 for JSON format output."
            return Answer(f'{{"header":{{"type":"esummary","version":"0.3"}},"error":"{text}"}}\n'.encode(), JSON)
        result: dict[str, Any] = {"uids": [str(pmid) for pmid in pmids]}
        for pmid in pmids:
            entry = corpus.get(pmid)
            result[str(pmid)] = summarise(entry) if entry else {"uid": str(pmid), "error": _UNKNOWN}
        data = {"header": {"type": "esummary", "version": "0.3"}, "result": result}
        return Answer(json.dumps(data, separators=(",", ":")).encode() + b"\n", JSON)
    if call.params.get("version") == "2.0":
        rows = "".join(_write_second(corpus.get(pmid), pmid) for pmid in pmids)
        head = '<?xml version="1.0" encoding="UTF-8" ?>\n<eSummaryResult>\n<DocumentSummarySet status="OK">\n'
        return Answer(
            f"{head}<DbBuild>Build251126</DbBuild>\n{rows}</DocumentSummarySet>\n</eSummaryResult>\n".encode()
        )
    rows = "".join(_write_first(corpus.get(pmid), pmid) for pmid in pmids)
    return Answer(f"{bodies.head('esummary')}<eSummaryResult>\n{rows}</eSummaryResult>\n".encode())


def _write_second(entry: Entry | None, pmid: int) -> str:
    if entry is None:
        return f'<DocumentSummary uid="{pmid}">\n\t<error>{_UNKNOWN}</error>\n</DocumentSummary>\n'
    summary = summarise(entry)
    rows = "".join(
        f"\t<{tag}>{escape(str(summary[key]))}</{tag}>\n"
        for tag, key in (("PubDate", "pubdate"), ("Source", "source"), ("Title", "title"), ("Volume", "volume"))
    )
    return f'<DocumentSummary uid="{pmid}">\n{rows}</DocumentSummary>\n'


def _write_first(entry: Entry | None, pmid: int) -> str:
    if entry is None:
        return f'<DocSum>\n\t<Id>{pmid}</Id>\n\t<Item Name="error" Type="String">{_UNKNOWN}</Item>\n</DocSum>\n\n'
    summary = summarise(entry)
    languages = [LANGUAGES.get(code, code).capitalize() for code in summary["lang"]]
    items = [
        _item("PubDate", "Date", summary["pubdate"]),
        _item("EPubDate", "Date", summary["epubdate"]),
        _item("Source", "String", summary["source"]),
        _list("AuthorList", [("Author", author["name"]) for author in summary["authors"]]),
        _item("LastAuthor", "String", summary["lastauthor"]),
        _item("Title", "String", summary["title"]),
        _item("Volume", "String", summary["volume"]),
        _item("Issue", "String", summary["issue"]),
        _item("Pages", "String", summary["pages"]),
        _list("LangList", [("Lang", language) for language in languages]),
        _item("NlmUniqueID", "String", summary["nlmuniqueid"]),
        _item("ISSN", "String", summary["issn"]),
        _item("ESSN", "String", summary["essn"]),
        _list("PubTypeList", [("PubType", kind) for kind in summary["pubtype"]]),
        _item("RecordStatus", "String", summary["recordstatus"]),
        _item("PubStatus", "String", entry.tree.findtext(".//PublicationStatus") or ""),
        _list("ArticleIds", [(item["idtype"], item["value"]) for item in summary["articleids"]]),
        _list("History", [(item["pubstatus"], item["date"]) for item in summary["history"]]),
        _list("References", []),
        _item("HasAbstract", "Integer", "1" if summary["attributes"] else "0"),
        _item("PmcRefCount", "Integer", "0"),
        _item("FullJournalName", "String", summary["fulljournalname"]),
        _item("ELocationID", "String", summary["elocationid"]),
        _item("SO", "String", f"{summary['pubdate']};{summary['volume']}({summary['issue']}):{summary['pages']}"),
    ]
    return f"<DocSum>\n\t<Id>{pmid}</Id>\n{''.join(items)}</DocSum>\n\n"


def _item(name: str, kind: str, value: str) -> str:
    return f'\t<Item Name="{name}" Type="{kind}">{escape(value)}</Item>\n'


def _list(name: str, values: list[tuple[str, str]]) -> str:
    inner = "".join(f'\t\t<Item Name="{key}" Type="String">{escape(value)}</Item>\n' for key, value in values)
    return f'\t<Item Name="{name}" Type="List">{chr(10) if inner else ""}{inner}{chr(9) if inner else ""}</Item>\n'

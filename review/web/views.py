"""Records and decisions as the page receives them: plain JSON values, every text as it is, links made here alone."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote
from urllib.parse import urlsplit

from review.model import Decision
from review.model import Record

#: Authors that are named before "and n more".
_AUTHORS = 12

_NOTICES = {
    "retraction-in": "Retracted",
    "retraction-of": "Retracts another article",
    "expression-of-concern-in": "Expression of concern",
    "erratum-in": "Corrected",
    "update-in": "Updated",
    "republished-in": "Republished",
}


def view_record(record: Record) -> dict[str, object]:
    """Return what the page shows of a record."""
    authors = [str(author) for author in record.authors[:_AUTHORS]]
    more = len(record.authors) - len(authors)
    return {
        "title": record.title,
        "vernacular": record.vernacular_title,
        "authors": "; ".join(authors) + (f"; and {more} more" if more > 0 else ""),
        "journal": record.journal or record.journal_abbreviation,
        "year": record.year,
        "where": _join_place(record),
        "types": list(record.publication_types or ((record.entry_type,) if record.entry_type else ())),
        "languages": list(record.languages),
        "sections": _list_sections(record),
        "mesh": list(record.mesh),
        "keywords": list(record.keywords),
        "registrations": list(record.registrations),
        "retracted": record.is_retracted,
        "notices": [
            {"kind": _NOTICES[relation.kind], "text": relation.text or relation.doi or relation.pmid}
            for relation in record.relations
            if relation.kind in _NOTICES
        ],
        "links": _list_links(record),
    }


def _join_place(record: Record) -> str:
    issue = f"({record.issue})" if record.issue else ""
    pages = f":{record.pages}" if record.pages else ""
    return f"{record.volume}{issue}{pages}"


def _list_sections(record: Record) -> list[dict[str, str]]:
    sections = [{"label": section.label, "text": section.text} for section in record.abstract_sections if section.text]
    return sections or ([{"label": "", "text": record.abstract}] if record.abstract else [])


def _list_links(record: Record) -> list[dict[str, str]]:
    links = []
    if record.doi:
        links.append({"label": f"doi:{record.doi}", "url": f"https://doi.org/{quote(record.doi, safe='/')}"})
    if record.pmid.isdigit():
        links.append({"label": f"PubMed {record.pmid}", "url": f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/"})
    if not links and _is_web_address(record.url):
        links.append({"label": record.url, "url": record.url})
    return links


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def view_decision(decision: Decision | None) -> Mapping[str, str] | None:
    """Return what the page shows of a decision; None for none."""
    if decision is None:
        return None
    return {
        "by": decision.by,
        "time": decision.time,
        "decision": decision.verdict,
        "reason": decision.reason,
        "note": decision.note,
    }

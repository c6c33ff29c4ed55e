"""Crossref's JSON: a list of works as publishers deposited them.

The items are CSL-JSON with more: JATS in abstracts, dates by kind, statements on other works. A retraction is told at the retracted
work (`updated-by`, by the publisher or Retraction Watch) and at its notice (`update-to`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import BinaryIO

from review.formats.csl_json import ENTRY_TYPES
from review.formats.dates import iso_date
from review.formats.draft import Draft
from review.formats.json_page import RETRACTED
from review.formats.json_page import as_list
from review.formats.json_page import as_map
from review.formats.json_page import as_maps
from review.formats.json_page import as_text
from review.formats.json_page import as_texts
from review.formats.json_page import parse_page
from review.formats.json_page import within
from review.formats.markup import clean_text
from review.formats.people import parse_name
from review.formats.result import Item
from review.formats.result import Refusal
from review.identifiers import normal_doi
from review.model import AbstractSection
from review.model import Author
from review.model import Relation

SOURCE = "crossref"

_TYPES = {
    "reference-entry": "chapter", "book-section": "chapter", "book-part": "chapter", "edited-book": "book", "reference-book": "book", "report": "other",
    "peer-review": "other", "component": "other",
}  # fmt: skip

#: Crossref's kinds of updates -> (at the work that was updated, at the notice), in PubMed's words.
_UPDATES = {
    "retraction": ("retraction-in", "retraction-of"),
    "partial_retraction": ("partial-retraction-in", "partial-retraction-of"),
    "withdrawal": ("retraction-in", "retraction-of"),
    "removal": ("retraction-in", "retraction-of"),
    "expression_of_concern": ("expression-of-concern-in", "expression-of-concern-for"),
    "correction": ("erratum-in", "erratum-for"),
    "corrigendum": ("erratum-in", "erratum-for"),
    "erratum": ("erratum-in", "erratum-for"),
    "addendum": ("erratum-in", "erratum-for"),
    "clarification": ("erratum-in", "erratum-for"),
    "new_version": ("update-in", "update-of"),
    "new_edition": ("update-in", "update-of"),
}
_RELATIONS = {
    "is-preprint-of": "preprint-of", "has-preprint": "has-preprint", "is-version-of": "version-of", "is-comment-on": "comment-on",
    "has-comment": "comment-in", "is-reply-to": "reply-to", "has-reply": "has-reply", "is-translation-of": "translation-of",
    "has-translation": "has-translation", "is-supplement-to": "supplement-to", "is-part-of": "part-of",
}  # fmt: skip
_MARKED_RETRACTED = re.compile(r"^\W*(?:RETRACTED|WITHDRAWN)(?:\s+ARTICLE)?\s*[:\]]")
_SECTION = re.compile(r"<(?:jats:)?title>(.*?)</(?:jats:)?title>", re.IGNORECASE | re.DOTALL)


def parse_crossref_json(stream: BinaryIO, *, path: str, source: str = "", run: str = "") -> Iterator[Item]:
    """Read a page of works."""
    yield from parse_page(
        stream, path=path, source=source or SOURCE, run=run, list_entries=list_works, read_entry=read_work
    )


def list_works(page: Mapping[str, object]) -> list[Mapping[str, object]]:
    """Return the works of a page."""
    return as_maps(within(page, "message", "items"))


def name_work(work: Mapping[str, object]) -> str:
    """Return the DOI of a work in normal form; empty if it has none."""
    return normal_doi(as_text(work.get("DOI")))


def read_work(work: Mapping[str, object]) -> Draft | Refusal:
    """Make a draft of a work."""
    doi = name_work(work)
    if not doi:
        return Refusal(1, "the work has no DOI")
    kind, subtype = as_text(work.get("type")), as_text(work.get("subtype"))
    draft = Draft(1, doi=doi, url=as_text(work.get("URL")))
    title, subtitle = as_text(work.get("title")), as_text(work.get("subtitle"))
    draft.title = f"{title}: {subtitle}" if title and subtitle and subtitle not in title else title
    draft.vernacular_title = as_text(work.get("original-title"))
    draft.authors = [author for item in as_maps(work.get("author")) if (author := _read_author(item))]
    draft.keep("editor", *(str(name) for item in as_maps(work.get("editor")) if (name := _read_author(item))))
    draft.entry_type = _TYPES.get(kind) or ENTRY_TYPES.get(kind, "other" if kind else "article")
    if kind == "posted-content" and subtype != "preprint":
        draft.entry_type = "other"
    draft.publication_types = [text for text in (kind, subtype) if text]
    _read_place(work, draft)
    _read_abstract(as_text(work.get("abstract")), draft)
    draft.languages = as_texts(work.get("language"))
    draft.relations = list(_read_relations(work))
    if _MARKED_RETRACTED.match(draft.title):
        draft.publication_types.append(RETRACTED)
    draft.registrations = [
        as_text(item.get("clinical-trial-number")) for item in as_maps(work.get("clinical-trial-number"))
    ]
    draft.keep("crossref:is-referenced-by-count", as_text(work.get("is-referenced-by-count")))
    return draft


def _read_author(item: Mapping[str, object]) -> Author | None:
    affiliations = tuple(name for part in as_maps(item.get("affiliation")) if (name := as_text(part.get("name"))))
    if as_text(item.get("name")):
        return Author(as_text(item.get("name")), is_collective=True, affiliations=affiliations)
    family, given = as_text(item.get("family")), as_text(item.get("given"))
    if not family:
        author = parse_name(given)
        return author._replace(affiliations=affiliations) if author else None
    suffix = as_text(item.get("suffix"))
    orcid = as_text(item.get("ORCID")).rsplit("/", 1)[-1]
    return Author(family, ", ".join(part for part in (given, suffix) if part), affiliations=affiliations, orcid=orcid)


def _read_place(work: Mapping[str, object], draft: Draft) -> None:
    containers = as_texts(work.get("container-title"))
    draft.journal = containers[0] if containers else ""
    if draft.entry_type == "chapter" and len(containers) > 1:
        draft.keep("series", containers[0])
        draft.journal = containers[-1]
    draft.journal_abbreviation = as_text(work.get("short-container-title"))
    draft.volume, draft.issue = as_text(work.get("volume")), as_text(work.get("issue"))
    draft.pages = as_text(work.get("page")) or as_text(work.get("article-number"))
    draft.serials = [*as_texts(work.get("ISSN")), *as_texts(work.get("ISBN"))]
    printed, online = read_date(work.get("published-print")), read_date(work.get("published-online"))
    posted = read_date(work.get("posted"))
    issued = read_date(work.get("issued")) or read_date(work.get("published"))
    draft.dates = [printed or issued or posted or online, online]
    draft.epub_date = online or posted
    draft.keep("publisher", as_text(work.get("publisher")))
    draft.keep("place", as_text(work.get("publisher-location")))
    draft.keep("conference", as_text(within(work, "event", "name")))
    draft.keep("article-number", as_text(work.get("article-number")))


def read_date(value: object) -> str:
    """Return the ISO date of `{"date-parts": [[2019, 3]]}`, cut to what is known; `[[null]]` and nonsense are empty."""
    parts = as_list(as_map(value).get("date-parts"))
    first = parts[0] if parts and isinstance(parts[0], list) else []
    numbers = [part for part in first[:3] if isinstance(part, int) and not isinstance(part, bool)]
    if not numbers or len(numbers) != len(first[:3]) or not 1400 <= numbers[0] <= 2100:
        return ""
    return iso_date(*numbers)


def _read_abstract(jats: str, draft: Draft) -> None:
    """An abstract's headings stand in title elements; `Abstract` alone is none."""
    parts = _SECTION.split(jats)
    if len(parts) == 1:
        draft.abstract = jats
        return
    texts = [("", parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]
    for label, text in texts:
        plain = clean_text(label).rstrip(":")
        if clean_text(text):
            draft.sections.append(AbstractSection("" if plain.casefold() == "abstract" else plain, text))
    if not any(section.label for section in draft.sections):
        draft.sections.clear()
        draft.abstract = " ".join(text for _, text in texts)
        return
    draft.abstract = " ".join(
        f"{section.label}: {section.text}" if section.label else section.text for section in draft.sections
    )


def _read_relations(work: Mapping[str, object]) -> Iterator[Relation]:
    for key, place in (("updated-by", 0), ("update-to", 1)):
        for item in as_maps(work.get(key)):
            kind = as_text(item.get("type")).lower().replace("-", "_").replace(" ", "_")
            known = _UPDATES.get(kind)
            name = known[place] if known else f"{kind.replace('_', '-')}-{'in' if place == 0 else 'of'}" if kind else ""
            if name:
                yield Relation(name, doi=normal_doi(as_text(item.get("DOI"))), text=as_text(item.get("label")))
    for kind, items in as_map(work.get("relation")).items():
        for item in as_maps(items):
            name = _RELATIONS.get(kind, "")
            doi = normal_doi(as_text(item.get("id"))) if as_text(item.get("id-type")) == "doi" else ""
            pmid = as_text(item.get("id")) if as_text(item.get("id-type")) == "pmid" else ""
            if name and (doi or pmid):
                yield Relation(name, pmid=pmid, doi=doi)

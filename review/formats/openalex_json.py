"""OpenAlex's JSON: a list of works.

Ids are addresses; abstracts are an inverted index (word to positions), because many publishers allow no other form. The flag
`is_retracted` is also set on some retraction notices, which are not retracted themselves.

Source: Hauschke C, Nazarovets S. (Non-)retracted academic papers in OpenAlex, 2024 (on the flag's false positives).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import BinaryIO

from review.formats.draft import Draft
from review.formats.draft import join_pages
from review.formats.json_page import RETRACTED
from review.formats.json_page import as_map
from review.formats.json_page import as_maps
from review.formats.json_page import as_text
from review.formats.json_page import as_texts
from review.formats.json_page import name_entry
from review.formats.json_page import parse_page
from review.formats.json_page import within
from review.formats.people import parse_name
from review.formats.result import Item
from review.formats.result import Refusal
from review.model import Author

SOURCE = "openalex"

#: An abstract of more words is none; the positions come from the service and must not decide how much memory is taken.
LONGEST_ABSTRACT = 200_000

ENTRY_TYPES = {
    "article": "article", "review": "review", "preprint": "preprint", "book": "book", "book-chapter": "chapter", "dissertation": "thesis",
    "dataset": "dataset", "letter": "letter", "editorial": "editorial", "erratum": "erratum", "retraction": "erratum",
    "report": "other", "paratext": "other", "peer-review": "other", "reference-entry": "chapter", "conference-abstract": "abstract",
}  # fmt: skip
_NOTICE = re.compile(r"^\W*(?:notice of )?(?:retraction|withdrawal|erratum|corrigendum|correction)\b", re.IGNORECASE)
_NUMBER = re.compile(r"[Ww]\d+$")


def parse_openalex_json(stream: BinaryIO, *, path: str, source: str = "", run: str = "") -> Iterator[Item]:
    """Read a page of works."""
    yield from parse_page(
        stream, path=path, source=source or SOURCE, run=run, list_entries=list_works, read_entry=read_work
    )


def list_works(page: Mapping[str, object]) -> list[Mapping[str, object]]:
    """Return the works of a page."""
    return as_maps(page.get("results"))


def name_work(work: Mapping[str, object]) -> str:
    """Return OpenAlex's number of a work, `W2741809807`; empty if it has none."""
    return short_id(as_text(work.get("id")))


def short_id(address: str) -> str:
    """Return the number at the end of an address of OpenAlex, with a capital W; empty if there is none."""
    match = _NUMBER.search(address)
    return match.group().upper() if match else ""


def read_work(work: Mapping[str, object]) -> Draft | Refusal:
    """Make a draft of a work."""
    number = name_work(work)
    if not number:
        return Refusal(1, "the work has no id")
    ids = as_map(work.get("ids"))
    draft = Draft(1, accession=number, url=as_text(work.get("id")))
    draft.doi = as_text(work.get("doi")) or as_text(ids.get("doi"))
    draft.pmid = _last_part(as_text(ids.get("pmid")))
    pmcid = _last_part(as_text(ids.get("pmcid")))
    draft.pmcid = f"PMC{pmcid}" if pmcid.isdigit() else pmcid
    draft.title = as_text(work.get("title")) or as_text(work.get("display_name"))
    draft.authors = [author for item in as_maps(work.get("authorships")) if (author := _read_author(item))]
    _read_place(work, draft)
    draft.abstract = invert_index(work.get("abstract_inverted_index"))
    draft.languages = as_texts(work.get("language"))
    kind = as_text(work.get("type"))
    draft.entry_type = ENTRY_TYPES.get(kind, "other" if kind else "article")
    draft.publication_types = [kind] if kind else []
    if work.get("is_retracted") is True and not is_notice(draft.title, kind):
        draft.publication_types.append(RETRACTED)
    draft.mesh = [_write_heading(item) for item in as_maps(work.get("mesh"))]
    draft.keywords = [as_text(item.get("display_name")) for item in as_maps(work.get("keywords"))]
    draft.keep("openalex:id", number)
    draft.keep("openalex:cited_by_count", as_text(work.get("cited_by_count")))
    draft.keep("openalex:oa_status", as_text(within(work, "open_access", "oa_status")))
    draft.keep("openalex:oa_url", as_text(within(work, "open_access", "oa_url")))
    return name_entry(draft, SOURCE)


def invert_index(index: object) -> str:
    """Return the text of an abstract from its inverted index; positions that are none are passed over."""
    places: list[tuple[int, str]] = []
    for word, positions in as_map(index).items():
        numbers = positions if isinstance(positions, list) else []
        places += [(number, word) for number in numbers if isinstance(number, int) and not isinstance(number, bool)]
        if len(places) > LONGEST_ABSTRACT:
            return ""
    return " ".join(word for _, word in sorted(places, key=lambda place: place[0]))


def is_notice(title: str, kind: str) -> bool:
    """Whether a work tells of a retraction or correction of another one."""
    return kind in {"retraction", "erratum"} or bool(_NOTICE.match(title))


def _last_part(address: str) -> str:
    return address.rstrip("/").rsplit("/", 1)[-1]


def _read_author(item: Mapping[str, object]) -> Author | None:
    person = as_map(item.get("author"))
    author = parse_name(as_text(item.get("raw_author_name")) or as_text(person.get("display_name")))
    if author is None:
        return None
    affiliations = as_texts(item.get("raw_affiliation_strings")) or [
        as_text(part.get("display_name")) for part in as_maps(item.get("institutions"))
    ]
    return author._replace(
        affiliations=tuple(text for text in affiliations if text), orcid=_last_part(as_text(person.get("orcid")))
    )


def _read_place(work: Mapping[str, object], draft: Draft) -> None:
    venue = as_map(within(work, "primary_location", "source"))
    biblio = as_map(work.get("biblio"))
    if draft.entry_type != "preprint":
        draft.journal = as_text(venue.get("display_name"))
    draft.keep("publisher", as_text(venue.get("host_organization_name")))
    draft.serials = [as_text(venue.get("issn_l")), *as_texts(venue.get("issn"))]
    draft.volume, draft.issue = as_text(biblio.get("volume")), as_text(biblio.get("issue"))
    draft.pages = join_pages(as_text(biblio.get("first_page")), as_text(biblio.get("last_page")))
    draft.year = as_text(work.get("publication_year"))
    date = as_text(work.get("publication_date"))
    # The first of January is what OpenAlex writes where only the year is known.
    draft.dates = [] if date.endswith("-01-01") else [date]


def _write_heading(item: Mapping[str, object]) -> str:
    """Write a MeSH heading as MEDLINE text has it; OpenAlex marks the whole heading as major, with its qualifier."""
    star = "*" if item.get("is_major_topic") is True else ""
    name, qualifier = as_text(item.get("descriptor_name")), as_text(item.get("qualifier_name"))
    return f"{name}/{star}{qualifier}" if qualifier else f"{star}{name}"

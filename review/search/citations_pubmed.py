"""Citations by PubMed's own links (ELink): `pubmed_pubmed_refs` and `pubmed_pubmed_citedin`.

Both come from the full texts in PubMed Central alone: an empty answer does not mean that there are no citations. One `id` parameter for each
report gives a set of links for each; ids joined by commas would give their union. The links are asked for as JSON; the
service puts failures into such answers, with raw line breaks inside their strings.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Generator
from collections.abc import Iterator
from collections.abc import Sequence

from review.errors import BadResponse
from review.errors import FormatError
from review.errors import SourceUnavailable
from review.formats.json_page import as_maps
from review.formats.json_page import as_text
from review.formats.json_page import as_texts
from review.model import RecordId
from review.search.citations import Chase
from review.search.citations import Direction
from review.search.citations import Links
from review.search.citations import Seed
from review.search.citations import check_missing
from review.search.citations import tell_links
from review.search.citations import unite
from review.search.http import Answer
from review.search.http import Request
from review.search.http import Retry
from review.search.run_document import MissingHit
from review.search.run_document import RunCounts
from review.search.settings import Settings
from review.search.sources.contract import Page
from review.search.sources.eutils import Eutils
from review.search.sources.eutils import connect
from review.search.sources.eutils_answers import check_answer
from review.search.sources.eutils_answers import scan_page
from review.search.store import RunStore

TITLE = "PubMed"
LINK_NAMES: dict[Direction, str] = {"forward": "pubmed_pubmed_citedin", "backward": "pubmed_pubmed_refs"}

#: Reports asked for at once, and records.
SEEDS_AT_ONCE = 50
PAGE_SIZE = 200

#: How often records that were not delivered are asked for.
ROUNDS = 2


class PubMedCitations:
    """Follows citations in PubMed (see `citations.Chaser`)."""

    name = "pubmed-citations"
    platform = "PubMed (NLM, E-utilities ELink)"

    def __init__(self, eutils: Eutils, *, page_size: int = PAGE_SIZE) -> None:
        self.eutils = eutils
        self.page_size = page_size

    def chase(
        self, seeds: Sequence[Seed], directions: Sequence[Direction], store: RunStore
    ) -> Generator[Page, None, Chase]:
        """Follow the reports; see `citations.Chaser.chase`."""
        known = [seed for seed in seeds if seed.pmid]
        links: Links = {direction: self._link(known, direction, store) for direction in directions}
        unknown = self._find_unknown(known, links)
        for found in links.values():
            for seed in unknown:
                found.pop(seed.id, None)
        wanted = unite(links)
        received = yield from self._fetch(wanted, store)
        lines, findings = tell_links(TITLE, seeds, directions, links)
        missing = sorted(set(wanted) - received, key=int)
        findings += check_missing(TITLE, missing)
        counts = RunCounts(
            hits=len(wanted),
            retrieved=len(wanted) - len(missing),
            received=len(wanted) - len(missing),
            lines=lines,
            missing=tuple(MissingHit(item, "not delivered") for item in missing),
            requests={"sent": self.eutils.transport.sent, "repeated": self.eutils.transport.repeated},
            findings=tuple(findings),
        )
        return Chase(counts, tuple(f"pubmed:{item}" for item in wanted))

    def _link(self, seeds: Sequence[Seed], direction: Direction, store: RunStore) -> dict[RecordId, tuple[str, ...]]:
        found: dict[RecordId, tuple[str, ...]] = {}
        names = store.list_stored(direction)
        for place, start in enumerate(range(0, len(seeds), SEEDS_AT_ONCE)):
            chunk = seeds[start : start + SEEDS_AT_ONCE]
            if place < len(names):
                sets = parse_links(store.read(names[place]), LINK_NAMES[direction])
                store.describe(names[place], "answer-json", 0)
            else:
                sets = self._ask_links(chunk, direction, store)
            found.update({seed.id: sets.get(seed.pmid, ()) for seed in chunk})
        return found

    def _ask_links(self, seeds: Sequence[Seed], direction: Direction, store: RunStore) -> dict[str, tuple[str, ...]]:
        settings = self.eutils.settings
        rows = [
            ("dbfrom", "pubmed"), ("db", "pubmed"), ("cmd", "neighbor"), ("linkname", LINK_NAMES[direction]), ("retmode", "json"),
            ("tool", settings.tool), ("email", settings.email),
        ]  # fmt: skip
        if settings.api_key:
            rows.append(("api_key", settings.api_key))
        rows += [("id", seed.pmid) for seed in seeds]
        asked = {seed.pmid for seed in seeds}

        def read(answer: Answer) -> dict[str, tuple[str, ...]]:
            sets = parse_links(check_links(answer), LINK_NAMES[direction])
            if asked - sets.keys():
                raise Retry("links of fewer reports than were asked for")
            store.describe(store.keep(direction, answer.body, suffix="json"), "answer-json", 0)
            return sets

        return self.eutils.transport.send(Request("ELink", f"{settings.address}elink.fcgi", rows, method="POST"), read)

    def _find_unknown(self, seeds: Sequence[Seed], links: Links) -> list[Seed]:
        """Reports without any link that have no record at all; where the service cannot say, they count as known."""
        bare = [seed for seed in seeds if not any(found.get(seed.id) for found in links.values())]
        if not bare:
            return []
        try:
            gone = self.eutils.find_gone(seed.pmid for seed in bare)
        except (SourceUnavailable, BadResponse):
            return []
        return [seed for seed in bare if seed.pmid in gone]

    def _fetch(self, wanted: Sequence[str], store: RunStore) -> Generator[Page, None, set[str]]:
        received: set[str] = set()
        for name in store.list_stored("page"):
            try:
                records = scan_page(store.read(name))
            except (Retry, FormatError):
                store.discard(name)
                continue
            store.describe(name, "pubmed-xml", len(records))
            received |= {record.pmid for record in records}
        for _ in range(ROUNDS):
            missing = [item for item in wanted if item not in received]
            for start in range(0, len(missing), self.page_size):
                name, pmids = self.eutils.fetch_ids(missing[start : start + self.page_size], _page_reader(store))
                received |= set(pmids)
                yield Page(name, len(received), len(wanted))
        return received


def _page_reader(store: RunStore) -> Callable[[bytes], tuple[str, list[str]]]:
    def read(body: bytes) -> tuple[str, list[str]]:
        name = store.keep("page", body)
        try:
            records = scan_page(body)
        except Retry:
            store.discard(name)
            raise
        store.describe(name, "pubmed-xml", len(records))
        return name, [record.pmid for record in records]

    return read


def check_links(answer: Answer) -> bytes:
    """Return the body of an ELink answer that holds.

    Raises:
        Retry: For what may pass.
        SourceError: If the service refuses.
    """
    try:
        page = json.loads(answer.body, strict=False)
    except (ValueError, RecursionError):
        page = None
    if answer.status == 200 and isinstance(page, dict) and isinstance(page.get("linksets"), list):
        if "ERROR" in page or "error" in page:
            raise Retry("an error inside the answer", tries=5)
        return answer.body
    # Whatever else came is sorted as every answer of these tools is; it is not links.
    check_answer(answer, "eLinkResult")
    raise Retry("an answer that is XML instead of JSON")


def parse_links(body: bytes, name: str) -> dict[str, tuple[str, ...]]:
    """Read the links of an answer by the report's PubMed id; reports without links have none."""
    page = json.loads(body, strict=False)
    return {
        pmid: tuple(dict.fromkeys(link for link in _iter_links(item.get("linksetdbs"), name) if link != pmid))
        for item in as_maps(page.get("linksets"))
        for pmid in as_texts(item.get("ids"))[:1]
    }


def _iter_links(databases: object, name: str) -> Iterator[str]:
    """Links are ids, or objects with an id and a score."""
    for database in as_maps(databases):
        links = database.get("links")
        if database.get("linkname") == name and isinstance(links, list):
            for link in links:
                text = as_text(link.get("id") if isinstance(link, dict) else link)
                if text.isascii() and text.isdigit():
                    yield text


def open_chaser(settings: Settings, notify: Callable[[str], None] | None = None) -> PubMedCitations:
    """Return the chaser with a client of its own."""
    return PubMedCitations(Eutils(settings, connect(settings, notify=notify)))

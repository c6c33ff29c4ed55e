"""Citations in Europe PMC: `/{source}/{id}/citations` and `/references`, page by page for each report.

The lists are brief; the records behind them are fetched by a search for their keys, some dozens at once (long OR lists time out). A
reference that Europe PMC has not matched to a record of its own stands in the list alone and is read from there.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Generator
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from review.findings import Finding
from review.findings import find
from review.formats.europepmc_json import list_loose
from review.formats.europepmc_json import list_results
from review.formats.europepmc_json import name_result
from review.formats.json_page import as_maps
from review.formats.json_page import as_text
from review.formats.json_page import within
from review.identifiers import normal_doi
from review.model import RecordId
from review.search.citations import Chase
from review.search.citations import Direction
from review.search.citations import Links
from review.search.citations import Seed
from review.search.citations import check_missing
from review.search.citations import tell_links
from review.search.citations import unite
from review.search.http import Retry
from review.search.run_document import MissingHit
from review.search.run_document import RunCounts
from review.search.settings import Settings
from review.search.sources.connection import parse_object
from review.search.sources.contract import Page
from review.search.sources.europepmc import TITLE
from review.search.sources.europepmc import EuropePmc
from review.search.sources.europepmc import NotThere
from review.search.sources.europepmc import open_service
from review.search.sources.walk import Walk
from review.search.sources.walk import list_records
from review.search.store import RunStore

PAGE_SIZE = 1000
KEYS_AT_ONCE = 40

#: Of one list of links, more pages than this are not asked for: no work has a million citations.
MOST_PAGES = 1000

_PLACES: Mapping[Direction, tuple[str, str, str]] = {
    "forward": ("citations", "citationList", "citation"),
    "backward": ("references", "referenceList", "reference"),
}


class EuropePmcCitations:
    """Follows citations in Europe PMC (see `citations.Chaser`)."""

    name = "europepmc-citations"
    platform = "Europe PMC (EMBL-EBI, RESTful web service, citations and references)"

    def __init__(self, service: EuropePmc, *, page_size: int = PAGE_SIZE) -> None:
        self.service = service
        self.page_size = page_size

    def chase(
        self, seeds: Sequence[Seed], directions: Sequence[Direction], store: RunStore
    ) -> Generator[Page, None, Chase]:
        """Follow the reports; see `citations.Chaser.chase`."""
        keys = self._find_seeds(seeds, store)
        # Under PubMed's id there may be links although the search does not find the report.
        guessed = {seed.id: f"MED/{seed.pmid}" for seed in seeds if seed.pmid and seed.id not in keys}
        keys |= guessed
        lists = _Lists(self.service, store, self.page_size)
        links: Links = {}
        for direction in directions:
            links[direction] = {seed.id: lists.read(keys[seed.id], direction) for seed in seeds if seed.id in keys}
        for seed_id in guessed:
            if not any(found.get(seed_id) for found in links.values()):
                for found in links.values():
                    found.pop(seed_id, None)
        wanted = unite(links)
        walks: list[Walk] = []
        for place, start in enumerate(range(0, len(wanted), KEYS_AT_ONCE), start=1):
            query = " OR ".join(_ask_for(key) for key in wanted[start : start + KEYS_AT_ONCE])
            walk = Walk.resume(self.service, {"query": query}, store, f"records-{place}")
            yield from walk.fetch()
            walks.append(walk)
        lines, findings = tell_links(TITLE, seeds, directions, links)
        received = {key for walk in walks for key in walk.keys} & set(wanted)
        missing = sorted(set(wanted) - received)
        findings += [*check_missing(TITLE, missing), *lists.check_bare()]
        loose = list(dict.fromkeys(lists.loose))
        retrieved = len(received) + len(loose)
        counts = RunCounts(
            hits=len(wanted) + len(loose),
            retrieved=retrieved,
            received=retrieved,
            lines=lines,
            missing=tuple(MissingHit(key, "no record") for key in missing),
            requests={"sent": self.service.transport.sent, "repeated": self.service.transport.repeated},
            findings=tuple(findings),
        )
        return Chase(counts, tuple(dict.fromkeys([*(item for walk in walks for item in walk.ids), *loose])))

    def _find_seeds(self, seeds: Sequence[Seed], store: RunStore) -> dict[RecordId, str]:
        """Return the keys of the reports that the service has."""
        asked = [seed for seed in seeds if seed.pmid or seed.doi or seed.pmcid]
        found: dict[str, str] = {}
        for place, start in enumerate(range(0, len(asked), KEYS_AT_ONCE), start=1):
            query = " OR ".join(_ask_for_seed(seed) for seed in asked[start : start + KEYS_AT_ONCE])
            walk = Walk.resume(self.service, {"query": query}, store, f"seeds-{place}", "answer-json")
            for _ in walk.fetch():
                pass
            for name in store.list_stored(walk.stem):
                for result in list_results(parse_object(store.read(name))):
                    for identifier in _identify(result):
                        found.setdefault(identifier, name_result(result))
        keys = {seed.id: _choose(seed, found) for seed in asked}
        return {seed: key for seed, key in keys.items() if key}


class _Lists:
    """The lists of links, each stored as received; what the store holds of an interrupted run is used again."""

    def __init__(self, service: EuropePmc, store: RunStore, page_size: int) -> None:
        self.service = service
        self.store = store
        self.page_size = page_size
        self.loose: list[RecordId] = []
        self.bare = 0

    def read(self, key: str, direction: Direction) -> tuple[str, ...]:
        """Return the keys of what is linked to a record; references without a record are noted in `loose`."""
        linked: dict[str, None] = {}
        listed = 0
        stem = f"{direction}-{key.replace('/', '-')}"
        stored = self.store.list_stored(stem)
        for number in range(1, MOST_PAGES + 1):
            if number <= len(stored):
                page = parse_object(self.store.read(stored[number - 1]))
                self._take(stored[number - 1], self.store.read(stored[number - 1]), direction)
            else:
                try:
                    page = self._ask(key, direction, number, stem)
                except NotThere:
                    break
            entries = self._list(page, direction)
            listed += len(entries)
            linked.update({name: None for item in entries if (name := name_result(item)) and name != key})
            count = as_text(page.get("hitCount"))
            if not entries or listed >= (int(count) if count.isdigit() else 0):
                break
        return tuple(linked)

    def check_bare(self) -> Iterator[Finding]:
        """Yield a finding for references that are text alone."""
        if self.bare:
            yield find("RUN-052", f"{TITLE} has {self.bare:,} references as text alone", found=self.bare)

    def _ask(self, key: str, direction: Direction, number: int, stem: str) -> dict[str, object]:
        what = _PLACES[direction][0]

        def read(page: dict[str, object], body: bytes) -> dict[str, object]:
            count = as_text(page.get("hitCount"))
            if not count.isdigit():
                raise Retry("a list of links without a count")
            if number == 1 and int(count) and not self._list(page, direction):
                raise Retry("a count without links")
            self._take(self.store.keep(stem, body, suffix="json"), body, direction)
            return page

        parameters = {"page": str(number), "pageSize": str(self.page_size)}
        return self.service.send(what, f"{key}/{what}", parameters, read)

    def _take(self, name: str, body: bytes, direction: Direction) -> None:
        if direction == "forward":
            self.store.describe(name, "answer-json", 0)
            return
        page = parse_object(body)
        loose = list_loose(page)
        # What a list says of works that are no record elsewhere is payload; the rest of it is fetched.
        ids, _ = list_records(body, tuple("loose" for _ in loose), "europepmc-references", self.service.name)
        self.loose += ids
        without = [item for item in self._list(page, direction) if not as_text(item.get("id"))]
        self.bare += len(without) - len(loose)
        self.store.describe(name, "europepmc-references" if loose else "answer-json", len(ids))

    def _list(self, page: Mapping[str, object], direction: Direction) -> list[Mapping[str, object]]:
        _, wrapper, entry = _PLACES[direction]
        return as_maps(within(page, wrapper, entry))


def _ask_for(key: str) -> str:
    source, _, number = key.partition("/")
    return f"(EXT_ID:{number} AND SRC:{source})"


def _ask_for_seed(seed: Seed) -> str:
    if seed.pmid:
        return f"(EXT_ID:{seed.pmid} AND SRC:MED)"
    if seed.pmcid:
        return f"PMCID:{seed.pmcid}"
    doi = seed.doi.replace('"', "")
    return f'DOI:"{doi}"'


def _identify(result: Mapping[str, object]) -> Iterator[str]:
    """The identifiers by which a result can be a report's."""
    pmid, pmcid, doi = (as_text(result.get(name)) for name in ("pmid", "pmcid", "doi"))
    if as_text(result.get("source")) == "MED":
        pmid = pmid or as_text(result.get("id"))
    yield from (text for text in (pmid, pmcid, normal_doi(doi)) if text)


def _choose(seed: Seed, found: Mapping[str, str]) -> str:
    return next((found[text] for text in (seed.pmid, seed.pmcid, seed.doi) if text and text in found), "")


def open_chaser(settings: Settings, notify: Callable[[str], None] | None = None) -> EuropePmcCitations:
    """Return the chaser with a service of its own."""
    return EuropePmcCitations(open_service(settings, notify))

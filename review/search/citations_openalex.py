"""Citations in OpenAlex: `referenced_works` of the reports' own works, and the filter `cites`.

Reports are found by DOI, those without one (or not found by it) by PubMed id. Citing works come as whole pages; what a report cites is a
list of numbers, whose works are fetched by number.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Generator
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from review.formats.json_page import as_map
from review.formats.json_page import as_text
from review.formats.json_page import as_texts
from review.formats.openalex_json import list_works
from review.formats.openalex_json import name_work
from review.formats.openalex_json import short_id
from review.identifiers import normal_doi
from review.identifiers import normal_pmid
from review.model import RecordId
from review.search.citations import Chase
from review.search.citations import Direction
from review.search.citations import Links
from review.search.citations import Seed
from review.search.citations import check_missing
from review.search.citations import tell_links
from review.search.run_document import MissingHit
from review.search.run_document import RunCounts
from review.search.settings import Settings
from review.search.sources.connection import parse_object
from review.search.sources.contract import Page
from review.search.sources.openalex import TITLE
from review.search.sources.openalex import OpenAlex
from review.search.sources.openalex import open_service
from review.search.sources.walk import Walk
from review.search.store import RunStore

#: Values of one filter; the service takes a hundred.
VALUES_AT_ONCE = 50

Work = Mapping[str, object]


class OpenAlexCitations:
    """Follows citations in OpenAlex (see `citations.Chaser`)."""

    name = "openalex-citations"
    platform = "OpenAlex (OurResearch, API, references and citing works)"

    def __init__(self, service: OpenAlex) -> None:
        self.service = service

    def chase(
        self, seeds: Sequence[Seed], directions: Sequence[Direction], store: RunStore
    ) -> Generator[Page, None, Chase]:
        """Follow the reports; see `citations.Chaser.chase`."""
        works = self._find_seeds(seeds, store)
        numbers = {seed: name_work(work) for seed, work in works.items()}
        links: Links = {}
        walks: list[Walk] = []
        if "forward" in directions:
            for place, chunk in enumerate(_cut(sorted(set(numbers.values()))), start=1):
                walk = self._walk(f"cites:{'|'.join(chunk)}", store, f"forward-{place}")
                yield from walk.fetch()
                walks.append(walk)
            links["forward"] = _count_citing(numbers, [work for walk in walks for work in _read_works(walk)])
        cited: list[str] = []
        if "backward" in directions:
            links["backward"] = {seed: _list_cited(work) for seed, work in works.items()}
            at_hand = {key for walk in walks for key in walk.keys}
            cited = list(dict.fromkeys(key for keys in links["backward"].values() for key in keys))
            for place, chunk in enumerate(_cut([key for key in cited if key not in at_hand]), start=1):
                walk = self._walk(f"openalex:{'|'.join(chunk)}", store, f"backward-{place}")
                yield from walk.fetch()
                walks.append(walk)
        lines, findings = tell_links(TITLE, seeds, directions, links)
        findings += [finding for walk in walks for finding in walk.sum_up().findings]
        received = {key for walk in walks for key in walk.keys}
        # Works that were merged into others are cited by their old numbers still.
        missing = sorted(set(cited) - received)
        findings += check_missing(TITLE, missing)
        counts = RunCounts(
            hits=len(received) + len(missing),
            retrieved=len(received),
            received=len(received),
            lines=lines,
            missing=tuple(MissingHit(key, "no record") for key in missing),
            requests={"sent": self.service.transport.sent, "repeated": self.service.transport.repeated},
            findings=tuple(findings),
        )
        return Chase(counts, tuple(dict.fromkeys(item for walk in walks for item in walk.ids)))

    def _walk(self, chosen: str, store: RunStore, stem: str, format_name: str = "") -> Walk:
        return Walk.resume(self.service, {"filter": chosen}, store, stem, format_name)

    def _find_seeds(self, seeds: Sequence[Seed], store: RunStore) -> dict[RecordId, Work]:
        """Return the works of the reports that the service has."""
        # Commas and bars part values and filters; a DOI with one cannot be asked for.
        by_doi = {seed.doi: seed.id for seed in seeds if seed.doi and not set(seed.doi) & set(",|")}
        found = self._find_by("doi", by_doi, store, lambda work: normal_doi(as_text(work.get("doi"))))
        by_pmid = {seed.pmid: seed.id for seed in seeds if seed.pmid and seed.id not in found}
        found |= self._find_by("pmid", by_pmid, store, _read_pmid)
        return {seed.id: found[seed.id] for seed in seeds if seed.id in found}

    def _find_by(
        self, name: str, wanted: Mapping[str, RecordId], store: RunStore, identify: Callable[[Work], str]
    ) -> dict[RecordId, Work]:
        found: dict[RecordId, Work] = {}
        for place, chunk in enumerate(_cut(sorted(wanted)), start=1):
            walk = self._walk(f"{name}:{'|'.join(chunk)}", store, f"seeds-{name}-{place}", "answer-json")
            for _ in walk.fetch():
                pass
            for work in _read_works(walk):
                seed = wanted.get(identify(work))
                if seed is not None:
                    found.setdefault(seed, work)
        return found


def _read_works(walk: Walk) -> Iterator[Work]:
    for name in walk.store.list_stored(walk.stem):
        yield from list_works(parse_object(walk.store.read(name)))


def _read_pmid(work: Work) -> str:
    return normal_pmid(as_text(as_map(work.get("ids")).get("pmid")))


def _list_cited(work: Work) -> tuple[str, ...]:
    numbers = (short_id(address) for address in as_texts(work.get("referenced_works")))
    return tuple(dict.fromkeys(number for number in numbers if number))


def _count_citing(numbers: Mapping[RecordId, str], works: Sequence[Work]) -> dict[RecordId, tuple[str, ...]]:
    """Say of each report which works cite it: they came for all reports together."""
    citing: dict[str, dict[str, None]] = {number: {} for number in numbers.values()}
    for work in works:
        for number in _list_cited(work):
            if number in citing:
                citing[number][name_work(work)] = None
    return {seed: tuple(citing[number]) for seed, number in numbers.items()}


def _cut(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), VALUES_AT_ONCE):
        yield values[start : start + VALUES_AT_ONCE]


def open_chaser(settings: Settings, notify: Callable[[str], None] | None = None) -> OpenAlexCitations:
    """Return the chaser with a service of its own."""
    return OpenAlexCitations(open_service(settings, notify))

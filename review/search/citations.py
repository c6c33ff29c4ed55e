"""Citation searching: what the included reports cite, and what cites them, as a run of each service that is followed.

Source: Hirt J et al. Citation tracking for systematic literature searching: a scoping review. Res Synth Methods 2023;14:563-579
(no index is complete, so that more than one is to be followed). Records found so are PRISMA 2020's "other methods": the runs have the
lane `citation` and sources of their own, so that a record which a database search found as well keeps its place there.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Generator
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Literal
from typing import Protocol
from typing import cast

from review.errors import LockedError
from review.errors import UsageError
from review.findings import Finding
from review.findings import find
from review.findings import sort_findings
from review.model import Record
from review.model import RecordId
from review.model import Run
from review.search.execution import RunOutcome
from review.search.execution import list_versions
from review.search.run_document import LineHits
from review.search.run_document import RunCounts
from review.search.run_document import RunHead
from review.search.run_document import format_time
from review.search.runs import list_run_findings
from review.search.runs import read_runs
from review.search.settings import Settings
from review.search.settings import read_settings
from review.search.sources.contract import Page
from review.search.store import RunStore
from review.search.store import create_store
from review.search.store import resume_store

#: Forward are the works that cite a report, backward those that it cites.
Direction = Literal["forward", "backward"]
DIRECTIONS: tuple[Direction, ...] = ("forward", "backward")

#: Service -> module with a function `open_chaser(settings, notify)`.
SERVICES: Mapping[str, str] = {
    "europepmc": "review.search.citations_europepmc",
    "openalex": "review.search.citations_openalex",
    "pubmed": "review.search.citations_pubmed",
}


@dataclass(frozen=True, slots=True)
class Seed:
    """An included report from which citations are followed; identifiers in normal form, empty where it has none."""

    id: RecordId
    pmid: str = ""
    doi: str = ""
    pmcid: str = ""


#: Direction -> report -> what the service links to it, by the service's own keys. Reports that it does not know are not there.
Links = dict[Direction, dict[RecordId, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Chase:
    """What following one service gave; `ids` are the record ids of all that was found."""

    counts: RunCounts
    ids: tuple[str, ...]


class Chaser(Protocol):
    """Follows citations at one service."""

    @property
    def name(self) -> str:
        """Name of the runs' source."""

    @property
    def platform(self) -> str:
        """Name for the PRISMA-S appendix."""

    def chase(
        self, seeds: Sequence[Seed], directions: Sequence[Direction], store: RunStore
    ) -> Generator[Page, None, Chase]:
        """Follow the reports into the store, or go on with what it holds; yield after every stored page of records.

        Raises:
            SourceError: If the service fails for good; the store stays resumable.
        """


def open_chaser(
    name: str,
    environment: Mapping[str, str],
    *,
    contact: str = "",
    notify: Callable[[str], None] | None = None,
) -> Chaser:
    """Return what follows citations at a service; see `sources.registry.open_source`.

    Raises:
        UsageError: If there is no such service, or a setting is missing.
    """
    if name not in SERVICES:
        raise UsageError(f"citations cannot be followed at {name}; they can at {', '.join(sorted(SERVICES))}")
    opener = cast(
        "Callable[[Settings, Callable[[str], None] | None], Chaser]",
        importlib.import_module(SERVICES[name]).open_chaser,
    )
    return opener(read_settings(environment, name, contact), notify)


def list_seeds(reports: Iterable[Record]) -> list[Seed]:
    """Return the reports as seeds, ordered by id, so that equal reviews ask equal questions."""
    seeds = [Seed(record.id, record.pmid, record.doi, record.pmcid) for record in reports]
    return sorted(seeds, key=lambda seed: seed.id)


def write_question(seeds: Sequence[Seed], directions: Sequence[Direction]) -> str:
    """Return what is asked, in words, as the run's strategy."""
    what = {"forward": "works that cite", "backward": "works cited by"}
    asked = " and ".join(what[direction] for direction in DIRECTIONS if direction in directions)
    return f"Citation searching: {asked} these {len(seeds)} included reports\n" + "\n".join(seed.id for seed in seeds)


def run_citations(
    chaser: Chaser,
    seeds: Sequence[Seed],
    directions: Sequence[Direction],
    queries_dir: Path,
    *,
    who: str = "",
    held: Collection[RecordId] = (),
    progress: Callable[[Page], None] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> RunOutcome:
    """Follow citations at one service and store the run; an unfinished run of the same question is taken up.

    Args:
        chaser: Of the service.
        seeds: The included reports, ordered by id.
        directions: Which links to follow.
        queries_dir: The review's `queries` folder.
        who: Who searches, for the appendix.
        held: Record ids that the review has already, to tell how many are new.
        progress: Is told of every stored page.
        now: The clock.

    Raises:
        SourceError: If the service fails for good; the run stays unfinished and resumable.
        OSError: If the run cannot be written.
    """
    with _open_store(chaser, write_question(seeds, directions), queries_dir, who, now) as store:
        chase = _exhaust(chaser.chase(seeds, directions, store), progress)
        run = store.finish(chase.counts, chase.ids, format_time(now()))
    return RunOutcome(
        source=chaser.name,
        run=run,
        hits=run.hits,
        retrieved=run.retrieved,
        new=len(set(chase.ids) - set(held)),
        missing=chase.counts.missing,
        lines=chase.counts.lines,
        findings=tuple(sort_findings(list_run_findings(queries_dir, run))),
        ids=chase.ids,
        resumed=store.is_resumed,
    )


def tell_links(
    title: str, seeds: Sequence[Seed], directions: Sequence[Direction], links: Links
) -> tuple[tuple[LineHits, ...], list[Finding]]:
    """Return how many links each report has, and what to know of reports that the service does not know or links to nothing."""
    lines: list[LineHits] = []
    findings: list[Finding] = []
    for direction in directions:
        found = links.get(direction, {})
        for seed in seeds:
            if seed.id in found:
                lines.append(LineHits(len(lines) + 1, f"{direction} from {seed.id}", len(found[seed.id])))
        bare = [seed.id for seed in seeds if seed.id in found and not found[seed.id]]
        if bare:
            what = "citing works" if direction == "forward" else "references"
            findings.append(find("RUN-051", f"{title} has no {what} of {_name_reports(bare)}", ids=bare))
    known = {seed for found in links.values() for seed in found}
    unknown = [seed.id for seed in seeds if seed.id not in known]
    if unknown:
        findings.append(find("RUN-050", f"{title} does not know {_name_reports(unknown)}", ids=unknown))
    return tuple(lines), findings


def check_missing(title: str, missing: Sequence[str]) -> Iterator[Finding]:
    """Yield a finding for linked records that were not delivered."""
    if missing:
        shown = ", ".join(missing[:5]) + (" ..." if len(missing) > 5 else "")
        message = f"{title} did not deliver {len(missing):,} linked records: {shown}"
        yield find("RUN-053", message, found=len(missing), expected=0, ids=missing)


def unite(links: Links) -> list[str]:
    """Return every linked key once, in the order found."""
    return list(dict.fromkeys(key for found in links.values() for keys in found.values() for key in keys))


def _name_reports(ids: Sequence[str]) -> str:
    shown = ", ".join(ids[:5]) + (f" and {len(ids) - 5:,} more" if len(ids) > 5 else "")
    return f"{len(ids):,} included {'report' if len(ids) == 1 else 'reports'}: {shown}"


def _exhaust(pages: Generator[Page, None, Chase], progress: Callable[[Page], None] | None) -> Chase:
    while True:
        try:
            page = next(pages)
        except StopIteration as stop:
            return cast("Chase", stop.value)
        if progress is not None:
            progress(page)


def _open_store(chaser: Chaser, question: str, queries_dir: Path, who: str, now: Callable[[], datetime]) -> RunStore:
    """Take up the unfinished run of this very question, else begin a new one."""
    digest = hashlib.sha256(question.encode()).hexdigest()
    previous = ""
    for run in read_runs(queries_dir)[0]:
        if run.source != chaser.name or run.kind != "citation":
            continue
        if run.details.get("status") == "complete":
            previous = run.id
        elif run.details.get("strategy_sha256") == digest:
            store = _take_up(queries_dir, run)
            if store is not None:
                return store
    head = RunHead(
        source=chaser.name,
        lane="citation",
        kind="citation",
        started=format_time(now()),
        platform=chaser.platform,
        strategy=question,
        strategy_sha256=digest,
        who=who,
        versions=list_versions(),
        previous=previous,
    )
    return create_store(queries_dir, head)


def _take_up(queries_dir: Path, run: Run) -> RunStore | None:
    try:
        return resume_store(queries_dir, run)
    except LockedError:
        # Another process is at it; this one makes a run of its own.
        return None

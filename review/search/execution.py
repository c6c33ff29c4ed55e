"""A search from lint to stored run, whatever the source: new, resumed, or dry."""

from __future__ import annotations

import platform as machine
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Generator
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import cast

from review import __version__
from review.errors import LockedError
from review.findings import Finding
from review.findings import find
from review.findings import sort_findings
from review.model import Run
from review.search.lint import BLOCKING
from review.search.lint import lint_strategy
from review.search.payload import find_dois
from review.search.run_document import LineHits
from review.search.run_document import MissingHit
from review.search.run_document import RunHead
from review.search.run_document import format_time
from review.search.runs import list_run_findings
from review.search.runs import read_ids
from review.search.runs import read_runs
from review.search.sources.contract import Harvest
from review.search.sources.contract import Known
from review.search.sources.contract import Page
from review.search.sources.contract import Source
from review.search.store import RunStore
from review.search.store import create_store
from review.search.store import resume_store
from review.search.strategy import Strategy

#: Libraries whose version may change what is received or how it is read.
LIBRARIES = ("biopython", "lxml", "requests")


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What one search gave: the run (None for a dry run, or a strategy that was not sent) and what to know of it.

    `hits` is None where the service was not asked. `new` counts hits that no earlier run of this source held, None for a
    dry run. `ids` are the service's own ids of the hits, `fetched_known` those fetched again for comparison.
    """

    source: str
    run: Run | None
    hits: int | None
    retrieved: int = 0
    new: int | None = None
    missing: tuple[MissingHit, ...] = ()
    translation: str = ""
    lines: tuple[LineHits, ...] = ()
    findings: tuple[Finding, ...] = ()
    ids: tuple[str, ...] = ()
    fetched_known: tuple[str, ...] = ()
    changes_unknown: bool = False
    resumed: bool = False

    def to_json(self) -> dict[str, object]:
        """Return the entry of `review search --json`."""
        return {
            "source": self.source,
            "run": self.run.id if self.run else None,
            "hits": self.hits,
            "retrieved": self.retrieved,
            "new": self.new,
            "missing": [hit.id for hit in self.missing],
            "translation": self.translation,
            "lines": [{"line": line.line, "query": line.query, "hits": line.hits} for line in self.lines],
            "findings": [item.to_json() for item in self.findings],
            "resumed": self.resumed,
        }


def list_versions() -> dict[str, str]:
    """Return the versions that a run notes: of this tool, Python and the libraries that matter."""
    versions = {"review": __version__, "python": machine.python_version()}
    for name in LIBRARIES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions


def find_blocking(strategy: Strategy) -> tuple[list[Finding], bool]:
    """Lint a strategy; return the findings and whether it must not be sent as it is."""
    findings = lint_strategy(strategy)
    return findings, any(item.code in BLOCKING for item in findings)


def count_hits(source: Source, strategy: Strategy, *, anyway: bool = False) -> RunOutcome:
    """Ask how many hits there are and how the service reads the strategy; nothing is stored.

    Args:
        source: The service's client.
        strategy: What to ask.
        anyway: Send also what the lint says is no query.

    Raises:
        SourceError: If the service cannot say.
    """
    findings, is_blocked = find_blocking(strategy)
    if is_blocked and not anyway:
        return RunOutcome(source.name, None, None, findings=tuple(sort_findings(findings)))
    reading = source.read_query(strategy)
    return RunOutcome(
        source.name,
        None,
        reading.hits,
        translation=reading.translation,
        lines=reading.lines,
        findings=tuple(sort_findings([*findings, *reading.findings])),
    )


def run_search(
    source: Source,
    strategy: Strategy,
    queries_dir: Path,
    *,
    who: str = "",
    known: Known | None = None,
    anyway: bool = False,
    progress: Callable[[Page], None] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> RunOutcome:
    """Run a strategy and store the run; an unfinished run of the same strategy is taken up where it stopped.

    Args:
        source: The service's client.
        strategy: What to ask.
        queries_dir: The review's `queries` folder.
        who: Who searches, for the appendix.
        known: For a refresh; None fetches every hit.
        anyway: Send also what the lint says is no query.
        progress: Is told of every stored page.
        now: The clock.

    Raises:
        SourceError: If the service fails for good; the run stays unfinished and resumable.
        OSError: If the run cannot be written.
    """
    findings, is_blocked = find_blocking(strategy)
    if is_blocked and not anyway:
        return RunOutcome(source.name, None, None, findings=tuple(sort_findings(findings)))
    runs, _ = read_runs(queries_dir)
    earlier = held_ids(queries_dir, source.name, runs)
    with _open_store(source, strategy, queries_dir, runs, who, now) as store:
        harvest = _exhaust(source.search(strategy, store, known), progress)
        run = store.finish(harvest.counts, harvest.ids, format_time(now()))
    findings += _check_known(source, strategy, harvest, queries_dir, [*runs, run])
    return RunOutcome(
        source=source.name,
        run=run,
        hits=run.hits,
        retrieved=run.retrieved,
        new=len(set(harvest.ids) - earlier),
        missing=harvest.counts.missing,
        translation=run.translation,
        lines=harvest.counts.lines,
        findings=tuple(sort_findings([*findings, *list_run_findings(queries_dir, run)])),
        ids=harvest.ids,
        fetched_known=harvest.fetched_known,
        changes_unknown=harvest.changes_unknown,
        resumed=store.is_resumed,
    )


def held_ids(queries_dir: Path, source: str, runs: Iterable[Run]) -> frozenset[str]:
    """Return the ids whose record an earlier complete run of a source holds."""
    held: set[str] = set()
    for run in runs:
        if run.source == source and run.kind == "search" and run.details.get("status") == "complete":
            missing = cast("tuple[MissingHit, ...]", run.details.get("missing", ()))
            held |= set(read_ids(queries_dir, run)) - {hit.id for hit in missing}
    return frozenset(held)


def check_known_items(strategy: Strategy, found: Collection[str]) -> list[Finding]:
    """Return a finding for every known item that the search did not find.

    Args:
        strategy: Its known items: ids of the source, or DOIs; others are passed over.
        found: Record ids of the hits, and `doi:` ids for those of their DOIs that are known items.
    """
    kinds = (f"{strategy.source}:", "doi:", *(["pubmed:"] if strategy.source == "europepmc" else []))
    return [
        find(
            "QUERY-040",
            f"the strategy does not find {item}, which it must",
            strategy.origin,
            found="not among the hits",
            expected=item,
            ids=[item],
        )
        for item in strategy.known_items
        if item.startswith(kinds) and item not in found
    ]


def _check_known(
    source: Source, strategy: Strategy, harvest: Harvest, queries_dir: Path, runs: Iterable[Run]
) -> list[Finding]:
    found: set[str] = {source.name_record(item) for item in harvest.ids}
    dois = {item.removeprefix("doi:") for item in strategy.known_items if item.startswith("doi:")}
    if dois:
        held = [run for run in runs if run.source == strategy.source and run.details.get("status") == "complete"]
        found |= {f"doi:{doi}" for doi, record in find_dois(queries_dir, held, dois).items() if record in found}
    return check_known_items(strategy, found)


def _exhaust(pages: Generator[Page, None, Harvest], progress: Callable[[Page], None] | None) -> Harvest:
    while True:
        try:
            page = next(pages)
        except StopIteration as stop:
            return cast("Harvest", stop.value)
        if progress is not None:
            progress(page)


def _open_store(
    source: Source,
    strategy: Strategy,
    queries_dir: Path,
    runs: Iterable[Run],
    who: str,
    now: Callable[[], datetime],
) -> RunStore:
    """Take up the unfinished run of this very strategy, else begin a new one."""
    previous = ""
    for run in runs:
        if run.source != source.name or run.kind != "search":
            continue
        if run.details.get("status") == "complete":
            previous = run.id
        elif run.details.get("strategy_sha256") == strategy.sha256:
            try:
                store = resume_store(queries_dir, run)
            except LockedError:
                # Another process is at it; this one makes a run of its own.
                continue
            if store is not None:
                return store
    head = RunHead(
        source=source.name,
        lane=strategy.lane if strategy.lane != "database" else source.lane,
        kind="search",
        started=format_time(now()),
        platform=source.platform,
        strategy=strategy.text,
        strategy_sha256=strategy.sha256,
        strategy_file=strategy.file,
        limits=strategy.limits.describe(),
        who=who,
        note=strategy.notes,
        versions=list_versions(),
        previous=previous,
    )
    return create_store(queries_dir, head)

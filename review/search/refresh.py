"""A refresh: every strategy whole again, only what is new or changed fetched, and told what became of the rest.

The strategy is not limited to what was added since the last date: indexing is late, records are added with old dates and others
vanish. The ids of the whole result cost a request for each 9,999; records are fetched only where none is held, where the
service says that it has changed or was retracted since, and for the reports that the review rests on.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from pathlib import Path

from review.findings import Finding
from review.findings import find
from review.findings import sort_findings
from review.model import RecordId
from review.model import Run
from review.search.execution import RunOutcome
from review.search.execution import held_ids
from review.search.execution import run_search
from review.search.payload import find_records
from review.search.payload import find_retracted
from review.search.runs import read_ids
from review.search.runs import read_runs
from review.search.sources.contract import Known
from review.search.sources.contract import Page
from review.search.sources.contract import Source
from review.search.strategy import Strategy
from review.search.watch import Change
from review.search.watch import Standing
from review.search.watch import check_changes
from review.search.watch import check_standing
from review.search.watch import find_changes

#: Of records still in play, so many are compared at every refresh whatever the service says of changes.
WATCH_LIMIT = 500


@dataclass(frozen=True, slots=True)
class StrategyRefresh:
    """What the refresh of one strategy gave.

    `new` were held by no earlier run of the source; `seen` were; `vanished` were found by the last run of this strategy and are
    not now. All are record ids.
    """

    outcome: RunOutcome
    previous: str
    new: tuple[RecordId, ...] = ()
    seen: int = 0
    vanished: tuple[RecordId, ...] = ()
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return the entry of `review refresh --json`: that of a search, with what differs from the last run."""
        return {
            **self.outcome.to_json(),
            "previous": self.previous,
            "new_ids": list(self.new),
            "seen": self.seen,
            "vanished": list(self.vanished),
            "changed": [change.to_json() for change in self.changes],
        }


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What a refresh gave, over all strategies."""

    strategies: tuple[StrategyRefresh, ...]

    @property
    def findings(self) -> list[Finding]:
        """Everything a person should know, the gravest first."""
        return sort_findings(
            finding for item in self.strategies for finding in (*item.outcome.findings, *item.findings)
        )

    @property
    def new(self) -> tuple[RecordId, ...]:
        """Records that are new to their source."""
        return tuple(dict.fromkeys(record for item in self.strategies for record in item.new))

    def to_json(self) -> dict[str, object]:
        """Return the JSON of `review refresh`."""
        return {
            "runs": [item.to_json() for item in self.strategies],
            "new": list(self.new),
            "seen": sum(item.seen for item in self.strategies),
            "vanished": [record for item in self.strategies for record in item.vanished],
            "changed": [change.to_json() for item in self.strategies for change in item.changes],
            "findings": [finding.to_json() for finding in self.findings],
        }


def refresh(
    searches: Iterable[tuple[Source, Strategy]],
    queries_dir: Path,
    standing: Standing,
    *,
    who: str = "",
    anyway: bool = False,
    progress: Callable[[Page], None] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> RefreshReport:
    """Refresh every strategy in turn; see `refresh_strategy`.

    Raises:
        SourceError: If a service fails for good; what was refreshed before is stored.
    """
    refreshed = [
        refresh_strategy(source, strategy, queries_dir, standing, who=who, anyway=anyway, progress=progress, now=now)
        for source, strategy in searches
    ]
    return RefreshReport(tuple(refreshed))


def refresh_strategy(
    source: Source,
    strategy: Strategy,
    queries_dir: Path,
    standing: Standing,
    *,
    who: str = "",
    anyway: bool = False,
    progress: Callable[[Page], None] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> StrategyRefresh:
    """Run a strategy again and compare: with what is held, with the last run, with where the records stand.

    Args:
        source: The service's client.
        strategy: What to ask.
        queries_dir: The review's `queries` folder.
        standing: Which records are included or still in play.
        who: Who searches.
        anyway: Send also what the lint says is no query.
        progress: Is told of every stored page.
        now: The clock.

    Raises:
        SourceError: If the service fails for good; the run stays unfinished and resumable.
    """
    runs, _ = read_runs(queries_dir)
    complete = [run for run in runs if run.details.get("status") == "complete"]
    previous = _find_previous(complete, strategy)
    known = _know(source, queries_dir, complete, previous, standing)
    outcome = run_search(source, strategy, queries_dir, who=who, known=known, anyway=anyway, progress=progress, now=now)
    if outcome.run is None:
        return StrategyRefresh(outcome, previous.id if previous else "")
    hits = set(outcome.ids)
    before = set(read_ids(queries_dir, previous)) if previous else set()
    vanished = _as_records(source, before - hits)
    findings = _check_previous(previous, strategy)
    if vanished:
        shown = ", ".join(vanished[:5]) + (" ..." if len(vanished) > 5 else "")
        message = f"{len(vanished):,} of the last run's {len(before):,} hits are not found any more: {shown}"
        findings.append(find("RUN-026", message, strategy.origin, found=len(vanished), expected=0, ids=vanished))
    compared = {source.name_record(item) for item in (*outcome.fetched_known, *(known.watch if known else ()))}
    current = find_records(queries_dir, [outcome.run], compared)
    # Another service's words for the same record are no change.
    kin = [run for run in complete if run.source in {source.name, f"{source.name}-citations"}]
    changes = find_changes(find_records(queries_dir, kin, compared), current)
    findings += check_changes(changes, standing)
    findings += check_standing(current, standing)
    if outcome.changes_unknown:
        message = f"{source.name} does not say which records changed; {len(current):,} were compared"
        findings.append(find("RUN-027", message, strategy.origin))
    held = known.ids if known else frozenset()
    return StrategyRefresh(
        outcome=outcome,
        previous=previous.id if previous else "",
        new=_as_records(source, hits - held),
        seen=len(hits & held),
        vanished=vanished,
        changes=tuple(changes),
        findings=tuple(sort_findings(findings)),
    )


def _find_previous(complete: Sequence[Run], strategy: Strategy) -> Run | None:
    """Return the last run of this strategy: of its file, else of the same text."""
    for run in reversed(complete):
        same_file = strategy.file and run.details.get("strategy_file") == strategy.file
        same_text = run.details.get("strategy_sha256") == strategy.sha256
        if run.source == strategy.source and run.kind == "search" and (same_file or same_text):
            return run
    return None


def _know(
    source: Source, queries_dir: Path, complete: Sequence[Run], previous: Run | None, standing: Standing
) -> Known | None:
    held = held_ids(queries_dir, source.name, complete)
    included = _name_watched(source, standing.included, held)
    in_play = _name_watched(source, standing.in_play, held)
    watch = [*included, *in_play[: max(0, WATCH_LIMIT - len(included))]]
    if not held and not watch:
        return None
    since = (
        previous.started
        if previous
        else min((run.started for run in complete if run.source == source.name), default="")
    )
    return Known(held, since, frozenset(watch), find_retracted(queries_dir, complete))


def _name_watched(source: Source, records: Collection[RecordId], held: Iterable[str]) -> list[str]:
    """Return the service's own ids of these records: those held, and for PubMed those that another source brought."""
    own = {item for item in held if source.name_record(item) in records}
    if source.name == "pubmed":
        own |= {item.removeprefix("pubmed:") for item in records if item.startswith("pubmed:")}
    return sorted(own)


def _check_previous(previous: Run | None, strategy: Strategy) -> list[Finding]:
    if previous is None or previous.details.get("strategy_sha256") == strategy.sha256:
        return []
    message = f"the strategy differs from that of the last run ({previous.id})"
    return [find("RUN-028", message, strategy.origin, expected="the same text")]


def _as_records(source: Source, ids: Iterable[str]) -> tuple[RecordId, ...]:
    return tuple(source.name_record(item) for item in sorted(ids, key=lambda item: (len(item), item)))

"""What the runs hold: their records, and which of them are one report."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass

from review import cache
from review.dedup.grouping import group_records
from review.dedup.groups import Grouping
from review.dedup.rulings import Ruling
from review.errors import FormatError
from review.files import hash_file
from review.findings import Finding
from review.findings import find
from review.formats.result import Refusal
from review.formats.result import explain_refusal
from review.layout import Layout
from review.model import Record
from review.model import Run
from review.search.entries import Entry
from review.search.entries import Loaded
from review.search.entries import list_entries
from review.search.payload import read_payload
from review.search.runs import check_payloads
from review.search.runs import list_payload
from review.search.runs import list_run_findings
from review.search.runs import read_runs
from review.search.runs import run_origin


@dataclass(frozen=True, slots=True)
class Holdings:
    """What follows from the runs and the rulings alone, so that it can be kept from one command to the next."""

    runs: tuple[Loaded, ...]
    entries: tuple[Entry, ...]
    grouping: Grouping
    findings: tuple[Finding, ...]


def read_holdings(layout: Layout, rulings: Sequence[Ruling], findings: list[Finding]) -> Holdings:
    """Read every complete run and group its records, or take both from the cache where nothing of them has changed.

    Args:
        layout: The review's folder.
        rulings: People's rulings on pairs.
        findings: Takes what is found on the way.
    """
    runs, told = read_runs(layout.queries)
    findings += told
    findings += check_payloads(layout.queries, runs)
    findings += [finding for run in runs for finding in list_run_findings(layout.queries, run)]
    complete = [run for run in runs if run.details.get("status") == "complete"]
    files = [layout.queries / "runs" / run.id / item.file for run in complete for item in list_payload(run)]
    present = [path for path in files if path.is_file()]
    is_large = sum(path.stat().st_size for path in present) >= cache.SMALLEST_BYTES
    key = ""
    if is_large:
        named = [f"{run.id} {run.source} {run.lane} {run.started}" for run in complete]
        key = cache.make_key(
            [*named, *(f"{layout.show(path)} {hash_file(path)}" for path in present), *map(repr, rulings)]
        )
        kept = cache.load_entry("records", key)
        if isinstance(kept, Holdings):
            findings += kept.findings
            return kept
    read: list[Finding] = []
    loaded = tuple(Loaded(run, tuple(_read_records(layout, run, read))) for run in complete)
    entries = list_entries(loaded)
    grouping = group_records([entry.record for entry in entries], rulings=rulings)
    held = Holdings(loaded, entries, grouping, (*read, *grouping.findings))
    findings += held.findings
    if is_large:
        cache.keep_entry("records", key, held)
    return held


def _read_records(layout: Layout, run: Run, findings: list[Finding]) -> Iterable[Record]:
    for item in list_payload(run):
        try:
            for part in read_payload(layout.queries, run, item):
                if isinstance(part, Record):
                    yield part
                else:
                    path = run_origin(layout.queries, run.id, item.file).path
                    findings.append(explain_refusal(part, path) if isinstance(part, Refusal) else part)
        except FormatError as error:
            origin = run_origin(layout.queries, run.id, item.file)
            findings.append(find("RUN-005", f"payload {item.file} cannot be read: {error.problem}", origin))

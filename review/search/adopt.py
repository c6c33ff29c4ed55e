"""Adopt a file that a person exported from a database as a run of that source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from pathlib import Path

from review import __version__
from review.errors import UsageError
from review.files import hash_file
from review.findings import Finding
from review.findings import find
from review.formats.registry import read_file
from review.formats.result import Parsed
from review.identifiers import normal_source
from review.model import Lane
from review.model import Run
from review.search.run_document import RunCounts
from review.search.run_document import RunHead
from review.search.run_document import format_time
from review.search.runs import Payload
from review.search.runs import list_payload
from review.search.runs import run_origin
from review.search.runs import write_run
from review.search.strategy import REGISTERS
from review.search.strategy import Strategy


@dataclass(frozen=True, slots=True)
class Adoption:
    """An adopted file: its run, what was read, and what a person should know."""

    run: Run
    parsed: Parsed
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ExportNote:
    """What a person says of an export; empty or None where nothing is said, so that the source's strategy file counts.

    `date` is when the export was made: `2026-11-24`, or with a time.
    """

    source: str
    date: str = ""
    format: str | None = None
    lane: Lane | None = None
    platform: str = ""
    hits: int | None = None
    who: str = ""
    note: str = ""


def adopt_export(
    path: Path,
    note: ExportNote,
    *,
    queries_dir: Path,
    runs: Sequence[Run],
    strategies: Sequence[Strategy],
    now: datetime,
) -> Adoption:
    """Read a file to see that it can be read, then keep it byte for byte as a run.

    Args:
        path: The exported file; it is copied, not moved.
        note: What is said of it.
        queries_dir: The review's `queries` folder.
        runs: The runs that the review has.
        strategies: The review's strategies; that of the source tells what the note does not.
        now: The time, used where no date is given.

    Raises:
        UsageError: If the source has no name, the date is none, or the file is a run of the source already.
        FormatError: If the file cannot be read at all.
    """
    source = normal_source(note.source)
    if not source:
        raise UsageError(f"{note.source!r} is not the name of a source; give a short one such as embase")
    strategy = next((item for item in strategies if item.source == source and item.reported is None), None)
    started = _parse_date(note.date or (strategy.date if strategy else ""), now)
    digest = hash_file(path)
    for run in runs:
        if run.source == source and any(item.sha256 == digest for item in list_payload(run)):
            raise UsageError(f"{path} is held already, as run {run.id}; nothing was written")
    parsed = read_file(path, shown_as=path.name, format=note.format, source=source)
    if not parsed.records:
        raise UsageError(f"{path}: none of its {parsed.read} entries could be read; nothing was written")
    hits = note.hits if note.hits is not None else (strategy.hits if strategy else None)
    head = RunHead(
        source=source,
        lane=note.lane or (strategy.lane if strategy else "register" if source in REGISTERS else "database"),
        kind="import",
        started=format_time(started),
        platform=note.platform or (strategy.platform if strategy else ""),
        strategy=strategy.text if strategy else "",
        strategy_sha256=strategy.sha256 if strategy else "",
        strategy_file=strategy.file if strategy else "",
        limits=strategy.limits.describe() if strategy else "",
        who=note.who or (strategy.who if strategy else ""),
        note=note.note,
        versions={"review": __version__},
    )
    counts = RunCounts(hits=hits, retrieved=parsed.kept)
    # The name is kept for people; what a file system could choke on is not.
    name = re.sub(r"[^\w.()-]+", "_", path.name).lstrip(".") or "export"
    run = write_run(queries_dir, head, counts, [Payload(name, path, parsed.format, parsed.kept)])
    findings = list(parsed.findings)
    if hits is not None and hits != parsed.kept:
        message = f"the source reported {hits} hits, the file holds {parsed.kept} records"
        origin = run_origin(queries_dir, run.id)
        findings.append(find("RUN-011", message, origin, found=parsed.kept, expected=hits))
    return Adoption(run, parsed, tuple(findings))


def _parse_date(text: str, now: datetime) -> datetime:
    if not text:
        return now
    try:
        moment = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise UsageError(f"{text!r} is not a date; write it as 2026-11-24 or 2026-11-24T09:30:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

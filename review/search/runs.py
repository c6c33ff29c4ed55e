"""Runs on disk: write-once folders under `queries/runs`.

queries/runs/2026-11-24T071104Z-pubmed/
    run.json                what was asked, answered and received (`review.search.run_document`)
    ids.txt                 every hit's id, one a line, ascending (searches that list ids)
    page-0001.xml.gz ...    the payload as received, compressed for searches, byte for byte for imports
"""

from __future__ import annotations

import dataclasses
import gzip
import json
import shutil
import tempfile
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from typing import cast

from review.errors import FormatError
from review.errors import RunExistsError
from review.files import hash_file
from review.files import write_atomic
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.identifiers import normal_source
from review.model import Run
from review.search.run_document import ANSWER_FORMATS
from review.search.run_document import PayloadFile
from review.search.run_document import RunCounts
from review.search.run_document import RunHead
from review.search.run_document import describe_run
from review.search.run_document import format_document
from review.search.run_document import parse_run

DOCUMENT = "run.json"

#: A run.json holds ids at most in `missing`; one larger than this is not ours.
LARGEST_DOCUMENT = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Payload:
    """A payload file to be written: its name, its bytes (or the file that holds them), what it holds."""

    file: str
    content: bytes | Path
    format: str
    records: int | None = None


def run_name(source: str, started: str) -> str:
    """Return the folder's name, which is the run's id: `2026-11-24T071104Z-pubmed` (no colons, for Windows)."""
    return f"{started.replace(':', '')}-{normal_source(source)}"


def read_runs(queries_dir: Path) -> tuple[list[Run], list[Finding]]:
    """Read every run under `queries/runs`, oldest first.

    Unfinished runs are returned too (`details["status"]`); they must not be counted. Payloads are checked for presence and
    size here, for their hashes by `check_payloads`.

    Args:
        queries_dir: The review's `queries` folder; it may be missing.
    """
    runs: list[Run] = []
    findings: list[Finding] = []
    folder = queries_dir / "runs"
    names = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    for name in names:
        if name.startswith("."):
            continue
        origin = run_origin(queries_dir, name)
        try:
            run = parse_run(read_document(folder / name / DOCUMENT), name)
        except (ValueError, TypeError, KeyError, FormatError) as error:
            problem = error.problem if isinstance(error, FormatError) else str(error)
            findings.append(
                find("RUN-004", f"run {name} cannot be read: {problem}", origin, hint="restore it from git")
            )
            continue
        runs.append(run)
        if run.details.get("status") != "complete":
            hint = f"review {'cite' if run.kind == 'citation' else 'search'} resumes it"
            findings.append(find("RUN-003", f"run {name} is unfinished", origin, hint=hint))
        else:
            findings.extend(_check_sizes(queries_dir, run))
    return runs, findings


def read_document(path: Path) -> dict[str, object]:
    """Read a run.json.

    Raises:
        FormatError: If it is missing, too large, or not a JSON object.
    """
    try:
        if path.stat().st_size > LARGEST_DOCUMENT:
            raise FormatError(path, f"larger than {LARGEST_DOCUMENT // 2**20} MB")
        document = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise FormatError(path, "there is no run.json") from None
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise FormatError(path, f"not JSON ({type(error).__name__})") from None
    if not isinstance(document, dict):
        raise FormatError(path, "not a JSON object")
    return document


def run_origin(queries_dir: Path, run_id: str, file: str = DOCUMENT) -> Origin:
    """Return where a run stands, relative to the review's folder."""
    return Origin(f"{queries_dir.name}/runs/{run_id}/{file}")


def list_run_findings(queries_dir: Path, run: Run) -> list[Finding]:
    """Return what the search itself found when it was made, placed at the run: phrases not found, hits without a record."""
    noted = cast("tuple[Finding, ...]", run.details.get("findings", ()))
    return [dataclasses.replace(item, origin=run_origin(queries_dir, run.id)) for item in noted]


def list_payload(run: Run) -> tuple[PayloadFile, ...]:
    """Return the files of a run that hold records, in the order received."""
    payload = cast("tuple[PayloadFile, ...]", run.details.get("payload", ()))
    return tuple(item for item in payload if item.format not in ANSWER_FORMATS)


def open_payload(queries_dir: Path, run: Run, item: PayloadFile) -> IO[bytes]:
    """Open a payload file for reading; what the tool compressed is decompressed on the way."""
    path = queries_dir / "runs" / run.id / item.file
    if item.file.endswith(".gz") and run.kind != "import":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    return path.open("rb")


def read_ids(queries_dir: Path, run: Run) -> list[str]:
    """Return the ids of every hit of a search, ascending; empty for a run that lists none."""
    ids = run.details.get("ids")
    name = ids.get("file") if isinstance(ids, Mapping) else None
    if name != "ids.txt":
        return []
    path = queries_dir / "runs" / run.id / "ids.txt"
    return path.read_text("utf-8").split() if path.is_file() else []


def _check_sizes(queries_dir: Path, run: Run) -> Iterator[Finding]:
    for item in cast("tuple[PayloadFile, ...]", run.details["payload"]):
        path = queries_dir / "runs" / run.id / item.file
        size = path.stat().st_size if path.is_file() else None
        if size != item.bytes:
            yield find(
                "RUN-005",
                f"payload {item.file} " + ("is missing" if size is None else "has another size than when received"),
                run_origin(queries_dir, run.id, item.file),
                found="" if size is None else size,
                expected=f"{item.bytes} bytes",
            )


def check_payloads(queries_dir: Path, runs: Sequence[Run]) -> list[Finding]:
    """Compare every payload with the hash that was noted when it was received."""
    findings: list[Finding] = []
    for run in runs:
        for item in cast("tuple[PayloadFile, ...]", run.details["payload"]):
            path = queries_dir / "runs" / run.id / item.file
            if path.is_file() and path.stat().st_size == item.bytes and hash_file(path) != item.sha256:
                findings.append(
                    find(
                        "RUN-005",
                        f"payload {item.file} has another hash than when received",
                        run_origin(queries_dir, run.id, item.file),
                        expected=f"SHA-256 {item.sha256}",
                    )
                )
    return findings


def write_run(
    queries_dir: Path,
    head: RunHead,
    counts: RunCounts,
    payload: Sequence[Payload],
    *,
    finished: str = "",
) -> Run:
    """Write a whole run at once: the folder appears complete, or not at all.

    Two runs of one source that start in the same second get `-2`, `-3` behind their names.

    Raises:
        RunExistsError: If no free name was found.
        OSError: If the folder cannot be written.
    """
    folder = queries_dir / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    try:
        files = tuple(_write_payload(work, item) for item in payload)
        for name in free_names(folder, head):
            document = describe_run(name, head, counts, files, finished=finished or head.started)
            write_atomic(work / DOCUMENT, format_document(document))
            work.chmod(0o755)
            try:
                work.rename(folder / name)
            except OSError:
                if (folder / name).exists():
                    continue
                raise
            return parse_run(document, name)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    raise RunExistsError(folder / run_name(head.source, head.started))


def free_names(folder: Path, head: RunHead) -> Iterator[str]:
    """Yield names for a run that no folder has, the plain one first."""
    plain = run_name(head.source, head.started)
    for number in range(1, 100):
        name = plain if number == 1 else f"{plain}-{number}"
        if not (folder / name).exists():
            yield name


def _write_payload(folder: Path, item: Payload) -> PayloadFile:
    path = folder / item.file
    if isinstance(item.content, Path):
        shutil.copyfile(item.content, path)
    else:
        write_atomic(path, item.content)
    digest = hash_file(path)
    return PayloadFile(item.file, digest, path.stat().st_size, item.format, item.records, digest)

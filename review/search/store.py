"""A run while it is being made: every body is stored before anything is concluded from it, and a kill loses nothing.

The folder appears with a run.json that says `unfinished`; `finish` replaces it by the complete one as the last step. Between
the two, `resume.json` holds the source's own plan. What was received is known from the stored files themselves, never from
a note that may be older than they are.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from review.errors import FormatError
from review.errors import LockedError
from review.errors import RunExistsError
from review.files import hash_file
from review.files import write_atomic
from review.model import Run
from review.search.file_lock import hold_lock
from review.search.run_document import PayloadFile
from review.search.run_document import RunCounts
from review.search.run_document import RunHead
from review.search.run_document import describe_run
from review.search.run_document import format_document
from review.search.run_document import parse_run
from review.search.runs import DOCUMENT
from review.search.runs import free_names
from review.search.runs import read_document
from review.search.runs import run_name

STATE = "resume.json"

#: Folders that a killed process left before they had a name, older than this, are removed.
STALE_SECONDS = 3600.0


class RunStore:
    """The folder of an unfinished run, held by this process alone until it is closed.

    Use `create_store` or `resume_store`, and `with`.
    """

    def __init__(self, folder: Path, head: RunHead, lock: ExitStack) -> None:
        self.folder = folder
        self.head = head
        self.is_resumed = False
        self._lock = lock
        self._formats: dict[str, str] = {}
        self._records: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let other processes have the run."""
        self._lock.close()

    @property
    def run_id(self) -> str:
        """Name of the folder."""
        return self.folder.name

    def keep(self, stem: str, body: bytes, *, suffix: str = "xml") -> str:
        """Store a body as received, compressed; return the file's name, numbered after those already stored."""
        numbers = [int(name.split("-")[-1].split(".")[0]) for name in self.list_stored(stem)]
        name = f"{stem}-{max(numbers, default=0) + 1:04d}.{suffix}.gz"
        # A fixed time and level: equal bodies make equal files.
        write_atomic(self.folder / name, gzip.compress(body, 6, mtime=0))
        return name

    def describe(self, name: str, format_name: str, records: int) -> None:
        """Note what a stored file turned out to hold."""
        self._formats[name] = format_name
        self._records[name] = records

    def discard(self, name: str) -> None:
        """Remove a body that turned out to be no answer."""
        (self.folder / name).unlink(missing_ok=True)

    def list_stored(self, stem: str) -> list[str]:
        """Return the names of the files stored under a stem, in the order received."""
        return sorted(path.name for path in self.folder.glob(f"{stem}-[0-9]*.gz"))

    def read(self, name: str) -> bytes:
        """Return a stored body.

        Raises:
            FormatError: If the file is damaged.
        """
        try:
            return gzip.decompress((self.folder / name).read_bytes())
        except (OSError, EOFError, ValueError) as error:
            raise FormatError(self.folder / name, f"not a stored answer ({type(error).__name__})") from None

    def load_state(self) -> dict[str, object]:
        """Return the source's plan; empty at the start of a run."""
        try:
            state = json.loads((self.folder / STATE).read_bytes())
        except (FileNotFoundError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    def save_state(self, state: Mapping[str, object]) -> None:
        """Replace the source's plan."""
        write_atomic(self.folder / STATE, json.dumps(state, separators=(",", ":")).encode())

    def finish(self, counts: RunCounts, ids: Sequence[str], finished: str) -> Run:
        """Make the run complete: the list of ids first, run.json last.

        Args:
            counts: What was found.
            ids: Of every hit; written in ascending order (as numbers where they are).
            finished: UTC, ISO 8601 with `Z`.
        """
        listing: dict[str, object] = {}
        if ids:
            text = "".join(f"{item}\n" for item in sorted(set(ids), key=lambda item: (len(item), item))).encode()
            write_atomic(self.folder / "ids.txt", text)
            listing = {"file": "ids.txt", "sha256": hashlib.sha256(text).hexdigest(), "count": len(set(ids))}
        payload = [self._describe_file(path) for path in sorted(self.folder.glob("*.gz"))]
        document = describe_run(self.run_id, self.head, counts, payload, finished=finished, ids=listing)
        write_atomic(self.folder / DOCUMENT, format_document(document))
        (self.folder / STATE).unlink(missing_ok=True)
        self.close()
        _lock_path(self.folder).unlink(missing_ok=True)
        return parse_run(document, self.run_id)

    def _describe_file(self, path: Path) -> PayloadFile:
        with gzip.open(path, "rb") as stream:
            content = hashlib.file_digest(stream, "sha256").hexdigest()
        return PayloadFile(
            path.name,
            hash_file(path),
            path.stat().st_size,
            self._formats.get(path.name, "unknown"),
            self._records.get(path.name),
            content,
        )


def create_store(queries_dir: Path, head: RunHead) -> RunStore:
    """Make the folder of a new run, unfinished.

    Raises:
        RunExistsError: If no free name was found.
        OSError: If the folder cannot be written.
    """
    runs = queries_dir / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    _remove_stale(runs)
    work = Path(tempfile.mkdtemp(prefix=".new-", dir=runs))
    try:
        for name in free_names(runs, head):
            lock = ExitStack()
            try:
                lock.enter_context(hold_lock(_lock_path(runs / name), wait=False))
            except LockedError:
                # Another process is about to make a run of this name.
                continue
            document = describe_run(name, head, RunCounts(), (), status="unfinished")
            write_atomic(work / DOCUMENT, format_document(document))
            work.chmod(0o755)
            try:
                work.rename(runs / name)
            except OSError:
                lock.close()
                if (runs / name).exists():
                    continue
                raise
            return RunStore(runs / name, head, lock)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    raise RunExistsError(runs / run_name(head.source, head.started))


def resume_store(queries_dir: Path, run: Run) -> RunStore | None:
    """Take up an unfinished run; None if another process is at it or has finished it.

    Raises:
        LockedError: If another process holds it.
        FormatError: If its run.json cannot be read.
    """
    folder = queries_dir / "runs" / run.id
    lock = ExitStack()
    lock.enter_context(hold_lock(_lock_path(folder), wait=False))
    try:
        document = read_document(folder / DOCUMENT)
        current = parse_run(document, run.id)
        if current.details.get("status") == "complete":
            lock.close()
            return None
    except BaseException:
        lock.close()
        raise
    for leftover in folder.glob(".*.part"):
        leftover.unlink()
    store = RunStore(folder, read_head(current), lock)
    store.is_resumed = True
    return store


def read_head(run: Run) -> RunHead:
    """Return the head of a run that was read from disk."""
    versions = run.details.get("versions")

    def text(name: str) -> str:
        return str(run.details.get(name) or "")

    return RunHead(
        source=run.source,
        lane=run.lane,
        kind=run.kind,
        started=run.started,
        platform=text("platform"),
        strategy=run.strategy,
        strategy_sha256=text("strategy_sha256"),
        strategy_file=text("strategy_file"),
        limits=text("limits"),
        who=text("who"),
        note=run.note,
        versions=dict(versions) if isinstance(versions, Mapping) else {},
        previous=text("previous"),
    )


def _lock_path(folder: Path) -> Path:
    return folder.with_name(f".lock-{folder.name}")


def _remove_stale(runs: Path) -> None:
    for path in runs.glob(".new-*"):
        if path.is_dir() and time.time() - path.stat().st_mtime > STALE_SECONDS:
            shutil.rmtree(path, ignore_errors=True)

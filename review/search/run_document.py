"""The document of run.json: what was asked of a source, what it answered and what was received, as a value and as JSON.

A run is one value, `review.model.Run`; whatever has no field there is in `details` under the names of run.json:
`finished`, `status`, `platform`, `who`, `versions`, `lines`, `missing`, `ids`, `received`, `held`, `extra`, `previous`,
`strategy_sha256`, `strategy_file`, `limits`, `requests`, `findings` (what the search itself found), and `payload` as a tuple of `PayloadFile`.

`retrieved` counts the hits whose record is at hand: received in this run, or `held` from an earlier one (a refresh fetches
only what it does not have). hits - retrieved are `missing`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from typing import Any
from typing import Literal
from typing import cast

from review.findings import Finding
from review.findings import find
from review.identifiers import normal_source
from review.model import Lane
from review.model import Run
from review.search.strategy import LANES

SCHEMA = 1

#: Payload formats that hold no hits: answers to the search itself, and records that were fetched to be compared alone.
ANSWER_FORMATS = frozenset({"esearch-xml", "watched-pubmed-xml", "answer-json"})

Kind = Literal["search", "import", "citation"]
Status = Literal["complete", "unfinished"]

_PLAIN_NAME = re.compile(r"[^/\\:\x00]+")


@dataclass(frozen=True, slots=True)
class PayloadFile:
    """One file of a payload: `records` entries in `format`, None where nobody has counted them.

    `sha256` and `bytes` are of the file on disk, so that sha256sum verifies it; `content_sha256` is of the body as it was
    received, before compression.
    """

    file: str
    sha256: str
    bytes: int
    format: str
    records: int | None = None
    content_sha256: str = ""


@dataclass(frozen=True, slots=True)
class LineHits:
    """One line of a line-by-line strategy with its hits, None where the service was not asked."""

    line: int
    query: str
    hits: int | None


@dataclass(frozen=True, slots=True)
class MissingHit:
    """A hit without a record: why is `no record` (deleted or merged), `not delivered` or `not listed`."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class RunHead:
    """What is known of a run before its payload: everything but counts."""

    source: str
    lane: Lane
    kind: Kind
    started: str
    platform: str = ""
    strategy: str = ""
    strategy_sha256: str = ""
    strategy_file: str = ""
    limits: str = ""
    who: str = ""
    note: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    previous: str = ""


@dataclass(frozen=True, slots=True)
class RunCounts:
    """What a run found: see the module's text for how the counts hang together."""

    hits: int | None = None
    retrieved: int = 0
    received: int | None = None
    held: int = 0
    translation: str = ""
    lines: tuple[LineHits, ...] = ()
    missing: tuple[MissingHit, ...] = ()
    extra: tuple[str, ...] = ()
    requests: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def format_time(moment: datetime) -> str:
    """Return UTC in ISO 8601 to the second with `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def run_name(source: str, started: str) -> str:
    """Return the folder's name, which is the run's id: `2026-11-24T071104Z-pubmed` (no colons, for Windows)."""
    return f"{started.replace(':', '')}-{normal_source(source)}"


def describe_run(
    run_id: str,
    head: RunHead,
    counts: RunCounts,
    payload: Sequence[PayloadFile],
    *,
    finished: str = "",
    status: Status = "complete",
    ids: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """Return the document of run.json."""
    return {
        "schema": SCHEMA,
        "id": run_id,
        "source": normal_source(head.source),
        "lane": head.lane,
        "kind": head.kind,
        "started": head.started,
        "finished": finished,
        "status": status,
        "platform": head.platform,
        "strategy": {"text": head.strategy, "sha256": head.strategy_sha256, "file": head.strategy_file},
        "limits": head.limits,
        "translation": counts.translation,
        "hits": counts.hits,
        "retrieved": counts.retrieved,
        "received": counts.retrieved if counts.received is None else counts.received,
        "held": counts.held,
        "lines": [{"line": line.line, "query": line.query, "hits": line.hits} for line in counts.lines],
        "missing": [{"id": hit.id, "reason": hit.reason} for hit in counts.missing],
        "extra": list(counts.extra),
        "ids": dict(ids or {}),
        "payload": [
            {
                "file": item.file,
                "sha256": item.sha256,
                "bytes": item.bytes,
                "format": item.format,
                "records": item.records,
                "content_sha256": item.content_sha256,
            }
            for item in payload
        ],
        "requests": dict(counts.requests),
        "findings": [{"code": item.code, "message": item.message, "ids": list(item.ids)} for item in counts.findings],
        "note": head.note,
        "who": head.who,
        "previous": head.previous,
        "versions": dict(head.versions),
    }


def format_document(document: Mapping[str, object]) -> bytes:
    """Return the bytes of run.json: sorted keys, one space of indent, UTF-8."""
    return (json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def parse_run(document: Mapping[str, object], run_id: str) -> Run:
    """Return the run of a document of run.json.

    Raises:
        ValueError: If a required entry is missing or of the wrong kind; the text says which.
    """
    schema = document.get("schema")
    if schema != SCHEMA:
        raise ValueError(f"schema {schema!r}, where this version reads {SCHEMA}")
    if document.get("id") != run_id:
        raise ValueError(f"id {document.get('id')!r} is not the folder's name")
    payload = tuple(_parse_payload_file(item) for item in _list(document, "payload"))
    records = [item for item in payload if item.format not in ANSWER_FORMATS]
    strategy = document.get("strategy")
    strategy = strategy if isinstance(strategy, Mapping) else {}
    hits = document.get("hits")
    lane, kind = document.get("lane"), document.get("kind")
    if lane not in LANES or kind not in {"search", "import", "citation"}:
        raise ValueError(f"unknown lane {lane!r} or kind {kind!r}")
    known = {
        "schema",
        "id",
        "source",
        "lane",
        "kind",
        "started",
        "translation",
        "hits",
        "retrieved",
        "note",
        "strategy",
    }
    details: dict[str, object] = {key: value for key, value in document.items() if key not in known}
    details["payload"] = payload
    details["lines"] = tuple(
        LineHits(int(item["line"]), str(item["query"]), item["hits"]) for item in _list(document, "lines")
    )
    details["missing"] = tuple(MissingHit(str(item["id"]), str(item["reason"])) for item in _list(document, "missing"))
    details["findings"] = tuple(
        find(str(item["code"]), str(item["message"]), ids=[str(name) for name in item.get("ids", ())])
        for item in _list(document, "findings")
    )
    details["strategy_sha256"] = strategy.get("sha256", "")
    details["strategy_file"] = strategy.get("file", "")
    return Run(
        id=run_id,
        source=_required_text(document, "source"),
        lane=cast("Lane", lane),
        kind=kind,
        started=_required_text(document, "started"),
        format=records[0].format if records else "",
        payload=records[0].file if len(records) == 1 else "",
        sha256=_hash_payload(records),
        retrieved=_count(document.get("retrieved"), "retrieved"),
        hits=None if hits is None else _count(hits, "hits"),
        strategy=str(strategy.get("text", "")),
        translation=str(document.get("translation") or ""),
        note=str(document.get("note") or ""),
        details=details,
    )


def _list(document: Mapping[str, object], key: str) -> list[Mapping[str, Any]]:
    value = document.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise ValueError(f"'{key}' is not a list of entries")
    return value


def _required_text(document: Mapping[str, object], key: str) -> str:
    value = document.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"'{key}' is missing")
    return value


def _count(value: object, key: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"'{key}' is {value!r}, not a count")
    return value


def _hash_payload(files: Sequence[PayloadFile]) -> str:
    """Hash of the one file, or of the files' hashes in order."""
    if len(files) == 1:
        return files[0].sha256
    return hashlib.sha256("\n".join(item.sha256 for item in files).encode()).hexdigest()


def _parse_payload_file(item: Mapping[str, object]) -> PayloadFile:
    name = _required_text(item, "file")
    # A name from a file is never allowed to leave the run's folder.
    if not _PLAIN_NAME.fullmatch(name) or name in {".", ".."}:
        raise ValueError(f"payload file {name!r} is not a plain file name")
    records = item.get("records")
    return PayloadFile(
        name,
        _required_text(item, "sha256"),
        _count(item.get("bytes"), "bytes"),
        _required_text(item, "format"),
        None if records is None else _count(records, "records"),
        str(item.get("content_sha256") or ""),
    )

"""The screening log: one append-only CSV per screener and machine, one row per decision.

The file's name says who: `extraction/screening/screener-1.csv`, or `screener-1@laptop.csv` where one person works on two machines. The
latest row of one person for a record and stage stands; `undo` withdraws it. Rows are never edited.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePosixPath
from typing import cast

from review.errors import UsageError
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.model import Decision
from review.model import RecordId
from review.model import Stage
from review.model import Verdict
from review.protocol import STAGES
from review.protocol import Protocol
from review.rows import Row
from review.rows import Rows

#: The columns of a log, in the order in which a new log is written.
COLUMNS = ("time", "stage", "record", "decision", "reason", "note", "shown", "position", "order")

#: The columns that a log must have; the others may be absent.
REQUIRED = COLUMNS[:4]

VERDICTS: tuple[Verdict, ...] = ("include", "exclude", "unsure")


def name_screener(path: str) -> str:
    """Return who keeps a log: the file's name up to `@`."""
    return PurePosixPath(path).stem.split("@")[0]


def check_name(who: str) -> str:
    """Return the name of a screener if a log can be named after it.

    Raises:
        UsageError: If it cannot: the name is empty, reserved, or has characters other than letters, digits, `-`, `_` and `.`.
    """
    is_plain = bool(who) and all(letter.isalnum() or letter in "-_." for letter in who) and not who.startswith(".")
    if not is_plain or who.casefold() == "consensus":
        raise UsageError(f"{who!r} cannot name a screening log; use letters, digits and hyphens")
    return who


def parse_log(rows: Rows, protocol: Protocol) -> tuple[list[Decision], list[Finding]]:
    """Read the decisions of one log in file order.

    A row that cannot be used is reported and left out; a torn last line (a power cut while it was written) counts if it is
    whole, and is reported either way.
    """
    who = name_screener(rows.path)
    findings = list(rows.findings)
    decisions: list[Decision] = []
    for row in rows.rows:
        problems = list(_check_row(row, rows.path, protocol))
        is_usable = all(problem.level != "error" for problem in problems)
        if rows.is_torn and row is rows.rows[-1]:
            kept = "it is whole and counts" if is_usable else "it cannot be used"
            message = f"the last line does not end: {kept}: {','.join(row.cells.values())}"
            hint = "end it with a line feed" if is_usable else "complete it, or decide again"
            findings.append(find("SCREEN-001", message, Origin(rows.path, row.line), hint=hint))
        else:
            findings.extend(problems)
        if is_usable:
            decisions.append(_make_decision(row, rows.path, who))
    return decisions, findings


def _check_row(row: Row, path: str, protocol: Protocol) -> Iterable[Finding]:
    origin = Origin(path, row.line)
    stage, verdict, reason, record = row["stage"], row["decision"], row["reason"], row["record"]
    if stage not in STAGES:
        yield find("SCREEN-002", f"unknown stage {stage!r}", origin, found=stage, expected=" | ".join(STAGES))
    if verdict not in (*VERDICTS, "undo"):
        yield find(
            "SCREEN-003",
            f"unknown decision {verdict!r}",
            origin,
            found=verdict,
            expected=" | ".join((*VERDICTS, "undo")),
        )
    if not record or ":" not in record:
        yield find(
            "SCREEN-004",
            f"{record!r} is not a record id",
            origin,
            found=record,
            expected="an id such as pubmed:30639647",
        )
    if not _is_time(row["time"]):
        yield find(
            "SCREEN-005", f"{row['time']!r} is not a time", origin, found=row["time"], expected="2026-11-24T09:30:00Z"
        )
    if verdict == "exclude" and stage == "full-text" and not reason:
        yield find(
            "SCREEN-007", f"{record} is excluded at full text without a reason", origin, expected="one reason code"
        )
    if reason:
        known = protocol.reason(reason)
        codes = " | ".join(item.code for item in protocol.reasons) or "a code under reasons: in the protocol"
        if known is None and protocol.is_usable:
            yield find("SCREEN-006", f"unknown reason {reason!r}", origin, found=reason, expected=codes)
        elif known is not None and stage in STAGES and stage not in known.stages:
            message = f"the reason {reason} is not for the stage {stage}"
            yield find("SCREEN-008", message, origin, found=stage, expected=" | ".join(known.stages))


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _make_decision(row: Row, path: str, who: str) -> Decision:
    return Decision(
        by=who,
        time=row["time"],
        stage=cast("Stage", row["stage"]),
        record=RecordId(row["record"]),
        verdict=cast("Verdict", row["decision"]),
        reason=row["reason"],
        note=row["note"],
        shown=row["shown"],
        origin=Origin(path, row.line),
        order=row["order"],
    )


def stand(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions that stand: per person, record and stage the latest one, unless it is an undo.

    Of two rows with the same time, the later row of the file stands.
    """
    latest: dict[tuple[str, str, str], Decision] = {}
    for decision in decisions:
        key = (decision.by, decision.stage, decision.record)
        held = latest.get(key)
        if held is None or datetime.fromisoformat(decision.time) >= datetime.fromisoformat(held.time):
            latest[key] = decision
    return [decision for decision in latest.values() if cast("str", decision.verdict) != "undo"]

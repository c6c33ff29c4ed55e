"""People's rulings on pairs (`queries/duplicates.csv`): they always win over the rules and survive every refresh."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from typing import get_args

from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.model import RecordId

Judgement = Literal["same", "different"]
COLUMNS = ("left", "right", "ruling", "by", "when", "why")


@dataclass(frozen=True, slots=True)
class Ruling:
    """One person's word on one pair; `when` is ISO 8601, and the latest ruling on a pair stands."""

    left: RecordId
    right: RecordId
    ruling: Judgement
    by: str = ""
    when: str = ""
    why: str = ""

    @property
    def pair(self) -> tuple[RecordId, RecordId]:
        """The two ids in order, so that `A B` and `B A` are one pair."""
        return (self.left, self.right) if self.left <= self.right else (self.right, self.left)


def parse_rulings(text: str, path: str) -> tuple[list[Ruling], list[Finding]]:
    """Read the rows of a rulings file; a row that cannot be used is a finding, never dropped in silence.

    Args:
        text: The file's text; an empty one has no rulings.
        path: Name for the findings.
    """
    rulings: list[Ruling] = []
    findings: list[Finding] = []
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), restval="")
    if rows.fieldnames is not None:
        missing = [name for name in ("left", "right", "ruling") if name not in rows.fieldnames]
        if missing:
            found = ",".join(rows.fieldnames)
            finding = find(
                "DEDUP-001", f"no column {', '.join(missing)}", Origin(path, 1), found=found, expected=",".join(COLUMNS)
            )
            return [], [finding]
    try:
        for row in rows:
            cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
            origin = Origin(path, rows.line_num)
            problem = _problem(cells)
            if not any(cells.values()):
                continue
            if problem:
                findings.append(
                    find(
                        "DEDUP-001",
                        problem,
                        origin,
                        found=",".join(cells.values()),
                        expected="left,right,same|different",
                    )
                )
                continue
            rulings.append(
                Ruling(
                    RecordId(cells["left"]),
                    RecordId(cells["right"]),
                    "same" if cells["ruling"] == "same" else "different",
                    cells["by"],
                    cells["when"],
                    cells["why"],
                )
            )
    except csv.Error as error:
        findings.append(find("DEDUP-001", f"not a CSV row: {error}", Origin(path, rows.line_num)))
    return rulings, findings


def _problem(cells: dict[str, str]) -> str:
    if not cells["left"] or not cells["right"]:
        return "a ruling needs two record ids"
    if cells["left"] == cells["right"]:
        return "a ruling on a record and itself"
    if cells["ruling"] not in get_args(Judgement):
        return f"ruling {cells['ruling']!r} is not known"
    return ""


def render_ruling(ruling: Ruling) -> str:
    """Return the row to append to the file, with its line end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(
        (ruling.left, ruling.right, ruling.ruling, ruling.by, ruling.when, ruling.why)
    )
    return out.getvalue()


def settle_rulings(rulings: Iterable[Ruling]) -> dict[tuple[RecordId, RecordId], Ruling]:
    """Return the ruling that stands for each pair: the latest by `when`; of equal times, the later row."""
    standing: dict[tuple[RecordId, RecordId], Ruling] = {}
    for ruling in rulings:
        held = standing.get(ruling.pair)
        if held is None or ruling.when >= held.when:
            standing[ruling.pair] = ruling
    return dict(sorted(standing.items()))

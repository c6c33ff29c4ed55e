"""The CSV of the PRISMA2020 app and R package, read and written.

One row per box with the columns `data,node,box,description,boxtext,tooltips,url,n`; absent texts are `NA`; databases, registers and reasons are one
cell each, `Reason 1, 12; Reason 2, 3`. The app cuts a reason at its first comma and splits at every semicolon, quoted or not, so a
comma or semicolon inside a label is written as a look-alike (U+201A, U+FF1B) and read back as what it was.

Source: https://github.com/prisma-flowdiagram/PRISMA2020, `inst/extdata/PRISMA.csv` and `PRISMA_data()`; Haddaway NR, et al. Campbell Systematic
Reviews 2022;18:e1230, https://doi.org/10.1002/cl2.1230.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from review.errors import FormatError
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.model import Box
from review.model import BoxLine
from review.reporting.prisma import APP_KEYS
from review.reporting.prisma import DETAIL_KEYS
from review.reporting.prisma import Template
from review.reporting.prisma import choose_template
from review.reporting.prisma import describe_key
from review.reporting.prisma import index_boxes

COLUMNS = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")

_EMPTY = "NA"
_LOOK_ALIKES = str.maketrans({",": "\u201a", ";": "\uff1b", "\n": " ", "\r": " "})
_ORIGINALS = str.maketrans({"\u201a": ",", "\uff1b": ";"})

#: The keys whose cell is a list of parts.
_LISTS = frozenset({*DETAIL_KEYS, "dbr_excluded", "other_excluded"})

_NUMBER = re.compile(r"[0-9]{1,12}|[0-9]{1,3}(,[0-9]{3})+")


class _Place(NamedTuple):
    """Where the app puts a row: its node (the first row of a box has one) and its box."""

    node: str
    box: str
    lane: str = ""


#: The rows of the app's template in its own order; rows without a key are the titles of lanes.
_ROWS: tuple[tuple[str, _Place], ...] = (
    ("", _Place("node4", "prevstud")),
    ("previous_studies", _Place("node5", "box1")),
    ("previous_reports", _Place(_EMPTY, "box1")),
    ("", _Place("node6", "newstud")),
    ("database_results", _Place("node7", "box2")),
    ("database_specific_results", _Place(_EMPTY, "box2")),
    ("register_results", _Place(_EMPTY, "box2")),
    ("register_specific_results", _Place(_EMPTY, "box2")),
    ("", _Place("node16", "othstud")),
    ("website_results", _Place("node17", "box11")),
    ("organisation_results", _Place(_EMPTY, "box11")),
    ("citations_results", _Place(_EMPTY, "box11")),
    ("duplicates", _Place("node8", "box3")),
    ("excluded_automatic", _Place(_EMPTY, "box3")),
    ("excluded_other", _Place(_EMPTY, "box3")),
    ("records_screened", _Place("node9", "box4", "databases and registers")),
    ("records_excluded", _Place("node10", "box5", "databases and registers")),
    ("dbr_sought_reports", _Place("node11", "box6", "databases and registers")),
    ("dbr_notretrieved_reports", _Place("node12", "box7", "databases and registers")),
    ("other_sought_reports", _Place("node18", "box12", "other")),
    ("other_notretrieved_reports", _Place("node19", "box13", "other")),
    ("dbr_assessed", _Place("node13", "box8", "databases and registers")),
    ("dbr_excluded", _Place("node14", "box9", "databases and registers")),
    ("other_assessed", _Place("node20", "box14", "other")),
    ("other_excluded", _Place("node21", "box15", "other")),
    ("new_studies", _Place("node15", "box10")),
    ("new_reports", _Place(_EMPTY, "box10")),
    ("total_studies", _Place("node22", "box16")),
    ("total_reports", _Place(_EMPTY, "box16")),
    ("identification", _Place("node1", "identification")),
    ("screening", _Place("node2", "screening")),
    ("included", _Place("node3", "included")),
    ("total_studies_ma", _Place("node23", "box17")),
    ("total_reports_ma", _Place(_EMPTY, "box17")),
)

_TITLES = {"prevstud": "previous", "newstud": "main", "othstud": "other"}
_LABELS = ("identification", "screening", "included")
_DETAIL_TEXTS = {
    "database_specific_results": "Specific Databases",
    "register_specific_results": "Specific Registers",
}


def write_app_csv(boxes: Iterable[Box], template: Template | None = None) -> str:
    """Write the numbers as the app's CSV, with the official wording of the template; `n` is empty where nothing was counted.

    The app hides a line whose `n` is empty.
    """
    indexed = index_boxes(boxes)
    chosen = template or choose_template(indexed.values())
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for key, place in _ROWS:
        text, cell = _describe_row(key, place, indexed, chosen)
        suffix = f" ({place.lane})" if place.lane else ""
        tooltip = f"{text}{suffix}" if place.node != _EMPTY else _EMPTY
        url = f"{key or place.box}.html" if place.node != _EMPTY else _EMPTY
        writer.writerow((key or _EMPTY, place.node, place.box, f"{text}{suffix}", text, tooltip, url, cell))
    return buffer.getvalue()


def parse_app_csv(text: str, path: str) -> tuple[list[Box], list[Finding]]:
    """Read the app's CSV: the boxes that have a number, and what could not be read.

    The boxes are marked as `reported`, since the file does not hold ids. Placeholders of the empty template (`xxx`, an empty cell, `NA`)
    are no numbers and no findings. `path` is for messages.

    Raises:
        FormatError: If the columns `data` and `n` are missing.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    if not {"data", "n"}.issubset(rows.fieldnames or ()):
        raise FormatError(
            Path(path), f"not a CSV of the PRISMA2020 app: expected the columns {', '.join(COLUMNS)}", line=1
        )
    cells: dict[str, str] = {}
    findings: list[Finding] = []
    lines: dict[str, int] = {}
    try:
        for row in rows:
            key, cell = (row["data"] or "").strip(), (row["n"] or "").strip()
            origin = Origin(path, rows.line_num, key)
            if key in {"", _EMPTY, *_LABELS}:
                continue
            if key not in APP_KEYS and key not in DETAIL_KEYS:
                findings.append(find("PRISMA-042", f"unknown key {key!r}", origin, found=cell))
            elif key in cells:
                message = f"{key} comes twice; the row of line {lines[key]} was kept"
                findings.append(find("PRISMA-043", message, origin, found=cell))
            else:
                cells[key], lines[key] = cell, rows.line_num
    except csv.Error as error:
        raise FormatError(Path(path), f"the CSV cannot be read: {error}", line=rows.line_num) from error
    return _gather_boxes(cells, lines, path, findings)


def _gather_boxes(
    cells: dict[str, str], lines: dict[str, int], path: str, findings: list[Finding]
) -> tuple[list[Box], list[Finding]]:
    counts: dict[str, int] = {}
    parts: dict[str, tuple[BoxLine, ...]] = {}
    for key, cell in cells.items():
        origin = Origin(path, lines[key], key)
        if _is_placeholder(cell):
            continue
        if key in _LISTS and "," in cell and not _NUMBER.fullmatch(cell):
            found, wrong = _parse_parts(cell)
            findings += [
                find("PRISMA-041", f"no number in {part!r}", origin, found=part, expected="label, number")
                for part in wrong
            ]
            box = DETAIL_KEYS.get(key, key)
            parts[box] = found
            if key not in DETAIL_KEYS:
                counts[key] = sum(line.n for line in found)
        elif _NUMBER.fullmatch(cell):
            if key not in DETAIL_KEYS:
                counts[key] = int(cell.replace(",", ""))
        else:
            findings.append(
                find("PRISMA-041", f"{key} is not a number", origin, found=cell, expected="a number from 0")
            )
    boxes = [
        Box(key, counts[key], unit, lines=parts.get(key, ()), reported=True)
        for key, unit in APP_KEYS.items()
        if key in counts
    ]
    return boxes, findings


def _parse_parts(cell: str) -> tuple[tuple[BoxLine, ...], list[str]]:
    found: list[BoxLine] = []
    wrong: list[str] = []
    for part in filter(None, (piece.strip() for piece in cell.split(";"))):
        label, _, number = (piece.strip() for piece in part.partition(","))
        if _NUMBER.fullmatch(number):
            found.append(BoxLine(label.translate(_ORIGINALS), int(number.replace(",", ""))))
        elif not number or not _is_placeholder(number):
            wrong.append(part)
    return tuple(found), wrong


def _is_placeholder(cell: str) -> bool:
    return cell.lower() in {"", "na", "xxx"}


def _describe_row(key: str, place: _Place, boxes: dict[str, Box], template: Template) -> tuple[str, str]:
    if not key:
        titles = {"previous": "Previous studies", "other": "Identification of studies via other methods"} | dict(
            template.lane_titles
        )
        return titles[_TITLES[place.box]], ""
    if key in _LABELS:
        return key.capitalize(), ""
    if key in DETAIL_KEYS:
        return _DETAIL_TEXTS[key], _join_parts(boxes.get(DETAIL_KEYS[key]))
    box = boxes.get(key)
    cell = _join_parts(box) if key in _LISTS else ""
    return describe_key(key, template), cell or (str(box.n) if box else "")


def _join_parts(box: Box | None) -> str:
    return "; ".join(f"{line.label.translate(_LOOK_ALIKES).strip()}, {line.n}" for line in (box.lines if box else ()))

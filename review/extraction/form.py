"""The form of a sheet, as a value: which sections and controls a protocol asks for, and what each control shows of a sheet.

A page draws any form that is described here; a new kind of entry in sheets becomes a section of this description.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from review.extraction.sheet_fragments import Path
from review.extraction.sheet_fragments import Tree
from review.extraction.sheet_fragments import fold_text
from review.extraction.values import TO_DO
from review.extraction.values import find_missing
from review.extraction.values import split_operator

#: What a control holds: `cell` a value with sign, unit, source and note; `count` a cell with the exposure that its unit is of; `time` a time
#: to an event, whether the event ended it, and the rest of a cell; `text` one text; `choice` one of some words; `whole` a whole
#: number; `numbers` several numbers; `texts` a text a line; `source` where an entry was read; `answer` an answer with its reason.
Kind = Literal["cell", "count", "time", "text", "choice", "whole", "numbers", "texts", "source", "answer"]

#: The parts of a control of each kind, each a text.
PARTS: dict[Kind, tuple[str, ...]] = {
    "cell": ("value", "op", "unit", "record", "place", "words", "note"),
    "count": ("value", "op", "exposure", "unit", "record", "place", "words", "note"),
    "time": ("time", "event", "unit", "record", "place", "words", "note"),
    "text": ("value",),
    "choice": ("value",),
    "whole": ("value",),
    "numbers": ("first", "last"),
    "texts": ("value",),
    "source": ("record", "place", "words"),
    "answer": ("answer", "reason"),
}

_CELL_KEYS = {"value", "op", "unit", "source", "note"}
_TIME_KEYS = {"time", "event", "unit", "source", "note"}
_SOURCE_KEYS = {"record", "place", "words"}
_HEAD = ("format", "study", "label", "evidence", "design", "year")
_LISTS = (
    "reports",
    "sources",
    "cases",
    "counts",
    "summaries",
    "treatments",
    "characteristics",
    "appraisal",
    "overlap",
    "notes",
)


@dataclass(frozen=True, slots=True)
class Control:
    """One place of an entry.

    `path` leads there from the entry, `type` is that of a cell's value (number, integer, choice, text, date), `unit` its unit and `units`
    the others that may be used. `group` is the heading that it stands under; empty for none.
    """

    path: Path
    label: str
    kind: Kind
    hint: str = ""
    type: str = ""
    choices: tuple[str, ...] = ()
    unit: str = ""
    units: tuple[str, ...] = ()
    is_required: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form: one entry at `path`, or, if it `repeats`, one for each entry of the list there.

    `title` is the key that an entry is known by. `fixed` are key and value that an entry of this section has, which tell it from those of
    other sections of the same list.
    """

    key: str
    label: str
    controls: tuple[Control, ...]
    path: Path = ()
    hint: str = ""
    repeats: bool = False
    title: str = ""
    fixed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """What a control shows: the text of each part.

    `problem` says why the place cannot be changed here, empty if it can. `is_open` tells a value that is still to be extracted.
    """

    parts: dict[str, str]
    problem: str = ""
    is_open: bool = False


class _ShapeError(Exception):
    """What stands in a sheet is none of a control's; the text names it."""


def order_keys(sections: Sequence[Section], path: Path) -> Sequence[str]:
    """Return the order in which the keys of a mapping of a sheet are written."""
    if not path:
        return (*_HEAD, *_LISTS)
    for section in sections:
        inner = path[len(section.path) + section.repeats :] if path[: len(section.path)] == section.path else None
        if inner is None or (not section.path and section.key != "study"):
            continue
        keys = [
            str(control.path[len(inner)])
            for control in section.controls
            if control.path[: len(inner)] == inner and len(control.path) > len(inner)
        ]
        if keys:
            return [*(key for key, _ in section.fixed if not inner), *dict.fromkeys(keys)]
    return (
        "value",
        "time",
        "event",
        "op",
        "exposure",
        "unit",
        "answer",
        "source",
        "record",
        "place",
        "words",
        "reason",
        "note",
    )


def find_control(sections: Sequence[Section], path: Path, key: str = "") -> tuple[Section, Control] | None:
    """Return the section and control of a place in a sheet, None for a place that the form does not have.

    Args:
        sections: The form.
        path: The place.
        key: The section that it is in; empty for the first that has it.
    """
    for section in sections:
        length = len(section.path)
        if path[:length] != section.path or key not in ("", section.key):
            continue
        if section.repeats and not (len(path) > length and isinstance(path[length], int)):
            continue
        inner = path[length + section.repeats :]
        for control in section.controls:
            if control.path == inner:
                return section, control
    return None


def list_entries(section: Section, tree: Tree) -> list[tuple[int, Tree]]:
    """Return the entries of a section that repeats, each with its place in the list."""
    entries = get_below(tree, section.path)
    if not isinstance(entries, list):
        return []
    return [
        (place, entry)
        for place, entry in enumerate(entries)
        if all(isinstance(entry, dict) and entry.get(key) == value for key, value in section.fixed)
    ]


def get_below(tree: Tree | None, path: Path) -> Tree | None:
    """Return what stands at a path; None for nothing."""
    for step in path:
        if isinstance(step, str) and isinstance(tree, dict):
            tree = tree.get(step)
        elif isinstance(step, int) and isinstance(tree, list) and 0 <= step < len(tree):
            tree = tree[step]
        else:
            return None
    return tree


def view_control(control: Control, entry: Tree | None) -> State:
    """Return what a control shows of an entry."""
    blank = dict.fromkeys(PARTS[control.kind], "")
    node = get_below(entry, control.path)
    if node is None or node == "":
        return State(blank)
    try:
        is_open = isinstance(node, str) and fold_text(node) == TO_DO
        return State({**blank, **_read_parts(control, node)}, is_open=is_open)
    except _ShapeError as error:
        return State(blank, f"the sheet holds {error} here; change it in an editor")


def _read_parts(control: Control, node: Tree) -> dict[str, str]:
    if control.kind in ("cell", "count"):
        return _read_cell(node, control)
    if control.kind == "time":
        return _read_time(node)
    if control.kind == "source":
        return _read_source(node)
    if control.kind == "answer":
        if isinstance(node, dict):
            _check_keys(node, {"answer", "reason"})
            return {key: _read_text(value) for key, value in node.items()}
        return {"answer": _read_text(node)}
    if control.kind == "numbers":
        if not isinstance(node, list) or len(node) != 2:
            raise _ShapeError("other than two numbers")
        return dict(zip(PARTS["numbers"], map(_read_text, node), strict=True))
    if control.kind == "choice" and node == TO_DO:
        return {}
    if control.kind == "texts" and isinstance(node, list):
        return {"value": "\n".join(map(_read_text, node))}
    return {"value": _read_text(node)}


def _read_cell(node: Tree, control: Control) -> dict[str, str]:
    if isinstance(node, str):
        text = fold_text(node)
        if text == TO_DO:
            return {}
        operator, value = split_operator(text) if control.type in ("number", "integer") else ("=", text)
        return {"value": value, "op": "" if operator == "=" else operator}
    if not isinstance(node, dict):
        raise _ShapeError("a list")
    _check_keys(node, _CELL_KEYS | ({"exposure"} if control.kind == "count" else set()))
    parts = {key: _read_text(value) for key, value in node.items() if key != "source"}
    if parts.get("op") == "=":
        parts["op"] = ""
    return parts | (_read_source(node["source"]) if "source" in node else {})


def _read_time(node: Tree) -> dict[str, str]:
    """Read a time to an event; a word for its absence stands in the place of the time."""
    if isinstance(node, str):
        text = fold_text(node)
        return {} if text == TO_DO else {"time": text}
    if not isinstance(node, dict):
        raise _ShapeError("a list")
    is_absent = "time" not in node and find_missing(fold_text(str(node.get("value", "")))) is not None
    _check_keys(node, {"value", "source", "note"} if is_absent else _TIME_KEYS)
    parts = {"time" if key == "value" else key: _read_text(value) for key, value in node.items() if key != "source"}
    return parts | (_read_source(node["source"]) if "source" in node else {})


def _read_source(node: Tree) -> dict[str, str]:
    if isinstance(node, dict):
        _check_keys(node, _SOURCE_KEYS)
        return {key: _read_text(value) for key, value in node.items()}
    return {"record": _read_text(node)}


def _read_text(node: Tree) -> str:
    if not isinstance(node, str):
        raise _ShapeError("a list" if isinstance(node, list) else "key: value lines")
    return fold_text(node)


def _check_keys(node: dict[str, Tree], known: set[str]) -> None:
    unknown = ", ".join(key for key in node if key not in known)
    if unknown:
        raise _ShapeError(f"the key {unknown}, which the form does not know,")

"""What a person put into a form, as changes to the sheet."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from review.extraction.form import PARTS
from review.extraction.form import Control
from review.extraction.form import Section
from review.extraction.form import find_control
from review.extraction.form import get_below
from review.extraction.form import view_control
from review.extraction.sheet_fragments import Patch
from review.extraction.sheet_fragments import Path
from review.extraction.sheet_fragments import Tree
from review.extraction.sheet_fragments import fold_text
from review.extraction.values import MISSING
from review.extraction.values import OPERATORS
from review.extraction.values import TO_DO
from review.extraction.values import find_missing
from review.extraction.values import split_operator

#: Longest text of one part: a quote is a sentence or two.
LENGTH_LIMIT = 20_000


class InputError(Exception):
    """What stands in a control cannot be written yet; the text says what is lacking."""


@dataclass(frozen=True, slots=True)
class Change:
    """What stands in the control at `path` now: the text of each of its parts.

    `section` is the key of its section; empty where the path tells.
    """

    path: Path
    parts: Mapping[str, str]
    section: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """All changes as one patch, with what could not be written yet, and why, by path."""

    patch: dict[str, Patch]
    refused: tuple[tuple[Path, str], ...]


def make_input(changes: Iterable[Change], sections: Sequence[Section], tree: Tree) -> Input:
    """Turn what a person changed into a patch of the sheet. What is lacking in one control does not hold up the others."""
    patch: dict[str, Patch] = {}
    refused: list[tuple[Path, str]] = []
    made: dict[Path, list[Change]] = {}
    for change in changes:
        made.setdefault(_find_entry(change, sections), []).append(change)
    for entry, several in sorted(made.items(), key=lambda item: [str(step).zfill(9) for step in item[0]]):
        problem = _find_entry_problem(entry, several, sections, tree, patch)
        for change in several:
            if problem:
                refused.append((change.path, problem))
                continue
            try:
                below = _read_change(change, sections, tree)
            except InputError as error:
                refused.append((change.path, str(error)))
                continue
            if below is not None or get_below(tree, change.path) is not None:
                _put(patch, change.path, below)
        _add_fixed(entry, several[0], sections, tree, patch)
    return Input(patch, tuple(refused))


def _find_entry(change: Change, sections: Sequence[Section]) -> Path:
    found = find_control(sections, change.path, change.section)
    return change.path[: len(change.path) - len(found[1].path)] if found else change.path


def _find_entry_problem(
    entry: Path, several: Sequence[Change], sections: Sequence[Section], tree: Tree, patch: Mapping[str, Patch]
) -> str:
    """Say why nothing can be written in an entry: a new one needs what it is known by, and those before it."""
    found = find_control(sections, several[0].path, several[0].section)
    if found is None or not found[0].repeats or get_below(tree, entry) is not None:
        return ""
    section, place = found[0], entry[-1]
    held = get_below(tree, section.path)
    below = _get_patch(patch, section.path)
    added = len(held) if isinstance(held, list) else 0
    while isinstance(below, Mapping) and added in below:
        added += 1
    if place != added:
        return "the entry before this one could not be written"
    required = [control for control in section.controls if control.is_required]
    given = {change.path[len(entry) :] for change in several if any(fold_text(text) for text in change.parts.values())}
    lacking = [control.label for control in required if control.path not in given and control.kind != "cell"]
    return f"a new entry needs: {', '.join(lacking)}" if lacking else ""


def _get_patch(patch: Patch, path: Path) -> Patch:
    for step in path:
        if not isinstance(patch, Mapping):
            return None
        patch = cast("Mapping[str | int, Patch]", patch).get(step)
    return patch


def _add_fixed(
    entry: Path, change: Change, sections: Sequence[Section], tree: Tree, patch: Mapping[str, Patch]
) -> None:
    """Give a new entry what tells it from those of other sections, and its keys the order of the form."""
    found = find_control(sections, change.path, change.section)
    below = _get_patch(patch, entry)
    if found is None or not found[0].repeats or not isinstance(below, dict) or get_below(tree, entry) is not None:
        return
    whole = {**dict(found[0].fixed), **below}
    order = [*dict(found[0].fixed), *dict.fromkeys(str(control.path[0]) for control in found[0].controls)]
    below.clear()
    below.update({key: whole[key] for key in order if key in whole})


def _put(patch: dict[str, Patch], path: Path, below: Patch) -> None:
    place = cast("dict[str | int, Patch]", patch)
    for step in path[:-1]:
        place = cast("dict[str | int, Patch]", place.setdefault(step, {}))
    place[path[-1]] = below


def _read_change(change: Change, sections: Sequence[Section], tree: Tree) -> Patch:
    found = find_control(sections, change.path, change.section)
    if found is None:
        raise InputError("the form has no such place; load it again")
    control = found[1]
    if set(change.parts) - set(PARTS[control.kind]):
        raise InputError("the form has no such part; load it again")
    _check_texts(change.parts.values())
    entry = get_below(tree, change.path[: len(change.path) - len(control.path)])
    state = view_control(control, entry)
    if state.problem:
        raise InputError(state.problem)
    old = get_below(entry, control.path)
    parts = {part: change.parts.get(part, "") for part in PARTS[control.kind]}
    if control.kind == "texts":
        return _read_texts(parts["value"], old)
    folded = {part: fold_text(text) for part, text in parts.items()}
    if control.kind in ("cell", "count"):
        return _read_cell(folded, control, old)
    if control.kind == "time":
        return _read_time(folded, control, old)
    readers = {"source": _read_source, "answer": _read_answer, "numbers": _read_numbers}
    if control.kind in readers:
        return readers[control.kind](folded, old)
    if control.is_required and not folded["value"]:
        raise InputError(f"{control.label} is needed; to take the whole entry out, change the sheet in an editor")
    return folded["value"] or None


def _check_texts(texts: Iterable[str]) -> None:
    for text in texts:
        if len(text) > LENGTH_LIMIT:
            raise InputError(f"this is longer than {LENGTH_LIMIT:,} letters")
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            raise InputError("this holds half a letter, which no file can keep: type the last letters again")


def _read_cell(parts: Mapping[str, str], control: Control, old: Tree | None) -> Patch:
    value, operator, unit = parts["value"], parts["op"], parts["unit"]
    if not value:
        return _leave_open(parts, old)
    if control.type in ("number", "integer") and not operator:
        sign, rest = split_operator(value)
        operator, value = ("", value) if sign == "=" else (sign, rest)
    if operator and operator not in OPERATORS:
        raise InputError(f"the sign {operator} is not one of {' '.join(OPERATORS)}")
    held = old if isinstance(old, dict) else {}
    whole: dict[str, Patch] = {"value": value}
    if operator != "" or held.get("op", "=") != "=":
        whole["op"] = operator or None
    if unit != control.unit or "unit" not in held:
        whole["unit"] = unit if unit and unit != control.unit else None
    if control.kind == "count":
        whole["exposure"] = parts["exposure"] or None
    whole["source"] = _read_source(parts, held.get("source"))
    whole["note"] = parts["note"] or None
    if not isinstance(old, dict) and all(below is None for key, below in whole.items() if key != "value"):
        return value
    return whole


def _leave_open(parts: Mapping[str, str], old: Tree | None) -> Patch:
    """Say that a value is still to be read: none is taken out in silence, and the sheet's own words for it are a finding."""
    told = {"record": "source", "words": "quote"}
    others = [
        told.get(part, part) for part in ("exposure", "event", "record", "place", "words", "note") if parts.get(part)
    ]
    if others:
        raise InputError(f"the {' and '.join(others)} has no value yet: give one, or {', '.join(MISSING)}")
    return None if old is None else TO_DO


def _read_time(parts: Mapping[str, str], control: Control, old: Tree | None) -> Patch:
    time, event, unit = parts["time"], parts["event"], parts["unit"]
    if not time:
        return _leave_open(parts, old)
    held = old if isinstance(old, dict) else {}
    source = _read_source(parts, held.get("source"))
    absent = find_missing(time)
    if absent is not None:
        if event:
            raise InputError(f"a time that is {absent} has no event")
        if not held and source is None and not parts["note"]:
            return absent
        gone: dict[str, Patch] = dict.fromkeys(("time", "event", "unit"))
        return {"value": absent, **gone, "source": source, "note": parts["note"] or None}
    if not event:
        raise InputError("say whether the event ended the time: yes, or no where follow-up did")
    whole: dict[str, Patch] = {"value": None, "time": time, "event": event}
    if unit != control.unit or "unit" not in held:
        whole["unit"] = unit if unit and unit != control.unit else None
    return {**whole, "source": source, "note": parts["note"] or None}


def _read_source(parts: Mapping[str, str], old: Tree | None) -> Patch:
    record, place, words = parts["record"], parts["place"], parts["words"]
    if not record:
        if place or words:
            raise InputError(f"choose the record that the {'quote' if words else 'place'} is of")
        return None
    if not (place or words or isinstance(old, dict)):
        return record
    return {"record": record, "place": place or None, "words": words or None}


def _read_answer(parts: Mapping[str, str], old: Tree | None) -> Patch:
    answer, reason = parts["answer"], parts["reason"]
    if not answer:
        if reason:
            raise InputError("the reason has no answer yet")
        return None
    if not reason and not isinstance(old, dict):
        return answer
    return {"answer": answer, "reason": reason or None}


def _read_numbers(parts: Mapping[str, str], old: Tree | None) -> Patch:
    first, last = parts["first"], parts["last"]
    if bool(first) != bool(last):
        raise InputError("give both numbers")
    if not first:
        return None
    return {0: first, 1: last} if isinstance(old, list) else [first, last]


def _read_texts(value: str, old: Tree | None) -> Patch:
    lines = [line for line in map(fold_text, value.splitlines()) if line]
    if not lines:
        return None
    if isinstance(old, str) and len(lines) == 1:
        return lines[0]
    if isinstance(old, list) and len(lines) >= len(old):
        # One by one, so that comments between the lines stay.
        return dict(enumerate(lines))
    return lines

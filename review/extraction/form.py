"""The form of a sheet, as a value: which sections and controls a protocol asks for, and what each control shows of a sheet.

A page draws any form that is described here; a new kind of entry in sheets becomes a section of this description.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from review.extraction.appraisal import list_items
from review.extraction.appraisal_tools import TOOLS
from review.extraction.schema import tell_field
from review.extraction.sheet_edit import Path
from review.extraction.sheet_edit import Tree
from review.extraction.sheet_edit import fold_text
from review.extraction.summaries import STATISTICS
from review.extraction.values import ANSWERS
from review.extraction.values import TO_DO
from review.extraction.values import split_operator
from review.protocol import CaseField
from review.protocol import Outcome
from review.protocol import Protocol

#: What a control holds: `cell` a value with sign, unit, source and note; `text` one text; `choice` one of some words; `whole` a whole
#: number; `numbers` several numbers; `texts` a text a line; `source` where an entry was read; `answer` an answer with its reason.
Kind = Literal["cell", "text", "choice", "whole", "numbers", "texts", "source", "answer"]

#: The parts of a control of each kind, each a text.
PARTS: dict[Kind, tuple[str, ...]] = {
    "cell": ("value", "op", "unit", "record", "place", "words", "note"),
    "text": ("value",),
    "choice": ("value",),
    "whole": ("value",),
    "numbers": ("first", "last"),
    "texts": ("value",),
    "source": ("record", "place", "words"),
    "answer": ("answer", "reason"),
}

_CELL_KEYS = {"value", "op", "unit", "source", "note"}
_SOURCE_KEYS = {"record", "place", "words"}
_HEAD = ("format", "study", "label", "evidence", "design", "year")
_LISTS = ("reports", "sources", "cases", "counts", "characteristics", "appraisal", "overlap", "notes")


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


def describe_form(protocol: Protocol) -> tuple[Section, ...]:
    """Return the sections of a sheet's form in the order of the protocol."""
    return (
        _describe_head(),
        _describe_reports(),
        _describe_sources(),
        _describe_cases(protocol),
        _describe_counts(protocol),
        _describe_characteristics(protocol),
        *_describe_appraisals(protocol),
        _describe_overlap(),
        Section("notes", "Notes", (Control(("notes",), "Notes on the study", "texts", "one a line"),)),
    )


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
    return ("value", "op", "unit", "answer", "source", "record", "place", "words", "reason", "note")


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
    if control.kind == "cell":
        return _read_cell(node, control)
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
    _check_keys(node, _CELL_KEYS)
    parts = {key: _read_text(value) for key, value in node.items() if key != "source"}
    if parts.get("op") == "=":
        parts["op"] = ""
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


def _describe_head() -> Section:
    return Section(
        "study",
        "Study",
        (
            Control(("label",), "Label", "text", "how tables and figures name it: Smith 2014"),
            Control(("design",), "Design", "text", "case report, case series, cohort study, ..."),
            Control(("year",), "Year", "whole"),
            Control(
                ("evidence",),
                "Evidence",
                "choice",
                "secondary: known only through another publication",
                choices=("primary", "secondary"),
            ),
        ),
    )


def _describe_reports() -> Section:
    controls = (
        Control(("record",), "Record", "text", "the id that `review records` prints", is_required=True),
        Control(("name",), "Name", "text", "what sources in this sheet call it: paper"),
        Control(("role",), "Role", "choice", choices=("main", "companion")),
        Control(("kind",), "Kind", "text", "conference abstract, letter, ..."),
    )
    return Section("reports", "Reports of the study", controls, ("reports",), repeats=True, title="record")


def _describe_sources() -> Section:
    controls = (
        Control(("record",), "Record", "text", "the id that `review records` prints", is_required=True),
        Control(("name",), "Name", "text", "what sources in this sheet call it", is_required=True),
        Control(("note",), "Note", "text"),
    )
    hint = "records that figures were read in, besides the reports"
    return Section("sources", "Other sources", controls, ("sources",), hint, repeats=True, title="record")


def _describe_cases(protocol: Protocol) -> Section:
    times = {time.name: time.label for time in protocol.time_points}
    controls = [
        Control(("case",), "Case", "text", "an id of its own: smith-2014-1", is_required=True),
        *(_describe_field(item, times) for item in protocol.case_fields),
        *(_describe_outcome(outcome, times) for outcome in protocol.outcomes),
        Control(
            ("same_as",), "Same patient as", "text", "a case of another sheet, counted once", group="About the case"
        ),
        Control(("note",), "Note", "text", group="About the case"),
    ]
    return Section("cases", "Cases", tuple(controls), ("cases",), "one patient each", repeats=True, title="case")


def _describe_field(item: CaseField, times: dict[str, str]) -> Control:
    return Control(
        (item.name,),
        item.label,
        "cell",
        tell_field(item).removeprefix(f"{item.label}: "),
        type=item.type,
        choices=item.choices,
        unit=item.unit,
        units=tuple(name for name, _ in item.units),
        is_required=item.is_required,
        group=f"Values: {times[item.time_point]}" if item.time_point in times else "Values",
    )


def _describe_outcome(outcome: Outcome, times: dict[str, str]) -> Control:
    rule = f"derived from the values by: {outcome.rule}; give what the report says, if it does" if outcome.rule else ""
    return Control(
        ("outcomes", outcome.name),
        outcome.label,
        "cell",
        "; ".join(part for part in (outcome.response, rule, times.get(outcome.time_point, "")) if part),
        type="choice",
        choices=ANSWERS,
        group="Outcomes",
    )


def _list_count_controls() -> Iterator[Control]:
    yield Control(("events",), "Events", "whole", "patients with it")
    yield Control(("total",), "Total", "whole", "patients in whom it was looked at")
    yield Control(("definition",), "Definition", "text", "as the report says it")


def _list_end_controls() -> Iterator[Control]:
    yield Control(("source",), "Source", "source")
    yield Control(("note",), "Note", "text")


def _describe_counts(protocol: Protocol) -> Section:
    names = tuple(outcome.name for outcome in protocol.outcomes)
    controls = (
        Control(("outcome",), "Outcome", "choice", choices=names, is_required=True),
        *_list_count_controls(),
        *_list_end_controls(),
    )
    hint = "totals as reported; where cases are given too, both must agree"
    return Section("counts", "Counts of outcomes", controls, ("counts",), hint, repeats=True, title="outcome")


def _describe_characteristics(protocol: Protocol) -> Section:
    names = tuple(item.name for item in protocol.case_fields)
    choices = tuple(dict.fromkeys(choice for item in protocol.case_fields for choice in item.choices))
    controls = (
        Control(("field",), "Field", "choice", choices=names, is_required=True),
        Control(
            ("choice",), "Choice", "choice", "for a count of patients", choices=choices, group="A count of patients"
        ),
        *(_regroup(control, "A count of patients") for control in _list_count_controls()),
        *(_describe_statistic(name, length) for name, length in STATISTICS.items()),
        *(_regroup(control, "Where it was read") for control in _list_end_controls()),
    )
    hint = "as reported, for all patients together: a count for one choice of a field, or statistics of a number"
    return Section(
        "characteristics", "Characteristics", controls, ("characteristics",), hint, repeats=True, title="field"
    )


def _regroup(control: Control, group: str) -> Control:
    return Control(control.path, control.label, control.kind, control.hint, group=group)


def _describe_statistic(name: str, length: int) -> Control:
    labels = {"n": "Patients (n)", "sd": "SD", "iqr": "Quartiles (IQR)"}
    kind: Kind = "numbers" if length == 2 else "text"
    hint = "lower and upper" if length == 2 else ""
    return Control((name,), labels.get(name, name.capitalize()), kind, hint, group="Statistics")


def _describe_appraisals(protocol: Protocol) -> Iterator[Section]:
    for plan in protocol.appraisals:
        tool = TOOLS.get(plan.tool)
        if tool is None:
            continue
        items = (
            Control(("answers", item.key), item.asks, "answer", item.domain, choices=tool.answers, group="Items")
            for item in list_items(tool, plan)
        )
        controls = (
            Control(("by",), "Appraised by", "text"),
            *items,
            Control(("overall", "judgement"), "Judgement", "choice", choices=tool.judgements, group="Overall"),
            Control(("overall", "reason"), "Reason", "text", group="Overall"),
        )
        designs = f"; for {', '.join(plan.designs)}" if plan.designs else ""
        yield Section(
            f"appraisal-{tool.key}",
            f"Appraisal: {tool.name}",
            controls,
            ("appraisal",),
            f"{tool.citation}{designs}",
            repeats=True,
            title="by",
            fixed=(("tool", tool.key),),
        )


def _describe_overlap() -> Section:
    controls = (
        Control(("may_include",), "May include", "texts", "studies whose patients may be in this one, one a line"),
        Control(("overlaps_with",), "Overlaps with", "texts", "studies with patients in common, one a line"),
        Control(("distinct_from",), "Distinct from", "texts", "studies without a patient in common, one a line"),
        Control(("why",), "Why", "text", "where it is said"),
    )
    return Section("overlap", "Patients in other studies", controls, ("overlap",))

"""The boxes of the flow diagram with their words, ready to be drawn or written in any form."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from typing import NamedTuple

from review.model import Box
from review.model import BoxLine
from review.numerals import format_count
from review.reporting.prisma import DATABASE_LANE
from review.reporting.prisma import OTHER_LANE
from review.reporting.prisma import Template
from review.reporting.prisma import choose_template
from review.reporting.prisma import describe_key
from review.reporting.prisma import index_boxes

Lane = Literal["previous", "main", "other"]
Stage = Literal["identification", "screening", "included"]


class NodeLine(NamedTuple):
    """One line of text in a box of the diagram; `depth` 1 is a part of the line above.

    `key` names the number as values do: a key of the diagram, with the part's place behind it from 1 (`database_results.2`).
    """

    text: str
    key: str = ""
    depth: int = 0
    is_heading: bool = False


class Footnote(NamedTuple):
    """A note below the diagram; `mark` is `*`, `**` or nothing."""

    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.mark}{self.text}"


@dataclass(frozen=True, slots=True)
class Node:
    """One box of the diagram: its place (`lane`, `stage`, `is_side`) and what it says.

    `keys` are the numbers in it, the first of which names it; `is_side` boxes stand right of the flow and hold what left it.
    """

    key: str
    lane: Lane
    stage: Stage
    is_side: bool
    lines: tuple[NodeLine, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlowOptions:
    """What a diagram shows beyond the official minimum.

    `details`: the databases and registers one by one. `screening_reasons`: why records were excluded at title and abstract.
    `meta_analysis`: the studies in the meta-analysis, where counted. `cases`: the patients, where counted.
    """

    details: bool = True
    screening_reasons: bool = False
    meta_analysis: bool = True
    cases: bool = True
    footnotes: tuple[str, ...] = ()


DEFAULT_OPTIONS = FlowOptions()


class _Plan(NamedTuple):
    """What a box of the official form holds: numbers it must have, then numbers that appear once they are counted."""

    lane: Lane
    stage: Stage
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    heading: str = ""
    is_side: bool = False
    lists_parts: bool = False


def _plan_reports(lane: Lane, prefix: str) -> tuple[_Plan, ...]:
    return (
        _Plan(lane, "screening", (f"{prefix}_sought_reports",)),
        _Plan(lane, "screening", (f"{prefix}_notretrieved_reports",), is_side=True),
        _Plan(lane, "screening", (f"{prefix}_assessed",), (f"{prefix}_waiting",)),
        _Plan(lane, "screening", (f"{prefix}_excluded",), is_side=True, lists_parts=True),
    )


_PREVIOUS = _Plan("previous", "identification", ("previous_studies", "previous_reports"))
_IDENTIFIED = _Plan(
    "main", "identification", ("database_results",), ("register_results",), "Records identified from{mark}:"
)
_REMOVED = _Plan(
    "main",
    "identification",
    ("duplicates",),
    ("excluded_automatic", "excluded_other"),
    "Records removed before screening:",
    is_side=True,
)
_SCREENED = _Plan("main", "screening", ("records_screened",), ("records_waiting",))
_EXCLUDED = _Plan("main", "screening", ("records_excluded",), is_side=True)
_REPORTS = _plan_reports("main", "dbr")
_OTHER = (
    _Plan("other", "identification", (), OTHER_LANE, "Records identified from:"),
    *_plan_reports("other", "other"),
)
_NEW = _Plan("main", "included", ("new_studies", "new_reports"), ("new_cases",))
_TOTAL = _Plan(
    "main",
    "included",
    ("total_studies", "total_reports"),
    ("added_reports", "withdrawn_studies", "withdrawn_reports", "total_cases"),
)
_META_ANALYSIS = _Plan("main", "included", ("total_studies_ma",), ("total_reports_ma",))

_CASES = frozenset({"new_cases", "total_cases"})
_WAITING = frozenset({"records_waiting", "dbr_waiting", "other_waiting"})


def compose_nodes(
    boxes: Iterable[Box], template: Template | None = None, options: FlowOptions = DEFAULT_OPTIONS
) -> tuple[Node, ...]:
    """Write the text of every box of the diagram.

    A number that a template must have and that was not counted leaves its place open, `(n = )`, as the official form does; numbers that
    a review need not have (registers, a reason) are left out. `template` None chooses it from the data.
    """
    indexed = index_boxes(boxes)
    chosen = template or choose_template(indexed.values())
    nodes = (_compose_node(plan, indexed, chosen, options) for plan in _choose_plans(indexed, chosen, options))
    return tuple(node for node in nodes if node.keys)


def list_footnotes(boxes: Iterable[Box], options: FlowOptions = DEFAULT_OPTIONS) -> tuple[Footnote, ...]:
    """Write what stands below the diagram: the notes * and ** of the official form where they apply, then the notes given."""
    indexed = index_boxes(boxes)
    notes: list[Footnote] = []
    has_parts = options.details and any(indexed[key].lines for key in DATABASE_LANE if key in indexed)
    if "database_results" in indexed and not has_parts:
        notes.append(Footnote("*", "Over all databases and registers searched."))
    people, tools = (indexed[key].n if key in indexed else 0 for key in ("records_excluded", "excluded_automatic"))
    if tools:
        counts = (
            f"{format_count(people)} excluded by people, {format_count(tools)} by automation tools before screening"
        )
        notes.append(Footnote("**", f"{counts}."))
    return (*notes, *(Footnote("", note) for note in options.footnotes))


def format_line(line: BoxLine) -> str:
    """Write one part of a number: `PubMed (n = 120)`."""
    return f"{line.label} (n = {format_count(line.n)})"


def _choose_plans(boxes: Mapping[str, Box], template: Template, options: FlowOptions) -> Iterator[_Plan]:
    if template.is_updated:
        yield _PREVIOUS
    yield from (_IDENTIFIED, _REMOVED, _SCREENED, _EXCLUDED._replace(lists_parts=options.screening_reasons), *_REPORTS)
    if template.has_other:
        yield from _OTHER
    yield _NEW
    if template.is_updated:
        yield _TOTAL
    if options.meta_analysis and "total_studies_ma" in boxes:
        yield _META_ANALYSIS


def _compose_node(plan: _Plan, boxes: Mapping[str, Box], template: Template, options: FlowOptions) -> Node:
    marks = {note.mark for note in list_footnotes(boxes.values(), options)}
    optional = (key for key in plan.optional if key in boxes and not _is_hidden(boxes[key], options))
    keys = (*plan.required, *optional)
    lines: list[NodeLine] = []
    if plan.heading:
        lines.append(NodeLine(plan.heading.format(mark="*" if "*" in marks else ""), is_heading=True))
    for key in keys:
        mark = "**" if key == "records_excluded" and "**" in marks else ""
        words = f"{describe_key(key, template)}{mark}"
        parts = _list_parts(boxes.get(key)) if plan.lists_parts or (key in DATABASE_LANE and options.details) else []
        if parts and key in {"dbr_excluded", "other_excluded"}:
            # The official form prints the reasons below the words, and no sum.
            lines.append(NodeLine(f"{words}:", key, is_heading=True))
            lines += (part._replace(depth=0) for part in parts)
        else:
            lines.append(NodeLine(f"{words} {_format_count(boxes.get(key))}", key))
            lines += parts
    return Node(keys[0] if keys else "", plan.lane, plan.stage, plan.is_side, tuple(lines), keys)


def _is_hidden(box: Box, options: FlowOptions) -> bool:
    return (box.key in _CASES and not options.cases) or (box.key in _WAITING and not box.n)


def _list_parts(box: Box | None) -> list[NodeLine]:
    if box is None:
        return []
    return [NodeLine(format_line(line), f"{box.key}.{place}", depth=1) for place, line in enumerate(box.lines, 1)]


def _format_count(box: Box | None) -> str:
    return f"(n = {format_count(box.n)})" if box else "(n = )"


def connect_nodes(nodes: Iterable[Node]) -> list[tuple[str, str]]:
    """List the arrows of the diagram as pairs of node keys: down each lane, to the side, and into the included studies."""
    arrows: list[tuple[str, str]] = []
    ends: dict[Lane, str] = {}
    included: list[str] = []
    for node in nodes:
        if node.stage == "included":
            included.append(node.key)
            continue
        if node.lane in ends:
            arrows.append((ends[node.lane], node.key))
        if not node.is_side:
            ends[node.lane] = node.key
    previous = ends.pop("previous", None)
    arrows += [(end, included[0]) for end in ends.values()]
    if previous:
        arrows.append((previous, included[1]))
    arrows += itertools.pairwise(included)
    return arrows

"""Appraisal of the studies in the report: tables and traffic lights per tool, reasons, and the studies that nobody appraised."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from review.extraction.appraisal import list_items
from review.extraction.appraisal_tools import TOOLS
from review.extraction.appraisal_tools import Tool
from review.model import Appraisal
from review.model import Study
from review.numerals import count_noun
from review.protocol import AppraisalPlan
from review.protocol import Protocol
from review.reporting.appraisal import AppraisalItem
from review.reporting.appraisal import AppraisedStudy
from review.reporting.appraisal_table import tabulate_appraisal
from review.reporting.document import Block
from review.reporting.document import Figure
from review.reporting.document import Section
from review.reporting.document import write_paragraph
from review.reporting.table import Column
from review.reporting.table import Table
from review.reporting.table import make_row

if TYPE_CHECKING:
    from review.reporting.figure import Drawing

APPRAISAL = "appraisal"

#: The key of the overall judgement among the items of a figure.
_OVERALL = "overall"

_NOT_APPRAISED = "not appraised"


@dataclass(frozen=True, slots=True)
class Appraised:
    """The appraisal of a review's studies with one tool: its declared subset of items, the appraisals, and the studies without one."""

    tool: Tool
    items: tuple[AppraisalItem, ...]
    given: tuple[tuple[Study, Appraisal], ...]
    lacking: tuple[Study, ...]


def list_appraised(studies: Sequence[Study], protocol: Protocol) -> list[Appraised]:
    """Gather the appraisals by tool, in the order of the protocol; a tool that does not exist is left out (`check_plan` reports it)."""
    return [_gather(TOOLS[plan.tool], plan, studies) for plan in protocol.appraisals if plan.tool in TOOLS]


def compose_appraisal(
    studies: Sequence[Study], protocol: Protocol, figures: Mapping[str, Figure], tables: Mapping[str, Table]
) -> Section:
    """Compose the section.

    Args:
        studies: The included studies.
        protocol: Declares the tools and their subsets.
        figures: The traffic lights by key; a tool without one has no appraisal yet.
        tables: Those of `list_appraisal_tables`, by key.
    """
    parts = list_appraised(studies, protocol)
    if not parts:
        told = "The protocol declares no appraisal tool; the studies were not appraised."
        return Section(APPRAISAL, "Appraisal of the studies", (write_paragraph(told),))
    sections = tuple(_compose_tool(part, figures, tables) for part in parts)
    left_out = _list_without_tool(studies, protocol)
    blocks: tuple[Block, ...] = ()
    if left_out:
        named = "; ".join(f"{study.label} ({study.design})" for study in left_out)
        blocks = (write_paragraph(f"No declared tool is for the design of {named}: not appraised."),)
    return Section(APPRAISAL, "Appraisal of the studies", blocks, sections)


def tell_tools(protocol: Protocol) -> str:
    """Say for the methods with which tools, and which of their items, studies are appraised."""
    told = []
    for plan in protocol.appraisals:
        tool = TOOLS.get(plan.tool)
        if tool is None:
            continue
        items = list_items(tool, plan)
        subset = (
            f"all {len(items)} items"
            if len(items) == len(tool.items)
            else f"{len(items)} of its {len(tool.items)} items, declared for the whole review: {', '.join(item.key.replace('_', ' ') for item in items)}"
        )
        designs = f", for {', '.join(plan.designs)}" if plan.designs else ""
        told.append(f"{tool.name} ({tool.citation}; {subset}{designs})")
    if not told:
        return "No appraisal tool was declared and no study was appraised."
    return f"Studies are appraised with {' and '.join(told)}. Answers are judged one by one and are not added up to a score."


def list_appraisal_tables(studies: Sequence[Study], protocol: Protocol) -> Iterator[Table]:
    """Yield a table of judgements per tool, and one of the reasons of single answers where there are any."""
    for part in list_appraised(studies, protocol):
        yield tabulate_appraisal(
            _list_rows(part), part.items, tool=part.tool.name, of=len(part.tool.items), key=f"appraisal-{part.tool.key}"
        )
        reasons = _tabulate_reasons(part)
        if reasons.rows:
            yield reasons


def draw_appraisals(studies: Sequence[Study], protocol: Protocol) -> Iterator[tuple[str, Drawing]]:
    """Yield the traffic lights of each tool with which a study was appraised, by the tool's key."""
    from review.reporting.traffic import draw_traffic_lights

    for part in list_appraised(studies, protocol):
        if part.given:
            items = (*part.items, AppraisalItem(_OVERALL, "Overall", "Overall judgement"))
            rows = [
                AppraisedStudy(row.label, {item.key: _light(row, item) for item in items}) for row in _list_rows(part)
            ]
            yield part.tool.key, draw_traffic_lights(rows, items, tool=part.tool.name)


def _light(row: AppraisedStudy, item: AppraisalItem) -> str:
    judgement = row.overall if item.key == _OVERALL else row.judgements.get(item.key, "")
    return judgement if judgement and judgement != _NOT_APPRAISED else "not judged"


def _gather(tool: Tool, plan: AppraisalPlan, studies: Sequence[Study]) -> Appraised:
    chosen = [study for study in studies if not plan.designs or study.design in plan.designs]
    given = [(study, item) for study in studies for item in study.appraisals if item.tool == tool.key]
    done = {study.id for study, _ in given}
    items = tuple(
        AppraisalItem(item.key, str(number), item.asks) for number, item in enumerate(list_items(tool, plan), 1)
    )
    return Appraised(tool, items, tuple(given), tuple(study for study in chosen if study.id not in done))


def _list_rows(part: Appraised) -> list[AppraisedStudy]:
    """List a row per appraisal, named after the appraiser where a study has several, and one per study without."""
    times = [study.id for study, _ in part.given]
    rows = []
    for study, appraisal in part.given:
        by = f" ({appraisal.by})" if times.count(study.id) > 1 and appraisal.by else ""
        answers = {answer.item: answer.answer for answer in appraisal.answers}
        rows.append(AppraisedStudy(f"{study.label}{by}", answers, appraisal.judgement, appraisal.reason))
    lacking = [AppraisedStudy(study.label, {}, _NOT_APPRAISED, "nobody has appraised it yet") for study in part.lacking]
    return [*rows, *lacking]


def _tabulate_reasons(part: Appraised) -> Table:
    marks = {item.key: item for item in part.items}
    rows = tuple(
        make_row(
            study.label,
            f"{marks[answer.item].mark}. {marks[answer.item].text}",
            answer.answer,
            answer.reason,
            appraisal.by,
        )
        for study, appraisal in part.given
        for answer in appraisal.answers
        if answer.reason and answer.item in marks
    )
    columns = (
        Column("study", "Study"),
        Column("item", "Item"),
        Column("answer", "Answer"),
        Column("reason", "Reason"),
        Column("by", "By"),
    )
    return Table(f"appraisal-reasons-{part.tool.key}", f"Reasons of the answers, {part.tool.name}.", columns, rows)


def _compose_tool(part: Appraised, figures: Mapping[str, Figure], tables: Mapping[str, Table]) -> Section:
    tool = part.tool
    total = len(part.lacking) + len({study.id for study, _ in part.given})
    told = f"{tool.name} ({tool.citation})."
    if total:
        told += f" Appraised: {total - len(part.lacking)} of {count_noun(total, 'study', 'studies')}."
    else:
        told += " There is no study to be appraised with it yet."
    if part.lacking:
        told += f" Not appraised: {'; '.join(study.label for study in part.lacking)}."
    blocks: list[Block] = [write_paragraph(told)]
    figure = figures.get(f"figure-appraisal-{tool.key}")
    blocks += [figure] if figure else []
    blocks += [tables[key] for key in (f"appraisal-{tool.key}", f"appraisal-reasons-{tool.key}") if key in tables]
    return Section(f"appraisal-with-{tool.key}", tool.name, tuple(blocks))


def _list_without_tool(studies: Sequence[Study], protocol: Protocol) -> list[Study]:
    """List the studies that no plan is for and that nobody appraised all the same."""
    plans = [plan for plan in protocol.appraisals if plan.tool in TOOLS]
    return [
        study
        for study in studies
        if not study.appraisals and not any(not plan.designs or study.design in plan.designs for plan in plans)
    ]

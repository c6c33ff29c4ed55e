"""Appraisals in the sheets: answers with reasons, checked against the tools and subsets that the protocol declares."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence

from review.extraction.appraisal_tools import TOOLS
from review.extraction.appraisal_tools import Tool
from review.extraction.appraisal_tools import ToolItem
from review.extraction.slips import suggest_choice
from review.fields import Fields
from review.findings import Finding
from review.findings import find
from review.marked import Block
from review.marked import Text
from review.model import Answer
from review.model import Appraisal
from review.model import Study
from review.protocol import AppraisalPlan
from review.protocol import Protocol


def list_items(tool: Tool, plan: AppraisalPlan) -> tuple[ToolItem, ...]:
    """Return the items that a plan asks for, in the tool's order."""
    return tuple(item for item in tool.items if not plan.items or item.key in plan.items)


def check_plan(protocol: Protocol) -> Iterator[Finding]:
    """Report the tools and items of the protocol that do not exist."""
    for plan in protocol.appraisals:
        tool = TOOLS.get(plan.tool)
        if tool is None:
            message = f"there is no appraisal tool {plan.tool}"
            yield find("APPRAISE-001", message, plan.origin, found=plan.tool, expected=" | ".join(TOOLS))
            continue
        for name in plan.items:
            if tool.item(name) is None:
                message = f"{tool.name} has no item {name}"
                keys = [item.key for item in tool.items]
                hint = suggest_choice(name, keys)
                yield find("APPRAISE-001", message, plan.origin, found=name, expected=" | ".join(keys), hint=hint)


def read_appraisals(fields: Fields, protocol: Protocol) -> Iterator[Appraisal]:
    """Read the key `appraisal` of a sheet: a list of `tool`, `by`, `answers` and `overall`."""
    plans = {plan.tool: plan for plan in protocol.appraisals}
    for item in fields.blocks("appraisal"):
        name = item.text("tool", required=True)
        by = item.text("by")
        tool, plan = TOOLS.get(name), plans.get(name)
        inside, overall = item.fields("answers", required=True), item.fields("overall")
        item.close()
        if tool is None or plan is None:
            if name and protocol.is_usable:
                message = f"the appraisal tool {name} is not one of the protocol"
                expected = " | ".join(plans) or "a tool under appraisal: in the protocol"
                item.findings.append(find("APPRAISE-002", message, item.place("tool"), found=name, expected=expected))
            continue
        answers = tuple(_read_answers(inside, tool, plan)) if inside else ()
        judgement = overall.choice("judgement", tool.judgements, required=True) if overall else ""
        reason = overall.text("reason") if overall else ""
        if overall:
            overall.close()
        yield Appraisal(name, by, answers, judgement, reason, item.place("tool"))


def _read_answers(inside: Fields, tool: Tool, plan: AppraisalPlan) -> Iterator[Answer]:
    for item in list_items(tool, plan):
        node = inside.get(item.key)
        if isinstance(node, Block):
            below = inside.below(node, item.key)
            answer, reason = below.choice("answer", tool.answers, required=True), below.text("reason")
            below.close()
        elif isinstance(node, Text):
            answer, reason = inside.choice(item.key, tool.answers), ""
        else:
            continue
        if answer:
            yield Answer(item.key, answer, reason, inside.place(item.key))
    inside.close()


def check_appraisals(studies: Sequence[Study], protocol: Protocol) -> Iterator[Finding]:
    """Report studies that are not appraised as planned, items without an answer, and judgements without a reason."""
    for study in studies:
        if study.evidence != "primary":
            continue
        given = {appraisal.tool: appraisal for appraisal in study.appraisals}
        for plan in protocol.appraisals:
            tool = TOOLS.get(plan.tool)
            if tool is None or (plan.designs and study.design not in plan.designs):
                continue
            appraisal = given.get(plan.tool)
            if appraisal is None:
                message = f"{study.id} is not appraised with {tool.name}"
                yield find("APPRAISE-003", message, study.origin, expected=f"an entry of {plan.tool} under appraisal:")
                continue
            yield from _check_whole(study, appraisal, tool, plan)


def _check_whole(study: Study, appraisal: Appraisal, tool: Tool, plan: AppraisalPlan) -> Iterator[Finding]:
    answered = {answer.item for answer in appraisal.answers}
    open_items = [item.key for item in list_items(tool, plan) if item.key not in answered]
    if open_items:
        message = f"the appraisal of {study.id} with {tool.name} has no answer to {', '.join(open_items)}"
        yield find("APPRAISE-004", message, appraisal.origin, expected=" | ".join(tool.answers))
    for answer in appraisal.answers:
        if answer.answer in ("no", "unclear") and not answer.reason:
            message = f"{answer.item} of {study.id} is answered {answer.answer} without a reason"
            yield find("APPRAISE-005", message, answer.origin, expected=f"{{answer: {answer.answer}, reason: ...}}")
    if not appraisal.judgement or not appraisal.reason:
        lacking = "judgement" if not appraisal.judgement else "reason of its judgement"
        message = f"the appraisal of {study.id} with {tool.name} lacks the {lacking}"
        yield find("APPRAISE-005", message, appraisal.origin, expected="overall: {judgement: ..., reason: ...}")


def list_judgements(studies: Sequence[Study], plan: AppraisalPlan) -> list[tuple[str, dict[str, str]]]:
    """Return label and answers by item, with `overall`, of each study appraised with a plan's tool: rows of a traffic-light table."""
    rows = []
    for study in studies:
        for appraisal in study.appraisals:
            if appraisal.tool == plan.tool:
                answers = {answer.item: answer.answer for answer in appraisal.answers}
                rows.append((study.label, answers | ({"overall": appraisal.judgement} if appraisal.judgement else {})))
    return rows

"""The sections that a protocol asks for in the form of a sheet, in its order.

A new kind of entry in sheets becomes a section here; nothing else of the form needs to know it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from review.extraction.appraisal import list_items
from review.extraction.appraisal_tools import TOOLS
from review.extraction.form import Control
from review.extraction.form import Kind
from review.extraction.form import Section
from review.extraction.form import get_below
from review.extraction.outcomes import make_field
from review.extraction.sheet_fragments import Tree
from review.extraction.sheet_fragments import fold_text
from review.extraction.summaries import OUTCOME_STATISTICS
from review.extraction.summaries import STATISTICS
from review.extraction.summaries import WHOLE
from review.extraction.values import ANSWERS
from review.extraction.wording import TELL_STATISTIC
from review.extraction.wording import tell_field
from review.extraction.wording import tell_outcome
from review.protocol import CaseField
from review.protocol import Outcome
from review.protocol import Protocol


def describe_form(protocol: Protocol, tree: Tree | None = None) -> tuple[Section, ...]:
    """Return the sections of a sheet's form in the order of the protocol.

    Args:
        protocol: What is extracted.
        tree: The sheet, whose cases have sections of their own for what is a list in each; None for one without cases.
    """
    return (
        _describe_head(),
        _describe_reports(),
        _describe_sources(),
        _describe_cases(protocol),
        *_describe_case_treatments(protocol, tree),
        _describe_counts(protocol),
        *_describe_summaries(protocol),
        *_describe_treatments(protocol),
        _describe_characteristics(protocol),
        *_describe_appraisals(protocol),
        _describe_overlap(),
        Section("notes", "Notes", (Control(("notes",), "Notes on the study", "texts", "one a line"),)),
    )


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
        *_list_arm(protocol),
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
    field = make_field(outcome)
    kinds: dict[str, Kind] = {"count": "count" if outcome.unit else "cell", "time-to-event": "time"}
    rule = f"derived from the values by: {outcome.rule}; give what the report says, if it does" if outcome.rule else ""
    told = tell_outcome(replace(outcome, rule="")).removeprefix(outcome.label).lstrip(":; ")
    return Control(
        ("outcomes", outcome.name),
        outcome.label,
        kinds.get(outcome.type, "cell"),
        "; ".join(part for part in (told, rule, times.get(outcome.time_point, "")) if part),
        type=field.type,
        choices=field.choices,
        # The unit of a count is that of its exposure.
        unit=outcome.unit,
        units=tuple(name for name, _ in outcome.units),
        group="Outcomes",
    )


def _list_arm(protocol: Protocol, key: str = "arm", label: str = "Arm", hint: str = "") -> list[Control]:
    """Return the control of an arm; none where the protocol has no arms."""
    names = tuple(arm.name for arm in protocol.arms)
    told = hint or "; ".join(f"{arm.name}: {arm.label}" for arm in protocol.arms)
    return [Control((key,), label, "choice", told, choices=names)] if names else []


def _describe_case_treatments(protocol: Protocol, tree: Tree | None) -> Iterator[Section]:
    """Describe the treatments that each case tried, if the protocol lists agents; a case must be in the sheet to have them."""
    plan = protocol.treatments
    cases = get_below(tree, ("cases",))
    if plan is None or not isinstance(cases, list):
        return
    controls = (
        Control(("agent",), "Agent", "choice", choices=plan.agents, is_required=True),
        Control(("response",), "Response", "cell", plan.response, type="choice", choices=ANSWERS),
        Control(("dose",), "Dose", "text"),
    )
    seen: set[str] = set()
    for number, case in enumerate(cases):
        name = get_below(case, ("case",))
        if isinstance(name, str) and name and name not in seen:
            seen.add(name)
            path = ("cases", number, "treatments")
            label = f"Treatments of {fold_text(name)}"
            yield Section(f"treatments-{name}", label, controls, path, repeats=True, title="agent")


def _describe_treatments(protocol: Protocol) -> Iterator[Section]:
    if protocol.treatments is None:
        return
    controls = (
        Control(("agent",), "Agent", "choice", choices=protocol.treatments.agents, is_required=True),
        *_list_count_controls(),
        *_list_end_controls(),
    )
    hint = "responders of the patients who were given an agent, as totals"
    yield Section("treatments", "Treatments", controls, ("treatments",), hint, repeats=True, title="agent")


def _list_count_controls() -> Iterator[Control]:
    yield Control(("events",), "Events", "whole", "patients with it")
    yield Control(("total",), "Total", "whole", "patients in whom it was looked at")
    yield Control(("definition",), "Definition", "text", "as the report says it")


def _list_end_controls() -> Iterator[Control]:
    yield Control(("source",), "Source", "source")
    yield Control(("note",), "Note", "text")


def _describe_counts(protocol: Protocol) -> Section:
    names = tuple(outcome.name for outcome in protocol.outcomes if outcome.type == "binary")
    controls = (
        Control(("outcome",), "Outcome", "choice", choices=names, is_required=True),
        *_list_arm(protocol),
        *_list_count_controls(),
        *_list_end_controls(),
    )
    hint = "totals as reported; where cases are given too, both must agree"
    return Section("counts", "Counts of outcomes", controls, ("counts",), hint, repeats=True, title="outcome")


def _describe_summaries(protocol: Protocol) -> Iterator[Section]:
    """Describe the statistics of each outcome that is not binary, in the order of the protocol."""
    for outcome in protocol.outcomes:
        if outcome.type == "binary":
            continue
        versus = _list_arm(protocol, "versus", "Versus", "the arm that the hazard ratio compares with")
        units = (outcome.unit, *(name for name, _ in outcome.units)) if outcome.unit else ()
        controls = (
            *_list_arm(protocol),
            *(_describe_statistic(name, length) for name, length in OUTCOME_STATISTICS[outcome.type].items()),
            *(_regroup(control, "Statistics") for control in versus if outcome.type == "time-to-event"),
            *(
                [Control(("unit",), "Unit", "choice", f"if not {outcome.unit}", choices=units, group="Statistics")]
                if units
                else []
            ),
            Control(("definition",), "Definition", "text", "as the report says it", group="Where it was read"),
            *(_regroup(control, "Where it was read") for control in _list_end_controls()),
        )
        yield Section(
            f"summaries-{outcome.name}",
            f"Summaries: {outcome.label}",
            controls,
            ("summaries",),
            "statistics as reported, one entry for all patients or for each arm",
            repeats=True,
            title="arm",
            fixed=(("outcome", outcome.name),),
        )


def _describe_characteristics(protocol: Protocol) -> Section:
    names = tuple(item.name for item in protocol.case_fields)
    choices = tuple(dict.fromkeys(choice for item in protocol.case_fields for choice in item.choices))
    controls = (
        Control(("field",), "Field", "choice", choices=names, is_required=True),
        *_list_arm(protocol),
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
    return replace(control, group=group)


def _describe_statistic(name: str, length: int) -> Control:
    labels = {"n": "Patients (n)", "sd": "SD", "iqr": "Quartiles (IQR)"}
    kind: Kind = "numbers" if length == 2 else "whole" if name in WHOLE else "text"
    label = labels.get(name, name.replace("_ci", " (95% CI)").replace("_", " ").capitalize())
    return Control((name,), label, kind, TELL_STATISTIC[name], group="Statistics")


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

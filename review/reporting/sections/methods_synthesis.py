"""How figures were put together: outcomes, measure, analyses, models, missing answers, sensitivity, told from the protocol and the results."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence

from review.model import Study
from review.numerals import count_noun
from review.pooling.measured import MeasuredResult
from review.pooling.planned import PlannedResult
from review.pooling.smallstudy import FEWEST_STUDIES
from review.protocol import Outcome
from review.protocol import Protocol
from review.reporting.document import Block
from review.reporting.document import Code
from review.reporting.document import Items
from review.reporting.document import Link
from review.reporting.document import Paragraph
from review.reporting.document import Runs
from review.reporting.document import Section
from review.reporting.document import Term
from review.reporting.document import Terms
from review.reporting.document import write_paragraph
from review.reporting.forest_rows import name_method
from review.reporting.sections.material import Material

ITEMS = "methods-items"
EFFECT = "methods-effect"
SYNTHESIS = "methods-synthesis"
BIAS = "methods-reporting-bias"


def list_synthesis_sections(material: Material) -> Iterator[Section]:
    """Yield the parts of the methods on outcomes, effect measures, synthesis and reporting bias."""
    yield Section(ITEMS, "Data items", tuple(_tell_items(material.protocol)))
    yield Section(EFFECT, "Effect measures", tuple(_tell_measures(material)))
    yield Section(SYNTHESIS, "Synthesis", tuple(_tell_synthesis(material)))
    yield Section(BIAS, "Reporting bias", (write_paragraph(tell_bias(material.planned)),))


def tell_bias(planned: Sequence[PlannedResult]) -> str:
    """Say whether small-study effects were looked at, which needs ten studies with a sum."""
    large = [result.analysis.name for result in planned if is_large(result)]
    if not large:
        return f"Reporting bias was not assessed: no analysis has {FEWEST_STUDIES} studies or more."
    return f"Small-study effects can be looked at in the funnel plot of {', '.join(large)} ({FEWEST_STUDIES} studies or more)."


def is_large(result: PlannedResult) -> bool:
    """Whether an analysis has enough studies for a funnel plot."""
    return len(result.rows) >= FEWEST_STUDIES and bool(result.together)


def _tell_items(protocol: Protocol) -> Iterator[Block]:
    if not protocol.outcomes:
        yield write_paragraph("The protocol defines no outcome.")
    else:
        yield write_paragraph("Outcomes, as the protocol defines them:")
        yield Terms(tuple(Term(outcome.label, tuple(_define(outcome))) for outcome in protocol.outcomes))
    if protocol.case_fields:
        fields = "; ".join(f"{field.label}{f' ({field.unit})' if field.unit else ''}" for field in protocol.case_fields)
        yield write_paragraph(
            f"Extracted for each patient: {fields}. A value that a report does not give is recorded as not reported, not applicable or "
            "unclear, never left blank; nothing was imputed."
        )
    plan = protocol.treatments
    if plan is not None:
        response = f" A response is: {plan.response.rstrip('.')}." if plan.response else ""
        yield write_paragraph(f"Responses to each agent that a patient was given: {', '.join(plan.agents)}.{response}")
    if protocol.arms:
        yield write_paragraph(f"Arms: {'; '.join(arm.label for arm in protocol.arms)}.")


def _define(outcome: Outcome) -> Iterator[Runs]:
    yield (outcome.meaning or "The protocol does not define it.",)
    if outcome.rule:
        yield (
            "Derived from each patient's values by the rule ",
            Code(outcome.rule),
            "; where they leave it open, as the report says.",
        )
    for name, rule in outcome.alternatives:
        yield (f"Alternative rule, {name}: ", Code(rule), ".")
    if outcome.time_point:
        yield (f"At {outcome.time_point.replace('_', ' ')}.",)


def _tell_measures(material: Material) -> Iterator[Block]:
    if not material.analyses:
        yield write_paragraph("No analysis is planned, so no effect measure was used.")
    if material.planned:
        yield _tell_proportions(material.planned)
    for result in material.measured:
        measures = ", ".join(measure.title for measure in result.layout.measures)
        yield write_paragraph(f"{result.analysis.name}: {measures}. {result.layout.method}")


def _tell_proportions(planned: Sequence[PlannedResult]) -> Paragraph:
    levels = sorted({estimate.level for result in planned for row in result.rows for estimate in row.estimates[:1]})
    methods = list(dict.fromkeys(method for result in planned for method in result.analysis.intervals))
    shown = ", ".join(f"{level * 100:g}%" for level in levels) or "95%"
    names = ", ".join(result.analysis.name for result in planned)
    return write_paragraph(
        f"{names}: the proportion of patients with the outcome among those whose outcome is known, without a comparison group. "
        f"Intervals are {shown} confidence intervals by {' and '.join(map(name_method, methods))}; percentages are rounded half up."
    )


def _tell_synthesis(material: Material) -> Iterator[Block]:
    planned = material.planned
    if not material.analyses:
        yield write_paragraph("The protocol plans no analysis; nothing was synthesised.")
        return
    labels = {str(study.id): study.label for study in material.studies}
    yield Items(tuple(_tell_analysis(result, labels) for result in material.results))
    yield write_paragraph("Each analysis is a table with a row per study and a forest plot of its leading interval.")
    yield write_paragraph(_tell_overlap(material))
    if planned:
        yield write_paragraph(*_tell_models(planned))
        yield write_paragraph(_tell_missing(planned))
        yield write_paragraph(_tell_sensitivity(planned))


def _tell_analysis(result: PlannedResult | MeasuredResult, labels: dict[str, str]) -> Runs:
    analysis = result.analysis
    studies = "; ".join(labels.get(str(name), str(name)) for name in analysis.studies)
    outcome = result.outcome.label if result.outcome else analysis.outcome
    aim = "each study by itself" if not analysis.together else "each study, and all together"
    lead = Link(f"{analysis.name}. {analysis.label}", f"#analysis-{analysis.name}")
    return (lead, f": {outcome.lower()}, {aim}. Studies: {studies}.")


def _tell_models(planned: Sequence[PlannedResult]) -> Runs:
    modelled = [result.analysis.name for result in planned if result.model is not None]
    if not modelled:
        return ("No study results were combined by a model.",)
    kinds = list(
        dict.fromkeys(
            result.model.ci_method for result in planned if result.model is not None and result.model.ci_method
        )
    )
    by = f"; intervals by {' and '.join(kinds)}" if kinds else ""
    return (
        (
            f"In {', '.join(modelled)} the patients are added up, with the interval of one common proportion, and beside that the studies are "
            f"combined by a random-intercept logistic model{by}. It models the counts themselves and needs no correction where nobody or everybody responds. From "
            "three studies on heterogeneity is told as the between-study variance on the logit scale (tau²), I² and a likelihood-ratio test of one "
            "proportion. No meta-regression was made."
        ),
    )


def _tell_overlap(material: Material) -> str:
    refused = [result.analysis.name for result in material.results if result.is_refused]
    told = "Patients that two reports may share are not counted twice: a sum is refused until somebody rules how they overlap."
    ruled = sum(overlap.kind == "distinct-from" for study in material.studies for overlap in study.overlaps)
    if ruled:
        told += f" {count_noun(ruled, 'pair')} of studies ruled to have no patient in common."
    if refused:
        told += f" No sum is given for {', '.join(refused)}."
    return told


def _tell_missing(planned: Sequence[PlannedResult]) -> str:
    counts = {result.analysis.name: sum(len(row.tally.unknown) for row in result.rows) for result in planned}
    told = [f"{count_noun(number, 'patient')} in {name}" for name, number in counts.items() if number]
    if not told:
        return "No patient listed in a sheet was left out of an analysis for want of an answer."
    return f"Patients whose outcome is not reported or unclear are left out of the proportion, not counted as failures: {', '.join(told)}."


def _tell_sensitivity(planned: Sequence[PlannedResult]) -> str:
    told = []
    multiverse = [result.analysis.name for result in planned if result.multiverse is not None]
    without = [result.analysis.name for result in planned if result.without]
    rules = [result.analysis.name for result in planned if result.outcome and result.outcome.alternatives]
    if multiverse:
        told.append(
            f"every combination of defensible models, intervals and doubtful studies in or out (the multiverse; {', '.join(multiverse)})"
        )
    if without:
        told.append(f"each study left out in turn ({', '.join(without)})")
    if rules:
        told.append(f"the alternative response rules of the protocol ({', '.join(rules)})")
    if not told:
        return "No sensitivity analysis was possible: no analysis has a sum of several studies."
    return f"Sensitivity analyses: {'; '.join(told)}."


def list_synthesis_gaps(studies: Sequence[Study], planned: Sequence[PlannedResult]) -> Iterator[str]:
    """Yield what was not done in the synthesis, a sentence each."""
    if studies and not planned:
        yield "No analysis is planned."
    for result in planned:
        if result.is_refused:
            yield f"No sum is given for {result.analysis.name}: patients may be counted twice."
    if planned and not any(map(is_large, planned)):
        yield tell_bias(planned)

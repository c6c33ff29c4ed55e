"""The planned analyses of a protocol: what is pooled, over which studies, and how it is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from review.fields import Fields
from review.findings import find
from review.model import StudyId
from review.numerals import parse_number
from review.protocol.plan import INTERVALS
from review.protocol.plan import LAYOUTS
from review.protocol.plan import MEASURES
from review.protocol.plan import SORTS
from review.protocol.plan import Analysis
from review.protocol.plan import ForestPlan
from review.protocol.plan import Outcome

#: What an analysis may be called: its tables and figures are files of that name on every system.
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")


def read_analyses(fields: Fields, outcomes: tuple[Outcome, ...], arms: tuple[str, ...]) -> Iterator[Analysis]:
    """Read `analyses:`; one whose name cannot be a file's is reported and left out."""
    for name, item in fields.named("analyses"):
        if _FILE_NAME.fullmatch(name):
            yield _read_analysis(name, item, outcomes, arms)
        else:
            message = f"the analysis {name!r} cannot have this name: its files are named after it"
            expected = "letters, digits, hyphens, underscores"
            item.findings.append(find("PROJECT-004", message, item.place(), found=name, expected=expected))


def _read_analysis(name: str, item: Fields, outcomes: tuple[Outcome, ...], arms: tuple[str, ...]) -> Analysis:
    outcome = item.text("outcome", required=True)
    studies = tuple(StudyId(str(study)) for study in item.texts("studies", required=True))
    intervals = tuple(str(method) for method in item.texts("intervals")) or ("clopper-pearson", "wilson")
    wrong = [method for method in intervals if method not in INTERVALS]
    if wrong:
        item.refuse("intervals", ", ".join(wrong), " | ".join(INTERVALS))
    analysis = Analysis(
        name=name,
        label=item.text("label", name),
        outcome=outcome,
        studies=tuple(dict.fromkeys(studies)),
        together=item.flag("together", default=True),
        intervals=tuple(method for method in intervals if method in INTERVALS) or ("clopper-pearson",),
        note=item.text("note"),
        origin=item.place(),
        figure=_read_forest(item),
        compare=tuple(str(arm) for arm in item.texts("compare")),
        measure=item.choice("measure", MEASURES),
        times=tuple(dict.fromkeys(_read_times(item))),
    )
    item.close()
    if outcome and all(known.name != outcome for known in outcomes):
        message = f"the analysis {name} is of the outcome {outcome}, which is not defined"
        expected = " | ".join(known.name for known in outcomes) or "an outcome under outcomes:"
        item.findings.append(find("PROJECT-006", message, item.place("outcome"), found=outcome, expected=expected))
    if len(studies) != len(analysis.studies):
        item.findings.append(find("PROJECT-005", f"the analysis {name} names a study twice", item.place("studies")))
    return _fit_to_outcome(analysis, next((known for known in outcomes if known.name == outcome), None), arms, item)


def _fit_to_outcome(analysis: Analysis, outcome: Outcome | None, arms: tuple[str, ...], item: Fields) -> Analysis:
    """Refuse what does not belong to the outcome's type, and leave it out."""
    kind = outcome.type if outcome is not None else "binary"
    if analysis.times and kind != "time-to-event":
        item.refuse("at", f"given for a {kind} outcome", "times are those of a time-to-event outcome")
        analysis = replace(analysis, times=())
    if "intervals" in item.block and (kind != "binary" or analysis.compare):
        what = "a comparison of arms" if kind == "binary" else f"a {kind} outcome"
        item.refuse("intervals", f"given for {what}", "methods are those of a proportion")
    if not analysis.compare:
        if analysis.measure:
            item.refuse("measure", f"{analysis.measure} of no arms", "compare: two arms of the protocol")
        return replace(analysis, measure="")
    problem = ""
    if kind != "binary":
        problem = f"given for a {kind} outcome"
    elif len(set(analysis.compare)) != 2 or len(analysis.compare) != 2 or not set(analysis.compare) <= set(arms):
        problem = ", ".join(analysis.compare)
    if problem:
        known = " | ".join(arms) or "defined under arms:"
        item.refuse("compare", problem, f"two arms of a binary outcome: {known}")
        return replace(analysis, compare=(), measure="")
    return replace(analysis, measure=analysis.measure or MEASURES[0])


def _read_times(item: Fields) -> Iterator[Fraction]:
    for text in item.texts("at"):
        try:
            time = parse_number(text)
        except ValueError:
            time = Fraction(-1)
        if time > 0:
            yield time
        else:
            item.refuse("at", text, "times above 0, in the unit of the outcome")


def _read_forest(item: Fields) -> ForestPlan:
    inside = item.fields("figure")
    if inside is None:
        return ForestPlan()
    plan = ForestPlan(inside.choice("layout", LAYOUTS, LAYOUTS[0]), inside.choice("sort", SORTS, SORTS[0]))
    inside.close()
    return plan

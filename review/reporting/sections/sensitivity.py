"""Sensitivity in the report: each study left out, and the outcome under the protocol's other response rules, as tables and values."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from review.extraction.derive import count_by_rules
from review.extraction.patients import find_repeated
from review.extraction.patients import link_cases
from review.extraction.tally import Tally
from review.model import Study
from review.model import Value
from review.numerals import format_interval
from review.numerals import format_number
from review.numerals import format_proportion
from review.numerals import format_share
from review.pooling.intervals import interval
from review.pooling.planned import MOST_REFITS
from review.pooling.planned import PlannedResult
from review.pooling.sensitivity import Variant
from review.protocol import Protocol
from review.reporting.document import Block
from review.reporting.document import Paragraph
from review.reporting.document import write_paragraph
from review.reporting.pooled import ITERATED
from review.reporting.sections.material import Material
from review.reporting.table import Cell
from review.reporting.table import Column
from review.reporting.table import Table
from review.reporting.table import make_row

#: The name of the rule that the analysis itself uses, among the alternatives.
_MAIN_RULE = "rule"


@dataclass(frozen=True, slots=True)
class RuleCount:
    """An analysis under one rule: events of total over the studies that have an answer; `studies` are their ids."""

    rule: str
    text: str
    events: int
    total: int
    unknown: int
    studies: tuple[str, ...]


def compose_sensitivity(result: PlannedResult, material: Material, tables: Mapping[str, Table]) -> tuple[Block, ...]:
    """Compose what stands below an analysis: the range of the multiverse, the studies left out, the other rules."""
    name = result.analysis.name
    blocks: list[Block] = []
    multiverse = material.quote(f"pool.{name}.multiverse")
    if multiverse:
        blocks.append(write_paragraph(multiverse))
    if result.together and not result.without:
        blocks.append(_explain_without(result))
    blocks += [tables[key] for key in (f"without-{name}", f"rules-{name}") if key in tables]
    return tuple(blocks)


def list_sensitivity_tables(
    planned: Sequence[PlannedResult], studies: Sequence[Study], protocol: Protocol
) -> Iterator[Table]:
    """Yield `without-<analysis>` and `rules-<analysis>` where there is something to show."""
    for result in planned:
        if result.without:
            yield _tabulate_without(result)
        counts = count_rules(result, studies, protocol)
        if counts:
            yield _tabulate_rules(result, counts)


def list_sensitivity_values(
    planned: Sequence[PlannedResult], studies: Sequence[Study], protocol: Protocol
) -> Iterator[Value]:
    """Yield `pool.<analysis>.without.<study>` and `pool.<analysis>.rules.<rule>`."""
    for result in planned:
        level = result.together[0].level if result.together else 0.95
        for row, variant in zip(result.rows, result.without, strict=False):
            others = tuple(str(other.study.id) for other in result.rows if other is not row)
            low, high = (round(end, ITERATED) for end in variant.ci) if variant.ci else (None, None)
            yield Value(
                f"pool.{result.analysis.name}.without.{row.study.id}",
                _write_variant(variant, level),
                None if variant.estimate is None else round(variant.estimate, ITERATED),
                variant.events,
                variant.total,
                low,
                high,
                method=f"random-intercept logistic model without {row.study.label}",
                ids=others,
            )
        for count in count_rules(result, studies, protocol):
            if count.total:
                method = result.analysis.intervals[0]
                low, high = interval(count.events, count.total, method=method, level=level)
                yield Value(
                    _name_rule(result, count),
                    format_proportion(count.events, count.total, (low, high), level=level),
                    count.events / count.total,
                    count.events,
                    count.total,
                    low,
                    high,
                    method=f"{method}, {_tell_rule(count)}",
                    ids=count.studies,
                )


def count_rules(result: PlannedResult, studies: Sequence[Study], protocol: Protocol) -> list[RuleCount]:
    """Count an analysis under its rule and under each alternative; empty where the outcome has none, or patients may count twice.

    A patient of several sheets counts once. Patients whom a rule leaves open and the report does not tell of are `unknown`.
    """
    outcome = result.outcome
    if outcome is None or not outcome.alternatives or result.is_refused:
        return []
    chosen = [study for study in studies if study.id in result.analysis.studies]
    if find_repeated(chosen, link_cases(studies)):
        # The rows of the analysis leave them out; a study's total by rule would not.
        return []
    counted = [] if outcome.rule else [_count_rows(result)]
    texts = {_MAIN_RULE: outcome.rule, **dict(outcome.alternatives)}
    for rule, tallies in count_by_rules(chosen, protocol, outcome).items():
        known = {str(study): tally for study, tally in tallies.items() if tally is not None}
        counted.append(_add_up(rule, texts[rule], known))
    return counted


def _count_rows(result: PlannedResult) -> RuleCount:
    """Count the analysis as it stands, where the protocol has no rule for it."""
    return _add_up(_MAIN_RULE, "", {str(row.study.id): row.tally for row in result.rows})


def _add_up(rule: str, text: str, tallies: Mapping[str, Tally]) -> RuleCount:
    return RuleCount(
        rule,
        text,
        sum(tally.events for tally in tallies.values()),
        sum(tally.total for tally in tallies.values()),
        sum(len(tally.unknown) for tally in tallies.values()),
        tuple(tallies),
    )


def _explain_without(result: PlannedResult) -> Paragraph:
    return write_paragraph(
        f"No study was left out in turn: the analysis has {len(result.rows)} studies; that is done for 3 to {MOST_REFITS}."
    )


def _tabulate_without(result: PlannedResult) -> Table:
    name = result.analysis.name
    level = result.together[0].level
    rows = []
    for row, variant in zip(result.rows, result.without, strict=True):
        key = f"pool.{name}.without.{row.study.id}"
        estimate = "not estimable" if variant.estimate is None else format_share(variant.estimate)
        limits = format_interval(*variant.ci, level=level).split("CI ")[1] if variant.ci else "not estimable"
        shift = "" if variant.shift is None else _write_shift(variant.shift)
        rows.append(
            make_row(
                row.study.label,
                Cell(f"{variant.events}/{variant.total}", key=key),
                Cell(estimate, None if variant.estimate is None else round(variant.estimate, ITERATED), key=key),
                Cell(limits, key=key),
                shift,
            )
        )
    columns = (
        Column("study", "Without"),
        Column("events", "Events/patients", "right"),
        Column("estimate", "Model", "right"),
        Column("ci", f"{level * 100:g}% CI", "right"),
        Column("shift", "Change, points", "right"),
    )
    return Table(f"without-{name}", f"{result.analysis.label}: each study left out in turn.", columns, tuple(rows))


def _tabulate_rules(result: PlannedResult, counts: Sequence[RuleCount]) -> Table:
    level = result.together[0].level if result.together else 0.95
    method = result.analysis.intervals[0]
    rows = []
    for count in counts:
        if count.total:
            limits = interval(count.events, count.total, method=method, level=level)
            share = Cell(
                format_proportion(count.events, count.total, limits, level=level),
                count.events / count.total,
                key=_name_rule(result, count),
            )
        else:
            share = Cell("no patient with a known answer")
        rows.append(make_row(_tell_rule(count), count.text or "what each report says", share, count.unknown))
    columns = (
        Column("rule", "Response rule"),
        Column("text", "What it says"),
        Column("share", "Responders"),
        Column("unknown", "Not known", "right"),
    )
    caption = f"{result.analysis.label}: the outcome under other response rules."
    return Table(f"rules-{result.analysis.name}", caption, columns, tuple(rows))


def _tell_rule(count: RuleCount) -> str:
    if count.rule == _MAIN_RULE:
        return "the protocol's rule" if count.text else "as reported"
    return f"alternative: {count.rule}"


def _name_rule(result: PlannedResult, count: RuleCount) -> str:
    return f"pool.{result.analysis.name}.rules.{count.rule}"


def _write_variant(variant: Variant, level: float) -> str:
    if variant.estimate is None:
        return "not estimable"
    tail = f" ({format_interval(*variant.ci, level=level)})" if variant.ci else ""
    return f"{format_share(variant.estimate)}{tail}"


def _write_shift(shift: float) -> str:
    text = format_number(100 * shift, 1)
    return text if text.startswith("-") or not text.strip("0.") else f"+{text}"

"""The summary of findings: the numbers of each analysis, computed, beside the certainty that people judged."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence

from review.extraction.certainty import LOWERING
from review.extraction.certainty import Rating
from review.pooling.measured import MeasuredResult
from review.pooling.planned import PlannedResult
from review.reporting.appraisal_table import OutcomeFinding
from review.reporting.appraisal_table import tabulate_findings
from review.reporting.document import Block
from review.reporting.document import Code
from review.reporting.document import Section
from review.reporting.document import write_paragraph
from review.reporting.measured import show_figure
from review.reporting.pooled import describe_refusal
from review.reporting.pooled import key_estimates
from review.reporting.table import Column
from review.reporting.table import Table
from review.reporting.table import make_row

CERTAINTY = "certainty"


def compose_certainty(analyses: Sequence[str], ratings: Mapping[str, Rating], tables: Mapping[str, Table]) -> Section:
    """Compose the section; analyses that nobody judged are named.

    Args:
        analyses: The names of the planned ones.
        ratings: People's judgements by analysis.
        tables: `summary-of-findings`, and `certainty` where there are judgements.
    """
    blocks: list[Block] = []
    if not analyses:
        blocks.append(write_paragraph("The protocol plans no analysis, so there is no certainty to judge."))
    else:
        open_ones = [name for name in analyses if name not in ratings]
        if open_ones:
            blocks.append(
                write_paragraph(
                    f"Not judged: the certainty of {', '.join(open_ones)}. Judgements by GRADE stand in ",
                    Code("extraction/certainty.yaml"),
                    "; people make them, and the numbers beside them are computed.",
                )
            )
        blocks += [tables[key] for key in ("summary-of-findings", CERTAINTY) if key in tables]
    return Section("summary-of-certainty", "Summary of findings and certainty of the evidence", tuple(blocks))


def tabulate_summary(
    planned: Sequence[PlannedResult], ratings: Mapping[str, Rating], measured: Sequence[MeasuredResult] = ()
) -> Table:
    """Make the summary of findings, an analysis per row: those of one proportion, then the others."""
    proportions = [_find(result, ratings.get(result.analysis.name)) for result in planned]
    others = [_find_measured(result, ratings.get(result.analysis.name)) for result in measured]
    return tabulate_findings([*proportions, *others])


def tabulate_certainty(ratings: Mapping[str, Rating]) -> Table:
    """List every judgement with its reason and the levels that it moves the certainty by."""
    rows = []
    for name, rating in ratings.items():
        rows.append(make_row(name, "start", rating.start, "", "", rating.by))
        for item in rating.judgements:
            step = f"{item.steps:+d}" if item.steps else "0"
            rows.append(make_row(name, _name_domain(item.domain), item.judgement, step, item.reason, rating.by))
        rows += [
            make_row(name, _name_domain(domain), "not judged", "", "", rating.by) for domain in rating.open_domains
        ]
        rows.append(
            make_row(
                name, "certainty", rating.certainty, "", rating.reason or "no reason given", rating.by, kind="total"
            )
        )
    columns = (
        Column("analysis", "Analysis"),
        Column("domain", "Domain"),
        Column("judgement", "Judgement"),
        Column("steps", "Levels", "right"),
        Column("reason", "Reason"),
        Column("by", "By"),
    )
    return Table(CERTAINTY, "How the certainty of each analysis was judged (GRADE).", columns, tuple(rows))


def _find(result: PlannedResult, rating: Rating | None) -> OutcomeFinding:
    estimates = result.together or (result.rows[0].estimates if len(result.rows) == 1 else ())
    first = estimates[0] if estimates else None
    outcome = result.outcome.label if result.outcome else result.analysis.outcome
    return OutcomeFinding(
        outcome=f"{result.analysis.name}. {result.analysis.label}: {outcome.lower()}",
        studies=len(result.rows),
        # Where a sum is refused since patients may be counted twice, so is their number.
        patients=None if result.is_refused else sum(row.tally.total for row in result.rows),
        certainty=rating.certainty if rating else None,
        estimate=first,
        result=describe_refusal(result) or ("no study has a figure" if not result.rows else "no sum is given"),
        reasons=_list_reasons(rating) if rating else None,
        key=key_estimates(result)[first] if first else "",
    )


def _find_measured(result: MeasuredResult, rating: Rating | None) -> OutcomeFinding:
    """Give what an analysis comes to: its model, else all together, else its only study."""
    row = result.model or result.together or (result.rows[0] if len(result.rows) == 1 else None)
    told = (
        "; ".join(
            f"{measure.title} {show_figure(figure, measure)}"
            for measure, figure in zip(result.layout.measures, row.figures, strict=True)
        )
        if row
        else ""
    )
    return OutcomeFinding(
        outcome=f"{result.analysis.name}. {result.analysis.label}: {result.outcome.label.lower()}",
        studies=len(result.rows),
        patients=None,
        certainty=rating.certainty if rating else None,
        result=told or ("no sum is given" if result.rows else "no study has a figure"),
        reasons=_list_reasons(rating) if rating else None,
    )


def _list_reasons(rating: Rating) -> dict[str, str]:
    """Give the reasons of the steps that were taken, and those domains that were left open."""
    reasons = {
        _name_domain(item.domain): f"{item.judgement} ({item.reason.rstrip('.') or 'no reason given'})"
        for item in rating.judgements
        if item.steps
    }
    return reasons | {_name_domain(domain): "not judged" for domain in LOWERING if domain in rating.open_domains}


def _name_domain(domain: str) -> str:
    return domain.replace("_", " ")

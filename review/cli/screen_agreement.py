"""`review screen agreement`: how screeners agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.cli import options
from review.cli import output

if TYPE_CHECKING:
    from review.screening.agreement import PairAgreement
    from review.screening.coefficients import Coefficient


def run(project: options.Project = None, as_json: options.AsJson = False, quiet: options.Quiet = False) -> None:
    """Show how every two screeners agree: counts, kappa with its interval, PABAK, AC1, positive and negative agreement.

    The random calibration sample is shown apart from the rest, which a ranking may have picked.

    Example: review screen agreement --json
    """
    from review.screening.agreement import compare_screeners

    review = options.open_project(project)
    pairs = compare_screeners(review.votes, review.report_of.get)
    if as_json:
        output.print_json([describe(pair) for pair in pairs])
        return
    for pair in pairs:
        _print_pair(pair)
    if not pairs:
        output.tell("No two people have voted on the same record yet.", quiet=quiet)


def describe(pair: PairAgreement) -> dict[str, object]:
    """Return the agreement of a pair as JSON."""
    agreement = pair.agreement
    return {
        "stage": pair.stage,
        "left": pair.left,
        "right": pair.right,
        "sample": pair.sample,
        "n": agreement.n,
        "categories": list(pair.categories),
        "table": [list(row) for row in pair.table],
        "observed": agreement.observed,
        "kappa": _describe_coefficient(agreement.kappa),
        "pabak": _describe_coefficient(agreement.pabak),
        "ac1": _describe_coefficient(agreement.ac1),
        "positive": agreement.positive,
        "negative": agreement.negative,
        "differing": list(pair.differing),
    }


def _describe_coefficient(coefficient: Coefficient | None) -> dict[str, object] | None:
    if coefficient is None:
        return None
    return {"estimate": coefficient.estimate, "se": coefficient.se, "ci": [coefficient.low, coefficient.high]}


def _print_pair(pair: PairAgreement) -> None:
    agreement = pair.agreement
    output.print_result(f"{pair.stage}: {pair.left} and {pair.right}, {pair.sample} ({agreement.n:,} records)")
    header = ["", *(f"{pair.right} {category}" for category in pair.categories)]
    rows = [
        [f"  {pair.left} {category}", *map(str, counts)]
        for category, counts in zip(pair.categories, pair.table, strict=True)
    ]
    output.print_columns([header, *rows], right=range(1, len(header)))
    coefficients = (("kappa", agreement.kappa), ("PABAK", agreement.pabak), ("AC1", agreement.ac1))
    texts = [f"{name} {_print_coefficient(value)}" for name, value in coefficients]
    output.print_result(f"  observed {agreement.observed:.3f}; {'; '.join(texts)}")
    shares = (("positive", agreement.positive), ("negative", agreement.negative))
    output.print_result(
        "  "
        + "; ".join(f"{name} agreement {'not defined' if share is None else f'{share:.3f}'}" for name, share in shares)
    )
    if pair.differing:
        output.print_result(
            f"  they differ on {', '.join(pair.differing[:10])}{' ...' if len(pair.differing) > 10 else ''}"
        )
    output.print_result()


def _print_coefficient(coefficient: Coefficient | None) -> str:
    if coefficient is None:
        return "not defined"
    return f"{coefficient.estimate:.3f} (95% CI {coefficient.low:.3f} to {coefficient.high:.3f})"

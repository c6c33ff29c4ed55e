"""`review pool --sensitivity`: what the pooled proportion owes to single studies, to its prior and to small studies."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from typing import TYPE_CHECKING

from review.cli import output
from review.numerals import format_interval
from review.numerals import format_number
from review.numerals import format_share

if TYPE_CHECKING:
    from review.pooling.sensitivity import Sensitivity
    from review.pooling.sensitivity import Variant


def print_sensitivity(found: Sensitivity, studies: Sequence[str], level: float, order: str) -> None:
    """Print every look as text."""
    if found.without:
        output.print_result("Without each study in turn:")
        _print_variants(found.without, level)
        output.print_result(f"Added one after the other, by {order or 'their order'}:")
        _print_variants(found.cumulative, level)
        _print_influence(found, studies)
        for line in describe_tests(found):
            output.print_result(line)
    else:
        output.print_result("Fewer than three studies: none can be left out or added one after the other.")
    output.print_result("Median proportion after the data, by prior (between-study SD, mean logit):")
    rows = [
        (f"  {item.prior}", format_share(item.median), format_interval(*item.ci, level=level).replace("CI", "CrI"))
        for item in found.beliefs
    ]
    output.print_columns(rows, right=(1, 2))


def describe_tests(found: Sensitivity) -> Iterator[str]:
    """Write the tests for small-study effects, with the reason where one could not be made."""
    for name, test in (
        ("regression on the inverse total (Peters)", found.regression),
        ("rank correlation with the variance (Begg)", found.ranks),
    ):
        p = test.p if test else None
        yield f"Small studies, {name}: " + ("not possible" if p is None else f"P = {format_number(p, 3)}")


def _print_variants(variants: Sequence[Variant], level: float) -> None:
    rows = []
    for item in variants:
        estimate = "not estimable" if item.estimate is None else format_share(item.estimate)
        limits = format_interval(*item.ci, level=level) if item.ci else ""
        shift = "" if item.shift is None else _sign(item.shift)
        rows.append((f"  {item.study}", f"{item.events}/{item.total}", estimate, limits, shift))
    output.print_columns(rows, right=(1, 2, 3, 4))


def _print_influence(found: Sensitivity, studies: Sequence[str]) -> None:
    output.print_result("Influence (inverse variance on the logit):")
    rows: list[Sequence[str]] = [("  study", "rstudent", "DFFITS", "Cook's D", "cov. ratio", "weight")]
    rows += [
        (
            f"  {studies[item.study]}",
            *(format_number(value, 2) for value in (item.rstudent, item.dffits, item.cook, item.covariance_ratio)),
            format_share(item.hat),
        )
        for item in found.influence
    ]
    output.print_columns(rows, right=range(1, 6))


def _sign(shift: float) -> str:
    text = format_number(100 * shift, 1)
    return f"{'' if text.startswith('-') else '+'}{text} points"

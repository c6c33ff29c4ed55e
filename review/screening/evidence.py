"""What speaks for and against stopping, in figures, for the page and for the report's methods text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from review.screening.stopping import TARGET
from review.screening.stopping import Elusion
from review.screening.stopping import assess_recall
from review.screening.stopping import trace_recall

#: With fewer records than this the test, at recall 95 % and level 95 %, spared a tenth of the reading at most in replays of 28 reviews.
SMALL = 600


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the screening of one stage stands.

    Attributes:
        records: Records of the stage.
        read: How many were read.
        found: How many of these were relevant.
        since: How many were read since the last relevant one; all if there was none.
        target: The recall that the test is about.
        p: The test's p-value of the hypothesis that recall is below the target; see `assess_recall`.
        curve: Relevant records found after each record read.
        elusion: The random sample of the unread; None while there is none.
    """

    records: int
    read: int
    found: int
    since: int
    target: Fraction
    p: float
    curve: tuple[int, ...]
    elusion: Elusion | None = None

    @property
    def unread(self) -> int:
        """How many records nobody has read."""
        return self.records - self.read

    @property
    def recall_bound(self) -> float | None:
        """The lowest recall that the sample does not contradict, 0..1; None without a sample or without a relevant record."""
        if self.elusion is None or not self.found:
            return None
        return self.found / (self.found + self.elusion.missed)


def gather_evidence(
    relevant: Sequence[bool], records: int, *, target: Fraction = TARGET, elusion: Elusion | None = None
) -> Evidence:
    """Gather the evidence from the decisions in the order of reading, the sample's decisions among them.

    Args:
        relevant: Whether each record read was relevant, in the order of reading.
        records: How many records the stage has.
        target: The recall that is tested.
        elusion: The bound that a random sample of the unread gives.

    Raises:
        UsageError: If more were read than there are.
    """
    p = assess_recall(relevant, records, target)
    last = max((place for place, label in enumerate(relevant, start=1) if label), default=0)
    return Evidence(
        records, len(relevant), sum(relevant), len(relevant) - last, target, p, trace_recall(relevant), elusion
    )


def describe_evidence(evidence: Evidence) -> list[str]:
    """Say in sentences what the figures are, with what they do not say."""
    recall = f"{float(evidence.target):.0%}"
    progress = f"{evidence.read} of {evidence.records} records are read, {evidence.found} of them relevant"
    lines = [f"{progress}; {evidence.since} were read since the last relevant one."]
    if not evidence.unread:
        return [*lines, "No record is unread."]
    if not evidence.found:
        lines.append("No relevant record is found, so nothing can be said about recall.")
    else:
        lines.append(
            f"Test of the hypothesis that recall is below {recall}: p = {format_p(evidence.p)}. The p-value is not corrected for "
            "looking repeatedly."
        )
    if evidence.elusion is not None:
        lines.append(_describe_elusion(evidence))
    if evidence.records < SMALL:
        lines.append(
            f"With fewer than {SMALL} records the test spares little: reading all {evidence.unread} is the safe way."
        )
    lines.append(f"The {evidence.unread} unread records are not excluded: nobody has judged them.")
    return lines


def _describe_elusion(evidence: Evidence) -> str:
    sample = evidence.elusion
    assert sample is not None
    text = (
        f"Of {sample.unread} unread records {sample.sample} were drawn at random and read, {sample.found} of them relevant: "
        f"at most {sample.missed} relevant records are left unread (one-sided {sample.level:.0%} bound, hypergeometric)"
    )
    bound = evidence.recall_bound
    if bound is None:
        return f"{text}."
    return f"{text}, which means a recall of {floor(bound * 1000) / 10:.1f}% at least."  # rounded down: it is a lower bound


def write_methods(evidence: Evidence, model: str, seed: int) -> str:
    """Write the sentences for the report's methods that tell how records were ordered and on what figures screening ended.

    Args:
        evidence: The figures on the day on which screening ended.
        model: What the model is, in words; see `review.screening.models.Model.words`.
        seed: The seed of its random draws.
    """
    order = (
        f"Titles and abstracts were screened in the order of their predicted relevance ({model}; seed {seed}), renewed as decisions were made. "
        "The order excluded no record. "
    )
    if not evidence.unread:
        return f"{order}All {evidence.records} records were read, and {evidence.found} were relevant."
    text = (
        f"{order}Screening ended after {evidence.read} of {evidence.records} records, of which {evidence.found} were relevant; the last "
        f"{evidence.since} records read were irrelevant. "
    )
    if evidence.found:
        text += (
            f"The hypergeometric test of Callaghan and Müller-Hansen (2020, doi:10.1186/s13643-020-01521-4; bias 1) of the hypothesis that "
            f"recall was below {float(evidence.target):.0%} gave p = {format_p(evidence.p)}, not corrected for repeated looks. "
        )
    if evidence.elusion is not None:
        text += f"{_describe_elusion(evidence)} "
    return f"{text}The remaining {evidence.unread} records were not read."


def format_p(p: float) -> str:
    """Print a p-value: three digits, `< 0.001` below them, never 1.000 or 0.000."""
    if p < 0.001:
        return "< 0.001"
    return f"{min(p, 0.999):.3f}" if p < 1 else "1"

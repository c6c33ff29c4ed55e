"""Agreement between screeners, per stage and pair, on the random calibration sample apart from the rest.

Records that a ranking put in front are not a random sample, so that agreement on them says little about agreement on all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from review.model import Decision
from review.model import RecordId
from review.model import ReportId
from review.model import Stage
from review.model import Verdict
from review.protocol import STAGES
from review.screening.coefficients import Agreement
from review.screening.coefficients import measure_agreement

#: `all` is both samples together.
Sample = Literal["calibration", "rest", "all"]

#: Orders that begin with this word belong to the calibration sample.
CALIBRATION = "calibration"


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """How two screeners agree at a stage on the reports that both voted on.

    `categories` are include and exclude, with unsure between them where anybody used it; `table` has the votes of `left` in its
    rows and those of `right` in its columns. `differing` are the reports on which the two differ.
    """

    stage: Stage
    left: str
    right: str
    sample: Sample
    categories: tuple[Verdict, ...]
    table: tuple[tuple[int, ...], ...]
    agreement: Agreement
    differing: tuple[ReportId, ...]


def compare_screeners(
    votes: Iterable[Decision],
    group_of: Callable[[RecordId], ReportId | None],
) -> list[PairAgreement]:
    """Compare every pair of screeners at every stage.

    Args:
        votes: The votes that stand, settlements left out: they are no independent judgements.
        group_of: Gives the report of a record id, None for an id that no run holds.

    Returns:
        Per stage and pair the samples that hold a report: `calibration`, `rest`, and `all` where there are both.
    """
    by_place: dict[Stage, dict[ReportId, dict[str, Decision]]] = defaultdict(lambda: defaultdict(dict))
    for vote in votes:
        group = group_of(vote.record)
        if group is not None:
            by_place[vote.stage][group][vote.by] = vote
    compared: list[PairAgreement] = []
    for stage in STAGES:
        reports = by_place[stage]
        people = sorted({who for per_person in reports.values() for who in per_person})
        for left, right in combinations(people, 2):
            pairs = [
                (report, per_person[left], per_person[right])
                for report, per_person in reports.items()
                if left in per_person and right in per_person
            ]
            samples: dict[Sample, list[tuple[ReportId, Decision, Decision]]] = {"calibration": [], "rest": []}
            for report, one, other in pairs:
                name: Sample = "calibration" if _is_calibrated(one) and _is_calibrated(other) else "rest"
                samples[name].append((report, one, other))
            if all(samples.values()):
                samples["all"] = pairs
            compared += [_compare(stage, left, right, name, items) for name, items in samples.items() if items]
    return compared


def _compare(
    stage: Stage, left: str, right: str, sample: Sample, pairs: list[tuple[ReportId, Decision, Decision]]
) -> PairAgreement:
    used = {vote.verdict for _, *both in pairs for vote in both}
    categories: tuple[Verdict, ...] = ("include", "unsure", "exclude") if "unsure" in used else ("include", "exclude")
    counts = [[0] * len(categories) for _ in categories]
    for _, one, other in pairs:
        counts[categories.index(one.verdict)][categories.index(other.verdict)] += 1
    return PairAgreement(
        stage=stage,
        left=left,
        right=right,
        sample=sample,
        categories=categories,
        table=tuple(tuple(row) for row in counts),
        agreement=measure_agreement(counts),
        differing=tuple(report for report, one, other in pairs if one.verdict != other.verdict),
    )


def _is_calibrated(vote: Decision) -> bool:
    """Whether a vote was made in the calibration sample, as its order in the log says."""
    return vote.order.startswith(CALIBRATION)

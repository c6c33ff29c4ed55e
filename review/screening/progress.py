"""How far each report has come through screening, retrieval and full-text assessment."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass

from review.findings import Finding
from review.findings import find
from review.model import ReportId
from review.protocol import STAGES
from review.screening.consensus import Consensus
from review.screening.consensus import Standing
from review.screening.consensus import describe_conflict


@dataclass(frozen=True, slots=True)
class Progress:
    """Reports by where they are; every report is in exactly one of the lists of its stage, in the order of the records.

    `unscreened` and `excluded` are at title and abstract; `sought` went on, and is `not_retrieved`, `unretrieved` (nobody has
    said yet) or `assessed`; `assessed` is `rejected` (with its reason), `undecided` or `included`.
    """

    unscreened: tuple[ReportId, ...]
    excluded: tuple[ReportId, ...]
    sought: tuple[ReportId, ...]
    not_retrieved: tuple[ReportId, ...]
    unretrieved: tuple[ReportId, ...]
    assessed: tuple[ReportId, ...]
    rejected: Mapping[ReportId, str]
    undecided: tuple[ReportId, ...]
    included: tuple[ReportId, ...]
    conflicts: tuple[ReportId, ...]

    @property
    def screened(self) -> tuple[ReportId, ...]:
        """The reports decided on at title and abstract."""
        return (*self.excluded, *self.sought)


def follow_reports(
    groups: Iterable[ReportId], consensus: Consensus, unscreened_lanes: frozenset[ReportId] = frozenset()
) -> tuple[Progress, list[Finding]]:
    """Place every report by the decisions that stand.

    Args:
        groups: The reports, each named by the record that represents it, in order.
        consensus: The standing of each report at each stage.
        unscreened_lanes: Reports that only other methods found (websites, citations): PRISMA 2020 has no screening box for
            them, so that one without a title-and-abstract decision counts as sought.
    """
    findings: list[Finding] = []
    places: dict[str, list[ReportId]] = {name: [] for name in _PLACES}
    rejected: dict[ReportId, str] = {}
    for group in groups:
        first, second, third = standings = [consensus.at(group, stage) for stage in STAGES]
        for stage, standing in zip(STAGES, standings, strict=True):
            if standing.state == "conflict":
                places["conflicts"].append(group)
                findings.append(describe_conflict(group, stage, standing))
        is_skipped = group in unscreened_lanes and not first.votes
        if first.state == "exclude":
            places["excluded"].append(group)
        elif first.state != "include" and not is_skipped:
            places["unscreened"].append(group)
        if first.state != "include" and not is_skipped:
            findings.extend(_check_order(group, "title-abstract", second, third))
            continue
        places["sought"].append(group)
        if second.state == "exclude":
            places["not_retrieved"].append(group)
            findings.extend(_check_order(group, "retrieval", third))
        elif second.state == "include" or third.votes:
            places["assessed"].append(group)
            if third.state == "include":
                places["included"].append(group)
            elif third.state == "exclude":
                rejected[group] = third.reason
            else:
                places["undecided"].append(group)
        else:
            places["unretrieved"].append(group)
    return Progress(rejected=rejected, **{name: tuple(ids) for name, ids in places.items()}), findings


_PLACES = (
    "unscreened", "excluded", "sought", "not_retrieved", "unretrieved", "assessed", "undecided", "included", "conflicts",
)  # fmt: skip


def _check_order(group: ReportId, stage: str, *later: Standing) -> Iterable[Finding]:
    for standing in later:
        if standing.votes:
            vote = standing.votes[0]
            message = f"{group} was decided on at {vote.stage}, but it is not included at {stage}"
            yield find("SCREEN-014", message, vote.origin, ids=(group,))
            return

"""Simulated screening: the labels of a finished review answer in place of a person, so that an order can be judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from review.errors import UsageError
from review.screening.labelled import LabelledRecord
from review.screening.metrics import Metrics
from review.screening.metrics import measure_order
from review.screening.models import Model
from review.screening.ranking import Ranking

if TYPE_CHECKING:
    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]

#: Records are ranked anew when the relevant or the irrelevant decisions have grown by this share since the last time, so after every single
#: decision at first. Ranking after every decision to the end was measured to be no better (docs/ranking.md).
GROWTH = 0.08


@dataclass(frozen=True, slots=True)
class Simulation:
    """A simulated screening: the ids in the order shown, those known beforehand first, and how good the order of the others was.

    `metrics` is None if all relevant records were known beforehand.
    """

    order: tuple[str, ...]
    priors: tuple[str, ...]
    metrics: Metrics | None


def draw_priors(records: Sequence[LabelledRecord], seed: int) -> tuple[str, str]:
    """Draw one relevant and one irrelevant record, the same that ASReview draws for this seed.

    Args:
        records: Records of both labels.
        seed: 0 to 2**32 - 1.
    """
    drawn = []
    for label in (True, False):
        places = [place for place, record in enumerate(records) if record.is_relevant == label]
        drawn.append(int(np.random.RandomState(seed).choice(places, 1, replace=False)[0]))
    return records[drawn[0]].id, records[drawn[1]].id


def simulate_screening(
    records: Sequence[LabelledRecord],
    model: Model,
    *,
    included: Sequence[str] = (),
    excluded: Sequence[str] = (),
    criteria: str = "",
    growth: float = GROWTH,
) -> Simulation:
    """Screen all records in the order of a model.

    Args:
        records: The records with their labels.
        model: The model that orders them.
        included: Ids of relevant records that are known beforehand; with none at all, the first records come by `criteria`.
        excluded: Ids of irrelevant records that are known beforehand.
        criteria: The review's eligibility criteria.
        growth: See `GROWTH`; 0 ranks after every decision.

    Raises:
        UsageError: If an id known beforehand is not in the records, is named twice, or has the other label.
    """
    places = _place_priors(records, included, excluded)
    ranking = Ranking([record.text for record in records], model, criteria)
    is_relevant = np.array([record.is_relevant for record in records])
    is_shown = np.zeros(len(records), dtype=np.bool_)
    is_shown[places] = True
    shown = list(places)
    while len(shown) < len(records):
        queue = ranking.rank(np.flatnonzero(is_shown & is_relevant), np.flatnonzero(is_shown & ~is_relevant))
        queue = queue[~is_shown[queue]]
        if not is_relevant[queue].any():
            # No figure depends on what follows the last relevant record, so nothing is ranked anew for it.
            shown.extend(queue.tolist())
            break
        batch = queue[: _count_until_growth(is_relevant[queue], is_relevant[shown], growth)]
        is_shown[batch] = True
        shown.extend(batch.tolist())
    labels = [records[place].is_relevant for place in shown[len(places) :]]
    order = tuple(records[place].id for place in shown)
    return Simulation(order, order[: len(places)], measure_order(labels))


def _count_until_growth(coming: Bools, read: Bools, growth: float) -> int:
    """Return how many of the coming records are read until one of the two kinds of decisions has grown enough."""
    counts = []
    for label in (True, False):
        enough = max(1, ceil(growth * np.count_nonzero(read == label)))
        reached = np.flatnonzero(np.cumsum(coming == label) >= enough)
        counts.append(int(reached[0]) + 1 if len(reached) else len(coming))
    return min(counts)


def _place_priors(records: Sequence[LabelledRecord], included: Sequence[str], excluded: Sequence[str]) -> list[int]:
    places = {record.id: place for place, record in enumerate(records)}
    priors: list[int] = []
    for ids, label in ((included, True), (excluded, False)):
        for identifier in ids:
            if identifier not in places:
                raise UsageError(f"there is no record {identifier!r} that could be known beforehand")
            place = places[identifier]
            if records[place].is_relevant != label:
                says = "1 (included)" if not label else "0 (excluded)"
                raise UsageError(
                    f"the record {identifier!r} on line {records[place].line} cannot be known as "
                    f"{'included' if label else 'excluded'}: its label is {says}"
                )
            if place in priors:
                raise UsageError(f"the record {identifier!r} is named twice as known beforehand")
            priors.append(place)
    return priors

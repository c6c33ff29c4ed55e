"""Ranks records by what the decisions so far teach: the more a record resembles the relevant ones, the earlier it is shown.

The result depends on the texts, the decisions, the model and nothing else, so that it can be computed again. It never excludes a record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from review.screening.margin import Examples
from review.screening.margin import fit_margin
from review.screening.models import Model
from review.screening.stems import reduce_word
from review.screening.terms import Terms
from review.screening.terms import Text
from review.screening.terms import weigh_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.intp]
    Places = Sequence[int] | Ints

#: Scores that differ less are ties, which the records' own order breaks: the last digits depend on the processor.
_DIGITS = 7


class Ranking:
    """One set of texts and a model: weighs the terms once, then scores all texts after every decision.

    Texts are named by their place, from 0.
    """

    def __init__(self, texts: Sequence[Text], model: Model, criteria: str = "") -> None:
        """Weigh the terms.

        Args:
            texts: The texts of all records.
            model: The settings.
            criteria: The protocol's eligibility criteria; they order the records while there is nothing to learn from.
        """
        self.model = model
        terms = weigh_terms(texts, Text(criteria), reduce_word if model.stems else None)
        self._examples = Examples.of(terms.weights, terms.own)
        self._likeness = _compare_to_query(terms)

    def __len__(self) -> int:
        return len(self._likeness)

    def score(self, relevant: Places, irrelevant: Places) -> Floats:
        """Score every text by the decisions; larger is earlier.

        While no record is relevant, or none is irrelevant and unread records are not counted as such, there is nothing to tell apart: then
        texts are scored by their likeness to the criteria, and to the relevant records if there are any.
        """
        labels = np.zeros(len(self))
        labels[np.asarray(irrelevant, dtype=np.intp)] = -1.0
        labels[np.asarray(relevant, dtype=np.intp)] = 1.0
        if not (labels > 0).any():
            return self._round(self._likeness)
        if not (labels < 0).any() and not self.model.presumed:
            rows = self._examples.rows
            return self._round(self._likeness + np.asarray(rows @ (rows.T @ (labels > 0).astype(np.float64))))
        return self._round(self._fit(labels))

    def rank(self, relevant: Places, irrelevant: Places) -> Ints:
        """Return the places of all texts, the highest score first; of equal scores, the lower place first."""
        return np.argsort(-self.score(relevant, irrelevant), kind="stable")

    def _fit(self, labels: Floats) -> Floats:
        costs = share_costs(labels, self.model)
        targets = np.where(labels > 0, 1.0, -1.0)
        used = np.flatnonzero(costs)
        if len(used) == len(labels):
            return fit_margin(self._examples, targets, costs).scores
        coefficients = np.zeros(len(self))
        coefficients[used] = fit_margin(self._examples.choose(used), targets[used], costs[used]).coefficients
        return self._examples.project(coefficients)

    @staticmethod
    def _round(scores: Floats) -> Floats:
        return np.round(scores, _DIGITS) + 0.0


def share_costs(labels: Floats, model: Model) -> Floats:
    """Return what an error on each text costs: zero for texts that are left out.

    Args:
        labels: 1 for relevant, -1 for irrelevant, 0 for unread; at least one is relevant.
        model: How the costs are shared.
    """
    counts = {label: int((labels == label).sum()) for label in (1.0, -1.0, 0.0)}
    shares = {1.0: 1.0, -1.0: 1 / model.ratio, 0.0: model.presumed / model.ratio}
    shares = {label: share if counts[label] else 0.0 for label, share in shares.items()}
    size = counts[1.0] + counts[-1.0] + (model.breadth if shares[0.0] else 0)
    costs = np.zeros_like(labels)
    for label, share in shares.items():
        if share:
            costs[labels == label] = model.cost * size * share / (sum(shares.values()) * counts[label])
    return costs


def _compare_to_query(terms: Terms) -> Floats:
    return np.asarray((terms.weights @ terms.query.T).todense(), dtype=np.float64).ravel()

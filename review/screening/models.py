"""Models that order records: their settings, by name."""

from __future__ import annotations

from dataclasses import dataclass

from review.errors import UsageError


@dataclass(frozen=True, slots=True)
class Model:
    """The settings of one model.

    A model never changes under its name: the screening log names it, and an order can be replayed only by the same settings.

    Attributes:
        name: What the log and the command line call it.
        words: What it is, for the methods text.
        cost: C of the support vector machine, on average over the decisions.
        ratio: The whole cost of the relevant records over that of the irrelevant ones.
        presumed: The whole cost of the unread records, taken for irrelevant, over that of the irrelevant ones; 0 leaves them out.
        breadth: With `presumed`: how many decisions the unread records count for in the sum of all costs.
        stems: Whether words count by their stem.
    """

    name: str
    words: str
    cost: float = 0.11
    ratio: float = 9.8
    presumed: float = 0.0
    breadth: int = 0
    stems: bool = False


#: The first is the default.
MODELS = (
    Model(
        "presumed-1",
        "linear support vector machine on TF-IDF weights of word stems and pairs of neighbouring stems, in which unread records count as "
        "weakly irrelevant",
        presumed=0.5,
        breadth=100,
        stems=True,
    ),
    Model(
        "elas-u4",
        "linear support vector machine on TF-IDF weights of words and pairs of neighbouring words, with the settings of ELAS u4 of ASReview 3",
    ),
)


def find_model(name: str) -> Model:
    """Return the model of a name; the default for an empty one.

    Raises:
        UsageError: If there is none of this name.
    """
    if not name:
        return MODELS[0]
    found = next((model for model in MODELS if model.name == name), None)
    if found is None:
        raise UsageError(f"there is no model {name!r}; choose {' or '.join(model.name for model in MODELS)}")
    return found

"""What a manuscript can print of a value: its text, or a part of it by a suffix of its key.

`pool.A.together` prints `9/19 (47.4%; 95% CI 24.4 to 71.1)`, `pool.A.together.percent` prints `47.4%`. A key of the review goes before a
key with a suffix, so that `pool.A.multiverse.low` is the value of that name.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping

from review.model import Value
from review.numerals import format_count
from review.numerals import format_interval
from review.numerals import format_percent
from review.numerals import format_share

#: The suffixes with what each prints of 9 of 19 patients; a promise to manuscripts, like the keys.
FORMS = {
    "text": "9/19 (47.4%; 95% CI 24.4 to 71.1)",
    "counts": "9/19",
    "events": "9",
    "total": "19",
    "percent": "47.4%",
    "percent0": "47%",
    "ci": "95% CI 24.4 to 71.1",
    "ci0": "95% CI 24 to 71",
    "low": "24.4%",
    "high": "71.1%",
}

#: Where keys begin that are taken for keys even if there is no such value yet.
FAMILIES = ("agreement", "patients", "pool", "prisma", "search", "treatments")

#: A share may differ from that of its counts by what rounding to eight decimals leaves.
_ROUNDED = 1e-7

#: Keys alike that are offered for one that does not exist.
_MOST_NEAR = 3


def list_forms(value: Value) -> dict[str, str]:
    """Return what each suffix prints, in the order of `FORMS`; suffixes that the value has no number for are left out.

    Shares are rounded half up, those of counts on the exact fraction.
    """
    events, total, share = value.events, value.total, value.value
    forms = {"text": value.text}
    if events is None or total is None or share is None or not 0 <= share <= 1:
        return forms
    forms |= {"counts": f"{events}/{total}", "events": format_count(events), "total": format_count(total)}
    # The share of a model is not that of its counts.
    is_exact = total > 0 and 0 <= events <= total and abs(share - events / total) <= _ROUNDED
    for name, digits in (("percent", 1), ("percent0", 0)):
        forms[name] = format_percent(events, total, digits) if is_exact else format_share(share, digits)
    if value.ci_low is not None and value.ci_high is not None and value.level is not None:
        forms["ci"] = format_interval(value.ci_low, value.ci_high, level=value.level)
        forms["ci0"] = format_interval(value.ci_low, value.ci_high, level=value.level, digits=0)
        forms["low"], forms["high"] = format_share(value.ci_low), format_share(value.ci_high)
    return forms


class Printed:
    """The values of a review as a manuscript asks for them."""

    def __init__(self, values: Iterable[Value]) -> None:
        self._values: Mapping[str, Value] = {value.key: value for value in values}
        self._forms = {key: list_forms(value) for key, value in self._values.items()}
        self.families = frozenset({*FAMILIES, *(key.split(".")[0] for key in self._values)})

    @property
    def keys(self) -> list[str]:
        """The keys of the values, without suffixes, in order."""
        return sorted(self._values)

    def find(self, key: str) -> str | None:
        """Return what a key, with a suffix or without, prints; None if there is no such value or form."""
        if key in self._values:
            return self._values[key].text
        owner, form = self._split(key)
        return self._forms[owner].get(form) if owner else None

    def find_owner(self, key: str) -> str:
        """Return the key of the value behind a key with a suffix; empty where there is none."""
        return key if key in self._values else self._split(key)[0]

    def list_near(self, key: str) -> tuple[str, ...]:
        """Return existing keys that look like this one, the nearest first; the forms of a value whose suffix is wrong."""
        from rapidfuzz import fuzz
        from rapidfuzz import process

        owner, form = self._split(key)
        if owner and form not in self._forms[owner]:
            return tuple(f"{owner}.{name}" for name in self._forms[owner])
        parts = key.rsplit(".", 1)
        suffix = f".{parts[1]}" if len(parts) == 2 and parts[1] in FORMS else ""
        found = process.extract(
            key.removesuffix(suffix), self.keys, scorer=fuzz.ratio, limit=_MOST_NEAR, score_cutoff=60
        )
        near = (name + suffix for name, _, _ in found)
        return tuple(name for name in near if self.find(name) is not None)

    def list_all(self) -> list[str]:
        """Return every key that can be printed, with its suffixes."""
        return [*self._values, *(f"{key}.{form}" for key, forms in self._forms.items() for form in forms)]

    def list_unused(self, used: Iterable[str]) -> list[str]:
        """Return the keys of values of which no place prints anything."""
        owners = {self.find_owner(key) for key in used}
        return [key for key in self.keys if key not in owners]

    def _split(self, key: str) -> tuple[str, str]:
        owner, _, form = key.rpartition(".")
        return (owner, form) if owner in self._values else ("", "")

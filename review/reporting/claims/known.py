"""The numbers of the review, found by what a text prints of them; a number that two quantities have is nobody's match."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence

from review.model import Value
from review.reporting.claims.forms import Claim
from review.reporting.fill.printed import FORMS
from review.reporting.fill.printed import list_forms

#: Which values a count of the flow of records is compared with, by the form of the claim: ends of keys.
_ENDS: Mapping[str, tuple[str, ...]] = {
    "found": ("prisma.database_results", "prisma.register_results", ".identified", ".hits"),
    "screened": ("prisma.records_screened", ".screened"),
    "duplicates": ("prisma.duplicates",),
    "assessed": ("prisma.dbr_assessed", "prisma.other_assessed"),
    "excluded": ("prisma.records_excluded", "prisma.dbr_excluded", "prisma.other_excluded"),
    "included": ("prisma.new_studies", "prisma.new_reports", "prisma.total_studies", "prisma.total_reports"),
}


class KnownValues:
    """The values of a review by key, by counts and by interval; empty without a review."""

    def __init__(self, values: Sequence[Value]) -> None:
        """Index the values."""
        self.by_key = {value.key: value for value in values}
        self.with_interval = [value for value in values if value.ci_low is not None and value.value is not None]
        self._by_counts: dict[tuple[int, int], list[Value]] = defaultdict(list)
        self._by_events: dict[int, list[Value]] = defaultdict(list)
        for value in values:
            if value.events is not None and value.total is not None:
                self._by_counts[value.events, value.total].append(value)
                self._by_events[value.events].append(value)
        plain = [*values, *_add_identified(values)]
        self._by_form = {form: [value for value in plain if value.key.endswith(ends)] for form, ends in _ENDS.items()}

    def find(self, key: str) -> Value | None:
        """Return the value of a key, also where a suffix takes a part of it (`.percent`, `.events`, `.low`); None if there is none."""
        value = self.by_key.get(key)
        if value is not None:
            return value
        owner, _, form = key.rpartition(".")
        whole = self.by_key.get(owner)
        if whole is None or form not in FORMS:
            return None
        part = {"events": whole.events, "total": whole.total, "low": whole.ci_low, "high": whole.ci_high}.get(form)
        if form in {"events", "total", "low", "high"}:
            return None if part is None else Value(key, list_forms(whole).get(form, str(part)), float(part))
        return whole

    def list_counts(self, events: int, total: int | None) -> list[Value]:
        """Return the proportions with these counts, of any total if that is None."""
        return self._by_events.get(events, []) if total is None else self._by_counts.get((events, total), [])

    def list_flow(self, claim: Claim, source: str = "") -> list[Value]:
        """Return the values that a count of records may be; of one search, or of the whole flow, where `source` names it."""
        return [value for value in self._by_form.get(claim.form, ()) if name_source(value).startswith(source)]


def name_source(value: Value) -> str:
    """Return what a count is of: `search.medline-2012` or `prisma`."""
    return value.key.rsplit(".", 1)[0]


def is_one_quantity(values: Sequence[Value]) -> bool:
    """Whether values are one number of the same studies, under several keys or with several intervals."""
    return (
        len({(value.events, value.total, value.value if value.events is None else None, value.ids) for value in values})
        == 1
    )


def name_quantity(values: Sequence[Value]) -> str:
    """Return the key of values that are one quantity, empty where they are none or several."""
    return values[0].key if values and is_one_quantity(values) else ""


def _add_identified(values: Sequence[Value]) -> list[Value]:
    """The sum of all records found, which prose gives where the diagram has a box for each kind of source."""
    parts = [value for value in values if value.key in {"prisma.database_results", "prisma.register_results"}]
    if len(parts) < 2:
        return []
    number = int(sum(value.value or 0 for value in parts))
    return [Value("prisma.identified", f"{number:,}", float(number))]

"""Identities of the flow diagram that always hold: one that is broken prints a wrong number.

Source: the items and glossary of the PRISMA 2020 statement, BMJ 2021;372:n71, and its explanation, BMJ 2021;372:n160 (item 16a).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from review.findings import Finding
from review.findings import find
from review.numerals import format_count
from review.reporting.ledger import MOST_IDS
from review.reporting.ledger import Ledger
from review.reporting.ledger import list_differing
from review.reporting.prisma import DATABASE_LANE
from review.reporting.prisma import UNITS

#: A box and those before it: its ids must be among theirs.
_WITHIN: Mapping[str, tuple[str, ...]] = {
    "duplicates": DATABASE_LANE,
    "excluded_automatic": DATABASE_LANE,
    "excluded_other": DATABASE_LANE,
    "records_screened": DATABASE_LANE,
    "records_waiting": DATABASE_LANE,
    "records_excluded": ("records_screened",),
    "dbr_notretrieved_reports": ("dbr_sought_reports",),
    "dbr_waiting": ("dbr_sought_reports",),
    "dbr_assessed": ("dbr_sought_reports",),
    "dbr_excluded": ("dbr_assessed",),
    "other_notretrieved_reports": ("other_sought_reports",),
    "other_waiting": ("other_sought_reports",),
    "other_assessed": ("other_sought_reports",),
    "other_excluded": ("other_assessed",),
    "new_reports": ("dbr_assessed", "other_assessed"),
    "withdrawn_studies": ("previous_studies",),
    "withdrawn_reports": ("previous_reports",),
}


def check_lists(ledger: Ledger) -> Iterator[Finding]:
    """A number is the length of its list."""
    for box in ledger.boxes.values():
        repeated = sorted(identifier for identifier, times in Counter(box.ids).items() if times > 1)
        if box.n < 0:
            yield find("PRISMA-010", f"{box.key} is negative", found=box.n, expected="a number from 0")
        elif repeated:
            yield find("PRISMA-010", f"{box.key} counts {len(repeated)} ids twice", ids=repeated[:MOST_IDS])
        elif not box.reported and box.n != len(box.ids):
            yield find("PRISMA-010", f"{box.key} differs from its list of ids", found=box.n, expected=len(box.ids))


def check_units(ledger: Ledger) -> Iterator[Finding]:
    """Records, reports, studies and cases are not mixed."""
    for box in ledger.boxes.values():
        if box.unit != UNITS[box.key]:
            yield find("PRISMA-011", f"{box.key} counts {box.unit}", found=box.unit, expected=UNITS[box.key])


def check_parts(ledger: Ledger) -> Iterator[Finding]:
    """I1, I4, I5: parts add up to their number, and no report has two reasons."""
    for box in ledger.boxes.values():
        if not box.lines:
            continue
        places = Counter(identifier for line in box.lines for identifier in set(line.ids))
        shared = sorted(identifier for identifier, times in places.items() if times > 1)
        total = sum(line.n for line in box.lines)
        if shared and box.key in {"dbr_excluded", "other_excluded", "records_excluded"}:
            yield find(
                "PRISMA-005",
                f"{box.key}: {len(shared)} excluded for more than one reason",
                found=total,
                expected=box.n,
                ids=shared[:MOST_IDS],
            )
        elif total != box.n:
            odd = list_differing(set(box.ids), set(places)) if places and box.ids else []
            yield find(
                "PRISMA-001",
                f"{box.key}: its parts add up to {format_count(total)}",
                found=total,
                expected=box.n,
                ids=odd,
            )


def check_order(ledger: Ledger) -> Iterator[Finding]:
    """What leaves a box was in it."""
    for key, before in _WITHIN.items():
        present = [each for each in before if each in ledger.boxes]
        if key not in ledger.boxes or not present:
            continue
        if ledger.lists(key, *present):
            strays = sorted(ledger.ids(key) - ledger.ids(*present))
            if strays:
                message = f"{len(strays)} of {key} are not among {' or '.join(present)}"
                yield find(
                    "PRISMA-012",
                    message,
                    found=ledger.n(key),
                    expected=f"at most {ledger.n(*present)}",
                    ids=strays[:MOST_IDS],
                )
        elif ledger.n(key) > ledger.n(*present):
            message = f"{key} is larger than {' and '.join(present)}"
            yield find("PRISMA-012", message, found=ledger.n(key), expected=f"at most {ledger.n(*present)}")


def check_screened(ledger: Ledger) -> Iterator[Finding]:
    """I2: records screened = identified - removed before screening."""
    removed = ("duplicates", "excluded_automatic", "excluded_other")
    if not ledger.has("database_results", "records_screened"):
        return
    expected = ledger.n(*DATABASE_LANE) - ledger.n(*removed) - ledger.n("records_waiting")
    if ledger.n("records_screened") != expected:
        after = (*removed, "records_screened", "records_waiting")
        yield find(
            "PRISMA-002",
            "records screened are not the records identified less those removed",
            found=ledger.n("records_screened"),
            expected=_equation(expected, ledger, DATABASE_LANE, (*removed, "records_waiting")),
            ids=_unaccounted(ledger, DATABASE_LANE, after),
        )


def check_sought(ledger: Ledger) -> Iterator[Finding]:
    """I3: reports sought = not retrieved + assessed (+ awaiting a decision), per lane."""
    for lane in ("dbr", "other"):
        sought, lost, assessed = f"{lane}_sought_reports", f"{lane}_notretrieved_reports", f"{lane}_assessed"
        if not ledger.has(sought, assessed):
            continue
        after = (lost, assessed, f"{lane}_waiting")
        if ledger.n(sought) != ledger.n(*after):
            yield find(
                "PRISMA-003",
                f"{sought} is not what was retrieved and what was not",
                found=ledger.n(sought),
                expected=_equation(ledger.n(*after), ledger, after),
                ids=_unaccounted(ledger, (sought,), after),
            )


def check_assessed(ledger: Ledger) -> Iterator[Finding]:
    """I4: reports assessed = excluded + included, per lane where ids tell the lane, else for a single lane."""
    included = ledger.ids("new_reports", "added_reports")
    for lane in ("dbr", "other"):
        assessed, excluded = f"{lane}_assessed", f"{lane}_excluded"
        if not ledger.has(assessed, "new_reports"):
            continue
        if ledger.lists(assessed, excluded, "new_reports", "added_reports"):
            kept = ledger.ids(assessed) & included
            odd = (ledger.ids(assessed) - ledger.ids(excluded) - kept) | (ledger.ids(excluded) & kept)
            if odd:
                yield find(
                    "PRISMA-004",
                    f"{len(odd)} of {assessed} are neither excluded nor included, or both",
                    found=ledger.n(assessed),
                    expected=f"{ledger.n(excluded)} excluded + {len(kept)} included",
                    ids=sorted(odd)[:MOST_IDS],
                )
        elif not ledger.has_two_lanes and ledger.n(assessed) != ledger.n(excluded, "new_reports", "added_reports"):
            parts = (excluded, "new_reports", "added_reports")
            yield find(
                "PRISMA-004",
                f"{assessed} is not what was excluded and what was included",
                found=ledger.n(assessed),
                expected=_equation(ledger.n(*parts), ledger, parts),
            )


def check_studies(ledger: Ledger) -> Iterator[Finding]:
    """I6: studies are those of the included reports, and never more than these."""
    for studies, reports in (
        ("new_studies", "new_reports"),
        ("total_studies", "total_reports"),
        ("previous_studies", "previous_reports"),
    ):
        if not ledger.has(studies, reports):
            continue
        if ledger.n(studies) > ledger.n(reports) or (ledger.n(reports) > 0 and ledger.n(studies) == 0):
            bound = f"1 to {ledger.n(reports)}" if ledger.n(reports) else "0"
            yield find("PRISMA-006", f"{studies} does not fit {reports}", found=ledger.n(studies), expected=bound)
            continue
        study_of = ledger.documents.study_of
        known = ledger.ids(reports)
        if ledger.lists(studies, reports) and known and all(report in study_of for report in known):
            odd = list_differing({study_of[report] for report in known}, ledger.ids(studies))
            if odd:
                yield find(
                    "PRISMA-006", f"{studies} are not the studies of {reports}", found=ledger.n(studies), ids=odd
                )


def check_totals(ledger: Ledger) -> Iterator[Finding]:
    """I7: totals of an update = previous + new - withdrawn (reports: + new reports of previous studies)."""
    for total, plus, minus in (
        ("total_studies", ("previous_studies", "new_studies"), ("withdrawn_studies",)),
        ("total_reports", ("previous_reports", "new_reports", "added_reports"), ("withdrawn_reports",)),
    ):
        if ledger.has(total, *plus[:2]):
            expected = ledger.n(*plus) - ledger.n(*minus)
            if ledger.n(total) != expected:
                yield find(
                    "PRISMA-007",
                    f"{total} does not add up",
                    found=ledger.n(total),
                    expected=_equation(expected, ledger, plus, minus),
                )


def check_meta_analysis(ledger: Ledger) -> Iterator[Finding]:
    """I8: what is in the meta-analysis is in the review."""
    for part, unit in (("total_studies_ma", "studies"), ("total_reports_ma", "reports")):
        whole = next((key for key in (f"total_{unit}", f"new_{unit}") if key in ledger.boxes), None)
        if part not in ledger.boxes or whole is None:
            continue
        strays = sorted(ledger.ids(part) - ledger.ids(whole)) if ledger.lists(part, whole) else []
        if strays or ledger.n(part) > ledger.n(whole):
            bound = f"at most {ledger.n(whole)} ({whole})"
            yield find(
                "PRISMA-008", f"{part} exceeds {whole}", found=ledger.n(part), expected=bound, ids=strays[:MOST_IDS]
            )


def check_cases(ledger: Ledger) -> Iterator[Finding]:
    """I8: a study that lists cases has one; cases = listed - printed twice."""
    cases = ledger.documents.cases_of
    empty = sorted(study for study, listed in cases.items() if listed < 1)
    if empty:
        yield find(
            "PRISMA-009",
            f"{len(empty)} included studies list no case",
            found=0,
            expected="at least 1 each",
            ids=empty[:MOST_IDS],
        )
    counted = next((key for key in ("total_cases", "new_cases") if key in ledger.boxes), None)
    if counted is None or not cases:
        return
    listed = sum(cases.values())
    expected = listed - ledger.documents.cases_printed_twice
    if ledger.n(counted) != expected:
        shown = f"{expected} = {listed} listed - {ledger.documents.cases_printed_twice} printed twice"
        yield find(
            "PRISMA-009", f"{counted} are not the cases listed in the studies", found=ledger.n(counted), expected=shown
        )


def _unaccounted(ledger: Ledger, before: Sequence[str], after: Sequence[str]) -> list[str]:
    """List what is before but not after, and what is after more than once."""
    if not ledger.lists(*before, *after):
        return []
    times = Counter(identifier for key in after for identifier in ledger.ids(key))
    twice = {identifier for identifier, count in times.items() if count > 1}
    return sorted((ledger.ids(*before) - set(times)) | twice)[:MOST_IDS]


def _equation(total: int, ledger: Ledger, plus: Sequence[str], minus: Sequence[str] = ()) -> str:
    added = " + ".join(f"{ledger.n(key)} {key}" for key in plus if key in ledger.boxes)
    taken = "".join(f" - {ledger.n(key)} {key}" for key in minus if key in ledger.boxes)
    return f"{total} = {added}{taken}"

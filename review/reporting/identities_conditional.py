"""Identities of the flow diagram that hold unless the documents explain otherwise: told as warnings, and only where they do not.

Two records may be entries of one report, and one record may lead to two documents; so the units of screening and retrieval need not
agree, and what is known of the ids decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence

from review.findings import Finding
from review.findings import find
from review.numerals import format_count
from review.reporting.ledger import MOST_IDS
from review.reporting.ledger import Ledger
from review.reporting.ledger import list_differing
from review.reporting.prisma import OTHER_LANE


def check_kept_records(ledger: Ledger) -> Iterator[Finding]:
    """C1: reports sought = records kept after screening, unless records share a report."""
    if not ledger.has("records_screened", "records_excluded", "dbr_sought_reports"):
        return
    kept = ledger.n("records_screened") - ledger.n("records_excluded")
    ids: Sequence[str] = ()
    if ledger.lists("records_screened", "records_excluded", "dbr_sought_reports"):
        records = ledger.ids("records_screened") - ledger.ids("records_excluded")
        ids = list_differing(_reports_of(ledger, records), ledger.ids("dbr_sought_reports"))
        if not ids:
            return
    elif kept == ledger.n("dbr_sought_reports"):
        return
    expected = f"{format_count(kept)} records kept"
    yield find(
        "PRISMA-021",
        "reports sought are not the reports of the records kept",
        found=ledger.n("dbr_sought_reports"),
        expected=expected,
        ids=ids,
    )


def check_other_lane(ledger: Ledger) -> Iterator[Finding]:
    """C2: reports sought by other methods = records identified there, unless a database had found them."""
    present = [key for key in OTHER_LANE if key in ledger.boxes]
    if not present or not ledger.has("other_sought_reports"):
        return
    identified = ledger.n(*present) - len(ledger.documents.known_from_databases)
    ids: Sequence[str] = ()
    if ledger.lists("other_sought_reports", *present):
        records = ledger.ids(*present) - ledger.documents.known_from_databases
        ids = list_differing(_reports_of(ledger, records), ledger.ids("other_sought_reports"))
        if not ids:
            return
    elif identified == ledger.n("other_sought_reports"):
        return
    expected = f"{format_count(identified)} identified there and not known before"
    yield find(
        "PRISMA-022",
        "reports sought by other methods differ",
        found=ledger.n("other_sought_reports"),
        expected=expected,
        ids=ids,
    )


def check_both_lanes(ledger: Ledger) -> Iterator[Finding]:
    """C3: included reports = assessed - excluded over both lanes - reports reached by both."""
    if not ledger.has_two_lanes or not ledger.has("dbr_assessed", "new_reports"):
        return
    passed = {lane: ledger.n(f"{lane}_assessed") - ledger.n(f"{lane}_excluded") for lane in ("dbr", "other")}
    keys = ("dbr_assessed", "dbr_excluded", "other_assessed", "other_excluded")
    both: set[str] = set()
    if ledger.lists(*keys):
        both = (ledger.ids("dbr_assessed") - ledger.ids("dbr_excluded")) & (
            ledger.ids("other_assessed") - ledger.ids("other_excluded")
        )
    expected = sum(passed.values()) - len(both)
    found = ledger.n("new_reports", "added_reports")
    if found != expected:
        shown = f"{expected} = {passed['dbr']} + {passed['other']} - {len(both)} reached by both"
        yield find(
            "PRISMA-023", "included reports are not those that both lanes let through", found=found, expected=shown
        )


def check_previous_studies(ledger: Ledger) -> Iterator[Finding]:
    """C4: a new report of a previous study is not a new study, nor a report of one."""
    previous = ledger.ids("previous_studies") | ledger.documents.studies_before
    study_of = ledger.documents.study_of
    again = sorted(ledger.ids("new_studies") & previous)
    again += sorted(report for report in ledger.ids("new_reports") if study_of.get(report) in previous)
    if again:
        yield find(
            "PRISMA-024",
            "studies of the previous version are counted as new",
            found=len(again),
            expected=0,
            ids=again[:MOST_IDS],
        )


def check_previous_records(ledger: Ledger) -> Iterator[Finding]:
    """C5: records of the previous version are not screened as new."""
    again = sorted(ledger.ids("records_screened") & ledger.documents.screened_before)
    if again:
        message = f"{len(again)} records screened in the previous version are screened again"
        yield find("PRISMA-025", message, found=len(again), expected=0, ids=again[:MOST_IDS])


def check_remainder(ledger: Ledger) -> Iterator[Finding]:
    """Say that an unfinished review can only draw a draft."""
    waiting = [ledger.boxes[key] for key in ("records_waiting", "dbr_waiting", "other_waiting") if ledger.n(key) > 0]
    if waiting:
        told = ", ".join(f"{format_count(box.n)} {box.unit}" for box in waiting)
        ids = [identifier for box in waiting for identifier in box.ids]
        yield find("PRISMA-031", f"{told} await a decision; the flow diagram is a draft", ids=ids[:MOST_IDS])


def _reports_of(ledger: Ledger, records: set[str]) -> set[str]:
    report_of = ledger.documents.report_of
    return {report_of.get(record, record) for record in records}

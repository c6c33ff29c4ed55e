"""The arithmetic of the flow diagram, checked as a whole."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator

from review.findings import Finding
from review.findings import sort_findings
from review.model import Box
from review.reporting import identities_conditional as conditional
from review.reporting import identities_exact as exact
from review.reporting.ledger import NOTHING_KNOWN
from review.reporting.ledger import Documents
from review.reporting.ledger import Ledger
from review.reporting.ledger import open_ledger

CHECKS: tuple[Callable[[Ledger], Iterator[Finding]], ...] = (
    exact.check_lists,
    exact.check_units,
    exact.check_parts,
    exact.check_order,
    exact.check_screened,
    exact.check_sought,
    exact.check_assessed,
    exact.check_studies,
    exact.check_totals,
    exact.check_meta_analysis,
    exact.check_cases,
    conditional.check_kept_records,
    conditional.check_other_lane,
    conditional.check_both_lanes,
    conditional.check_previous_studies,
    conditional.check_previous_records,
    conditional.check_remainder,
)


def check_identities(boxes: Iterable[Box], documents: Documents = NOTHING_KNOWN) -> list[Finding]:
    """Check every identity that the given numbers allow; a number that is absent is not guessed.

    Returns:
        Findings PRISMA-001 to -012 (errors), -021 to -025 (warnings) and -031 (note), with expected and found numbers and the ids
        that break the identity where the boxes list them.

    Raises:
        ValueError: If a key of the boxes is unknown or comes twice.
    """
    ledger = open_ledger(boxes, documents)
    return sort_findings(finding for check in CHECKS for finding in check(ledger))

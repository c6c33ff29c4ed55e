"""Reading a file of decisions, whatever program wrote it."""

from __future__ import annotations

from review.findings import Finding
from review.formats.registry import parse_bytes
from review.model import Verdict
from review.screening.exchange.asreview_project import is_project
from review.screening.exchange.asreview_project import read_project
from review.screening.exchange.ballot import Ballot
from review.screening.exchange.labels import read_ballot

#: Findings on columns that a record has no field for: the labels are in such columns.
_EXPECTED = frozenset({"RECORD-011"})


def read_ballots(data: bytes, path: str, assumed: Verdict | None = None) -> tuple[list[Ballot], list[Finding]]:
    """Read the references of a file with the decisions on them.

    Args:
        data: The file: an ASReview project, or any bibliographic format with labels in it.
        path: Its name.
        assumed: What a reference without a label means, for files that hold one list; None if it means nothing.

    Raises:
        FormatError: If the file cannot be read.
    """
    if is_project(data):
        return read_project(data, path), []
    parsed = parse_bytes(data, path=path)
    ballots = [read_ballot(record, path, assumed) for record in parsed.records]
    return ballots, [finding for finding in parsed.findings if finding.code not in _EXPECTED]

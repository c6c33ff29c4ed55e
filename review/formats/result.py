"""What reading a file gives: the records, what was refused and why, what a person should know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.model import Record


@dataclass(frozen=True, slots=True)
class Refusal:
    """An entry of the file that is no record: the line it begins at (from 1) and why."""

    line: int
    reason: str


#: What a reader yields, in file order.
Item = Record | Refusal | Finding


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file as it was read. `read` counts the entries of the file: it is always kept + refused.

    `records` are in file order; two of them may have one id where the file holds an entry twice. `format` is a name of
    `review.formats.registry.FORMATS`.
    """

    records: tuple[Record, ...]
    read: int
    refused: tuple[Refusal, ...]
    findings: tuple[Finding, ...]
    format: str

    @property
    def kept(self) -> int:
        """How many entries became records."""
        return len(self.records)


def explain_refusal(refusal: Refusal, path: str) -> Finding:
    """Tell a refusal as a finding."""
    return find("RECORD-005", f"entry refused: {refusal.reason}", Origin(path, refusal.line))


def collect_items(items: Iterable[Item], *, format: str, path: str) -> Parsed:  # noqa: A002 (the field's own word)
    """Gather what a reader yields; every refusal is told as a finding, too."""
    records: list[Record] = []
    refused: list[Refusal] = []
    findings: list[Finding] = []
    for item in items:
        if isinstance(item, Record):
            records.append(item)
        elif isinstance(item, Refusal):
            refused.append(item)
            findings.append(explain_refusal(item, path))
        else:
            findings.append(item)
    if not records and not refused:
        findings.append(find("RECORD-015", f"the file was read as {format} and holds no entry", Origin(path)))
    return Parsed(tuple(records), len(records) + len(refused), tuple(refused), tuple(findings), format)

"""What a file of another program says: a reference as it has it, and who decided what on it."""

from __future__ import annotations

from dataclasses import dataclass

from review.findings import Origin
from review.model import Record
from review.model import Verdict


@dataclass(frozen=True, slots=True)
class Mark:
    """One decision of another program.

    `who` is empty where the program does not say; `reasons` are its own words; `time` is as it prints it, empty if it does not say.
    """

    verdict: Verdict
    who: str = ""
    reasons: tuple[str, ...] = ()
    note: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class Ballot:
    """A reference with the decisions on it; `problem` says why a label could not be read, empty if all is well."""

    record: Record
    marks: tuple[Mark, ...]
    origin: Origin
    problem: str = ""

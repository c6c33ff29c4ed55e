"""Findings: values that say that the data is wrong, or may be, and where.

A stage returns findings and goes on; `review.errors` is for what ends a command. Every finding has a code of
`review.catalogue`, which fixes its level.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from typing import NamedTuple
from typing import Self

from review.catalogue import CATALOGUE
from review.catalogue.code import Level

LEVELS: tuple[Level, ...] = ("error", "warning", "note")


class Origin(NamedTuple):
    """Where a value was read: a path relative to the review's folder (posix), a line from 1, a key inside."""

    path: str
    line: int | None = None
    key: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person should know about the data."""

    code: str
    message: str
    origin: Origin | None = None
    found: str = ""
    expected: str = ""
    hint: str = ""
    ids: tuple[str, ...] = ()

    @property
    def level(self) -> Level:
        """How serious it is, as the catalogue says."""
        return CATALOGUE[self.code].level

    def __str__(self) -> str:
        where = f"{self.origin}: " if self.origin else ""
        tail = f"; expected {self.expected}" if self.expected else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.code} {self.level}: {self.message}{tail}{hint}"

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Self:
        """Return the finding that `to_json` told of; its origin knows no key.

        Raises:
            KeyError: If a key is missing, or the catalogue does not have the code.
        """
        CATALOGUE[item["code"]]
        origin = Origin(item["path"], item["line"]) if item["path"] else None
        return cls(
            item["code"], item["message"], origin, item["found"], item["expected"], item["hint"], tuple(item["ids"])
        )

    def to_json(self) -> dict[str, object]:
        """Return the keys that the command line promises, and `ids`."""
        return {
            "code": self.code,
            "level": self.level,
            "message": self.message,
            "path": self.origin.path if self.origin else None,
            "line": self.origin.line if self.origin else None,
            "found": self.found,
            "expected": self.expected,
            "hint": self.hint,
            "ids": list(self.ids),
        }


def find(
    code: str,
    message: str,
    origin: Origin | None = None,
    *,
    found: object = "",
    expected: object = "",
    hint: str = "",
    ids: Iterable[str] = (),
) -> Finding:
    """Make a finding with a code of the catalogue.

    Raises:
        KeyError: If the catalogue does not have the code.
    """
    CATALOGUE[code]
    return Finding(code, message, origin, str(found), str(expected), hint, tuple(ids))


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Order by level, then place, then code, without repeats."""
    unique = dict.fromkeys(findings)
    return sorted(
        unique,
        key=lambda f: (
            LEVELS.index(f.level),
            f.origin.path if f.origin else "",
            (f.origin.line or 0) if f.origin else 0,
            f.code,
            f.message,
        ),
    )


def count_errors(findings: Iterable[Finding]) -> int:
    """Count the findings at error level."""
    return sum(finding.level == "error" for finding in findings)

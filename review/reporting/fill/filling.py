"""What filling a manuscript found and did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from typing import Literal

from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.reporting.fill.printed import Printed

#: What stands at a place that takes a value.
Kind = Literal["content control", "field", "placeholder", "marker", "macro"]


@dataclass(frozen=True, slots=True)
class Filled:
    """A place with what it said (`old`, empty for a placeholder that is filled for the first time) and what it says now.

    `number` is that of the line, or of the paragraph in its part of a Word file.
    """

    key: str
    kind: Kind
    place: str
    number: int
    old: str
    new: str

    @property
    def is_changed(self) -> bool:
        """Whether the text is another than before."""
        return self.old != self.new

    def to_json(self) -> dict[str, object]:
        """Return the keys that the command line promises."""
        return {
            "key": self.key,
            "kind": self.kind,
            "place": self.place,
            "old": self.old,
            "new": self.new,
            "changed": self.is_changed,
        }


@dataclass
class Filling:
    """The places of one manuscript, filled in the order in which they were met, and what stood against it.

    `has_lines` says that places are lines of a text, not paragraphs.
    """

    path: str
    printed: Printed
    has_lines: bool = False
    places: list[Filled] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        """Whether any place says something else than before."""
        return any(item.is_changed for item in self.places)

    def ask(self, key: str, place: str, line: int | None = None) -> str | None:
        """Return what a key prints; an unknown one is a finding and gives None."""
        text = self.printed.find(key)
        if text is None:
            near = self.printed.list_near(key)
            expected = " or ".join(near) if near else "a key of values.json"
            message = f"{_say_place(place, line)}there is no value {key}"
            self.findings.append(find("FILL-001", message, Origin(self.path, line), found=key, expected=expected))
        return text

    def refuse(self, key: str, place: str, problem: str, hint: str, line: int | None = None) -> None:
        """Note a place that cannot be filled."""
        message = f"{_say_place(place, line)}{key} cannot be filled: {problem}"
        self.findings.append(find("FILL-002", message, Origin(self.path, line), found=key, hint=hint))

    def warn(self, code: str, message: str, hint: str) -> None:
        """Note what a person must know about the filled manuscript."""
        self.findings.append(find(code, message, Origin(self.path), hint=hint))

    def list_stale(self) -> Iterator[Finding]:
        """Yield a finding for each place that does not say what the review gives."""
        for item in self.places:
            if item.is_changed:
                line = item.number if self.has_lines else None
                says = f"says {item.old!r}" if item.old else "is empty"
                message = f"{_say_place(item.place, line)}{item.key} {says}"
                yield find("FILL-003", message, Origin(self.path, line), found=item.old, expected=item.new)

    def list_unused(self) -> list[str]:
        """Return the keys of the review that the manuscript does not use."""
        return self.printed.list_unused(item.key for item in self.places)


def _say_place(place: str, line: int | None) -> str:
    """Say where something is, unless the line is told already."""
    return "" if line else f"{place}: "

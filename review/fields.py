"""Typed reading of a marked mapping: each key is asked for once, and every slip gets its finding with file and line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from collections.abc import Sequence
from typing import NamedTuple

from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.marked import Block
from review.marked import Items
from review.marked import Node
from review.marked import Text
from review.numerals import parse_number

#: Digits of the largest whole number that is read; a count of patients is far below.
_MOST_DIGITS = 15


class FieldCodes(NamedTuple):
    """The finding codes of an area for an unknown key, a missing key and a value that is not allowed."""

    unknown: str
    missing: str
    invalid: str


class Fields:
    """Reads the keys of one mapping.

    Call `close` at the end: it reports the keys that nobody asked for.
    """

    def __init__(
        self,
        block: Block,
        path: str,
        codes: FieldCodes,
        findings: list[Finding],
        where: str = "",
        line: int | None = None,
    ) -> None:
        self.block = block
        self.line = block.line if line is None else line
        self.path = path
        self.codes = codes
        self.findings = findings
        self.where = where
        self._asked: dict[str, None] = {}

    def place(self, key: str = "") -> Origin:
        """Where a key stands, or the mapping itself: the line of the key that names it, or of a list's dash."""
        name = f"{self.where}.{key}".strip(".")
        return Origin(self.path, self.block.lines.get(key, self.line), name)

    def get(self, key: str, *, required: bool = False) -> Node | None:
        """Return the node of a key, None if it is not there (reported if it is required)."""
        self._asked[key] = None
        if key not in self.block and required and key not in self.block.lines:
            inside = f" of {self.where}" if self.where else ""
            self.findings.append(
                find(self.codes.missing, f"{key}{inside} is missing", self.place(), expected=f"{key}: ...")
            )
        return self.block.get(key)

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        """Return the text of a key, with folded white space."""
        node = self.get(key, required=required)
        if node is None:
            return default
        if not isinstance(node, Text):
            self.refuse(key, "a mapping or a list", "text")
            return default
        return " ".join(node.split())

    def choice(self, key: str, choices: Sequence[str], default: str = "", *, required: bool = False) -> str:
        """Return one of the choices; anything else is reported and gives the default."""
        text = self.text(key, default, required=required)
        if text and text not in choices:
            near = difflib.get_close_matches(text, choices, 1)
            self.refuse(key, text, " | ".join(choices), f"did you mean {near[0]}?" if near else "")
            return default
        return text

    def integer(self, key: str, *, required: bool = False) -> int | None:
        """Return a whole number from 0, None where it is absent or wrong (reported)."""
        text = self.text(key, required=required)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
            self.refuse(key, text, "a whole number")
            return None
        return int(text)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return a yes or no."""
        text = self.choice(key, ("yes", "no"), "yes" if default else "no")
        return text == "yes"

    def fields(self, key: str, *, required: bool = False) -> Fields | None:
        """Return a reader for the mapping at a key."""
        node = self.get(key, required=required)
        if node is None:
            return None
        if not isinstance(node, Block):
            self.refuse(key, "text or a list", "key: value lines")
            return None
        return self.below(node, key)

    def below(self, block: Block, name: str) -> Fields:
        """Return a reader for a mapping inside this one, reporting to the same list."""
        where = f"{self.where}.{name}".strip(".")
        return Fields(block, self.path, self.codes, self.findings, where, self.block.lines.get(name))

    def texts(self, key: str, *, required: bool = False) -> tuple[Text, ...]:
        """Return the texts of a list; one text alone counts as a list of one."""
        node = self.get(key, required=required)
        if node is None:
            return ()
        if isinstance(node, Text):
            return (node,)
        if isinstance(node, Items) and all(isinstance(item, Text) for item in node):
            return tuple(item for item in node if isinstance(item, Text))
        self.refuse(key, "a mapping or a nested list", "a list of words")
        return ()

    def blocks(self, key: str, *, required: bool = False) -> Iterable[Fields]:
        """Yield a reader for each mapping of a list."""
        node = self.get(key, required=required)
        if node is None:
            return
        if not isinstance(node, Items):
            self.refuse(key, "text or a mapping", "a list of entries, each begun by a dash")
            return
        for number, item in enumerate(node):
            if isinstance(item, Block):
                yield self.below(item, f"{key}[{number}]")
            else:
                line = getattr(item, "line", None)
                origin = Origin(self.path, line, f"{key}[{number}]")
                message = f"{key}[{number}] is not an entry with keys"
                self.findings.append(find(self.codes.invalid, message, origin, expected="- key: value"))

    def named(self, key: str, *, required: bool = False) -> Iterable[tuple[str, Fields]]:
        """Yield name and reader for each mapping inside the mapping at a key."""
        parent = self.fields(key, required=required)
        if parent is None:
            return
        for name, node in parent.block.items():
            if isinstance(node, Block):
                yield name, parent.below(node, name)
            else:
                parent.refuse(name, "text or a list", "key: value lines")

    def numbers(self, key: str, length: int) -> tuple[str, ...]:
        """Return a list of exactly `length` numbers as typed; empty where absent or wrong (reported)."""
        texts = self.texts(key)
        if not texts:
            return ()
        try:
            for text in texts:
                parse_number(text)
        except ValueError:
            self.refuse(key, ", ".join(texts), "numbers with a decimal point")
            return ()
        if len(texts) != length:
            self.refuse(key, ", ".join(texts), f"{length} number{'s' if length > 1 else ''}")
            return ()
        return tuple(str(text) for text in texts)

    def refuse(self, key: str, found: str, expected: str, hint: str = "") -> None:
        """Report a value that is not allowed."""
        name = f"{self.where}.{key}".strip(".")
        message = f"{name} is {found}"
        self.findings.append(
            find(self.codes.invalid, message, self.place(key), found=found, expected=expected, hint=hint)
        )

    def close(self) -> None:
        """Report the keys that were not asked for."""
        for key in self.block.lines:
            if key not in self._asked:
                near = difflib.get_close_matches(key, list(self._asked), 1)
                inside = f" in {self.where}" if self.where else ""
                message = f"unknown key {key}{inside}"
                hint = f"did you mean {near[0]}?" if near else ""
                expected = ", ".join(sorted(self._asked))
                self.findings.append(
                    find(self.codes.unknown, message, self.place(key), found=key, expected=expected, hint=hint)
                )

"""The tree that a YAML file is read to: every scalar is text, and every node knows its line."""

from __future__ import annotations

from typing import Self
from typing import TypeAlias


class Text(str):
    """A scalar as it was typed, with its line; `is_plain` tells unquoted ones."""

    __slots__ = ("is_plain", "line")
    line: int
    is_plain: bool

    def __new__(cls, value: str, line: int, *, is_plain: bool = True) -> Self:
        """Make a text that knows its line."""
        self = super().__new__(cls, value)
        self.line = line
        self.is_plain = is_plain
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str, int], dict[str, bool]]:
        """Say how to make it anew, so that it can be kept between commands."""
        return (str(self), self.line), {"is_plain": self.is_plain}


class Block(dict[str, "Node"]):
    """A mapping; `lines` gives the line of each key."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class Items(list["Node"]):
    """A list; each item knows its own line."""

    __slots__ = ("line",)

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


Node: TypeAlias = Text | Block | Items

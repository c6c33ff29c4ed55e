"""New words of a sheet: trees of texts written as YAML, each text in quotes where it could be read as anything else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TypeAlias
from typing import TypeGuard

from review.extraction.template import quote_text

#: What a sheet holds, every scalar as text; a blank is empty text.
Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"

#: A change to a tree: text or a list takes the place of what is there, None takes a key out, a mapping goes on below: by key, or by the
#: place of an entry in its list (one more than there are adds an entry). What a mapping does not name stays.
Patch: TypeAlias = "str | list[str] | Mapping[str, Patch] | Mapping[int, Patch] | None"

#: Where a value stands: keys, and places in lists from 0.
Path: TypeAlias = "tuple[str | int, ...]"

#: Plain words that tools of YAML 1.1 read as something else than text, besides numbers that are not what they look like.
_MISREAD = re.compile(
    r"y|n|yes|no|on|off|true|false|null|nan|inf|0[0-9_].*|0[xob].*|[0-9][0-9_]*_[0-9_.]*|\d+(:\d+)+(\.\d*)?|\d{4}-\d\d?-\d\d?.*|\d[\d.]*e[+-]?\d+",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")


def quote_value(text: str) -> str:
    """Return a text as YAML takes it, in quotes where it could be read as anything else: `no`, `012`, `12:30`, `2019-03-01`, `>5`."""
    folded = fold_text(text)
    if _NUMBER.fullmatch(folded):
        return folded
    return f'"{folded}"' if _MISREAD.fullmatch(folded) else quote_text(folded)


def fold_text(text: str) -> str:
    """Return a text on one line, as sheets are read; control characters, which nobody can see, count as white space."""
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in text).split())


def is_entries(patch: Patch) -> TypeGuard[Mapping[int, Patch]]:
    """Whether a patch changes entries of a list."""
    return isinstance(patch, Mapping) and any(isinstance(key, int) for key in patch)


def is_keys(patch: Patch) -> TypeGuard[Mapping[str, Patch]]:
    """Whether a patch changes keys of a mapping."""
    return isinstance(patch, Mapping) and not is_entries(patch)


def render_flow(patch: Patch) -> str:
    """Write a value on one line: `{value: 54, source: paper}`."""
    if isinstance(patch, str):
        return quote_value(patch)
    if isinstance(patch, list):
        return f"[{', '.join(map(quote_value, patch))}]"
    assert patch is not None
    if is_entries(patch):
        return f"[{', '.join(render_flow(below) for _, below in sorted(patch.items()))}]"
    present = {key: below for key, below in patch.items() if not is_nothing(below)}
    return "{" + ", ".join(f"{quote_value(str(key))}: {render_flow(below)}" for key, below in present.items()) + "}"


def render_block(name: str, patch: Patch, indent: int, *, is_apart: bool = False) -> list[str]:
    """Write the lines of a key and its value; `is_apart` puts a blank line before them."""
    head = f"{' ' * indent}{quote_value(name)}:"
    apart = [""] if is_apart else []
    if is_entries(patch):
        return [*apart, head, *render_entries(patch, indent + 2)]
    if is_keys(patch) and is_long(patch):
        lines = [head]
        for key, below in patch.items():
            if not is_nothing(below):
                lines += render_block(str(key), below, indent + 2)
        return [*apart, *lines]
    if isinstance(patch, list) and not indent:
        return [*apart, head, *(f"  - {quote_value(text)}" for text in patch)]
    return [*apart, f"{head} {render_flow(patch)}"]


def render_entries(patch: Mapping[int, Patch], indent: int) -> list[str]:
    """Write the lines of the entries of a list."""
    return [line for _, below in sorted(patch.items()) for line in render_entry(below, indent)]


def render_entry(patch: Patch, indent: int) -> list[str]:
    """Write the lines of one entry of a list, begun by a dash."""
    dash = " " * indent + "- "
    if not is_keys(patch):
        return [dash + render_flow(patch)]
    lines: list[str] = []
    for key, below in patch.items():
        if not is_nothing(below):
            lines += render_block(str(key), below, indent + 2)
    return [dash + lines[0].lstrip(" "), *lines[1:]] if lines else []


def is_long(patch: Patch) -> bool:
    """Whether a mapping is written on lines of its own: it holds more than one value with its source."""
    if isinstance(patch, list):
        return True
    if not isinstance(patch, Mapping):
        return False
    if is_entries(patch):
        return True
    return not {"value", "time", "record", "answer", "judgement"} & {str(key) for key in patch}


def is_nothing(patch: Patch) -> bool:
    """Whether a patch of what is not there yet leaves nothing there."""
    return patch is None or (is_keys(patch) and all(map(is_nothing, patch.values())))

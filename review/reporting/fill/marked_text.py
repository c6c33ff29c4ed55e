r"""Markdown, Quarto and LaTeX manuscripts filled with the values of the review, between marks that stay for the next time.

Markdown: `<!-- value: pool.A.together -->9/19 (47.4%)<!-- /value -->`. LaTeX: `\reviewtext{pool.A.together}{9/19 (47.4\%)}`. A placeholder
`{{pool.A.together}}` becomes the one or the other. Code, verbatim text and comments are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from review.formats.latex import encode_latex
from review.reporting.fill.filling import Filled
from review.reporting.fill.filling import Filling
from review.reporting.fill.filling import Kind
from review.reporting.fill.placeholders import PLACEHOLDER
from review.reporting.fill.placeholders import names_value
from review.reporting.fill.printed import Printed

Markup = Literal["markdown", "latex"]

#: The markup of a manuscript by the ending of its file.
MARKUPS: dict[str, Markup] = {".md": "markdown", ".qmd": "markdown", ".rmd": "markdown", ".tex": "latex"}

_OPENING = re.compile(r"<!--\s*value:\s*(\S[^\n]*?)\s*-->")
_CLOSING = re.compile(r"<!--\s*/value\s*-->")
_MACRO = re.compile(r"\\reviewtext\s*\{([^{}\n]+)\}\s*(?=\{)")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~^@&])")

_MARKDOWN_LEFT_ALONE = re.compile(
    r"\A---\n.*?\n(?:---|\.\.\.)\n|^(```+|~~~+).*?^\1|(?<!`)(`+)(?!`).+?(?<!`)\2(?!`)|<!--(?!\s*/?value\b).*?-->",
    re.DOTALL | re.MULTILINE,
)
_LATEX_LEFT_ALONE = re.compile(
    r"(?<!\\)%[^\n]*|\\verb\*?([^\sa-zA-Z*]).*?\1|\\begin\{(verbatim\*?|lstlisting|minted|comment)\}.*?\\end\{\2\}"
    r"|\\(?:re)?(?:new|provide)command\*?\s*\{?\\review\w+[^\n]*",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Place:
    """A stretch of the text that takes a value: `old` is what it says, `start`..`end` what is replaced, marks included."""

    key: str
    kind: Kind
    start: int
    end: int
    old: str
    problem: str = ""
    hint: str = ""


def fill_text(text: str, markup: Markup, shown_as: str, printed: Printed) -> tuple[str, Filling]:
    """Fill a manuscript.

    Returns:
        The text, and what was found. With a finding at error level the text is the one given: half a manuscript is not filled.
    """
    filling = Filling(shown_as, printed, has_lines=True)
    left_alone = _MARKDOWN_LEFT_ALONE if markup == "markdown" else _LATEX_LEFT_ALONE
    alone = [match.span() for match in left_alone.finditer(text)]
    list_places, write, escape = _RULES[markup]
    places = [
        place
        for place in (*list_places(text), *_list_placeholders(text, markup, printed))
        if not any(start <= place.start < end for start, end in alone)
    ]
    parts, done = [], 0
    for place in sorted(places, key=lambda item: item.start):
        line = text.count("\n", 0, place.start) + 1
        if place.problem:
            filling.refuse(place.key, f"line {line}", place.problem, place.hint, line)
            continue
        value = filling.ask(place.key, f"line {line}", line)
        if value is None or place.start < done:
            continue
        new = escape(" ".join(value.split()))
        filling.places.append(Filled(place.key, place.kind, f"line {line}", line, place.old, new))
        if place.old != new:
            parts += [text[done : place.start], write(place.key, new)]
            done = place.end
    if any(finding.level == "error" for finding in filling.findings):
        return text, filling
    return "".join([*parts, text[done:]]), filling


def escape_markdown(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return _SPECIAL.sub(r"\\\1", text)


def _list_placeholders(text: str, markup: Markup, printed: Printed) -> Iterator[_Place]:
    for match in PLACEHOLDER.finditer(text):
        # Double braces are common in LaTeX, so that there a placeholder must begin as keys do.
        if names_value(match, printed, families_only=markup == "latex"):
            yield _Place(match.group(2), "placeholder", match.start(), match.end(), "")


def _list_markers(text: str) -> Iterator[_Place]:
    closings = list(_CLOSING.finditer(text))
    openings = list(_OPENING.finditer(text))
    used = set()
    for number, opening in enumerate(openings):
        limit = openings[number + 1].start() if number + 1 < len(openings) else len(text)
        closing = next((item for item in closings if opening.end() <= item.start() < limit), None)
        inside = text[opening.end() : closing.start()] if closing else ""
        if closing is None or "\n\n" in inside:
            problem = "the mark has no <!-- /value --> in its paragraph"
            yield _Place(opening.group(1), "marker", *opening.span(), "", problem, "put it behind the value")
        else:
            used.add(closing.start())
            yield _Place(opening.group(1), "marker", opening.start(), closing.end(), inside)
    for closing in closings:
        if closing.start() not in used:
            problem = "no <!-- value: KEY --> belongs to it"
            yield _Place(
                "<!-- /value -->", "marker", *closing.span(), "", problem, "remove it, or put the mark before the value"
            )


def _list_macros(text: str) -> Iterator[_Place]:
    for match in _MACRO.finditer(text):
        end = _find_brace(text, match.end())
        if end is None:
            hint = "close it behind the value"
            yield _Place(match.group(1), "macro", *match.span(), "", "its second brace is never closed", hint)
        else:
            yield _Place(match.group(1), "macro", match.start(), end + 1, text[match.end() + 1 : end])


def _find_brace(text: str, start: int) -> int | None:
    """Return where the brace that opens at `start` is closed."""
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return match.start()
    return None


def _write_marker(key: str, new: str) -> str:
    return f"<!-- value: {key} -->{new}<!-- /value -->"


def _write_macro(key: str, new: str) -> str:
    return f"\\reviewtext{{{key}}}{{{new}}}"


_RULES: dict[Markup, tuple[Callable[[str], Iterator[_Place]], Callable[[str, str], str], Callable[[str], str]]] = {
    "markdown": (_list_markers, _write_marker, escape_markdown),
    "latex": (_list_macros, _write_macro, encode_latex),
}

"""Fonts: which one draws a text, how wide it is, where it may break.

DejaVu Sans ships with matplotlib, so that figures are the same on every machine; it covers Latin, Greek, Cyrillic, Arabic, Hebrew,
Armenian and Georgian. A text with other letters is drawn with an installed font that has them, in a fixed order of preference; letters
that no installed font has are told by `find_missing_characters`, never left out in silence.

All sizes are points (1/72 inch); text is measured on unhinted outlines, so that a measure does not depend on a resolution.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.font_manager import findSystemFonts
from matplotlib.font_manager import fontManager
from matplotlib.font_manager import get_font
from matplotlib.patches import PathPatch
from matplotlib.text import Text
from matplotlib.textpath import TextPath
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D

FAMILY = "DejaVu Sans"

#: Families that are asked first for letters that DejaVu Sans does not have; the others follow by name.
_PREFERRED = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans CJK KR",
    "Noto Sans SC",
    "Noto Sans JP",
    "Noto Sans KR",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans",
    "Yu Gothic",
    "Malgun Gothic",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Noto Sans Bengali",
    "Noto Sans Tamil",
    "Arial Unicode MS",
)

#: Draws a box with the name of the script for every letter: not a font that has the letter.
_PLACEHOLDERS = frozenset({"Last Resort High-Efficiency", "LastResort", "Adobe Blank"})

#: Characters that take no ink, so that no font needs them.
_INKLESS = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})

#: A broken word leaves at least so many letters on a line.
_LEAST_LETTERS = 4

#: What a line may break at; a no-break space is not among them.
_SPACES = re.compile(r"[ \t\r\f\v\u2000-\u2006\u2008-\u200a]+")

#: Breaking after these keeps a long word readable.
_BREAK_AFTER = frozenset("-/‐–—_.,;:")


def choose_families(text: str) -> tuple[str, ...]:
    """Name the font families that draw a text, first choice first; the last is the generic `sans-serif`."""
    return (FAMILY, *_fallbacks(_uncovered(text)), "sans-serif")


def find_missing_characters(text: str) -> tuple[str, ...]:
    """List the characters of a text that no installed font has, sorted, each once."""
    missing = set(_uncovered(text))
    for family in _fallbacks(_uncovered(text)):
        missing -= _covered(family, frozenset(missing))
    return tuple(sorted(missing))


def make_font(text: str, size: float, *, bold: bool = False, italic: bool = False) -> FontProperties:
    """Describe the font that draws a text at a size in points."""
    return FontProperties(
        family=list(choose_families(text)),
        size=size,
        weight="bold" if bold else "normal",
        style="italic" if italic else "normal",
    )


def measure_text(text: str, size: float, *, bold: bool = False, italic: bool = False) -> float:
    """Return the width of one line of text in points."""
    return _unit_width(text, bold, italic) * size


def outline_text(text: Text, figure: Figure) -> PathPatch:
    """Return the outlines of a text that stands on a figure, where it stands, as a shape without any font."""
    font = text.get_fontproperties()
    size = float(text.get_fontsize())
    path = TextPath((0, 0), text.get_text(), size=size, prop=font)
    x, y = text.get_transform().transform(text.get_position()) * 72 / figure.dpi
    width = measure_text(text.get_text(), size, bold=font.get_weight() == "bold", italic=font.get_style() == "italic")
    shares = {"left": 0.0, "center": 0.5, "right": 1.0}
    left, down = -width * shares[str(text.get_horizontalalignment())], 0.0
    if text.get_verticalalignment() == "center":
        down = -size * 0.36
    place = Affine2D().translate(left, down).rotate_deg(text.get_rotation()).translate(x, y).scale(1 / 72)
    return PathPatch(
        path,
        facecolor=text.get_color(),
        edgecolor="none",
        linewidth=0,
        transform=place + figure.dpi_scale_trans,
        zorder=text.get_zorder(),
    )


def wrap_text(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines no wider than `width` points, at spaces, else between letters.

    A text without spaces in a script that is written without them breaks anywhere; marks stay with their letter. A line break
    of the text itself is kept, and a no-break space holds two words together. The result has at least one line. One letter that is wider than `width` stands alone on its line.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(_SPACES.sub(" ", paragraph).strip(" ")):
            trial = line + piece
            if not line or measure_text(trial.rstrip(), size, bold=bold) <= width:
                line = trial
            else:
                lines.append(line.rstrip())
                line = piece
            if measure_text(line.rstrip(), size, bold=bold) > width:
                *full, line = _break_word(line, width, size, bold=bold)
                lines.extend(full)
        lines.append(line.rstrip())
    return lines


@lru_cache(maxsize=8192)
def _unit_width(text: str, bold: bool, italic: bool) -> float:
    missing = find_missing_characters(text)
    drawn = "".join(character for character in text if character not in missing)
    # A letter without a font is drawn as a square of one em.
    squares = float(len(text) - len(drawn))
    if not drawn:
        return squares
    font = make_font(drawn, 1.0, bold=bold, italic=italic)
    width, _, _ = text_to_path.get_text_width_height_descent(drawn, font, ismath=False)
    # The measure is of the ink; spaces at the ends of a piece count as well.
    return float(width) + squares


def _pieces(paragraph: str) -> Iterator[str]:
    """Cut at places where a line may end: after a space, and around letters of scripts written without spaces."""
    piece = ""
    for cluster in _clusters(paragraph):
        if _is_wide(cluster):
            if piece:
                yield piece
            yield cluster
            piece = ""
            continue
        piece += cluster
        if cluster == " ":
            yield piece
            piece = ""
    if piece:
        yield piece


def _break_word(word: str, width: float, size: float, *, bold: bool) -> list[str]:
    lines: list[str] = []
    line = ""
    for cluster in _clusters(word):
        if line and measure_text((line + cluster).rstrip(), size, bold=bold) > width:
            cut = max((line.rfind(mark) for mark in _BREAK_AFTER), default=-1) + 1
            if cut < len(line) // 2:
                cut = len(line)
            lines.append(line[:cut])
            line = line[cut:]
        line += cluster
    return _balance([*lines, line])


def _balance(lines: list[str]) -> list[str]:
    """Let no single letter stand alone on the last line where the one before can spare some."""
    if len(lines) < 2:
        return lines
    before, last = list(_clusters(lines[-2])), list(_clusters(lines[-1].rstrip()))
    short = _LEAST_LETTERS - len(last)
    if short <= 0 or len(before) < 2 * _LEAST_LETTERS or set(before[-short - 1 :]) & _BREAK_AFTER:
        return lines
    return [*lines[:-2], "".join(before[:-short]), "".join(before[-short:]) + lines[-1]]


def _clusters(text: str) -> Iterator[str]:
    """Yield each letter with the marks that belong to it."""
    cluster = ""
    for character in text:
        joins = (
            unicodedata.category(character) in {"Mn", "Mc", "Me"} or character == "\u200d" or cluster.endswith("\u200d")
        )
        if cluster and not joins:
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _is_wide(cluster: str) -> bool:
    return unicodedata.east_asian_width(cluster[0]) in {"W", "F"}


def _uncovered(text: str) -> frozenset[str]:
    if text.isascii():
        return frozenset()
    letters = frozenset(
        character for character in text if not character.isascii() and unicodedata.category(character) not in _INKLESS
    )
    return letters - _covered(FAMILY, letters)


@lru_cache(maxsize=1024)
def _fallbacks(letters: frozenset[str]) -> tuple[str, ...]:
    chosen: list[str] = []
    left = set(letters)
    for family in _candidates():
        if not left:
            break
        found = _covered(family, frozenset(left))
        if found:
            chosen.append(family)
            left -= found
    return tuple(chosen)


@lru_cache(maxsize=1)
def _candidates() -> tuple[str, ...]:
    _notice_new_fonts()
    installed = {entry.name for entry in fontManager.ttflist} - _PLACEHOLDERS - {FAMILY}
    first = [family for family in _PREFERRED if family in installed]
    noto = sorted(family for family in installed if family.startswith("Noto Sans ") and family not in first)
    rest = sorted(installed.difference(first, noto))
    return (*first, *noto, *rest)


def _covered(family: str, letters: frozenset[str]) -> frozenset[str]:
    return frozenset(letter for letter in letters if ord(letter) in _character_map(family))


def _notice_new_fonts() -> None:
    """Add fonts that were installed since matplotlib last listed them; its own list is kept for months."""
    known = {entry.fname for entry in fontManager.ttflist}
    for path in sorted(set(findSystemFonts()) - known):
        # A damaged font file is no reason to fail: the letters are reported missing if no other font has them.
        with contextlib.suppress(OSError, RuntimeError, ValueError, KeyError):
            fontManager.addfont(path)


@lru_cache(maxsize=512)
def _character_map(family: str) -> frozenset[int]:
    path = min(entry.fname for entry in fontManager.ttflist if entry.name == family)
    return frozenset(get_font(path).get_charmap())

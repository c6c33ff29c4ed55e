"""How wide the columns of a printed table are: each by its texts, so that nobody has to drag borders."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from collections.abc import Sequence

from review.reporting.table import Table

#: Mean width of a letter of 9 points, and what the borders of a cell take, in cm.
LETTER_CM, _PADDING_CM = 0.19, 0.45

#: A column is not made wider for longer words, or for longer texts, than this.
_LONGEST_WORD, _LONGEST_TEXT = 18.0, 100.0


def share_width(texts: Sequence[Iterable[str]], room_cm: float) -> list[float]:
    """Give each column room by its longest text; long texts wrap, words do not unless they are very long.

    Args:
        texts: The texts of each column, its title among them.
        room_cm: The width of all columns together.
    """
    columns = [list(column) for column in texts]
    words = [max((count_width(word) for text in column for word in text.split()), default=0.0) for column in columns]
    needs = [_PADDING_CM + LETTER_CM * min(word, _LONGEST_WORD) for word in words]
    wishes = [LETTER_CM * min(max(map(count_width, column), default=0.0), _LONGEST_TEXT) for column in columns]
    left = max(room_cm - sum(needs), 0.0)
    extra = [max(wish - need, 0.05) for wish, need in zip(wishes, needs, strict=True)]
    widths = [need + left * more / sum(extra) for need, more in zip(needs, extra, strict=True)]
    return [width * room_cm / sum(widths) for width in widths]


def list_texts(table: Table, place: int) -> list[str]:
    """List the texts of a column, its title first; headings of rows run over all columns and are left out."""
    return [table.columns[place].title, *(row.cells[place].text for row in table.rows if row.kind != "group")]


def count_width(text: str) -> float:
    """Give the width of a text in letters; those of East Asian scripts are twice as wide."""
    return float(sum(2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1 for character in text))

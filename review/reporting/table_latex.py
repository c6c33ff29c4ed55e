"""Tables in LaTeX, with columns of prose that wrap, wide tables on their side and long ones over several pages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from review.reporting.column_width import LETTER_CM
from review.reporting.column_width import count_width
from review.reporting.column_width import list_texts
from review.reporting.column_width import share_width
from review.reporting.table import PORTRAIT_COLUMNS
from review.reporting.table import Align
from review.reporting.table import Row
from review.reporting.table import Table
from review.reporting.table import letter_note

_PREAMBLE = r"% \usepackage[T1]{fontenc} \usepackage{array,booktabs,longtable,pdflscape}"

#: Room for a table on A4, upright and on its side, less what the columns' gaps take.
_ROOM_CM, _WIDE_ROOM_CM = 15.0, 22.0

#: A table of more rows may break over pages.
_MOST_ROWS = 25

#: A column with longer texts wraps.
_LONGEST_LINE = 24

_COLUMNS: dict[Align, str] = {"left": "l", "right": "r", "center": "c"}
_SETTINGS: dict[Align, str] = {"left": r"\raggedright", "right": r"\raggedleft", "center": r"\centering"}

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    # After the end of a row these would be read as its options.
    "[": "{[}",
    "*": "{*}",
    "≤": r"\ensuremath{\le}",
    "≥": r"\ensuremath{\ge}",
    "²": r"\textsuperscript{2}",
    "τ": r"\ensuremath{\tau}",
    "χ": r"\ensuremath{\chi}",
    "κ": r"\ensuremath{\kappa}",
    "−": r"\ensuremath{-}",
    "⊕": r"\ensuremath{\oplus}",
    "◯": r"\ensuremath{\bigcirc}",
    "\u00a0": "~",
}


def render_latex(table: Table) -> str:
    """Write a table with rules of the package booktabs; the label is `tab:` and the table's key.

    The first line names the packages. Letters of other scripts are left as they are: LuaLaTeX prints them with a font that has them.
    """
    is_wide, is_long = len(table.columns) > PORTRAIT_COLUMNS, len(table.rows) > _MOST_ROWS
    body = _write_long(table, is_wide=is_wide) if is_long else _write_float(table, is_wide=is_wide)
    if is_wide:
        body = [r"\begin{landscape}", *body, r"\end{landscape}"]
    return "\n".join([_PREAMBLE, *body]) + "\n"


def _write_float(table: Table, *, is_wide: bool) -> list[str]:
    return [
        r"\begin{table}[htbp]",
        r"\centering\small",
        *_write_caption(table),
        rf"\begin{{tabular}}{{{_write_columns(table, is_wide=is_wide)}}}",
        r"\toprule",
        rf"{_write_head(table)} \\",
        r"\midrule",
        *_write_rows(table),
        r"\bottomrule",
        r"\end{tabular}",
        *_write_notes(table),
        r"\end{table}",
    ]


def _write_long(table: Table, *, is_wide: bool) -> list[str]:
    caption, label = _write_caption(table)
    head = rf"{_write_head(table)} \\"
    return [
        r"\begingroup\small",
        rf"\begin{{longtable}}{{{_write_columns(table, is_wide=is_wide)}}}",
        rf"{caption}{label}\\",
        r"\toprule",
        head,
        r"\midrule",
        r"\endfirsthead",
        r"\toprule",
        head,
        r"\midrule",
        r"\endhead",
        r"\bottomrule",
        r"\endfoot",
        *_write_rows(table),
        r"\end{longtable}",
        *_write_notes(table),
        r"\endgroup",
    ]


def _write_caption(table: Table) -> tuple[str, str]:
    return rf"\caption{{{_escape(table.caption)}}}", rf"\label{{tab:{table.key}}}"


def _write_columns(table: Table, *, is_wide: bool) -> str:
    texts = [list_texts(table, place) for place in range(len(table.columns))]
    widths = share_width(texts, _WIDE_ROOM_CM if is_wide else _ROOM_CM)
    specs = []
    for column, own, width in zip(table.columns, texts, widths, strict=True):
        longest = max(map(count_width, own))
        if longest <= _LONGEST_LINE and LETTER_CM * longest <= width:
            specs.append(_COLUMNS[column.align])
        else:
            specs.append(rf">{{{_SETTINGS[column.align]}\arraybackslash}}p{{{width:.1f}cm}}")
    return "".join(specs)


def _write_head(table: Table) -> str:
    return " & ".join(_escape(column.title) + _write_marks(column.notes) for column in table.columns)


def _write_rows(table: Table) -> list[str]:
    return [_write_row(row, len(table.columns)) for row in table.rows]


def _write_row(row: Row, width: int) -> str:
    if row.kind == "group":
        return rf"\addlinespace \multicolumn{{{width}}}{{l}}{{\textbf{{{_escape(row.cells[0].text)}}}}} \\"
    texts = [_escape(cell.text) for cell in row.cells]
    if row.kind == "total":
        texts = [rf"\textbf{{{text}}}" if text else "" for text in texts]
    texts = [text + _write_marks(cell.notes) for text, cell in zip(texts, row.cells, strict=True)]
    texts[0] = r"\quad " * row.depth + texts[0]
    start = r"\midrule " if row.kind == "total" else ""
    return f"{start}{' & '.join(texts)} \\\\"


def _write_notes(table: Table) -> list[str]:
    notes = [
        rf"\textsuperscript{{{letter_note(place)}}} {_escape(note)}\par" for place, note in enumerate(table.footnotes)
    ]
    return [r"\par\smallskip{\footnotesize\raggedright", *notes, "}"] if notes else []


def _write_marks(notes: Sequence[int]) -> str:
    return rf"\textsuperscript{{{','.join(letter_note(note) for note in notes)}}}" if notes else ""


def _escape(text: str) -> str:
    printable = "".join(letter if letter.isprintable() or letter == "\u00a0" else " " for letter in text)
    flat = re.sub(" +", " ", printable).strip(" ")
    # Two hyphens in a row would become a dash.
    return "".join(_ESCAPES.get(letter, letter) for letter in flat).replace("--", "-{}-")

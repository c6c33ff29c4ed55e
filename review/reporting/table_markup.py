"""Tables in markup: Markdown, HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from urllib.parse import quote

from review.reporting.table import Cell
from review.reporting.table import Column
from review.reporting.table import Row
from review.reporting.table import Table
from review.reporting.table import letter_note

_SHORT_TEXT, _MEDIUM_TEXT, _LONG_TEXT = 14, 22, 60

_RULES = {"left": ":---", "right": "---:", "center": ":---:"}


def render_markdown(table: Table) -> str:
    """Write a pipe table with its caption above and footnotes below; footnote marks are raised with `<sup>`."""
    head = "| " + " | ".join(_markdown_text(column.title) + _raise(column.notes) for column in table.columns) + " |"
    rule = "| " + " | ".join(_RULES[column.align] for column in table.columns) + " |"
    body = [_markdown_row(row, len(table.columns)) for row in table.rows]
    notes = [f"<sup>{letter_note(place)}</sup> {_markdown_text(note)}  " for place, note in enumerate(table.footnotes)]
    parts = [
        f"**{_markdown_text(table.caption)}**" if table.caption else "",
        "\n".join([head, rule, *body]),
        "\n".join(notes),
    ]
    return "\n\n".join(filter(None, parts)).rstrip(" ") + "\n"


def render_html(table: Table, link: Callable[[str], str] | None = None, *, anchor: str = "") -> str:
    """Write an HTML table: a caption, column headings with a scope, groups as headings of their rows, footnotes in the foot.

    `link` gives the address of what a value is made of by the value's key, empty where there is none; it goes before a cell's own address.
    `anchor` is the table's id where its key is not to be.
    """
    lines = [
        f'<table id="{html.escape(anchor or table.key)}">',
        f"<caption>{html.escape(table.caption)}</caption>",
        "<thead>",
        "<tr>",
    ]
    lines += [
        f'<th scope="col"{_html_class(column)}>{html.escape(column.title)}{_raise(column.notes)}</th>'
        for column in table.columns
    ]
    lines += ["</tr>", "</thead>", "<tbody>"]
    lines += [line for row in table.rows for line in _html_row(row, table.columns, link)]
    lines.append("</tbody>")
    if table.footnotes:
        marks = enumerate(html.escape(note) for note in table.footnotes)
        lines.append("<tfoot>")
        lines += [
            f'<tr><td colspan="{len(table.columns)}"><span class="footnote"><sup>{letter_note(place)}</sup> {note}</span></td></tr>'
            for place, note in marks
        ]
        lines.append("</tfoot>")
    return "\n".join([*lines, "</table>"]) + "\n"


def _markdown_text(text: str) -> str:
    flat = " ".join(text.split())
    return re.sub(r"([\\|*_`<\[\]])", r"\\\1", flat)


def _markdown_row(row: Row, width: int) -> str:
    texts = [_markdown_text(cell.text) for cell in row.cells] + [""] * (width - len(row.cells))
    texts = [
        f"[{text}]({clean_link(cell.link)})" if clean_link(cell.link) and text else text
        for text, cell in _pair(texts, row.cells)
    ]
    if row.kind != "body":
        texts = [f"**{text}**" if text else "" for text in texts]
    texts = [text + _raise(cell.notes) for text, cell in _pair(texts, row.cells)]
    texts[0] = "&emsp;" * row.depth + texts[0]
    return "| " + " | ".join(texts) + " |"


def _pair(texts: Sequence[str], cells: Sequence[Cell]) -> Iterable[tuple[str, Cell]]:
    return zip(texts, [*cells, *[Cell("")] * (len(texts) - len(cells))], strict=True)


def clean_link(link: str) -> str:
    """Give an address that no form misreads; none where it would run code instead of leading somewhere."""
    scheme = link.partition(":")[0].lower() if re.match(r"[^/?#]*:", link) else ""
    return quote(link, safe="/:?#[]@!$&'*+,;=%~") if scheme in {"", "http", "https", "mailto"} else ""


def _raise(notes: Sequence[int]) -> str:
    return f"<sup>{','.join(letter_note(note) for note in notes)}</sup>" if notes else ""


def _html_class(column: Column, text: str = "") -> str:
    """Name how a cell is set: its alignment, and whether no screen should break it (`short`) or it needs room (`medium`, `long`)."""
    names: list[str] = [] if column.align == "left" else [column.align]
    if len(text) > _LONG_TEXT:
        names.append("long")
    elif len(text) > _MEDIUM_TEXT:
        names.append("medium")
    elif text and (column.align == "right" or (len(text) <= _SHORT_TEXT and not any(map(str.isspace, text)))):
        names.append("short")
    return f' class="{" ".join(names)}"' if names else ""


def _html_row(row: Row, columns: Sequence[Column], find_link: Callable[[str], str] | None) -> list[str]:
    if row.kind == "group":
        title = html.escape(row.cells[0].text)
        return ['<tr class="group">', f'<th scope="colgroup" colspan="{len(columns)}">{title}</th>', "</tr>"]
    lines = [f'<tr class="{row.kind}">' if row.kind != "body" else "<tr>"]
    for place, (cell, column) in enumerate(zip(row.cells, columns, strict=True)):
        text = html.escape(cell.text)
        link = (find_link(cell.key) if find_link and cell.key else "") or clean_link(cell.link)
        linked = f'<a href="{html.escape(link)}">{text}</a>' if link else text
        inner = linked + _raise(cell.notes)
        if place == 0:
            indent = f' style="padding-left:{1 + row.depth}em"' if row.depth else ""
            lines.append(f'<th scope="row"{_html_class(column)}{indent}>{inner}</th>')
        else:
            lines.append(f"<td{_html_class(column, cell.text)}>{inner}</td>")
    return [*lines, "</tr>"]

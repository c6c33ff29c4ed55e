"""A document as one HTML page that opens from disk: everything in it, nothing from elsewhere, nothing that runs."""

from __future__ import annotations

import html
from collections.abc import Callable
from collections.abc import Iterable

from review import __version__
from review.reporting.document import CHECKLIST_HEADINGS
from review.reporting.document import Block
from review.reporting.document import Checklist
from review.reporting.document import ChecklistRow
from review.reporting.document import Code
from review.reporting.document import Document
from review.reporting.document import Emphasis
from review.reporting.document import Figure
from review.reporting.document import Items
from review.reporting.document import Link
from review.reporting.document import Listing
from review.reporting.document import Node
from review.reporting.document import Number
from review.reporting.document import Outline
from review.reporting.document import Paragraph
from review.reporting.document import Run
from review.reporting.document import Section
from review.reporting.document import Strong
from review.reporting.document import Terms
from review.reporting.document import list_keys
from review.reporting.document import make_anchor
from review.reporting.document import name_table
from review.reporting.document import name_value
from review.reporting.svg_inline import inline_svg
from review.reporting.table import PORTRAIT_COLUMNS
from review.reporting.table import Table
from review.reporting.table_markup import clean_link
from review.reporting.table_markup import render_html

_DEEPEST_HEADING = 6

#: Characters that HTML does not allow, not even escaped.
_CONTROLS = {code: " " for code in (*range(9), *range(11, 32), *range(127, 160)) if code != 13}


def render_page(document: Document) -> bytes:
    """Write the page. Text of records and people is escaped; a link whose target is not in the document is plain text."""
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("review.reporting"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    writer = _Writer(frozenset(list_keys(document)))
    text = environment.get_template("document.html.j2").render(
        title=document.title,
        version=__version__,
        # The writer escapes every piece of text.
        lead=Markup(writer.write_blocks(document.lead)),  # noqa: S704
        contents=Markup(_write_contents(document.sections)),  # noqa: S704
        body=Markup("\n".join(writer.write_section(section, 2) for section in document.sections)),  # noqa: S704
        foot=Markup(writer.write_runs(document.foot)),  # noqa: S704
    )
    return text.translate(_CONTROLS).encode("utf-8", "replace")


def _write_contents(sections: Iterable[Section], deepest: int = 2) -> str:
    entries = []
    for section in sections:
        below = _write_contents(section.subsections, deepest - 1) if section.subsections and deepest > 1 else ""
        address = html.escape(f"#{make_anchor(section.key)}")
        entries.append(f'<li><a href="{address}">{html.escape(section.title)}</a>{below}</li>')
    return f"<ol>{''.join(entries)}</ol>"


class _Writer:
    """Writes the parts of a document; `keys` are those that can be linked to."""

    def __init__(self, keys: frozenset[str]) -> None:
        self._keys = keys
        self._writers: dict[type, Callable[..., str]] = {
            Paragraph: self._write_paragraph,
            Items: self._write_items,
            Terms: self._write_terms,
            Listing: lambda block: f'<pre tabindex="0">{html.escape(block.text)}</pre>',
            Figure: self._write_figure,
            Checklist: self._write_checklist,
            Outline: lambda block: self._write_nodes(block.nodes),
            Table: self._write_table,
        }

    def write_section(self, section: Section, level: int) -> str:
        heading = min(level, _DEEPEST_HEADING)
        parts = [
            f'<section id="{make_anchor(section.key)}">',
            f"<h{heading}>{html.escape(section.title)}</h{heading}>",
            self.write_blocks(section.blocks),
            *(self.write_section(inner, level + 1) for inner in section.subsections),
            "</section>",
        ]
        return "\n".join(filter(None, parts))

    def write_blocks(self, blocks: Iterable[Block]) -> str:
        return "\n".join(self._writers[type(block)](block) for block in blocks)

    def write_runs(self, runs: Iterable[Run]) -> str:
        return "".join(map(self._write_run, runs))

    def _write_run(self, run: Run) -> str:
        if isinstance(run, str):
            return html.escape(run, quote=False)
        text = html.escape(run.text, quote=False)
        if isinstance(run, Number):
            address = self._find_value(run.key)
            return f'<a class="value" href="{address}">{text}</a>' if address else text
        if isinstance(run, Link):
            address = self._find_target(run.target)
            return f'<a href="{html.escape(address)}">{text}</a>' if address else text
        if isinstance(run, Code):
            return f"<code>{text}</code>"
        if isinstance(run, Emphasis):
            return f"<em>{text}</em>"
        assert isinstance(run, Strong)
        return f"<strong>{text}</strong>"

    def _find_value(self, key: str) -> str:
        name = name_value(key)
        return f"#{make_anchor(name)}" if key and name in self._keys else ""

    def _find_target(self, target: str) -> str:
        if target.startswith("#"):
            return f"#{make_anchor(target[1:])}" if target[1:] in self._keys else ""
        return clean_link(target)

    def _write_paragraph(self, block: Paragraph) -> str:
        kind = "" if block.kind == "text" else f' class="{block.kind}"'
        role = ' role="note"' if block.kind == "warning" else ""
        return f"<p{kind}{role}>{self.write_runs(block.runs)}</p>"

    def _write_items(self, block: Items) -> str:
        name = "ol" if block.is_numbered else "ul"
        return f"<{name}>{''.join(f'<li>{self.write_runs(item)}</li>' for item in block.items)}</{name}>"

    def _write_terms(self, block: Terms) -> str:
        parts = []
        for term in block.terms:
            parts.append(f"<dt>{html.escape(term.name)}</dt>")
            parts += [f"<dd>{self.write_runs(text)}</dd>" for text in term.texts]
        return f"<dl>{''.join(parts)}</dl>"

    def _write_table(self, table: Table) -> str:
        anchor = make_anchor(name_table(table.key))
        is_wide = len(table.columns) > PORTRAIT_COLUMNS
        return _frame(render_html(table, self._find_value, anchor=anchor), table.caption, is_wide=is_wide)

    def _write_figure(self, figure: Figure) -> str:
        anchor = make_anchor(figure.key)
        drawing = inline_svg(figure.svg, anchor, figure.alt, self._find_value)
        caption = f"<figcaption>{html.escape(figure.caption)}</figcaption>" if figure.caption else ""
        name = html.escape(figure.title or figure.caption or "Figure")
        return f'<figure id="{anchor}"><div class="scroll" tabindex="0" role="region" aria-label="{name}">{drawing}</div>{caption}</figure>'

    def _write_checklist(self, block: Checklist) -> str:
        parts = [
            f'<table id="{make_anchor(block.key)}" class="checklist">',
            f"<caption>{html.escape(block.caption)}</caption>",
            "<thead><tr>",
            *(f'<th scope="col">{title}</th>' for title in CHECKLIST_HEADINGS),
            "</tr></thead>",
        ]
        for group in block.groups:
            parts.append("<tbody>")
            if group.title:
                parts.append(f'<tr class="group"><th scope="rowgroup" colspan="4">{html.escape(group.title)}</th></tr>')
            parts += [self._write_checklist_row(row) for row in group.rows]
            parts.append("</tbody>")
        parts.append("</table>")
        source = f'<p class="note">{html.escape(block.source)}</p>' if block.source else ""
        return _frame("\n".join(parts), block.caption) + source

    def _write_checklist_row(self, row: ChecklistRow) -> str:
        state = f'<td class="state-{row.state.replace(" ", "-")}">{row.state}</td>'
        start = f'<th scope="row">{html.escape(row.number)}</th><td>{html.escape(row.label)}</td>'
        return f"<tr>{start}{state}<td>{self.write_runs(row.answer)}</td></tr>"

    def _write_nodes(self, nodes: Iterable[Node]) -> str:
        return f'<ul class="outline">{"".join(f"<li>{self._write_node(node)}</li>" for node in nodes)}</ul>'

    def _write_node(self, node: Node) -> str:
        anchor = f' id="{make_anchor(node.key)}"' if node.key else ""
        text = self.write_runs(node.runs)
        if not node.nodes:
            return f"<span{anchor}>{text}</span>" if anchor else text
        below = self._write_nodes(node.nodes)
        if node.is_folded:
            return f"<details{anchor}><summary>{text}</summary>{below}</details>"
        return f"<div{anchor}>{text}{below}</div>"


def _frame(table: str, name: str, *, is_wide: bool = False) -> str:
    """Let a table wider than the screen scroll by itself, with the keyboard too; a wide one is printed on a page on its side."""
    label = f' aria-label="{html.escape(name)}"' if name else ""
    kind = "scroll wide" if is_wide else "scroll"
    return f'<div class="{kind}" tabindex="0" role="region"{label}>{table}</div>'

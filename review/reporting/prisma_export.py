"""The flow diagram in forms for machines and plain text: JSON, Mermaid."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping

from review.findings import Finding
from review.model import Box
from review.reporting.prisma import Template
from review.reporting.prisma import choose_template
from review.reporting.prisma import describe_key
from review.reporting.prisma import index_boxes
from review.reporting.prisma_nodes import DEFAULT_OPTIONS
from review.reporting.prisma_nodes import FlowOptions
from review.reporting.prisma_nodes import Node
from review.reporting.prisma_nodes import compose_nodes
from review.reporting.prisma_nodes import connect_nodes

_STAGES = {"identification": "Identification", "screening": "Screening", "included": "Included"}


def export_json(
    boxes: Iterable[Box], findings: Iterable[Finding] = (), template: Template | None = None
) -> dict[str, object]:
    """Give the numbers in the form that the command line promises: `template`, `boxes` by key, `findings`.

    Each box has `n`, `unit`, `ids`, and beyond the promise `text` (the official words), `lines` (its parts with their ids) and `reported`.
    """
    indexed = index_boxes(boxes)
    chosen = template or choose_template(indexed.values())
    return {
        "template": chosen.key,
        "boxes": {key: _export_box(box, chosen) for key, box in indexed.items()},
        "findings": [finding.to_json() for finding in findings],
    }


def render_mermaid(
    boxes: Iterable[Box], template: Template | None = None, options: FlowOptions = DEFAULT_OPTIONS
) -> str:
    """Write the diagram as Mermaid flowchart code, for Markdown that renders it."""
    indexed = index_boxes(boxes)
    nodes = compose_nodes(indexed.values(), template, options)
    lines = ["flowchart TB"]
    for stage, title in _STAGES.items():
        lines.append(f"  subgraph {stage}[{title}]")
        lines += [f'    {node.key}["{_escape(node)}"]' for node in nodes if node.stage == stage]
        lines.append("  end")
    lines += [f"  {start} --> {end}" for start, end in connect_nodes(nodes)]
    return "\n".join(lines) + "\n"


def _export_box(box: Box, template: Template) -> Mapping[str, object]:
    return {
        "n": box.n,
        "unit": box.unit,
        "ids": list(box.ids),
        "text": describe_key(box.key, template),
        "lines": [{"label": line.label, "n": line.n, "ids": list(line.ids)} for line in box.lines],
        "reported": box.reported,
    }


def _escape(node: Node) -> str:
    # Mermaid reads `#...;` as a character's name and ends a label at a quotation mark.
    texts = (
        line.text.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
        for line in node.lines
    )
    return "<br>".join(" ".join(text.split()) for text in texts)

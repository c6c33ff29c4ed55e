"""`review extract schema`: what editors check the sheets with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.cli import options
from review.cli import output

if TYPE_CHECKING:
    from review.protocol import Protocol
    from review.workspace import Layout


def run(project: options.Project = None, as_json: options.AsJson = False, quiet: options.Quiet = False) -> None:
    """Write extraction/sheet.schema.json from the protocol, for completion, hover and red lines in editors.

    A sheet that begins with `# yaml-language-server: $schema=../sheet.schema.json` is checked while it is typed.

    Example: review extract schema
    """
    from review.errors import ProjectError
    from review.protocol import read_protocol

    layout = options.find_layout(project)
    protocol, findings = read_protocol(layout.protocol, layout.show(layout.protocol))
    output.tell_findings(findings, quiet=quiet)
    if not protocol.is_usable:
        raise ProjectError(f"{layout.protocol}: cannot be read; see `review check`")
    changed = write_schema(layout, protocol)
    written = layout.show(layout.sheet_schema)
    if as_json:
        output.print_json({"path": written, "changed": changed})
    else:
        output.print_result(written)


def write_schema(layout: Layout, protocol: Protocol) -> bool:
    """Write the schema if it is not what the protocol asks for; return whether it was written."""
    from review.extraction.schema import make_schema
    from review.files import write_atomic

    data = output.format_json(make_schema(protocol))
    path = layout.sheet_schema
    if path.is_file() and path.read_bytes() == data:
        return False
    write_atomic(path, data)
    return True

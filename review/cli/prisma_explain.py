"""`review prisma --explain BOX`: the records, reports, studies or patients behind a number of the flow diagram."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from review.cli import output

if TYPE_CHECKING:
    from review.model import Box
    from review.workspace import Review


def explain_box(name: str, review: Review, boxes: Sequence[Box], *, as_json: bool, quiet: bool) -> None:
    """Print what is behind a number: one id a line, with the document where there is one.

    Args:
        name: The key of a box, or of a part of it by its place: `dbr_excluded.2` is the second reason.
        review: Knows the documents.
        boxes: The numbers of the flow diagram.
        as_json: Print the box as JSON.
        quiet: Leave the remark on the number out.

    Raises:
        UsageError: If the diagram has no such number.
    """
    from review.errors import UsageError
    from review.reporting.listings import describe_record
    from review.reporting.prisma import UNITS
    from review.reporting.prisma import choose_template
    from review.reporting.prisma_export import export_json

    found = {box.key: box for box in boxes}
    template = choose_template(boxes)
    key, _, place = name.partition(".")
    if key not in UNITS or (place and not place.isdigit()):
        raise UsageError(f"there is no box {name!r}; boxes: {', '.join(found)}")
    box = found.get(key)
    if box is None:
        if as_json:
            output.print_json(export_json([], template=template))
        output.tell(f"{key}: this review has no such {UNITS[key]}; the diagram leaves the line out", quiet=quiet)
        return
    ids, n, label = box.ids, box.n, ""
    if place:
        if not 1 <= int(place) <= len(box.lines):
            raise UsageError(f"{key} has {len(box.lines)} parts; there is no part {place}")
        part = box.lines[int(place) - 1]
        ids, n, label = part.ids, part.n, f" ({part.label})"
    if as_json:
        output.print_json(export_json([box], template=template))
        return
    records = {entry.key: entry.record for entry in review.entries}
    records |= {str(report): record for report, record in review.references.items()}
    names = {str(study.id): study.label for study in review.studies.values()}
    for identifier in ids:
        record = records.get(identifier)
        told = describe_record(record) if record else names.get(identifier, "")
        output.print_result(f"{identifier}  {told}" if told else identifier)
    if box.reported and not ids and n:
        previous = review.protocol.previous
        source = f" by {previous.source}" if previous else ""
        output.tell(f"{key}: as reported{source}, or counted from it; it comes without a list", quiet=quiet)
    output.tell(f"{name}{label}: {n} {box.unit}", quiet=quiet)

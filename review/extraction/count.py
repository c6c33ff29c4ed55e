"""One count of a sheet: events of a total, with where it was read."""

from __future__ import annotations

from review.extraction.values import check_source
from review.extraction.values import read_place
from review.fields import Fields
from review.findings import find
from review.model import Count
from review.model import RecordId


def read_count(
    item: Fields, name: str, names: dict[str, RecordId], where: str, *, choice: str = "", arm: str = ""
) -> Count | None:
    """Read `events`, `total`, `definition`, `source` and `note`; None where the two numbers cannot be used (reported).

    Args:
        item: The entry; its other keys have been asked for, and it is closed here.
        name: What is counted.
        names: The records that the sheet names, by their short names.
        where: How findings name the entry: `counts[0]`.
        choice: Of a case field, where its patients are counted.
        arm: Whose patients are counted, empty for all.
    """
    events = item.integer("events", required=True)
    total = item.integer("total", required=True)
    definition = item.text("definition")
    source = read_place(item, names)
    note = item.text("note")
    item.close()
    check_source(source, item, "events")
    if events is None or total is None:
        return None
    if events > total:
        message = f"events {events} > total {total} ({where})"
        place = item.place("events")
        item.findings.append(find("EXTRACT-021", message, place, found=events, expected=f"0..{total}"))
        return None
    if total == 0:
        item.findings.append(
            find("EXTRACT-024", f"total 0 ({where})", item.place("total"), found=0, expected="1 or more")
        )
        return None
    return Count(name, events, total, choice, definition, source, note, item.place("events"), arm)

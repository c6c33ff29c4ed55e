"""The previous version of an updated review: what it had found, and whether the protocol names it rightly."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Sequence

from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.model import RecordId
from review.protocol import Previous
from review.search.entries import Loaded


def find_earlier(previous: Previous | None, runs: Sequence[Loaded]) -> frozenset[tuple[str, RecordId]]:
    """Return the source and id of each record that the previous version's searches had found."""
    names = set(previous.runs) if previous else set()
    return frozenset(
        (loaded.run.source, record.id) for loaded in runs if loaded.run.id in names for record in loaded.records
    )


def check_previous(
    previous: Previous | None, runs: Sequence[Loaded], studies: Collection[str], path: str
) -> Iterator[Finding]:
    """Report the runs and sheets of the previous version that do not exist; `path` is that of the protocol."""
    if previous is None:
        return
    known = [loaded.run.id for loaded in runs]
    for what, key, names, present in (
        ("run", "previous.runs", previous.runs, known),
        ("sheet", "previous.included", previous.included, studies),
    ):
        missing = [name for name in names if name not in present]
        if missing:
            message = f"{key} names {', '.join(missing)}, of which there is no {what}"
            expected = " | ".join(sorted(present)) or f"a {what}"
            yield find("PRISMA-032", message, Origin(path, None, key), found=", ".join(missing), expected=expected)

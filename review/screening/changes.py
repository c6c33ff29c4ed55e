"""Records that changed after somebody decided on them: the log says what was shown, so that a later change is found."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from collections.abc import Iterable

from review.findings import Finding
from review.findings import find
from review.model import Decision
from review.model import Record
from review.model import RecordId

_DIGITS = 12
_SHOWN = re.compile(rf"[0-9a-f]{{{_DIGITS}}}-(?:[0-9a-f]{{{_DIGITS}}}|none)-(?:retracted|current)")


def hash_shown(record: Record) -> str:
    """Return a mark of what a screener is shown: `title-abstract-status`.

    Title and abstract are the first 12 hexadecimal digits of the SHA-256 of their letters and digits in lower case, so that punctuation and
    spaces change nothing; an absent abstract is `none`. The status is `retracted` or `current`.
    """
    abstract = _hash_text(record.abstract) if record.abstract else "none"
    return f"{_hash_text(record.title)}-{abstract}-{'retracted' if record.is_retracted else 'current'}"


def _hash_text(text: str) -> str:
    letters = "".join(letter for letter in text.casefold() if letter.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()[:_DIGITS]


def check_changes(votes: Iterable[Decision], record_of: Callable[[RecordId], Record | None]) -> Iterable[Finding]:
    """Tell of decisions on records that read differently now.

    Args:
        votes: The votes that stand. One without a mark of what was shown is passed over.
        record_of: Gives the record that stands for the report of an id as it is shown now, None for an id that no run holds.
    """
    for vote in votes:
        record = record_of(vote.record)
        if record is None or not _SHOWN.fullmatch(vote.shown):
            continue
        then, now = vote.shown.split("-"), hash_shown(record).split("-")
        who = f"{vote.by} decided {vote.verdict} on {vote.record} at {vote.stage}"
        if then[2] == "current" and now[2] == "retracted":
            yield find("SCREEN-015", f"{who} before it was retracted", vote.origin, ids=(vote.record,))
        elif then[1] == "none" and now[1] != "none":
            yield find("SCREEN-016", f"{who} without the abstract that it has now", vote.origin, ids=(vote.record,))
        elif then != now:
            parts = [
                name for name, old, new in zip(("title", "abstract", "status"), then, now, strict=True) if old != new
            ]
            message = f"{who}, and its {' and '.join(parts)} changed since"
            yield find("SCREEN-017", message, vote.origin, ids=(vote.record,))

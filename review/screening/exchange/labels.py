"""The labels that programs write into an exported reference.

ASReview writes columns (`asreview_label`, or `included` in older versions) or RIS notes (`ASReview_relevant`); Rayyan writes everything into
the notes (`RAYYAN-INCLUSION: {"Ann"=>"Included"} | RAYYAN-EXCLUSION-REASONS: ...`); Covidence exports one list per file, with
`Exclusion reason: ...` in the notes. Our own exports have the columns `decision`, `reason`, `note` and `by`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath

from review.findings import Origin
from review.model import Record
from review.model import Verdict
from review.screening.exchange.ballot import Ballot
from review.screening.exchange.ballot import Mark
from review.screening.log import VERDICTS

_RAYYAN_PARTS = re.compile(r"(RAYYAN-[A-Z-]+|USER-NOTES):\s*(.*?)(?=\s*\|\s*(?:RAYYAN-|USER-NOTES)|$)", re.DOTALL)
_RAYYAN_VOTE = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=>\s*"((?:[^"\\]|\\.)*)"')
_RAYYAN_NOTES = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=>\s*\[(.*?)\]', re.DOTALL)
_RAYYAN_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_RAYYAN_WORDS: dict[str, Verdict] = {"included": "include", "excluded": "exclude", "maybe": "unsure"}
_ASREVIEW_NOTE = re.compile(r"\bASReview_(relevant|irrelevant|not_seen)\b")
_ASREVIEW_COLUMNS = ("asreview_label", "included", "label_included", "label")
_ASREVIEW_WORDS: dict[str, Verdict | None] = {
    "1": "include", "1.0": "include", "true": "include", "relevant": "include",
    "0": "exclude", "0.0": "exclude", "false": "exclude", "irrelevant": "exclude",
    "-1": None, "-1.0": None, "": None, "nan": None, "not_seen": None,
}  # fmt: skip
_COVIDENCE_REASON = re.compile(r"Exclusion reason:\s*(.*?)\s*(?:;|$)", re.IGNORECASE)
#: Words in the names of Covidence's files, one list to a file.
_COVIDENCE_LISTS: tuple[tuple[str, Verdict], ...] = (
    ("irrelevant", "exclude"),
    ("excluded", "exclude"),
    ("included", "include"),
)


def read_ballot(record: Record, path: str, assumed: Verdict | None = None) -> Ballot:
    """Read the labels of a reference, whatever program wrote them.

    Args:
        record: The reference, with the tags that are no fields of a record in `extra`.
        path: The file's name; Covidence names its lists there.
        assumed: What a reference without a label means; for files that hold one list.
    """
    origin = record.origin or Origin(path)
    notes = record.extra.get("note", ())
    try:
        marks = (
            _read_own(record)
            or _read_rayyan(notes)
            or _read_asreview(record, notes)
            or _read_covidence(record, path, notes)
        )
    except ValueError as error:
        return Ballot(record, (), origin, str(error))
    if marks is None:
        marks = (Mark(assumed),) if assumed else ()
    return Ballot(record, marks, origin)


def _cell(record: Record, *names: str) -> str | None:
    """Return the cell of the first of these columns that the table has; None if it has none of them."""
    return next(
        (values[0] if values else "" for name in names if (values := record.extra.get(f"csv:{name}")) is not None), None
    )


def _read_own(record: Record) -> tuple[Mark, ...] | None:
    verdict = _cell(record, "decision")
    if verdict is None:
        return None
    if verdict not in VERDICTS:
        raise ValueError(f"decision is {verdict!r}")
    reason = _cell(record, "reason") or ""
    notes = _cell(record, "screening note") or ""
    return (Mark(verdict, _cell(record, "by") or "", (reason,) if reason else (), notes, _cell(record, "time") or ""),)


def _read_rayyan(notes: Iterable[str]) -> tuple[Mark, ...] | None:
    parts: dict[str, str] = {}
    for note in notes:
        parts |= dict(_RAYYAN_PARTS.findall(note))
    if "RAYYAN-INCLUSION" not in parts:
        return None
    texts = {
        who: "; ".join(_RAYYAN_TEXT.findall(inside))
        for who, inside in _RAYYAN_NOTES.findall(parts.get("USER-NOTES", ""))
    }
    reasons = tuple(reason.strip() for reason in parts.get("RAYYAN-EXCLUSION-REASONS", "").split(",") if reason.strip())
    marks = []
    for who, word in _RAYYAN_VOTE.findall(parts["RAYYAN-INCLUSION"]):
        verdict = _RAYYAN_WORDS.get(word.casefold())
        if verdict is None:
            raise ValueError(f"Rayyan's decision of {who} is {word!r}")
        marks.append(Mark(verdict, who, reasons if verdict == "exclude" else (), texts.get(who, "")))
    return tuple(marks)


def _read_asreview(record: Record, notes: Iterable[str]) -> tuple[Mark, ...] | None:
    word = _cell(record, *_ASREVIEW_COLUMNS)
    if word is None:
        if _cell(record, "asreview_time", "asreview_note", "asreview_prior", "asreview_tags") is not None:
            # An empty label cell is not kept, the columns beside it are.
            return ()
        found = _ASREVIEW_NOTE.search("\n".join(notes))
        if found is None:
            return None
        word = found[1]
    if word.casefold() not in _ASREVIEW_WORDS:
        raise ValueError(f"ASReview's label is {word!r}")
    verdict = _ASREVIEW_WORDS[word.casefold()]
    if verdict is None:
        return ()
    return (Mark(verdict, note=_cell(record, "asreview_note") or "", time=_cell(record, "asreview_time") or ""),)


def _read_covidence(record: Record, path: str, notes: Iterable[str]) -> tuple[Mark, ...] | None:
    if _cell(record, "Covidence #") is None:
        return None
    reasons = tuple(dict.fromkeys(reason for note in notes for reason in _COVIDENCE_REASON.findall(note) if reason))
    if reasons:
        return (Mark("exclude", reasons=reasons),)
    name = PurePath(path).name.casefold()
    listed: Verdict | None = next((verdict for word, verdict in _COVIDENCE_LISTS if word in name), None)
    return (Mark(listed),) if listed else None

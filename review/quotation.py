"""Quotes of a review's sheets against the texts at hand: the entries of its records, and the full texts in its folder."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from review.extraction.attachments import Attachments
from review.extraction.quotes import Attached
from review.extraction.quotes import Checked
from review.extraction.quotes import attach_entry
from review.extraction.quotes import check_quotes
from review.findings import Finding
from review.model import RecordId
from review.model import Study
from review.workspace import Review


def check_texts(review: Review, studies: Iterable[Study] | None = None, folder: Path | None = None) -> Checked:
    """Look the quotes of sheets up; what cannot be read is among the findings.

    Args:
        review: The review.
        studies: The sheets; None for all first sheets.
        folder: Where the full texts are; None for the review's own folder.
    """
    unreadable: list[Finding] = []
    place = folder or review.layout.full_texts
    full_texts = Attachments(place, place.name, unreadable)
    groups = review.grouping.group_of()

    def list_texts(name: RecordId) -> Sequence[Attached]:
        report = review.report_of.get(name)
        if report is None:
            return ()
        members = groups[name].members
        entries = [attach_entry(review.records[member]) for member in members]
        read = full_texts.read(review.references[report], members)
        return [*entries, *(Attached(name, text, is_full=True) for name, text in read)]

    checked = check_quotes(review.studies.values() if studies is None else studies, list_texts)
    return replace(checked, findings=(*unreadable, *checked.findings))

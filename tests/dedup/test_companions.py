"""Different reports that belong together."""

from __future__ import annotations

import pytest

from review.dedup.grouping import group_records
from review.model import Record
from tests.dedup.builder import TITLE
from tests.dedup.builder import article
from tests.dedup.builder import bare


def kind(left: Record, right: Record) -> str | None:
    grouping = group_records([left, right])
    assert len(grouping.groups) == 2
    return grouping.companions[0].kind if grouping.companions else None


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (article("b", f"Erratum: {TITLE}", pages="999"), "erratum-of"),
        (article("b", f"Comment on: {TITLE}", issue="5", pages="500"), "reply-to"),
        (article("b", f"{TITLE}: study protocol", year=2014, volume="41", pages="7-12"), "protocol-of"),
        (article("b", journal="medRxiv", volume="", issue="", pages="", doi="10.1101/2015.01"), "preprint-of"),
        (bare("b", entry_type="register", registrations=("NCT01234567",)), "register-of"),
        (article("b", journal="Conference of rheumatologists", volume="73", issue="Suppl 2", pages="A51", year=2014), "abstract-of"),
        (article("b", doi="10.1234/b", volume="50", year=2019, pages="3-8"), "version-of"),
    ],
)  # fmt: skip
def test_kinds(other: Record, expected: str) -> None:
    assert kind(article(doi="10.1234/a"), other) == expected


def test_reports_of_one_registered_study() -> None:
    report = article(title="Thiosulfate for lumps", registrations=("NCT01234567",))
    assert kind(report, bare("b", entry_type="register", registrations=("NCT01234567",))) == "register-of"


def test_stock_titles_tie_nothing() -> None:
    assert kind(article(title="Editorial", doi="10.1234/a"), article("b", "Editorial", doi="10.1234/b")) is None


def test_other_papers_tie_nothing() -> None:
    assert kind(article(), article("b", "Another matter altogether: a survey of hospitals", pages="900")) is None

"""People's rulings as rows of a file."""

from __future__ import annotations

from review.dedup.rulings import COLUMNS
from review.dedup.rulings import Ruling
from review.dedup.rulings import parse_rulings
from review.dedup.rulings import render_ruling
from review.dedup.rulings import settle_rulings
from review.model import RecordId

HEAD = ",".join(COLUMNS) + "\n"


def test_rows_are_read_and_written_back() -> None:
    ruling = Ruling(RecordId("pubmed:1"), RecordId("doi:10.1234/a,b"), "same", "am", "2026-01-01", 'says "same", twice')
    rulings, findings = parse_rulings(HEAD + render_ruling(ruling), "queries/duplicates.csv")
    assert rulings == [ruling]
    assert findings == []


def test_a_row_that_cannot_be_used_is_a_finding_with_its_line() -> None:
    text = HEAD + "a,b,same,am,2026-01-01,\na,,same,am,,\na,a,same,am,,\na,b,maybe,am,,\n\n"
    rulings, findings = parse_rulings(text, "queries/duplicates.csv")
    assert len(rulings) == 1
    assert [(finding.code, finding.origin.line) for finding in findings if finding.origin] == [
        ("DEDUP-001", 3),
        ("DEDUP-001", 4),
        ("DEDUP-001", 5),
    ]


def test_a_file_without_the_columns_is_one_finding() -> None:
    rulings, findings = parse_rulings("one,two\na,b\n", "queries/duplicates.csv")
    assert rulings == []
    assert [finding.code for finding in findings] == ["DEDUP-001"]


def test_an_empty_file_has_no_rulings() -> None:
    assert parse_rulings("", "queries/duplicates.csv") == ([], [])


def test_a_mark_of_the_encoding_is_not_part_of_the_first_column() -> None:
    assert len(parse_rulings("\ufeff" + HEAD + "a,b,different,am,,\n", "x.csv")[0]) == 1


def test_the_latest_ruling_on_a_pair_stands() -> None:
    first = Ruling(RecordId("a"), RecordId("b"), "same", when="2026-01-01")
    later = Ruling(RecordId("b"), RecordId("a"), "different", when="2026-02-01")
    assert list(settle_rulings([later, first]).values()) == [later]

"""Tables of counts: every way in which one can be wrong has its code and its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.errors import FormatError
from review.findings import count_errors
from review.pooling.counts import parse_counts
from review.pooling.counts import read_counts

GOOD = "study,events,total,design\nAlpha 2001,4,8,series\nBeta 2004,1,1,case\n"


def codes(text: str) -> list[tuple[str, int | None]]:
    return [(f.code, f.origin.line if f.origin else None) for f in parse_counts(text, "counts.csv").findings]


def test_a_good_table_has_no_findings() -> None:
    table = parse_counts(GOOD, "counts.csv")
    assert table.findings == ()
    assert [(row.study, row.events, row.total, row.line) for row in table.rows] == [
        ("Alpha 2001", 4, 8, 2),
        ("Beta 2004", 1, 1, 3),
    ]
    assert table.moderators == ("design",)
    assert table.rows[1].moderators == {"design": "case"}
    assert (table.seen, table.refused) == (2, 0)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        "\ufeff" + GOOD.replace(",", ";").replace("\n", "\r\n"),
        GOOD.rstrip("\n"),
        GOOD.replace("\n", "\n\n"),
        GOOD.replace("4,8", " 4 ,8.0"),
        'events,design,study,total\n4,series,"Alpha 2001",8\n1,case,Beta 2004,1\n',
    ],
)
def test_what_spreadsheets_save_is_read_alike(text: str) -> None:
    table = parse_counts(text, "counts.csv")
    assert table.findings == ()
    assert [(row.study, row.events, row.total) for row in table.rows] == [("Alpha 2001", 4, 8), ("Beta 2004", 1, 1)]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",1,2,x", "POOL-102"),
        ("C,,2,x", "POOL-102"),
        ("C,1,,x", "POOL-102"),
        ("C,1.5,2,x", "POOL-103"),
        ("C,50%,2,x", "POOL-103"),
        ("C,nan,2,x", "POOL-103"),
        ("C,1,inf,x", "POOL-103"),
        ("C,1e0,2,x", "POOL-103"),
        ("C,not reported,2,x", "POOL-103"),
        ("C,1," + "9" * 5000 + ",x", "POOL-103"),
        ("C,-1,2,x", "POOL-104"),
        ("C,0,-2,x", "POOL-104"),
        ("C,3,2,x", "POOL-105"),
        ("C,1,0,x", "POOL-105"),
        ("alpha  2001,1,2,x", "POOL-106"),
        ("C,0,0,x", "POOL-107"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_line(row: str, code: str) -> None:
    table = parse_counts(GOOD + row + "\n", "counts.csv")
    assert [(f.code, f.origin.line) for f in table.findings if f.origin] == [(code, 4)]
    assert len(table.rows) == 2
    assert table.refused == 1
    assert "counts.csv:4" in str(table.findings[0])


def test_all_faults_of_a_row_are_told() -> None:
    assert codes(GOOD + "Alpha 2001,-1,x,y\n") == [("POOL-106", 4), ("POOL-104", 4), ("POOL-103", 4)]


def test_a_blank_moderator_keeps_the_study() -> None:
    table = parse_counts(GOOD + "C,1,2,\n", "counts.csv")
    assert [f.code for f in table.findings] == ["POOL-109"]
    assert table.rows[2].moderators == {}
    assert count_errors(table.findings) == 0


@pytest.mark.parametrize("text", ["study,events,total\n", "study;events;total", "\n\nstudy,events,total\n\n"])
def test_no_rows(text: str) -> None:
    assert [code for code, _ in codes(text)] == ["POOL-101"]


def test_a_column_twice() -> None:
    assert codes("study,events,events,total\nA,1,2,3\n") == [("POOL-100", 1)]


@pytest.mark.parametrize("text", ["", "  \n", "\ufeff", "study,n,total\nA,1,2\n", "A,1,2\n", "{}"])
def test_no_table_at_all_is_an_error(text: str) -> None:
    table = parse_counts(text, "counts.csv")
    assert table.rows == ()
    assert count_errors(table.findings) == 1


def test_a_row_with_a_stray_comma_is_refused_even_if_it_looks_right() -> None:
    table = parse_counts("study,events,total\nSmith, 2, 4, 8\nB,1,2\n", "counts.csv")
    assert [row.study for row in table.rows] == ["B"]
    assert [(f.code, f.origin.line) for f in table.findings if f.origin] == [("PROJECT-023", 2)]


def test_a_row_cut_short_is_refused() -> None:
    table = parse_counts(GOOD + "C,1", "counts.csv")
    assert len(table.rows) == 2
    assert count_errors(table.findings) >= 1


@given(st.text(max_size=200))
def test_any_text_gives_a_table_and_never_an_exception(text: str) -> None:
    table = parse_counts("study,events,total\n" + text, "counts.csv")
    assert all(0 <= row.events <= row.total and row.total >= 1 for row in table.rows)


def test_reading_a_file(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert len(read_counts(path).rows) == 2
    path.write_bytes(b"\x00\x01\x02")
    with pytest.raises(FormatError):
        read_counts(path)
    with pytest.raises(FormatError):
        read_counts(tmp_path / "nothing.csv")

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.rows import parse_rows
from review.rows import read_rows
from review.rows import render_row
from tests.builder import list_codes
from tests.builder import make_rows
from tests.builder import make_snapshot
from tests.builder import show

COLUMNS = ("who", "what")

#: What survives a file: line ends are read as line feeds, and NUL bytes are refused before.
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=12)


def cells(rows):
    return [(row.line, row.cells) for row in rows.rows]


@given(st.lists(st.tuples(CELLS, CELLS).filter(lambda pair: any(cell.strip() for cell in pair)), max_size=6))
def test_rows_come_back_as_they_were_written(pairs):
    text = render_row(COLUMNS) + "".join(render_row(pair) for pair in pairs)
    rows = parse_rows(make_snapshot(text), "f.csv", COLUMNS)
    assert rows.findings == ()
    assert not rows.is_torn
    assert [(row["who"], row["what"]) for row in rows.rows] == pairs


@given(st.lists(st.tuples(CELLS, CELLS).filter(lambda pair: any(cell.strip() for cell in pair)), max_size=6))
def test_each_row_knows_the_line_where_it_starts(pairs):
    rendered = [render_row(pair) for pair in pairs]
    rows = make_rows(render_row(COLUMNS) + "".join(rendered), COLUMNS)
    starts = [2 + sum(text.count("\n") for text in rendered[:number]) for number in range(len(rendered))]
    assert [row.line for row in rows.rows] == starts


@pytest.mark.parametrize(
    "content",
    [
        "who,what\nann,yes\nben,\"a, b\"\n".encode("utf-8-sig"),
        b"who;what\r\nann;yes\r\nben;a, b\r\n",
        b"who\twhat\nann\tyes\nben\ta, b\n",
        b"\n\nwho,what\n\nann,yes\n,\nben,\"a, b\"\n",
        "who,what\nann,yes\nben,\"a, b\"\n".encode("utf-16"),
    ],
)  # fmt: skip
def test_what_spreadsheets_save_is_read(content):
    rows = make_rows(content, COLUMNS)
    assert rows.findings == ()
    assert [row.cells for row in rows.rows] == [{"who": "ann", "what": "yes"}, {"who": "ben", "what": "a, b"}]


def test_columns_may_stand_in_any_order_and_more_are_allowed():
    rows = make_rows("more,what,who\n1,yes,ann\n", COLUMNS)
    assert cells(rows) == [(2, {"more": "1", "what": "yes", "who": "ann"})]
    assert rows.rows[0]["nothing of that name"] == ""


def test_a_file_that_is_empty_is_told():
    assert show(make_rows(" \n", COLUMNS).findings) == [
        "file.csv:1: PROJECT-021 warning: the file is empty; expected who,what"
    ]
    assert "PROJECT-021" not in list_codes(make_rows("who,what\n", COLUMNS).findings)


def test_a_header_without_its_columns_is_told_and_nothing_is_read():
    rows = make_rows("who,that\nann,yes\n", COLUMNS)
    assert show(rows.findings) == ["file.csv:1: PROJECT-022 error: the header lacks what; expected who,what"]
    assert rows.rows == ()
    assert "PROJECT-022" not in list_codes(make_rows("who,what\nann,yes\n", COLUMNS).findings)


@pytest.mark.parametrize("row", ["ann,yes,too many", "ann"])
def test_a_row_with_another_number_of_cells_is_told_and_kept(row):
    rows = make_rows(f"who,what\nben,no\n{row}\nclara,yes\n", COLUMNS)
    assert list_codes(rows.findings) == ["PROJECT-023"]
    assert rows.findings[0].origin.line == 3
    assert [item["who"] for item in rows.rows] == ["ben", "ann", "clara"]


def test_a_quote_that_is_never_closed_is_told_where_it_opens():
    rows = make_rows('who,what\nann,"yes\nben,no\nclara,no\n', COLUMNS)
    assert list_codes(rows.findings) == ["PROJECT-020"]
    assert rows.findings[0].origin.line == 2
    assert "quote" in str(rows.findings[0])


@pytest.fixture(params=[131_072, 10_000_000])
def _limit_of_process(request):
    """The csv module's limit as it is at first, and as another part of the program may have set it."""
    before = csv.field_size_limit(request.param)
    yield
    csv.field_size_limit(before)


@pytest.mark.usefixtures("_limit_of_process")
def test_a_cell_beyond_all_bounds_is_told_with_its_line():
    rows = make_rows(f"who,what\nann,yes\nben,{'x' * 200_000}\n", COLUMNS)
    assert list_codes(rows.findings) == ["PROJECT-020"]
    assert rows.findings[0].origin.line == 3
    assert [row["who"] for row in rows.rows] == ["ann"]


@pytest.mark.usefixtures("_limit_of_process")
def test_one_line_beyond_all_bounds_is_told():
    rows = make_rows("x" * 200_000, COLUMNS)
    assert list_codes(rows.findings) == ["PROJECT-020"]
    assert rows.rows == ()


@pytest.mark.parametrize("last", ["ben", "ben,n", 'ben,"n'])
def test_a_torn_last_line_is_kept_and_marked(last):
    rows = make_rows(f"who,what\nann,yes\n{last}", COLUMNS)
    assert rows.is_torn
    assert [row["who"] for row in rows.rows] == ["ann", "ben"]
    assert rows.findings == ()


def test_letters_that_are_not_utf_8_are_told():
    latin = "who,what\nNarváez,yes\n".encode("latin-1")
    rows = make_rows(latin, COLUMNS)
    assert list_codes(rows.findings) == ["PROJECT-018"]
    assert rows.rows[0]["who"] == "Narváez"
    assert make_rows(latin.decode("latin-1"), COLUMNS).findings == ()


def test_a_csv_file_that_is_not_text_is_a_finding(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"who,what\nann,\x00\n")
    rows = read_rows(path, "shown/x.csv", COLUMNS)
    assert show(rows.findings) == ["shown/x.csv:2: PROJECT-020 error: holds NUL bytes, so it is not text"]
    path.write_bytes(b"who,what\nann,yes\n")
    assert read_rows(path, "shown/x.csv", COLUMNS).findings == ()

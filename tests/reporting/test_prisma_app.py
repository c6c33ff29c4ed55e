"""The PRISMA2020 app's CSV is written as its own template and read back without loss."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from review.errors import FormatError
from review.model import Box
from review.model import BoxLine
from review.reporting.prisma import APP_KEYS
from review.reporting.prisma_app import COLUMNS
from review.reporting.prisma_app import parse_app_csv
from review.reporting.prisma_app import write_app_csv
from tests.reporting.flows import make_new_review
from tests.reporting.flows import make_reported
from tests.reporting.flows import make_updated_review

TEMPLATE = "data,node,box,description,boxtext,tooltips,url,n\n"


def read_cells(text: str) -> dict[str, str]:
    return {row["data"]: row["n"] for row in csv.DictReader(io.StringIO(text))}


def test_the_rows_are_those_of_the_app() -> None:
    text = write_app_csv(make_updated_review().values())
    rows = list(csv.reader(io.StringIO(text)))
    assert tuple(rows[0]) == COLUMNS
    assert all(len(row) == len(COLUMNS) for row in rows)
    cells = read_cells(text)
    assert set(APP_KEYS) | {"database_specific_results", "register_specific_results"} <= set(cells)
    assert cells["database_specific_results"] == "PubMed, 70; Embase, 40"
    assert cells["dbr_excluded"] == "No calcinosis, 4; Review without cases, 2"
    assert cells["total_studies"] == "8"
    assert rows[1][:3] == ["NA", "node4", "prevstud"]
    assert len({row[1] for row in rows[1:] if row[1] != "NA"}) == 23


def test_what_was_not_counted_is_left_empty_so_that_the_app_hides_it() -> None:
    cells = read_cells(write_app_csv(make_new_review().values()))
    assert cells["previous_studies"] == ""
    assert cells["website_results"] == ""
    assert cells["excluded_automatic"] == "0"


@pytest.mark.parametrize("boxes", [make_new_review(), make_updated_review()], ids=["new", "updated"])
def test_numbers_and_parts_come_back(boxes: dict[str, Box]) -> None:
    back, findings = parse_app_csv(write_app_csv(boxes.values()), "prisma.csv")
    assert findings == []
    assert {box.key: (box.n, [line[:2] for line in box.lines]) for box in back} == {
        key: (box.n, [line[:2] for line in box.lines]) for key, box in boxes.items()
    }
    assert all(box.reported for box in back)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(alphabet='abc ,;"é()=0', min_size=1, max_size=12), st.integers(0, 10**6)),
        min_size=1,
        max_size=4,
    )
)
def test_any_reason_comes_back(parts: list[tuple[str, int]]) -> None:
    lines = tuple(BoxLine(label.strip() or "x", n) for label, n in parts)
    box = Box("dbr_excluded", sum(line.n for line in lines), "reports", lines=lines, reported=True)
    back, findings = parse_app_csv(write_app_csv([box]), "prisma.csv")
    assert findings == []
    assert back == [box]


def test_a_comma_in_a_reason_does_not_cut_it_in_the_app() -> None:
    box = Box("dbr_excluded", 2, "reports", lines=(BoxLine("Review, no cases; none", 2),), reported=True)
    cell = read_cells(write_app_csv([box]))["dbr_excluded"]
    assert cell.count(",") == 1
    assert ";" not in cell


def test_the_empty_template_of_the_app_is_no_error() -> None:
    text = (
        TEMPLATE
        + 'database_specific_results,NA,box2,d,t,NA,u,"Database 1, xxx; Database 2, xxx"\nduplicates,node8,box3,d,t,NA,u,NA\n'
    )
    assert parse_app_csv(text, "x.csv") == ([], [])


@pytest.mark.parametrize("cell", ["10 (k = 5)", "-5", "5.5", "many", "１２"])
def test_a_cell_that_the_app_would_misread_is_refused(cell: str) -> None:
    boxes, findings = parse_app_csv(f'{TEMPLATE}duplicates,node8,box3,d,t,NA,u,"{cell}"\n', "x.csv")
    assert boxes == []
    assert [(finding.code, str(finding.origin)) for finding in findings] == [("PRISMA-041", "x.csv:2")]
    assert findings[0].found == cell


def test_a_reason_without_a_number_is_told_and_the_others_are_kept() -> None:
    boxes, findings = parse_app_csv(f'{TEMPLATE}dbr_excluded,n,b,d,t,NA,u,"Good, 1,234; Bad, few; Worse"\n', "x.csv")
    assert boxes[0].lines == (BoxLine("Good", 1234),)
    assert [finding.found for finding in findings] == ["Bad, few", "Worse"]


def test_a_number_may_have_a_thousands_mark() -> None:
    boxes, findings = parse_app_csv(
        f'\ufeff{TEMPLATE}records_screened,n,b,d,t,NA,u,"20,788"\ndbr_excluded,n,b,d,t,NA,u,7\n', "x.csv"
    )
    assert ([(box.key, box.n) for box in boxes], findings) == ([("records_screened", 20788), ("dbr_excluded", 7)], [])


def test_unknown_and_repeated_rows_are_told() -> None:
    text = TEMPLATE + "wrong_key,n,b,d,t,NA,u,1\nduplicates,n,b,d,t,NA,u,1\nduplicates,n,b,d,t,NA,u,2\n"
    boxes, findings = parse_app_csv(text, "x.csv")
    assert [box.n for box in boxes] == [1]
    assert [finding.code for finding in findings] == ["PRISMA-042", "PRISMA-043"]
    assert "line 3" in findings[1].message


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "data;n\nduplicates;3\n"])
def test_another_csv_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(FormatError, match=r"x\.csv:1: not a CSV of the PRISMA2020 app"):
        parse_app_csv(text, "x.csv")


def test_extra_numbers_are_not_written() -> None:
    assert "new_cases" not in read_cells(write_app_csv(make_reported(new_cases=3, new_studies=1).values()))


def read_as_the_app_does(cell: str) -> list[tuple[str, str]]:
    """Split a cell by the app's own rules: at every semicolon, the label up to the first comma, digits and commas after it."""
    parts = re.split(r";\s?", cell)
    return [(re.sub(r",.*$", "", part), re.sub(r".*?,([ 0-9,]*)|.*()", r"\1", part).strip()) for part in parts]


def test_the_app_reads_what_was_written() -> None:
    lines = (BoxLine("Review, no cases; none", 12345), BoxLine("Wrong drug", 3))
    box = Box("dbr_excluded", 12348, "reports", lines=lines, reported=True)
    assert read_as_the_app_does(read_cells(write_app_csv([box]))["dbr_excluded"]) == [
        ("Review\u201a no cases\uff1b none", "12345"),
        ("Wrong drug", "3"),
    ]

"""One table, the same numbers in every form."""

from __future__ import annotations

import csv
import io

import pytest
from lxml import etree

from review.reporting.table import Cell
from review.reporting.table import Column
from review.reporting.table import Table
from review.reporting.table import letter_note
from review.reporting.table import make_group
from review.reporting.table import make_row
from review.reporting.table import render_csv
from review.reporting.table_markup import render_html
from review.reporting.table_markup import render_markdown

COLUMNS = (
    Column("study", "Study"),
    Column("events", "Events", "right"),
    Column("result", "Result (95% CI)", "right", (1,)),
)


def make_table(*rows: object, footnotes: tuple[str, ...] = ("By its own definition.", "Clopper-Pearson.")) -> Table:
    return Table("improved", "Improved & better, by study.", COLUMNS, tuple(rows), footnotes)  # type: ignore[arg-type]


TABLE = make_table(
    make_group("Reported in full"),
    make_row(Cell("Series_1 <2014> | x", link="studies.html#s1", notes=(0,)), 4, Cell("4/8 (50.0%)", 0.5)),
    make_row("=SUM(A1) of 皮膚", 1234, "-0.3", depth=1),
    make_row("Together", 9, Cell("9/19 (47.4%)", 9 / 19), kind="total"),
)


def test_csv_is_data_with_the_group_in_a_column() -> None:
    rows = list(csv.reader(io.StringIO(render_csv(TABLE))))
    assert rows == [
        ["group", "Study", "Events", "Result (95% CI)"],
        ["Reported in full", "Series_1 <2014> | x", "4", "4/8 (50.0%)"],
        ["Reported in full", "'=SUM(A1) of 皮膚", "1,234", "-0.3"],
        ["Reported in full", "Together", "9", "9/19 (47.4%)"],
    ]


def test_raw_csv_has_the_numbers_in_full() -> None:
    rows = list(csv.DictReader(io.StringIO(render_csv(TABLE, raw=True))))
    assert [row["events"] for row in rows] == ["4", "1234", "9"]
    assert float(rows[2]["result"]) == 9 / 19


def test_markdown_escapes_and_marks() -> None:
    assert render_markdown(TABLE) == (
        "**Improved & better, by study.**\n\n"
        "| Study | Events | Result (95% CI)<sup>b</sup> |\n"
        "| :--- | ---: | ---: |\n"
        "| **Reported in full** |  |  |\n"
        "| [Series\\_1 \\<2014> \\| x](studies.html#s1)<sup>a</sup> | 4 | 4/8 (50.0%) |\n"
        "| &emsp;=SUM(A1) of 皮膚 | 1,234 | -0.3 |\n"
        "| **Together** | **9** | **9/19 (47.4%)** |\n\n"
        "<sup>a</sup> By its own definition.  \n"
        "<sup>b</sup> Clopper-Pearson.\n"
    )


def test_html_is_well_formed_and_accessible() -> None:
    root = etree.fromstring(render_html(TABLE))
    assert root.get("id") == "improved"
    assert root.findtext("caption") == "Improved & better, by study."
    assert [cell.get("scope") for cell in root.iterfind("thead/tr/th")] == ["col"] * 3
    assert root.find("tbody/tr[1]/th").get("colspan") == "3"  # type: ignore[union-attr]
    assert root.find("tbody/tr[2]/th/a").text == "Series_1 <2014> | x"  # type: ignore[union-attr]
    assert root.find("tbody/tr[4]").get("class") == "total"  # type: ignore[union-attr]
    assert "Clopper-Pearson." in etree.tostring(root.find("tfoot"), encoding="unicode")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://doi.org/10.1/a(b)?x=1&y", "https://doi.org/10.1/a%28b%29?x=1&y"),
        ("report.html#a b", "report.html#a%20b"),
        ("javascript:alert(1)", None),
        (" JavaScript:alert(1)", None),
    ],
)
def test_links_lead_somewhere_and_run_nothing(link: str, expected: str | None) -> None:
    table = make_table(make_row(Cell("x", link=link), 1, "y"))
    anchor = etree.fromstring(render_html(table)).find("tbody/tr/th/a")
    assert (None if anchor is None else anchor.get("href")) == expected
    assert (f"[x]({expected})" in render_markdown(table)) == (expected is not None)


def test_an_empty_table_has_its_head() -> None:
    empty = make_table(footnotes=("", ""))
    assert render_csv(empty) == "Study,Events,Result (95% CI)\n"
    assert "| Study |" in render_markdown(empty)
    assert etree.fromstring(render_html(empty)).findall("tbody/tr") == []


@pytest.mark.parametrize(
    ("rows", "footnotes", "message"),
    [
        ((make_row("a", "b"),), ("", ""), "2 cells in a body row, expected 3"),
        ((make_row("a", "b", "c", kind="group"),), ("", ""), "expected 1"),
        ((make_row(Cell("a", notes=(2,)), "b", "c"),), ("", ""), "footnotes"),
        ((), (), "footnotes"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(
    rows: tuple[object, ...], footnotes: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        make_table(*rows, footnotes=footnotes)


def test_columns_have_keys_of_their_own() -> None:
    with pytest.raises(ValueError, match="keys of their own"):
        Table("t", "", (Column("a", "A"), Column("a", "B")), ())


@pytest.mark.parametrize(("position", "mark"), [(0, "a"), (25, "z"), (26, "aa"), (701, "zz"), (702, "aaa")])
def test_footnotes_have_letters(position: int, mark: str) -> None:
    assert letter_note(position) == mark

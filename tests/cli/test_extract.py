"""`review extract` and the verbs below it."""

from __future__ import annotations

import json

import pytest

from tests.builder import ADAMS
from tests.builder import BAKER
from tests.builder import CLARK


def test_a_new_sheet_for_the_included_report_of_that_name(review_command, made):
    made.remove("extraction/studies/baker-2012.yaml")
    called = review_command("extract", "new", "baker-2012", "--json")
    assert called.code == 0
    assert called.json == {"path": "extraction/studies/baker-2012.yaml", "study": "baker-2012", "records": [BAKER]}
    text = (made.root / "extraction/studies/baker-2012.yaml").read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=../sheet.schema.json\n")
    assert "label: Baker 2012\n" in text
    review = made.open()
    assert set(review.studies) == {"adams-2010", "baker-2012"}
    assert {finding.code for finding in review.findings if finding.code.startswith("EXTRACT")} == {"EXTRACT-045"}
    assert json.loads((made.root / "extraction/sheet.schema.json").read_text("utf-8"))["required"]


def test_a_new_sheet_for_named_reports(review_command, made):
    called = review_command("extract", "new", "other", "--record", CLARK, "--record", BAKER, "--cases", 2)
    assert (called.code, called.out) == (0, "extraction/studies/other.yaml\n")
    assert "Fill it in, then run `review extract check other`." in called.err
    (main, companion) = made.open().studies["other"].reports
    assert [(main.record, main.role), (companion.record, companion.role)] == [(CLARK, "main"), (BAKER, "companion")]


def test_a_second_sheet_takes_the_report_of_the_first(review_command, made):
    called = review_command("extract", "new", "adams-2010", "--second", "--json")
    assert called.json == {"path": "extraction/second/adams-2010.yaml", "study": "adams-2010", "records": [ADAMS]}
    assert len(made.open().studies) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["adams-2010", "--record", ADAMS], "extraction/studies/adams-2010.yaml is there already; nothing was written"),
        (["../x"], "'../x' cannot be a study's id"),
        (["Smith 2014"], "cannot be a study's id"),
        (["doe-1999"], "name the report of doe-1999 with --record ID; included and without a sheet: none"),
        (["doe-1999", "--record", "pubmed:1"], "no run holds pubmed:1"),
    ],
)
def test_what_cannot_become_a_sheet(review_command, made, words, told):
    before = made.hash_files()
    called = review_command("extract", "new", *words)
    assert called.code == 2
    assert told in called.err
    assert made.hash_files() == before


def test_the_schema_follows_the_protocol(review_command, made):
    assert review_command("extract", "schema", "--json").json == {
        "path": "extraction/sheet.schema.json",
        "changed": True,
    }
    assert review_command("extract", "schema", "--json").json["changed"] is False
    made.change("protocol.yaml", "  site: {label: Site, type: text}\n", "  place: {label: Site, type: text}\n")
    assert review_command("extract", "schema").out == "extraction/sheet.schema.json\n"
    schema = json.loads((made.root / "extraction/sheet.schema.json").read_text("utf-8"))
    assert "place" in schema["properties"]["cases"]["items"]["properties"]


def test_no_schema_without_a_protocol_that_can_be_read(review_command, made):
    made.write("protocol.yaml", "a: [\n")
    called = review_command("extract", "schema")
    assert called.code == 2
    assert "cannot be read; see `review check`" in called.err


def test_sheets_are_checked_and_their_quotes_looked_up(review_command, made):
    called = review_command("extract", "check", "--json")
    assert called.code == 0
    assert {key: called.json[key] for key in ("sheets", "cases", "quotes")} == {
        "sheets": 2, "cases": 2, "quotes": {"found": 0, "missing": 0, "unread": 1},
    }  # fmt: skip
    assert called.json["findings"] == []
    made.write("pdfs/doi-10-5555-adams-2010.txt", "Calcinosis rose by half.\n")
    called = review_command("extract", "check", "adams-2010")
    assert called.code == 0
    assert called.out.startswith(
        'extraction/studies/adams-2010.yaml:13: EXTRACT-050 warning: the words "fell by half" do not stand in the full text of '
    )
    assert 'nearest: "rose by half."' in called.out
    assert "1 sheets, 2 cases, 1 findings; quotes: 0 found, 1 not found, 0 without a text to look in" in called.err
    made.write("pdfs/doi-10-5555-adams-2010.txt", "Calcinosis fell by\nhalf.\n")
    assert review_command("extract", "check", "--json").json["quotes"]["found"] == 1


def test_a_full_text_that_cannot_be_read_is_told(review_command, made):
    made.write("pdfs/doi-10-5555-adams-2010.pdf", b"no PDF")
    called = review_command("extract", "check", "--json")
    assert [finding["code"] for finding in called.json["findings"]] == ["EXTRACT-052"]
    assert called.json["quotes"]["unread"] == 1


def test_an_error_in_a_sheet_ends_with_1(review_command, made):
    made.change("extraction/studies/adams-2010.yaml", "value: 54", "value: 540")
    assert review_command("extract", "check", "baker-2012").code == 0
    called = review_command("extract", "check", "adams-2010")
    assert called.code == 1
    assert "EXTRACT-016" in called.out


def test_a_sheet_that_is_not_there_cannot_be_checked(review_command, made):
    called = review_command("extract", "check", "doe-1999")
    assert called.code == 2
    assert "there is no sheet of doe-1999; sheets: adams-2010, baker-2012" in called.err


def add_second(made, *changes):
    text = (made.root / "extraction/studies/adams-2010.yaml").read_text("utf-8")
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    made.write("extraction/second/adams-2010.yaml", text)


def test_two_extractors_are_compared_and_a_difference_settled(review_command, made):
    add_second(made, ("value: 54, source: paper", "value: 45, source: {record: paper, place: Table 1, words: aged 45}"))
    called = review_command("extract", "compare", "--json")
    assert called.code == 0
    (difference,) = called.json["differences"]
    assert (difference["item"], difference["first"]["value"], difference["second"]["value"]) == (
        "adams-2010-1.age_years",
        "54",
        "45",
    )
    assert difference["second"]["source"]["words"] == "aged 45"
    assert [finding["code"] for finding in called.json["findings"]] == ["EXTRACT-055"]
    assert called.json["text"].startswith(
        "Two people extracted 1 of 2 studies independently; they agreed on 7 of 8 values"
    )
    printed = review_command("extract", "compare", "adams-2010").out
    assert f'  second: 45 <- {ADAMS}, Table 1 "aged 45"\n' in printed
    called = review_command(
        "extract",
        "compare",
        "adams-2010",
        "--settle",
        "adams-2010-1.age_years",
        "second",
        "--why",
        "Table 1",
        "--by",
        "ann",
    )
    assert called.code == 1
    assert "EXTRACT-056 error" in called.err
    made.change("extraction/studies/adams-2010.yaml", "value: 54", "value: 45")
    called = review_command("extract", "compare", "adams-2010", "--json")
    assert (called.code, called.json["findings"]) == (0, [])
    assert "agreed on 7 of 8 values" in called.json["text"]
    row = (made.root / "extraction/settled.csv").read_text("utf-8").splitlines()[1]
    assert row.partition(",")[2] == "ann,adams-2010,adams-2010-1.age_years,54,45,45,Table 1"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["doe-1999"], "there is no extraction/studies/doe-1999.yaml"),
        (
            ["baker-2012"],
            "there is no extraction/second/baker-2012.yaml; `review extract new baker-2012 --second` writes",
        ),
        (["--settle", "a", "b"], "name one study with --settle"),
        (["adams-2010", "--settle", "a", "b"], "neither sheet has 'a'; items that differ: adams-2010-1.age_years"),
    ],
)
def test_what_cannot_be_compared(review_command, made, words, told):
    add_second(made, ("value: 54", "value: 45"))
    called = review_command("extract", "compare", *words)
    assert called.code == 2
    assert told in called.err


def test_nothing_to_compare(review_command, made):
    assert "there is no sheet in extraction/second" in review_command("extract", "compare").err


def test_the_patients_are_described(review_command, made):
    called = review_command("extract", "describe")
    assert called.code == 0
    assert called.out.splitlines()[:3] == [
        "Adams 2010: 2 cases",
        "  Age (years): mean 54, median 54 (IQR 54 to 54), range 54 to 54; 1 of 2 patients",
        "  Sex: female 1/1 (100.0%), male 0/1 (0.0%); 1 of 2 patients",
    ]
    assert called.err == "IQR: quantiles of type 7.\n"
    groups = review_command("extract", "describe", "--json").json["groups"]
    assert [group["label"] for group in groups] == ["Adams 2010", "Baker 2012", "All cases"]


def test_the_responders_to_each_agent_follow(review_command, made):
    protocol = made.root / "protocol.yaml"
    made.write("protocol.yaml", protocol.read_text("utf-8") + "treatments: {agents: [colchicine, diltiazem]}\n")
    sheet = made.root / "extraction/studies/baker-2012.yaml"
    totals = "treatments: [{agent: colchicine, events: 1, total: 3, source: paper}]\n"
    made.write("extraction/studies/baker-2012.yaml", sheet.read_text("utf-8") + totals)
    called = review_command("extract", "describe")
    assert called.out.splitlines()[-1] == "colchicine: 1/3 responded (Baker 2012)"
    assert review_command("extract", "describe", "--json").json["treatments"] == [
        {"agent": "colchicine", "events": 1, "total": 3, "unknown": 0, "studies": ["baker-2012"], "shared": []}
    ]


def test_cases_go_out_as_a_table_and_come_back_as_a_sheet(review_command, made, tmp_path):
    table = tmp_path / "cases.csv"
    called = review_command("extract", "export", "adams-2010", "--output", table, "--json")
    assert called.json == {"studies": 1, "cases": 2, "files": [str(table)]}
    before = [(case.id, dict(case.fields).keys()) for case in made.open().studies["adams-2010"].cases]
    made.remove("extraction/studies/adams-2010.yaml")
    called = review_command("extract", "import", table, "adams-2010", "--json")
    assert (called.code, called.json["path"], called.json["cases"]) == (0, "extraction/studies/adams-2010.yaml", 2)
    after = made.open().studies["adams-2010"]
    assert [(case.id, dict(case.fields).keys()) for case in after.cases] == before
    assert after.cases[0].outcomes["response"].source.words == "fell by half"
    again = review_command("extract", "import", table, "adams-2010", "--record", ADAMS)
    assert (again.code, "is there already; nothing was written" in again.err) == (2, True)


def test_a_long_table_comes_with_its_dictionary(review_command, made, tmp_path):
    review_command("extract", "export", "--long", "--output", tmp_path / "long.csv")
    assert (tmp_path / "long-dictionary.csv").read_text("utf-8").startswith("variable,kind,label")
    assert review_command("extract", "export", "--long").out.startswith("study,case,variable")
    assert review_command("extract", "export", "doe-1999").code == 2


def test_a_table_with_slips_is_taken_and_told(review_command, made, tmp_path):
    table = tmp_path / "cases.csv"
    table.write_text("case;age_years;shoe\nx1;540;7\n", "utf-8")
    called = review_command("extract", "import", table, "clark-2014", "--record", CLARK, "--json")
    assert called.code == 1
    assert {finding["code"] for finding in called.json["findings"]} == {"EXTRACT-016", "EXTRACT-065"}
    table.write_text("case\n", "utf-8")
    called = review_command("extract", "import", table, "doe-1999", "--record", CLARK)
    assert (called.code, "has no case of doe-1999; nothing was written" in called.err) == (2, True)
    assert review_command("extract", "import", table, "Doe 1999").code == 2


def test_cases_go_to_excel_and_back(review_command, made, tmp_path):
    book = tmp_path / "cases.xlsx"
    assert review_command("extract", "export", "--output", book, "--json").json["files"] == [str(book)]
    before = book.read_bytes()
    review_command("extract", "export", "--output", book)
    assert book.read_bytes() == before
    sheet = (made.root / "extraction/studies/adams-2010.yaml").read_text("utf-8")
    made.remove("extraction/studies/adams-2010.yaml")
    called = review_command("extract", "import", book, "adams-2010", "--record", ADAMS)
    assert (called.code, called.out) == (0, "extraction/studies/adams-2010.yaml: 2 cases\n")
    cases = made.open().studies["adams-2010"].cases
    assert (cases[0].fields["age_years"].value, cases[1].fields["sex"].missing) == ("54", "not reported")
    assert "words: fell by half" in sheet
    assert cases[0].outcomes["response"].source.words == "fell by half"
    for words, told in (
        (["export", "--long", "--output", book], "name a .csv file"),
        (["import", book, "doe-1999", "--sheet", "none"], "there is no sheet none"),
        (["import", made.root / "protocol.yaml", "doe-1999", "--sheet", "x"], "--sheet is for workbooks"),
    ):
        called = review_command("extract", *words)
        assert (called.code, told in called.err) == (2, True)

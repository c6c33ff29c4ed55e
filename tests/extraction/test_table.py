from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from review.extraction.sheet import parse_sheet
from review.extraction.table import DICTIONARY
from review.extraction.table import LONG
from review.extraction.table import render_cases
from review.extraction.table import render_dictionary
from review.extraction.table import render_long
from review.extraction.table import render_wide
from review.marked import parse_marked
from tests.builder import list_codes
from tests.builder import make_protocol
from tests.builder import make_rows
from tests.extraction import typed
from tests.extraction.test_derive import PROTOCOL as RULED
from tests.extraction.test_derive import SHEET as RULED_SHEET

PROTOCOL = make_protocol()
HEAD = "format: 1\nstudy: s\nreports: [{record: pubmed:1, name: p}]\n"
SHEET = (
    HEAD
    + """\
cases:
  - case: s-1
    age_years: {value: 54, op: "<", source: {record: pubmed:1, place: "Table 1, row 2", words: '-5 to "54"'}, note: from a graph}
    sex: female
    site: '=1+1 # hands: both'
    outcomes: {response: {value: yes, source: {record: pubmed:1}}}
  - case: s-2
    same_as: other-1
    age_years: not reported
    onset: 2001-05
"""
)


def parse(text, protocol=PROTOCOL):
    return parse_sheet(parse_marked(text, "s.yaml"), protocol)


def list_rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def strip(case):
    """A case without the lines that it was read from."""
    values = [*case.fields.items(), *case.outcomes.items()]
    return (case.id, case.same_as, [(name, o.value, o.missing, o.op, o.source, o.note) for name, o in values])


def come_back(study, protocol=PROTOCOL):
    rows = make_rows(render_wide([study], protocol), ("case",), "cases.csv")
    text, count, findings = render_cases(rows, protocol, study.id)
    assert (count, findings) == (len(study.cases), [])
    again, _ = parse(HEAD + text, protocol)
    return again


def test_a_wide_table_has_one_row_per_case():
    first, second = list_rows(render_wide([parse(SHEET)[0]], PROTOCOL))
    assert (first["study"], first["case"], first["age_years"], first["sex"], first["outcome:response"]) == (
        "s", "s-1", "< 54", "female", "yes",
    )  # fmt: skip
    assert (first["age_years:place"], first["age_years:words"], first["age_years:note"]) == (
        "Table 1, row 2",
        '\'-5 to "54"',
        "from a graph",
    )
    assert (second["same_as"], second["age_years"], second["sex"], second["onset"]) == (
        "other-1",
        "not reported",
        "",
        "2001-05",
    )
    assert first["site"] == "'=1+1 # hands: both"
    assert "sex:record" not in first


def test_cases_come_back_from_a_table():
    study, _ = parse(SHEET)
    assert [strip(case) for case in come_back(study).cases] == [strip(case) for case in study.cases]
    ruled, _ = parse(RULED_SHEET, make_protocol(RULED))
    again = come_back(ruled, make_protocol(RULED))
    assert [case.derived.get("response") is None for case in again.cases] == [
        case.derived.get("response") is None for case in ruled.cases
    ]


@given(st.lists(st.tuples(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1), st.sampled_from(["", "<", "~"])), min_size=1, max_size=4))  # fmt: skip
def test_any_text_comes_back_from_a_table(texts):
    from review.extraction.template import quote_text

    body = "".join(
        f"  - {{case: c{n}, site: {quote_text(text)}}}\n" for n, (text, _) in enumerate(texts) if " ".join(text.split())
    )
    if not body:
        return
    study, _ = parse(f"{HEAD}cases:\n{body}")
    assert [strip(case) for case in come_back(study).cases] == [strip(case) for case in study.cases]


def test_what_a_table_has_too_much_or_too_little_is_told():
    text = "study,case,age_years,height\ns,c1,54,180\ns,,55,181\nother,c9,1,2\n"
    yaml, count, findings = render_cases(make_rows(text, ("case",), "t.csv"), PROTOCOL, "s")
    assert (yaml, count) == ("cases:\n  - case: c1\n    age_years: 54\n", 1)
    assert list_codes(findings) == ["EXTRACT-065", "EXTRACT-065"]
    assert [finding.origin.line for finding in findings] == [1, 3]
    assert render_cases(make_rows("case,sex\n", ("case",), "t.csv"), PROTOCOL, "s") == ("", 0, [])


def test_the_long_table_tells_reported_from_derived():
    rows = list_rows(render_long([parse(RULED_SHEET, make_protocol(RULED))[0]], make_protocol(RULED)))
    assert tuple(rows[0]) == LONG
    of_case = [(row["variable"], row["kind"], row["value"], row["unit"]) for row in rows if row["case"] == "both-agree"]
    assert of_case == [
        ("vas_change", "field", "-60", "percent"),
        ("followup", "field", "24", "months"),
        ("ulcer", "field", "no", ""),
        ("response", "reported", "yes", ""),
        ("response", "derived", "yes", ""),
        ("lasting", "derived", "yes", ""),
    ]
    assert {(row["value"], row["missing"]) for row in rows if row["case"] == "nothing"} == {("", "not reported")}


def test_the_dictionary_names_every_variable():
    rows = list_rows(render_dictionary(make_protocol(RULED)))
    assert tuple(rows[0]) == DICTIONARY
    assert [(row["variable"], row["kind"]) for row in rows] == [
        ("vas_change", "field"), ("followup", "field"), ("ulcer", "field"), ("onset", "field"),
        ("response", "reported"), ("response", "derived"), ("lasting", "reported"), ("lasting", "derived"),
    ]  # fmt: skip
    assert rows[5]["definition"] == "vas_change <= -50 and not ulcer"


TYPED = make_protocol(typed.PROTOCOL)


def test_arms_and_outcomes_of_every_type_come_back_from_a_wide_table():
    study, _ = typed.read_sheet()
    text = render_wide([study], TYPED)
    first, second, third = list_rows(text)
    assert (first["arm"], first["outcome:flares"], first["outcome:flares:exposure"]) == ("high", "1", "24")
    assert (second["outcome:relapse"], second["outcome:relapse:event"], second["outcome:pain"]) == ("18", "no", "6")
    assert (third["outcome:relapse"], third["outcome:relapse:event"], third["outcome:flares"]) == (
        "not reported",
        "",
        ">= 2",
    )
    cases, count, findings = render_cases(make_rows(text, ("case",), "cases.csv"), TYPED, "s")
    assert (count, findings) == (3, [])
    again, findings = typed.read_sheet(HEAD + cases)
    assert findings == []

    def tell(case):
        outcomes = [(name, item.exposure, item.event) for name, item in case.outcomes.items()]
        return strip(case), case.arm, outcomes

    assert [tell(case) for case in again.cases] == [tell(case) for case in study.cases]


def test_a_long_table_has_arms_exposures_and_events():
    study, _ = typed.read_sheet()
    rows = {(row["case"], row["variable"], row["kind"]): row for row in list_rows(render_long([study], TYPED))}
    flares, relapse = rows["s-2", "flares", "reported"], rows["s-2", "relapse", "reported"]
    assert (flares["value"], flares["exposure"], flares["unit"], flares["arm"]) == ("4", "12", "months", "high")
    assert (relapse["value"], relapse["event"], relapse["unit"]) == ("18", "no", "months")
    assert rows["s-3", "calm", "derived"]["arm"] == "low"


def test_the_dictionary_tells_the_type_of_each_outcome():
    rows = {(row["variable"], row["kind"]): row for row in list_rows(render_dictionary(TYPED))}
    assert (rows["flares", "reported"]["type"], rows["flares", "reported"]["high"]) == ("count", "40.0")
    assert rows["flares:exposure", "reported"]["unit"] == "months"
    assert rows["relapse:event", "reported"]["choices"] == "yes | no"
    assert rows["pain", "reported"]["definition"] == "on a scale"
    assert rows["calm", "derived"]["definition"] == "flares <= 1 and pain < 5"
    assert rows["arm", "column"]["definition"] == "high: High dose (2 x 1000 mg); low: Low dose (2 x 500 mg)"

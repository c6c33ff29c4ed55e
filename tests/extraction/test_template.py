from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.extraction.sheet import parse_sheet
from review.extraction.template import STUDY_ID
from review.extraction.template import quote_text
from review.extraction.template import render_template
from review.extraction.template import suggest_study_id
from review.marked import parse_marked
from review.model import Author
from review.model import Record
from review.model import RecordId
from review.protocol import Protocol
from tests.builder import list_codes
from tests.builder import make_protocol
from tests.extraction import typed
from tests.extraction.test_derive import PROTOCOL

MAIN = Record(RecordId("pubmed:1"), "A title: with a colon # and more", (Author("Ñandú-O'Neil", "A"),), 2014)
OTHER = Record(RecordId("doi:10.5555/x(1)"), "An abstract")


def parse(text):
    return parse_sheet(parse_marked(text, "extraction/studies/new-2014.yaml"), make_protocol(PROTOCOL))


def test_a_template_reads_as_a_sheet_that_is_still_to_be_filled_in():
    text = render_template(make_protocol(PROTOCOL), "new-2014", [MAIN, OTHER], cases=2, schema="../s.json")
    assert text.startswith("# yaml-language-server: $schema=../s.json\n")
    study, findings = parse(text)
    assert set(list_codes(findings)) == {"EXTRACT-045"}
    assert len(findings) == 2 * (4 + 2)
    assert (study.label, study.year, [report.record for report in study.reports]) == (
        "Ñandú-O'Neil 2014", 2014, ["pubmed:1", "doi:10.5555/x(1)"],
    )  # fmt: skip
    assert [(case.id, dict(case.fields)) for case in study.cases] == [("new-2014-1", {}), ("new-2014-2", {})]


def test_a_template_that_is_filled_in_has_no_finding():
    text = render_template(make_protocol(PROTOCOL), "new-2014", [MAIN])
    assert list_codes(parse(text.replace(": to be extracted", ": not reported"))[1]) == []


def test_totals_are_prepared_as_comments_that_become_lines():
    text = render_template(make_protocol(PROTOCOL), "new-2014", [MAIN], cases=0)
    assert "cases:" not in text.replace("# Totals as reported; where cases are", "")
    head, _, tail = text.partition("# counts:")
    uncommented = "counts:" + "\n".join(line.removeprefix("# ").replace("#   -", "  -") for line in tail.splitlines())
    study, findings = parse(head + uncommented.replace("total: 0", "total: 8").partition("Patients that")[0] + "\n")
    assert len(study.counts) == 2
    assert len(study.characteristics) == 3
    assert findings == []


def test_a_protocol_without_fields_gives_a_sheet_too():
    text = render_template(Protocol("t"), "new-2014", [OTHER])
    assert parse_sheet(parse_marked(text, "new-2014.yaml"), Protocol("t"))[1] == []


@pytest.mark.parametrize(
    ("record", "name"),
    [
        (MAIN, "nandu-o-neil-2014"),
        (OTHER, "study"),
        (Record(RecordId("x"), "t", (Author("王"),), 2001), "study-2001"),
        (Record(RecordId("x"), "t", (Author("B" * 90),)), "b" * 60),
    ],
)
def test_a_study_is_named_after_author_and_year(record, name):
    assert suggest_study_id(record) == name
    assert STUDY_ID.fullmatch(name)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1).filter(lambda text: text.strip()))
def test_any_text_comes_back_from_yaml(text):
    folded = " ".join(text.split())
    if not folded:
        return
    document = parse_marked(f"a: {{b: {quote_text(text)}, c: x}}\n", "f.yaml")
    assert document.findings == ()
    assert document.root["a"] == {"b": folded, "c": "x"}


@pytest.mark.parametrize("text", ["Smith 2014", "pubmed:30639647", "doi:10.1016/j.x.2011(1)", "a-b_c"])
def test_what_needs_no_quotes_has_none(text):
    assert quote_text(text) == text


def test_arms_and_outcomes_of_every_type_are_prepared():
    protocol = make_protocol(typed.PROTOCOL)
    text = render_template(protocol, "new-2014", [MAIN], cases=2)
    assert "    arm: to be extracted  # high | low\n" in text
    assert "      # Pain: on a scale; number in points, 0 to 10, also in percent\n" in text
    assert (
        "      # derived from the values by: flares <= 1 and pain < 5; give what the report says, if it does\n" in text
    )
    findings = parse_sheet(parse_marked(text, "extraction/studies/new-2014.yaml"), protocol)[1]
    assert set(list_codes(findings)) == {"EXTRACT-045"}
    assert len(findings) == 2 * (1 + 2 + 5)
    filled = text.replace("arm: to be extracted", "arm: low").replace(": to be extracted", ": not reported")
    head, _, tail = filled.partition("# summaries:")
    lines = [
        line.removeprefix("# ").replace("#   -", "  -") for line in tail.partition("# characteristics")[0].splitlines()
    ]
    filled = head + "summaries:" + "\n".join(lines).replace(": 0", ": 2").replace("[0, 0]", "[1, 2]") + "\n"
    study, findings = parse_sheet(parse_marked(filled, "extraction/studies/new-2014.yaml"), protocol)
    assert findings == []
    assert [(summary.name, summary.arm) for summary in study.summaries] == [
        ("flares", "high"), ("pain", "high"), ("relapse", "high"),
    ]  # fmt: skip

from __future__ import annotations

import pytest

from review.extraction.appraisal import check_appraisals
from review.extraction.appraisal import check_plan
from review.extraction.appraisal import list_items
from review.extraction.appraisal import list_judgements
from review.extraction.appraisal_tools import TOOLS
from review.extraction.schema import make_schema
from review.extraction.sheet import parse_sheet
from review.extraction.template import render_template
from review.marked import parse_marked
from review.model import Record
from review.model import RecordId
from tests.builder import PROTOCOL as BASE
from tests.builder import list_codes
from tests.builder import make_protocol
from tests.builder import make_review
from tests.builder import show

PROTOCOL = (
    BASE
    + """\
appraisal:
  murad-2018: {items: [selection, exposure, outcome, followup, reporting]}
  jbi-case-series: {designs: [case series]}
"""
)

MURAD = """\
  - tool: murad-2018
    by: ann
    answers:
      selection: {answer: no, reason: three centres chose their best cases}
      exposure: yes
      outcome: yes
      followup: {answer: unclear, reason: not stated}
      reporting: yes
    overall: {judgement: some concern, reason: chosen cases}
"""
SERIES = (
    "  - tool: jbi-case-series\n    answers: {"
    + ", ".join(f"{item.key}: yes" for item in TOOLS["jbi-case-series"].items)
    + "}\n    overall: {judgement: include, reason: sound}\n"
)
HEAD = "format: 1\nstudy: s\ndesign: case series\nreports: [{record: pubmed:1, name: p}]\nappraisal:\n"
SHEET = HEAD + MURAD + SERIES


def parse(text=SHEET, protocol=PROTOCOL):
    study, findings = parse_sheet(parse_marked(text, "extraction/studies/s.yaml"), make_protocol(protocol))
    return study, [*findings, *check_appraisals([study], make_protocol(protocol))]


def change(old, new, text=SHEET):
    assert text.count(old) == 1, old
    return text.replace(old, new)


def test_the_tools_are_whole():
    assert {key: len(tool.items) for key, tool in TOOLS.items()} == {
        "jbi-case-report": 8,
        "jbi-case-series": 10,
        "murad-2018": 8,
    }
    for tool in TOOLS.values():
        assert len({item.key for item in tool.items}) == len(tool.items)
        assert all(item.asks.endswith("?") for item in tool.items)
    assert {item.domain for item in TOOLS["murad-2018"].items} == {
        "selection",
        "ascertainment",
        "causality",
        "reporting",
    }


def test_appraisals_are_read_with_their_reasons():
    study, findings = parse()
    assert findings == []
    murad, series = study.appraisals
    assert (murad.tool, murad.by, murad.judgement, murad.reason) == (
        "murad-2018",
        "ann",
        "some concern",
        "chosen cases",
    )
    assert [(answer.item, answer.answer) for answer in murad.answers] == [
        ("selection", "no"), ("exposure", "yes"), ("outcome", "yes"), ("followup", "unclear"), ("reporting", "yes"),
    ]  # fmt: skip
    assert murad.answers[0].reason == "three centres chose their best cases"
    assert len(series.answers) == 10


def test_the_rows_of_a_traffic_light_table():
    study, _ = parse()
    plan = make_protocol(PROTOCOL).appraisals[0]
    assert [item.key for item in list_items(TOOLS["murad-2018"], plan)] == [
        "selection", "exposure", "outcome", "followup", "reporting",
    ]  # fmt: skip
    ((label, answers),) = list_judgements([study], plan)
    assert (label, answers["selection"], answers["overall"], len(answers)) == ("s", "no", "some concern", 6)


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        (
            "tool: murad-2018",
            "tool: murad",
            "APPRAISE-002",
            "murad is not one of the protocol; expected murad-2018 | jbi-case-series",
        ),
        ("tool: murad-2018", "tool: jbi-case-report", "APPRAISE-002", "jbi-case-report is not one of the protocol"),
        (MURAD, "", "APPRAISE-003", "s is not appraised with Murad 2018"),
        ("      exposure: yes\n", "", "APPRAISE-004", "has no answer to exposure; expected yes | no"),
        (
            "{answer: unclear, reason: not stated}",
            "unclear",
            "APPRAISE-005",
            "followup of s is answered unclear without a reason",
        ),
        (", reason: chosen cases", "", "APPRAISE-005", "lacks the reason of its judgement"),
        ("    overall: {judgement: some concern, reason: chosen cases}\n", "", "APPRAISE-005", "lacks the judgement"),
        ("exposure: yes", "exposure: 5", "EXTRACT-003", "answers.exposure is 5; expected yes | no | unclear"),
        ("      exposure: yes", "      challenge: yes", "EXTRACT-001", "unknown key challenge in appraisal[0].answers"),
        (
            "judgement: some concern",
            "judgement: 7 points",
            "EXTRACT-003",
            "judgement is 7 points; expected low concern",
        ),
        ("    by: ann", "    score: 7", "EXTRACT-001", "unknown key score in appraisal[0]"),
    ],
)
def test_slips_are_told(old, new, code, message):
    _, findings = parse(change(old, new))
    assert any(finding.code == code and message in str(finding) for finding in findings), show(findings)
    assert parse()[1] == []


def test_designs_and_secondary_evidence_are_left_out():
    assert parse(change(SERIES, "").replace("design: case series", "design: case report"))[1] == []
    text = HEAD.replace("appraisal:\n", "evidence: secondary\n")
    assert parse(text)[1] == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "murad-2018:",
            "murad:",
            "there is no appraisal tool murad; expected jbi-case-report | jbi-case-series | murad-2018",
        ),
        ("exposure,", "exposur,", "Murad 2018 has no item exposur; expected selection | "),
    ],
)
def test_a_plan_that_cannot_be_followed(old, new, message):
    findings = list(check_plan(make_protocol(change(old, new, PROTOCOL))))
    assert list_codes(findings) == ["APPRAISE-001"]
    assert message in str(findings[0])
    assert list(check_plan(make_protocol(PROTOCOL))) == []


def test_a_review_tells_what_is_not_appraised(tmp_path):
    made = make_review(tmp_path / "r", protocol=PROTOCOL)
    assert "APPRAISE-003" in made.codes()
    made.change("protocol.yaml", "murad-2018:", "murad:")
    assert "APPRAISE-001" in made.codes()


def test_the_template_prepares_the_declared_subset():
    text = render_template(make_protocol(PROTOCOL), "s", [Record(RecordId("pubmed:1"), "t")], cases=0)
    head, _, tail = text.partition("# appraisal:")
    block = "appraisal:" + "\n".join(line.removeprefix("#") for line in tail.splitlines())
    study, findings = parse(head.replace("design: not reported", "design: case series") + block + "\n")
    assert findings == []
    assert [len(appraisal.answers) for appraisal in study.appraisals] == [5, 10]


def test_editors_check_appraisals():
    jsonschema = pytest.importorskip("jsonschema")
    from ruamel.yaml import YAML

    validator = jsonschema.Draft202012Validator(make_schema(make_protocol(PROTOCOL)))
    assert list(validator.iter_errors(YAML(typ="safe", pure=True).load(SHEET))) == []
    wrong = YAML(typ="safe", pure=True).load(change("exposure: yes", "exposure: perhaps"))
    assert list(validator.iter_errors(wrong)) != []

from __future__ import annotations

import pytest

from review.reporting.document import Number
from review.reporting.document import read_runs
from review.reporting.sections.results import list_heterogeneity_values
from review.reporting.sections.results import tell_analysis
from review.reporting.sections.results import tell_flow
from review.reporting.sections.results import tell_included
from review.reporting.sections.sensitivity import compose_sensitivity
from review.reporting.sections.sensitivity import count_rules
from review.reporting.sections.sensitivity import list_sensitivity_tables
from review.reporting.sections.sensitivity import list_sensitivity_values
from tests.builder import ADAMS
from tests.builder import LOG
from tests.builder import make_review
from tests.reporting.sections.rich import gather
from tests.reporting.sections.rich import make_bare
from tests.reporting.sections.rich import make_rich


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    return gather(make_rich(tmp_path_factory.mktemp("rich")))


def texts(table):
    return [tuple(cell.text for cell in row.cells) for row in table.rows]


def test_the_flow_is_told_with_linked_numbers(rich):
    paragraph = tell_flow(rich)
    assert read_runs(paragraph.runs) == (
        "Records identified: 5 from databases. Duplicates removed: 1. Records screened: 4. Records excluded at title and "
        "abstract: 1. Reports sought: 3. Not retrieved: 0. Assessed at full text: 3."
    )
    keys = [run.key for run in paragraph.runs if isinstance(run, Number)]
    assert keys[:2] == ["prisma.database_results", "prisma.duplicates"]


def test_reasons_and_what_waits_are_told(tmp_path):
    log = LOG.replace(f"full-text,{ADAMS},include,,", f"full-text,{ADAMS},exclude,no-data,")
    log = "".join(line for line in log.splitlines(keepends=True) if "full-text" not in line or ADAMS in line)
    told = read_runs(tell_flow(gather(make_review(tmp_path, logs={"ann": log}))).runs)
    assert "Excluded at full text: 1 (No outcome given 1). Reports still to be decided on: 1." in told


def test_an_analysis_is_told_with_its_sum_model_and_heterogeneity(rich):
    (paragraph,) = tell_analysis(rich.planned[0], rich)
    told = read_runs(paragraph.runs)
    assert told.startswith(
        "All together, in 3 studies: 5/7 (71.4%; 95% CI 29.0 to 96.3). The model of studies that differ gives "
    )
    assert "Heterogeneity: tau² 0.00 (95% CI 0.00 to " in told
    keys = [run.key for run in paragraph.runs if isinstance(run, Number)]
    assert keys == ["pool.A.together", "pool.A.model", "pool.A.tau2", "pool.A.i2", "pool.A.q"]
    values = {value.key: value for value in list_heterogeneity_values(rich.planned)}
    assert values["pool.A.i2"].text == "0%"


def test_two_studies_tell_nothing_of_heterogeneity(tmp_path):
    material = gather(make_review(tmp_path))
    (paragraph,) = tell_analysis(material.planned[0], material)
    assert "Two studies say next to nothing of how far studies differ" in read_runs(paragraph.runs)
    assert list(list_heterogeneity_values(material.planned)) == []
    blocks = compose_sensitivity(material.planned[0], material, {})
    assert read_runs(blocks[-1].runs).startswith("No study was left out in turn: the analysis has 2 studies")


def test_a_refused_sum_and_an_unknown_answer_are_told(tmp_path):
    made = make_review(tmp_path)
    made.change("extraction/studies/adams-2010.yaml", "response: {value: no, source: paper}", "response: unclear")
    made.write(
        "extraction/studies/baker-2012.yaml",
        (tmp_path / "extraction/studies/baker-2012.yaml").read_text()
        + "overlap: {may_include: [adams-2010], why: one centre}\n",
    )
    material = gather(made)
    told = read_runs(tell_analysis(material.planned[0], material)[0].runs)
    assert told.startswith("By study: Adams 2010: 1/1 (100.0%; 95% CI 2.5 to 100.0); Baker 2012: 1/1")
    assert "No sum is given: patients may be counted twice" in told
    assert told.endswith("1 patient without a known answer left out.")
    assert compose_sensitivity(material.planned[0], material, {}) == ()


def test_nothing_is_told_of_nothing(tmp_path):
    bare = gather(make_bare(tmp_path))
    assert read_runs(tell_flow(bare).runs) == "There is no record yet."
    assert read_runs(tell_included(bare).runs) == "No study is included yet."


def test_each_study_is_left_out_in_turn(rich):
    without, rules = list_sensitivity_tables(rich.planned, rich.studies, rich.protocol)
    assert [row[:2] for row in texts(without)] == [("Adams 2010", "4/5"), ("Baker 2012", "4/6"), ("Dorn 2015", "2/3")]
    assert {cell.key for cell in without.rows[0].cells} == {"", "pool.A.without.adams-2010"}
    assert texts(rules) == [
        ("as reported", "what each report says", "5/7 (71.4%; 95% CI 29.0 to 96.3)", "0"),
        ("alternative: young", "age_years < 60", "5/7 (71.4%; 95% CI 29.0 to 96.3)", "0"),
    ]
    values = {value.key: value for value in list_sensitivity_values(rich.planned, rich.studies, rich.protocol)}
    assert values["pool.A.without.adams-2010"].ids == ("baker-2012", "dorn-2015")
    assert values["pool.A.rules.young"].events == 5


def test_a_rule_of_the_protocol_stands_beside_its_alternatives(tmp_path):
    made = make_rich(tmp_path)
    made.change("protocol.yaml", "    alternative_rules:", "    rule: age_years < 50\n    alternative_rules:")
    material = gather(made)
    counts = count_rules(material.planned[0], material.studies, material.protocol)
    assert [(count.rule, count.events, count.total) for count in counts] == [("rule", 4, 7), ("young", 5, 7)]


def test_rules_are_not_counted_where_a_patient_stands_in_two_sheets(tmp_path):
    made = make_rich(tmp_path)
    made.change(
        "extraction/studies/baker-2012.yaml",
        "counts:\n",
        "cases:\n  - case: baker-2012-1\n    same_as: adams-2010-1\n    outcomes: {response: {value: yes, source: paper}}\ncounts:\n",
    )
    material = gather(made)
    assert count_rules(material.planned[0], material.studies, material.protocol) == []

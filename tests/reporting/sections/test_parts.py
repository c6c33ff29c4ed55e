"""Agreement, appraisal, patients, treatments, certainty: each from a review in which it has something to say."""

from __future__ import annotations

import pytest

from review.pooling.planned import pool_planned
from review.reporting.document import read_runs
from review.reporting.sections.agreement import compose_agreement
from review.reporting.sections.agreement import tabulate_screeners
from review.reporting.sections.appraisal import compose_appraisal
from review.reporting.sections.appraisal import draw_appraisals
from review.reporting.sections.appraisal import list_appraisal_tables
from review.reporting.sections.appraisal import tell_tools
from review.reporting.sections.certainty import compose_certainty
from review.reporting.sections.certainty import tabulate_certainty
from review.reporting.sections.certainty import tabulate_summary
from review.reporting.sections.characteristics import tabulate_characteristics
from review.reporting.sections.characteristics import tabulate_patients
from review.reporting.sections.characteristics import tabulate_summaries
from review.reporting.sections.methods import compose_methods
from review.reporting.sections.treatments import list_treatment_values
from review.reporting.sections.treatments import tabulate_treatments
from tests.builder import make_protocol
from tests.builder import make_review
from tests.reporting.sections.rich import gather
from tests.reporting.sections.rich import make_bare
from tests.reporting.sections.rich import make_rich


def texts(table):
    return [tuple(cell.text for cell in row.cells) for row in table.rows]


def tell(section):
    return [
        read_runs(block.runs)
        for part in (section, *section.subsections)
        for block in part.blocks
        if hasattr(block, "runs")
    ]


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    return gather(make_rich(tmp_path_factory.mktemp("rich")))


def test_screeners_are_told_with_counts_and_kappa(rich):
    told = tell(compose_agreement(rich))
    assert told[0].startswith(
        "Title and abstract: 2 screeners (ann, ben) voted on 4 reports. Kappa: ann and ben, all others, 0.40"
    )
    assert told[0].endswith("1 conflict settled by a further judgement.")
    assert (
        told[1]
        == "Full text: 2 screeners (ann, ben) voted on 3 reports. Kappa is not defined: all votes are of one kind."
    )
    assert told[2] == "Two people extracted 1 of 3 studies independently; they agreed on 9 of 10 values (90.0%)."
    table = tabulate_screeners(rich.agreement)
    assert texts(table)[3] == (
        "Full text", "ann and ben", "all others", "3",
        "include/include 3, include/exclude 0, exclude/include 0, exclude/exclude 0", "not defined", "1.00", "not defined",
    )  # fmt: skip


def test_one_screener_has_no_agreement_to_measure(tmp_path):
    told = tell(compose_agreement(gather(make_review(tmp_path))))
    assert told == [
        "Title and abstract: one screener (ann) voted on 3 reports; no agreement to measure.",
        "Full text: one screener (ann) voted on 2 reports; no agreement to measure.",
        "Each of the 2 sheets was filled in once; no second extractor, so no agreement to measure.",
    ]


def test_screeners_of_different_records_have_none_either(tmp_path):
    made = make_review(tmp_path)
    log = (tmp_path / "extraction/screening/ann.csv").read_text().splitlines(keepends=True)
    made.write("extraction/screening/ann.csv", "".join(log[:2]))
    made.write("extraction/screening/ben.csv", log[0] + log[2])
    told = tell(compose_agreement(gather(made)))[0]
    assert told.endswith(
        "(ann, ben) voted on 2 reports; no two of them on the same report, so no agreement to measure."
    )


def test_a_withdrawn_settlement_is_not_counted(tmp_path):
    made = make_rich(tmp_path)
    path = tmp_path / "extraction/screening/consensus.csv"
    row = path.read_text().splitlines()[1]
    made.write(
        "extraction/screening/consensus.csv",
        path.read_text() + row.replace("exclude,wrong-population", "undo,", 1) + "\n",
    )
    assert "settled" not in tell(compose_agreement(gather(made)))[0]


def test_appraisals_show_the_subset_the_reasons_and_what_is_lacking(rich):
    judged, reasons = list_appraisal_tables(rich.included, rich.protocol)
    assert judged.caption.endswith("(items 1, 2; the declared subset of the tool's 8).")
    assert texts(judged) == [
        ("Adams 2010", "no", "yes", "some concern", "patients were chosen"),
        ("Baker 2012", "not judged", "not judged", "not appraised", "nobody has appraised it yet"),
        ("Dorn 2015", "not judged", "not judged", "not appraised", "nobody has appraised it yet"),
    ]
    assert texts(reasons)[0][2:] == ("no", "two patients of many", "author-1")
    section = compose_appraisal(rich.included, rich.protocol, {}, {})
    assert tell(section)[0].endswith("Appraised: 1 of 3 studies. Not appraised: Baker 2012; Dorn 2015.")


def test_traffic_lights_are_drawn_where_a_study_is_appraised(rich, tmp_path):
    ((key, drawing),) = draw_appraisals(rich.included, rich.protocol)
    assert key == "murad-2018"
    assert "Adams 2010: 1 no, 2 yes, Overall some concern; Baker 2012: 1 not judged" in drawing.alt
    made = make_rich(tmp_path)
    sheet = tmp_path / "extraction/studies/adams-2010.yaml"
    made.write("extraction/studies/adams-2010.yaml", sheet.read_text().split("appraisal:")[0])
    bare = gather(made)
    assert list(draw_appraisals(bare.included, bare.protocol)) == []


def test_a_review_without_a_tool_says_so(tmp_path):
    assert tell(compose_appraisal([], make_protocol(), {}, {})) == [
        "The protocol declares no appraisal tool; the studies were not appraised."
    ]
    assert tell_tools(make_protocol()) == "No appraisal tool was declared and no study was appraised."
    made = make_rich(tmp_path)
    plan = made.open().protocol
    assert tell(compose_appraisal([], plan, {}, {}))[0].endswith("There is no study to be appraised with it yet.")
    assert [table.rows for table in list_appraisal_tables([], plan)] == [()]
    made.change("protocol.yaml", "items: [selection, exposure]", "items: [selection], designs: [cohort study]")
    material = gather(made)
    told = tell(compose_appraisal(material.included, material.protocol, {}, {}))
    assert (
        told[0]
        == "No declared tool is for the design of Baker 2012 (case report); Dorn 2015 (case series): not appraised."
    )


def test_patients_are_described_once_and_sums_are_repeated_as_reported(rich):
    table = tabulate_patients(rich.studies, rich.protocol)
    assert table.caption == "The patients of the included studies: 2 patients known one by one."
    assert texts(table) == [
        ("Age, years", "2/2", "mean 62 (SD 11.3), median 62 (IQR 58 to 66), range 54 to 70"),
        ("Cycles", "0/2", "not reported"),
        ("Sex", "1/2", ""),
        ("female", "", "1/1 (100.0%)"),
        ("male", "", "0/1 (0.0%)"),
        ("Known only in sum, as each report states it; not part of the figures above",),
        ("Age, years", "", "Dorn 2015: mean 48, SD 9 as reported"),
    ]
    assert table.footnotes == ("Quartiles are quantiles of type 7 (Hyndman and Fan 1996).",)
    each = {row[0]: row[1:] for row in texts(tabulate_characteristics(rich.studies, rich.protocol))}
    assert each["Dorn 2015"] == ("case series", "4", "mean 48, SD 9 as reported", *["not reported"] * 4)
    assert each["Baker 2012"] == ("case report", "1", *["not reported"] * 5)


def test_arms_stand_beside_all_patients_and_other_outcomes_as_reported(tmp_path):
    made = make_rich(tmp_path)
    plan = (tmp_path / "protocol.yaml").read_text()
    plan = plan.replace("outcomes:\n", "outcomes:\n  pain: {type: continuous, definition: scale, unit: points}\n", 1)
    made.write("protocol.yaml", plan + "arms:\n  high: {label: High dose}\n  low: {label: Low dose}\n")
    made.change("extraction/studies/adams-2010.yaml", "case: adams-2010-1\n", "case: adams-2010-1\n    arm: high\n")
    made.write(
        "extraction/studies/dorn-2015.yaml",
        (tmp_path / "extraction/studies/dorn-2015.yaml").read_text()
        + "summaries:\n  - {outcome: pain, arm: low, n: 4, mean: 4.8, sd: 1.8, definition: 0 to 10, source: paper}\n",
    )
    material = gather(made)
    table = tabulate_patients(material.studies, material.protocol)
    assert [column.title for column in table.columns][3:] == ["High dose, 1 patient"]
    rows = {row[0]: row[3:] for row in texts(table) if len(row) > 1}
    assert (rows["Age, years"], rows["female"], rows["Cycles"]) == (("",), ("1/1 (100.0%)",), ("not reported",))
    assert texts(table)[0][3] == "54 (one patient)"
    assert texts(tabulate_summaries(material.studies, material.protocol)) == [
        ("pain", "Dorn 2015", "Low dose", "n 4, mean 4.8, SD 1.8", "0 to 10")
    ]


def test_one_patient_is_shown_as_it_is(tmp_path):
    made = make_review(tmp_path)
    made.change(
        "extraction/studies/baker-2012.yaml",
        "counts:\n",
        "cases:\n  - case: baker-2012-1\n    age_years: {value: 20, op: '<', source: paper}\n"
        "    cycles: {value: 3, source: paper}\n    site: {value: both hands, source: paper}\ncounts:\n",
    )
    material = gather(made)
    each = {row[0]: row[1:] for row in texts(tabulate_characteristics(material.studies, material.protocol))}
    assert each["Baker 2012"] == ("case report", "1", "< 20", "3", "not reported", "not reported", "both hands")
    assert texts(tabulate_patients(material.studies, material.protocol))[1] == ("Cycles", "1/3", "3 (one patient)")


def test_nothing_is_described_where_there_is_nothing(tmp_path):
    material = gather(make_bare(tmp_path))
    for make in (tabulate_characteristics, tabulate_patients, tabulate_summaries, tabulate_treatments):
        table = make(material.studies, material.protocol)
        assert (table.rows, table.footnotes) == ((), ())


def test_treatments_are_summed_by_agent_unless_patients_may_be_shared(rich, tmp_path):
    table = tabulate_treatments(rich.studies, rich.protocol)
    assert texts(table) == [
        ("colchicine", "1", "1", "0/1 (0.0%)", "0.0 to 97.5", "0"),
        ("diltiazem", "1", "4", "1/4 (25.0%)", "0.6 to 80.6", "0"),
    ]
    assert [value.key for value in list_treatment_values(rich.studies, rich.protocol)] == [
        "treatments.colchicine", "treatments.diltiazem",
    ]  # fmt: skip
    made = make_rich(tmp_path)
    made.write(
        "extraction/studies/baker-2012.yaml",
        (tmp_path / "extraction/studies/baker-2012.yaml").read_text()
        + "treatments: [{agent: diltiazem, events: 0, total: 1, source: paper}]\n"
        + "overlap: {overlaps_with: [dorn-2015], why: one centre}\n",
    )
    shared = gather(made)
    table = tabulate_treatments(shared.studies, shared.protocol)
    assert texts(table)[1] == ("diltiazem", "2", *["not summed"] * 4)
    assert (
        table.footnotes[-1]
        == "diltiazem: Baker 2012 and Dorn 2015 may have patients in common, so that no sum is given."
    )
    assert [value.key for value in list_treatment_values(shared.studies, shared.protocol)] == ["treatments.colchicine"]


def test_certainty_is_shown_with_every_reason(rich):
    (row,) = texts(tabulate_summary(rich.planned, rich.ratings))
    assert row == ("A. Both studies: response", "3", "7", "5/7; 71.4% (95% CI 29.0 to 96.3)", "⊕◯◯◯ very low")
    table = tabulate_summary(rich.planned, rich.ratings)
    assert table.footnotes == ("Risk of bias: serious (no comparison)", "Imprecision: serious (seven patients)")
    assert table.rows[0].cells[3].key == "pool.A.together"
    steps = {row[1]: row[2:5] for row in texts(tabulate_certainty(rich.ratings))}
    assert steps["risk of bias"] == ("serious", "-1", "no comparison")
    assert steps["certainty"] == ("very low", "", "seven patients of three reports")


def test_what_nobody_judged_is_a_visible_gap(tmp_path):
    material = gather(make_review(tmp_path))
    assert texts(tabulate_summary(material.planned, {}))[0][4] == "not judged"
    told = tell(compose_certainty(material.analyses, {}, {}))
    assert told[0].startswith("Not judged: the certainty of A. Judgements by GRADE stand in extraction/certainty.yaml")
    assert tell(compose_certainty([], {}, {}))[0].startswith("The protocol plans no analysis")


def test_an_open_domain_is_told_as_open(tmp_path):
    made = make_rich(tmp_path)
    made.change("extraction/certainty.yaml", "      publication_bias: {judgement: undetected}\n", "")
    material = gather(made)
    assert tabulate_summary(material.planned, material.ratings).footnotes[-1] == "Publication bias: not judged"


def test_patients_of_a_refused_sum_are_not_added_up(tmp_path):
    made = make_review(tmp_path)
    made.write(
        "extraction/studies/baker-2012.yaml",
        (tmp_path / "extraction/studies/baker-2012.yaml").read_text()
        + "overlap: {may_include: [adams-2010], why: one centre}\n",
    )
    material = gather(made)
    (row,) = texts(tabulate_summary(material.planned, {}))
    assert row[1:3] == ("2", "not given")
    assert row[3].startswith("No sum is given: patients may be counted twice")


def test_an_analysis_without_a_row_has_no_number():
    protocol = make_protocol()
    result = pool_planned(protocol.analyses[0], {}, protocol.outcomes[0])
    assert texts(tabulate_summary([result], {}))[0][1:4] == ("0", "0", "no study has a figure")


def test_analyses_of_other_outcomes_are_told_beside_those_of_proportions(tmp_path):
    made = make_rich(tmp_path)
    plan = (tmp_path / "protocol.yaml").read_text()
    plan = plan.replace("outcomes:\n", "outcomes:\n  pain: {type: continuous, definition: scale, unit: points}\n", 1)
    plan = plan.replace("analyses:\n", "analyses:\n  P: {label: Pain, outcome: pain, studies: [dorn-2015]}\n", 1)
    made.write("protocol.yaml", plan)
    made.write(
        "extraction/studies/dorn-2015.yaml",
        (tmp_path / "extraction/studies/dorn-2015.yaml").read_text()
        + "summaries:\n  - {outcome: pain, n: 4, mean: 4.8, sd: 1.8, source: paper}\n",
    )
    material = gather(made)
    assert [result.analysis.name for result in material.measured] == ["P"]
    rows = texts(tabulate_summary(material.planned, material.ratings, material.measured))
    assert rows[1][:3] == ("P. Pain: pain", "1", "not given")
    assert "4.80 (" in rows[1][3]
    assert rows[1][4] == "not judged"
    methods = {part.key: part for part in compose_methods(material).subsections}
    told = [read_runs(block.runs) for block in methods["methods-effect"].blocks]
    assert told[0].startswith("A: the proportion of patients with the outcome")
    assert told[1].startswith("P: ")
    assert read_runs(methods["methods-synthesis"].blocks[0].items[1]).startswith("P. Pain: pain, each study")

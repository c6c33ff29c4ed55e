"""The keyed numbers that a manuscript quotes."""

from __future__ import annotations

import dataclasses

import pytest

from review.model import Box
from review.model import BoxLine
from review.reporting.values import list_values
from review.results import pool_analyses
from review.search.strategy import parse_strategy
from tests.builder import make_review


def test_boxes_and_their_lines_have_keys():
    box = Box("database_results", 20788, "records", ("a",), (BoxLine("PubMed", 20000, ("a",)), BoxLine("Embase", 788)))
    whole, first, second = list_values([box], [], [])
    assert (whole.key, whole.text, whole.value, whole.method, whole.ids) == (
        "prisma.database_results", "20,788", 20788.0, "records", ("a",),
    )  # fmt: skip
    assert (first.key, first.text, first.method, first.ids) == (
        "prisma.database_results.1",
        "20,000",
        "records: PubMed",
        ("a",),
    )
    assert (second.key, second.text) == ("prisma.database_results.2", "788")


def test_proportions_have_a_key_for_each_study_and_interval(tmp_path):
    review = make_review(tmp_path).open()
    values = {value.key: value for value in list_values([], pool_analyses(review, review.protocol.analyses), [])}
    assert list(values) == [
        *(
            f"pool.A.{row}{interval}"
            for row in ("adams-2010", "baker-2012", "together")
            for interval in ("", ".wilson")
        ),
        *("pool.A.model", "pool.A.multiverse", "pool.A.multiverse.low", "pool.A.multiverse.high"),
    ]
    whole = values["pool.A.together"]
    assert (whole.events, whole.total, whole.value, whole.method, whole.ids) == (
        2, 3, 2 / 3, "clopper-pearson", ("adams-2010", "baker-2012"),
    )  # fmt: skip
    assert whole.text == "2/3 (66.7%; 95% CI 9.4 to 99.2)"
    assert values["pool.A.together.wilson"].text == "2/3 (66.7%; 95% CI 20.8 to 93.9)"
    assert values["pool.A.together.wilson"].method == "wilson"


def test_the_model_and_the_range_over_choices_have_keys(tmp_path):
    review = make_review(tmp_path).open()
    (result,) = pool_analyses(review, review.protocol.analyses)
    values = {value.key: value for value in list_values([], [result], [])}
    model = values["pool.A.model"]
    assert (model.events, model.total, model.ids) == (2, 3, ("adams-2010", "baker-2012"))
    assert (model.text, model.method) == (
        "66.7% (95% CI 7.4 to 100.0)",
        "random-intercept logistic model, profile likelihood",
    )
    assert (model.value, model.ci_low, model.ci_high) == pytest.approx(
        (result.model.estimate, *result.model.ci), abs=1e-8
    )
    assert values["pool.A.multiverse"].text == result.multiverse.tell()
    ends = (values["pool.A.multiverse.low"].value, values["pool.A.multiverse.high"].value)
    assert ends == pytest.approx(result.multiverse.range, abs=1e-8)
    assert values["pool.A.multiverse.low"].method == "multiverse, lowest"
    assert values["pool.A.multiverse.high"].method == "multiverse, highest"


def test_a_refused_sum_has_no_key(tmp_path):
    made = make_review(tmp_path)
    made.change(
        "extraction/studies/baker-2012.yaml", "counts:\n", "overlap: {may_include: adams-2010, why: w}\ncounts:\n"
    )
    review = made.open()
    keys = [value.key for value in list_values([], pool_analyses(review, review.protocol.analyses), [])]
    assert keys == ["pool.A.adams-2010", "pool.A.adams-2010.wilson", "pool.A.baker-2012", "pool.A.baker-2012.wilson"]


def test_counts_that_an_earlier_search_reported_have_keys():
    content = {"source": "medline", "query": "x", "reported": {"hits": 1392, "screened": 182, "source": "doi:10.1/x"}}
    strategy, findings = parse_strategy(content, "queries/medline-2012.yaml")
    assert findings == []
    assert [(value.key, value.text, value.method, value.ids) for value in list_values([], [], [strategy])] == [
        ("search.medline-2012.hits", "1,392", "as reported", ("doi:10.1/x",)),
        ("search.medline-2012.screened", "182", "as reported", ("doi:10.1/x",)),
    ]
    unstated = dataclasses.replace(strategy, reported=strategy.reported.__class__("doi:10.1/x"))
    assert list(list_values([], [], [unstated, dataclasses.replace(strategy, reported=None)])) == []

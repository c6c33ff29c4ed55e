"""The report as a whole: every part says something true, and every link leads somewhere."""

from __future__ import annotations

import re

import pytest

from review.build import build_outputs
from tests.reporting.sections.rich import make_bare
from tests.reporting.sections.rich import make_rich

HOSTILE = "<script>alert(1)</script>=1+1"


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    return build_outputs(make_rich(tmp_path_factory.mktemp("rich")).open())


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    return build_outputs(make_bare(tmp_path_factory.mktemp("bare")).open())


@pytest.mark.parametrize("which", ["rich", "bare"])
def test_every_link_of_the_page_has_its_place(which, request):
    page = request.getfixturevalue(which).files["report.html"].decode()
    places = set(re.findall(r'\bid="([^"]+)"', page))
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links
    assert links <= places


def test_every_number_of_the_page_is_a_value(rich):
    page = rich.files["report.html"].decode()
    values = {value.key for value in rich.results.values}
    linked = set(re.findall(r'href="#value-([^"~]+)"', page))
    assert len(linked) > 30
    assert linked <= values
    assert {
        "patients.age_years", "patients.sex.female", "treatments.diltiazem", "pool.A.tau2", "pool.A.without.dorn-2015",
        "pool.A.rules.young", "agreement.title-abstract.all.ann.ben",
    } <= linked  # fmt: skip


def test_values_keep_one_key_each(rich):
    keys = [value.key for value in rich.results.values]
    assert len(set(keys)) == len(keys)


def test_tables_are_files_too(rich):
    names = {path.removeprefix("tables/").removesuffix(".csv") for path in rich.files if path.endswith(".csv")}
    assert {
        "characteristics", "patients", "treatments", "screeners", "extractors", "appraisal-murad-2018",
        "appraisal-reasons-murad-2018", "without-A", "rules-A", "summary-of-findings", "certainty", "close-calls", "excluded",
    } <= names  # fmt: skip


def test_a_bare_review_has_no_table_of_nothing(bare):
    names = {path.removeprefix("tables/").removesuffix(".csv") for path in bare.files if path.startswith("tables/")}
    assert "characteristics" not in names
    assert "screeners" not in names


def test_hostile_text_of_people_stays_text(tmp_path):
    made = make_rich(tmp_path)
    made.change("extraction/certainty.yaml", "reason: no comparison", f'reason: "{HOSTILE}"')
    made.change("extraction/studies/adams-2010.yaml", "reason: two patients of many", f'reason: "{HOSTILE}"')
    made.change("protocol.yaml", "agents: [colchicine, diltiazem]", f'agents: [colchicine, diltiazem, "{HOSTILE}"]')
    made.change("extraction/screening/ben.csv", "gout or calcinosis?", HOSTILE)
    built = build_outputs(made.open())
    page = built.files["report.html"].decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert b"\\<script" in built.files["tables/certainty.md"]

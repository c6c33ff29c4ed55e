"""Every identity passes on right numbers and names what breaks it on wrong ones."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from review.findings import Finding
from review.model import Box
from review.model import BoxLine
from review.reporting.identities import check_identities
from review.reporting.ledger import Documents
from tests.reporting.flows import REPORT_OF
from tests.reporting.flows import STUDY_OF
from tests.reporting.flows import make_box
from tests.reporting.flows import make_ids
from tests.reporting.flows import make_new_review
from tests.reporting.flows import make_reported
from tests.reporting.flows import make_updated_review

OTHER_REPORTS = {f"web:{number:04}": f"repo:{number:04}" for number in range(5)}
DOCUMENTS = Documents(
    report_of=REPORT_OF | OTHER_REPORTS,
    study_of=STUDY_OF | {"repo:0004": "study:0004"},
    cases_of={"study:0000": 8, "study:0001": 1},
)


def check(boxes: dict[str, Box], documents: Documents = DOCUMENTS) -> dict[str, Finding]:
    """Findings by code, one of each."""
    return {finding.code: finding for finding in check_identities(boxes.values(), documents)}


def change(boxes: dict[str, Box], key: str, **changes: object) -> dict[str, Box]:
    return boxes | {key: dataclasses.replace(boxes[key], **changes)}  # type: ignore[arg-type]


@pytest.mark.parametrize("boxes", [make_new_review(), make_updated_review(), {}], ids=["new", "updated", "nothing"])
def test_right_numbers_have_no_finding(boxes: dict[str, Box]) -> None:
    assert check_identities(boxes.values(), DOCUMENTS) == []


def test_right_numbers_without_ids_have_no_finding() -> None:
    counts = {key: box.n for key, box in make_updated_review().items()}
    assert check_identities(make_reported(**counts).values()) == []


def test_parts_that_do_not_add_up() -> None:
    boxes = make_new_review()
    lines = (*boxes["database_results"].lines[:1], BoxLine("Embase", 39, boxes["database_results"].lines[1].ids[1:]))
    finding = check(change(boxes, "database_results", lines=lines))["PRISMA-001"]
    assert (finding.found, finding.expected, finding.ids) == ("109", "110", ("rec:0070",))


def test_screened_that_do_not_follow_from_identified() -> None:
    boxes = make_new_review() | {"records_screened": make_box("records_screened", make_ids("rec", 1, 100))}
    finding = check(boxes)["PRISMA-002"]
    assert finding.found == "99"
    assert finding.expected.startswith("100 = 110 database_results + 10 register_results - 20 duplicates")
    assert finding.ids == ("rec:0000",)


def test_a_record_that_was_removed_and_screened_is_named() -> None:
    boxes = make_new_review() | {"records_screened": make_box("records_screened", make_ids("rec", 0, 101))}
    assert check(boxes)["PRISMA-002"].ids == ("rec:0100",)


def test_sought_that_are_neither_retrieved_nor_lost() -> None:
    boxes = make_new_review() | {"dbr_notretrieved_reports": make_box("dbr_notretrieved_reports", ())}
    assert check(boxes)["PRISMA-003"].ids == ("rep:0000",)
    waiting = boxes | {"dbr_waiting": make_box("dbr_waiting", ("rep:0000",))}
    assert "PRISMA-003" not in check(waiting)


@pytest.mark.parametrize("with_ids", [True, False])
def test_assessed_that_are_neither_excluded_nor_included(with_ids: bool) -> None:
    boxes = make_new_review() | {"new_reports": make_box("new_reports", make_ids("rep", 8, 12))}
    if not with_ids:
        boxes = make_reported(**{key: box.n for key, box in boxes.items()})
    finding = check(boxes, Documents())["PRISMA-004"]
    assert finding.found == "11"
    assert finding.ids == (("rep:0007",) if with_ids else ())


def test_two_reasons_for_one_report() -> None:
    lines = (BoxLine("A", 4, make_ids("rep", 1, 5)), BoxLine("B", 3, make_ids("rep", 4, 7)))
    found = check(change(make_new_review(), "dbr_excluded", lines=lines))
    assert found["PRISMA-005"].ids == ("rep:0004",)
    assert "PRISMA-001" not in found


@pytest.mark.parametrize(("studies", "reports"), [(6, 5), (0, 5)])
def test_studies_that_do_not_fit_their_reports(studies: int, reports: int) -> None:
    finding = check(make_reported(new_studies=studies, new_reports=reports))["PRISMA-006"]
    assert finding.expected == f"1 to {reports}"


def test_studies_that_are_not_those_of_the_reports() -> None:
    boxes = make_new_review() | {
        "new_studies": make_box("new_studies", ("study:0000", "study:0001", "study:0002", "study:0009"))
    }
    assert check(boxes)["PRISMA-006"].ids == ("study:0003", "study:0009")


def test_totals_of_an_update() -> None:
    boxes = make_updated_review()
    wrong = boxes | make_reported(total_studies=9)
    assert check(wrong)["PRISMA-007"].expected == "8 = 3 previous_studies + 5 new_studies"
    withdrawn = boxes | make_reported(total_studies=7, withdrawn_studies=1)
    assert "PRISMA-007" not in check(withdrawn)
    added = boxes | make_reported(total_reports=11, added_reports=1)
    assert "PRISMA-007" not in check(added)


def test_more_in_the_meta_analysis_than_in_the_review() -> None:
    boxes = make_updated_review() | {"total_studies_ma": make_box("total_studies_ma", ("study:0000", "elsewhere"))}
    assert check(boxes)["PRISMA-008"].ids == ("elsewhere",)
    assert "PRISMA-008" in check(make_reported(new_studies=3, new_reports=3, total_studies_ma=4))


def test_cases_that_do_not_fit_their_studies() -> None:
    empty = Documents(cases_of={"study:0000": 8, "study:0001": 0})
    assert check(make_new_review(), empty)["PRISMA-009"].ids == ("study:0001",)
    twice = Documents(cases_of={"study:0000": 8, "study:0001": 2}, cases_printed_twice=1)
    assert check(make_reported(new_cases=10), twice)["PRISMA-009"].expected == "9 = 10 listed - 1 printed twice"
    assert "PRISMA-009" not in check(make_reported(new_cases=9), twice)


@pytest.mark.parametrize(
    "box",
    [
        Box("records_screened", -1, "records", reported=True),
        Box("records_screened", 3, "records", ("a", "b")),
        Box("records_screened", 2, "records", ("a", "a")),
    ],
    ids=["negative", "longer than its list", "twice"],
)
def test_a_number_that_is_not_its_list(box: Box) -> None:
    assert "PRISMA-010" in check({box.key: box})


def test_a_number_in_the_wrong_unit() -> None:
    finding = check({"database_results": Box("database_results", 2, "reports", ("a", "b"))})["PRISMA-011"]
    assert (finding.found, finding.expected) == ("reports", "records")


@pytest.mark.parametrize("with_ids", [True, False])
def test_what_leaves_a_box_was_in_it(with_ids: bool) -> None:
    boxes = make_new_review() | {
        "records_excluded": make_box("records_excluded", make_ids("rec", 12, 101 if with_ids else 200))
    }
    if not with_ids:
        boxes = make_reported(**{key: box.n for key, box in boxes.items()})
    assert check(boxes)["PRISMA-012"].ids == (("rec:0100",) if with_ids else ())


def test_two_records_of_one_report_are_lawful_when_linked() -> None:
    boxes = make_new_review() | {"records_excluded": make_box("records_excluded", make_ids("rec", 13, 100))}
    unlinked = check(boxes)["PRISMA-021"]
    assert (unlinked.found, unlinked.expected, unlinked.ids) == ("12", "13 records kept", ("rec:0012",))
    linked = dataclasses.replace(DOCUMENTS, report_of={**DOCUMENTS.report_of, "rec:0012": "rep:0003"})
    assert "PRISMA-021" not in check(boxes, linked)
    assert "PRISMA-021" in check(make_reported(records_screened=10, records_excluded=5, dbr_sought_reports=4))


def test_an_item_of_another_lane_that_a_database_had_found() -> None:
    boxes = make_updated_review() | {
        "citations_results": make_box("citations_results", make_ids("web", 1, 6)),
    }
    assert check(boxes)["PRISMA-022"].ids == ("web:0005",)
    declared = dataclasses.replace(DOCUMENTS, known_from_databases=frozenset({"web:0005"}))
    assert "PRISMA-022" not in check(boxes, declared)


def test_a_report_that_both_lanes_reached() -> None:
    boxes = make_updated_review()
    counts = {key: box.n for key, box in boxes.items()} | {
        "new_reports": 5,
        "new_studies": 4,
        "total_studies": 7,
        "total_reports": 9,
    }
    finding = check(make_reported(**counts), Documents())["PRISMA-023"]
    assert finding.expected == "6 = 5 + 1 - 0 reached by both"
    assert "PRISMA-023" not in check(boxes)


def test_a_previous_study_counted_as_new() -> None:
    boxes = make_updated_review()
    documents = dataclasses.replace(DOCUMENTS, study_of={**DOCUMENTS.study_of, "rep:0009": "old:0001"})
    assert check(boxes, documents)["PRISMA-024"].ids == ("rep:0009",)


def test_records_of_the_previous_version_screened_again() -> None:
    documents = dataclasses.replace(DOCUMENTS, screened_before=frozenset({"rec:0050", "other"}))
    assert check(make_new_review(), documents)["PRISMA-025"].ids == ("rec:0050",)


def test_an_unfinished_review_is_noted_and_its_arithmetic_holds() -> None:
    boxes = make_new_review() | {
        "records_screened": make_box("records_screened", make_ids("rec", 0, 90)),
        "records_excluded": make_box("records_excluded", make_ids("rec", 12, 90)),
        "records_waiting": make_box("records_waiting", make_ids("rec", 90, 100)),
    }
    assert set(check(boxes)) == {"PRISMA-031"}
    assert "10 records await" in check(boxes)["PRISMA-031"].message


@pytest.mark.parametrize("boxes", [[Box("records_seen", 1, "records")], [Box("duplicates", 0, "records")] * 2])
def test_an_unknown_or_repeated_key_is_a_programming_error(boxes: list[Box]) -> None:
    with pytest.raises(ValueError, match=r"records_seen|twice"):
        check_identities(boxes)


@st.composite
def flows(draw: st.DrawFn) -> dict[str, int]:
    """Counts of a finished first review whose arithmetic is right."""
    databases, registers = draw(st.integers(0, 500)), draw(st.integers(0, 50))
    left = databases + registers
    removed = {}
    for key in ("duplicates", "excluded_automatic", "excluded_other"):
        removed[key] = draw(st.integers(0, left))
        left -= removed[key]
    excluded = draw(st.integers(0, left))
    lost = draw(st.integers(0, left - excluded))
    assessed = left - excluded - lost
    rejected = draw(st.integers(0, assessed))
    reports = assessed - rejected
    studies = draw(st.integers(1, reports)) if reports else 0
    return {
        "database_results": databases,
        "register_results": registers,
        **removed,
        "records_screened": left,
        "records_excluded": excluded,
        "dbr_sought_reports": left - excluded,
        "dbr_notretrieved_reports": lost,
        "dbr_assessed": assessed,
        "dbr_excluded": rejected,
        "new_studies": studies,
        "new_reports": reports,
    }


@settings(max_examples=80, deadline=None)
@given(flows(), st.data())
def test_any_right_flow_passes_and_any_changed_number_is_caught(counts: dict[str, int], data: st.DataObject) -> None:
    assert check_identities(make_reported(**counts).values()) == []
    # One study fewer may well be right; every other number is tied to its neighbours.
    key = data.draw(st.sampled_from([each for each in counts if each != "new_studies"]))
    change = data.draw(st.integers(-50, 50).filter(lambda by: by != 0 and counts[key] + by >= 0))
    assert check_identities(make_reported(**counts | {key: counts[key] + change}).values()) != []

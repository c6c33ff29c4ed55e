"""The boxes of the flow diagram, counted from a review folder that changes one thing at a time."""

from __future__ import annotations

import pytest

from review.reporting.counting import Flow
from review.reporting.counting import count_boxes
from review.reporting.counting import count_patients
from review.reporting.identities import check_identities
from tests.builder import ADAMS
from tests.builder import BAKER
from tests.builder import BAKER_SHEET
from tests.builder import CLARK
from tests.builder import LOG
from tests.builder import LOG_HEAD
from tests.builder import PROTOCOL
from tests.builder import RIS
from tests.builder import SHEETS
from tests.builder import make_review


def count(made, titles=None):
    """Open a review and count; the identities must hold whatever the state of the review."""
    review = made.open()
    flow = Flow(
        review.entries, review.report_of, review.progress, tuple(review.studies.values()), review.protocol, titles or {}
    )
    boxes, documents = count_boxes(flow)
    wrong = [finding for finding in check_identities(boxes, documents) if finding.level == "error"]
    assert wrong == []
    for box in boxes:
        assert box.reported or box.n == len(box.ids)
    return {box.key: box for box in boxes}, documents


def numbers(boxes):
    return {key: box.n for key, box in boxes.items()}


def test_a_finished_review(tmp_path):
    boxes, documents = count(make_review(tmp_path), {"library": "Library of the faculty"})
    assert numbers(boxes) == {
        "database_results": 4,
        "duplicates": 1,
        "records_screened": 3,
        "records_excluded": 1,
        "dbr_sought_reports": 2,
        "dbr_notretrieved_reports": 0,
        "dbr_assessed": 2,
        "dbr_excluded": 0,
        "new_studies": 2,
        "new_reports": 2,
        "new_cases": 3,
    }
    assert boxes["duplicates"].ids == (f"{ADAMS}@library#2",)
    assert boxes["records_excluded"].ids == (CLARK,)
    assert boxes["new_studies"].ids == ("adams-2010", "baker-2012")
    assert boxes["new_cases"].ids == ("adams-2010-1", "adams-2010-2", "baker-2012/1")
    assert [(line.label, line.n) for line in boxes["database_results"].lines] == [("Library of the faculty", 4)]
    assert documents.study_of == {ADAMS: "adams-2010", BAKER: "baker-2012"}
    assert documents.cases_of == {"adams-2010": 2, "baker-2012": 1}


def test_an_empty_review(tmp_path):
    boxes, _ = count(make_review(tmp_path, ris=None, logs={}, sheets={}))
    assert set(numbers(boxes).values()) == {0}
    assert boxes["database_results"].unit == "records"


def test_reports_excluded_at_full_text_are_counted_by_reason_in_the_order_of_the_protocol(tmp_path):
    log = LOG.replace(f"full-text,{ADAMS},include,,", f"full-text,{ADAMS},exclude,no-data,")
    log = log.replace(f"full-text,{BAKER},include,,", f"full-text,{BAKER},exclude,wrong-population,")
    boxes, _ = count(make_review(tmp_path, logs={"ann": log}))
    assert numbers(boxes)["dbr_excluded"] == 2
    assert boxes["dbr_excluded"].lines == (("No calcinosis", 1, (BAKER,)), ("No outcome given", 1, (ADAMS,)))
    assert (boxes["new_studies"].n, boxes["new_cases"].n) == (0, 0)


def test_what_waits_is_counted_apart(tmp_path):
    rows = LOG.splitlines(keepends=True)
    boxes, _ = count(make_review(tmp_path, logs={"ann": "".join(rows[:2])}))
    assert (boxes["records_screened"].n, boxes["records_waiting"].ids) == (1, (BAKER, CLARK))
    assert (boxes["dbr_sought_reports"].ids, boxes["dbr_waiting"].ids, boxes["dbr_assessed"].n) == (
        (ADAMS,),
        (ADAMS,),
        0,
    )


def test_a_full_text_that_could_not_be_had(tmp_path):
    log = LOG + f"2026-01-04T08:00:00Z,retrieval,{BAKER},exclude,,\n"
    log = log.replace(f"2026-01-03T08:01:00Z,full-text,{BAKER},include,,\n", "")
    boxes, _ = count(make_review(tmp_path, logs={"ann": log}))
    assert (boxes["dbr_notretrieved_reports"].ids, boxes["dbr_assessed"].ids) == ((BAKER,), (ADAMS,))


@pytest.mark.parametrize(("lane", "key"), [("register", "register_results"), ("database", "database_results")])
def test_a_second_source_in_the_main_lane(tmp_path, lane, key):
    made = make_review(tmp_path)
    made.add_run(RIS, source="registry", started="2026-01-01T09:00:00Z", lane=lane)
    boxes, _ = count(made)
    assert boxes[key].n == (4 if lane == "register" else 8)
    assert (boxes["duplicates"].n, boxes["records_screened"].n) == (5, 3)


def test_a_source_of_other_methods_has_boxes_of_its_own(tmp_path):
    entries = RIS.split("\n\n")
    made = make_review(tmp_path, ris="\n\n".join(entries[:2]) + "\n")
    made.add_run("\n\n".join(entries[1:]), source="hand search", started="2026-01-01T09:00:00Z", lane="citation")
    boxes, documents = count(made)
    assert (boxes["database_results"].n, boxes["citations_results"].n) == (2, 3)
    assert (boxes["dbr_sought_reports"].ids, boxes["other_sought_reports"].ids) == ((ADAMS,), (BAKER,))
    assert (boxes["records_screened"].ids, boxes["other_assessed"].ids) == ((ADAMS,), (BAKER,))
    assert documents.known_from_databases == {f"{ADAMS}@hand-search"}
    assert boxes["new_reports"].n == 2


def test_the_previous_version_is_carried_as_reported(tmp_path):
    protocol = PROTOCOL + "previous: {studies: 3, reports: 4, source: the review of 2012}\n"
    boxes, _ = count(make_review(tmp_path, protocol=protocol))
    for key, n in {"previous_studies": 3, "previous_reports": 4, "total_studies": 5, "total_reports": 6}.items():
        assert (boxes[key].n, boxes[key].ids, boxes[key].reported) == (n, (), True)


def test_secondary_evidence_is_not_an_included_study(tmp_path):
    sheets = SHEETS | {"baker-2012": BAKER_SHEET.replace("design:", "evidence: secondary\ndesign:")}
    boxes, _ = count(make_review(tmp_path, sheets=sheets))
    assert (boxes["new_studies"].ids, boxes["new_cases"].n) == (("adams-2010",), 2)


AGAIN = "cases:\n  - case: b1\n    same_as: adams-2010-1\n  - case: b2\ncounts:\n"


def test_a_patient_of_two_included_studies_is_counted_once(tmp_path):
    sheets = SHEETS | {"baker-2012": BAKER_SHEET.replace("counts:\n", AGAIN)}
    boxes, documents = count(make_review(tmp_path, sheets=sheets))
    assert boxes["new_cases"].ids == ("adams-2010-1", "adams-2010-2", "b2")
    assert documents.cases_printed_twice == 1


def test_a_patient_whose_other_study_is_not_included_is_counted(tmp_path):
    sheets = SHEETS | {"baker-2012": BAKER_SHEET.replace("counts:\n", AGAIN)}
    log = LOG.replace(f"full-text,{ADAMS},include,,", f"full-text,{ADAMS},exclude,no-data,")
    boxes, documents = count(make_review(tmp_path, sheets=sheets, logs={"ann": log}))
    assert boxes["new_cases"].ids == ("b1", "b2")
    assert documents.cases_printed_twice == 0


def test_patients_are_the_cases_or_the_largest_total(tmp_path):
    review = make_review(tmp_path).open()
    assert count_patients(review.studies["adams-2010"]) == 2
    assert count_patients(review.studies["baker-2012"]) == 1


def test_conflicts_wait(tmp_path):
    made = make_review(
        tmp_path, logs={"ann": LOG, "ben": LOG_HEAD + f"2026-01-02T08:02:00Z,title-abstract,{CLARK},include,,\n"}
    )
    boxes, _ = count(made)
    assert (boxes["records_waiting"].ids, boxes["records_excluded"].n) == ((CLARK,), 0)

"""A printed table of patients and courses becomes a sheet, and the sheet gives every count of the table back."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction

import pytest

from review.extraction.describe import describe_numbers
from review.extraction.table import render_cases
from review.extraction.tally import count_cases
from review.extraction.tally import tally_outcome
from review.extraction.totals import compute_statistics
from review.files import decode_snapshot
from review.numerals import parse_number
from review.rows import parse_rows
from tests.builder import MadeReview
from tests.builder import list_codes
from tests.builder import make_protocol
from tests.builder import show

PROTOCOL = """\
format: 1
title: Rituximab in juvenile disease
question: How many improve?
registration: not registered
case_fields:
  age_onset: {label: Age at onset, type: number, unit: years, range: [0, 18], required: yes}
  age_treated: {label: Age at treatment, type: number, unit: years, range: [0, 18], required: yes}
  sex: {label: Sex, type: choice, choices: [female, male], required: yes}
  calcinosis: {label: Calcinosis, type: choice, choices: [yes, no], required: yes}
  courses: {label: Courses, type: integer, range: [1, 9], required: yes}
  grade: {label: Grade of the last course, type: choice, choices: [CCR, NR], required: yes}
outcomes:
  complete_response: {response: complete clinical response of the muscle disease, rule: grade = "CCR"}
  calcified_responder: {response: complete response of a patient with calcinosis, rule: calcinosis and grade = "CCR"}
  has_calcinosis: {response: calcinosis at treatment, rule: calcinosis}
  calcinosis_improved: {response: calcinosis got better}
  survival: {type: time-to-event, definition: death of any cause, unit: years, better: higher}
  courses_given: {type: count, definition: courses, unit: years, range: [1, 9]}
"""

#: A made-up table in the form of the one in the shared folder: three patients, one of them with two courses.
TABLE = {
    "n_cases": {"value": 3},
    "n_with_calcinosis": {"value": 2},
    "n_calcinosis_improved": {"value": 0},
    "rows": [
        {"patient": 1, "course": "1", "sex": "F", "age_onset": 3, "age_rtx": 4.5, "calcinosis": True, "regimen": "2 x 500 mg/m2", "outcome": "CCR", "followup_years": 2},
        {"patient": 2, "course": "2a", "sex": "M", "age_onset": 7.2, "age_rtx": 8, "calcinosis": True, "regimen": None, "outcome": "NE", "followup_years": None},
        {"patient": 2, "course": "2b", "sex": "M", "age_onset": 7.2, "age_rtx": 9.1, "calcinosis": True, "regimen": None, "outcome": "NR", "followup_years": 1.5, "note": "death"},
        {"patient": 3, "course": "3", "sex": "F", "age_onset": 11, "age_rtx": 12, "calcinosis": False, "regimen": None, "outcome": "NE", "followup_years": None},
    ],
}  # fmt: skip

RECORD = "doi:10.5555/table.2011"
RIS = """\
TY  - JOUR
TI  - A table of patients, printed one by one
AU  - Doe, Ann
PY  - 2011
DO  - 10.5555/table.2011
ER  -
"""


def group_courses(rows):
    """The courses of each patient, in order."""
    patients = {}
    for row in rows:
        patients.setdefault(row["patient"], []).append(row)
    return patients


def render_rows(table):
    """The table as a CSV with one row per patient, each value with its place; the last course is the one that counts."""
    rows = []
    for patient, courses in group_courses(table["rows"]).items():
        last = courses[-1]
        followed = last["followup_years"]
        values = {
            "age_onset": last["age_onset"],
            "age_treated": courses[0]["age_rtx"],
            "sex": {"F": "female", "M": "male"}[last["sex"]],
            "calcinosis": "yes" if last["calcinosis"] else "no",
            "courses": len(courses),
            "grade": "unclear" if last["outcome"] == "NE" else last["outcome"],
            "outcome:survival": "not reported" if followed is None else followed,
            "outcome:courses_given": len(courses),
        }
        row = {"case": f"table-2011-{patient}"}
        for name, value in values.items():
            row |= {name: str(value), f"{name}:record": RECORD, f"{name}:place": f"Table 1, row {last['course']}"}
        if followed is not None:
            row["outcome:survival:event"] = "yes" if last.get("note") == "death" else "no"
            row["outcome:courses_given:exposure"] = str(followed)
        rows.append(row)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def make_folder(root, table):
    """A review whose only study is the table, with the counts that are printed beside it."""
    protocol = make_protocol(PROTOCOL)
    snapshot = decode_snapshot(root / "cases.csv", render_rows(table).encode())
    cases, count, findings = render_cases(parse_rows(snapshot, "cases.csv", ("case",)), protocol, "table-2011")
    assert findings == []
    assert count == table["n_cases"]["value"]
    improved, calcified = table["n_calcinosis_improved"]["value"], table["n_with_calcinosis"]["value"]
    ages = sorted(courses[-1]["age_onset"] for courses in group_courses(table["rows"]).values())
    sheet = f"""\
format: 1
study: table-2011
label: Doe 2011
design: case series
year: 2011
reports: [{{record: {RECORD}, name: paper}}]
{cases}
counts:
  - {{outcome: has_calcinosis, events: {calcified}, total: {count}, source: paper}}
  - {{outcome: calcinosis_improved, events: {improved}, total: {calcified}, source: paper}}
characteristics:
  - {{field: age_onset, n: {count}, range: [{ages[0]}, {ages[-1]}], source: paper}}
"""
    made = MadeReview(root)
    made.write("protocol.yaml", PROTOCOL)
    made.add_run(RIS)
    made.write("extraction/studies/table-2011.yaml", sheet)
    return made


def check_table(root, table):
    """Read the folder, and rebuild from the cases what the table says."""
    review = make_folder(root, table).open()
    wrong = [finding for finding in review.findings if finding.code.startswith(("EXTRACT", "PROJECT"))]
    assert show(wrong) == []
    (study,) = review.studies.values()
    patients = group_courses(table["rows"])
    last = [courses[-1] for courses in patients.values()]
    assert len(study.cases) == table["n_cases"]["value"] == len(patients)

    calcified = count_cases(study.cases, "has_calcinosis")
    assert (calcified.events, calcified.total) == (table["n_with_calcinosis"]["value"], len(patients))
    assert set(calcified.derived) == {case.id for case in study.cases}

    # Nobody's calcinosis is told one by one: the printed count is used, and is of the patients who have one.
    improved = tally_outcome(study, "calcinosis_improved")
    assert (improved.events, improved.total, improved.cases) == (
        table["n_calcinosis_improved"]["value"], calcified.events, (),
    )  # fmt: skip

    grades = [row["outcome"] for row in last]
    responded = count_cases(study.cases, "complete_response")
    assert (responded.events, responded.total) == (grades.count("CCR"), grades.count("CCR") + grades.count("NR"))
    assert len(responded.unknown) == grades.count("NE")

    both = {case.id: case.derived["calcified_responder"].value for case in study.cases}
    for patient, row in zip(patients, last, strict=True):
        # Who has no calcinosis is no such responder, whether or not the course could be evaluated.
        expected = "no" if not row["calcinosis"] else {"CCR": "yes", "NR": "no", "NE": None}[row["outcome"]]
        assert both[f"table-2011-{patient}"] == expected

    known = [case.outcomes["survival"] for case in study.cases if not case.outcomes["survival"].missing]
    followed = [parse_number(str(row["followup_years"])) for row in last if row["followup_years"] is not None]
    survival = compute_statistics(known)
    assert survival["n"] == (len(followed),)
    assert survival["person_time"] == (sum(followed),)
    assert survival["events"] == (sum(row.get("note") == "death" for row in last),)

    given = compute_statistics([case.outcomes["courses_given"] for case in study.cases])
    assert given["events"] == (len(table["rows"]),)

    age = describe_numbers(review.protocol.case_fields[0], study.cases)
    ages = [parse_number(str(row["age_onset"])) for row in last]
    assert (age.known, age.mean, age.range) == (len(ages), sum(ages, Fraction(0)) / len(ages), (min(ages), max(ages)))
    return review


def test_a_small_table_gives_its_counts_back(tmp_path):
    check_table(tmp_path, TABLE)


def test_a_count_that_the_rows_contradict_is_found(tmp_path):
    made = make_folder(tmp_path, TABLE)
    made.change("extraction/studies/table-2011.yaml", "has_calcinosis, events: 2", "has_calcinosis, events: 1")
    assert "EXTRACT-022" in list_codes(made.open().findings)


@pytest.mark.shared
def test_the_table_of_nine_patients_gives_its_counts_back(tmp_path, shared):
    table = json.loads((shared / "example" / "cases.json").read_text("utf-8"))["excluded_case_level_example"]
    review = check_table(tmp_path, table)
    (study,) = review.studies.values()
    # As read off the printed table by hand.
    derived = [case.derived.get("complete_response") for case in study.cases]
    assert [item and item.value for item in derived] == [
        "yes", "yes", "yes", "no", "no", None, "no", "no", "no",
    ]  # fmt: skip
    responded = count_cases(study.cases, "calcified_responder")
    assert (responded.events, responded.total, responded.unknown) == (2, 9, ())

"""What stands beside the sheets is read, held against them and part of every check and build."""

from __future__ import annotations

from review.results import compute_results
from review.workspace import hash_inputs
from tests.builder import ADAMS_SHEET
from tests.builder import list_codes
from tests.builder import make_review
from tests.builder import show

SECOND = "extraction/second/adams-2010.yaml"


def test_two_sheets_that_differ_are_told_until_it_is_settled(tmp_path):
    made = make_review(tmp_path)
    made.write(SECOND, ADAMS_SHEET)
    assert made.open().findings == ()
    made.change(SECOND, "value: 54", "value: 52")
    review = made.open()
    assert list_codes(review.findings) == ["EXTRACT-055"]
    assert len(review.second) == 1
    made.write(
        "extraction/settled.csv",
        "time,by,study,item,first,second,settled,why\n2026-01-01T00:00:00Z,ann,adams-2010,adams-2010-1.age_years,54,52,54,Table 1\n",
    )
    assert made.open().findings == ()
    assert {SECOND, "extraction/settled.csv"} <= set(hash_inputs(made.layout))


def test_a_second_sheet_without_a_first_is_told(tmp_path):
    made = make_review(tmp_path)
    made.write("extraction/second/clark-2014.yaml", ADAMS_SHEET.replace("adams-2010", "clark-2014"))
    (finding,) = made.open().findings
    assert finding.code == "EXTRACT-058"
    assert (finding.origin.path, finding.origin.line) == ("extraction/second/clark-2014.yaml", 1)
    assert finding.expected == "extraction/studies/clark-2014.yaml"
    made.write("extraction/studies/clark-2014.yaml", ADAMS_SHEET.replace("adams-2010", "clark-2014"))
    assert "EXTRACT-058" not in made.codes()


def test_a_slip_in_a_second_sheet_is_told(tmp_path):
    made = make_review(tmp_path)
    made.write(SECOND, ADAMS_SHEET.replace("value: 54", "value: 540"))
    assert "EXTRACT-016" in made.codes()


def test_quotes_are_held_against_attached_texts_in_every_check(tmp_path):
    made = make_review(tmp_path)
    assert compute_results(made.open()).findings == ()
    text = "pdfs/doi-10-5555-adams-2010.txt"
    made.write(text, "Calcinosis rose by half.\n")
    assert list_codes(compute_results(made.open()).findings) == ["EXTRACT-050"]
    before = hash_inputs(made.layout)
    made.write(text, "Calcinosis fell by half.\n")
    assert compute_results(made.open()).findings == ()
    after = hash_inputs(made.layout)
    assert {path for path in after if after[path] != before.get(path)} == {text}
    made.write("pdfs/doi-10-5555-adams-2010.pdf", b"no PDF")
    assert show(compute_results(made.open()).findings)[0].startswith(
        "pdfs/doi-10-5555-adams-2010.pdf: EXTRACT-052 warning"
    )

from __future__ import annotations

import pytest

from review.extraction.checks import check_sheets
from review.extraction.sheet import parse_sheet
from review.marked import parse_marked
from tests.builder import ADAMS
from tests.builder import ADAMS_SHEET
from tests.builder import BAKER
from tests.builder import BAKER_SHEET
from tests.builder import list_codes
from tests.builder import make_protocol
from tests.builder import show

PROTOCOL = make_protocol()
FOLDER = "extraction/studies"


def check(adams=ADAMS_SHEET, baker=BAKER_SHEET):
    """Check the two sheets together; the sheets as they are raise nothing."""
    studies = []
    for name, text in (("adams-2010", adams), ("baker-2012", baker)):
        study, findings = parse_sheet(parse_marked(text, f"{FOLDER}/{name}.yaml"), PROTOCOL)
        assert {"EXTRACT-011", "EXTRACT-017"} >= set(list_codes(findings)), show(findings)
        studies.append(study)
    return check_sheets(studies, {ADAMS, BAKER}.__contains__)


def test_sheets_that_are_right_have_no_findings():
    assert check() == []


CASE = "cases:\n  - case: {}\n"

#: The code, the change in each sheet, and the rest of the finding as printed.
SLIPS = [
    (
        "EXTRACT-012",
        {"baker": ("study: baker-2012", "study: adams-2010")},
        f"{FOLDER}/baker-2012.yaml:1: EXTRACT-012 error: the study adams-2010 has a sheet already: {FOLDER}/adams-2010.yaml",
    ),
    (
        "EXTRACT-013",
        {"adams": (f"record: {ADAMS}, name", "record: pubmed:7, name")},
        (
            f"{FOLDER}/adams-2010.yaml:7: EXTRACT-013 error: no run holds the record pubmed:7 (give an id as `review records` prints it, "
            "or the name of a report or source of this sheet)"
        ),
    ),
    (
        "EXTRACT-013",
        {"baker": ("    source: paper", "    source: papr")},
        (
            f"{FOLDER}/baker-2012.yaml:10: EXTRACT-013 error: no run holds the record papr (give an id as `review records` prints it, "
            "or the name of a report or source of this sheet)"
        ),
    ),
    (
        "EXTRACT-022",
        {"adams": ("cases:\n", "counts:\n  - {outcome: response, events: 2, total: 2, source: paper}\ncases:\n")},
        f"{FOLDER}/adams-2010.yaml:9: EXTRACT-022 error: response: the total says 2/2, the cases 1/2; expected 1/2",
    ),
    (
        "EXTRACT-030",
        {"baker": ("counts:\n", CASE.format("adams-2010-1") + "counts:\n")},
        (
            f"{FOLDER}/baker-2012.yaml:9: EXTRACT-030 error: the case adams-2010-1 is in the sheet of adams-2010 too "
            "(give it an id of its own and say same_as, so that it is counted once)"
        ),
    ),
    (
        "EXTRACT-031",
        {"baker": ("counts:\n", CASE.format("b1\n    same_as: nobody") + "counts:\n")},
        f"{FOLDER}/baker-2012.yaml:9: EXTRACT-031 error: the case b1 is said to be nobody, which no sheet has",
    ),
    (
        "EXTRACT-031",
        {"adams": ("  - case: adams-2010-2\n", "  - case: adams-2010-2\n    same_as: adams-2010-1\n")},
        f"{FOLDER}/adams-2010.yaml:14: EXTRACT-031 error: the case adams-2010-2 is said to be adams-2010-1, a case of the same sheet",
    ),
    (
        "EXTRACT-032",
        {"baker": ("counts:\n", "overlap: {may_include: clark-2014, why: w}\ncounts:\n")},
        (
            f"{FOLDER}/baker-2012.yaml:8: EXTRACT-032 error: baker-2012 may include clark-2014, which has no sheet of its own; "
            "expected adams-2010 | baker-2012"
        ),
    ),
    (
        "EXTRACT-032",
        {"baker": ("counts:\n", "overlap: {distinct_from: baker-2012, why: w}\ncounts:\n")},
        (
            f"{FOLDER}/baker-2012.yaml:8: EXTRACT-032 error: baker-2012 distinct from baker-2012, which has no sheet of its own; "
            "expected adams-2010 | baker-2012"
        ),
    ),
]


def change(changes):
    texts = {"adams": ADAMS_SHEET, "baker": BAKER_SHEET}
    for name, (old, new) in changes.items():
        assert texts[name].count(old) == 1, (name, old)
        texts[name] = texts[name].replace(old, new)
    return texts


@pytest.mark.parametrize(("code", "changes", "printed"), SLIPS)
def test_slips_between_sheets_are_told_with_file_and_line(code, changes, printed):
    findings = check(**change(changes))
    assert (list_codes(findings), show(findings)) == ([code], [printed])
    assert code not in list_codes(check())


def test_cases_that_refer_to_each_other_are_told():
    changes = {
        "adams": ("  - case: adams-2010-1\n", "  - case: adams-2010-1\n    same_as: b1\n"),
        "baker": ("counts:\n", CASE.format("b1\n    same_as: adams-2010-1") + "counts:\n"),
    }
    assert show(check(**change(changes))) == [
        f"{FOLDER}/adams-2010.yaml:9: EXTRACT-031 error: the case adams-2010-1 is said to be b1, which is said to be this one in turn",
        f"{FOLDER}/baker-2012.yaml:9: EXTRACT-031 error: the case b1 is said to be adams-2010-1, which is said to be this one in turn",
    ]


def test_what_links_sheets_rightly_is_not_told():
    changes = {
        "adams": ("cases:\n", "counts:\n  - {outcome: response, events: 1, total: 2, source: paper}\ncases:\n"),
        "baker": (
            "counts:\n",
            CASE.format("b1\n    same_as: adams-2010-1") + "overlap: {overlaps_with: adams-2010, why: w}\ncounts:\n",
        ),
    }
    assert check(**change(changes)) == []


def test_a_record_is_told_once_however_often_a_sheet_names_it():
    told = check(adams=ADAMS_SHEET.replace(ADAMS, "pubmed:7"))
    assert list_codes(told) == ["EXTRACT-013"]

from __future__ import annotations

import pytest

from review.extraction.overlap_candidates import MOST_TOLD
from review.extraction.overlap_candidates import check_candidates
from review.extraction.sheet import parse_sheet
from review.marked import parse_marked
from review.model import Author
from review.model import Record
from review.model import RecordId
from tests.builder import list_codes
from tests.builder import make_protocol
from tests.builder import make_review
from tests.builder import show

PROTOCOL = make_protocol()
CASE = "age_years: 54\n    cycles: 2\n    sex: female\n    onset: 2001-05"
SHEET = """\
format: 1
study: {name}
reports: [{{record: pubmed:1}}]
cases:
  - case: {name}-1
    {case}
{more}"""


def make_study(name, case=CASE, more=""):
    text = SHEET.format(name=name, case=case, more=more)
    study, findings = parse_sheet(parse_marked(text, f"extraction/studies/{name}.yaml"), PROTOCOL)
    assert set(list_codes(findings)) <= {"EXTRACT-017"}
    return study


def check(*studies, **people):
    """Check studies; people by study name, as `family given` or `family given @ affiliation`."""

    def list_records(study):
        authors = []
        for text in people.get(study.id, ()):
            name, _, centre = text.partition(" @ ")
            family, _, given = name.rpartition(" ")
            authors.append(Author(family, given, affiliations=(centre,) if centre else ()))
        return [Record(RecordId("pubmed:1"), "t", tuple(authors))]

    return check_candidates(list(studies), PROTOCOL, list_records)


TEAM = ["Ñandú Ana", "Okoro Ben", "Clark Ada"]


def test_equal_cases_of_studies_with_a_common_author_are_doubtful():
    findings = check(make_study("a"), make_study("b"), a=TEAM, b=["Nandu A"])
    assert list_codes(findings) == ["EXTRACT-061"]
    assert show(findings) == [
        (
            "extraction/studies/b.yaml:5: EXTRACT-061 warning: b-1 of b may be a-1 of a: equal age_years, cycles, sex, onset "
            "(if so, same_as: a-1; if not, distinct_from: a under overlap, with why)"
        )
    ]


@pytest.mark.parametrize(
    ("case", "people"),
    [
        (CASE.replace("54", "55"), TEAM),
        (CASE.replace("54", '"> 50"').replace("sex: female", "sex: unclear"), ["Okoro Ben"]),
        (CASE, ["Doe Joe"]),
        (CASE, []),
        ("age_years: 54\n    sex: female", ["Okoro Ben"]),
    ],
)
def test_cases_that_differ_or_say_little_are_not(case, people):
    findings = check(make_study("a"), make_study("b", case), a=TEAM, b=people)
    assert "EXTRACT-061" not in list_codes(findings)


def test_five_equal_values_are_doubtful_without_a_common_author():
    protocol = make_protocol(
        "format: 1\ntitle: t\ncase_fields:\n" + "".join(f"  f{n}: {{type: number}}\n" for n in range(6))
    )

    def make(name, values):
        body = "\n    ".join(f"f{n}: {value}" for n, value in enumerate(values))
        text = SHEET.format(name=name, case=body, more="")
        return parse_sheet(parse_marked(text, f"{name}.yaml"), protocol)[0]

    def codes(one, other):
        return list_codes(check_candidates([make("a", one), make("b", other)], protocol, lambda _study: []))

    assert codes([1, 2, 3, 4, 5], [1, 2, 3, "4.0", 5]) == ["EXTRACT-061"]
    assert codes([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, "not reported"]) == ["EXTRACT-061"]
    assert codes([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 7]) == []
    assert codes([1, 2, 3, 4], [1, 2, 3, 4]) == []


def test_studies_with_common_authors_are_doubtful():
    other = CASE.replace("54", "60")
    (finding,) = check(make_study("a"), make_study("b", other), a=TEAM, b=["Clark A", "Okoro B", "New Person"])
    assert str(finding) == (
        "extraction/studies/b.yaml:1: EXTRACT-060 warning: b may share patients with a: both have Clark A, Okoro B "
        "(say overlaps_with, may_include or distinct_from under overlap, with why)"
    )
    centre = "Department of Made-up Medicine, Hospital of Nowhere, 1 Street, Town"
    with_centre = check(
        make_study("a"), make_study("b", other), a=[f"Okoro Ben @ {centre}"], b=[f"Okoro Ben @ {centre}"]
    )
    assert "both have Department of Made-up Medicine, Okoro B" in str(with_centre[0])
    only_centre = check(make_study("a"), make_study("b", other), a=[f"Okoro Ben @ {centre}"], b=[f"Doe Joe @ {centre}"])
    assert only_centre == []
    assert check(make_study("a"), make_study("b", other), a=TEAM, b=["Clark A", "Clark Bea"]) == []


@pytest.mark.parametrize(
    "more",
    [
        "overlap: {distinct_from: a, why: other years}\n",
        "    same_as: a-1\n",
    ],
)
def test_what_a_sheet_has_ruled_is_not_told_again(more):
    assert check(make_study("a"), make_study("b", more=more), a=TEAM, b=TEAM) == []


def test_shared_patients_that_are_declared_may_still_be_named_one_by_one():
    study = make_study("b", more="overlap: {overlaps_with: a, why: same centre}\n")
    assert list_codes(check(make_study("a"), study, a=TEAM, b=TEAM)) == ["EXTRACT-061"]


def test_a_crowd_of_equal_cases_is_told_in_part():
    more = "".join(f"  - case: {{name}}-{n}\n    {CASE}\n" for n in range(2, 6))
    crowd = [make_study(name, more=more.replace("{name}", name)) for name in ("a", "b")]
    assert list_codes(check(*crowd, a=TEAM, b=["Okoro Ben"])) == ["EXTRACT-061"] * MOST_TOLD


def test_a_review_tells_them(tmp_path):
    made = make_review(tmp_path / "r")
    assert not made.codes() & {"EXTRACT-060", "EXTRACT-061"}
    ris = made.root.joinpath("extraction/studies/baker-2012.yaml")
    made.change(
        "extraction/studies/adams-2010.yaml",
        "    sex: not reported\n",
        "    age_years: 54\n    sex: female\n    cycles: 2\n",
    )
    made.change(
        "extraction/studies/baker-2012.yaml",
        "counts:\n",
        "cases:\n  - {case: b1, age_years: 54, sex: female, cycles: 2}\ncounts:\n",
    )
    ris.write_text(
        ris.read_text("utf-8").replace(
            "  - {record: doi:10.5555/baker.2012, name: paper}",
            "  - {record: doi:10.5555/baker.2012, name: paper}\n  - {record: doi:10.5555/adams.2010, role: companion}",
        ),
        "utf-8",
    )
    assert {"EXTRACT-060", "EXTRACT-061"} <= made.codes()

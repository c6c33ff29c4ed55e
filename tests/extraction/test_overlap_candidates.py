from __future__ import annotations

import random

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


CENTRE = "Department of Made-up Medicine, Hospital of Nowhere, 1 Street, Town"
AGENTS = make_protocol(
    "format: 1\ntitle: t\ntreatments: {agents: [rituximab, warfarin]}\narms: {anti: {interventions: [rituximab]}}\n"
    "case_fields:\n  age_years: {type: number}\n  cycles: {type: integer}\n  sex: {type: choice, choices: [female, male]}\n  site: {type: text}\n"
)


def weigh(
    *,
    agents=("rituximab", "rituximab"),
    periods=("", ""),
    people=((), ()),
    cases=("age_years: 50", "age_years: 60"),
    arm="",
):
    """The findings on two studies with these agents, abstracts, authors and cases."""
    studies = []
    for name, agent, case in zip("ab", agents, cases, strict=True):
        more = f"    treatments: [{{agent: {agent}, response: yes}}]\n" if agent else ""
        more += f"    arm: {arm}\n" if arm and name == "b" else ""
        text = SHEET.format(name=name, case=case, more=more)
        studies.append(parse_sheet(parse_marked(text, f"{name}.yaml"), AGENTS)[0])

    def list_records(study):
        place = "ab".index(study.id)
        authors = [Author(*name.split()[::-1], affiliations=(CENTRE,) if "@" in name else ()) for name in people[place]]
        return [Record(RecordId("pubmed:1"), "t", tuple(authors), abstract=periods[place])]

    return check_candidates(studies, AGENTS, list_records)


SEEN = "Patients seen from {} to {} were treated."
EARLY, LATE, WIDE = SEEN.format(2001, 2004), SEEN.format(2005, 2009), SEEN.format(2003, 2008)
ONE, TWO = (("Ben Okoro",), ("Ben Okoro",)), (("Ben Okoro", "Ada Clark"),) * 2
HOUSE = (("Ann @Nandu",), ("Joe @Doe",))


@pytest.mark.parametrize(
    ("signs", "is_doubtful"),
    [
        ({"people": TWO}, True),
        ({"people": TWO, "periods": (EARLY, LATE)}, False),
        ({"people": TWO, "periods": (EARLY, WIDE)}, True),
        ({"people": TWO, "agents": ("rituximab", "warfarin")}, False),
        ({"people": TWO, "agents": ("rituximab", "")}, True),
        ({"people": ONE}, False),
        ({"people": ONE, "periods": (EARLY, WIDE)}, True),
        ({"people": ONE, "periods": (EARLY, WIDE), "agents": ("", "")}, False),
        ({"people": ONE, "periods": (EARLY, WIDE), "agents": ("rituximab", ""), "arm": "anti"}, True),
        ({"people": HOUSE}, False),
        ({"people": HOUSE, "periods": (EARLY, WIDE)}, True),
        ({"people": HOUSE, "periods": (EARLY, LATE)}, False),
        ({"periods": (EARLY, WIDE)}, False),
    ],
)
def test_years_of_recruitment_and_agents_count_besides_people(signs, is_doubtful):
    assert list_codes(weigh(**signs)) == ["EXTRACT-060"] * is_doubtful


def test_what_is_shared_is_told():
    (finding,) = weigh(people=ONE, periods=(EARLY, WIDE))
    assert "b may share patients with a: both have Okoro B, years of recruitment, rituximab" in str(finding)


SAME = ("age_years: 54\n    sex: female\n    site: both hands",) * 2


@pytest.mark.parametrize(
    ("signs", "is_doubtful"),
    [
        ({"people": ONE, "agents": ("", "")}, True),
        ({"people": ONE, "agents": ("", ""), "periods": (EARLY, LATE)}, False),
        ({"people": HOUSE, "agents": ("", "")}, False),
        ({"people": HOUSE}, True),
        ({}, False),
        ({"cases": (f"{SAME[0]}\n    cycles: 2",) * 2}, True),
    ],
)
def test_age_sex_site_and_agent_make_two_cases_doubtful(signs, is_doubtful):
    assert ("EXTRACT-061" in list_codes(weigh(**{"cases": SAME, **signs}))) is is_doubtful


def test_most_patients_printed_twice_are_found_and_few_others():
    """Invented reviews of 40 studies with 200 cases: 20 patients are printed again by an author of theirs, half of them with a value left out."""
    found, false, patients = 0, 0, 100
    for seed in range(5):
        studies, records, twins = invent_review(random.Random(seed))
        findings = check_candidates(studies, AGENTS, lambda study, known=records: known[study.id])
        told = {frozenset(finding.ids) for finding in findings if finding.code == "EXTRACT-061"}
        found += len(told & twins)
        false += len(told - twins)
    assert found >= 0.9 * patients, (found, false)
    assert false <= 20, (found, false)


def invent_review(chance):
    """Studies, their records, and the pairs of cases that are one patient."""
    families = [f"Name{number}" for number in range(600)]
    cases, records, twins = [], {}, set()

    def draw_case():
        return {
            "age_years": chance.randint(20, 80),
            "sex": chance.choice(["female", "female", "female", "male"]),
            "cycles": chance.randint(1, 6),
            "site": chance.choice(["hands", "both hands", "elbows", "knees", "hips", "forearm"]),
        }

    for number in range(40):
        team = chance.sample(families, 4)
        records[f"s{number}"] = team
        cases.append([draw_case() for _ in range(chance.choice([1, 1, 4, 14]))])
    originals = [(number, place) for number, patients in enumerate(cases) for place in range(len(patients))]
    for left, one in chance.sample(originals, 20):
        right = chance.choice([number for number in range(40) if number != left])
        records[f"s{right}"].append(records[f"s{left}"][0])
        again = dict(cases[left][one])
        if chance.random() < 0.5:
            again.pop(chance.choice(["cycles", "site"]))
        cases[right].append(again)
        twins.add(frozenset((f"s{left}-{one}", f"s{right}-{len(cases[right]) - 1}")))
    studies = []
    for number, patients in enumerate(cases):
        body = "".join(
            f"  - case: s{number}-{place}\n" + "".join(f"    {name}: {value}\n" for name, value in patient.items())
            for place, patient in enumerate(patients)
        )
        text = f"format: 1\nstudy: s{number}\nreports: [{{record: pubmed:1}}]\ncases:\n{body}"
        studies.append(parse_sheet(parse_marked(text, f"s{number}.yaml"), AGENTS)[0])
    made = {
        name: [Record(RecordId("pubmed:1"), "t", tuple(Author(family, "A") for family in team))]
        for name, team in records.items()
    }
    return studies, made, twins

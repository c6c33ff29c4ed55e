from __future__ import annotations

from fractions import Fraction

import pytest

from review.marked import parse_marked
from review.protocol import parse_protocol
from review.protocol import read_protocol
from tests.builder import PROTOCOL
from tests.builder import list_codes
from tests.builder import make_protocol
from tests.builder import show


def parse(text):
    return parse_protocol(parse_marked(text, "protocol.yaml"))


def change(old, new):
    """Parse the protocol with one change."""
    assert PROTOCOL.count(old) == 1
    return parse(PROTOCOL.replace(old, new))


def test_every_part_of_a_protocol_is_read():
    protocol = make_protocol(
        PROTOCOL
        + "previous: {studies: 3, reports: 4, source: the review of 2012}\nflow_note: Compiled\n  by hand.\ncontact: a@example.org\n"
    )
    assert protocol.title == "Penicillamine for calcinosis"
    assert protocol.eligibility == (("population", ("Adults", "Children")),)
    assert [(reason.code, reason.stages) for reason in protocol.reasons] == [
        ("wrong-population", ("title-abstract", "full-text")),
        ("no-data", ("full-text",)),
    ]
    age, cycles, sex, onset, site = protocol.case_fields
    assert (age.type, age.unit, age.low, age.high) == ("number", "years", Fraction(0), Fraction(110))
    assert (cycles.type, sex.choices, onset.type, site.type) == ("integer", ("female", "male"), "date", "text")
    assert protocol.outcome("response").label == "Response"
    assert protocol.outcome("death") is None
    assert protocol.reason("no-data").label == "No outcome given"
    assert protocol.reason("other") is None
    (analysis,) = protocol.analyses
    assert analysis.studies == ("adams-2010", "baker-2012")
    assert (analysis.together, analysis.intervals) == (True, ("clopper-pearson", "wilson"))
    assert (analysis.origin.line, analysis.origin.key) == (23, "analyses.A")
    assert (protocol.previous.studies, protocol.previous.reports) == (3, 4)
    assert (protocol.flow_note, protocol.contact, protocol.is_usable) == ("Compiled by hand.", "a@example.org", True)


def test_the_least_that_a_protocol_may_say():
    protocol = make_protocol("format: 1\ntitle: A plan\n")
    assert (protocol.screeners, protocol.reasons, protocol.analyses, protocol.previous) == (1, (), (), None)


#: Code, text of the protocol, what stands there instead, words of the message; the protocol as it is raises none.
SLIPS = [
    ("PROJECT-002", "question:", "questoin:", "unknown key questoin; expected analyses,"),
    ("PROJECT-002", "question:", "questoin:", "did you mean question?"),
    ("PROJECT-002", "label: Age,", "lable: Age,", "unknown key lable in case_fields.age_years"),
    ("PROJECT-002", "screeners: 1", "screeners: 1\n  blind: yes", "unknown key blind in screening"),
    ("PROJECT-003", "title: Penicillamine for calcinosis\n", "", "title is missing; expected title: ..."),
    ("PROJECT-003", "format: 1\n", "", "format is missing"),
    ("PROJECT-003", "    outcome: response\n", "", "outcome of analyses.A is missing"),
    ("PROJECT-003", "{code: wrong-population, label", "{label", "code of reasons[0] is missing"),
    ("PROJECT-004", "format: 1", "format: 2", "format is 2; expected 1"),
    ("PROJECT-004", "screeners: 1", "screeners: 0", "screening.screeners is 0; expected 1 or more"),
    ("PROJECT-004", "screeners: 1", "screeners: two", "screening.screeners is two; expected a whole number"),
    ("PROJECT-004", "screeners: 1", f"screeners: {'9' * 5000}", "expected a whole number"),
    ("PROJECT-004", "stages: full-text", "stages: fulltext", "reasons[1].stages is fulltext; expected title-abstract |"),
    ("PROJECT-004", "type: integer", "type: integr", "did you mean integer?"),
    ("PROJECT-004", "range: [0, 110]", "range: [110, 0]", "range is 110, 0; expected the lower number first"),
    ("PROJECT-004", "range: [0, 110]", "range: [0]", "expected 2 numbers"),
    ("PROJECT-004", "range: [0, 110]", "range: [0, many]", "expected numbers with a decimal point"),
    ("PROJECT-004", "range: [0, 110]", "range: {low: 0}", "range is a mapping or a nested list"),
    ("PROJECT-004", ", choices: [female, male]", "", "sex.choices is empty"),
    ("PROJECT-004", "    response: Smaller on X-ray\n", "    type: counts\n", "did you mean count?"),
    ("PROJECT-004", "    response: Smaller", "    type: count\n    response: Smaller", "response is given for a count outcome; expected definition:"),
    ("PROJECT-004", "    response: Smaller", "    type: continuous\n    rule: cycles > 1\n    response: Smaller", "rule is given for a continuous outcome"),
    ("PROJECT-004", "    response: Smaller", "    unit: months\n    response: Smaller", "unit is given for a binary outcome; expected response:"),
    ("PROJECT-004", "    response: Smaller on X-ray\n", "    type: count\n    units: {years: 12}\n", "units is given; expected a unit: that"),
    ("PROJECT-004", "    response: Smaller on X-ray\n", "    type: count\n    range: [-1, 5]\n", "range is -1; expected 0 or more"),
    ("PROJECT-004", "    response: Smaller on X-ray\n", "    type: continuous\n    range: [9, 5]\n", "range is 9, 5; expected the lower number first"),
    ("PROJECT-004", "    response: Smaller", "    better: small\n    response: Smaller", "better is small; expected lower | higher"),
    ("PROJECT-003", "    response: Smaller on X-ray\n", "    type: time-to-event\n", "unit of outcomes.response is missing"),
    ("PROJECT-002", "outcomes:\n", "arms:\n  high: {drug: x}\noutcomes:\n", "unknown key drug in arms.high"),
    ("PROJECT-004", "  A:\n", "  ../A:\n", "'../A' cannot have this name"),
    ("PROJECT-004", "    studies: [adams", "    together: true\n    studies: [adams", "together is true; expected yes | no"),
    ("PROJECT-004", "    studies: [adams", "    intervals: [wilsen, wald]\n    studies: [adams", "intervals is wilsen"),
    ("PROJECT-004", "title: Penicillamine for calcinosis", "title: [a]", "title is a mapping or a list; expected text"),
    ("PROJECT-004", "screening:\n  screeners: 1", "screening: one", "screening is text or a list; expected key: value"),
    ("PROJECT-004", "  - {code: wrong-population, label: No calcinosis}\n", "  - wrong-population\n", "reasons[0] is not an entry"),
    ("PROJECT-004", "    label: Response\n    response: Smaller on X-ray\n", "    - x\n", "response is text or a list"),
    ("PROJECT-005", "{code: no-data,", "{code: wrong-population,", "the reason wrong-population is defined twice"),
    ("PROJECT-005", "[adams-2010, baker-2012]", "[adams-2010, adams-2010]", "names a study twice"),
    ("PROJECT-006", "outcome: response", "outcome: death", "of the outcome death, which is not defined; expected response"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "old", "new", "words"), SLIPS)
def test_slips_are_told_and_the_rest_is_read(code, old, new, words):
    protocol, findings = change(old, new)
    told = [finding for finding in findings if finding.code == code]
    assert any(words in str(finding) for finding in told), show(findings)
    assert all(finding.origin.path == "protocol.yaml" and finding.origin.line for finding in told)
    assert protocol.is_usable
    assert protocol.registration == "not registered"
    assert code not in list_codes(parse(PROTOCOL)[1])


def test_lists_where_mappings_belong_are_told():
    _, findings = change("reasons:\n  - {code: wrong-population, label: No calcinosis}\n", "reasons: none\nother:\n")
    assert "reasons is text or a mapping; expected a list of entries, each begun by a dash" in "\n".join(show(findings))


def test_a_slip_has_the_line_of_its_key():
    _, findings = change("range: [0, 110]", "range: [0, many]")
    assert show(findings) == [
        "protocol.yaml:13: PROJECT-004 error: case_fields.age_years.range is 0, many; expected numbers with a decimal point"
    ]


def test_analyses_without_a_usable_interval_get_the_exact_one():
    protocol, _ = change("    studies: [adams", "    intervals: [wilsen]\n    studies: [adams")
    assert protocol.analyses[0].intervals == ("clopper-pearson",)


@pytest.mark.parametrize("content", ["", "a: [\n", "- a\n"])
def test_a_protocol_that_cannot_be_read_gives_a_stand_in(tmp_path, content):
    path = tmp_path / "protocol.yaml"
    path.write_text(content)
    protocol, findings = read_protocol(path)
    assert not protocol.is_usable
    assert "PROJECT-001" in list_codes(findings)
    path.write_text(PROTOCOL)
    assert read_protocol(path)[1] == []


TYPES = """\
format: 1
title: A plan
time_points: {end: {after: first dose}}
arms:
  high: {label: High dose, interventions: [rituximab, prednisone], dose: 4 x 375 mg/m2}
  none: {interventions: no treatment}
outcomes:
  healed: {response: gone}
  relapses: {type: count, definition: new flares, unit: months, units: {years: 12}, range: [0, 40], better: lower}
  pain: {type: continuous, definition: on a scale, unit: points, range: [0, 10], better: lower, time_point: end}
  time_to_relapse: {type: time-to-event, definition: the first flare, unit: months, better: higher}
"""


def test_arms_and_outcomes_of_every_type_are_read():
    protocol = make_protocol(TYPES)
    assert [(arm.name, arm.label, arm.interventions, arm.dose) for arm in protocol.arms] == [
        ("high", "High dose", ("rituximab", "prednisone"), "4 x 375 mg/m2"),
        ("none", "none", ("no treatment",), ""),
    ]
    assert protocol.arm("high") is protocol.arms[0]
    assert protocol.arm("low") is None
    healed, relapses, pain, time = protocol.outcomes
    assert (healed.type, healed.meaning, healed.better) == ("binary", "gone", None)
    assert (relapses.type, relapses.meaning, relapses.unit, relapses.units) == (
        "count", "new flares", "months", (("years", Fraction(12)),),
    )  # fmt: skip
    assert (relapses.low, relapses.high, relapses.better) == (0, 40, "lower")
    assert (pain.type, pain.unit, pain.high, pain.time_point) == ("continuous", "points", 10, "end")
    assert (time.type, time.unit, time.better) == ("time-to-event", "months", "higher")


SCREENING = """\
screening:
  screeners: 2
  stages:
    retrieval: {screeners: 1}
    title-abstract: {either_include: yes}
  settled_by: [chris]
  highlight: {include: [calcif*, "case report"], avoid: rats}
  calibration: {records: 50, seed: 7}
"""


def test_the_plan_of_screening_is_read():
    protocol = make_protocol(PROTOCOL.replace("screening:\n  screeners: 1\n", SCREENING))
    plan = protocol.screening
    assert (protocol.rule("retrieval").screeners, protocol.rule("full-text").screeners) == (1, 2)
    first = protocol.rule("title-abstract")
    assert (first.screeners, first.either_include, protocol.rule("full-text").either_include) == (2, True, False)
    assert (plan.settled_by, plan.wanted, plan.unwanted) == (("chris",), ("calcif*", "case report"), ("rats",))
    assert (plan.calibration, plan.seed) == (50, 7)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "retrieval:",
            "retreival:",
            "screening.stages has 'retreival'; expected title-abstract | retrieval | full-text",
        ),
        ("retrieval: {screeners: 1}", "retrieval: {screeners: 0}", "screening.stages.retrieval.screeners is 0"),
        ("{either_include: yes}", "{either: yes}", "unknown key either in screening.stages.title-abstract"),
        ("{records: 50, seed: 7}", "{seed: 7}", "records of screening.calibration is missing"),
        ("avoid: rats", "exclude: rats", "unknown key exclude in screening.highlight"),
    ],
)
def test_slips_in_the_plan_of_screening_are_told(old, new, words):
    assert SCREENING.count(old) == 1
    _, findings = parse(PROTOCOL.replace("screening:\n  screeners: 1\n", SCREENING.replace(old, new)))
    assert words in "\n".join(show(findings))


def test_a_forest_plot_is_planned_with_its_analysis():
    plain, planned = (
        make_protocol(PROTOCOL + extra).analyses[0].figure
        for extra in ("", "    figure: {layout: jama, sort: weight}\n")
    )
    assert (plain.layout, plain.sort) == ("default", "given")
    assert (planned.layout, planned.sort) == ("jama", "weight")


def test_the_flow_shows_what_the_protocol_asks_for():
    flow = make_protocol(f"{PROTOCOL}flow: {{sources: no, screening_reasons: yes, meta_analysis: A}}\n").flow
    assert (flow.sources, flow.screening_reasons, flow.cases, flow.meta_analysis) == (False, True, True, ("A",))


def test_a_previous_version_names_what_it_had_and_what_was_withdrawn():
    previous = make_protocol(
        PROTOCOL
        + "previous:\n  studies: 3\n  reports: 5\n  source: Doe 2019\n  included: [adams-2010]\n  runs: [one]\n"
        "  withdrawn:\n    - {study: Evans 2005, reports: 2, why: retracted}\n    - {study: Ford 2006, why: no calcinosis}\n"
    ).previous
    assert previous is not None
    assert (previous.included, previous.runs) == (("adams-2010",), ("one",))
    assert [(item.study, item.reports) for item in previous.withdrawn] == [("Evans 2005", 2), ("Ford 2006", 1)]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("label: Age, type: number,", "label: Age, type: number, role: pet,", "case_fields.age_years.role"),
        ("label: Cycles, type: integer,", "label: Cycles, type: integer, role: follow-up,", "case_fields.cycles.role"),
        (
            "studies: [adams-2010, baker-2012]",
            "studies: [adams-2010, baker-2012]\nflow: {meta_analysis: Z}",
            "flow.meta_analysis",
        ),
        (
            "studies: [adams-2010, baker-2012]",
            "studies: [adams-2010]\n    figure: {sort: colour}",
            "analyses.A.figure.sort",
        ),
    ],
)
def test_a_figure_cannot_be_asked_for_what_there_is_not(old, new, key):
    _, findings = parse_protocol(parse_marked(PROTOCOL.replace(old, new), "protocol.yaml"))
    assert [(finding.code, finding.origin.key) for finding in findings] == [("PROJECT-004", key)]

from __future__ import annotations

import re

from review.reporting.document import Link
from review.reporting.document import read_runs
from review.reporting.sections.checklist_items import ABSTRACT
from review.reporting.sections.checklist_items import CHECKLIST
from review.reporting.sections.checklists import compose_checklists
from tests.reporting.sections.rich import gather
from tests.reporting.sections.rich import make_bare
from tests.reporting.sections.rich import make_rich

EVERY = frozenset({"question", "flow", "searches", "results"})


def fill(made, keys=EVERY):
    section = compose_checklists(gather(made), keys)
    _, main, abstract = section.blocks
    return [
        {row.number: row for group in checklist.groups for row in group.rows} for checklist in (main, abstract)
    ], section


def test_the_items_are_those_of_the_statement():
    numbers = [item.number for group in CHECKLIST for item in group.items]
    assert len(numbers) == 42
    assert len({re.sub("[a-z]", "", number) for number in numbers}) == 27
    expected = [
        *map(str, range(1, 10)), "10a", "10b", "11", "12", *(f"13{x}" for x in "abcdef"), "14", "15", "16a", "16b", "17",
        "18", "19", *(f"20{x}" for x in "abcd"), "21", "22", *(f"23{x}" for x in "abcd"), *(f"24{x}" for x in "abc"), "25",
        "26", "27",
    ]  # fmt: skip
    assert numbers == expected
    assert [item.number for group in ABSTRACT for item in group.items] == [str(n) for n in range(1, 13)]


def test_what_the_files_answer_is_answered(tmp_path):
    (main, abstract), section = fill(make_rich(tmp_path))
    states = {number: row.state for number, row in main.items()}
    assert [number for number in states if states[number] == "answered"] == [
        "4", "5", "8", "9", "10a", "10b", "11", "12", "13a", "13b", "13c", "13d", "13f", "15", "16a", "16b", "17", "19",
        "20b", "20d", "22", "24a",
    ]  # fmt: skip
    assert {number for number in states if states[number] == "not applicable"} == {"13e", "20c"}
    assert read_runs(main["6"].answer).endswith("no source was searched with a strategy, records were imported")
    assert read_runs(main["7"].answer) == "Searches; 0 of 1 run record a strategy"
    assert read_runs(main["18"].answer) == "Appraisal of the studies; 2 of 3 studies are not appraised"
    assert read_runs(main["25"].answer) == "to be written by the authors"
    assert {row.state for row in abstract.values()} == {"partly", "open"}
    assert "Of 42 items and sub-items: 22 answered by this report" in read_runs(section.blocks[0].runs)
    assert "CC BY 4.0" in section.blocks[1].source


def test_a_link_that_leads_nowhere_becomes_words(tmp_path):
    (main, _), _ = fill(make_rich(tmp_path), frozenset({"flow"}))
    assert main["16a"].answer == (Link("Flow of the records", "#flow"),)
    assert main["4"].answer == ("Question and eligibility",)


def test_an_empty_review_claims_nothing(tmp_path):
    (main, abstract), _ = fill(make_bare(tmp_path))
    assert not [row for row in (*main.values(), *abstract.values()) if row.state in ("answered", "not applicable")]
    assert read_runs(main["6"].answer) == "nothing is there yet"
    assert read_runs(main["23a"].answer) == "to be written by the authors"


def test_a_title_may_name_a_systematic_review(tmp_path):
    made = make_rich(tmp_path)
    made.change("protocol.yaml", "title: Penicillamine for calcinosis", "title: Penicillamine, a systematic review")
    (main, _), _ = fill(made)
    assert main["1"].state == "answered"

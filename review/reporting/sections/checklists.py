"""The PRISMA 2020 checklists, filled in as far as the review's files answer an item; the rest is for the authors to write.

An item is `answered` where the report says what it asks, `partly` where people must add to it, `open` where nothing answers it yet. Nothing is
claimed for a step that was not made.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple

from review.reporting.document import Checklist
from review.reporting.document import ChecklistGroup
from review.reporting.document import ChecklistRow
from review.reporting.document import ChecklistState
from review.reporting.document import Link
from review.reporting.document import Runs
from review.reporting.document import Section
from review.reporting.document import join_runs
from review.reporting.document import write_paragraph
from review.reporting.sections import methods
from review.reporting.sections import methods_search
from review.reporting.sections import methods_synthesis
from review.reporting.sections.characteristics import CHARACTERISTICS
from review.reporting.sections.checklist_items import ABSTRACT
from review.reporting.sections.checklist_items import CHECKLIST
from review.reporting.sections.checklist_items import Group
from review.reporting.sections.material import Material

CHECKLISTS = "checklists"

SOURCE = (
    "Items: Page MJ, et al. The PRISMA 2020 statement: an updated guideline for reporting systematic reviews. BMJ 2021;372:n71. "
    "doi:10.1136/bmj.n71 (CC BY 4.0); the labels are shortened in words of our own."
)

_TO_WRITE = "to be written by the authors"


class Filled(NamedTuple):
    """What is said of an item: the state, and where or how it is answered."""

    state: ChecklistState
    answer: Runs


_OPEN = Filled("open", (_TO_WRITE,))


def compose_checklists(material: Material, keys: frozenset[str]) -> Section:
    """Compose the section with both checklists.

    Args:
        material: The review.
        keys: The anchors that the report has; a link to one that it lacks becomes plain words.
    """
    main = _fill("checklist-prisma", "PRISMA 2020 checklist.", CHECKLIST, dict(_answer_items(material)), keys)
    abstract = _fill(
        "checklist-abstract", "PRISMA 2020 checklist for abstracts.", ABSTRACT, dict(_answer_abstract(material)), keys
    )
    counts = [row.state for group in main.groups for row in group.rows]
    told = ", ".join(
        f"{counts.count(state)} {words}"
        for state, words in (
            ("answered", "answered by this report"),
            ("partly", "answered in part"),
            ("open", "open"),
            ("not applicable", "not applicable"),
        )
        if state in counts
    )
    intro = write_paragraph(
        f"Of {len(counts)} items and sub-items: {told}. Authors check every line before they hand it in."
    )
    return Section(CHECKLISTS, "PRISMA 2020 checklists", (intro, main, abstract))


def _fill(
    key: str, caption: str, groups: Sequence[Group], answers: Mapping[str, Filled], keys: frozenset[str]
) -> Checklist:
    filled = []
    for group in groups:
        rows = []
        for item in group.items:
            state, answer = answers.get(item.number, _OPEN)
            rows.append(ChecklistRow(item.number, item.label, state, tuple(_keep_link(run, keys) for run in answer)))
        filled.append(ChecklistGroup(group.title, tuple(rows)))
    return Checklist(key, caption, tuple(filled), SOURCE)


def _keep_link(run: object, keys: frozenset[str]) -> Link | str:
    if isinstance(run, Link):
        return run if run.target.removeprefix("#") in keys or not run.target.startswith("#") else run.text
    return str(run)


def _answer_items(material: Material) -> Iterator[tuple[str, Filled]]:
    yield from _answer_introduction(material)
    yield from _answer_methods(material)
    yield from _answer_results(material)
    yield from _answer_rest(material)


def _answer_introduction(material: Material) -> Iterator[tuple[str, Filled]]:
    yield (
        "1",
        Filled(
            "partly",
            (f'The review is called "{material.protocol.title}"; the title must say that it is a systematic review.',),
        ),
    )
    yield "2", Filled("partly", (_see("Checklist for abstracts", "checklist-abstract"), f"; {_TO_WRITE}"))
    yield "4", _answer(bool(material.protocol.question), _see("Question and eligibility", "question"))


def _answer_methods(material: Material) -> Iterator[tuple[str, Filled]]:
    has_search = any(run.kind == "search" for run in material.searches)
    has_import = bool(material.searches)
    strategies = all(run.strategy for run in material.searches) and has_import
    screened = bool(material.list_screeners("title-abstract"))
    studies, planned = bool(material.included), bool(material.planned)
    yield (
        "5",
        _answer(
            bool(material.protocol.eligibility), _see("Eligibility", methods.ELIGIBILITY), _see("criteria", "question")
        ),
    )
    sources = _see("Information sources", methods_search.SOURCES)
    if has_import and not has_search:
        yield "6", Filled("partly", (sources, "; no source was searched with a strategy, records were imported"))
    else:
        yield "6", _answer(has_import, sources)
    searches = _see("Searches", "searches")
    yield (
        "7",
        _answer(strategies, searches)
        if strategies
        else Filled("partly" if has_import else "open", (searches, "; runs without a recorded strategy, or none")),
    )
    yield "8", _answer(screened, _see("Selection", methods.SELECTION), _see("Agreement", "agreement"))
    yield "9", _answer(studies, _see("Data collection", methods.COLLECTION))
    yield "10a", _answer(bool(material.protocol.outcomes), _see("Data items", methods_synthesis.ITEMS))
    yield "10b", _answer(bool(material.protocol.case_fields), _see("Data items", methods_synthesis.ITEMS))
    appraised = any(study.appraisals for study in material.included)
    appraising = _see("Appraisal", methods.APPRAISING)
    yield (
        "11",
        _answer(appraised, appraising) if appraised else Filled("partly", (appraising, "; no study is appraised")),
    )
    yield "12", _answer(planned, _see("Effect measures", methods_synthesis.EFFECT))
    synthesis = _see("Synthesis", methods_synthesis.SYNTHESIS)
    for number in ("13a", "13b", "13c"):
        yield number, _answer(planned, synthesis)
    modelled = any(result.model is not None for result in material.planned)
    yield "13d", _answer(planned, synthesis)
    yield "13e", Filled("not applicable", ("No cause of heterogeneity was looked into.",)) if planned else _OPEN
    yield (
        "13f",
        _answer(planned, synthesis)
        if modelled
        else _not_done(planned, "No sum of several studies, so nothing to vary."),
    )
    bias = _see("Reporting bias", methods_synthesis.BIAS)
    yield "14", _answer(planned, bias)
    certainty = _see("Certainty of the evidence", methods.CERTAINTY)
    yield (
        "15",
        _answer(bool(material.ratings), certainty)
        if material.ratings
        else Filled("partly", (certainty, "; not judged")),
    )


def _answer_results(material: Material) -> Iterator[tuple[str, Filled]]:
    studies, planned = bool(material.included), bool(material.planned)
    rows = any(result.rows for result in material.planned)
    yield "16a", _answer(bool(material.searches), _see("Flow of the records", "flow"))
    yield "16b", _answer(bool(material.progress.assessed), _see("Excluded at full text", "not-included"))
    yield "17", _answer(studies, _see("Included studies", "included"), _see("characteristics", CHARACTERISTICS))
    appraised = sum(bool(study.appraisals) for study in material.included)
    appraisal = _see("Appraisal of the studies", "appraisal")
    if appraised and appraised < len(material.included):
        yield (
            "18",
            Filled(
                "partly",
                (
                    appraisal,
                    f"; {len(material.included) - appraised} of {len(material.included)} studies are not appraised",
                ),
            ),
        )
    else:
        yield "18", _answer(bool(appraised), appraisal)
    results = _see("Results", "results")
    yield "19", _answer(rows, results)
    yield "20a", Filled("partly", (results, f"; a summary for each synthesis is {_TO_WRITE}")) if rows else _OPEN
    summed = any(result.together for result in material.planned)
    yield "20b", _answer(summed, results) if summed else _not_done(planned, "No analysis has a sum.")
    yield "20c", _not_done(planned, "No cause of heterogeneity was looked into.")
    yield (
        "20d",
        _answer(summed, results) if summed else _not_done(planned, "No sum of several studies, so nothing to vary."),
    )
    large = any(map(methods_synthesis.is_large, material.planned))
    yield (
        "21",
        Filled("partly", (results, f"; the reading of the funnel plot is {_TO_WRITE}"))
        if large
        else _answer(planned, _see("Reporting bias", methods_synthesis.BIAS)),
    )
    certainty = _see("Summary of findings", "summary-of-certainty")
    rated = sum(result.analysis.name in material.ratings for result in material.planned)
    whole = planned and rated == len(material.planned)
    yield (
        "22",
        _answer(whole, certainty)
        if whole or not planned
        else Filled("partly" if rated else "open", (certainty, f"; {rated} of {len(material.planned)} judged")),
    )


def _answer_rest(material: Material) -> Iterator[tuple[str, Filled]]:
    gaps = bool(methods.list_gaps(material))
    yield (
        "23c",
        Filled("partly", (_see("What was not done", methods.GAPS), f"; what it means is {_TO_WRITE}"))
        if gaps
        else _OPEN,
    )
    yield "24a", _answer(bool(material.protocol.registration), _see("Registration", methods.REGISTRATION))
    yield "24b", Filled("partly", ("The protocol is the file protocol.yaml; where readers find it is ", _TO_WRITE))
    yield (
        "27",
        Filled(
            "partly",
            (
                "All data and what was made of them are files of one folder with their hashes; where it is deposited is ",
                _TO_WRITE,
            ),
        ),
    )


def _answer_abstract(material: Material) -> Iterator[tuple[str, Filled]]:
    """Say where the facts stand that an abstract needs; its sentences are people's."""

    def give(*links: Link) -> Filled:
        return Filled("partly", (*join_runs(links), f"; {_TO_WRITE}"))

    if material.protocol.question:
        yield "2", give(_see("Question and eligibility", "question"))
    if material.protocol.eligibility:
        yield "3", give(_see("Question and eligibility", "question"))
    if material.searches:
        yield "4", give(_see("Information sources", methods_search.SOURCES))
    if material.protocol.appraisals:
        yield "5", give(_see("Appraisal", methods.APPRAISING))
    if material.planned:
        yield "6", give(_see("Synthesis", methods_synthesis.SYNTHESIS))
    if material.included:
        yield "7", give(_see("Summary", "summary"), _see("characteristics", CHARACTERISTICS))
    if any(result.rows for result in material.planned):
        yield "8", give(_see("Summary", "summary"), _see("Results", "results"))
    if material.protocol.registration:
        yield "12", give(_see("Registration", methods.REGISTRATION))


def _see(words: str, key: str) -> Link:
    return Link(words, f"#{key}")


def _answer(is_there: bool, *links: Link) -> Filled:
    return Filled("answered", join_runs(links)) if is_there else _OPEN


def _not_done(is_planned: bool, why: str) -> Filled:
    return Filled("not applicable", (why,)) if is_planned else _OPEN

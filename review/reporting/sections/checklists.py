"""The PRISMA 2020 checklists, filled in as far as the review's files answer an item; the rest is for the authors to write.

An item is `answered` where the report says what it asks, `partly` where people must add to it, `open` where nothing answers it yet. Nothing is
claimed for a step that was not made.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple

from review.numerals import count_noun
from review.reporting.document import Checklist
from review.reporting.document import ChecklistGroup
from review.reporting.document import ChecklistRow
from review.reporting.document import ChecklistState
from review.reporting.document import Link
from review.reporting.document import Runs
from review.reporting.document import Section
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
_MAIN = "checklist-prisma"
_ABSTRACT = "checklist-abstract"

SOURCE = (
    "Items: Page MJ, et al. The PRISMA 2020 statement: an updated guideline for reporting systematic reviews. BMJ 2021;372:n71. "
    "doi:10.1136/bmj.n71 (CC BY 4.0); the labels are shortened in words of our own."
)

_TO_WRITE = "to be written by the authors"
_NO_CAUSE = "No cause of heterogeneity was looked into."
_NO_SUM = "No sum of several studies, so nothing to vary."


class Filled(NamedTuple):
    """What is said of an item: the state, and where or how it is answered."""

    state: ChecklistState
    answer: Runs


_OPEN = Filled("open", (_TO_WRITE,))

#: Of an item that the review's files will answer once the step is made.
_NOT_YET = Filled("open", ("nothing is there yet",))


def compose_checklists(material: Material, keys: frozenset[str]) -> Section:
    """Compose the section with both checklists.

    Args:
        material: The review.
        keys: The anchors that the report has; a link to one that it lacks becomes plain words.
    """
    keys |= {_MAIN, _ABSTRACT}
    main = _fill(_MAIN, "PRISMA 2020 checklist.", CHECKLIST, _answer_items(material), keys)
    abstract = _fill(_ABSTRACT, "PRISMA 2020 checklist for abstracts.", ABSTRACT, _answer_abstract(material), keys)
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


def _answer_items(material: Material) -> dict[str, Filled]:
    return {
        **_answer_introduction(material),
        **_answer_methods(material),
        **_answer_synthesis(material),
        **_answer_selection(material),
        **_answer_results(material),
        **_answer_rest(material),
    }


def _answer_introduction(material: Material) -> dict[str, Filled]:
    title = material.protocol.title
    named = "systematic review" in title.casefold()
    lacks = f'; "{title}" does not say that it is a systematic review'
    return {
        "1": Filled("answered", ("The title says so.",)) if named else Filled("partly", ("The title", lacks)),
        "2": _partly(_see("Checklist for abstracts", _ABSTRACT), _TO_WRITE),
        "4": _answer(_see("Question and eligibility", "question"), bool(material.protocol.question)),
    }


def _answer_methods(material: Material) -> dict[str, Filled]:
    runs, protocol = material.searches, material.protocol
    recorded = sum(bool(run.strategy) for run in runs)
    is_searched = any(run.kind == "search" for run in runs)
    is_appraised = any(study.appraisals for study in material.included)
    items = _see("Data items", methods_synthesis.ITEMS)
    selection = (_see("Selection", methods.SELECTION), " and ", _see("Agreement", "agreement"))
    return {
        "5": _answer(_see("Eligibility", methods.ELIGIBILITY), bool(protocol.eligibility)),
        "6": _answer(
            _see("Information sources", methods_search.SOURCES),
            bool(runs),
            "" if is_searched else "no source was searched with a strategy, records were imported",
        ),
        "7": _answer(
            _see("Searches", "searches"),
            bool(runs),
            "" if recorded == len(runs) else f"{recorded} of {count_noun(len(runs), 'run')} record a strategy",
        ),
        "8": Filled("answered", selection) if material.list_screeners("title-abstract") else _NOT_YET,
        "9": _answer(_see("Data collection", methods.COLLECTION), bool(material.included)),
        "10a": _answer(items, bool(protocol.outcomes)),
        "10b": _answer(items, bool(protocol.case_fields)),
        "11": _answer(
            _see("Appraisal", methods.APPRAISING),
            bool(material.included),
            "" if is_appraised else "no study is appraised",
        ),
    }


def _answer_synthesis(material: Material) -> dict[str, Filled]:
    planned = bool(material.analyses)
    synthesis = _see("Synthesis", methods_synthesis.SYNTHESIS)
    is_large = any(map(methods_synthesis.is_large, material.planned))
    is_summed = any(result.together for result in material.results)
    return {
        "12": _answer(_see("Effect measures", methods_synthesis.EFFECT), planned),
        **dict.fromkeys(("13a", "13b", "13c", "13d"), _answer(synthesis, planned)),
        "13e": _not_done(_NO_CAUSE, is_planned=planned),
        "13f": _answer(synthesis, is_summed) if is_summed else _not_done(_NO_SUM, is_planned=planned),
        "14": _answer(_see("Reporting bias", methods_synthesis.BIAS), planned, "" if is_large else "not assessed"),
        "15": _answer(
            _see("Certainty of the evidence", methods.CERTAINTY), planned, "" if material.ratings else "not judged"
        ),
    }


def _answer_selection(material: Material) -> dict[str, Filled]:
    appraised = sum(bool(study.appraisals) for study in material.included)
    total = len(material.included)
    told = (_see("Included studies", "included"), " and ", _see("characteristics", CHARACTERISTICS))
    return {
        "16a": _answer(_see("Flow of the records", "flow"), bool(material.searches)),
        "16b": _answer(_see("Excluded at full text", "not-included"), bool(material.progress.assessed)),
        "17": Filled("answered", told) if total else _NOT_YET,
        "18": _answer(
            _see("Appraisal of the studies", "appraisal"),
            bool(appraised),
            ""
            if appraised == total
            else f"{total - appraised} of {count_noun(total, 'study', 'studies')} are not appraised",
        ),
    }


def _answer_results(material: Material) -> dict[str, Filled]:
    planned = bool(material.analyses)
    results = _see("Results", "results")
    is_large = any(map(methods_synthesis.is_large, material.planned))
    is_summed = any(result.together for result in material.results)
    has_rows = any(result.rows for result in material.results)
    rated = sum(name in material.ratings for name in material.analyses)
    bias = _see("Reporting bias", methods_synthesis.BIAS)
    return {
        "19": _answer(results, has_rows),
        "20a": _answer(results, has_rows, f"a summary for each synthesis is {_TO_WRITE}"),
        "20b": _answer(results, is_summed) if is_summed else _not_done("No analysis has a sum.", is_planned=planned),
        "20c": _not_done(_NO_CAUSE, is_planned=planned),
        "20d": _answer(results, is_summed) if is_summed else _not_done(_NO_SUM, is_planned=planned),
        "21": _answer(
            results if is_large else bias,
            planned,
            f"the reading of the funnel plot is {_TO_WRITE}" if is_large else "not assessed",
        ),
        "22": _answer(
            _see("Summary of findings", "summary-of-certainty"),
            bool(rated),
            "" if rated == len(material.analyses) else f"{rated} of {len(material.analyses)} judged",
        ),
    }


def _answer_rest(material: Material) -> dict[str, Filled]:
    return {
        "23c": _answer(
            _see("What was not done", methods.GAPS), bool(methods.list_gaps(material)), f"what it means is {_TO_WRITE}"
        ),
        "24a": _answer(_see("Registration", methods.REGISTRATION), bool(material.protocol.registration)),
        "24b": Filled("partly", (f"The protocol is the file protocol.yaml; where readers find it is {_TO_WRITE}",)),
        "27": Filled(
            "partly",
            (
                f"All data and what was made of them are files of one folder with their hashes; where it is deposited is {_TO_WRITE}",
            ),
        ),
    }


def _answer_abstract(material: Material) -> dict[str, Filled]:
    """Say where the facts stand that an abstract needs; its sentences are people's."""
    protocol = material.protocol
    places = {
        "2": (_see("Question and eligibility", "question"), bool(protocol.question)),
        "3": (_see("Question and eligibility", "question"), bool(protocol.eligibility)),
        "4": (_see("Information sources", methods_search.SOURCES), bool(material.searches)),
        "5": (_see("Appraisal", methods.APPRAISING), bool(protocol.appraisals)),
        "6": (_see("Synthesis", methods_synthesis.SYNTHESIS), bool(material.analyses)),
        "7": (_see("Characteristics", CHARACTERISTICS), bool(material.included)),
        "8": (_see("Summary", "summary"), any(result.rows for result in material.results)),
        "12": (_see("Registration", methods.REGISTRATION), bool(protocol.registration)),
    }
    return {number: _answer(link, is_there, _TO_WRITE) for number, (link, is_there) in places.items()}


def _see(words: str, key: str) -> Link:
    return Link(words, f"#{key}")


def _answer(link: Link, is_there: bool, lacks: str = "") -> Filled:
    """Fill an item in: open where nothing is there, in part where something is lacking."""
    if not is_there:
        return _NOT_YET
    return _partly(link, lacks) if lacks else Filled("answered", (link,))


def _partly(link: Link, lacks: str) -> Filled:
    return Filled("partly", (link, f"; {lacks}"))


def _not_done(why: str, *, is_planned: bool) -> Filled:
    return Filled("not applicable", (why,)) if is_planned else _NOT_YET

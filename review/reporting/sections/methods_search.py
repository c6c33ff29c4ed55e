"""How the records were found: sources, strategies and deduplication, told from the runs, the strategy files and the rulings."""

from __future__ import annotations

from collections.abc import Iterator

from review import __version__
from review.dedup.rulings import settle_rulings
from review.model import Run as Search
from review.numerals import count_noun
from review.reporting.document import Block
from review.reporting.document import Code
from review.reporting.document import Items
from review.reporting.document import Link
from review.reporting.document import Runs
from review.reporting.document import Section
from review.reporting.document import join_runs
from review.reporting.document import write_paragraph
from review.reporting.provenance import name_search
from review.reporting.sections.material import Material
from review.search.strategy import Strategy

SOURCES = "methods-sources"
STRATEGIES = "methods-strategies"
DEDUPLICATION = "methods-deduplication"

_LANES = {
    "database": "database",
    "register": "study register",
    "website": "website",
    "organisation": "organisation",
    "citation": "citation search",
}


def list_search_sections(material: Material) -> Iterator[Section]:
    """Yield the parts of the methods on sources, strategies and duplicates."""
    yield Section(SOURCES, "Information sources", tuple(_tell_sources(material)))
    yield Section(STRATEGIES, "Search strategies", tuple(_tell_strategies(material)))
    yield Section(DEDUPLICATION, "Duplicates", tuple(_tell_duplicates(material)))


def list_search_gaps(material: Material) -> Iterator[str]:
    """Yield what was not done on the way to the records, a sentence each."""
    lanes = {run.lane for run in material.searches}
    if not material.searches:
        yield "No search was run and no file imported."
        return
    if not any(run.kind == "search" for run in material.searches):
        yield "No source was searched with a strategy; all records were imported from files."
    yield from (f"The strategy of {strategy.file} was not run." for strategy in list_waiting(material))
    if "register" not in lanes:
        yield "No study register was searched."
    if "citation" not in lanes:
        yield "Citations of the included reports were not searched."
    if material.grouping.doubtful:
        yield f"{count_noun(len(material.grouping.doubtful), 'pair')} of records that may be duplicates wait for a ruling."


def list_waiting(material: Material) -> list[Strategy]:
    """List the strategies of the review's own that no run has used."""
    used = {str(run.details.get("strategy_file") or "") for run in material.searches}
    used |= {run.strategy for run in material.searches}
    return [
        strategy
        for strategy in material.strategies
        if not strategy.reported and strategy.file not in used and strategy.text not in used
    ]


def name_source(run: Search) -> str:
    """Name a source as readers know it: its platform, else its short name."""
    return str(run.details.get("platform") or "") or run.source


def _tell_sources(material: Material) -> Iterator[Block]:
    if not material.searches:
        yield write_paragraph("No search has been run and no file imported.")
        return
    latest: dict[tuple[str, str], list[Search]] = {}
    for run in material.searches:
        latest.setdefault((run.source, run.kind), []).append(run)
    yield Items(tuple(_tell_source(runs) for runs in latest.values()))
    notes = list(dict.fromkeys(run.note for run in material.searches if run.note))
    for note in notes:
        named = [name_source(run) for run in material.searches if run.note == note]
        yield write_paragraph(f"{', '.join(dict.fromkeys(named))}: {note}")
    lanes = {run.lane for run in material.searches}
    absent = [words for lane, words in _LANES.items() if lane not in lanes]
    if absent:
        yield write_paragraph(f"Not among the sources: {', '.join(f'any {words}' for words in absent)}.")


def _tell_source(runs: list[Search]) -> Runs:
    last = runs[-1]
    verb = {"search": "searched", "import": "records imported from a file", "citation": "citations followed"}[last.kind]
    who = str(last.details.get("who") or "")
    times = f", {len(runs)} times" if len(runs) > 1 else ""
    word = "last on" if len(runs) > 1 else "on"
    by = f" by {who}" if who else ""
    return (
        (
            f"{name_source(last)} ({_LANES[last.lane]}): {verb}{times}, {word} {last.started[:10]}{by}; "
            f"{count_noun(last.retrieved, 'record')} received ("
        ),
        Link("run", f"#{name_search(last.id)}"),
        ").",
    )


def _tell_strategies(material: Material) -> Iterator[Block]:
    ran = [run for run in material.searches if run.strategy]
    if ran:
        named = ", ".join(dict.fromkeys(name_source(run) for run in ran))
        yield write_paragraph(
            f"The strategies of {named} are printed as they were run, with limits and dates, under ", _LINK, "."
        )
    else:
        yield write_paragraph("No run records a strategy. What was imported, and when, stands under ", _LINK, ".")
    waiting = list_waiting(material)
    if waiting:
        files = join_runs(Code(strategy.file) for strategy in waiting)
        yield write_paragraph("Written but never run, so that no record came from it: ", *files, ".")
    reported = [strategy for strategy in material.strategies if strategy.reported]
    if reported:
        files = join_runs(Code(strategy.file) for strategy in reported)
        yield write_paragraph(
            "Kept as documentation of searches that others ran, and not run for this review: ", *files, "."
        )


_LINK = Link("Searches", "#searches")

#: The lanes whose records are screened together.
_MAIN = ("database", "register")


def _list_lanes(material: Material) -> set[str]:
    return {run.lane for run in material.searches}


def _tell_duplicates(material: Material) -> Iterator[Block]:
    identified = sum(material.counts.get(f"{lane}_results", 0) for lane in ("database", "register"))
    if not identified:
        yield write_paragraph("There is no record yet, so none was compared.")
        return
    duplicates = material.quote("prisma.duplicates")
    remained = len(material.grouping.groups)
    others = ", those of other sources included" if any(lane not in _MAIN for lane in _list_lanes(material)) else ""
    rulings = list(settle_rulings(material.rulings).values())
    same = sum(ruling.ruling == "same" for ruling in rulings)
    yield write_paragraph(
        "Records of one report were grouped by rules that compare identifiers, titles, authors, years and places of publication "
        f"(review {__version__}); an equal identifier or title alone does not join two records. Of {count_noun(identified, 'record')} from "
        "databases and registers, ",
        duplicates or "0",
        f" {'was a duplicate' if material.counts.get('duplicates') == 1 else 'were duplicates'}; {count_noun(remained, 'report')} remained{others}.",
    )
    if rulings:
        people = ", ".join(sorted({ruling.by for ruling in rulings if ruling.by})) or "people who are not named"
        yield write_paragraph(
            f"People ruled on {count_noun(len(rulings), 'pair')} ({people}): {same} the same report, {len(rulings) - same} different ones."
        )
    else:
        yield write_paragraph("Nobody ruled on a pair by hand.")
    if material.grouping.doubtful:
        yield write_paragraph(
            f"{count_noun(len(material.grouping.doubtful), 'doubtful pair')} still wait for a ruling."
        )

"""The methods text: what was really done, told from the protocol, runs, logs, sheets and results, and what was not done."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence

from review import __version__
from review.model import Count
from review.model import Observation
from review.model import Stage
from review.model import Study
from review.model import Summary
from review.numerals import count_noun
from review.protocol import STAGES
from review.protocol import Protocol
from review.reporting.document import Block
from review.reporting.document import Code
from review.reporting.document import Items
from review.reporting.document import Link
from review.reporting.document import Section
from review.reporting.document import write_paragraph
from review.reporting.sections.agreement import STAGE_NAMES
from review.reporting.sections.agreement import tell_extraction
from review.reporting.sections.appraisal import tell_tools
from review.reporting.sections.material import Material
from review.reporting.sections.methods_search import list_search_gaps
from review.reporting.sections.methods_search import list_search_sections
from review.reporting.sections.methods_synthesis import list_synthesis_gaps
from review.reporting.sections.methods_synthesis import list_synthesis_sections

METHODS = "methods"
REGISTRATION = "methods-registration"
ELIGIBILITY = "methods-eligibility"
SELECTION = "methods-selection"
COLLECTION = "methods-collection"
APPRAISING = "methods-appraisal"
CERTAINTY = "methods-certainty"
GAPS = "methods-gaps"

#: What a protocol says of a review that is in no register.
_NOT_REGISTERED = ("not registered", "none", "no")


def compose_methods(material: Material) -> Section:
    """Compose the section in the order of the PRISMA 2020 items 5 to 15, what was not done at its end."""
    parts = (
        Section(REGISTRATION, "Registration", (write_paragraph(tell_registration(material.protocol)),)),
        Section(ELIGIBILITY, "Eligibility", tuple(_tell_eligibility(material.protocol))),
        *list_search_sections(material),
        Section(SELECTION, "Selection", tuple(_tell_selection(material))),
        Section(COLLECTION, "Data collection", tuple(_tell_collection(material))),
        Section(APPRAISING, "Appraisal", (write_paragraph(_tell_appraisal(material)),)),
        *list_synthesis_sections(material),
        Section(CERTAINTY, "Certainty of the evidence", (write_paragraph(_tell_certainty(material)),)),
        Section("methods-software", "Software", (write_paragraph(*_SOFTWARE),)),
        Section(GAPS, "What was not done", tuple(_tell_gaps(material))),
    )
    intro = "Told from the protocol, the runs, the screening logs and the sheets; the authors add what these files cannot know."
    return Section(METHODS, "Methods", (write_paragraph(intro, kind="note"),), parts)


def list_gaps(material: Material) -> list[str]:
    """List what was not done, a sentence each: what readers weigh as limitations of the process."""
    return list(_find_gaps(material))


def is_registered(protocol: Protocol) -> bool:
    """Whether the protocol names a registration."""
    return bool(protocol.registration) and protocol.registration.casefold().strip(" .") not in _NOT_REGISTERED


def tell_registration(protocol: Protocol) -> str:
    """Say where the review is registered, that it is not, or that the protocol does not say."""
    if not protocol.registration:
        return "The protocol does not say whether the review is registered."
    if not is_registered(protocol):
        return "The review was not registered."
    return f"Registration: {protocol.registration}"


_SOFTWARE = (
    f"Searches, deduplication, counts, tables, figures and this text were made with review {__version__} from plain files; ",
    Code("manifest.json"),
    " names each of them with its hash, so that anybody can build the same bytes again.",
)


def _tell_eligibility(protocol: Protocol) -> Iterator[Block]:
    if protocol.eligibility:
        yield write_paragraph("The criteria stand under ", Link("Question and eligibility", "#question"), ".")
    else:
        yield write_paragraph("The protocol states no criteria of eligibility.")
    if protocol.reasons:
        yield write_paragraph("Reasons of exclusion, in order; the first that applies is the primary one:")
        yield Items(tuple((reason.label,) for reason in protocol.reasons), is_numbered=True)


def _tell_selection(material: Material) -> Iterator[Block]:
    told = [_tell_stage(stage, material) for stage in STAGES if material.list_screeners(stage)]
    if not told:
        yield write_paragraph("Nobody has screened a record yet.")
        return
    yield Items(tuple((sentence,) for sentence in told))
    plan = material.protocol.screening
    if plan.calibration:
        yield write_paragraph(
            f"A random sample of {count_noun(plan.calibration, 'report')} (seed {plan.seed}) is to be read before all others."
        )
    yield write_paragraph(f"{_tell_order(material)} No record was excluded by software.")
    waiting = len(material.progress.unscreened) + len(material.progress.unretrieved) + len(material.progress.undecided)
    if waiting:
        yield write_paragraph(f"Unfinished: {count_noun(waiting, 'report')} wait for a decision.")
    yield write_paragraph("How far screeners agree stands under ", Link("Agreement", "#agreement"), ".")


def _tell_stage(stage: Stage, material: Material) -> str:
    people, rule = material.list_screeners(stage), material.protocol.rule(stage)
    voted = len(
        {
            (vote.by, material.report_of[vote.record])
            for vote in material.votes
            if vote.stage == stage and vote.record in material.report_of
        }
    )
    planned = "one decision" if rule.screeners == 1 else f"{rule.screeners} independent decisions"
    named = f"{count_noun(len(people), 'person', 'people')} ({', '.join(people)})"
    settled = ""
    if rule.screeners > 1:
        by = ", ".join(material.protocol.screening.settled_by)
        settled = f"; conflicts were settled{f' by {by}' if by else ' by a further judgement'}"
        settled += ", one include sufficing" if rule.either_include else ""
    return f"{STAGE_NAMES[stage]}: {count_noun(voted, 'vote')} by {named}; the protocol asks for {planned} on each report{settled}."


def _tell_order(material: Material) -> str:
    """Say in which orders records were shown, as the logs tell it."""
    orders = {vote.order.split()[0] for vote in material.votes if vote.order}
    if not orders:
        return "The logs do not say in which order records were shown."
    return f"Records were shown in the orders that the logs name: {', '.join(sorted(orders))}."


def _tell_collection(material: Material) -> Iterator[Block]:
    if not material.studies:
        yield write_paragraph("No study has been extracted yet.")
        return
    cases = sum(len(study.cases) for study in material.included)
    totals = sum(not study.cases for study in material.included)
    yield write_paragraph(
        f"A sheet was filled in for each of {count_noun(len(material.included), 'included study', 'included studies')}: {count_noun(cases, 'patient')} one by one, "
        f"{count_noun(totals, 'study', 'studies')} known only in totals. {_tell_sources(material.included)}"
    )
    others = len(material.studies) - len(material.included)
    if others:
        yield write_paragraph(
            f"{count_noun(others, 'further sheet')} of published evidence known only through another publication, not among the included studies."
        )
    yield write_paragraph(*tell_extraction(material))


def _tell_sources(studies: Sequence[Study]) -> str:
    """Say how many of the figures name the report that they were read in."""
    figures: list[Observation | Count | Summary] = []
    for study in studies:
        figures += [*study.counts, *study.characteristics, *study.summaries]
        for case in study.cases:
            figures += [value for value in (*case.fields.values(), *case.outcomes.values()) if not value.missing]
    named = sum(figure.source is not None for figure in figures)
    if figures and named == len(figures):
        return f"Each of the {count_noun(named, 'figure')} names the report that it was read in."
    return f"{named} of {count_noun(len(figures), 'figure')} name the report that they were read in."


def _tell_appraisal(material: Material) -> str:
    told = tell_tools(material.protocol)
    if not material.protocol.appraisals:
        return told
    done = sum(bool(study.appraisals) for study in material.included)
    people = sorted({item.by for study in material.included for item in study.appraisals if item.by})
    by = f", by {', '.join(people)}" if people else ""
    return f"{told} Appraised so far: {done} of {count_noun(len(material.included), 'study', 'studies')}{by}."


def _tell_certainty(material: Material) -> str:
    total = len(material.analyses)
    rated = [name for name in material.analyses if name in material.ratings]
    if not rated:
        return "The certainty of the evidence was not judged."
    people = ", ".join(sorted({material.ratings[name].by for name in rated}))
    return f"The certainty of {len(rated)} of {count_noun(total, 'analysis', 'analyses')} was judged by GRADE, by {people or 'people who are not named'}."


def _tell_gaps(material: Material) -> Iterator[Block]:
    gaps = list_gaps(material)
    if gaps:
        yield Items(tuple((gap,) for gap in gaps))
    else:
        yield write_paragraph("The files show no step that was left out.")


def _find_gaps(material: Material) -> Iterator[str]:
    if not is_registered(material.protocol):
        yield tell_registration(material.protocol)
    yield from list_search_gaps(material)
    for stage in ("title-abstract", "full-text"):
        people = material.list_screeners(stage)
        if len(people) == 1:
            yield f"{STAGE_NAMES[stage]}: no second screener."
        elif not people and material.searches:
            yield f"{STAGE_NAMES[stage]}: nobody has screened yet."
    if material.studies and not material.compared:
        yield "No study was extracted by a second person."
    if material.included and not any(study.appraisals for study in material.included):
        yield "No included study was appraised."
    yield from list_synthesis_gaps(material.studies, material.planned)
    if material.analyses and not material.ratings:
        yield "The certainty of the evidence was not judged."

"""ClinicalTrials.gov's JSON (API v2): a list of registered studies.

A registered study is a record of a register, not a publication: its date is that of its first posting, its authors are the people
and organisations responsible, its abstract is the brief summary with what was planned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from typing import BinaryIO

from review.formats.draft import Draft
from review.formats.json_page import as_map
from review.formats.json_page import as_maps
from review.formats.json_page import as_text
from review.formats.json_page import as_texts
from review.formats.json_page import name_entry
from review.formats.json_page import parse_page
from review.formats.json_page import within
from review.formats.people import parse_name
from review.formats.result import Item
from review.formats.result import Refusal
from review.model import Author
from review.model import Relation

SOURCE = "clinicaltrials-gov"

_DEGREES = re.compile(r",\s*(?:[A-Z][A-Za-z]*\.?){1,4}(?:\s*,.*)?$")
_PHASE = re.compile(r"(\d)$")
#: Kinds of references of a study: RESULT and DERIVED are its own publications, BACKGROUND is literature.
_REFERENCES = {"RESULT": "result-in", "DERIVED": "derived-in"}


def parse_ctgov_json(stream: BinaryIO, *, path: str, source: str = "", run: str = "") -> Iterator[Item]:
    """Read a page of studies."""
    yield from parse_page(
        stream, path=path, source=source or SOURCE, run=run, list_entries=list_studies, read_entry=read_study
    )


def list_studies(page: Mapping[str, object]) -> list[Mapping[str, object]]:
    """Return the studies of a page."""
    return as_maps(page.get("studies"))


def name_study(study: Mapping[str, object]) -> str:
    """Return the NCT number of a study; empty if it has none."""
    return as_text(within(study, "protocolSection", "identificationModule", "nctId")).upper()


def read_study(study: Mapping[str, object]) -> Draft | Refusal:
    """Make a draft of a study."""
    number = name_study(study)
    if not number:
        return Refusal(1, "the study has no NCT number")
    protocol = as_map(study.get("protocolSection"))
    identity = as_map(protocol.get("identificationModule"))
    status = as_map(protocol.get("statusModule"))
    brief, official = as_text(identity.get("briefTitle")), as_text(identity.get("officialTitle"))
    draft = Draft(1, title=official or brief, accession=number, entry_type="register")
    draft.keep("short-title", brief if official and official != brief else "")
    draft.registrations = [number, *_list_other_numbers(identity)]
    draft.url = f"https://clinicaltrials.gov/study/{number}"
    draft.authors = _read_people(protocol)
    posted = as_text(within(status, "studyFirstPostDateStruct", "date")) or as_text(status.get("studyFirstSubmitDate"))
    draft.dates = [posted]
    draft.status = as_text(status.get("overallStatus"))
    draft.version = as_text(within(status, "lastUpdatePostDateStruct", "date"))
    draft.abstract = as_text(within(protocol, "descriptionModule", "briefSummary"))
    conditions = as_map(protocol.get("conditionsModule"))
    draft.keywords = [*as_texts(conditions.get("conditions")), *as_texts(conditions.get("keywords"))]
    draft.mesh = _read_mesh(as_map(study.get("derivedSection")))
    draft.publication_types = _list_types(as_map(protocol.get("designModule")))
    draft.relations = list(_read_references(as_map(protocol.get("referencesModule"))))
    _keep_plan(study, protocol, status, draft)
    return name_entry(draft, SOURCE)


def _list_other_numbers(identity: Mapping[str, object]) -> list[str]:
    numbers = [as_text(item.get("id")) for item in as_maps(identity.get("secondaryIdInfos"))]
    return [*as_texts(identity.get("nctIdAliases")), *(number for number in numbers if number)]


def _read_people(protocol: Mapping[str, object]) -> list[Author]:
    sponsors = as_map(protocol.get("sponsorCollaboratorsModule"))
    officials = as_maps(within(protocol, "contactsLocationsModule", "overallOfficials"))
    people: list[Author] = []
    for official in officials:
        author = parse_name(_DEGREES.sub("", as_text(official.get("name"))))
        if author:
            place = as_text(official.get("affiliation"))
            people.append(author._replace(affiliations=(place,) if place else ()))
    lead = as_text(within(sponsors, "leadSponsor", "name"))
    if lead:
        people.append(Author(lead, is_collective=True))
    return people


def _read_mesh(derived: Mapping[str, object]) -> list[str]:
    headings = []
    for module in ("conditionBrowseModule", "interventionBrowseModule"):
        headings += [as_text(item.get("term")) for item in as_maps(within(derived, module, "meshes"))]
    return headings


def _list_types(design: Mapping[str, object]) -> list[str]:
    """`INTERVENTIONAL`, `EARLY_PHASE1` to `Interventional`, `Early phase 1`."""
    phases = [_PHASE.sub(r" \1", text.replace("_", " ").capitalize()) for text in as_texts(design.get("phases"))]
    kind = as_text(design.get("studyType")).replace("_", " ").capitalize()
    return [text for text in (kind, *phases) if text and text != "Na"]


def _read_references(module: Mapping[str, object]) -> Iterator[Relation]:
    for item in as_maps(module.get("references")):
        kind = _REFERENCES.get(as_text(item.get("type")).upper(), "cites")
        yield Relation(kind, pmid=as_text(item.get("pmid")), text=as_text(item.get("citation"))[:300])


def _keep_plan(
    study: Mapping[str, object], protocol: Mapping[str, object], status: Mapping[str, object], draft: Draft
) -> None:
    """Keep what a screener of registers looks at: interventions, outcomes, size, dates, whether results are posted."""
    arms = as_map(protocol.get("armsInterventionsModule"))
    outcomes = as_map(protocol.get("outcomesModule"))
    draft.keep("ctgov:intervention", *(as_text(item.get("name")) for item in as_maps(arms.get("interventions"))))
    draft.keep(
        "ctgov:primary-outcome", *(as_text(item.get("measure")) for item in as_maps(outcomes.get("primaryOutcomes")))
    )
    draft.keep("ctgov:enrollment", as_text(within(protocol, "designModule", "enrollmentInfo", "count")))
    draft.keep("ctgov:start", as_text(within(status, "startDateStruct", "date")))
    draft.keep("ctgov:completion", as_text(within(status, "completionDateStruct", "date")))
    draft.keep("ctgov:has-results", {True: "yes", False: "no"}.get(study.get("hasResults"), ""))  # type: ignore[call-overload]
    draft.keep("ctgov:why-stopped", as_text(status.get("whyStopped")))

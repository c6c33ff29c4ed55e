"""Treatments that were tried: each agent with the response of the patient, or with the responders of a study, and their sums by agent.

A patient may try several agents, so that the responses are not those of the patient's outcome but of each agent alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass

from review.extraction.count import read_count
from review.extraction.patients import find_repeated
from review.extraction.patients import list_shared
from review.extraction.slips import suggest_choice
from review.extraction.values import ANSWERS
from review.extraction.values import MISSING
from review.extraction.values import check_source
from review.extraction.values import read_observation
from review.fields import Fields
from review.findings import Finding
from review.findings import find
from review.model import Case
from review.model import CaseId
from review.model import Count
from review.model import RecordId
from review.model import Study
from review.model import StudyId
from review.model import Treatment
from review.protocol import Protocol
from review.protocol import TreatmentPlan


@dataclass(frozen=True, slots=True)
class AgentTally:
    """The patients of one agent: `events` responders of `total` with a known response; `unknown` patients have none.

    `studies` are those that tell of it. `shared` names pairs of them that may have patients in common, so that the sum may count one twice.
    """

    agent: str
    events: int
    total: int
    unknown: int
    studies: tuple[Study, ...]
    shared: tuple[tuple[StudyId, StudyId], ...]


def read_treatments(item: Fields, protocol: Protocol, names: dict[str, RecordId]) -> Iterator[Treatment]:
    """Read the key `treatments` of a case, if the protocol lists agents: `agent`, `response` and `dose` of each."""
    plan = protocol.treatments
    if plan is None:
        return
    for entry in item.blocks("treatments"):
        agent = _read_agent(entry, plan)
        response = read_observation(entry, "response", names)
        dose = entry.text("dose")
        entry.get("response", required=True)
        entry.close()
        if not agent or response is None:
            continue
        if not response.missing and response.value not in ANSWERS:
            expected = " | ".join((*ANSWERS, *MISSING))
            entry.refuse("response", response.value, expected, suggest_choice(response.value, ANSWERS))
            continue
        check_source(response.source or response.missing, entry, "response")
        yield Treatment(agent, response, dose, entry.place("agent"))


def read_treatment_counts(fields: Fields, protocol: Protocol, names: dict[str, RecordId]) -> Iterator[Count]:
    """Read the key `treatments` of a sheet: responders of the patients who were given an agent, as `events` of `total`."""
    plan = protocol.treatments
    if plan is None:
        return
    seen: set[str] = set()
    for number, item in enumerate(fields.blocks("treatments")):
        agent = _read_agent(item, plan)
        count = read_count(item, agent, names, f"treatments[{number}]")
        if count is None or not agent:
            continue
        if agent in seen:
            message = f"the treatment {agent} is counted twice in this sheet"
            item.findings.append(find("EXTRACT-023", message, item.place("agent"), found=agent))
            continue
        seen.add(agent)
        yield count


def check_treatments(studies: Sequence[Study]) -> Iterator[Finding]:
    """The responders of an agent are given as a total and case by case, and do not agree."""
    for study in studies:
        for count in study.treatments:
            events, total, _ = _count_cases(study.cases, count.name)
            if total and (events, total) != (count.events, count.total):
                found, expected = f"{count.events}/{count.total}", f"{events}/{total}"
                message = f"{count.name}: the total says {found}, the cases {expected}"
                yield find("EXTRACT-022", message, count.origin, found=found, expected=expected)


def tally_agents(studies: Sequence[Study], plan: TreatmentPlan, links: dict[CaseId, CaseId]) -> list[AgentTally]:
    """Add up the responders of each agent that somebody was given, in the order of the protocol.

    Of each study the cases count, or its total where no case tells of the agent. A patient of several sheets counts once, and one who was given
    an agent twice has responded if either response is yes.

    Args:
        studies: Those to be counted together.
        plan: The agents.
        links: Which cases are the same patient, as `link_cases` gives them for all sheets.
    """
    repeated = find_repeated(studies, links)
    tallies = []
    for agent in plan.agents:
        events = total = unknown = 0
        told: list[Study] = []
        for study in studies:
            cases = [case for case in study.cases if (study.id, case.id) not in repeated]
            counts = _count_cases(cases, agent)
            reported = next((count for count in study.treatments if count.name == agent), None)
            if not any(counts) and reported is not None and len(cases) == len(study.cases):
                counts = (reported.events, reported.total, 0)
            if any(counts):
                told.append(study)
                events, total, unknown = (sum(pair) for pair in zip((events, total, unknown), counts, strict=True))
        if told:
            shared = tuple((study.id, other.id) for study, _, other in list_shared(told))
            tallies.append(AgentTally(agent, events, total, unknown, tuple(told), shared))
    return tallies


def _count_cases(cases: Sequence[Case], agent: str) -> tuple[int, int, int]:
    """Return responders, patients with a known response, and patients without one."""
    events = total = unknown = 0
    for case in cases:
        answers = [item.response.value for item in case.treatments if item.agent == agent]
        if any(answers):
            total += 1
            events += "yes" in answers
        elif answers:
            unknown += 1
    return events, total, unknown


def _read_agent(item: Fields, plan: TreatmentPlan) -> str:
    agent = item.text("agent", required=True)
    if not agent or agent in plan.agents:
        return agent
    message = f"{item.where}.agent is {agent!r}: not one of the agents of the protocol"
    hint, expected = suggest_choice(agent, plan.agents), " | ".join(plan.agents)
    item.findings.append(find("EXTRACT-020", message, item.place("agent"), found=agent, expected=expected, hint=hint))
    return ""

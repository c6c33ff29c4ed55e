"""Treatments that were tried, agent by agent: patients, responders and the interval, as reviews of treatments tabulate them."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence

from review.extraction.patients import link_cases
from review.extraction.treatments import AgentTally
from review.extraction.treatments import tally_agents
from review.model import Study
from review.model import Value
from review.numerals import format_count
from review.numerals import format_interval
from review.numerals import format_percent
from review.numerals import format_proportion
from review.pooling.intervals import interval
from review.protocol import Protocol
from review.reporting.forest_rows import name_method
from review.reporting.sections.characteristics import name_word
from review.reporting.table import Cell
from review.reporting.table import Column
from review.reporting.table import Row
from review.reporting.table import Table
from review.reporting.table import make_row

#: The interval of each agent: exact, since most agents were tried in a few patients.
METHOD = "clopper-pearson"


def tabulate_treatments(studies: Sequence[Study], protocol: Protocol) -> Table:
    """List the agents that patients of the included studies were given, with responders; no rows where the protocol lists no agents."""
    tallies = tally_treatments(studies, protocol)
    plan = protocol.treatments
    notes = []
    if plan is not None and plan.response:
        notes.append(f"Response: {plan.response.rstrip('.')}.")
    notes.append(
        "N are the patients whose response is known. A patient may stand in several rows, and nobody was assigned to an agent, so that rows are no comparison."
    )
    general = len(notes)
    columns = (
        Column("agent", "Agent"),
        Column("studies", "Studies", "right"),
        Column("patients", "Patients", "right"),
        Column("responders", "Responders, n/N (%)", "right", tuple(range(general)) if tallies else ()),
        Column("ci", f"95% CI, {name_method(METHOD)}", "right"),
        Column("unknown", "Response not known", "right"),
    )
    rows = []
    for item in tallies:
        marks: tuple[int, ...] = ()
        if item.shared:
            notes.append(f"{item.agent}: {_name_shared(item)} may have patients in common, so that no sum is given.")
            marks = (len(notes) - 1,)
        rows.append(_make_row(item, marks))
    caption = "Treatments that were tried, by agent."
    return Table("treatments", caption, columns, tuple(rows), tuple(notes) if rows else ())


def list_treatment_values(studies: Sequence[Study], protocol: Protocol) -> Iterator[Value]:
    """Yield `treatments.<agent>` for each agent with a known response and a sum."""
    for item in tally_treatments(studies, protocol):
        if item.total and not item.shared:
            low, high = interval(item.events, item.total, method=METHOD, level=0.95)
            yield Value(
                key=_name_value(item),
                text=format_proportion(item.events, item.total, (low, high)),
                value=item.events / item.total,
                events=item.events,
                total=item.total,
                ci_low=low,
                ci_high=high,
                method=f"{METHOD}, responders to {item.agent}",
                ids=tuple(str(study.id) for study in item.studies),
            )


def tally_treatments(studies: Sequence[Study], protocol: Protocol) -> list[AgentTally]:
    """Count the responders to each agent in the included studies; empty where the protocol lists no agents."""
    if protocol.treatments is None:
        return []
    chosen = [study for study in studies if study.evidence == "primary"]
    return tally_agents(chosen, protocol.treatments, link_cases(studies))


def _make_row(item: AgentTally, marks: tuple[int, ...]) -> Row:
    agent = Cell(item.agent, notes=marks)
    if item.shared:
        return make_row(agent, len(item.studies), "not summed", "not summed", "not summed", "not summed")
    patients = item.total + item.unknown
    if not item.total:
        return make_row(agent, len(item.studies), patients, "no response known", "not applicable", item.unknown)
    key = _name_value(item)
    share = f"{format_count(item.events)}/{format_count(item.total)} ({format_percent(item.events, item.total)})"
    low, high = interval(item.events, item.total, method=METHOD, level=0.95)
    limits = format_interval(low, high).split("CI ")[1]
    return make_row(
        agent,
        len(item.studies),
        patients,
        Cell(share, item.events / item.total, key=key),
        Cell(limits, key=key),
        item.unknown,
    )


def _name_value(item: AgentTally) -> str:
    return f"treatments.{name_word(item.agent)}"


def _name_shared(item: AgentTally) -> str:
    labels = {study.id: study.label for study in item.studies}
    return "; ".join(f"{labels[one]} and {labels[other]}" for one, other in item.shared)

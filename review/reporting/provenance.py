"""Where the numbers come from: the part of the report that every number leads to.

Each value has an entry of its own. What many values share (a study's sheet, a report's decisions, a run) is told once and linked to, and a long
list of records is summed up by source with the command that lists it, so that the page of a review of 20,000 records stays small.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from review.findings import Origin
from review.model import Box
from review.model import CaseId
from review.model import RecordId
from review.model import ReportId
from review.model import Run as Search
from review.model import Study
from review.model import Value
from review.numerals import count_noun
from review.numerals import format_count
from review.pooling.planned import PlannedResult
from review.reporting.document import Code
from review.reporting.document import Link
from review.reporting.document import Node
from review.reporting.document import Number
from review.reporting.document import Outline
from review.reporting.document import Run
from review.reporting.document import Runs
from review.reporting.document import Section
from review.reporting.document import Strong
from review.reporting.document import join_runs
from review.reporting.document import name_value
from review.reporting.document import write_paragraph
from review.reporting.forest_rows import name_method
from review.reporting.prisma import choose_template
from review.reporting.prisma import describe_key
from review.reporting.trace import Evidence
from review.reporting.trace import Step
from review.reporting.trace import trace_report
from review.reporting.trace import trace_row

#: The key of the section.
PROVENANCE = "sources"

#: A list of more reports, studies or records than this is summed up.
MOST_LISTED = 60

_FLOW = "prisma."
_POOL = "pool."

_SINGULAR = {"records": "record", "reports": "report", "studies": "study", "cases": "case"}


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the numbers are made of: the evidence, the flow, the sheets, the searches. `titles` names sources as readers know them."""

    evidence: Evidence
    boxes: Sequence[Box]
    studies: Sequence[Study]
    searches: Sequence[Search]
    titles: Mapping[str, str]


def compose_provenance(holdings: Holdings) -> Section:
    """Compose the section: the flow's numbers, the analyses, all other values; then the studies, reports and runs that they lead to."""
    teller = _Teller(holdings)
    return Section(
        PROVENANCE,
        "Where the numbers come from",
        (
            write_paragraph(
                "Every number above leads here, and from here to the line of the file that says so. The same in the terminal: ",
                Code("review trace KEY"),
                " for a key of ",
                Code("values.json"),
                ", ",
                Code("review prisma --explain BOX"),
                " for the records behind a number of the flow diagram. Paths are relative to the folder of the review.",
            ),
        ),
        tuple(section for section in teller.compose_sections() if not section.is_empty),
    )


class _Teller:
    """Tells what each value is made of; knows which studies, reports and runs have entries to link to."""

    def __init__(self, holdings: Holdings) -> None:
        self.holdings = holdings
        self.evidence = holdings.evidence
        self.reports = self._list_reports()
        self.studies = {str(study.id): study for study in holdings.studies}
        self.template = choose_template(holdings.boxes)
        self._told = frozenset(map(str, self.reports))
        self._named: set[str] = set()
        self._texts = {value.key: value.text for value in self.evidence.values}

    def compose_sections(self) -> Iterator[Section]:
        values = self.evidence.values
        flow = [value for value in values if value.key.startswith(_FLOW)]
        pooled = {value.key for value in values if value.key.startswith(_POOL)}
        others = [value for value in values if value.key not in pooled and not value.key.startswith(_FLOW)]
        yield self._make_section("flow", "Numbers of the flow diagram", map(self._tell_box, flow))
        for result in self.evidence.planned:
            name = result.analysis.name
            title = f"Analysis {name}: {result.analysis.label}"
            yield self._make_section(f"analysis-{name}", title, self._tell_analysis(result))
        yield self._make_section("others", "Other numbers", map(self._tell_other, others))
        yield self._make_section("studies", "Studies", map(self._tell_study, self.holdings.studies))
        yield self._make_section("reports", "Reports", map(self._tell_report, self.reports))
        yield self._make_section("runs", "Searches and imports", map(self._tell_search, self.holdings.searches))

    def _make_section(self, key: str, title: str, nodes: Iterable[Node]) -> Section:
        listed = tuple(map(self._name_once, nodes))
        return Section(f"{PROVENANCE}-{key}", title, (Outline(listed),) if listed else ())

    def _name_once(self, node: Node) -> Node:
        """Leave the name of a place to the first that has it: a study may be called as a part of an analysis is, `model`."""
        if node.key in self._named:
            return dataclasses.replace(node, key="")
        self._named.add(node.key)
        return node

    def _list_reports(self) -> list[ReportId]:
        """List the reports that are told of one by one: those of the sheets, and those excluded at full text."""
        of = self.evidence.report_of
        named: dict[ReportId, None] = {
            of[report.record]: None
            for study in self.holdings.studies
            for report in study.reports
            if report.record in of
        }
        for value in self.evidence.values:
            if value.key in {"prisma.dbr_excluded", "prisma.other_excluded"}:
                named |= {of[RecordId(name)]: None for name in value.ids if RecordId(name) in of}
        return list(named)

    def _tell_box(self, value: Value) -> Node:
        name = value.key.removeprefix(_FLOW).partition(".")[0]
        unit, _, label = value.method.partition(": ")
        words = f"{describe_key(name, self.template)}, {label}" if label else describe_key(name, self.template)
        below: list[Node] = []
        if unit == "records":
            below = self._sum_up_records(value.ids)
        elif unit == "cases":
            below = self._sum_up_cases(value.ids)
        elif len(value.ids) <= MOST_LISTED:
            below = [Node(self._name(identifier)) for identifier in value.ids]
        if value.ids and (unit == "records" or len(value.ids) > MOST_LISTED):
            command = Code(f"review prisma --explain {name}")
            below.append(Node((command, " lists them; ", Code("output/prisma/prisma.json"), " holds their ids.")))
        elif not value.ids and value.value:
            below = [Node(("As reported by the previous version of the review, without a list.",))]
        noun = _SINGULAR.get(unit, unit) if value.value == 1 else unit
        runs = (f"{words}: ", Strong(value.text), f" {noun} ", Code(value.key))
        return Node(runs, tuple(below), name_value(value.key), is_folded=True)

    def _sum_up_records(self, identifiers: Sequence[str]) -> list[Node]:
        """Count records by the source that they were found in, and lead to its runs."""
        entries = self.evidence.entry_of
        counts = Counter(entries[name].source for name in identifiers if name in entries)
        nodes = []
        for source, count in counts.items():
            runs = [Link(run, f"#{name_search(run)}") for run in self.evidence.runs_of.get(source, ())]
            title = self.holdings.titles.get(source, source)
            tail: Runs = (" (", *join_runs(runs), ")") if runs else ()
            nodes.append(Node((f"{format_count(count)} from {title}", *tail)))
        return nodes

    def _sum_up_cases(self, identifiers: Sequence[str]) -> list[Node]:
        """Count patients by study; those known only in total are named by their study with a number behind it."""
        study_of = {case.id: study.id for study in self.holdings.studies for case in study.cases}
        counts = Counter(str(study_of.get(CaseId(name), name.rpartition("/")[0])) for name in identifiers)
        return [Node((f"{format_count(count)} of ", *self._name(study))) for study, count in counts.items()]

    def _tell_analysis(self, result: PlannedResult) -> Iterator[Node]:
        prefix = f"{_POOL}{result.analysis.name}."
        values = [value for value in self.evidence.values if value.key.startswith(prefix)]
        rows = {f"{prefix}{row.study.id}": row for row in result.rows}
        told: dict[tuple[str, ...], Value] = {}
        for value in values:
            row = rows.get(value.key)
            lead: Runs = (Strong(value.text), f" {_name_method(value.method)} ", Code(value.key))
            below: list[Node] = []
            if row is not None:
                name: Run = Link(row.study.label, f"#{_name_study(str(row.study.id))}")
                lead = (name, ": ", *lead)
                below = [*self._tell_steps(trace_row(row, self.evidence))]
            elif len(value.ids) == 1 or value.ids in told:
                first = told[value.ids].key if value.ids in told else f"{prefix}{value.ids[0]}"
                lead = (*lead, ": the same patients as ", self._point_at(first))
            elif 0 < len(rows) - len(value.ids) < len(value.ids):
                # Of a hundred studies with one left out, the one is what a reader wants to know.
                missing = [row.study.id for row in result.rows if str(row.study.id) not in value.ids]
                left_out = join_runs([self._point_at_row(prefix, str(study)) for study in missing], "; ", " and ")
                lead = (*lead, ": all rows but ", *left_out)
            else:
                told[value.ids] = value
                below = [Node(self._point_at_row(prefix, study)) for study in value.ids]
            yield Node(lead, tuple(below), name_value(value.key), is_folded=True)

    def _point_at_row(self, prefix: str, study: str) -> Runs:
        label = self.studies[study].label if study in self.studies else study
        return (f"{label}: ", self._point_at(f"{prefix}{study}"))

    def _point_at(self, key: str) -> Number:
        return Number(key, self._texts.get(key, key))

    def _tell_other(self, value: Value) -> Node:
        names = value.ids if len(value.ids) <= MOST_LISTED else ()
        below = [Node(self._name(identifier)) for identifier in names]
        if len(value.ids) > MOST_LISTED:
            below.append(
                Node((f"{format_count(len(value.ids))} ids; ", Code(f"review trace {value.key}"), " lists them."))
            )
        lead = f" {value.method} " if value.method else " "
        return Node((Strong(value.text), lead, Code(value.key)), tuple(below), name_value(value.key), is_folded=True)

    def _tell_study(self, study: Study) -> Node:
        below = [
            Node(("sheet ", _write_origin(study.origin))),
            *(Node((f"{report.role} report ", *self._name(report.record))) for report in study.reports),
            *(
                Node((f"patient {case.id} ", _write_origin(case.origin)))
                for case in study.cases
                if len(study.cases) <= MOST_LISTED
            ),
        ]
        if len(study.cases) > MOST_LISTED:
            below.append(Node((f"{count_noun(len(study.cases), 'patient')} in the sheet",)))
        return Node((Strong(study.label),), tuple(below), _name_study(study.id), is_folded=True)

    def _tell_report(self, report: ReportId) -> Node:
        step = trace_report(report, self.evidence)
        title = step.text if step.text != report else ""
        runs: Runs = (Strong(title), " ", Code(report)) if title else (Code(report),)
        return Node(runs, tuple(self._tell_steps(step)), _name_report(report), is_folded=True)

    def _tell_search(self, search: Search) -> Node:
        folder = f"queries/runs/{search.id}"
        hits = "hits not stated" if search.hits is None else f"{format_count(search.hits)} hits"
        facts: list[Runs] = [
            (f"{search.kind}, started {search.started}; {hits}, {count_noun(search.retrieved, 'record')} received",),
            ("said in ", Code(f"{folder}/run.json")),
        ]
        if search.payload:
            facts.append(("received as ", Code(f"{folder}/{search.payload}")))
        if search.sha256:
            facts.append(("SHA-256 of what was received ", Code(search.sha256)))
        title = self.holdings.titles.get(search.source, search.source)
        return Node(
            (Strong(title), f" {search.started[:10]} ", Code(search.id)),
            tuple(map(Node, facts)),
            name_search(search.id),
            is_folded=True,
        )

    def _tell_steps(self, step: Step) -> Iterator[Node]:
        """Tell what a step rests on; a report that has an entry of its own is linked to instead of told again."""
        for below in step.steps:
            if below.kind == "report":
                yield Node(("report ", *self._name(below.id)))
            elif below.kind == "record":
                yield Node(("record ", Code(below.id), f" {below.text} ", _write_origin(below.origin)))
            else:
                named = ("read in ", *self._name(below.id)) if below.kind == "source" else (_name_step(below),)
                runs = (*named, f": {below.text} ", _write_origin(below.origin))
                yield Node(runs, tuple(self._tell_steps(below)))

    def _name(self, identifier: str) -> Runs:
        """Name a study, report or record by its id, as a link where it has an entry."""
        report = self.evidence.report_of.get(RecordId(identifier))
        if report is None and identifier in self.evidence.entry_of:
            report = self.evidence.report_of.get(self.evidence.entry_of[identifier].record.id)
        if report in self._told:
            return (Link(identifier, f"#{_name_report(str(report))}"),)
        if identifier in self.studies:
            return (Link(self.studies[identifier].label, f"#{_name_study(identifier)}"),)
        return (Code(identifier),)


def _name_method(method: str) -> str:
    """Give an interval's method its usual spelling; a model is told in words already."""
    return method if " " in method else name_method(method)


def _name_step(step: Step) -> str:
    return f"patient {step.id}" if step.kind == "case" else f"{step.kind} {step.id}".rstrip()


def _write_origin(origin: Origin | None) -> Run:
    return Code(str(origin)) if origin else ""


def _name_study(study: str) -> str:
    return f"study-{study}"


def _name_report(report: str) -> str:
    return f"report-{report}"


def name_search(run: str) -> str:
    """Give the key of the entry of a run."""
    return f"run-{run}"

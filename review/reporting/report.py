"""The report of a review as a document: what every part of it says, and in which order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from review import __version__
from review.catalogue import CATALOGUE
from review.findings import Finding
from review.findings import count_errors
from review.model import Run as Search
from review.model import Value
from review.numerals import count_noun
from review.protocol import Protocol
from review.reporting.document import Block
from review.reporting.document import Code
from review.reporting.document import Document
from review.reporting.document import Figure
from review.reporting.document import Items
from review.reporting.document import Link
from review.reporting.document import Node
from review.reporting.document import Number
from review.reporting.document import Outline
from review.reporting.document import Paragraph
from review.reporting.document import Runs
from review.reporting.document import Section
from review.reporting.document import Strong
from review.reporting.document import Term
from review.reporting.document import Terms
from review.reporting.document import write_paragraph
from review.reporting.searches import compose_searches
from review.reporting.table import Table
from review.search.strategy import Strategy

#: How the keys of analyses begin that are not of one proportion.
_MEASURED = "measured."

#: Findings of one code that are told one by one; the rest is counted.
MOST_FINDINGS = 40

#: The numbers of the summary, in its order, with the words behind each.
_SUMMARY = (
    ("prisma.records_screened", "records screened"),
    ("prisma.dbr_assessed", "reports assessed for eligibility"),
    ("prisma.new_studies", "studies included"),
    ("prisma.new_reports", "reports of included studies"),
    ("prisma.new_cases", "patients in included studies"),
)


@dataclass(frozen=True, slots=True)
class AnalysisPart:
    """An analysis in the report: what is said of it first (`lead`), its table, its figures, and what else there is, below them."""

    name: str
    label: str
    table: Table
    figures: tuple[Figure, ...] = ()
    blocks: tuple[Block, ...] = ()
    lead: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """What the report says. The parts that are sections are composed elsewhere; None is left out.

    `close_calls` lists what was excluded at title and abstract against a vote, `certainty` is the summary of findings, `sources` the part that every number leads to.
    """

    protocol: Protocol
    is_draft: bool
    values: Sequence[Value]
    findings: Sequence[Finding]
    flow: Figure
    searches: Sequence[Search]
    runs: Table
    strategies: Sequence[Strategy]
    studies: Table
    excluded: Table
    analyses: Sequence[AnalysisPart]
    sources: Section
    methods: Section | None = None
    agreement: Section | None = None
    characteristics: Section | None = None
    appraisal: Section | None = None
    certainty: Section | None = None
    checklists: Section | None = None
    close_calls: Table | None = None
    flow_blocks: tuple[Block, ...] = field(default=())


def compose_report(content: Content) -> Document:
    """Compose the report; a part with nothing to say says so in a sentence or is left out."""
    sections = (
        _compose_summary(content),
        _compose_question(content.protocol),
        content.methods,
        Section("flow", "Flow of the records", (content.flow, *content.flow_blocks)),
        compose_searches(content.searches, content.strategies, content.runs),
        content.agreement,
        _compose_included(content),
        content.appraisal,
        _compose_results(content.analyses),
        content.certainty,
        _compose_excluded(content),
        content.checklists,
        _compose_findings(content.findings),
        content.sources,
    )
    return Document(
        content.protocol.title,
        tuple(_compose_lead(content)),
        tuple(section for section in sections if section is not None),
        (f"Made by review {__version__} from the files that ", Code("manifest.json"), " names, with their hashes."),
    )


def _compose_lead(content: Content) -> Iterator[Block]:
    if not content.is_draft:
        return
    errors = count_errors(content.findings)
    if errors:
        told = f"Draft, not for publication: a number may be wrong ({count_noun(errors, 'finding')} at error level, "
        yield write_paragraph(told, Link("listed below", "#findings"), ").", kind="warning")
    else:
        yield write_paragraph("Draft, not for publication: the review is unfinished.", kind="warning")


def _compose_summary(content: Content) -> Section:
    values = {value.key: value for value in content.values}
    items: list[Runs] = [
        (Number(key, values[key].text), f" {words}") for key, words in _SUMMARY if key in values and values[key].value
    ]
    for part in content.analyses:
        value = _find_main(part.name, values)
        label: Runs = (Link(f"{part.name}. {part.label}", f"#{_name_analysis(part.name)}"), ": ")
        # What a proportion is needs no words; a mean, a rate or a ratio does.
        words = (f" {value.method}",) if value and value.key.startswith(_MEASURED) else ()
        items.append((*label, Number(value.key, value.text), *words) if value else (*label, "no sum is given"))
    blocks: tuple[Block, ...] = (Items(tuple(items)),) if items else (write_paragraph("Nothing is counted yet."),)
    note = "Every number is a link to what it is made of."
    return Section("summary", "Summary", (*blocks, write_paragraph(note, kind="note")))


def _find_main(name: str, values: Mapping[str, Value]) -> Value | None:
    """Find the value that an analysis comes to: its sum, its only row, or its model."""
    together = values.get(f"pool.{name}.together")
    rows = [value for key, value in values.items() if key.startswith(f"pool.{name}.") and len(value.ids) == 1]
    studies = {value.ids for value in rows}
    if together or len(studies) == 1:
        return together or rows[0]
    prefixes = (f"{_MEASURED}{name}.model.", f"{_MEASURED}{name}.together.")
    return next((value for prefix in prefixes for key, value in values.items() if key.startswith(prefix)), None)


def _compose_question(protocol: Protocol) -> Section:
    blocks: list[Block] = [write_paragraph(protocol.question or "The protocol states no question.")]
    if protocol.registration:
        blocks.append(write_paragraph(f"Registration: {protocol.registration}"))
    if protocol.eligibility:
        blocks.append(
            Terms(
                tuple(
                    Term(name.replace("_", " ").capitalize(), tuple((text,) for text in texts))
                    for name, texts in protocol.eligibility
                )
            )
        )
    return Section("question", "Question and eligibility", tuple(blocks))


def _compose_included(content: Content) -> Section:
    section = _compose_table("included", "Included studies", content.studies, "No study is included yet.")
    if content.characteristics is None:
        return section
    return Section(section.key, section.title, section.blocks, (content.characteristics,))


def _compose_excluded(content: Content) -> Section:
    section = _compose_table(
        "not-included", "Excluded at full text", content.excluded, "No report is excluded at full text."
    )
    close = content.close_calls
    if close is None or not close.rows:
        return section
    return Section(section.key, section.title, (*section.blocks, close))


def _compose_table(key: str, title: str, table: Table, otherwise: str) -> Section:
    return Section(key, title, (table,) if table.rows else (write_paragraph(otherwise),))


def _compose_results(parts: Sequence[AnalysisPart]) -> Section:
    if not parts:
        return Section("results", "Results", (write_paragraph("The protocol plans no analysis."),))
    sections = tuple(
        Section(
            _name_analysis(part.name),
            f"{part.name}. {part.label}",
            (
                *part.lead,
                *((part.table,) if part.table.rows else (write_paragraph(_say_empty(part)),)),
                *part.figures,
                *part.blocks,
            ),
        )
        for part in parts
    )
    return Section("results", "Results", (), sections)


def _say_empty(part: AnalysisPart) -> str:
    return f"No study has a figure for it yet. {part.table.caption}"


def _name_analysis(name: str) -> str:
    return f"analysis-{name}"


def _compose_findings(findings: Sequence[Finding]) -> Section:
    """Tell what is open, the worst first, grouped by code so that a thousand of one kind do not hide the one of another."""
    by_code: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_code[finding.code].append(finding)
    intro: Paragraph = write_paragraph(
        *("Nothing is open.",)
        if not findings
        else (Code("review check"), " lists them; ", Code("findings.json"), " holds them.")
    )
    outline = (Outline(tuple(_tell_code(code, told) for code, told in by_code.items())),) if by_code else ()
    return Section("findings", "What is open", (intro, *outline))


def _tell_code(code: str, findings: Sequence[Finding]) -> Node:
    entry = CATALOGUE[code]
    told = [_tell_finding(finding) for finding in findings[:MOST_FINDINGS]]
    if len(findings) > MOST_FINDINGS:
        rest = len(findings) - MOST_FINDINGS
        told.append(Node((f"and {rest:,} more: ", Code(f"review check {code}"))))
    runs: Runs = (
        f"{entry.level}: ",
        Strong(entry.title),
        f" ({count_noun(len(findings), 'finding')}, ",
        Code(code),
        ")",
    )
    return Node(runs, (*_list_advice(entry.mend), *told), is_folded=entry.level == "note")


def _list_advice(mend: str) -> Iterable[Node]:
    return (Node((f"What to do: {mend}",)),) if mend else ()


def _tell_finding(finding: Finding) -> Node:
    origin: Runs = (Code(str(finding.origin)), " ") if finding.origin else ()
    tail = f"; expected {finding.expected}" if finding.expected else ""
    hint = f" ({finding.hint})" if finding.hint else ""
    return Node((*origin, f"{finding.message}{tail}{hint}"))

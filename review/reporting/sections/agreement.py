"""Agreement in the report: of screeners by stage, of extractors by field, or that there is none to measure.

At the few per cent of includes that screening has, kappa, positive agreement and the counts are read together; no words grade them.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence

from review.extraction.compare import FieldAgreement
from review.extraction.compare import describe_agreement
from review.extraction.compare import measure_fields
from review.model import Stage
from review.model import Value
from review.numerals import count_noun
from review.numerals import format_number
from review.numerals import format_proportion
from review.protocol import STAGES
from review.protocol import Protocol
from review.reporting.document import Block
from review.reporting.document import Link
from review.reporting.document import Paragraph
from review.reporting.document import Section
from review.reporting.document import join_runs
from review.reporting.document import write_paragraph
from review.reporting.pooled import ITERATED
from review.reporting.sections.material import Material
from review.reporting.table import Cell
from review.reporting.table import Column
from review.reporting.table import Table
from review.reporting.table import make_row
from review.screening.agreement import PairAgreement
from review.screening.coefficients import Coefficient

AGREEMENT = "agreement"

#: The stages as readers name them.
STAGE_NAMES: dict[Stage, str] = {
    "title-abstract": "Title and abstract",
    "retrieval": "Retrieval",
    "full-text": "Full text",
}

_SAMPLES = {"calibration": "calibration sample", "rest": "all others", "all": "all together"}


def compose_agreement(material: Material) -> Section:
    """Compose the section: a paragraph for each stage, the table of pairs, and the extractors."""
    screening: list[Block] = [_tell_stage(stage, material) for stage in STAGES if _is_told(stage, material)]
    if not screening:
        screening.append(write_paragraph("Nobody has screened a record yet: no agreement to measure."))
    if material.agreement:
        screening.append(tabulate_screeners(material.agreement))
    fields = measure_fields(material.compared)
    extraction: list[Block] = [write_paragraph(*tell_extraction(material))]
    if fields:
        extraction.append(tabulate_extractors(fields, material.protocol))
    return Section(
        AGREEMENT,
        "Agreement",
        (),
        (
            Section("agreement-screening", "Screening", tuple(screening)),
            Section("agreement-extraction", "Extraction", tuple(extraction)),
        ),
    )


def tell_extraction(material: Material) -> tuple[str | Link, ...]:
    """Say by how many people the studies were extracted, and how far they agreed."""
    if not material.studies:
        return ("No study has been extracted yet.",)
    doubled = len({pair.study for pair in material.compared})
    if not doubled:
        return (
            f"Each of the {count_noun(len(material.studies), 'sheet')} was filled in once; no second extractor, so no agreement to measure.",
        )
    return (describe_agreement(measure_fields(material.compared), doubled, len(material.studies)),)


def list_agreement_values(pairs: Sequence[PairAgreement], fields: Sequence[FieldAgreement]) -> Iterator[Value]:
    """Yield the numbers of the section: `agreement.<stage>.<sample>.<left>.<right>` for kappa, `agreement.extraction` for values."""
    for pair in pairs:
        key = name_pair(pair)
        kappa, shared = pair.agreement.kappa, pair.agreement.n
        people = f"{pair.left} and {pair.right} on {count_noun(shared, 'report')}"
        if kappa is not None:
            yield Value(
                key,
                f"{_show(kappa.estimate)} (95% CI {_show(kappa.low)} to {_show(kappa.high)})",
                round(kappa.estimate, ITERATED),
                total=shared,
                ci_low=round(kappa.low, ITERATED),
                ci_high=round(kappa.high, ITERATED),
                method=f"Cohen's kappa of {people}",
                ids=pair.differing,
            )
    equal, compared = (sum(getattr(item, part) for item in fields) for part in ("equal", "compared"))
    if compared:
        text = format_proportion(equal, compared)
        yield Value(
            "agreement.extraction", text, equal / compared, equal, compared, method="values that both extractors have"
        )


def name_pair(pair: PairAgreement) -> str:
    """Give the key of a pair's kappa in `values.json`."""
    return f"agreement.{pair.stage}.{pair.sample}.{pair.left}.{pair.right}"


def tabulate_screeners(pairs: Sequence[PairAgreement]) -> Table:
    """List every pair of screeners by stage and sample: the counts, kappa with its interval, positive and negative agreement."""
    rows = tuple(
        make_row(
            STAGE_NAMES[pair.stage],
            f"{pair.left} and {pair.right}",
            _SAMPLES[pair.sample],
            pair.agreement.n,
            _list_counts(pair),
            _write_kappa(pair.agreement.kappa, name_pair(pair)),
            _write_share(pair.agreement.positive),
            _write_share(pair.agreement.negative),
        )
        for pair in pairs
    )
    columns = (
        Column("stage", "Stage"),
        Column("screeners", "Screeners"),
        Column("sample", "Sample"),
        Column("n", "Both voted", "right"),
        Column("counts", "Votes, first and second screener"),
        Column("kappa", "Kappa (95% CI)", "right", (0,)),
        Column("positive", "Positive agreement", "right", (1,)),
        Column("negative", "Negative agreement", "right", (1,)),
    )
    notes = (
        "Cohen's kappa, interval by the standard error of Fleiss, Cohen and Everitt (1969); not defined where chance alone gives full agreement.",
        "Agreement on include and on exclude: twice the votes that agree over all votes of that kind (Cicchetti and Feinstein 1990).",
    )
    return Table("screeners", "Agreement of screeners, before conflicts were settled.", columns, rows, notes)


def tabulate_extractors(fields: Sequence[FieldAgreement], protocol: Protocol) -> Table:
    """List the fields that two people extracted: values that agree, and kappa where answers are words that return."""
    labels = {outcome.name: outcome.label for outcome in protocol.outcomes}
    labels |= {field.name: field.label for field in protocol.case_fields}
    rows = []
    for item in fields:
        share = Cell(format_proportion(item.equal, item.compared), item.equal / item.compared)
        kappa = _write_kappa(item.answers.kappa, "") if item.answers else Cell("not applicable")
        rows.append(make_row(labels.get(item.field, item.field), share, kappa))
    columns = (
        Column("field", "Field"),
        Column("equal", "Equal values", "right"),
        Column("kappa", "Kappa (95% CI)", "right"),
    )
    caption = "Agreement of the two extractors, before differences were settled."
    return Table("extractors", caption, columns, tuple(rows))


def _is_told(stage: Stage, material: Material) -> bool:
    """Retrieval is no judgement of eligibility: it is told only where two people recorded it."""
    people = material.list_screeners(stage)
    return len(people) > 1 if stage == "retrieval" else bool(people)


def _tell_stage(stage: Stage, material: Material) -> Paragraph:
    people = material.list_screeners(stage)
    decided = {
        material.report_of[vote.record]
        for vote in material.votes
        if vote.stage == stage and vote.record in material.report_of
    }
    lead = f"{STAGE_NAMES[stage]}: "
    if len(people) == 1:
        text = (
            f"{lead}one screener ({people[0]}) voted on {count_noun(len(decided), 'report')}; no agreement to measure."
        )
        return write_paragraph(text)
    named = f"{lead}{len(people)} screeners ({', '.join(people)}) voted on {count_noun(len(decided), 'report')}"
    pairs = [pair for pair in material.agreement if pair.stage == stage]
    if not pairs:
        return write_paragraph(f"{named}; no two of them on the same report, so no agreement to measure.")
    settled = _count_settled(stage, material)
    kappas = [
        (f"{pair.left} and {pair.right}, {_SAMPLES[pair.sample]}, ", number)
        for pair in pairs
        if (number := material.quote(name_pair(pair)))
    ]
    told = (
        ("Kappa: ", *join_runs(kappas, "; ", "; ")) if kappas else ("Kappa is not defined: all votes are of one kind",)
    )
    tail = f". {count_noun(settled, 'conflict')} settled by a further judgement." if settled else "."
    return write_paragraph(f"{named}. ", *told, tail)


def _count_settled(stage: Stage, material: Material) -> int:
    """Count the reports whose conflict at a stage a row settles that nobody withdrew."""
    latest = {
        material.report_of[row.decision.record]: str(row.decision.verdict)
        for row in material.settlements
        if row.decision.stage == stage and row.decision.record in material.report_of
    }
    return sum(verdict != "undo" for verdict in latest.values())


def _list_counts(pair: PairAgreement) -> str:
    """List the four counts of include and exclude; of the nine with unsure those above 0."""
    return ", ".join(
        f"{left}/{right} {count:,}"
        for left, counts in zip(pair.categories, pair.table, strict=True)
        for right, count in zip(pair.categories, counts, strict=True)
        if count or len(pair.categories) == 2
    )


def _write_kappa(kappa: Coefficient | None, key: str) -> Cell:
    if kappa is None:
        return Cell("not defined")
    return Cell(f"{_show(kappa.estimate)} ({_show(kappa.low)} to {_show(kappa.high)})", kappa.estimate, key=key)


def _write_share(share: float | None) -> Cell:
    return Cell("not defined") if share is None else Cell(_show(share), share)


def _show(value: float) -> str:
    return format_number(value, 2)

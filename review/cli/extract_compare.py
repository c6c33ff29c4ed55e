"""`review extract compare`: the sheets of two extractors, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output

if TYPE_CHECKING:
    from review.extraction.compare import Entry
    from review.extraction.compare import Pair
    from review.extraction.compare import Settled
    from review.findings import Finding
    from review.model import Study
    from review.workspace import Review


def run(
    studies: Annotated[
        list[str] | None, typer.Argument(help="The studies (default: all with a second sheet).", metavar="[STUDY]...")
    ] = None,
    settle: Annotated[
        tuple[str, str] | None,
        typer.Option("--settle", help="With one study: record which value stands on an item.", metavar="ITEM VALUE"),
    ] = None,
    why: Annotated[str, typer.Option("--why", help="With --settle: the reason.")] = "",
    by: Annotated[
        str, typer.Option("--by", help="With --settle: who settles (default: REVIEW_WHO or the account).")
    ] = "",
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Compare extraction/studies/STUDY.yaml with extraction/second/STUDY.yaml: differences side by side, and agreement per field.

    VALUE is a value, or `first` or `second` for that of a sheet. The word is kept in extraction/settled.csv; the sheets are yours to correct.
    Agreement is that of the values before they were settled.

    Example: review extract compare smith-2014 --settle smith-2014-1.age_years second --why "Table 1, row 3"
    """
    from review.errors import UsageError
    from review.extraction.compare import check_pairs
    from review.extraction.compare import describe_agreement
    from review.extraction.compare import measure_fields
    from review.extraction.compare import summarise_fields
    from review.findings import sort_findings

    review = options.open_project(project)
    seconds, findings = _read_seconds(review, studies)
    if settle:
        if not studies or len(studies) != 1:
            raise UsageError("name one study with --settle")
        _settle(review, seconds, settle, why, options.name_person(by))
    words, told = _read_settlements(review)
    pairs = _pair(review, seconds, words)
    findings = sort_findings([*findings, *told, *check_pairs(pairs)])
    fields = measure_fields(pairs)
    sentence = describe_agreement(fields, len(seconds), len(review.studies))
    if as_json:
        output.print_json(
            {
                "studies": [str(study.id) for study in seconds],
                "differences": [_describe(pair) for pair in pairs if not pair.agrees],
                "fields": summarise_fields(fields),
                "text": sentence,
                "findings": [finding.to_json() for finding in findings],
            }
        )
    else:
        for pair in pairs:
            if not pair.agrees:
                _print_pair(pair)
        output.print_columns(
            [("field", "agreed", "of"), *((item.field, str(item.equal), str(item.compared)) for item in fields)],
            right=(1, 2),
        )
        output.print_result(sentence)
        output.tell_findings([finding for finding in findings if finding.code != "EXTRACT-055"], quiet=quiet)
    output.exit_by(findings)


def _read_seconds(review: Review, studies: list[str] | None) -> tuple[list[Study], list[Finding]]:
    from review.errors import UsageError
    from review.extraction.sheet import parse_sheet
    from review.marked import read_marked
    from review.model import StudyId

    layout = review.layout
    names = studies or [path.stem for path in sorted(layout.second.glob("*.yaml"))]
    seconds, findings = [], []
    for name in names:
        path = layout.second / f"{name}.yaml"
        if StudyId(name) not in review.studies or not path.is_file():
            where = layout.show(layout.second if StudyId(name) in review.studies else layout.studies)
            raise UsageError(
                f"there is no {where}/{name}.yaml; `review extract new {name} --second` writes the second sheet"
            )
        study, told = parse_sheet(read_marked(path, layout.show(path)), review.protocol)
        findings += told
        if study is not None:
            seconds.append(study)
    if not names:
        raise UsageError(
            f"there is no sheet in {layout.show(layout.second)}; `review extract new STUDY --second` writes one"
        )
    return seconds, findings


def _read_settlements(review: Review) -> tuple[list[Settled], list[Finding]]:
    from review.extraction.compare import COLUMNS
    from review.extraction.compare import parse_settlements
    from review.rows import read_rows

    path = review.layout.settled
    return parse_settlements(read_rows(path, review.layout.show(path), COLUMNS)) if path.is_file() else ([], [])


def _pair(review: Review, seconds: list[Study], words: list[Settled]) -> list[Pair]:
    from review.extraction.compare import compare_sheets

    return [pair for study in seconds for pair in compare_sheets(review.studies[study.id], study, words)]


def _settle(review: Review, seconds: list[Study], settle: tuple[str, str], why: str, by: str) -> None:
    from review.errors import UsageError
    from review.extraction.compare import COLUMNS
    from review.screening.logfile import open_log

    item, value = settle
    pairs = {pair.item: pair for pair in _pair(review, seconds, [])}
    pair = pairs.get(item)
    if pair is None:
        open_items = ", ".join(name for name, found in pairs.items() if found.is_open) or "none"
        raise UsageError(f"neither sheet has {item!r}; items that differ: {open_items}")
    stands = {"first": pair.first.text, "second": pair.second.text}.get(value, value)
    cells = {"by": by, "study": pair.study, "item": item, "first": pair.first.text, "second": pair.second.text}
    with open_log(review.layout.settled, COLUMNS, "review extract compare") as log:
        log.append({**cells, "settled": stands, "why": why})


def _describe(pair: Pair) -> dict[str, object]:
    return {
        "study": pair.study,
        "item": pair.item,
        "first": _describe_entry(pair.first),
        "second": _describe_entry(pair.second),
        "settled": pair.settled.settled if pair.settled else None,
    }


def _describe_entry(entry: Entry) -> dict[str, object]:
    source = entry.source._asdict() if entry.source else None
    return {"value": entry.text, "source": source, "at": str(entry.origin) if entry.origin else None}


def _print_pair(pair: Pair) -> None:
    settled = f", settled as {pair.settled.settled} by {pair.settled.by}" if pair.settled else ""
    output.print_result(f"{pair.study} {pair.item}{settled}")
    for name, entry in (("first", pair.first), ("second", pair.second)):
        read = ""
        if entry.source:
            words = f' "{entry.source.words}"' if entry.source.words else ""
            read = " <- " + ", ".join(part for part in (str(entry.source.record), entry.source.place) if part) + words
        output.print_result(f"  {name}: {entry.text}{read}")

"""`review extract compare`: the sheets of two extractors, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.extraction.compare import Entry
    from review.extraction.compare import Pair
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
    from review.extraction.compare import describe_agreement
    from review.extraction.compare import measure_fields
    from review.extraction.compare import summarise_fields

    review = options.open_project(project)
    seconds = _find_second(review, studies)
    if settle:
        if not studies or len(studies) != 1:
            raise UsageError("name one study with --settle")
        _settle(review, seconds, settle, why, options.name_person(by))
        review = options.open_project(project)
        seconds = _find_second(review, studies)
    chosen = {study.id for study in seconds}
    pairs = [pair for pair in review.compared if pair.study in chosen]
    findings = _list_findings(review, pairs)
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


def _find_second(review: Review, names: list[str] | None) -> list[Study]:
    from review.errors import UsageError
    from review.model import StudyId

    layout = review.layout
    if not names and not layout.list_second():
        raise UsageError(
            f"there is no sheet in {layout.show(layout.second)}; `review extract new STUDY --second` writes one"
        )
    for name in names or ():
        if StudyId(name) not in review.studies or not (layout.second / f"{name}.yaml").is_file():
            where = layout.show(layout.second if StudyId(name) in review.studies else layout.studies)
            raise UsageError(
                f"there is no {where}/{name}.yaml; `review extract new {name} --second` writes the second sheet"
            )
    return [study for study in review.second if study.id in review.studies and (not names or study.id in names)]


def _list_findings(review: Review, pairs: Sequence[Pair]) -> list[Finding]:
    """Return what is wrong with the second sheets, with the words on them, and what is open between these pairs."""
    from review.extraction.compare import check_pairs
    from review.findings import sort_findings

    layout = review.layout
    shown = (layout.show(layout.second), layout.show(layout.settled))
    told = [finding for finding in review.findings if finding.origin and finding.origin.path.startswith(shown)]
    return sort_findings([*told, *check_pairs(pairs)])


def _settle(review: Review, seconds: list[Study], settle: tuple[str, str], why: str, by: str) -> None:
    from review.errors import UsageError
    from review.extraction.compare import COLUMNS
    from review.extraction.compare import compare_sheets
    from review.screening.logfile import open_log

    item, value = settle
    pairs = {pair.item: pair for study in seconds for pair in compare_sheets(review.studies[study.id], study)}
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

"""`review claims`: the numbers in a manuscript."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output
from review.numerals import count_noun
from review.reporting.claims.judgement import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.model import Value
    from review.reporting.claims.check import Tally


def run(
    files: Annotated[
        list[Path], typer.Argument(help="Manuscripts: md, txt, html, docx, tex, pdf.", exists=True, dir_okay=False)
    ],
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Check the numbers in a manuscript against arithmetic, and against the review where there is one.

    Proportions, intervals, means and SDs of whole numbers, ranges, P values, parts of a total, the flow of records, and quantities given
    twice; docs/claims.md says which forms are known. A number followed by <!-- claim: KEY --> must equal that value of values.json;
    <!-- claim: ignore, WHY --> silences one. Exit code 1 if a claim is wrong or stale.

    Example: review claims manuscript.docx
    """
    from review.reporting.claims.check import Tally
    from review.reporting.claims.check import check_manuscript
    from review.reporting.claims.documents import read_manuscript
    from review.reporting.claims.known import KnownValues

    values, whole = _read_review(project)
    known = KnownValues(values)
    manuscripts = [read_manuscript(path, str(path)) for path in files]
    tally = Tally(tuple(item for manuscript in manuscripts for item in check_manuscript(manuscript, known, whole)))
    for manuscript in manuscripts:
        for remark in manuscript.remarks:
            output.tell(f"{manuscript.file}: {remark}", quiet=quiet)
    if as_json:
        output.print_json(tally.to_json())
    else:
        _print(tally, quiet=quiet)
    if tally.select("wrong") or tally.select("stale"):
        raise typer.Exit(1)


def _print(tally: Tally, *, quiet: bool) -> None:
    """Print what is wrong or stale, then the counts, then what was looked for: no number here says that all others are right."""
    for outcome in ("wrong", "stale"):
        for item in tally.select(outcome):
            verdict = item.verdict
            other = f" ({item.file}:{item.other_line}:{item.other_column})" if item.other_line is not None else ""
            output.print_result(
                f'{item.file}:{item.line}:{item.column}: {verdict.code} {outcome}: "{item.text}"; expected {verdict.expected}{other}'
            )
    for item in tally.select("unverifiable"):
        output.tell(
            f'{item.file}:{item.line}:{item.column}: not verifiable: "{item.text}" ({_explain(item.kind)})', quiet=quiet
        )
    for item in tally.judged:
        if item.ignored:
            output.tell(f'{item.file}:{item.line}:{item.column}: silenced: "{item.text}" ({item.ignored})', quiet=quiet)
    counts = [f"{len(tally.select(outcome))} {outcome}" for outcome in ("verified", "wrong", "stale", "unverifiable")]
    silenced = sum(bool(item.ignored) for item in tally.judged)
    counts += [f"{silenced} silenced"] if silenced else []
    bounds = tally.count_bounds()
    within = f"; {bounds} of those verified only within what is possible" if bounds else ""
    output.print_result(f"{count_noun(len(tally.judged), 'claim')} recognised: {', '.join(counts)}{within}")
    kinds = tally.count_kinds()
    found = [f"{name} {kinds[kind]}" for kind, name in KINDS.items() if kinds[kind]]
    others = [name for kind, name in KINDS.items() if not kinds[kind]]
    output.print_result(f"found: {'; '.join(found) or 'nothing of what is looked for'}")
    output.print_result(f"also looked for: {'; '.join(others)}")


def _explain(kind: str) -> str:
    """Say why a claim of a kind could not be judged."""
    return {
        "mean": "with this many patients every such mean is possible",
        "partition": "the parts may overlap",
        "flow": "a study may have several reports",
        "comparison": "the test cannot be computed for these counts",
    }.get(kind, "no total, or not in the review")


def _read_review(project: Path | None) -> tuple[Sequence[Value], Sequence[str]]:
    """Return the numbers of the review and the names of its whole numbers, none where the command is run outside of one."""
    from review.errors import ProjectError
    from review.reporting.claims.summaries import name_whole
    from review.results import compute_results

    try:
        review = options.open_project(project)
    except ProjectError:
        if project is not None:
            raise
        return (), ()
    return compute_results(review).values, name_whole(review.protocol.case_fields)

"""`review check`: every finding with its file and line."""

from __future__ import annotations

from typing import Annotated

import typer

from review.cli import options
from review.cli import output
from review.numerals import count_noun


def run(
    codes: Annotated[
        list[str] | None, typer.Argument(help="Only findings of these codes or areas (EXTRACT, POOL-001).")
    ] = None,
    explain: Annotated[str, typer.Option("--explain", help="Tell a code in full.", metavar="CODE")] = "",
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """List every finding; exit code 1 if one is at error level.

    Example: review check EXTRACT
    """
    if explain:
        _explain(explain)
        return
    from review.errors import UsageError
    from review.results import compute_results

    wanted = [code.upper() for code in codes or []]
    known = _list_known()
    unknown = [code for code in wanted if code not in known]
    if unknown:
        raise UsageError(
            f"there is no finding code or area {', '.join(unknown)}; areas: {', '.join(sorted(k for k in known if '-' not in k))}"
        )
    findings = [
        finding
        for finding in compute_results(options.open_project(project)).findings
        if not wanted or finding.code in wanted or finding.code.split("-")[0] in wanted
    ]
    if as_json:
        output.print_json([finding.to_json() for finding in findings])
    else:
        for finding in findings:
            output.print_result(str(finding))
        counts = ", ".join(
            count_noun(sum(finding.level == level for finding in findings), level)
            for level in ("error", "warning", "note")
        )
        output.tell(counts, quiet=quiet)
    output.exit_by(findings)


def _list_known() -> set[str]:
    from review.catalogue import CATALOGUE

    return set(CATALOGUE) | {code.split("-")[0] for code in CATALOGUE}


def _explain(name: str) -> None:
    from review.catalogue import CATALOGUE
    from review.errors import UsageError

    code = CATALOGUE.get(name.upper())
    if code is None:
        raise UsageError(f"there is no finding code {name}; `review check` prints codes such as EXTRACT-021")
    output.print_result(f"{code.code} ({code.level}): {code.title}")
    output.print_result(f"\n{code.meaning}\n\nWhat to do: {code.mend}")

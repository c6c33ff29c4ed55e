"""`review check`: every finding with its file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output
from review.numerals import count_noun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.findings import Finding
    from review.workspace import Layout


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

    Figures are looked at when they are drawn: what is to be said of them is told once `review build` has made output/ from the
    files as they are.

    Example: review check EXTRACT
    """
    if explain:
        _explain(explain)
        return
    from review.errors import UsageError

    wanted = [code.upper() for code in codes or []]
    known = _list_known()
    unknown = [code for code in wanted if code not in known]
    if unknown:
        raise UsageError(
            f"there is no finding code or area {', '.join(unknown)}; areas: {', '.join(sorted(k for k in known if '-' not in k))}"
        )
    findings = [
        finding
        for finding in _find_all(options.find_layout(project))
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


def _find_all(layout: Layout) -> Sequence[Finding]:
    """Return the findings of the last build if it is up to date, else compute them."""
    from review.findings import Finding
    from review.manifest import read_current

    current = read_current(layout)
    if current is not None:
        return [Finding.from_json(item) for item in current.findings]
    from review.cache import open_shelf
    from review.results import compute_results
    from review.workspace import open_review

    with open_shelf(str(layout.root)):
        return compute_results(open_review(layout)).findings


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

"""`review extract check`: the findings of the sheets, and every quote looked up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.findings import Finding
    from review.workspace import Review

_AREAS = ("EXTRACT", "APPRAISE")


def run(
    studies: Annotated[
        list[str] | None, typer.Argument(help="The studies (default: all).", metavar="[STUDY]...")
    ] = None,
    texts: Annotated[
        Path | None,
        typer.Option(
            "--texts", help="The folder with full texts, .pdf or .txt (default: pdfs/ in the review's folder)."
        ),
    ] = None,
    project: options.Project = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Check sheets against the protocol, the records and each other, and look every quote up in the texts at hand.

    A quote is looked for in the record's own entry (title, abstract, headings) and in a full text named after the record, as in
    pdfs/pubmed-24000000.pdf. White space, ligatures and hyphens between letters may differ; digits, signs and comparisons may not.

    Example: review extract check smith-2014
    """
    from review.errors import UsageError
    from review.findings import sort_findings
    from review.quotation import check_texts

    review = options.open_project(project)
    unknown = [name for name in studies or () if not (review.layout.studies / f"{name}.yaml").is_file()]
    if unknown:
        known = ", ".join(review.studies) or "none yet"
        raise UsageError(f"there is no sheet of {', '.join(unknown)}; sheets: {known}")
    chosen = [study for name, study in review.studies.items() if not studies or name in studies]
    findings = [finding for finding in review.findings if _is_of(finding, review, studies)]
    checked = check_texts(review, chosen, texts)
    findings = sort_findings([*findings, *checked.findings])
    if as_json:
        output.print_json(
            {
                "sheets": len(chosen),
                "cases": sum(len(study.cases) for study in chosen),
                "quotes": {"found": checked.found, "missing": checked.missing, "unread": checked.unread},
                "findings": [finding.to_json() for finding in findings],
            }
        )
    else:
        for finding in findings:
            output.print_result(str(finding))
        cases = sum(len(study.cases) for study in chosen)
        output.tell(
            f"{len(chosen)} sheets, {cases} cases, {len(findings)} findings; quotes: {checked.found} found, "
            f"{checked.missing} not found, {checked.unread} without a text to look in",
            quiet=quiet,
        )
    output.exit_by(findings)


def _is_of(finding: Finding, review: Review, studies: Sequence[str] | None) -> bool:
    if not finding.code.startswith(_AREAS) and not finding.code.startswith("PROJECT"):
        return False
    path = finding.origin.path if finding.origin else ""
    folders = (review.layout.show(review.layout.studies), review.layout.show(review.layout.second))
    names = [f"{folder}/{name}.yaml" for folder in folders for name in studies or ()]
    if names:
        return path in names
    return finding.code.startswith(_AREAS) or path.startswith(folders)

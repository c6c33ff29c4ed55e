"""`review extract check`: the findings of the sheets, and every quote looked up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated

import typer

from review.cli import options
from review.cli import output

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from review.extraction.quotes import Attached
    from review.findings import Finding
    from review.model import RecordId
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
    from review.extraction.quotes import check_quotes
    from review.findings import sort_findings
    from review.web.pdfs import FOLDER

    review = options.open_project(project)
    unknown = [name for name in studies or () if not (review.layout.studies / f"{name}.yaml").is_file()]
    if unknown:
        known = ", ".join(review.studies) or "none yet"
        raise UsageError(f"there is no sheet of {', '.join(unknown)}; sheets: {known}")
    chosen = [study for name, study in review.studies.items() if not studies or name in studies]
    findings = [finding for finding in review.findings if _is_of(finding, review, studies)]
    checked = check_quotes(chosen, _open_texts(review, texts or review.layout.root / FOLDER, findings))
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
    names = [f"{review.layout.show(review.layout.studies)}/{name}.yaml" for name in studies or ()]
    if names:
        return path in names
    return finding.code.startswith(_AREAS) or path.startswith(review.layout.show(review.layout.studies))


def _open_texts(review: Review, folder: Path, findings: list[Finding]) -> Callable[[RecordId], Sequence[Attached]]:
    """Return what lists the texts of a record; a full text that cannot be read becomes a finding."""
    from review.errors import FormatError
    from review.extraction.fulltext import read_full_text
    from review.extraction.quotes import Attached
    from review.extraction.quotes import attach_entry
    from review.findings import Origin
    from review.findings import find
    from review.web.pdfs import PdfFolder
    from review.web.pdfs import list_names

    pdfs = PdfFolder(folder)
    groups = review.grouping.group_of()

    def list_texts(name: RecordId) -> Sequence[Attached]:
        report = review.report_of.get(name)
        if report is None:
            return ()
        members = groups[name].members
        texts = [attach_entry(review.records[member]) for member in members]
        record = review.references[report]
        files = [folder / f"{stem}.txt" for stem in list_names(record, members)]
        pdf = pdfs.find(record, members)
        for path in (*files, *([pdf] if pdf else [])):
            if path.is_file():
                try:
                    texts.append(Attached(path.name, read_full_text(path, path.name), is_full=True))
                except FormatError as error:
                    findings.append(find("EXTRACT-052", error.problem, Origin(path.name), hint=error.hint))
        return texts

    return list_texts

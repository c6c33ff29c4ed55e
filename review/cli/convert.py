"""`review convert`: one bibliographic file into another, without a review folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from review.cli import options
from review.cli import output


def run(
    source: Annotated[Path, typer.Argument(metavar="IN", help="The file to read.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write; replaced if it exists.")],
    read_as: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="F", help="Format of IN (default: told by its content), such as ris, nbib, bibtex."
        ),
    ] = None,
    write_as: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="F",
            help="Format of OUT (default: by its ending): ris, nbib, bibtex, endnote-xml, csv, json, csl-json.",
        ),
    ] = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Convert a bibliographic file: RIS, NBIB, BibTeX, EndNote, Web of Science, Ovid, PubMed XML, CSV, CSL-JSON, id lists.

    Nothing is dropped in silence: the entries read, kept and refused are counted, each refusal with its line and reason.

    Example: review convert embase-export.ris records.csv
    """
    from review.formats.convert import convert_file

    conversion = convert_file(source, target, read_as=read_as, write_as=write_as)
    if as_json:
        output.print_json(conversion.to_json())
    else:
        output.print_result(
            f"{target}: {conversion.kept:,} of {conversion.read:,} entries ({conversion.format} to {conversion.written})"
        )
        for refusal in conversion.refused:
            output.print_result(f"{source}:{refusal.line}: refused: {refusal.reason}")
    output.tell_findings([finding for finding in conversion.findings if finding.code != "RECORD-005"], quiet=quiet)
    output.exit_by(conversion.findings)

"""Every format that can be read, and the way in: a path or bytes to records and findings.

`read_file` and `parse_bytes` gather everything; `iterate_file` yields record by record in bounded memory, whatever the size of the
file. Readers are loaded when they are used.
"""

from __future__ import annotations

import contextlib
import gzip
import importlib
import io
import zlib
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from typing import NamedTuple
from typing import cast

from review.errors import FormatError
from review.errors import UsageError
from review.findings import Finding
from review.formats.draft import Draft
from review.formats.draft import finish_drafts
from review.formats.recognition import recognise as recognise_text
from review.formats.result import Item
from review.formats.result import Parsed
from review.formats.result import Refusal
from review.formats.result import collect_items
from review.formats.table import find_header
from review.formats.text import Lines
from review.formats.text import decode_head

_HEAD = 65_536
_GZIP = b"\x1f\x8b"


class Format(NamedTuple):
    """A format: what people call it, and the function that reads it.

    `makes_records` tells whether the function yields records itself, or drafts that are finished here.
    """

    title: str
    module: str
    function: str
    makes_records: bool = False


FORMATS: dict[str, Format] = {
    "ris": Format("RIS", "review.formats.ris", "parse_ris"),
    "nbib": Format("NBIB (PubMed, MEDLINE)", "review.formats.nbib", "parse_nbib"),
    "pubmed-xml": Format("PubMed XML", "review.formats.pubmed_xml", "iter_pubmed_xml", makes_records=True),
    "bibtex": Format("BibTeX and BibLaTeX", "review.formats.bibtex", "parse_bibtex"),
    "endnote-xml": Format("EndNote XML", "review.formats.endnote_xml", "parse_endnote_xml"),
    "wos": Format("Web of Science plain text", "review.formats.wos", "parse_wos"),
    "enw": Format("EndNote tagged (refer)", "review.formats.enw", "parse_enw"),
    "ovid": Format("Ovid, tagged or labelled", "review.formats.ovid", "parse_ovid"),
    "cochrane": Format("Cochrane Library text", "review.formats.cochrane", "parse_cochrane"),
    "csv": Format("CSV, TSV", "review.formats.table", "parse_table"),
    "csl-json": Format("CSL-JSON", "review.formats.csl_json", "parse_csl_json"),
    "json": Format("JSON of this program", "review.formats.record_json", "parse_record_json", makes_records=True),
    "ids": Format("list of PMIDs or DOIs", "review.formats.id_list", "parse_ids"),
    "citations": Format("pasted citations (AMA, Vancouver)", "review.formats.citations", "parse_citations"),
    "europepmc-json": Format(
        "JSON of Europe PMC", "review.formats.europepmc_json", "parse_europepmc_json", makes_records=True
    ),
    "europepmc-references": Format(
        "reference list of Europe PMC",
        "review.formats.europepmc_json",
        "parse_europepmc_references",
        makes_records=True,
    ),
    "openalex-json": Format(
        "JSON of OpenAlex", "review.formats.openalex_json", "parse_openalex_json", makes_records=True
    ),
    "crossref-json": Format(
        "JSON of Crossref", "review.formats.crossref_json", "parse_crossref_json", makes_records=True
    ),
    "ctgov-json": Format(
        "JSON of ClinicalTrials.gov", "review.formats.ctgov_json", "parse_ctgov_json", makes_records=True
    ),
}


def recognise(data: bytes, *, name: str = "") -> str:
    """Return the name of the format of a file's beginning (or whole), empty if it is none that can be read."""
    return recognise_text(decode_head(data[:_HEAD]), name=name)


def read_file(path: Path, *, shown_as: str, format: str | None = None, source: str = "", run: str = "") -> Parsed:  # noqa: A002
    """Read a bibliographic file of any known format.

    Args:
        path: The file.
        shown_as: How messages and origins name it: relative to the review's folder, posix.
        format: A name of `FORMATS`; None to tell it by the content.
        source: Short name of the database, for the records and their ids.
        run: Id of the run that the file belongs to.

    Raises:
        FormatError: If the file cannot be read at all, or its format is not known.
        LimitError: If a line or entry is longer than any real one.
        UsageError: If there is no such format.
    """
    with _open(path, shown_as) as stream:
        name = _choose(stream, shown_as, format)
        items = _iterate(stream, name, shown_as=shown_as, source=source, run=run)
        return collect_items(items, format=name, path=shown_as)


def parse_bytes(data: bytes, *, path: str, format: str | None = None, source: str = "", run: str = "") -> Parsed:  # noqa: A002
    """Read the content of a bibliographic file; see `read_file`."""
    with _unpack(io.BytesIO(data), path) as stream:
        name = _choose(stream, path, format)
        items = _iterate(stream, name, shown_as=path, source=source, run=run)
        return collect_items(items, format=name, path=path)


def iterate_file(
    path: Path,
    *,
    shown_as: str,
    format: str | None = None,  # noqa: A002 (the field's own word)
    source: str = "",
    run: str = "",
) -> Iterator[Item]:
    """Yield records, refusals and findings of a file one by one; memory does not grow with the file.

    Raises:
        FormatError: See `read_file`; also after some records, where a file is broken further down.
    """
    with _open(path, shown_as) as stream:
        yield from _iterate(stream, _choose(stream, shown_as, format), shown_as=shown_as, source=source, run=run)


@contextlib.contextmanager
def _open(path: Path, shown_as: str) -> Iterator[BinaryIO]:
    """Open a file for bytes; see `_unpack`."""
    try:
        plain = path.open("rb")
    except OSError as error:
        raise FormatError(shown_as, f"the file cannot be opened: {error.strerror or error}") from error
    with plain, _unpack(plain, shown_as) as stream:
        yield stream


@contextlib.contextmanager
def _unpack(plain: BinaryIO, shown_as: str) -> Iterator[BinaryIO]:
    """Unpack what gzip packed on the way, piece by piece.

    Raises:
        FormatError: If the stream breaks off or cannot be read.
    """
    is_packed = plain.read(2) == _GZIP
    plain.seek(0)
    try:
        if is_packed:
            with gzip.GzipFile(fileobj=plain) as stream:
                yield cast("BinaryIO", stream)
        else:
            yield plain
    except (OSError, EOFError, zlib.error) as error:
        raise FormatError(shown_as, f"the file cannot be read to its end: {error}") from error


def choose_format(path: Path, *, shown_as: str, format: str | None = None) -> str:  # noqa: A002
    """Return the format that a file is read as: the one asked for, else the one that its content tells; see `read_file`."""
    with _open(path, shown_as) as stream:
        return _choose(stream, shown_as, format)


def _choose(stream: BinaryIO, shown_as: str, asked: str | None) -> str:
    if asked is not None:
        if asked not in FORMATS:
            raise UsageError(f"there is no format {asked!r}; known are {', '.join(sorted(FORMATS))}")
        return asked
    head = stream.read(_HEAD)
    stream.seek(0)
    if not head.strip(b"\0\r\n\t \xef\xbb\xbf"):
        raise FormatError(shown_as, "the file is empty", hint="export it again")
    name = recognise(head, name=shown_as)
    if not name:
        raise FormatError(
            shown_as,
            "this is no bibliographic format that can be recognised",
            hint=f"name it if it is one of {', '.join(sorted(FORMATS))}",
        )
    return name


def _iterate(stream: BinaryIO, name: str, *, shown_as: str, source: str, run: str) -> Iterator[Item]:
    reader = FORMATS[name]
    parse: Callable[..., Iterator[Draft | Refusal | Finding]] = getattr(
        importlib.import_module(reader.module), reader.function
    )
    if reader.makes_records:
        yield from parse(stream, path=shown_as, source=source, run=run)  # type: ignore[misc]
        return
    arguments: tuple[object, ...] = ()
    if name == "csv":
        header = find_header(decode_head(stream.read(_HEAD)))
        stream.seek(0)
        if header is None:
            raise FormatError(
                shown_as,
                "no line of the table's beginning holds column names that are known",
                line=1,
                hint="name at least the column of the titles: title, authors, year, journal, doi, abstract",
            )
        arguments = (header,)
    with Lines(stream, shown_as) as lines:
        yield from finish_drafts(parse(lines, *arguments), path=shown_as, source=source, run=run)
        yield from lines.findings()

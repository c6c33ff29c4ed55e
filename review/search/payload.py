"""The records of a run: its payload files, each read by the reader of its format.

Formats of exported files are those of `review.formats`; a source whose service answers in a shape of its own registers a
reader here.
"""

from __future__ import annotations

import gzip
import importlib
import re
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from typing import cast

from review.errors import FormatError
from review.formats.result import Item
from review.model import Record
from review.model import RecordId
from review.model import Run
from review.search.run_document import ANSWER_FORMATS
from review.search.run_document import PayloadFile
from review.search.runs import list_payload
from review.search.runs import open_payload

#: Reads one body: stream, path for findings, source, run id.
Reader = Callable[[BinaryIO, str, str, str], Iterable[Item]]

#: Format -> module and function of the reader, for shapes that are not a bibliographic format.
READERS: dict[str, tuple[str, str]] = {}

#: Formats of records that were fetched to be compared alone -> the format they are in.
WATCHED_FORMATS = {"watched-pubmed-xml": "pubmed-xml"}

_PMID = re.compile(rb"<PMID[^>]*>\s*(\d+)\s*</PMID>")


def iter_run(queries_dir: Path, run: Run) -> Iterator[Item]:
    """Yield every record of a run, with what was refused and found, in the order received.

    Raises:
        FormatError: If a payload file cannot be read.
    """
    for item in list_payload(run):
        yield from read_payload(queries_dir, run, item)


def read_payload(queries_dir: Path, run: Run, item: PayloadFile) -> Iterator[Item]:
    """Yield the records of one payload file; see `iter_run`."""
    shown_as = f"{queries_dir.name}/runs/{run.id}/{item.file}"
    format_name = WATCHED_FORMATS.get(item.format, item.format)
    try:
        with open_payload(queries_dir, run, item) as stream:
            if format_name in READERS:
                module, function = READERS[format_name]
                reader = cast("Reader", getattr(importlib.import_module(module), function))
                yield from reader(cast("BinaryIO", stream), shown_as, run.source, run.id)
            elif format_name == "pubmed-xml":
                from review.formats.pubmed_xml import iter_pubmed_xml

                yield from iter_pubmed_xml(cast("BinaryIO", stream), path=shown_as, source=run.source, run=run.id)
            else:
                from review.formats.registry import iterate_file

                path = queries_dir / "runs" / run.id / item.file
                yield from iterate_file(path, shown_as=shown_as, format=format_name, source=run.source, run=run.id)
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        raise FormatError(shown_as, f"the payload cannot be read ({type(error).__name__})") from error


def find_records(queries_dir: Path, runs: Iterable[Run], ids: Collection[RecordId]) -> dict[RecordId, Record]:
    """Return the newest held record of each id that the runs received from their services, watched ones included.

    Args:
        queries_dir: The review's `queries` folder.
        runs: Oldest first; of one service, where records are to be compared.
        ids: Record ids.
    """
    wanted = {item.removeprefix("pubmed:").encode() for item in ids if item.startswith("pubmed:")}
    found: dict[RecordId, Record] = {}
    for run, item, body in _iter_bodies(queries_dir, runs):
        if _is_pubmed(item) and wanted.isdisjoint(_PMID.findall(body)):
            continue
        found |= {record.id: record for record in _parse_body(queries_dir, run, item, body) if record.id in ids}
    return found


def find_dois(queries_dir: Path, runs: Iterable[Run], dois: Collection[str]) -> dict[str, RecordId]:
    """Return DOI (normal form) -> record id for those of the DOIs that a held record has as its own."""
    wanted = {doi.encode() for doi in dois}
    found: dict[str, RecordId] = {}
    for run, item, body in _iter_bodies(queries_dir, runs):
        lower = body.lower()
        # "<" and ">" stand escaped in XML, "/" may in JSON; such a DOI is looked for by parsing.
        if not _is_pubmed(item) or any(doi in lower or b"<" in doi for doi in wanted):
            records = _parse_body(queries_dir, run, item, body)
            found |= {record.doi: record.id for record in records if record.doi in dois}
    return found


def find_retracted(queries_dir: Path, runs: Iterable[Run]) -> frozenset[str]:
    """Return the PubMed ids (digits) whose newest held record says that it was retracted."""
    retracted: set[str] = set()
    for run, item, body in _iter_bodies(queries_dir, runs):
        if _is_pubmed(item) and (b"Retracted Publication" in body or b"RetractionIn" in body):
            records = _parse_body(queries_dir, run, item, body)
            retracted |= {record.pmid for record in records if record.is_retracted}
    return frozenset(retracted)


def _is_pubmed(item: PayloadFile) -> bool:
    return WATCHED_FORMATS.get(item.format, item.format) == "pubmed-xml"


def _iter_bodies(queries_dir: Path, runs: Iterable[Run]) -> Iterator[tuple[Run, PayloadFile, bytes]]:
    """Yield what services delivered: records alone, watched ones included, no answers to the search itself."""
    for run in runs:
        for item in cast("tuple[PayloadFile, ...]", run.details.get("payload", ())):
            if run.kind != "import" and (item.format not in ANSWER_FORMATS or item.format in WATCHED_FORMATS):
                try:
                    with open_payload(queries_dir, run, item) as stream:
                        body = stream.read()
                except (OSError, EOFError):
                    # A damaged payload is a finding of its own (RUN-005).
                    continue
                yield run, item, body


def _parse_body(queries_dir: Path, run: Run, item: PayloadFile, body: bytes) -> Iterator[Record]:
    from review.formats.registry import parse_bytes

    shown_as = f"{queries_dir.name}/runs/{run.id}/{item.file}"
    format_name = WATCHED_FORMATS.get(item.format, item.format)
    try:
        yield from parse_bytes(body, path=shown_as, format=format_name, source=run.source, run=run.id).records
    except FormatError:
        # Told when the review is opened.
        return

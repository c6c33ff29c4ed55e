"""A stream of PubMed XML to records, refusals and findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from typing import BinaryIO

from review.errors import FormatError
from review.findings import Origin
from review.findings import find
from review.formats.pubmed_xml.book import read_book
from review.formats.pubmed_xml.citation import read_article
from review.formats.pubmed_xml.content import collect
from review.formats.pubmed_xml.source import Damage
from review.formats.pubmed_xml.source import iter_elements
from review.formats.result import Item
from review.formats.result import Parsed
from review.formats.result import Refusal
from review.formats.result import collect_items


def iter_pubmed_xml(stream: BinaryIO, *, path: str = "", source: str = "pubmed", run: str = "") -> Iterator[Item]:
    """Read PubMed XML, plain or gzip, one record at a time.

    Args:
        stream: Opened for bytes; read once from where it stands, and not closed.
        path: The path as findings and records name it.
        source: Short name of the source.
        run: Id of the run that the file belongs to.

    Yields:
        Records in file order, a Refusal for each element that is none, findings. Versions of one document (`30271887` has four) are
        records of their own with one id. A file that breaks off gives what stands before, then RECORD-100.

    Raises:
        FormatError: If not one record can be read because the file is something else, or damaged before the first.
        LimitError: If the file holds more of something than any real one.
    """
    read = 0
    untitled: list[int] = []
    try:
        for element in iter_elements(stream, path):
            if element.tag == "DeleteCitation":
                yield from _read_deletions(element, path)
                continue
            read += 1
            entry = read_book(element) if element.tag == "PubmedBookArticle" else read_article(element)
            record = entry.build(path=path, source=source, run=run)
            if record is None:
                yield Refusal(entry.line, "the element holds neither identifier nor title, author or journal")
                continue
            if not record.title:
                untitled.append(entry.line)
            yield record
    except Damage as damage:
        if not read:
            hint = "fetch or export the file again"
            raise FormatError(path, damage.problem, line=damage.line, hint=hint) from damage
        yield find(
            "RECORD-100",
            f"the file breaks off after {read} record{'s' * (read != 1)}: {damage.problem}",
            Origin(path, damage.line),
            found=read,
            hint="fetch or export it again",
        )
    if untitled:
        yield find(
            "RECORD-006",
            f"{len(untitled)} entr{'y has' if len(untitled) == 1 else 'ies have'} no title",
            Origin(path, untitled[0]),
            found=len(untitled),
        )


def parse_pubmed_xml(stream: BinaryIO, *, path: str = "", source: str = "pubmed", run: str = "") -> Parsed:
    """Read a whole file at once; see `iter_pubmed_xml`."""
    items = iter_pubmed_xml(stream, path=path, source=source, run=run)
    return collect_items(items, format="pubmed-xml", path=path)


def _read_deletions(element: Any, path: str) -> Iterator[Item]:
    """Tell which records NLM has deleted: withdrawn, or merged into another."""
    pmids = collect(element, "PMID")
    if pmids:
        yield find(
            "RECORD-101",
            f"NLM deleted {len(pmids)} records from PubMed",
            Origin(path, element.sourceline),
            found=len(pmids),
            ids=tuple(f"pubmed:{pmid}" for pmid in pmids),
        )

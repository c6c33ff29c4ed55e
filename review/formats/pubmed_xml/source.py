"""Bytes to the elements of records: decompression, the check of the root, limits, and freeing what was read.

A tree is built for one record at a time. Entities are never expanded and nothing is fetched; a file that declares entities
of its own is refused, as no PubMed file does.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any
from typing import BinaryIO
from typing import Literal

from lxml import etree

from review.errors import FormatError
from review.errors import LimitError

_CHUNK = 64 * 1024
#: The most that may come before the root element, and between the ends of two records. The largest real record (a guideline with
#: 3,000 references) takes 2 MB.
MAX_HEAD = 1024 * 1024
MAX_RECORD = 64 * 1024 * 1024

RECORDS = ("PubmedArticle", "PubmedBookArticle", "DeleteCitation")
_ROOTS = {
    "PubmedArticleSet": RECORDS,
    "PubmedBookArticleSet": RECORDS,
    "PubmedArticle": RECORDS,
    "PubmedBookArticle": RECORDS,
    "MedlineCitationSet": ("MedlineCitation", "DeleteCitation"),
    "MedlineCitation": ("MedlineCitation",),
}


class Damage(Exception):
    """The stream cannot be read on from here: what was wrong, and the line where known."""

    def __init__(self, problem: str, line: int | None) -> None:
        self.problem = problem
        self.line = line
        super().__init__(problem)


def _read_chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Read plain or gzip bytes; no chunk is larger than `_CHUNK`, however well it was compressed.

    Raises:
        Damage: If gzip data is cut off or broken.
    """
    head = stream.read(2)
    if head != b"\x1f\x8b":
        if head:
            yield head
        while chunk := stream.read(_CHUNK):
            yield chunk
        return
    packed = head + stream.read(_CHUNK)
    inflater = zlib.decompressobj(wbits=31)
    while packed or not inflater.eof:
        try:
            chunk = inflater.decompress(packed, _CHUNK)
        except zlib.error as error:
            raise Damage(f"the gzip data is damaged ({error})", None) from error
        if chunk:
            yield chunk
        packed = inflater.unconsumed_tail
        if inflater.eof:
            packed = inflater.unused_data or stream.read(_CHUNK)
            if not packed.strip(b"\0"):  # padding behind the last member
                return
            inflater = zlib.decompressobj(wbits=31)
        elif not packed:
            packed = stream.read(_CHUNK)
            if not packed and not chunk:
                raise Damage("the gzip data ends before its end mark", None)


def _make_parser(event: Literal["start", "end"], tags: tuple[str, ...] | None = None) -> Any:
    return etree.XMLPullParser(
        events=(event,),
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _find_root(head: bytes) -> Any:
    """Find the root element in the first bytes; None if they do not reach it.

    Raises:
        Damage: If the bytes are no XML.
    """
    scout = _make_parser("start")
    try:
        scout.feed(head)
    except etree.XMLSyntaxError as error:
        root = next(scout.read_events(), (None, None))[1]
        if root is None:
            raise Damage(_describe(error), error.lineno) from error
        return root
    return next(scout.read_events(), (None, None))[1]


def _check_root(root: Any, path: str) -> tuple[str, ...]:
    """Return the names of the elements to read.

    Raises:
        FormatError: If this is not PubMed XML.
    """
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and next(iter(declared.iterentities()), None) is not None:
        raise FormatError(
            path,
            "the file declares XML entities, which no PubMed file does",
            line=1,
            hint="do not open it elsewhere either: such files can be made to exhaust memory",
        )
    name = str(root.tag).rpartition("}")[2]
    records = _ROOTS.get(name)
    if records is not None:
        return records
    if name.casefold() in {"html", "head", "body"}:
        raise FormatError(
            path, "this is a web page, not PubMed XML", line=root.sourceline, hint="fetch or export the file again"
        )
    if name in {"eFetchResult", "eSearchResult", "ePostResult"}:
        raise FormatError(
            path,
            f"this is an answer of the service ({name}) that holds no records, not PubMed XML",
            line=root.sourceline,
        )
    raise FormatError(
        path,
        f"this is not PubMed XML: its outermost element is {name!r}",
        line=root.sourceline,
        hint="PubMed XML begins with PubmedArticleSet; choose the format with --from if it is another",
    )


def iter_elements(stream: BinaryIO, path: str) -> Iterator[Any]:
    """Yield the elements of records in file order; each is emptied when the next one is asked for.

    Raises:
        FormatError: If this is no PubMed XML at all.
        LimitError: If there is more of something than any real file has.
        Damage: If the XML breaks off or breaks its rules; all records before that place were yielded.
    """
    chunks = _read_chunks(stream)
    head = b""
    root = None
    for chunk in chunks:
        head += chunk
        root = _find_root(head)
        if root is not None:
            break
        if len(head) > MAX_HEAD:
            raise LimitError(path, f"no XML element within the first {MAX_HEAD:,} bytes", hint="this is not PubMed XML")
    if root is None:
        raise FormatError(
            path, "the file is empty" if not head.strip() else "the file ends before its first XML element"
        )
    parser = _make_parser("end", _check_root(root, path))
    since_record = len(head)
    yield from _feed(parser, head)
    for chunk in chunks:
        since_record += len(chunk)
        for element in _feed(parser, chunk):
            since_record = 0
            yield element
        if since_record > MAX_RECORD:
            raise LimitError(
                path, f"one record is longer than {MAX_RECORD:,} bytes", hint="no real record is; look at the file"
            )
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        raise Damage(_describe(error), error.lineno) from error


def _feed(parser: Any, chunk: bytes) -> Iterator[Any]:
    failure = None
    try:
        parser.feed(chunk)
    except etree.XMLSyntaxError as error:
        failure = error
    for _, element in parser.read_events():
        yield element
        element.clear()
        parent = element.getparent()
        if parent is not None:
            while element.getprevious() is not None:
                del parent[0]
    if failure is not None:
        raise Damage(_describe(failure), failure.lineno) from failure


def _describe(error: etree.XMLSyntaxError) -> str:
    """Say in words what broke, without the parser's own position."""
    text = str(error.msg or "no XML").split(", line ")[0]
    if "not proper UTF-8" in text or "encoding" in text.casefold() or "out of allowed range" in text:
        return f"bytes that are not the text they are declared to be ({text})"
    return f"the XML is damaged ({text})"

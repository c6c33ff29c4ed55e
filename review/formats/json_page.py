"""A page of a service's JSON answer, as received, to records: the entries out of the one object that wraps them.

A search keeps such pages untouched; each service's reader says where the entries stand and makes a draft of one. A page is one
line of text, so every record's origin is that page.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import BinaryIO

from review.errors import FormatError
from review.errors import LimitError
from review.formats.draft import Draft
from review.formats.draft import finish_drafts
from review.formats.result import Item
from review.formats.result import Refusal
from review.identifiers import normal_doi
from review.identifiers import normal_pmid
from review.identifiers import record_id

#: Bytes of a page that is read; services deliver at most some thousand entries at once.
MAX_PAGE = 128 * 1024 * 1024

#: What PubMed calls a retracted document; the services that have a flag instead are read into the same words.
RETRACTED = "Retracted Publication"


def parse_page(
    stream: BinaryIO,
    *,
    path: str,
    source: str,
    run: str,
    list_entries: Callable[[Mapping[str, object]], Sequence[object]],
    read_entry: Callable[[Mapping[str, object]], Draft | Refusal],
) -> Iterator[Item]:
    """Read a page; each entry gives exactly one record or refusal, in order.

    Args:
        stream: The body.
        path: For origins and messages.
        source: Short name of the source, for the records.
        run: Id of the run.
        list_entries: Takes the page's object, returns its entries.
        read_entry: Makes a draft of an entry.

    Raises:
        FormatError: If the body is no JSON object.
        LimitError: If it is larger than any real page.
    """
    yield from finish_drafts(
        _draft_entries(list_entries(load_page(stream.read(MAX_PAGE + 1), path)), read_entry),
        path=path,
        source=source,
        run=run,
    )


def load_page(body: bytes, path: str) -> dict[str, object]:
    """Return the object of a page; see `parse_page` for the errors."""
    if len(body) > MAX_PAGE:
        raise LimitError(path, f"the page is larger than {MAX_PAGE // 2**20} MB")
    try:
        page = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FormatError(path, f"the page is no JSON that can be read ({type(error).__name__})", line=1) from None
    if not isinstance(page, dict):
        raise FormatError(path, "the page is no JSON object", line=1)
    return page


def _draft_entries(
    entries: Iterable[object], read_entry: Callable[[Mapping[str, object]], Draft | Refusal]
) -> Iterator[Draft | Refusal]:
    for entry in entries:
        yield read_entry(entry) if isinstance(entry, Mapping) else Refusal(1, "the entry is no object")


def name_entry(draft: Draft, source: str) -> Draft:
    """Give a draft without PubMed id and DOI the id that its service's number makes, whatever run it came with."""
    if draft.accession and not normal_pmid(draft.pmid) and not normal_doi(draft.doi):
        draft.more = {**draft.more, "id": record_id(source=source, accession=draft.accession)}
    return draft


def as_text(value: object) -> str:
    """A value as text: numbers printed, the first of a list, empty for whatever else."""
    if isinstance(value, list):
        return as_text(value[0]) if value else ""
    return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def as_texts(value: object) -> list[str]:
    """The non-empty texts of a list, or of a single value."""
    return [text for item in as_list(value) if (text := as_text(item))]


def as_list(value: object) -> list[object]:
    """A list as it is, a single value as a list of one, nothing as an empty list."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def as_map(value: object) -> Mapping[str, object]:
    """An object as it is, anything else as an empty one."""
    return value if isinstance(value, Mapping) else {}


def as_maps(value: object) -> list[Mapping[str, object]]:
    """The objects of a list; a single object counts as a list of one."""
    return [item for item in as_list(value) if isinstance(item, Mapping)]


def within(value: object, *keys: str) -> object:
    """The value under a chain of keys, None where the chain breaks off."""
    for key in keys:
        value = as_map(value).get(key)
    return value

"""Which pairs are worth comparing: keys that depend on one record alone, so that pairs never depend on the others.

A block is what bears the same key. Every key is specific enough that blocks stay small on real sets; a block above the
cap is not compared by that key, and the caller is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from review.dedup.compare import SMALL_WORDS
from review.dedup.normalise import Normal

#: Above this number of records a key tells nothing; it is reported, not compared.
BLOCK_CAP = 400
_TITLE_LETTERS = 18
_ABSTRACT_LETTERS = 60


def block_keys(record: Normal) -> Iterator[str]:
    """Yield the keys under which a record is looked up; most records have about a dozen."""
    if record.doi:
        yield f"d{record.doi}"
    if record.pmid:
        yield f"p{record.pmid}"
    if record.pmcid:
        yield f"c{record.pmcid}"
    for registration in sorted(record.registrations):
        yield f"r{registration}"
    if record.title.letters:
        yield from _title_keys(record)
    yield from _place_keys(record)
    if record.names.key:
        yield from _name_keys(record, record.names.key)
    if len(record.abstract) >= _ABSTRACT_LETTERS:
        yield f"b{record.abstract[:50]}"
        yield f"e{record.abstract[_ABSTRACT_LETTERS : _ABSTRACT_LETTERS + 40]}"


def _place_keys(record: Normal) -> Iterator[str]:
    # Page 1 is the first of every congress paper: it tells nothing.
    page = record.pages.first
    if record.volume and page and page != "1":
        yield f"v{record.volume},{page}"


def _name_keys(record: Normal, surname: str) -> Iterator[str]:
    page = record.pages.first
    if page and page != "1":
        yield f"s{surname},{page}"
    if record.volume:
        yield f"a{surname},{record.volume},{record.year or ''}"
        if record.issue:
            yield f"i{surname},{record.volume},{record.issue}"
    if record.year:
        # The first words of the title split the crowd that shares a common surname and a year.
        words = sorted(set(record.title.words[:6]) - SMALL_WORDS)
        for year in (record.year, record.year + 1):
            for word in words:
                yield f"y{surname}{year}{word[:5]}"


def _title_keys(record: Normal) -> Iterator[str]:
    title = record.title
    if title.generic or len(title.letters) < _TITLE_LETTERS:
        place = f"{record.volume},{record.pages.first or record.issue}"
        yield f"g{title.letters[:60]},{place}"
        yield f"g{title.letters[:60]},{record.names.key},{record.year or ''}"
        if not record.volume and not record.year:
            yield f"g{title.letters[:60]}"
        return
    for wording in title.wordings:
        yield f"t{wording[:_TITLE_LETTERS]}"
        yield f"z{(wording.rstrip('0123456789') or wording)[-_TITLE_LETTERS:]}"
    longest = sorted(set(title.words), key=lambda word: (-len(word), word))[:4]
    if len(longest) >= 4:
        yield f"l{','.join(longest[:3])}"
        yield f"l{','.join(longest[1:4])}"


def find_blocks(records: Sequence[Normal]) -> tuple[dict[str, list[int]], list[str]]:
    """Return the blocks of two or more records (positions in `records`) and the keys above the cap."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        for key in dict.fromkeys(block_keys(record)):
            blocks[key].append(place)
    full = {key: places for key, places in blocks.items() if 1 < len(places) <= BLOCK_CAP}
    return full, sorted(key for key, places in blocks.items() if len(places) > BLOCK_CAP)


def find_pairs(blocks: Iterable[list[int]], fresh: frozenset[int] | None = None) -> set[tuple[int, int]]:
    """Return the pairs of positions that share a block, the smaller one first.

    Args:
        blocks: Positions that bear one key, ascending.
        fresh: If given, only pairs with at least one of these.
    """
    pairs: set[tuple[int, int]] = set()
    for places in blocks:
        if fresh is not None and fresh.isdisjoint(places):
            continue
        for at, left in enumerate(places):
            if fresh is None or left in fresh:
                pairs.update((left, right) for right in places[at + 1 :])
            else:
                pairs.update((left, right) for right in places[at + 1 :] if right in fresh)
    return pairs

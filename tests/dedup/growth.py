"""Synthetic growth of real records: copies whose letters are permuted, so that each copy is a literature of its own."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace

from review.model import Author
from review.model import Record
from review.model import RecordId


def grow(records: Sequence[Record], size: int) -> Iterator[Record]:
    """Yield `size` records: the given ones, then copies with permuted letters, shifted volumes and own DOIs."""
    for number in range(size):
        copy, place = divmod(number, len(records))
        record = records[place]
        yield replace(record, id=RecordId(f"{copy}-{record.id}")) if copy == 0 else _permute(record, copy)


def _table(copy: int) -> dict[int, int]:
    letters = list(string.ascii_lowercase)
    random.Random(copy).shuffle(letters)
    shuffled = "".join(letters)
    return str.maketrans(string.ascii_lowercase + string.ascii_uppercase, shuffled + shuffled.upper())


def _shift(text: str, by: int) -> str:
    digits = text.split("-", maxsplit=1)[0].strip()
    return f"{int(digits) + by}{text[len(text.split('-', maxsplit=1)[0]) :]}" if digits.isdigit() else text


def _permute(record: Record, copy: int) -> Record:
    table = _table(copy)
    return replace(
        record,
        id=RecordId(f"{copy}-{record.id}"),
        title=record.title.translate(table),
        abstract=record.abstract.translate(table),
        authors=tuple(Author(a.family.translate(table), a.given.translate(table)) for a in record.authors),
        doi=record.doi and f"{record.doi}.c{copy}",
        volume=_shift(record.volume, 37 * copy),
        pages=_shift(record.pages, 0),
    )

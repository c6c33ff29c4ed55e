"""Files made to exhaust memory or time: each ends in an error or in records, soon, and in bounded memory."""

from __future__ import annotations

import itertools
import time
import tracemalloc
from collections.abc import Iterable
from pathlib import Path

import pytest

from review.errors import FormatError
from review.errors import LimitError
from review.formats import iterate_file

MB = 1_000_000


def write(path: Path, parts: Iterable[bytes]) -> Path:
    with path.open("wb") as stream:
        for part in parts:
            stream.write(part)
    return path


HEADS = {
    "x.ris": b"TY  - JOUR\nTI  - ",
    "x.nbib": b"PMID- 1\nTI  - ",
    "x.bib": b"@article{a, title={",
    "x.csv": b'title,year\n"',
    "x.xml": b"<xml><records><record><titles><title>",
    "x.json": b'[{"type":"book","title":"',
    "x.ciw": b"FN Clarivate Analytics Web of Science\nPT J\nTI ",
    "x.enw": b"%0 Journal Article\n%T ",
}


@pytest.mark.parametrize("name", sorted(HEADS))
def test_a_field_without_end(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, [HEADS[name], *itertools.repeat(b"x" * MB, 40)])
    tracemalloc.start()
    with pytest.raises(LimitError, match=name):
        list(iterate_file(path, shown_as=name))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 150 * MB


ENDLESS = {
    "x.ris": (b"TY  - JOUR\n", b"AU  - Smith, J\n"),
    "x.nbib": (b"PMID- 1\n", b"AU  - Smith J\n"),
    "x.bib": (b"@article{a,\n", b"note={abcdefgh},\n"),
    "x.xml": (b"<xml><records><record>", b"<keyword>a</keyword>\n"),
    "x.json": (b'[{"type":"book","title":"a","x":[', b'"abcdefgh",\n'),
    "x.ciw": (b"FN Clarivate Analytics Web of Science\nPT J\n", b"CR Smith, J\n"),
    "x.enw": (b"%0 Journal Article\n", b"%A Smith, J\n"),
    "x.txt": (b"Smith J, Doe K. A title. J Thing. 2019;18(3):262-9.\n", b"more words\n"),
}


@pytest.mark.parametrize("name", sorted(ENDLESS))
def test_an_entry_without_end(tmp_path: Path, name: str) -> None:
    head, line = ENDLESS[name]
    path = write(tmp_path / name, [head, *itertools.repeat(line * 10_000, 90)])
    with pytest.raises(LimitError):
        list(iterate_file(path, shown_as=name))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("braces.bib", b"@article{a, title={" + b"{" * MB + b"}" * MB + b"}}\n"),
        ("open.bib", b"@article{a, title={" + b"{" * MB),
        ("names.bib", b"@article{a, title={x}, author={" + b"{" * MB + b"}" * MB + b"}}\n"),
        ("dollars.bib", b"@article{a, title={" + b"$a" * MB + b"}}\n"),
        ("accents.bib", b"@article{a, title={" + b"\\'{" * 100_000 + b"}" * 100_000 + b"}}\n"),
        ("depth.xml", b"<xml><records><record>" + b"<a>" * MB + b"</record></records></xml>"),
        ("nuls.ris", b"TY  - JOUR\nTI  - a\n" + b"\0\n" * 300_000 + b"ER  - \n"),
        ("tags.ris", b"TY  - JOUR\nTI  - a" + b"<i " * 300_000 + b"\nER  - \n"),
        ("entities.ris", b"TY  - JOUR\nTI  - a" + b"&amp;" * 300_000 + b"\nER  - \n"),
        ("marc.ris", b"TY  - JOUR\nTI  - a" + b"{acute}" * 300_000 + b"\nER  - \n"),
        ("serials.ris", b"TY  - JOUR\nTI  - a\nSN  - " + b"1234-567" * 300_000 + b"\nER  - \n"),
        ("names.ris", b"TY  - JOUR\nTI  - a\nAU  - " + b"Smith J, " * 100_000 + b"\nER  - \n"),
        ("dates.ris", b"TY  - JOUR\nTI  - a\nPY  - " + b"2019 May 1 " * 100_000 + b"\nER  - \n"),
        ("glued.csv", b'title,authors\na,"' + b"Andy SmithTom WeberBob " * 20_000 + b'"\n'),
        ("literal.csv", b'title,authors\na,"[' + b"[" * 50_000 + b"]" * 50_000 + b']"\n'),
        ("wide.csv", b"title,year\na" + b"," * MB + b"\n"),
        ("labels.nbib", b"PMID- 1\nTI  - a\nAB  - " + b"METHODS: a. " * 100_000 + b"\n"),
    ],
)
def test_structure_made_to_hurt(tmp_path: Path, name: str, data: bytes) -> None:
    path = write(tmp_path / name, [data])
    start = time.perf_counter()
    items = list(iterate_file(path, shown_as=name))
    assert items
    assert time.perf_counter() - start < 30  # far above what it takes; quadratic behaviour would take hours


def test_nesting_and_entities_are_refused(tmp_path: Path) -> None:
    deep = write(tmp_path / "x.json", [b'[{"type":"book","title":', b"[" * MB])
    with pytest.raises(LimitError, match="nested deeper"):
        list(iterate_file(deep, shown_as="x.json"))
    laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    for root in (
        b"<xml><records><record><ref-type name='x'>&b;</ref-type></record></records></xml>",
        b"<PubmedArticleSet/>",
    ):
        bomb = write(tmp_path / "x.xml", [laughs, root])
        with pytest.raises(FormatError, match="entities"):
            list(iterate_file(bomb, shown_as="x.xml"))


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    entry = b"TY  - JOUR\nTI  - Title\nAU  - Smith, J\nAB  - " + b"words " * 200 + b"\nER  - \n"
    small, large = write(tmp_path / "s.ris", [entry] * 200), write(tmp_path / "l.ris", [entry] * 4000)
    peaks = []
    for path in (small, small, large):
        tracemalloc.start()
        count = sum(1 for _ in iterate_file(path, shown_as="x"))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert count == 4000
    assert peaks[2] < peaks[1] + MB

"""Every collected export: the right number of entries, filled fields, and the same records after writing and reading again."""

from __future__ import annotations

import collections
import csv
import functools
from pathlib import Path
from typing import NamedTuple

import pytest

from review.errors import FormatError
from review.formats import Parsed
from review.formats import parse_bytes
from review.formats import read_file
from review.formats.export import WRITERS
from review.formats.export import render_records
from review.model import Record

pytestmark = pytest.mark.shared

#: What the list of files calls a format, where it is another word than here.
NAMES = {"medline": "nbib", "bibtex-expected": "bibtex", "refer": "enw", "ovid-tagged": "ovid"}
#: Files whose stated count is not that of their entries, with the true one (None: no bibliographic file) and the reason.
CORRECTED: dict[str, tuple[int | None, str]] = {
    "JabRef__jabref/MedlinePlainImporterTestMultipleEntries.txt": (7, "two of seven entries have no PMID line"),
    "CoLRev-Environment__colrev/enl_data.enl": (3, "one of three entries has no %0 line"),
    "JabRef__jabref/Endnote.pattern.A.enw": (1, "a pattern of a test, with an author and no %0 line"),
    "JabRef__jabref/Endnote.pattern.E.enw": (1, "a pattern of a test, with an author and no %0 line"),
    "JabRef__jabref/MedlineImporterTestMalformedEntry.xml": (
        None,
        "an article element that never closes, with no fields",
    ),
}
#: RIS files that are tests of a tag, without the fields that a record has.
ODD_RIS = (
    "JabRef__jabref",
    "MrTango__rispy",
    "asreview__asreview/baseline",
    "zotero__translators",
    "rayyan-formats-plugins",
)


class Listed(NamedTuple):
    file: str
    format: str
    records: int | None


@functools.cache
def listing(folder: Path) -> tuple[Listed, ...]:
    with (folder / "MANIFEST.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(
            Listed(
                row["file"], NAMES.get(row["format"], row["format"]), int(row["records"]) if row["records"] else None
            )
            for row in csv.DictReader(stream)
        )


@functools.cache
def parse_listed(folder: Path, file: str) -> Parsed | None:
    try:
        return read_file(folder / file, shown_as=file)
    except FormatError:
        return None


@pytest.fixture(scope="module")
def imports(shared: Path) -> Path:
    return shared / "data" / "imports"


def test_import_table(imports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Prints the table of all files: format, entries expected, read, kept."""
    wrong = []
    lines = []
    for listed in listing(imports):
        parsed = parse_listed(imports, listed.file)
        expected, reason = CORRECTED.get(listed.file, (listed.records, ""))
        read = parsed.read if parsed else None
        lines.append(
            f"{listed.file:<75} {parsed.format if parsed else '-':<12} {expected if expected is not None else '-':>5} "
            f"{read if read is not None else '-':>5} {parsed.kept if parsed else '-':>5}  {reason}"
        )
        if expected is not None and read != expected:
            wrong.append(listed.file)
        if expected is not None and listed.format in WRITERS and parsed and parsed.format != listed.format:
            wrong.append(f"{listed.file} read as {parsed.format}")
    with capsys.disabled():
        print("\n".join(["", f"{'file':<75} {'format':<12} {'true':>5} {'read':>5} {'kept':>5}", *lines]))  # noqa: T201 (the table is for people)
    assert wrong == []


def test_every_entry_is_accounted_for(imports: Path) -> None:
    for listed in listing(imports):
        parsed = parse_listed(imports, listed.file)
        if parsed:
            assert parsed.read == parsed.kept + len(parsed.refused)
            lines = [record.origin.line for record in parsed.records if record.origin and record.origin.line]
            assert lines == sorted(lines)


def test_ris_fields_are_filled(imports: Path) -> None:
    """Title, year and first author in at least 99 % of the records of each file whose entries have them under any tag."""
    poor = []
    for listed in listing(imports):
        if listed.format != "ris" or any(name in listed.file for name in ODD_RIS):
            continue
        parsed = parse_listed(imports, listed.file)
        assert parsed is not None
        text = (imports / listed.file).read_text(encoding="utf-8-sig", errors="replace")
        has = {
            "title": sum(1 for _ in parsed.records),
            "year": sum(any(f"\n{tag}  - " in f"\n{entry}" for tag in ("PY", "Y1", "DA")) for entry in _entries(text)),
            "authors": sum(any(f"\n{tag}  - " in f"\n{entry}" for tag in ("AU", "A1")) for entry in _entries(text)),
        }
        for name, wanted in has.items():
            filled = sum(bool(getattr(record, name)) for record in parsed.records)
            if filled < 0.99 * wanted:
                poor.append((listed.file, name, filled, wanted))
    assert poor == []


def _entries(text: str) -> list[str]:
    entries = text.replace("\r\n", "\n").replace("\r", "\n").split("\nTY  - ")
    return [entry for entry in entries if "\n" in entry]


def test_one_library_in_several_formats_is_one(imports: Path) -> None:
    folder = "camaradesuk__ASySD"
    tables = [
        parse_listed(imports, f"{folder}/{name}")
        for name in ("zotero_export.csv", "zotero_export.xml", "mendeley_export.xml")
    ]
    lists = [parse_listed(imports, f"{folder}/{name}") for name in ("zotero_export.ris", "zotero_export.bib")]

    def essence(record: Record) -> tuple[object, ...]:
        return (
            record.title.casefold(),
            record.year,
            tuple(author.family for author in record.authors),
            record.volume,
            record.doi,
        )

    for group in (tables, lists):
        first, *others = [
            collections.Counter(essence(record) for record in parsed.records) for parsed in group if parsed
        ]
        for other in others:
            assert other.total() == first.total()
            assert (first & other).total() >= 0.99 * first.total()


#: Fields that every format holds.
CORE = ("title", "year", "journal", "volume", "issue", "pages", "doi", "abstract")


@pytest.mark.parametrize("target", sorted(WRITERS))
def test_round_trip(imports: Path, target: str) -> None:
    """Each file written in each format and read again: all fields for its own format, JSON and CSV; the core for the others."""
    different = []
    for listed in listing(imports):
        parsed = parse_listed(imports, listed.file)
        if (
            parsed is None
            or not parsed.records
            or (len(parsed.records) > 100 and target != parsed.format and target != "json")
        ):
            continue
        back = parse_bytes(render_records(parsed.records, target), path="x", format=target)
        assert len(back.records) == len(parsed.records), (listed.file, target)
        is_whole = target == parsed.format or target in ("json", "csv")
        for left, right in zip(parsed.records, back.records, strict=True):
            if is_whole:
                if _without_key(left) != _without_key(right):
                    different.append((listed.file, left.origin, left, right))
            else:
                names = [(author.family, author.given) for author in left.authors]
                if any(getattr(left, name) != getattr(right, name) for name in CORE) or names != [
                    (author.family, author.given) for author in right.authors
                ]:
                    different.append((listed.file, left.origin, left, right))
    assert different == []


def _without_key(record: Record) -> Record:
    """Without the citation key: it is made unique where it stands twice."""
    extra = {key: values for key, values in record.extra.items() if key != "bibtex:citekey"}
    return record.evolve(extra=extra, source="", run="")

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from review.errors import FormatError
from review.errors import UsageError
from review.formats import iterate_file
from review.formats import parse_bytes
from review.formats import read_file
from review.model import Record
from tests.formats.samples import NBIB
from tests.formats.samples import OVID_RIS
from tests.formats.samples import codes


def test_read_file_names_source_run_and_lines(tmp_path: Path) -> None:
    path = tmp_path / "export.ris"
    path.write_text(OVID_RIS)
    parsed = read_file(path, shown_as="queries/runs/x/export.ris", source="medline", run="x")
    assert (parsed.format, parsed.read, parsed.kept) == ("ris", 2, 2)
    assert {(record.source, record.run) for record in parsed.records} == {("medline", "x")}
    assert str(parsed.records[0].origin) == "queries/runs/x/export.ris:2"


def test_packed_files_are_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "export.nbib.gz"
    path.write_bytes(gzip.compress(NBIB.encode()))
    assert read_file(path, shown_as="export.nbib.gz").kept == 2
    assert parse_bytes(gzip.compress(NBIB.encode()), path="x").format == "nbib"


def test_a_packed_file_cut_off_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "export.nbib.gz"
    path.write_bytes(gzip.compress(NBIB.encode() * 50)[:-40])
    with pytest.raises(FormatError):
        read_file(path, shown_as="export.nbib.gz")


def test_iterating_gives_what_reading_gives(tmp_path: Path) -> None:
    path = tmp_path / "export.ris"
    path.write_text(OVID_RIS)
    records = [item for item in iterate_file(path, shown_as="x") if isinstance(item, Record)]
    assert records == list(read_file(path, shown_as="x").records)


@pytest.mark.parametrize("data", [b"", b"\n\n  \r\n", b"\0\0\0", "\ufeff".encode()])
def test_an_empty_file_is_said_to_be_empty(data: bytes) -> None:
    with pytest.raises(FormatError, match="the file is empty"):
        parse_bytes(data, path="x.ris")


def test_what_is_no_format() -> None:
    with pytest.raises(FormatError, match="no bibliographic format"):
        parse_bytes(b"Dear all,\nplease find attached\n", path="letter.txt")
    with pytest.raises(UsageError, match="there is no format 'pdf'"):
        parse_bytes(b"x", path="x", format="pdf")


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="cannot be opened"):
        read_file(tmp_path / "missing.ris", shown_as="missing.ris")


def test_a_file_without_entries_is_told() -> None:
    assert codes(parse_bytes(b"nothing here\n", path="x", format="ris")) == ["RECORD-003", "RECORD-015"]
    assert "RECORD-015" not in codes(parse_bytes(NBIB.encode(), path="x"))


def test_a_table_without_a_title_column_is_an_error() -> None:
    with pytest.raises(FormatError, match="column names"):
        parse_bytes(b"colour,size\nred,3\n", path="x", format="csv")


def test_doubled_encoding_and_missing_titles_are_told_once() -> None:
    parsed = parse_bytes("title,abstract\nFrÃ¼herkennung,a\n,b\n,c\n".encode(), path="x")
    assert parsed.records[0].title == "Früherkennung"
    assert codes(parsed) == ["RECORD-009", "RECORD-006"]


def test_loading_the_registry_loads_no_parser() -> None:
    heavy = "{'Bio', 'bibtexparser', 'lxml', 'rispy', 'pandas', 'numpy'}"
    code = f"import sys, review.formats; print({heavy} & {{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

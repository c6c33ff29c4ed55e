from __future__ import annotations

import json
from pathlib import Path

import pytest

from review.errors import FormatError
from review.errors import UsageError
from review.formats import read_file
from review.formats.convert import convert_file
from tests.formats.samples import NBIB


@pytest.fixture
def nbib(tmp_path: Path) -> Path:
    path = tmp_path / "in.nbib"
    path.write_text(NBIB + "\n\nPMID- \n")
    return path


@pytest.mark.parametrize("ending", ["ris", "nbib", "bib", "xml", "csv", "json"])
def test_every_ending_is_written_and_read_back(nbib: Path, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"out.{ending}"
    conversion = convert_file(nbib, target, shown_as="in.nbib")
    assert (conversion.read, conversion.kept, conversion.format) == (3, 2, "nbib")
    back = read_file(target, shown_as=target.name)
    assert [record.title for record in back.records] == [
        record.title for record in read_file(nbib, shown_as="x").records
    ]
    assert not list(tmp_path.glob(".*"))


def test_json_has_the_promised_keys(nbib: Path, tmp_path: Path) -> None:
    result = convert_file(nbib, tmp_path / "out.ris", shown_as="in.nbib").to_json()
    assert {key: result[key] for key in ("read", "kept", "format")} == {"read": 3, "kept": 2, "format": "nbib"}
    (refused,) = result["refused"]  # type: ignore[misc]
    assert set(refused) == {"line", "reason"}
    json.dumps(result)


def test_tags_left_out_are_told(nbib: Path, tmp_path: Path) -> None:
    found = [finding.code for finding in convert_file(nbib, tmp_path / "out.ris").findings]
    assert "RECORD-013" in found
    assert "RECORD-013" not in [finding.code for finding in convert_file(nbib, tmp_path / "out.csv").findings]


def test_a_failed_conversion_leaves_the_target_alone(tmp_path: Path) -> None:
    source, target = tmp_path / "in.json", tmp_path / "out.ris"
    source.write_text('[{"type": "book", "title": ' + "[" * 500)
    target.write_text("old")
    with pytest.raises(FormatError):
        convert_file(source, target)
    assert target.read_text() == "old"
    assert not list(tmp_path.glob(".*"))


def test_formats_that_cannot_be_written(nbib: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written as 'wos'"):
        convert_file(nbib, tmp_path / "out.txt", write_as="wos")

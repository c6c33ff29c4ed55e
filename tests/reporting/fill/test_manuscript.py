from __future__ import annotations

import pytest

from review.errors import FormatError
from review.errors import LockedError
from review.errors import StaleFileError
from review.reporting.fill.manuscript import fill_manuscript
from review.reporting.fill.manuscript import find_lock
from review.reporting.fill.manuscript import write_manuscript
from tests.reporting.fill.manuscripts import make_printed
from tests.reporting.fill.manuscripts import make_word
from tests.reporting.fill.manuscripts import run

FILLED = "a <!-- value: pool.A.together.events -->9<!-- /value -->"


@pytest.fixture
def paper(tmp_path):
    path = tmp_path / "manuscript.md"
    path.write_bytes(b"\xef\xbb\xbfa {{pool.A.together.events}}\r\nb\r\n")
    return path


def fill(path):
    return fill_manuscript(path, path.name, make_printed())


def test_a_file_keeps_its_line_ends_and_its_mark(paper):
    filled = fill(paper)
    write_manuscript(filled, paper)
    assert paper.read_bytes() == b"\xef\xbb\xbf" + FILLED.encode() + b"\r\nb\r\n"
    assert fill(paper).data == paper.read_bytes()


def test_another_file_is_written_over_only_where_that_is_said(paper, tmp_path):
    filled, target = fill(paper), tmp_path / "filled.md"
    write_manuscript(filled, target)
    with pytest.raises(FileExistsError):
        write_manuscript(filled, target)
    write_manuscript(filled, target, overwrite=True)
    assert target.read_bytes() == filled.data
    assert b"{{" in paper.read_bytes()


def test_a_manuscript_that_changed_meanwhile_is_not_written_over(paper):
    filled = fill(paper)
    paper.write_text("typed meanwhile", "utf-8")
    with pytest.raises(StaleFileError):
        write_manuscript(filled, paper)
    assert paper.read_text("utf-8") == "typed meanwhile"


@pytest.mark.parametrize("mark", ["~$nuscript.md", "~$anuscript.md", "~$manuscript.md", ".~lock.manuscript.md#"])
def test_a_manuscript_that_is_open_is_not_written_over(paper, mark):
    filled, before = fill(paper), paper.read_bytes()
    assert find_lock(paper) is None
    paper.with_name(mark).touch()
    assert find_lock(paper).name == mark
    with pytest.raises(LockedError, match="a program that has it open"):
        write_manuscript(filled, paper)
    assert paper.read_bytes() == before


def test_a_word_file_without_changes_is_written_as_it_was(tmp_path):
    path = tmp_path / "m.docx"
    path.write_bytes(make_word(f"<w:p>{run('a')}</w:p>"))
    assert fill(path).data == path.read_bytes()


def test_what_cannot_be_filled_is_told(tmp_path, monkeypatch):
    for name in ("m.pdf", "m", "m.doc"):
        (tmp_path / name).touch()
        with pytest.raises(FormatError, match="cannot be filled; known are"):
            fill(tmp_path / name)
    with pytest.raises(FormatError, match="cannot be read"):
        fill(tmp_path / "none.md")
    monkeypatch.setattr("review.reporting.fill.manuscript.LIMIT_BYTES", 1)
    (tmp_path / "m.md").write_text("abc", "utf-8")
    with pytest.raises(FormatError, match="larger than a manuscript"):
        fill(tmp_path / "m.md")

from __future__ import annotations

import os
import stat

import pytest

from review import files
from review.errors import FormatError
from review.errors import LimitError
from review.errors import StaleFileError
from review.files import decode_snapshot
from review.files import hash_bytes
from review.files import hash_file
from review.files import read_snapshot
from review.files import write_atomic
from review.files import write_new
from review.files import write_over


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "file.csv"


def write(path, data):
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "text", "newline", "encoding", "is_guessed"),
    [
        (b"a\nb\n", "a\nb\n", "\n", "utf-8", False),
        (b"a\r\nb\r\n", "a\nb\n", "\r\n", "utf-8", False),
        (b"a\rb\r", "a\nb\n", "\n", "utf-8", False),
        (b"\xef\xbb\xbfa\n", "a\n", "\n", "utf-8-sig", False),
        ("é\n".encode("utf-16"), "é\n", "\n", "utf-16", False),
        ("Narváez\n".encode("latin-1"), "Narváez\n", "\n", "cp1252", True),
        (b"", "", "\n", "utf-8", False),
    ],
)
def test_text_is_read_whatever_saved_it(path, data, text, newline, encoding, is_guessed):
    snapshot = read_snapshot(write(path, data))
    assert (snapshot.text, snapshot.newline, snapshot.encoding, snapshot.is_guessed) == (
        text,
        newline,
        encoding,
        is_guessed,
    )
    assert snapshot.sha256 == hash_bytes(data) == hash_file(path)


@pytest.mark.parametrize("data", [b"\xef\xbb\xbfa,b\r\n", b"a\r\n", b"a\n", "é\r\n".encode("utf-16")])
def test_text_is_written_back_as_it_was_saved(path, data):
    snapshot = read_snapshot(write(path, data))
    write_over(snapshot, snapshot.text)
    assert path.read_bytes() == data


def test_a_guessed_encoding_is_written_back_as_utf_8(path):
    snapshot = read_snapshot(write(path, "é\n".encode("latin-1")))
    after = write_over(snapshot, snapshot.text)
    assert path.read_bytes() == "é\n".encode()
    assert (after.encoding, after.is_guessed) == ("utf-8", False)


def test_a_file_that_changed_since_it_was_read_is_left_alone(path):
    snapshot = read_snapshot(write(path, b"a\n"))
    path.write_bytes(b"someone else's\n")
    with pytest.raises(StaleFileError, match=r"file\.csv: changed since it was read; nothing was written"):
        write_over(snapshot, "mine\n")
    assert path.read_bytes() == b"someone else's\n"


def test_a_file_that_is_gone_is_not_made_again(path):
    snapshot = read_snapshot(write(path, b"a\n"))
    path.unlink()
    with pytest.raises(StaleFileError):
        write_over(snapshot, "mine\n")
    assert not path.exists()


def test_writing_over_gives_the_snapshot_for_the_next_write(path):
    snapshot = read_snapshot(write(path, b"a\n"))
    for text in ("b\n", "c\n"):
        snapshot = write_over(snapshot, text)
    assert path.read_bytes() == b"c\n"


def test_a_large_file_is_refused_without_reading_it(path):
    write(path, b"")
    with path.open("wb") as stream:
        stream.truncate(100_000_000)
    with pytest.raises(LimitError, match=r"file\.csv: 100 MB is more than the 67 MB.*right file"):
        read_snapshot(path)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"a\nb\x00\n", "NUL"),
        (b"\xff\xfea", "not whole UTF-16"),
        (b"\xef\xbb\xbf\xff", "not whole UTF-8-SIG"),
    ],
)
def test_what_is_not_text_is_refused(path, data, problem):
    with pytest.raises(FormatError, match=problem):
        read_snapshot(write(path, data))


def test_the_line_of_a_nul_byte_is_told(path):
    with pytest.raises(FormatError) as caught:
        decode_snapshot(path, b"a\nb\n\x00c\n")
    assert caught.value.line == 3


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir(parents=True)])
def test_what_is_not_there_or_a_folder_is_told(path, make):
    make(path)
    with pytest.raises(FormatError, match="cannot be read"):
        read_snapshot(path)


def test_an_atomic_write_makes_folders_and_leaves_nothing_behind(path):
    write_atomic(path, b"one")
    write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert [item.name for item in path.parent.iterdir()] == ["file.csv"]


@pytest.mark.parametrize("writer", [write_atomic, write_new])
def test_a_write_that_fails_leaves_the_old_file_and_no_rest(path, monkeypatch, writer):
    if writer is write_atomic:
        write(path, b"old")

    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        writer(path, b"new")
    assert [item.read_bytes() for item in path.parent.iterdir()] == ([b"old"] if writer is write_atomic else [])


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX")
def test_modes_are_kept_and_new_files_follow_the_umask(path):
    write_atomic(path, b"one")
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask
    path.chmod(0o640)
    write_atomic(path, b"two")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_never_replaces_one(path):
    write_new(path, b"one")
    with pytest.raises(FileExistsError):
        write_new(path, b"two")
    assert path.read_bytes() == b"one"
    assert [item.name for item in path.parent.iterdir()] == ["file.csv"]

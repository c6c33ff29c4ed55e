from __future__ import annotations

import io

import pytest

from review.errors import LimitError
from review.formats.text import Lines
from review.formats.text import decode_head
from review.formats.text import detect_encoding

TITLE = "Narváez – β-amyloid"


def read(data: bytes, **limits: int) -> tuple[list[str], Lines]:
    lines = Lines(io.BytesIO(data), "export.ris", **limits)
    return list(lines), lines


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings_are_told_by_their_signs(encoding: str) -> None:
    text = f"TY  - JOUR\nTI  - {TITLE}\n"
    lines, _ = read(text.encode(encoding))
    assert lines == ["TY  - JOUR", f"TI  - {TITLE}"]


@pytest.mark.parametrize(("encoding", "named"), [("cp1252", "windows-1252"), ("latin-1", "latin-1")])
def test_bytes_that_are_no_utf8_are_guessed_and_said_so(encoding: str, named: str) -> None:
    text = "Narváez – é" if encoding == "cp1252" else "Narváez é"
    lines, reader = read(f"TY  - JOUR\nAU  - {text}\n".encode(encoding))
    assert lines[1] == f"AU  - {text}"
    (finding,) = reader.findings()
    assert (finding.code, finding.origin.line) == ("RECORD-001", 2)  # type: ignore[union-attr]
    assert named in finding.message


def test_a_file_glued_from_two_encodings_reads_right() -> None:
    lines, reader = read("é\n".encode() + "é\n".encode("cp1252"))
    assert lines == ["é", "é"]
    assert [finding.found for finding in reader.findings()] == ["1"]


def test_clean_utf8_gives_no_finding() -> None:
    _, reader = read(TITLE.encode())
    assert list(reader.findings()) == []


def test_every_line_end_counts_once() -> None:
    lines, reader = read(b"a\r\nb\rc\nd")
    assert lines == ["a", "b", "c", "d"]
    assert reader.number == 4


def test_separators_inside_text_do_not_end_a_line() -> None:
    assert read("a\x0bb\x0cc\x85d\u2028e\n".encode())[0] == ["a\x0bb\x0cc\x85d\u2028e"]


def test_nuls_are_left_out_and_counted() -> None:
    lines, reader = read(b"TI  - a\0b\0\n")
    assert lines == ["TI  - ab"]
    assert [(finding.code, finding.found) for finding in reader.findings()] == [("RECORD-002", "2")]


def test_a_line_that_is_too_long_ends_with_its_number() -> None:
    with pytest.raises(LimitError, match=r"export\.ris:2: a line is longer"):
        read(b"short\n" + b"x" * 50, max_line=20)


def test_a_mark_in_the_midst_is_dropped() -> None:
    assert read(" \ufeffTY  - JOUR\n".encode())[0] == [" TY  - JOUR"]


def test_head_of_utf16_cut_in_a_character_decodes() -> None:
    assert decode_head("TY  - é".encode("utf-16")[:-1]).startswith("TY  - ")
    assert detect_encoding(b"") == "utf-8"

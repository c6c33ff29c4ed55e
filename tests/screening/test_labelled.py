"""Labelled records: what is read, and what is refused with its line."""

from __future__ import annotations

import gzip

import pytest

from review.errors import FormatError
from review.errors import LimitError
from review.screening import labelled
from review.screening.labelled import read_labelled

GOOD = "record_id,title,abstract,label_included\n7,One,Words,1\n8,Two,,0\n9,,More,0\n"


def read(folder, text, name="set.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_labelled(path)[0]


def test_what_is_read(tmp_path):
    records = read(tmp_path, GOOD)
    assert [(record.id, record.is_relevant, record.line) for record in records] == [
        ("7", True, 2),
        ("8", False, 3),
        ("9", False, 4),
    ]
    assert records[0].text.words.split() == ["One", "Words"]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + GOOD,
        GOOD.replace(",", ";"),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace(",1\n", ",1.0\n").replace(",0\n", ",0.0\n"),
        GOOD.rstrip("\n"),
        GOOD.encode("utf-16"),
    ],
    ids=["byte order mark", "semicolons", "CRLF", "decimals", "no line feed at the end", "UTF-16"],
)
def test_what_spreadsheets_write(tmp_path, text):
    assert [record.id for record in read(tmp_path, text)] == ["7", "8", "9"]


def test_without_ids_records_are_named_by_their_row(tmp_path):
    records = read(tmp_path, 'title,abstract,label_included\n"One\nline",a,1\nTwo,b,0\n')
    assert [(record.id, record.line) for record in records] == [("1", 2), ("2", 4)]


def test_headings(tmp_path):
    records = read(
        tmp_path, "title,abstract,label_included,mesh,publication_types\na,b,1,Skin; Calcinosis,Case Reports\nc,d,0,,\n"
    )
    assert records[0].text.headings == ("Skin", "Calcinosis", "Case Reports")
    assert records[1].text.headings == ()


def test_an_encoding_that_was_guessed_is_told(tmp_path):
    path = tmp_path / "set.csv"
    path.write_bytes(GOOD.replace("Words", "Größe").encode("cp1252"))
    records, findings = read_labelled(path)
    assert "Größe" in records[0].text.words
    assert [finding.code for finding in findings] == ["PROJECT-018"]


def test_gzip(tmp_path):
    assert len(read(tmp_path, gzip.compress(GOOD.encode()), "set.csv.gz")) == 3


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("title,label_included\na,1\n", 1, "abstract"),
        ("", 1, "empty"),
        (GOOD.replace("9,", "7,"), 4, "occurs again; it is first on line 2"),
        (GOOD.replace(",1\n", ",0\n"), None, "no record is labelled 1"),
        (GOOD.replace(",0\n", ",1\n"), None, "every record is labelled 1"),
        (GOOD.replace("Two,,0", "Two,,maybe"), 3, "'maybe'; expected 0 or 1"),
        (GOOD.replace("Two,,0", "Two,,-1"), 3, "expected 0 or 1"),
        (GOOD.replace("Two,,0", "Two,,"), 3, "expected 0 or 1"),
        (GOOD.replace("8,", ","), 3, "record_id is blank"),
        (GOOD.replace("9,,More,0\n", "9,,Mo"), 4, "expected 0 or 1"),
        (GOOD.replace("Two,,0", "Two,a,b,0"), 3, "5 cells"),
        (GOOD.replace("Words", '"Words'), 2, "never closed"),
        ("record_id,title,abstract,label_included\n", None, "no record is labelled 1 (of 0)"),
        ("a\x00b", 1, "NUL"),
    ],
)
def test_what_is_refused(tmp_path, text, line, words):
    with pytest.raises(FormatError) as refused:
        read(tmp_path, text)
    assert words in str(refused.value)
    assert refused.value.line == line


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(FormatError, match="cannot be read"):
        read_labelled(tmp_path / "none.csv")
    with pytest.raises(FormatError, match="cannot be read"):
        read_labelled(tmp_path / "none.csv.gz")
    with pytest.raises(FormatError, match="not whole gzip"):
        read(tmp_path, b"no gzip", "set.csv.gz")
    with pytest.raises(FormatError, match="is cut"):
        read(tmp_path, gzip.compress(GOOD.encode())[:-9], "set.csv.gz")


def test_a_small_file_that_unpacks_to_a_large_one(tmp_path, monkeypatch):
    monkeypatch.setattr(labelled, "LIMIT_BYTES", 10_000)
    with pytest.raises(LimitError):
        read(tmp_path, gzip.compress(b"x" * 1_000_000), "set.csv.gz")

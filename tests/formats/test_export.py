from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from lxml import etree

from review.errors import UsageError
from review.formats import parse_bytes
from review.formats.export import WRITERS
from review.formats.export import count_left_out
from review.formats.export import render_records
from review.identifiers import record_id
from review.model import Author
from review.model import Record
from tests.formats.samples import BIBTEX
from tests.formats.samples import NBIB
from tests.formats.samples import OVID_RIS
from tests.formats.samples import parse

CORE = ("title", "year", "journal", "volume", "issue", "pages", "doi", "abstract")


@pytest.mark.parametrize(("text", "format"), [(OVID_RIS, "ris"), (NBIB, "nbib"), (BIBTEX, "bibtex")])
def test_the_same_format_gives_the_same_records(text: str, format: str) -> None:  # noqa: A002
    records = parse(text).records
    assert parse_bytes(render_records(records, format), path="x", format=format).records == records


@pytest.mark.parametrize("format", ["json", "csv"])
@pytest.mark.parametrize("text", [OVID_RIS, NBIB, BIBTEX])
def test_json_and_csv_hold_everything(text: str, format: str) -> None:  # noqa: A002
    records = parse(text).records
    assert parse_bytes(render_records(records, format), path="x", format=format).records == records
    assert count_left_out(records, format) == {}


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1, max_size=30).map(
    lambda text: " ".join(text.split())
)
names = st.from_regex(r"[A-ZÄÉ][a-zäöéß]{1,9}(?:-[A-Z][a-z]{1,8})?", fullmatch=True)


@st.composite
def records(draw: st.DrawFn) -> Record:
    from review.formats.draft import is_missing
    from review.formats.markup import clean_text
    from review.formats.markup import is_doubled

    title = draw(words.map(clean_text).filter(lambda text: text and not is_missing(text) and not is_doubled(text)))
    authors = tuple(draw(st.lists(st.tuples(names, names).map(lambda pair: Author(*pair)), max_size=3, unique=True)))
    year = draw(st.none() | st.integers(1500, 2099))
    return Record(
        record_id(
            content=(title, *(author.family for author in authors), str(year or ""), "Journal of Things", "", "")
        ),
        title,
        authors,
        year,
        journal="Journal of Things",
        published=str(year or ""),
    )


@pytest.mark.parametrize("format", sorted(WRITERS))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(record=records())
def test_any_record_comes_back(format: str, record: Record) -> None:  # noqa: A002
    parsed = parse_bytes(render_records([record], format), path="x", format=format)
    (back,) = parsed.records
    assert [getattr(back, name) for name in CORE] == [getattr(record, name) for name in CORE]
    assert back.authors == record.authors
    assert back.id == record.id


def test_ris_is_what_reference_managers_read() -> None:
    text = render_records(parse(NBIB).records, "ris").decode()
    lines = text.split("\n")
    assert lines[0] == "TY  - JOUR"
    assert all(line == "" or line[2:6] == "  - " for line in lines)
    assert "AU  - Made-up Sclerosis Group," in lines
    assert "N1  - PMID: 30000001" in lines
    assert text.count("ER  - ") == 2


def test_endnote_xml_is_well_formed_and_names_the_type() -> None:
    root = etree.fromstring(render_records(parse(NBIB).records, "endnote-xml"))
    kinds = [element.get("name") for element in root.iter("ref-type")]
    assert kinds == ["Journal Article", "Journal Article"]


def test_csv_opens_in_a_spreadsheet() -> None:
    data = render_records(parse(NBIB).records, "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0]["authors"] == "Alvarez, Maria; Brown, John; Made-up Sclerosis Group,"


def test_json_has_the_promised_keys() -> None:
    (first, _) = json.loads(render_records(parse(NBIB).records, "json"))
    assert first["id"] == "pubmed:30000001"
    assert first["authors"] == ["Alvarez, Maria", "Brown, John", "Made-up Sclerosis Group"]
    assert {
        "year",
        "journal",
        "volume",
        "issue",
        "pages",
        "doi",
        "pmid",
        "abstract",
        "publication_types",
        "mesh",
        "retracted",
    } <= set(first)


def test_bibtex_keys_are_unique_and_other_parsers_lose_nothing() -> None:
    import bibtexparser

    text = render_records(parse(2 * BIBTEX.split("@inproceedings")[0]).records, "bibtex").decode()
    library = bibtexparser.parse_string(text)
    assert [entry.key for entry in library.entries] == ["Alvarez2018", "Alvarez2018-2"]
    assert library.failed_blocks == []


def test_rispy_reads_what_is_written() -> None:
    import rispy

    entries = rispy.loads(render_records(parse(OVID_RIS).records, "ris").decode())
    assert [entry["title"] for entry in entries] == ["Rituximab for calcinosis: a case series.", "A second paper"]


def test_what_a_format_has_no_place_for_is_counted() -> None:
    left = count_left_out(parse(NBIB).records, "ris")
    assert left["nbib:PHST"] == 1


def test_unknown_formats() -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        render_records([], "docx")

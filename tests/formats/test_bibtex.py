from __future__ import annotations

import pytest

from review.model import Author
from tests.formats.samples import BIBTEX
from tests.formats.samples import codes
from tests.formats.samples import parse
from tests.formats.samples import parse_one


def test_sound_file() -> None:
    parsed = parse(BIBTEX)
    assert (parsed.format, parsed.read, codes(parsed)) == ("bibtex", 2, [])
    record, second = parsed.records
    assert record.title == "Rituximab for Calcinosis: 47% of 19 patients"
    assert record.authors == (
        Author("Álvarez", "María"),
        Author("Brown", "John, Jr"),
        Author("Made-up Sclerosis Group", is_collective=True),
    )
    assert (record.journal, record.year, record.published) == (
        "Journal of Made-up Rheumatology (Print)",
        2018,
        "2018-05-03",
    )
    assert (record.pages, record.doi, record.keywords) == (
        "101-109",
        "10.1234/jmr.2018.101",
        ("calcinosis", "rituximab"),
    )
    assert record.extra["bibtex:file"] == ("a_b.pdf",)
    assert record.origin is not None
    assert record.origin.line == 4
    assert (second.entry_type, second.journal, second.authors) == ("abstract", "Proceedings", (Author("Chen", "Li"),))


@pytest.mark.parametrize(
    ("text", "titles", "expected"),
    [
        ("@article{a, title={One}}\n@article{a, title={Two}}", ["One", "Two"], ["RECORD-007"]),
        ("@article{a, title={One}, note={x}, note={y}}", ["One"], []),
        ("@article{,\n title={No key},\n}", ["No key"], []),
        ("@article{a,\n title={One}\n year={2001}\n}", ["One"], ["RECORD-008"]),
        (
            "@article{a,\n title={One {unbalanced},\n year={2001}\n}\n@article{b, title={Two}}",
            ["One unbalanced", "Two"],
            ["RECORD-008"],
        ),
        ("@article{a,\n title={One},\n year={2001}", ["One"], ["RECORD-008"]),
        ("@article{a\n , title = {Comma first}\n , year = 2001\n}", ["Comma first"], []),
        ("@article(a, title={Brackets})", ["Brackets"], []),
        ('@Article {a, TITLE = "Quotes {"}inside{"}"}', ['Quotes "inside"'], []),
        ("%@article{no, title={commented}}\n@article{a, title={One}}", ["One"], []),
        ("some words\n@article{a, title={One}}", ["One"], ["RECORD-003"]),
        ("@article{a, title={One}, journal=nowhere}", ["One"], ["RECORD-014"]),
        ("@article{a, title={me@x.org wrote @article}}", ["me@x.org wrote @article"], []),
        ("@comment{open\n@article{a, title={One}}", [], ["RECORD-004", "RECORD-015"]),
        ("@article{a, title={One}} @article{b, title={Two}}", ["One", "Two"], []),
    ],
)
def test_damage_and_dialects(text: str, titles: list[str], expected: list[str]) -> None:
    parsed = parse(text, "bibtex")
    assert [record.title for record in parsed.records] == titles
    assert codes(parsed) == expected
    assert parsed.read == parsed.kept


def test_fields_that_stand_twice_are_both_kept() -> None:
    assert parse_one("@article{a, title={One}, note={x}, note={y}}").extra["note"] == ("x", "y")


def test_biblatex_fields() -> None:
    record = parse_one(
        "@article{a, title={Main}, subtitle={More}, journaltitle={J of X}, date={2019-03}, location={Bern}, langid={german}}"
    )
    assert (record.title, record.journal, record.published) == ("Main: More", "J of X", "2019-03")
    assert record.languages == ("german",)
    assert record.extra["place"] == ("Bern",)


def test_names_with_particles_and_suffixes() -> None:
    record = parse_one(
        "@book{a, title={T}, author={Vincent van der Berg and de la Cruz, Ana and Doe, John, Jr and others}}"
    )
    assert record.authors == (Author("van der Berg", "Vincent"), Author("de la Cruz", "Ana"), Author("Doe", "John, Jr"))


def test_bibtexparser_alone_loses_what_is_kept_here() -> None:
    import bibtexparser

    text = "@article{a, title={One}}\n@article{a, title={Two}}\n@article{b, note={x}, note={y}, title={Three}}\n"
    assert len(bibtexparser.parse_string(text).entries) == 1
    assert parse(text).kept == 3

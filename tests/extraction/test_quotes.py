from __future__ import annotations

from fractions import Fraction

import pytest

from review.extraction.quotes import Attached
from review.extraction.quotes import attach_entry
from review.extraction.quotes import check_quotes
from review.extraction.quotes import list_numbers
from review.extraction.sheet import parse_sheet
from review.marked import parse_marked
from review.model import AbstractSection
from review.model import Record
from review.model import RecordId
from tests.builder import list_codes
from tests.builder import make_protocol
from tests.builder import show
from tests.extraction.test_derive import PROTOCOL

ENTRY = attach_entry(
    Record(
        RecordId("pubmed:1"),
        "A woman with calcinosis",
        abstract="Four patients (50%) improved; pain fell by 60 percent in all, over 26 weeks.",
        abstract_sections=(AbstractSection("RESULTS", "Two improved."),),
        mesh=("Female",),
    )
)
FULL = Attached(
    "pubmed-1.pdf", "Table 2. Pain -60, mean 53.0 years (SD 2.1), range 41-77. No new ulcers.", is_full=True
)


def check(line, texts=(ENTRY,)):
    """Check one line of a sheet: of a case, of counts or of characteristics."""
    kind = "counts" if "outcome:" in line else "characteristics" if "field:" in line else "cases"
    body = f"  - case: c\n    {line}\n" if kind == "cases" else f"  - {{{line}}}\n"
    head = "format: 1\nstudy: s\nreports: [{record: pubmed:1, name: p}]\n"
    study, findings = parse_sheet(
        parse_marked(f"{head}{kind}:\n{body}", "s.yaml"), make_protocol(PROTOCOL.replace(", required: yes", ""))
    )
    assert findings == [], show(findings)
    return check_quotes([study], lambda record: texts if record == "pubmed:1" else ())


SOURCE = "source: {{record: p, place: {}, words: {}}}"
VAS = "vas_change: {{value: {}, source: {{record: p, place: {}, words: '{}'}}}}"
COUNT = "outcome: response, events: {}, total: 8, source: {{record: p, place: abstract, words: '{}'}}"


def test_quotes_that_stand_there_with_their_figure():
    for line in (
        VAS.format("60", "abstract", "fell by 60 percent"),
        VAS.format("-60", "abstract", "fell by 60 percent"),
        COUNT.format(4, "Four patients (50%)"),
        COUNT.format(4, "(50%) improved"),
        COUNT.format(2, "Two improved"),
        "ulcer: {value: no, source: {record: p, place: MeSH, words: Female}}",
        "followup: {value: 26, unit: weeks, source: {record: p, place: abstract, words: over 26 weeks}}",
    ):
        checked = check(line)
        assert (checked.found, checked.missing, checked.findings) == (1, 0, ()), line


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        (
            VAS.format("-60", "abstract", "fell by 60% in all"),
            "EXTRACT-050",
            'the words "fell by 60% in all" do not stand in the entry of pubmed:1 (nearest: "',
        ),
        (VAS.format("-60", "abstract", "xyzzy 60 lower"), "EXTRACT-050", "nothing like it was found"),
        (
            VAS.format("-50", "abstract", "fell by 60 percent"),
            "EXTRACT-051",
            "the figure -50 is not in the words that it was read in; expected -50",
        ),
        (COUNT.format(5, "Four patients (50%)"), "EXTRACT-051", "the figure 5 is not in the words"),
        (
            "field: vas_change, mean: 53, sd: 2, source: {record: p, words: mean 53 (2.1)}",
            "EXTRACT-051",
            "the figure 2 is",
        ),
    ],
)
def test_slips_are_told(line, code, message):
    told = [str(finding) for finding in check(line).findings if finding.code == code]
    assert any(message in text for text in told), told


def test_a_rise_is_not_a_fall():
    checked = check(VAS.format("-60", "Table 2", "rose by 60 percent"))
    assert list_codes(checked.findings) == ["EXTRACT-051"]


def test_a_quote_from_elsewhere_is_unread_until_the_full_text_is_at_hand():
    line = VAS.format("-60", "Table 2", "Pain -60")
    assert (check(line).unread, check(line).findings) == (1, ())
    assert check(line, (ENTRY, FULL)).found == 1
    assert check(line, ()).unread == 1
    wrong = check(VAS.format("60", "Table 2", "Pain 60"), (ENTRY, FULL))
    assert list_codes(wrong.findings) == ["EXTRACT-050"]
    assert "the full text of pubmed:1 (pubmed-1.pdf)" in str(wrong.findings[0])


def test_every_number_of_a_summary_is_looked_up():
    line = "field: vas_change, mean: 53, sd: 2.1, range: [41, 77], source: {record: p, place: Table 2, words: 'mean 53.0 years (SD 2.1), range 41-77'}"
    assert check(line, (FULL,)).findings == ()


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("54-year-old", {54}),
        ("-50 to -20", {-50, -20}),
        ("1-7", {1, 7}),
        ("twenty-one of thirty", {21, 30}),
        ("3·12 ± 2.1", {Fraction("3.12"), Fraction("2.1")}),
        ("3,1 cm", {Fraction("3.1")}),
        ("1,234 units", {1234}),
        ("P<0.05.", {Fraction("0.05")}),
        ("CD20 and B12", set()),
        ("none", {0}),
        ("", set()),
    ],
)
def test_numbers_in_words(words, numbers):
    assert list_numbers(words) == numbers


def test_the_example_quotes_what_was_read(example):
    groups = example.grouping.group_of()

    def list_texts(record):
        return [attach_entry(example.records[member]) for member in groups[record].members] if record in groups else ()

    checked = check_quotes(example.studies.values(), list_texts)
    assert checked.found > 0
    assert show(checked.findings) == []

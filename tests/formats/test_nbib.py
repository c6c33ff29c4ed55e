from __future__ import annotations

from review.model import AbstractSection
from review.model import Author
from review.model import Relation
from tests.formats.samples import NBIB
from tests.formats.samples import codes
from tests.formats.samples import parse


def test_pubmed_entry() -> None:
    parsed = parse(NBIB)
    assert (parsed.format, parsed.read, codes(parsed)) == ("nbib", 2, [])
    record, second = parsed.records
    assert record.id == "pubmed:30000001"
    assert record.title.endswith("a title that is wrapped over two lines.")
    assert record.authors == (
        Author(
            "Alvarez",
            "Maria",
            affiliations=("Hospital One, Town.", "Institute Two, Town."),
            orcid="0000-0001-2345-6789",
        ),
        Author("Brown", "John", affiliations=("Hospital One, Town.",)),
        Author("Made-up Sclerosis Group", is_collective=True),
    )
    assert (record.doi, record.volume, record.issue, record.pages) == ("10.1234/jmr.2018.101", "12", "3", "101-9")
    assert (record.year, record.published, record.epub_date) == (2018, "2018-05", "2018-04-01")
    assert record.abstract_sections[1] == AbstractSection("METHODS", "We gave rituximab.")
    assert record.registrations == ("NCT01234567",)
    assert record.relations == (
        Relation("erratum-in", "30000009", "10.1234/jmr.2019.5", "J Made-up Rheumatol. 2019;13(1):5."),
    )
    assert record.entry_type == "review"
    assert record.extra["nbib:LID"] == ("S0000-0000(18)00001-1 [pii]",)
    assert record.extra["nbib:PHST"] == ("2018/01/01 00:00 [received]",)
    assert second.authors == (Author("Chen", "L"),)


def test_entries_without_an_empty_line_between_stay_two() -> None:
    parsed = parse("PMID- 1\nTI  - One\nPMID- 2\nTI  - Two\n")
    assert [record.title for record in parsed.records] == ["One", "Two"]


def test_pmc_flavour_begins_with_pmc() -> None:
    parsed = parse("\nPMC - PMC1000001\nPMID- 11\nTI  - One\n\nPMC - PMC1000002\nPMID- 12\nTI  - Two\n")
    assert [(record.pmid, record.pmcid) for record in parsed.records] == [("11", "PMC1000001"), ("12", "PMC1000002")]


def test_eric_has_no_pubmed_id() -> None:
    eric = "OWN - ERIC\nTI  - {}\nAU  - van Groen, Maaike M.\nOID - EJ{}\nDP  - 2020\nISSN - EISSN-2375-5636\n"
    parsed = parse("\n" + eric.format("One", 1227990) + "\n" + eric.format("Two", 1227991))
    assert [record.id for record in parsed.records] == ["eric:EJ1227990", "eric:EJ1227991"]
    assert parsed.records[0].issn == ("2375-5636",)


def test_tags_without_a_space_and_wrapped_lines_without_indent() -> None:
    parsed = parse("PMID-22664220\nTI  -A title\nAB  - See\nhttp://example.org/a for more\n", "nbib")
    record = parsed.records[0]
    assert (record.pmid, record.title) == ("22664220", "A title")
    assert record.abstract == "See http://example.org/a for more"


def test_text_between_entries_is_told() -> None:
    parsed = parse("PMID- 1\nTI  - One\n\nThis line is a stray.\n\nPMID- 2\nTI  - Two\n")
    assert (parsed.kept, codes(parsed)) == (2, ["RECORD-003"])


def test_biopython_alone_loses_what_is_kept_here() -> None:
    from Bio import Medline

    text = "PMID- 1\nTI  - One\nPMID- 2\nTI  - Two\n"
    assert len(list(Medline.parse(text.splitlines(keepends=True)))) == 1
    assert parse(text).kept == 2

from __future__ import annotations

import pytest

from tests.formats.samples import OVID_RIS
from tests.formats.samples import codes
from tests.formats.samples import parse
from tests.formats.samples import parse_one


def entry(*lines: str, kind: str = "JOUR") -> str:
    return "\n".join([f"TY  - {kind}", *lines, "ER  - ", ""])


def test_ovid_dialect() -> None:
    parsed = parse(OVID_RIS)
    assert (parsed.format, parsed.read, codes(parsed)) == ("ris", 2, [])
    first, second = parsed.records
    assert first.title == "Rituximab for calcinosis: a case series."
    assert [str(author) for author in first.authors] == ["Alvarez, Maria", "Brown, J"]
    assert (first.year, first.journal, first.journal_abbreviation) == (
        2018,
        "Journal of Made-up Rheumatology",
        "J Made-up Rheumatol",
    )
    assert first.doi == "10.1016/s0140-6736(05)67889-0"
    assert (first.pmid, first.id) == ("31234567", "pubmed:31234567")
    assert (first.pages, first.issn, first.abstract) == ("101-9", ("1234-5679",), "Background: nothing had helped.")
    assert second.pages == ""  # PsycINFO's "No - Specified"
    assert first.origin is not None
    assert (first.origin.path, first.origin.line, second.origin.line) == ("export.txt", 2, 26)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        (["TI  - A", "DO  - doi:10.1000/X.1"], "doi", "10.1000/x.1"),
        (["TI  - A", "L3  - http://dx.doi.org/10.1000/x.1"], "doi", "10.1000/x.1"),
        (["TI  - A", "UR  - https://x.org/r.uri?eid=2&doi=10.1000%2fx.1&md5=f"], "doi", "10.1000/x.1"),
        (["TI  - A", "N1  - doi: 10.1000/x.1"], "doi", "10.1000/x.1"),
        (["TI  - A", "U1  - 35957633 [PMID]"], "pmid", "35957633"),
        (["TI  - A", "N1  - PMID: 35957633"], "pmid", "35957633"),
        (["TI  - A", "UR  - https://www.ncbi.nlm.nih.gov/pubmed/27570629"], "pmid", "27570629"),
        (["TI  - A", "C2  - 31574429", "DB  - Scopus"], "pmid", "31574429"),
        (["TI  - A", "T3  - Erratum in: X. PMID: 35389171"], "pmid", ""),
        (["TI  - A", "U1  - PMC9359172 [PMCID]"], "pmcid", "PMC9359172"),
        (["TI  - A", "C2  - PMC9359172"], "pmcid", "PMC9359172"),
        (["TI  - A", "Y1  - 1900/01/01", "DA  - 1950/01/01"], "year", 1950),
        (["TI  - A", "PY  - 2013/04/18", "PY  - 2013/02/15/received"], "published", "2013-04-18"),
        (["TI  - A", "PY  - 2019", "DA  - JUN 13"], "published", "2019-06-13"),
        (["TI  - A", "PY  - 0000"], "year", None),
        (["TI  - A", "Y2  - 2020/01/01"], "year", None),
        (["TI  - A", "JO  - J Thing"], "journal", "J Thing"),
        (["TI  - A", "JO  - J Thing", "T2  - Journal of Things"], "journal", "Journal of Things"),
        (["TI  - A", "JO  - J Thing", "T2  - Journal of Things"], "journal_abbreviation", "J Thing"),
        (["T2  - Statistics of Nothing 2015"], "title", "Statistics of Nothing 2015"),
        (["TI  - A", "SP  - 134-9"], "pages", "134-9"),
        (["TI  - A", "C7  - e0815"], "pages", "e0815"),
        (["TI  - A", "AB  - NA"], "abstract", ""),
        (["TI  - A", "KW  - one", "two", "KW  - three; four"], "keywords", ("one", "two", "three", "four")),
        (["TI  - A", "SN  - 0964-6906 (Print)0964-6906 1573-3602"], "issn", ("0964-6906", "1573-3602")),
        (["TI  - A", "SN  - 978-0-306-40615-7"], "isbn", ("9780306406157",)),
        (["TI  - A", "M3  - Conference Abstract"], "entry_type", "abstract"),
        (["TI  - A", "M3  - Review"], "entry_type", "review"),
    ],
)
def test_where_dialects_put_a_field(lines: list[str], field: str, value: object) -> None:
    assert getattr(parse_one(entry(*lines)), field) == value


def test_order_of_author_tags_is_the_order_of_the_file() -> None:
    record = parse_one(entry("TI  - A", "A1  - First, A", "AU  - Second, B", "A1  - Third, C"))
    assert [author.family for author in record.authors] == ["First", "Second", "Third"]


def test_an_entry_without_er_does_not_swallow_the_next() -> None:
    parsed = parse("TY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\n")
    assert [record.title for record in parsed.records] == ["One", "Two"]
    assert codes(parsed) == ["RECORD-004", "RECORD-004"]


def test_er_inside_an_abstract_ends_nothing() -> None:
    record = parse_one(entry("TI  - A", "AB  - first line,", "ER then second line at the end", "last"))
    assert record.abstract == "first line, ER then second line at the end last"


@pytest.mark.parametrize("start", ["TY - JOUR", "\ufeffTY  - JOUR", " \ufeff TY  - JOUR", "TY\t- JOUR"])
def test_odd_beginnings(start: str) -> None:
    tag = "TI - " if start.startswith("TY -") else "TI  - "
    assert parse(f"{start}\n{tag}One\nER  - \n", "ris").records[0].title == "One"


def test_junk_between_entries_is_told_once() -> None:
    parsed = parse(entry("TI  - One") + "exp Scleroderma/ and calcinosis\nmore of it\n" + entry("TI  - Two"))
    assert parsed.kept == 2
    (finding,) = parsed.findings
    assert (finding.code, finding.origin.line, finding.found) == ("RECORD-003", 4, "exp Scleroderma/ and calcinosis")  # type: ignore[union-attr]


def test_cochrane_headers_count_the_entries() -> None:
    head = 'Record #{} of 3\nProvider: Somebody\nContent: text/plain; charset="UTF-8"\n'
    parsed = parse(head.format(1) + entry("TI  - One") + head.format(2) + entry("TI  - Two"))
    assert parsed.kept == 2
    assert codes(parsed) == ["RECORD-012"]
    assert codes(parse(head.replace("of 3", "of 1").format(1) + entry("TI  - One"))) == []


def test_an_entry_with_nothing_in_it_is_refused_with_its_line() -> None:
    parsed = parse(entry("TI  - One") + "TY  - JOUR\nER  - \n")
    assert (parsed.read, parsed.kept) == (2, 1)
    assert parsed.refused[0].line == 4
    assert codes(parsed) == ["RECORD-005"]


def test_tags_without_a_field_are_kept() -> None:
    record = parse_one(entry("TI  - One", "C1  - seen", "XY  - odd", "XY  - odder", "PB  - Press"))
    assert record.extra["ris:XY"] == ("odd", "odder")
    assert record.extra["publisher"] == ("Press",)
    assert record.extra["ris:C1"] == ("seen",)


def test_what_is_no_doi_year_or_name_is_kept_as_text() -> None:
    record = parse_one(entry("TI  - One", "DO  - osf.io/9s8kh", "PY  - in press", "AU  - [Anonymous]", "SN  - ABC"))
    assert record.extra["doi-text"] == ("osf.io/9s8kh",)
    assert record.extra["date-text"] == ("in press",)
    assert record.extra["serial-text"] == ("ABC",)
    assert record.extra["ris:AU"] == ("[Anonymous]",)


def test_titles_that_differ_are_both_kept() -> None:
    record = parse_one(entry("TI  - One", "T1  - Uno"))
    assert record.title == "One"
    assert record.extra["ris:T1"] == ("Uno",)


def test_one_doi_for_two_titles_gives_two_ids() -> None:
    parsed = parse(
        entry("TI  - Abstract one", "DO  - 10.1/s.1".replace("10.1/", "10.1000/"))
        + entry("TI  - Abstract two", "DO  - 10.1000/s.1")
    )
    first, second = parsed.records
    assert (first.id, first.doi) == ("doi:10.1000/s.1", second.doi)
    assert second.id.startswith("import:")
    assert codes(parsed) == ["RECORD-010"]


def test_the_same_entry_twice_keeps_one_id() -> None:
    parsed = parse(2 * entry("TI  - One", "DO  - 10.1000/s.1"))
    assert len({record.id for record in parsed.records}) == 1
    assert codes(parsed) == []

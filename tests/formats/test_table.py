from __future__ import annotations

import pytest

from review.formats.table import find_header
from tests.formats.samples import codes
from tests.formats.samples import parse
from tests.formats.samples import parse_one


def test_scopus() -> None:
    record = parse_one(
        "\ufeffAuthors,Title,Year,Source title,Volume,Issue,Art. No.,Page start,Page end,DOI,PubMed ID,Abbreviated Source Title,"
        "Document Type,Source,EID\n"
        '"Liu R., Adler D.G.","A ""quoted"" title",2014,"Journal of Things","3","3",,"152","160","10.1000/X.1",30000001,"J Things",Review,'
        "Scopus,2-s2.0-1\n",
        "csv",
    )
    assert [str(author) for author in record.authors] == ["Liu, R.", "Adler, D.G."]
    assert (record.title, record.year, record.journal, record.journal_abbreviation) == (
        'A "quoted" title',
        2014,
        "Journal of Things",
        "J Things",
    )
    assert (record.pages, record.doi, record.id, record.entry_type) == (
        "152-160",
        "10.1000/x.1",
        "pubmed:30000001",
        "review",
    )
    assert (record.accession, record.extra["database"]) == ("2-s2.0-1", ("Scopus",))


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            "Title,Author Names,Source",
            'A,"Liu R., Adler D.G.",Some Journal (2014) 3:2 (152-160). Date of Publication: 2014',
            ("Some Journal", "3", "2", "152-160", 2014),
        ),
        (
            "PMID,Title,Authors,Citation,Journal/Book",
            '1,A,"Liu R",Ann X Dis. 2019 Mar;78(3):370-9. doi: 10.1000/x.,Ann X Dis',
            ("Ann X Dis", "78", "3", "370-9", 2019),
        ),
        (
            "Item Title,Publication Title,Journal Volume,Journal Issue,Publication Year",
            "A,Some Journal,3,2,2014",
            ("Some Journal", "3", "2", "", 2014),
        ),
        ("Title;Journal;Volume;Issue;Pages;Published Year", "A;J;385;1;92–103;2023", ("J", "385", "1", "92-103", 2023)),
        ("title\tjournal\tyear", "A\tJ\t1999", ("J", "", "", "", 1999)),
    ],
)
def test_what_databases_call_their_columns(header: str, row: str, expected: tuple[object, ...]) -> None:
    record = parse_one(f"{header}\n{row}\n", "csv")
    assert record.title == "A"
    assert (record.journal, record.volume, record.issue, record.pages, record.year) == expected


def test_lists_written_by_python_are_read() -> None:
    record = parse_one("title,authors,keywords\nA,\"['Marx, Karl', 'Lindgren, Astrid']\",\"['one', 'two']\"\n")
    assert [author.family for author in record.authors] == ["Marx", "Lindgren"]
    assert record.keywords == ("one", "two")


def test_rows_over_several_lines_keep_their_first_line() -> None:
    parsed = parse('title,abstract\n"One","first\nsecond, ""third"""\nTwo,x\n', "csv")
    assert [record.abstract for record in parsed.records] == ['first second, "third"', "x"]
    assert [record.origin.line for record in parsed.records if record.origin] == [2, 4]


def test_an_open_quote_does_not_swallow_the_table() -> None:
    parsed = parse('title,year\n"One,2001\nTwo,2002\nThree,2003\n', "csv")
    assert (parsed.read, parsed.records[1].title, parsed.records[2].year) == (3, "Two", 2003)
    assert codes(parsed) == ["RECORD-008"]


def test_rows_of_another_width_are_aligned() -> None:
    head = "Title,Year,DOI,Funding,ISSN,PubMed ID,EID\n"
    parsed = parse(
        head
        + "One,2001,10.1000/x.1,f,1234-5679,30000001,2-s2.0-1\nTwo,2002,10.1000/x.2,f,g,1234-5679,30000002,2-s2.0-2\n",
        "csv",
    )
    assert [(record.pmid, record.accession, record.issn) for record in parsed.records] == [
        ("30000001", "2-s2.0-1", ("1234-5679",)),
        ("30000002", "2-s2.0-2", ("1234-5679",)),
    ]
    assert "RECORD-008" in codes(parsed)


def test_unknown_columns_are_kept_and_told() -> None:
    parsed = parse("title,doi,label_included\nOne,,1\n", "csv")
    assert parsed.records[0].extra["csv:label_included"] == ("1",)
    assert codes(parsed) == ["RECORD-011"]
    assert "RECORD-011" not in codes(parse("title,doi,year\nOne,,2001\n", "csv"))


def test_lines_before_the_header_are_passed_over() -> None:
    assert parse("Scopus\nEXPORT DATE: 1 May 2020\nTitle,Authors,Year\nOne,Liu R.,2001\n").records[0].title == "One"


def test_cells_are_not_guessed() -> None:
    record = parse_one("title,pages,volume,issue\nA,1-2,0012,NA\n", "csv")
    assert (record.pages, record.volume, record.issue) == ("1-2", "0012", "")


def test_covidence_and_rayyan_keep_their_own_columns() -> None:
    record = parse_one(
        'Title,Authors,Published Year,Covidence #,Notes\nA,"Yin, C.; Zhao, W.",2023,#12,"RAYYAN-INCLUSION: {""X""=>""Included""}"\n',
        "csv",
    )
    assert record.extra["csv:Covidence #"] == ("#12",)
    assert record.extra["note"] == ('RAYYAN-INCLUSION: {"X"=>"Included"}',)


def test_header_is_found_or_not() -> None:
    assert find_header("title;doi\n") == (0, ";")
    assert find_header("colour,size\nred,3\n") is None

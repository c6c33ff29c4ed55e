from __future__ import annotations

import pytest

from review.formats.sources import parse_source_line
from tests.formats.samples import parse

TAGGED = """<7. >
VN  - Ovid Technologies
DB  - PsycINFO
AN  - Peer Reviewed Journal: 2015-33942-012.
TI  - A comparison. [References].
AU  - Kobori, Osamu [Author, Reprint Author; E-mail: a@b.org]
AU  - Ding, Wei 2,+
SO  - Behavioural Things. Vol.43(5), Sep 2015, pp. 623-634.
DO  - http://dx.doi.org/10.1000/X.1
PM  - 24892981
MH  - *One
MH  - Two
IN  - First place

      Second place

<8. >
VN  - Ovid Technologies
TI  - Another
SO  - A Journal June 2019;1(6):123-456
"""

LABELLED = """<1>
Accession Number
  00006236-201504000-00002.
Author
  Bunkers, Sandra Schmidt RN; PhD; FAAN 1
Title
  Listening.[Miscellaneous]
Source
  Nursing Things.   28(2):103-106, April 2015.
DOI Number
  10.1000/x.2
"""


def test_tagged() -> None:
    parsed = parse(TAGGED)
    assert (parsed.format, parsed.read) == ("ovid", 2)
    record, second = parsed.records
    assert [str(author) for author in record.authors] == ["Kobori, Osamu", "Ding, Wei"]
    assert (record.title, record.journal, record.volume, record.issue, record.pages) == (
        "A comparison.",
        "Behavioural Things",
        "43",
        "5",
        "623-634",
    )
    assert (record.published, record.doi, record.pmid, record.mesh) == (
        "2015-09",
        "10.1000/x.1",
        "24892981",
        ("*One", "Two"),
    )
    assert (second.journal, second.volume, second.pages, second.year) == ("A Journal", "1", "123-456", 2019)


def test_labelled() -> None:
    record = parse(LABELLED).records[0]
    assert (record.title, record.doi, record.year, record.pages) == ("Listening.", "10.1000/x.2", 2015, "103-106")
    assert [author.family for author in record.authors] == ["Bunkers"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Forest Things. 201(2-3):327-334, November 15, 2004.",
            ("Forest Things", "201", "2-3", "327-334", "November 15, 2004"),
        ),
        ("Annals of Things. 78(3):370-379, 2019 Mar.", ("Annals of Things", "78", "3", "370-379", "2019 Mar")),
        ("Autoimmune Things. 18 (3) (pp 262-269), 2019.", ("Autoimmune Things", "18", "3", "262-269", "2019")),
        ("Only A Journal.", ("Only A Journal", "", "", "", "")),
    ],
)
def test_source_lines(text: str, expected: tuple[str, ...]) -> None:
    assert tuple(parse_source_line(text)) == expected

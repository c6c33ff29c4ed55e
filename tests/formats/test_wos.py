from __future__ import annotations

from tests.formats.samples import codes
from tests.formats.samples import parse

CIW = """\ufeffFN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Stillman, AN
   Siegel, RB
AF Stillman, Andrew N. (a@b.org)
   Siegel, Rodney B.
CA Made-up Sclerosis Grp
TI Nest site selection after
   wildfire
SO CONDOR
JI Condor
DE one; two;
   three
DT Article; Proceedings Paper
BP 12
EP 20
VL 121
DI 10.1000/x.1
PM 30000001
PD AUG 1
PY 2019
CR SOMEONE A, 1997
   OTHER B, 1998
UT WOS:000471694800003
ER

PT J
TI Unindented continuation
goes on here
UT MEDLINE:16842170
ER
EF
"""


def test_plain_text() -> None:
    parsed = parse(CIW)
    assert (parsed.format, parsed.read, codes(parsed)) == ("wos", 2, [])
    record, second = parsed.records
    assert record.title == "Nest site selection after wildfire"
    assert [str(author) for author in record.authors] == [
        "Stillman, Andrew N.",
        "Siegel, Rodney B.",
        "Made-up Sclerosis Grp",
    ]
    assert (record.journal, record.journal_abbreviation, record.pages, record.published) == (
        "CONDOR",
        "Condor",
        "12-20",
        "2019-08-01",
    )
    assert (record.keywords, record.entry_type, record.accession) == (
        ("one", "two", "three"),
        "abstract",
        "WOS:000471694800003",
    )
    assert record.extra["wos:CR"] == ("SOMEONE A, 1997 OTHER B, 1998",)
    assert (second.title, second.pmid) == ("Unindented continuation goes on here", "16842170")


def test_an_entry_without_er_is_kept_and_told() -> None:
    parsed = parse("FN ISI Export Format\nPT J\nTI One\nPT J\nTI Two\n", "wos")
    assert [record.title for record in parsed.records] == ["One", "Two"]
    assert codes(parsed) == ["RECORD-004", "RECORD-004"]

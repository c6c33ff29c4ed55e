from __future__ import annotations

from tests.formats.samples import codes
from tests.formats.samples import parse

TEXT = """Record #1 of 2
ID: CN-01234567
AU: Brown J
AU: Doe A
TI: A trial
SO: Journal of Trials
YR: 2019
VL: 12
NO: 3
PG: 1-9
PM: PUBMED 30000001
PT: Journal article
KY: *Calcinosis; Adult
DOI: 10.1000/x.1
AB: Text
US: https://www.cochranelibrary.com/central/doi/10.1002/central/CN-01234567/full

Record #2 of 2
ID: CN-01234568
TI: Another
"""


def test_text_export() -> None:
    parsed = parse(TEXT)
    assert (parsed.format, parsed.read, codes(parsed)) == ("cochrane", 2, [])
    record = parsed.records[0]
    assert (record.id, record.pmid, record.accession, record.keywords) == (
        "pubmed:30000001",
        "30000001",
        "CN-01234567",
        ("*Calcinosis", "Adult"),
    )
    assert parsed.records[1].id == "central:CN-01234568"


def test_missing_entries_are_told() -> None:
    assert codes(parse(TEXT.replace("of 2", "of 5"))) == ["RECORD-012"]

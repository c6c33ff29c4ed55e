from __future__ import annotations

import json

from tests.formats.samples import parse

ITEMS = [
    {
        "id": "x/1",
        "type": "article-journal",
        "title": "One <i>E. coli</i>",
        "author": [
            {"family": "Berg", "given": "Ana", "non-dropping-particle": "van der"},
            {"literal": "Made-up Group"},
        ],
        "issued": {"date-parts": [[2019, 3, "11"]]},
        "container-title": ["Journal of Things"],
        "DOI": "10.1000/X.1",
        "ISSN": ["1234-5679"],
        "custom": {"a": [1, 2]},
    },
    {"id": 2, "type": "book", "title": "Two", "issued": {"raw": "c2001"}, "keyword": "a, b"},
]


def test_items() -> None:
    parsed = parse(json.dumps(ITEMS, indent=1))
    assert (parsed.format, parsed.read) == ("csl-json", 2)
    one, two = parsed.records
    assert (one.title, one.published, one.journal, one.doi, one.issn) == (
        "One E. coli",
        "2019-03-11",
        "Journal of Things",
        "10.1000/x.1",
        ("1234-5679",),
    )
    assert [str(author) for author in one.authors] == ["van der Berg, Ana", "Made-up Group"]
    assert one.extra["csl:custom"] == ('{"a": [1, 2]}',)
    assert (two.entry_type, two.year, two.keywords) == ("book", 2001, ("a", "b"))


def test_a_broken_object_is_refused_with_its_line() -> None:
    parsed = parse(
        '[{"type": "book", "title": "One"},\n{"type": book, "title": "Two"},\n{"type": "book", "title": "Three"}]',
        "csl-json",
    )
    assert [record.title for record in parsed.records] == ["One", "Three"]
    assert parsed.refused[0].line == 2


def test_an_array_inside_an_object_and_a_file_cut_off() -> None:
    assert parse(json.dumps({"items": ITEMS}), "csl-json").kept == 2
    parsed = parse(json.dumps(ITEMS)[:-30], "csl-json")
    assert (parsed.read, parsed.kept) == (2, 1)

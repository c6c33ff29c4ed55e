from __future__ import annotations

import json

import pytest

from review.formats import parse_bytes
from review.formats.crossref_json import read_date
from review.model import AbstractSection
from review.model import Author

WORK = {
    "DOI": "10.5555/MADE.Up",
    "URL": "https://doi.org/10.5555/made.up",
    "title": ["Rituximab for calcinosis"],
    "subtitle": ["a made-up trial"],
    "author": [
        {
            "given": "Jane",
            "family": "Doe",
            "suffix": "Jr",
            "ORCID": "https://orcid.org/0000-0001-2345-6789",
            "affiliation": [{"name": "A clinic"}],
        },
        {"name": "The Made-up Study Group"},
        {"family": "Stravopodis"},
    ],
    "issued": {"date-parts": [[2019, 1]]},
    "published-print": {"date-parts": [[2019, 6, 1]]},
    "published-online": {"date-parts": [[2019, 1, 11]]},
    "container-title": ["Seminars in made-up rheumatology"],
    "short-container-title": ["Semin Made Rheum"],
    "volume": "48",
    "issue": "6",
    "page": "1059-1066",
    "ISSN": ["0049-0172"],
    "type": "journal-article",
    "language": "en",
    "abstract": "<jats:title>Abstract</jats:title><jats:sec><jats:title>Objectives</jats:title><jats:p>To see.</jats:p></jats:sec>"
    "<jats:sec><jats:title>Results</jats:title><jats:p>8 of <jats:italic>n</jats:italic> = 19.</jats:p></jats:sec>",
    "publisher": "A house",
}


def read(*works):
    body = json.dumps({"status": "ok", "message": {"total-results": len(works), "items": list(works)}}).encode()
    return parse_bytes(body, path="p", format="crossref-json", source="crossref")


def test_every_field_of_a_work():
    (record,) = read(WORK).records
    assert (record.id, record.title) == ("doi:10.5555/made.up", "Rituximab for calcinosis: a made-up trial")
    assert record.authors == (
        Author("Doe", "Jane, Jr", affiliations=("A clinic",), orcid="0000-0001-2345-6789"),
        Author("The Made-up Study Group", is_collective=True),
        Author("Stravopodis"),
    )
    assert (record.year, record.published, record.epub_date) == (2019, "2019-06-01", "2019-01-11")
    assert record.abstract_sections == (
        AbstractSection("Objectives", "To see."),
        AbstractSection("Results", "8 of n = 19."),
    )
    assert (record.journal_abbreviation, record.pages) == ("Semin Made Rheum", "1059-1066")
    assert not record.is_retracted


def test_a_plain_abstract_with_its_heading():
    (record,) = read(
        {**WORK, "abstract": "<jats:title>Abstract</jats:title><jats:p>All &amp;lt;well&amp;gt;.</jats:p>"}
    ).records
    assert (record.abstract, record.abstract_sections) == ("All <well>.", ())


@pytest.mark.parametrize(
    ("statement", "relation"),
    [
        (
            {"updated-by": [{"DOI": "10.5555/N", "type": "retraction", "label": "Retraction"}]},
            ("retraction-in", "10.5555/n"),
        ),
        ({"updated-by": [{"DOI": "10.5555/N", "type": "withdrawal"}]}, ("retraction-in", "10.5555/n")),
        (
            {"updated-by": [{"DOI": "10.5555/N", "type": "expression_of_concern"}]},
            ("expression-of-concern-in", "10.5555/n"),
        ),
        ({"updated-by": [{"DOI": "10.5555/N", "type": "correction"}]}, ("erratum-in", "10.5555/n")),
        ({"updated-by": [{"DOI": "10.5555/N", "type": "something new"}]}, ("something-new-in", "10.5555/n")),
        ({"update-to": [{"DOI": "10.5555/A", "type": "retraction"}]}, ("retraction-of", "10.5555/a")),
        ({"relation": {"is-preprint-of": [{"id-type": "doi", "id": "10.5555/A"}]}}, ("preprint-of", "10.5555/a")),
        ({"relation": {"has-preprint": {"id-type": "doi", "id": "10.5555/A"}}}, ("has-preprint", "10.5555/a")),
    ],
)
def test_what_other_documents_are_to_a_work(statement, relation):
    (record,) = read({**WORK, **statement}).records
    assert record.relations[0][0::2][:2] == relation
    assert record.is_retracted is (relation[0] == "retraction-in")


def test_relations_that_name_nothing():
    (record,) = read(
        {**WORK, "relation": {"is-preprint-of": [{"id-type": "uri", "id": "x"}], "odd": [{}]}, "update-to": [{}]}
    ).records
    assert record.relations == ()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("RETRACTED: Rituximab", True),
        ("RETRACTED ARTICLE: Rituximab", True),
        ("WITHDRAWN: Rituximab", True),
        ("Retraction: Rituximab", False),
        ("Retracted: what follows", False),
        ("RETRACTED studies in rheumatology", False),
    ],
)
def test_titles_that_say_so(title, expected):
    (record,) = read({**WORK, "title": [title]}).records
    assert record.is_retracted is expected


@pytest.mark.parametrize(
    ("kind", "subtype", "expected"),
    [
        ("posted-content", "preprint", "preprint"),
        ("posted-content", "other", "other"),
        ("book-chapter", "", "chapter"),
        ("dissertation", "", "thesis"),
        ("new-kind", "", "other"),
    ],
)
def test_kinds(kind, subtype, expected):
    (record,) = read({**WORK, "type": kind, "subtype": subtype}).records
    assert record.entry_type == expected


def test_a_preprint_is_dated_by_its_posting():
    work = {
        **WORK,
        "issued": None,
        "published-print": None,
        "published-online": None,
        "posted": {"date-parts": [[2024, 4, 1]]},
    }
    (record,) = read(work).records
    assert (record.year, record.epub_date) == (2024, "2024-04-01")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"date-parts": [[2019, 3, 1]]}, "2019-03-01"),
        ({"date-parts": [[2019]]}, "2019"),
        ({"date-parts": [[None]]}, ""),
        ({"date-parts": [["2019"]]}, ""),
        ({"date-parts": [[0, 1]]}, ""),
        ({"date-parts": []}, ""),
        ("2019", ""),
        (None, ""),
    ],
)
def test_dates(value, expected):
    assert read_date(value) == expected


def test_a_work_without_doi_is_refused():
    parsed = read({"title": ["x"]}, WORK)
    assert (parsed.read, parsed.kept) == (2, 1)

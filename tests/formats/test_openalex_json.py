from __future__ import annotations

import json

import pytest

from review.formats import parse_bytes
from review.formats.openalex_json import invert_index
from review.formats.openalex_json import short_id
from review.model import Author

WORK = {
    "id": "https://openalex.org/W2741809807",
    "doi": "https://doi.org/10.5555/MADE.Up",
    "title": "Rituximab for calcinosis",
    "publication_year": 2019,
    "publication_date": "2019-01-11",
    "ids": {
        "openalex": "https://openalex.org/W2741809807",
        "pmid": "https://pubmed.ncbi.nlm.nih.gov/30639647",
        "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/6397123",
    },
    "language": "en",
    "type": "article",
    "primary_location": {
        "source": {
            "display_name": "A journal",
            "issn_l": "0049-0172",
            "issn": ["0049-0172", "1532-866X"],
            "host_organization_name": "A house",
        }
    },
    "authorships": [
        {
            "author": {"display_name": "J. Doe", "orcid": "https://orcid.org/0000-0001-2345-6789"},
            "raw_author_name": "Jane Doe",
            "raw_affiliation_strings": ["A clinic."],
        },
        {"author": {"display_name": "Kim Roe"}, "institutions": [{"display_name": "B"}]},
    ],
    "biblio": {"volume": "48", "issue": "6", "first_page": "1059", "last_page": "1066"},
    "is_retracted": False,
    "mesh": [
        {"descriptor_name": "Calcinosis", "qualifier_name": "drug therapy", "is_major_topic": True},
        {"descriptor_name": "Humans", "qualifier_name": "", "is_major_topic": False},
    ],
    "keywords": [{"display_name": "Scleroderma"}],
    "abstract_inverted_index": {"It": [0, 2], "was": [1], "so.": [3]},
    "cited_by_count": 7,
}


def read(*works, source="openalex"):
    return parse_bytes(
        json.dumps({"meta": {}, "results": list(works)}).encode(), path="p", format="openalex-json", source=source
    )


def test_every_field_of_a_work():
    (record,) = read(WORK).records
    assert (record.id, record.doi, record.pmcid) == ("pubmed:30639647", "10.5555/made.up", "PMC6397123")
    assert record.abstract == "It was It so."
    assert record.authors == (
        Author("Doe", "Jane", affiliations=("A clinic.",), orcid="0000-0001-2345-6789"),
        Author("Roe", "Kim", affiliations=("B",)),
    )
    assert (record.journal, record.volume, record.issue, record.pages) == ("A journal", "48", "6", "1059-1066")
    assert (record.year, record.published) == (2019, "2019-01-11")
    assert record.issn == ("0049-0172", "1532-866X")
    assert record.mesh == ("Calcinosis/*drug therapy", "Humans")
    assert not record.is_retracted


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"is_retracted": True}, True),
        ({"is_retracted": True, "title": "Retraction: Rituximab for calcinosis"}, False),
        ({"is_retracted": True, "type": "retraction"}, False),
        ({"is_retracted": True, "type": "erratum"}, False),
        ({"is_retracted": None}, False),
        ({"is_retracted": "true"}, False),
    ],
)
def test_a_notice_of_a_retraction_is_not_retracted(changes, expected):
    (record,) = read({**WORK, **changes}).records
    assert record.is_retracted is expected


def test_the_first_of_january_is_a_year_alone():
    (record,) = read({**WORK, "publication_date": "2019-01-01"}).records
    assert record.published == "2019"


def test_a_work_with_its_own_number_alone():
    for source in ("openalex", "openalex-citations"):
        (record,) = read({"id": "https://openalex.org/w12", "title": "x"}, source=source).records
        assert (record.id, record.source) == ("openalex:W12", source)


def test_works_without_id_and_nonsense():
    parsed = read(
        {"title": "x"},
        {"id": "https://openalex.org/W1", "authorships": "no", "ids": 3, "mesh": [1], "biblio": None, "title": None},
    )
    assert (parsed.read, parsed.kept) == (2, 1)


@pytest.mark.parametrize(
    ("index", "text"),
    [
        (None, ""),
        ({}, ""),
        ({"b": [1], "a": [0], "c": [5]}, "a b c"),
        ({"a": "no", "b": [None, True, 2]}, "b"),
        ({"a": list(range(300_000))}, ""),
    ],
)
def test_inverted_abstracts(index, text):
    assert invert_index(index) == text


def test_numbers():
    assert short_id("https://openalex.org/W12") == "W12"
    assert short_id("https://openalex.org/A12") == ""

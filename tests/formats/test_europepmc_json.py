from __future__ import annotations

import json

import pytest

from review.errors import FormatError
from review.errors import LimitError
from review.formats import json_page
from review.formats import parse_bytes
from review.model import AbstractSection
from review.model import Author
from review.model import Relation

RESULT = {
    "id": "30639647",
    "source": "MED",
    "pmid": "30639647",
    "pmcid": "PMC6397123",
    "doi": "10.5555/MADE.Up",
    "title": "Rituximab for <i>calcinosis</i>: CO<sub>2</sub> &amp; more.",
    "authorString": "Doe J, Roe KL.",
    "authorList": {
        "author": [
            {
                "fullName": "Doe J",
                "firstName": "Jane",
                "lastName": "Doe",
                "initials": "J",
                "authorId": {"type": "ORCID", "value": "0000-0001-2345-6789"},
                "authorAffiliationDetailsList": {
                    "authorAffiliation": [{"affiliation": "A clinic."}, {"affiliation": "B."}]
                },
            },
            {"collectiveName": "The Made-up Study Group"},
            {"fullName": "Roe KL", "lastName": "Roe", "initials": "KL"},
        ]
    },
    "journalInfo": {
        "volume": "48",
        "issue": "6",
        "yearOfPublication": 2019,
        "printPublicationDate": "2019-06-01",
        "journal": {
            "title": "Seminars in made-up rheumatology",
            "medlineAbbreviation": "Semin Made Rheum",
            "issn": "0049-0172",
            "essn": "1532-866X",
        },
    },
    "pubYear": "2019",
    "pageInfo": "1059-1066",
    "abstractText": "<h4>Background</h4>It is <i>rare</i>. <h4>Results: </h4>p<0.05 in 8 patients.",
    "language": "eng",
    "pubTypeList": {"pubType": ["Case Reports", "Journal Article"]},
    "meshHeadingList": {
        "meshHeading": [
            {"majorTopic_YN": "Y", "descriptorName": "Calcinosis"},
            {
                "majorTopic_YN": "N",
                "descriptorName": "Rituximab",
                "meshQualifierList": {"meshQualifier": [{"qualifierName": "therapeutic use", "majorTopic_YN": "Y"}]},
            },
        ]
    },
    "keywordList": {"keyword": ["calcinosis", "scleroderma"]},
    "commentCorrectionList": {
        "commentCorrection": [
            {"id": "31000001", "source": "MED", "reference": "Made J 2020", "type": "Retraction in"},
            {"id": "PPR77", "source": "PPR", "reference": "medRxiv", "type": "Preprint in"},
        ]
    },
    "firstPublicationDate": "2018-12-20",
    "electronicPublicationDate": "2018-12-20",
}


def read(*results, format="europepmc-json", wrap="resultList", entry="result"):  # noqa: A002
    body = json.dumps({"version": "6.9", "hitCount": len(results), wrap: {entry: list(results)}}).encode()
    return parse_bytes(body, path="page", format=format, source="europepmc", run="r1")


def test_every_field_of_a_record():
    (record,) = read(RESULT).records
    assert (record.id, record.doi, record.pmcid) == ("pubmed:30639647", "10.5555/made.up", "PMC6397123")
    assert record.title == "Rituximab for calcinosis: CO2 & more."
    assert record.authors == (
        Author("Doe", "Jane", affiliations=("A clinic.", "B."), orcid="0000-0001-2345-6789"),
        Author("The Made-up Study Group", is_collective=True),
        Author("Roe", "KL"),
    )
    assert (record.year, record.published, record.epub_date) == (2019, "2019-06-01", "2018-12-20")
    assert (record.journal, record.volume, record.issue, record.pages) == (
        "Seminars in made-up rheumatology", "48", "6", "1059-1066",
    )  # fmt: skip
    assert record.issn == ("0049-0172", "1532-866X")
    assert record.abstract_sections == (
        AbstractSection("Background", "It is rare."),
        AbstractSection("Results", "p<0.05 in 8 patients."),
    )
    assert record.abstract == "Background: It is rare. Results: p<0.05 in 8 patients."
    assert record.mesh == ("*Calcinosis", "Rituximab/*therapeutic use")
    assert record.relations == (
        Relation("retraction-in", pmid="31000001", text="Made J 2020"),
        Relation("has-preprint", text="medRxiv PPR77"),
    )
    assert record.is_retracted
    assert record.publication_types == ("Case Reports", "Journal Article")
    assert (record.source, record.run, str(record.origin)) == ("europepmc", "r1", "page:1")


def test_a_preprint_and_what_it_became():
    published = {"id": "38605817", "source": "MED", "type": "Preprint of", "reference": "Made J. 2023; 12:1007"}
    (record,) = read(
        {
            "id": "PPR707121",
            "source": "PPR",
            "doi": "10.5555/preprint",
            "title": "A preprint",
            "pubYear": "2023",
            "bookOrReportDetails": {"publisher": "medRxiv", "yearOfPublication": 2023},
            "pubTypeList": {"pubType": ["preprint"]},
            "commentCorrectionList": {"commentCorrection": [published]},
        }
    ).records
    assert (record.id, record.entry_type) == ("doi:10.5555/preprint", "preprint")
    assert record.relations[0][:2] == ("preprint-of", "38605817")
    assert record.extra["publisher"] == ("medRxiv",)


@pytest.mark.parametrize(
    ("source", "number", "expected"),
    [
        ("PPR", "PPR1", "europepmc:PPR1"),
        ("CBA", "123456", "europepmc:CBA123456"),
        ("PAT", "EP1234567", "europepmc:EP1234567"),
        ("PMC", "PMC3150146", "europepmc:PMC3150146"),
        ("MED", "30639647", "pubmed:30639647"),
    ],
)
def test_ids_of_other_sources_do_not_depend_on_the_run(source, number, expected):
    body = json.dumps({"resultList": {"result": [{"id": number, "source": source, "title": "x"}]}}).encode()
    for name in ("europepmc", "europepmc-citations"):
        (record,) = parse_bytes(body, path="p", format="europepmc-json", source=name).records
        assert (record.id, record.source) == (expected, name)


def test_names_from_the_string_where_there_is_no_list():
    (record,) = read({"id": "1", "source": "MED", "title": "x", "authorString": "Doe J, van Roe KL."}).records
    assert [str(author) for author in record.authors] == ["Doe, J", "van Roe, KL"]


def test_a_result_without_id_is_refused():
    parsed = read({"title": "x"}, "nonsense", RESULT)
    assert (parsed.read, parsed.kept) == (2, 1)
    assert parsed.refused[0].reason == "the result has no id"


def test_references_without_a_record_alone():
    parsed = read(
        {"id": "1", "source": "MED", "title": "Has a record"},
        {
            "title": "A chapter",
            "authorString": "Old A.",
            "pubYear": 1971,
            "publicationTitle": "A book",
            "pageInfo": "1-9",
        },
        {"doi": "10.5555/Loose"},
        {"unstructuredInformation": "Somebody, 1969"},
        format="europepmc-references",
        wrap="referenceList",
        entry="reference",
    )
    assert [record.title for record in parsed.records] == ["A chapter", ""]
    assert (parsed.records[0].year, parsed.records[0].journal) == (1971, "A book")
    assert parsed.records[1].id == "doi:10.5555/loose"


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b'{"a":' * 100_000])
@pytest.mark.parametrize(
    "name", ["europepmc-json", "europepmc-references", "openalex-json", "crossref-json", "ctgov-json"]
)
def test_a_page_that_is_none(body, name):
    with pytest.raises(FormatError):
        parse_bytes(body, path="page", format=name)


def test_a_page_larger_than_any_real_one(monkeypatch):
    monkeypatch.setattr(json_page, "MAX_PAGE", 100)
    with pytest.raises(LimitError):
        read(RESULT)

from __future__ import annotations

import json

from review.formats import parse_bytes
from review.model import Author
from review.model import Relation
from tests.services.ctgov import ClinicalTrials

STUDY = ClinicalTrials(1).write(7)


def read(*studies):
    return parse_bytes(
        json.dumps({"studies": list(studies)}).encode(), path="p", format="ctgov-json", source="clinicaltrials-gov"
    )


def test_every_field_of_a_study():
    (record,) = read(STUDY).records
    assert (record.id, record.entry_type) == ("clinicaltrials-gov:NCT00000007", "register")
    assert record.title == "A Made-up Trial of Rituximab in Calcinosis, Number 7"
    assert record.extra["short-title"] == ("Rituximab in Calcinosis 7",)
    assert record.registrations == ("NCT00000007", "2019-001234-56")
    assert record.authors == (
        Author("Doe", "Jane", affiliations=("A made-up clinic",)),
        Author("A Made-up Hospital", is_collective=True),
    )
    assert (record.year, record.published, record.status) == (2019, "2019-01-11", "COMPLETED")
    assert record.abstract == "Whether rituximab reduces calcinosis."
    assert record.keywords == ("Calcinosis", "rituximab")
    assert record.mesh == ("Calcinosis",)
    assert record.publication_types == ("Interventional", "Phase 2", "Phase 3")
    assert record.relations == (Relation("derived-in", pmid="30000001", text="Doe J. Made J. 2021."),)
    assert record.extra["ctgov:has-results"] == ("no",)
    assert record.url == "https://clinicaltrials.gov/study/NCT00000007"


def test_a_study_with_its_number_alone_and_one_without():
    bare = {
        "protocolSection": {"identificationModule": {"nctId": "nct00000008", "briefTitle": "Brief"}},
        "hasResults": True,
    }
    parsed = read(bare, {"protocolSection": {}}, {"protocolSection": [1]})
    assert [record.id for record in parsed.records] == ["clinicaltrials-gov:NCT00000008"]
    assert (parsed.records[0].title, parsed.records[0].year) == ("Brief", None)
    assert len(parsed.refused) == 2

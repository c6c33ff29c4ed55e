"""ClinicalTrials.gov: studies by page token; the count on the first page alone, and only when asked for."""

from __future__ import annotations

from tests.services.server import reply
from tests.services.server import text


class ClinicalTrials:
    """Finds studies NCT00000001 to NCT of `count` for any query but `nothing`."""

    def __init__(self, count):
        self.count = count

    def answer(self, call):
        if call.path != "studies":
            return text("Not found", 404)
        if call.params.get("query.term", "").count("(") != call.params.get("query.term", "").count(")"):
            return text("Error parsing query in `query.term`: no viable alternative at input '('", 400)
        numbers = [] if "nothing" in str(call.params) else range(1, self.count + 1)
        token, size = call.params.get("pageToken"), int(call.params.get("pageSize", 10))
        if token and not token.startswith("NF0g"):
            return text("Invalid page token", 400)
        start = int(token.removeprefix("NF0g")) if token else 0
        page = numbers[start : start + size]
        answer = {"studies": [self.write(number) for number in page]}
        if call.params.get("countTotal") == "true" and not token:
            answer["totalCount"] = len(numbers)
        if start + size < len(numbers):
            answer["nextPageToken"] = f"NF0g{start + size}"
        return reply(answer)

    def write(self, number):
        return {
            "protocolSection": {
                "identificationModule": {
                    "nctId": f"NCT{number:08d}",
                    "orgStudyIdInfo": {"id": "MADE-1"},
                    "secondaryIdInfos": [{"id": "2019-001234-56", "type": "EUDRACT_NUMBER"}],
                    "briefTitle": f"Rituximab in Calcinosis {number}",
                    "officialTitle": f"A Made-up Trial of Rituximab in Calcinosis, Number {number}",
                },
                "statusModule": {
                    "overallStatus": "COMPLETED",
                    "startDateStruct": {"date": "2019-03"},
                    "studyFirstPostDateStruct": {"date": "2019-01-11", "type": "ACTUAL"},
                    "lastUpdatePostDateStruct": {"date": "2021-02-03", "type": "ACTUAL"},
                },
                "sponsorCollaboratorsModule": {"leadSponsor": {"name": "A Made-up Hospital", "class": "OTHER"}},
                "descriptionModule": {"briefSummary": "Whether rituximab reduces calcinosis."},
                "conditionsModule": {"conditions": ["Calcinosis"], "keywords": ["rituximab"]},
                "designModule": {
                    "studyType": "INTERVENTIONAL",
                    "phases": ["PHASE2", "PHASE3"],
                    "enrollmentInfo": {"count": 40},
                },
                "armsInterventionsModule": {"interventions": [{"type": "DRUG", "name": "Rituximab"}]},
                "outcomesModule": {"primaryOutcomes": [{"measure": "Response at 12 months"}]},
                "contactsLocationsModule": {
                    "overallOfficials": [
                        {
                            "name": "Jane Doe, MD, PhD",
                            "affiliation": "A made-up clinic",
                            "role": "PRINCIPAL_INVESTIGATOR",
                        }
                    ]
                },
                "referencesModule": {
                    "references": [{"pmid": "30000001", "type": "DERIVED", "citation": "Doe J. Made J. 2021."}]
                },
            },
            "derivedSection": {"conditionBrowseModule": {"meshes": [{"id": "D002114", "term": "Calcinosis"}]}},
            "hasResults": False,
        }

"""Europe PMC: search by cursor (GET and POST), citations and references of a record."""

from __future__ import annotations

import re

from tests.services.server import reply
from tests.services.server import text

VERSION = "6.9"


class EuropePmc:
    """Finds every work for any query but those that name records (`EXT_ID:`, `DOI:`), and nothing for `nothing`.

    `hit_count` replaces the count. `unknown` is how it answers for the links of a record that it does not have, `unsearchable` are
    works that searches do not find. `forgets` are cursors that it answers as unknown, once each. `loose` are references without a
    record, by the citing record's id.
    """

    def __init__(self, works):
        self.works = list(works)
        self.hit_count = None
        self.forgets = set()
        self.hidden = set()
        self.doubles = False
        self.loose = {}
        self.unknown = "none"
        self.unsearchable = set()

    def answer(self, call):
        if call.path in {"search", "searchPOST"}:
            return self._search(call)
        match = re.fullmatch(r"(\w+)/(\w+)/(citations|references)", call.path)
        if match:
            return self._link(call, *match.groups())
        return text("Not found", 404)

    def key(self, work):
        return ("PPR", f"PPR{work.number}") if work.kind == "preprint" else ("MED", work.pmid)

    def find(self, query):
        wanted = set(re.findall(r"EXT_ID:\"?(\w+)", query))
        dois = set(re.findall(r"DOI:\"([^\"]+)\"", query))
        if wanted or dois:
            chosen = [work for work in self.works if self.key(work)[1] in wanted or work.doi in dois]
            return [work for work in chosen if work.number not in self.unsearchable]
        return [] if "nothing" in query else self.works

    def _search(self, call):
        query = call.params.get("query", "")
        if "unparsable" in query:
            return reply({"version": VERSION, "errCode": 404, "errMsg": "Invalid request: the query cannot be read"})
        if "broken" in query:
            return reply({"version": VERSION, "errCode": 500, "errMsg": "Search backend failed"})
        found = self.find(query)
        size = int(call.params.get("pageSize", 25))
        cursor = call.params.get("cursorMark", "*")
        if cursor in self.forgets:
            self.forgets.discard(cursor)
            return reply({"version": VERSION})
        start = 0 if cursor == "*" else int(cursor.removeprefix("AoI"))
        page = found[start : start + size]
        following = f"AoI{start + len(page)}" if page else cursor
        if self.doubles and start:
            page = [found[start - 1], *page]
        hidden = [work for work in page if work.number not in self.hidden]
        return reply(
            {
                "version": VERSION,
                "hitCount": len(found) if self.hit_count is None else self.hit_count,
                **({"nextCursorMark": following} if found else {}),
                "request": {"queryString": query, "resultType": call.params.get("resultType"), "cursorMark": cursor},
                "resultList": {"result": [self.write(work) for work in hidden]},
            }
        )

    def write(self, work):
        source, number = self.key(work)
        result = {
            "id": number,
            "source": source,
            "doi": work.doi,
            "title": f"{work.title}.",
            "authorString": "Doe J, Roe K.",
            "authorList": {
                "author": [
                    {
                        "fullName": "Doe J",
                        "firstName": "Jane",
                        "lastName": "Doe",
                        "initials": "J",
                        "authorId": {"type": "ORCID", "value": "0000-0001-2345-6789"},
                        "authorAffiliationDetailsList": {"authorAffiliation": [{"affiliation": "A made-up clinic."}]},
                    },
                    {"collectiveName": "The Made-up Study Group"},
                ]
            },
            "pubYear": str(work.year),
            "abstractText": f"<h4>Background</h4>{work.abstract} <h4>Results</h4>All <i>well</i>.",
            "language": "eng",
            "pubTypeList": {"pubType": ["preprint" if source == "PPR" else "Journal Article"]},
            "isOpenAccess": "N",
            "citedByCount": 3,
            "firstPublicationDate": f"{work.year}-05-17",
        }
        if source == "MED":
            result |= {
                "pmid": work.pmid,
                "journalInfo": {
                    "volume": "12",
                    "issue": "3",
                    "yearOfPublication": work.year,
                    "printPublicationDate": f"{work.year}-06-01",
                    "journal": {"title": "Made-up journal", "medlineAbbreviation": "Made J", "issn": "0049-0172"},
                },
                "pageInfo": "370-379",
                "meshHeadingList": {
                    "meshHeading": [
                        {
                            "majorTopic_YN": "N",
                            "descriptorName": "Calcinosis",
                            "meshQualifierList": {
                                "meshQualifier": [{"qualifierName": "drug therapy", "majorTopic_YN": "Y"}]
                            },
                        }
                    ]
                },
            }
        return result

    def _link(self, call, source, number, kind):
        work = next((item for item in self.works if self.key(item) == (source, number)), None)
        if work is None:
            missing = {"version": VERSION, "errCode": 404, "errMsg": "Not found"}
            return {
                "none": reply({"version": VERSION, "hitCount": 0}),
                "404": reply(missing, 404),
                "200": reply(missing),
            }[self.unknown]
        if kind == "citations":
            linked = [self._brief(item) for item in self.works if work.number in item.cites]
        else:
            linked = [{**self._brief(item), "match": "Y"} for item in self.works if item.number in work.cites]
            linked += self.loose.get(number, [])
        size, page = int(call.params.get("pageSize", 25)), int(call.params.get("page", 1))
        shown = linked[(page - 1) * size : page * size]
        names = {"citations": ("citationList", "citation"), "references": ("referenceList", "reference")}[kind]
        return reply({"version": VERSION, "hitCount": len(linked), names[0]: {names[1]: shown}})

    def _brief(self, work):
        source, number = self.key(work)
        return {"id": number, "source": source, "title": work.title, "authorString": "Doe J.", "pubYear": work.year}

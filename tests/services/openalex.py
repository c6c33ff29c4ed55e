"""OpenAlex: works by search or filter, by cursor; the day's money; keys."""

from __future__ import annotations

from tests.services.server import reply


class OpenAlex:
    """Finds every work for any search but `nothing`; filters `doi`, `pmid`, `openalex` and `cites` choose.

    `money` is the number of calls that are still paid for, None without end. `keys` are the keys that it takes, None for any.
    """

    def __init__(self, works):
        self.works = list(works)
        self.money = None
        self.keys = None

    def answer(self, call):
        key = call.params.get("api_key")
        if key is not None and self.keys is not None and key not in self.keys:
            return reply({"error": "Unauthorized", "message": f"The API key {key} is not valid"}, 401)
        if self.money is not None:
            if self.money == 0:
                message = "Insufficient budget. This request costs $0.001 but you only have $0 remaining."
                return reply(
                    {"error": "Rate limit exceeded", "message": message},
                    429,
                    X_RateLimit_Remaining_USD=0,
                    Retry_After=31000,
                )
            self.money -= 1
        if call.path != "works":
            return reply({"error": "Not found"}, 404)
        if "author_name" in call.params.get("filter", ""):
            return reply(
                {"error": "Invalid query parameters error.", "message": "author_name is not a valid field"}, 403
            )
        found = self.find(call.params)
        size, cursor = int(call.params.get("per_page", 25)), call.params.get("cursor")
        if size > 100:
            return reply(
                {"error": "Invalid query parameters error.", "message": "per-page parameter must be 1 to 100"}, 400
            )
        start = 0 if cursor in {None, "*"} else int(cursor.removeprefix("Ils"))
        page = found[start : start + size]
        following = f"Ils{start + len(page)}" if page else None
        meta = {
            "count": len(found),
            "db_response_time_ms": 30,
            "page": None,
            "per_page": size,
            "next_cursor": following,
        }
        return reply({"meta": meta, "results": [self.write(work) for work in page], "group_by": []})

    def find(self, params):
        found = [] if "nothing" in params.get("search", "") else self.works
        for part in params.get("filter", "").split(","):
            name, _, values = part.partition(":")
            wanted = set(values.split("|"))
            tests = {
                "doi": lambda work, wanted=wanted: work.doi in wanted,
                "pmid": lambda work, wanted=wanted: work.pmid in wanted,
                "openalex": lambda work, wanted=wanted: f"W{work.number:07d}" in wanted,
                "cites": lambda work, wanted=wanted: any(f"W{number:07d}" in wanted for number in work.cites),
            }
            if name in tests:
                found = [work for work in found if tests[name](work)]
        return found

    def write(self, work):
        ids = {"openalex": f"https://openalex.org/W{work.number:07d}", "doi": f"https://doi.org/{work.doi}"}
        if work.pmid:
            ids["pmid"] = f"https://pubmed.ncbi.nlm.nih.gov/{work.pmid}"
        index = {}
        for place, word in enumerate(work.abstract.split()):
            index.setdefault(word, []).append(place)
        return {
            "id": ids["openalex"],
            "doi": ids["doi"],
            "title": work.title,
            "display_name": work.title,
            "publication_year": work.year,
            "publication_date": f"{work.year}-05-17",
            "ids": ids,
            "language": "en",
            "type": work.kind if work.kind == "preprint" else "article",
            "primary_location": {
                "source": {
                    "display_name": "Made-up journal",
                    "issn_l": "0049-0172",
                    "issn": ["0049-0172"],
                    "type": "journal",
                }
            },
            "open_access": {"is_oa": False, "oa_status": "closed", "oa_url": None},
            "authorships": [
                {
                    "author": {"display_name": "Jane Doe", "orcid": "https://orcid.org/0000-0001-2345-6789"},
                    "raw_author_name": "Jane Doe",
                    "raw_affiliation_strings": ["A made-up clinic."],
                }
            ],
            "biblio": {"volume": "12", "issue": "3", "first_page": "370", "last_page": "379"},
            "is_retracted": work.is_retracted,
            "mesh": [
                {"descriptor_name": "Calcinosis", "qualifier_name": "drug therapy", "is_major_topic": True},
                {"descriptor_name": "Humans", "qualifier_name": None, "is_major_topic": False},
            ],
            "abstract_inverted_index": index,
            "cited_by_count": 3,
            "referenced_works": [f"https://openalex.org/W{number:07d}" for number in work.cites],
        }

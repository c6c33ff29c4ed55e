"""Crossref: works by cursor; the cursor stays the same from page to page and the list ends with an empty page."""

from __future__ import annotations

from tests.services.server import reply
from tests.services.server import text


class Crossref:
    """Finds every work for any text but `nothing`; `total` replaces the count, `forgets` is how many cursors it has forgotten."""

    def __init__(self, works):
        self.works = list(works)
        self.total = None
        self.forgets = 0
        self._place = 0

    def answer(self, call):
        if call.path != "works":
            return text("Resource not found.", 404)
        if "bad" in call.params.get("filter", ""):
            message = [
                {
                    "type": "filter-not-available",
                    "value": "bad",
                    "message": "Filter bad specified but there is no such filter",
                }
            ]
            return reply({"status": "failed", "message-type": "validation-failure", "message": message}, 400)
        found = [] if "nothing" in str(call.params) else self.works
        rows, cursor = int(call.params.get("rows", 20)), call.params.get("cursor")
        if cursor not in {None, "*"} and self.forgets:
            self.forgets -= 1
            message = [{"type": "cursor-not-valid", "value": cursor, "message": "Cursor specified is not valid"}]
            return reply({"status": "failed", "message-type": "validation-failure", "message": message}, 400)
        if cursor in {None, "*"}:
            self._place = 0
        page = found[self._place : self._place + rows]
        self._place += len(page)
        total = len(found) if self.total is None else self.total
        message = {
            "facets": {},
            "total-results": total,
            "items": [self.write(work) for work in page],
            "items-per-page": rows,
        }
        if cursor:
            message["next-cursor"] = "DnF1ZXJ5VGhlbkZldGNo=="
        return reply(
            {"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message},
            x_api_pool="polite",
            x_rate_limit_limit=3,
            x_rate_limit_interval="1s",
        )

    def write(self, work):
        item = {
            "DOI": work.doi.upper(),
            "title": [work.title],
            "author": [
                {"given": "Jane", "family": "Doe", "ORCID": "https://orcid.org/0000-0001-2345-6789", "affiliation": []}
            ],
            "issued": {"date-parts": [[work.year, 5]]},
            "container-title": ["Made-up journal"],
            "type": "journal-article",
            "abstract": f"<jats:title>Abstract</jats:title><jats:p>{work.abstract}</jats:p>",
            "is-referenced-by-count": 3,
            "relation": {},
        }
        if work.kind == "preprint":
            item |= {"type": "posted-content", "subtype": "preprint", "container-title": []}
            item["relation"] = {
                "is-preprint-of": [{"id-type": "doi", "id": "10.5555/made.900", "asserted-by": "subject"}]
            }
        if work.is_retracted:
            item["updated-by"] = [
                {"DOI": "10.5555/notice", "type": "retraction", "label": "Retraction", "source": "publisher"}
            ]
        return item

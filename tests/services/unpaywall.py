"""Unpaywall: full texts by DOI."""

from __future__ import annotations

from tests.services.server import reply


class Unpaywall:
    """Knows the DOIs of `open_dois` (free) and `closed_dois`; without an e-mail address it answers 422."""

    def __init__(self, open_dois=(), closed_dois=()):
        self.open_dois = set(open_dois)
        self.closed_dois = set(closed_dois)

    def answer(self, call):
        if "@" not in call.params.get("email", ""):
            return reply({"HTTP_status_code": 422, "error": True, "message": "Please use your own email address"}, 422)
        doi = call.path
        if doi not in self.open_dois | self.closed_dois:
            return reply({"HTTP_status_code": 404, "error": True, "message": f"'{doi}' isn't in Unpaywall."}, 404)
        place = {
            "url": f"https://repository.example.org/{doi}",
            "url_for_pdf": f"https://repository.example.org/{doi}.pdf",
            "host_type": "repository",
            "license": "cc-by",
            "version": "acceptedVersion",
        }
        is_open = doi in self.open_dois
        return reply(
            {
                "doi": doi,
                "is_oa": is_open,
                "oa_status": "green" if is_open else "closed",
                "best_oa_location": place if is_open else None,
                "oa_locations": [place] if is_open else [],
                "published_date": "2020-05-17",
            }
        )

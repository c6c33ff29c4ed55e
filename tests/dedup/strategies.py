"""Small literatures for property tests: copies of a few papers with the damage that databases do."""

from __future__ import annotations

from hypothesis import strategies as st

from review.model import Record
from tests.dedup.builder import article
from tests.dedup.builder import authors

_TITLES = (
    "Sodium thiosulfate for calcinosis cutis in systemic sclerosis: an open trial",
    "Sodium thiosulfate for calcinosis cutis in systemic sclerosis",
    "Rituximab in diffuse scleroderma. Part I: skin and its changes over time",
    "Rituximab in diffuse scleroderma. Part II: skin and its changes over time",
    "Erratum: Rituximab in diffuse scleroderma. Part I: skin and its changes over time",
    "Editorial",
    "Skin in scleroderma",
    "",
)
_AUTHORS = ("Moreau, Anna; Okafor, B; Lindqvist, C", "Moreau, A", "Okafor, Benedict; Moreau, A", "Smith, J", "")
_JOURNALS = ("Journal of Rheumatology", "J Rheumatol", "Blood. Conference: 56th Meeting", "medRxiv", "")


@st.composite
def literatures(draw: st.DrawFn, most: int = 14) -> list[Record]:
    """Draw up to `most` records with ids of their own."""
    size = draw(st.integers(0, most))
    return [
        article(
            f"r{number:02}",
            draw(st.sampled_from(_TITLES)),
            authors=authors(draw(st.sampled_from(_AUTHORS))),
            journal=draw(st.sampled_from(_JOURNALS)),
            year=draw(st.sampled_from((None, 2014, 2015, 2019))),
            volume=draw(st.sampled_from(("", "42", "43"))),
            issue=draw(st.sampled_from(("", "3", "S1"))),
            pages=draw(st.sampled_from(("", "101-109", "101-9", "1-9", "e3", "S12"))),
            doi=draw(st.sampled_from(("", "", "", "10.1234/a", "10.1234/b", "10.1101/2015.01"))),
            pmid=draw(st.sampled_from(("", "", "", "1", "2"))),
        )
        for number in range(size)
    ]

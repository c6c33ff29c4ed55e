"""The outcome for bare files."""

from __future__ import annotations

from review.dedup.listing import Entry
from review.dedup.listing import list_clusters
from tests.dedup.builder import article


def entries() -> list[Entry]:
    other = article("x", "Another matter altogether: a survey of hospitals", authors="Smith, J", volume="7", pages="1")
    return [
        Entry("a.ris", 1, article("doi:10.1234/a")),
        Entry("a.ris", 2, other),
        Entry("b.csv", 1, article("doi:10.1234/a", abstract="We treated patients.")),
    ]


def test_rows_come_in_the_order_of_the_input() -> None:
    assert list_clusters(entries()).to_csv() == "file,row,cluster,kept\na.ris,1,1,0\na.ris,2,2,1\nb.csv,1,1,1\n"


def test_json_counts() -> None:
    data = list_clusters(entries()).to_json()
    assert (data["records"], data["clusters"], data["duplicates"], data["doubtful"]) == (3, 2, 1, [])


def test_two_documents_under_one_id_stay_two_rows_of_two_clusters() -> None:
    listing = list_clusters(
        [
            Entry("a.csv", 1, article("doi:10.1234/s", "Rituximab in scleroderma: skin", doi="10.1234/s", pages="S1")),
            Entry(
                "a.csv", 2, article("doi:10.1234/s", "Dental care of patients in towns", doi="10.1234/s", pages="S2")
            ),
        ]
    )
    assert [row.cluster for row in listing.rows] == [1, 2]


def test_doubtful_pairs_name_file_and_row() -> None:
    listing = list_clusters(
        [
            Entry("a.csv", 1, article(doi="10.1234/a", pages="")),
            Entry("b.csv", 7, article("b", doi="10.1234/b")),
        ]
    )
    doubtful = listing.to_json()["doubtful"]
    assert isinstance(doubtful, list)
    assert doubtful[0]["left"]["file"] == "a.csv"
    assert doubtful[0]["right"]["row"] == 7


def test_no_entries() -> None:
    assert list_clusters([]).to_csv() == "file,row,cluster,kept\n"

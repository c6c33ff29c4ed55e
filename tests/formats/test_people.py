from __future__ import annotations

import pytest

from review.formats.people import parse_name
from review.formats.people import parse_names
from review.model import Author


@pytest.mark.parametrize(
    ("text", "author"),
    [
        ("Smith, John A.", Author("Smith", "John A.")),
        ("Shannon,Claude E.", Author("Shannon", "Claude E.")),
        ("Liu R.", Author("Liu", "R.")),
        ("van Groen MM", Author("van Groen", "MM")),
        ("García-Hernández FJ", Author("García-Hernández", "FJ")),
        ("Catarina Barata", Author("Barata", "Catarina")),
        ("Ludwig van Beethoven", Author("van Beethoven", "Ludwig")),
        ("Smith, John, Jr", Author("Smith", "John, Jr")),
        ("Smith, Jr, John", Author("Smith", "John, Jr")),
        ("Bo Yang 杨博", Author("Yang", "Bo")),
        ("WHO,", Author("WHO")),
        ("World Health Organization", Author("World Health Organization", is_collective=True)),
        ("EUSTAR investigators", Author("EUSTAR investigators", is_collective=True)),
        ("Lancet Commission on Something Else,", Author("Lancet Commission on Something Else", is_collective=True)),
        ("Murata T.", Author("Murata", "T.")),
        ("Selvamani", Author("Selvamani")),
    ],
)
def test_parse_name(text: str, author: Author) -> None:
    assert parse_name(text) == author


@pytest.mark.parametrize("text", ["", " ; ", "et al.", "[Anonymous]", "others", "NA", "..."])
def test_what_is_no_name(text: str) -> None:
    assert parse_name(text) is None


@pytest.mark.parametrize(
    ("cell", "families"),
    [
        ("Rotter, Carina; Whittaker, Danielle; Rusbridge, Clare", ["Rotter", "Whittaker", "Rusbridge"]),
        ("Haddaway, Neal R. and Feierman, Andrew", ["Haddaway", "Feierman"]),
        ("Phillips J.C., Braun R., Wang W.", ["Phillips", "Braun", "Wang"]),
        ("Joseph Rottman, Erran Carmel, Mary Lacity", ["Rottman", "Carmel", "Lacity"]),
        ("Smith, John", ["Smith"]),
        ("Smith, J., Weber, T.", ["Smith", "Weber"]),
        ("Smith, J., Weber, T., Doe, A.", ["Smith", "Weber", "Doe"]),
        ("Vivek K. PallipuramMohammad BhuiyanMelissa C. Smith", ["Pallipuram", "Bhuiyan", "Smith"]),
        ("Mary McDonald", ["McDonald"]),
        ("A. Hayashi; S. Raj Paul; V. Sarkar", ["Hayashi", "Paul", "Sarkar"]),
        ("", []),
    ],
)
def test_parse_names(cell: str, families: list[str]) -> None:
    assert [author.family for author in parse_names(cell)] == families

"""Text is measured, and broken only where a reader can follow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from review.reporting.typeface import FAMILY
from review.reporting.typeface import choose_families
from review.reporting.typeface import find_missing_characters
from review.reporting.typeface import measure_text
from review.reporting.typeface import wrap_text


def test_width_grows_with_the_size_and_is_wider_in_bold() -> None:
    plain = measure_text("Records screened", 8)
    assert measure_text("Records screened", 16) == pytest.approx(2 * plain)
    assert measure_text("Records screened", 8, bold=True) > plain


def test_plain_text_needs_no_font_but_the_one_that_ships() -> None:
    assert choose_families("Müller 2014, τ² = 0.3, Иванов") == (FAMILY, "sans-serif")
    assert find_missing_characters("Müller 2014, τ² = 0.3, Иванов") == ()


def test_a_letter_that_no_font_has_is_told_and_still_takes_its_place() -> None:
    nobody = chr(0x10FFFD)
    assert find_missing_characters(f"a{nobody}b") == (nobody,)
    assert measure_text(nobody * 3, 10) == pytest.approx(30)


@pytest.mark.parametrize(
    "text",
    [
        "Case series without a patient who has calcinosis and was given the drug",
        "Donaudampfschifffahrtsgesellschaftskapitänspatentverlängerung",
        "皮膚石灰沈着症に対するリツキシマブの治療成績",
        "10.1016/j.semarthrit.2013.12.003-and-a-very-long-identifier/of/a/source",
    ],
)
@pytest.mark.parametrize("width", [30.0, 90.0, 300.0])
def test_wrapped_lines_fit_and_keep_every_letter(text: str, width: float) -> None:
    lines = wrap_text(text, width, 8)
    assert all(measure_text(line, 8) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(codec="latin-1", categories=["L", "N", "P", "Zs"]), max_size=60))
def test_wrapping_never_loses_a_letter(text: str) -> None:
    joined = "".join(wrap_text(text, 50, 8))
    assert "".join(joined.split()) == "".join(text.split())


def test_a_broken_word_leaves_no_letter_alone() -> None:
    word = "abcdefghijklmnopqrst"
    width = measure_text(word[:-1], 8)
    assert wrap_text(word, width, 8) == ["abcdefghijklmnop", "qrst"]


def test_marks_stay_with_their_letter() -> None:
    accent = "e\u0301"
    assert all(not line.startswith("\u0301") for line in wrap_text(accent * 20, 12, 8))


def test_line_breaks_of_the_text_are_kept() -> None:
    assert wrap_text("one\ntwo three", 500, 8) == ["one", "two three"]
    assert wrap_text("", 500, 8) == [""]

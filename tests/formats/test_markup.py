from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.formats.markup import clean_text
from review.formats.markup import is_doubled
from review.formats.markup import undouble_text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("CO<sub>2</sub> and <i>E. coli</i>", "CO2 and E. coli"),
        ("<p>One.</p><p>Two.</p>", "One. Two."),
        ("p<0.05 and n>3", "p<0.05 and n>3"),
        ("p &lt; 0.05", "p < 0.05"),
        ("&amp;lt;i&amp;gt;Rattus&amp;lt;/i&amp;gt;", "Rattus"),
        ("R&D &amp; AT&T", "R&D & AT&T"),
        ("&#x0142;&#322;", "łł"),
        ("{Lstrok}{acute}od{acute}z", "Łódź"),
        ("e\u0301", "é"),
        ("two\n  lines\u00a0here", "two lines here"),
        ("<jats:p>Text</jats:p>", "Text"),
        ("a\x00b\x1fc", "ab c"),
    ],
)
def test_clean_text(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once


@pytest.mark.parametrize("text", ["é", "≥18 years", "Müller – Łódź", "“quoted”"])
def test_doubled_encoding_is_undone(text: str) -> None:
    doubled = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())
    assert is_doubled(doubled)
    assert undouble_text(doubled) == text


@pytest.mark.parametrize("text", ["é", "Ångström", "São Paulo", "naïve", "Ã", "£5–€6"])
def test_sound_text_is_not_touched(text: str) -> None:
    assert not is_doubled(text)
    assert undouble_text(text) == text

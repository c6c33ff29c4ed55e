"""Text that XML can hold."""

from __future__ import annotations

from lxml import etree

from review.reporting.xml_text import clean_text


def test_what_is_kept_can_be_written_and_read_back():
    element = etree.Element("a")
    kept = [chr(code) for code in range(0x110000) if clean_text(chr(code)) == chr(code)]
    element.text = "".join(letter for letter in kept if letter != "\r")
    assert etree.fromstring(etree.tostring(element)).text == element.text


def test_controls_and_halves_of_surrogates_become_blanks():
    assert clean_text("a\x00b\x0bc\rd\x7fe\ud800f\ufffeg") == "a b c d e f g"
    assert clean_text("tab\tend\nnew 皮膚 🙂") == "tab\tend\nnew 皮膚 🙂"

from __future__ import annotations

import pytest

from review.formats import recognise
from tests.formats.samples import BIBTEX
from tests.formats.samples import NBIB
from tests.formats.samples import OVID_RIS


@pytest.mark.parametrize(
    ("text", "name", "format"),
    [
        (OVID_RIS, "wrong.bib", "ris"),
        (NBIB, "export.txt", "nbib"),
        (BIBTEX, "export.txt", "bibtex"),
        ("@string{a = {b}}", "", "bibtex"),
        ("FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\n", "x.ris", "wos"),
        ("%0 Journal Article\n%T One\n", "", "enw"),
        ("<?xml version='1.0'?><PubmedArticleSet>", "", "pubmed-xml"),
        ("<xml><records><record>", "", "endnote-xml"),
        ("Title,DOI\n", "", "csv"),
        ('[{"type": "book", "title": "x"}]', "", "csl-json"),
        ('[{"id": "a", "authors": [], "record_format": 1}]', "", "json"),
        ("30000001\n30000002\n", "", "ids"),
        ("10.1000/x.1\n", "x.csv", "ids"),
        ("<1. >\nVN  - Ovid Technologies\n", "", "ovid"),
        ("Record #1 of 2\nID: CN-1\n", "", "cochrane"),
        ("Dear all,\nplease find attached\n", "letter.txt", ""),
    ],
)
def test_content_decides(text: str, name: str, format: str) -> None:  # noqa: A002
    assert recognise(text.encode(), name=name) == format
    assert recognise(text.replace("\n", "\r\n").encode("utf-8-sig"), name=name) == format

"""What rispy, bibtexparser and Biopython read right is read the same here; what they lose is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from review.formats import read_file
from tests.formats.samples import parse
from tests.formats.test_real_files import listing

pytestmark = pytest.mark.shared


def test_rispy_finds_no_entry_that_is_missed(shared: Path) -> None:
    import rispy

    folder = shared / "data" / "imports"
    fewer = []
    for listed in listing(folder):
        if listed.format != "ris":
            continue
        text = (folder / listed.file).read_bytes().decode("utf-8-sig", "replace")
        entries = rispy.loads(text, skip_unknown_tags=False)
        parsed = read_file(folder / listed.file, shown_as=listed.file)
        assert parsed.read >= len(entries), listed.file
        if parsed.read > len(entries):
            fewer.append(listed.file)
        for entry, record in zip(entries, parsed.records, strict=False):
            title = entry.get("title") or entry.get("primary_title")
            if parsed.kept == len(entries) and title and record.title and "<" not in title:
                assert (
                    "".join(title.split())[:20] == "".join(record.title.split())[:20] or "&" in title or "Ã" in title
                ), listed.file
    assert fewer  # files on which rispy loses entries without a word


def test_biopython_agrees_on_pubmed_files(shared: Path) -> None:
    from Bio import Medline

    path = shared / "data" / "imports" / "holub008__nbib" / "pubmed-balloongui-set.nbib"
    with path.open(encoding="utf-8") as stream:
        theirs = {record["PMID"]: record for record in Medline.parse(stream)}
    ours = read_file(path, shown_as="x").records
    assert len(ours) == len(theirs)
    for record in ours:
        assert " ".join(theirs[record.pmid]["TI"].split()) == record.title
        assert len(record.authors) >= len(theirs[record.pmid].get("FAU", []))


def test_bibtexparser_finds_no_entry_that_is_missed(shared: Path) -> None:
    import logging

    import bibtexparser

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    folder = shared / "data" / "imports"
    fewer = []
    for listed in listing(folder):
        if listed.format != "bibtex":
            continue
        theirs = bibtexparser.parse_string((folder / listed.file).read_bytes().decode("utf-8-sig", "replace"))
        parsed = read_file(folder / listed.file, shown_as=listed.file)
        assert parsed.kept >= len(theirs.entries), listed.file
        if parsed.kept > len(theirs.entries):
            fewer.append(listed.file)
    assert fewer


def test_a_per_cent_sign_cuts_nothing() -> None:
    from bibtexparser import parse_string
    from bibtexparser.middlewares import LatexDecodingMiddleware

    text = "@article{a, title={47% of the patients improved}}\n"
    theirs = parse_string(text, append_middleware=[LatexDecodingMiddleware()]).entries[0]["title"]
    assert theirs != "47% of the patients improved"
    assert parse(text).records[0].title == "47% of the patients improved"

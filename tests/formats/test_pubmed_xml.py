from __future__ import annotations

import gzip
import io
import tracemalloc
from collections.abc import Iterator

import pytest

from review.errors import FormatError
from review.errors import LimitError
from review.formats.pubmed_xml import iter_pubmed_xml
from review.formats.pubmed_xml import parse_pubmed_xml
from review.formats.pubmed_xml import source
from review.formats.result import Parsed
from review.model import AbstractSection
from review.model import Record
from review.model import Relation

HEAD = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
)
TAIL = "</PubmedArticleSet>\n"


def citation(inner: str = "", *, article: str = "", data: str = "", pmid: str = "77", attributes: str = "") -> str:
    journal = "<Journal><JournalIssue><PubDate><Year>2020</Year></PubDate></JournalIssue><Title>J</Title></Journal>"
    journal = "" if "<Journal>" in article else journal
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"{attributes}><PMID Version="1">{pmid}</PMID>'
        f"<Article>{journal}<ArticleTitle>A title.</ArticleTitle>{article}</Article>{inner}</MedlineCitation>"
        f"<PubmedData>{data}</PubmedData></PubmedArticle>"
    )


def parse(text: str | bytes, *, wrap: bool = True) -> Parsed:
    if isinstance(text, str):
        text = (HEAD + text + TAIL if wrap else text).encode()
    return parse_pubmed_xml(io.BytesIO(text), path="f.xml", run="r1")


def only(text: str) -> Record:
    (record,) = parse(text).records
    return record


def codes(parsed: Parsed) -> list[str]:
    return [finding.code for finding in parsed.findings]


def test_a_plain_record() -> None:
    record = only(citation())
    assert (record.id, record.pmid, record.version) == ("pubmed:77", "77", "1")
    assert (record.title, record.journal, record.year, record.published) == ("A title.", "J", 2020, "2020")
    assert (record.status, record.source, record.run, record.entry_type) == ("MEDLINE", "pubmed", "r1", "article")
    assert record.origin is not None
    assert (record.origin.path, record.origin.line) == ("f.xml", 4)


class TestIdentifiers:
    def test_own_doi_is_never_one_of_the_references(self) -> None:
        data = (
            '<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1000/cited</ArticleId><ArticleId '
            'IdType="pubmed">11</ArticleId></ArticleIdList></Reference><ReferenceList><Reference><ArticleIdList>'
            '<ArticleId IdType="pubmed">12</ArticleId></ArticleIdList></Reference></ReferenceList></ReferenceList>'
            '<ArticleIdList><ArticleId IdType="pubmed">77</ArticleId><ArticleId IdType="pii">S1</ArticleId></ArticleIdList>'
        )
        record = only(citation(data=data))
        assert record.doi == ""
        assert record.pmid == "77"
        assert record.extra["pubmed:cited"] == ("11", "12")
        assert record.extra["nbib:AID"] == ("S1 [pii]",)

    def test_doi_of_the_article_goes_before_the_list(self) -> None:
        location = '<ELocationID EIdType="pii" ValidYN="Y">e1</ELocationID><ELocationID EIdType="doi">10.1000/ABC</ELocationID>'
        listed = '<ArticleIdList><ArticleId IdType="doi">10.1000/listed</ArticleId></ArticleIdList>'
        record = only(citation(article=location, data=listed))
        assert record.doi == "10.1000/abc"
        assert record.extra["nbib:LID"] == ("e1 [pii]",)

    def test_doi_marked_invalid_counts_last(self) -> None:
        location = '<ELocationID EIdType="doi" ValidYN="N">10.1000/wrong</ELocationID>'
        listed = '<ArticleIdList><ArticleId IdType="doi">10.1000/right</ArticleId></ArticleIdList>'
        assert only(citation(article=location, data=listed)).doi == "10.1000/right"
        assert only(citation(article=location)).doi == "10.1000/wrong"

    def test_doi_with_angle_brackets_and_trailing_dot(self) -> None:
        listed = '<ArticleIdList><ArticleId IdType="doi">10.1002/1097-0142(1996)78:4&lt;672::AID-CNCR22&gt;3.0.CO;2-0.</ArticleId></ArticleIdList>'
        assert only(citation(data=listed)).doi == "10.1002/1097-0142(1996)78:4<672::aid-cncr22>3.0.co;2-0"

    def test_item_number_that_is_called_a_doi(self) -> None:
        record = only(citation(data='<ArticleIdList><ArticleId IdType="doi">51466</ArticleId></ArticleIdList>'))
        assert record.doi == ""
        assert record.extra["nbib:AID"] == ("51466 [doi]",)

    def test_empty_own_id(self) -> None:
        listed = '<ArticleIdList><ArticleId IdType="doi"/><ArticleId IdType="pmc">PMC0012</ArticleId><ArticleId IdType="pmc"/></ArticleIdList>'
        record = only(citation(data=listed.replace("PMC0012", "PMC3150146")))
        assert (record.doi, record.pmcid) == ("", "PMC3150146")

    def test_versions_are_records_with_one_id(self) -> None:
        second = citation().replace('Version="1"', 'Version="2"')
        parsed = parse(citation() + second)
        assert [(record.id, record.version) for record in parsed.records] == [("pubmed:77", "1"), ("pubmed:77", "2")]

    def test_record_without_pmid_is_named_by_its_content(self) -> None:
        text = citation().replace('<PMID Version="1">77</PMID>', "")
        assert only(text).id.startswith("import:")
        assert only(text).id == only(text).id


class TestTitles:
    def title(self, inner: str, more: str = "") -> Record:
        return only(citation(article=more).replace("<ArticleTitle>A title.</ArticleTitle>", inner))

    def test_markup_becomes_text(self) -> None:
        record = self.title(
            "<ArticleTitle>Role of <i>ABC<sup>1</sup></i> in\n  H<sub>2</sub>O, <b>P</b>&lt;0.05 &amp; more.</ArticleTitle>"
        )
        assert record.title == "Role of ABC1 in H2O, P<0.05 & more."

    def test_escaped_markup_is_dropped(self) -> None:
        assert self.title("<ArticleTitle>&lt;i&gt;Candida&lt;/i&gt; now.</ArticleTitle>").title == "Candida now."

    def test_formula_reads_as_what_it_says(self) -> None:
        formula = (
            '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:msup><mml:mi>R</mml:mi><mml:mn>2</mml:mn></mml:msup>'
            "<mml:mo>=</mml:mo><mml:mfrac><mml:mrow><mml:mi>a</mml:mi><mml:mo>+</mml:mo><mml:mn>1</mml:mn></mml:mrow><mml:mi>b</mml:mi>"
            "</mml:mfrac><mml:msubsup><mml:mi>x</mml:mi><mml:mi>i</mml:mi><mml:mn>3</mml:mn></mml:msubsup><mml:msqrt><mml:mn>2</mml:mn>"
            "</mml:msqrt><mml:annotation>tex</mml:annotation></mml:math>"
        )
        assert self.title(f"<ArticleTitle>With {formula} here.</ArticleTitle>").title == "With R^2=(a+1)/bx_i^3√2 here."

    def test_brackets_and_vernacular_title(self) -> None:
        record = self.title(
            "<ArticleTitle>[On fever].</ArticleTitle>",
            "<Language>ger</Language><VernacularTitle>Über Fieber.</VernacularTitle>",
        )
        assert record.title == "[On fever]."
        assert record.vernacular_title == "Über Fieber."
        assert record.languages == ("ger",)

    @pytest.mark.parametrize(
        "inner",
        [
            "<ArticleTitle/>",
            "<ArticleTitle>Not Available</ArticleTitle>",
            "<ArticleTitle>[Not Available].</ArticleTitle>",
        ],
    )
    def test_absent_title_gives_way_to_the_vernacular_one(self, inner: str) -> None:
        assert self.title(inner, "<VernacularTitle>Briefe.</VernacularTitle>").title == "Briefe."

    def test_no_title_is_told(self) -> None:
        text = citation().replace("A title.", "[In Process Citation]")
        parsed = parse(text)
        assert parsed.records[0].title == ""
        assert codes(parsed) == ["RECORD-006"]
        assert codes(parse(citation())) == []

    def test_letters_are_composed(self) -> None:
        assert self.title("<ArticleTitle>Caf&#101;&#769; &#x2009;x&#xa0;y.</ArticleTitle>").title == "Café x y."


class TestAbstracts:
    def test_plain(self) -> None:
        record = only(
            citation(
                article="<Abstract><AbstractText>One\n two.</AbstractText><CopyrightInformation>© P</CopyrightInformation></Abstract>"
            )
        )
        assert record.abstract == "One two."
        assert record.abstract_sections == ()
        assert record.extra["nbib:CI"] == ("© P",)

    def test_structured_with_unlabelled_and_empty_parts(self) -> None:
        record = only(
            citation(
                article='<Abstract><AbstractText>First.</AbstractText><AbstractText Label="Methods" NlmCategory="METHODS">We <i>did</i>.'
                '</AbstractText><AbstractText Label="RESULTS"/><AbstractText Label="UNLABELLED">Last.</AbstractText></Abstract>'
            )
        )
        assert record.abstract == "First. Methods: We did. Last."
        assert record.abstract_sections == (
            AbstractSection("", "First."),
            AbstractSection("Methods", "We did."),
            AbstractSection("RESULTS", ""),
            AbstractSection("", "Last."),
        )

    def test_text_outside_of_its_element(self) -> None:
        assert only(citation(article="<Abstract>Loose words.</Abstract>")).abstract == "Loose words."

    def test_other_abstracts(self) -> None:
        record = only(
            citation(
                '<OtherAbstract Type="plain-language-summary" Language="eng"><AbstractText>Simply put.</AbstractText></OtherAbstract>'
                '<OtherAbstract Type="Publisher" Language="spa"><AbstractText Label="OBJETIVO">Algo.</AbstractText></OtherAbstract>'
            )
        )
        assert record.abstract == ""
        assert record.other_abstracts == ("Simply put.", "OBJETIVO: Algo.")
        assert record.extra["pubmed:other-abstract-type"] == ("plain-language-summary", "Publisher")


class TestAuthors:
    def authors(self, inner: str) -> Record:
        return only(citation(article=f"<AuthorList>{inner}</AuthorList>"))

    def test_person_with_everything(self) -> None:
        record = self.authors(
            "<Author><LastName>Ødegård</LastName><ForeName>Ann B</ForeName><Initials>AB</Initials><Suffix>Jr</Suffix>"
            '<Identifier Source="ORCID">http://orcid.org/000000021825009x</Identifier><AffiliationInfo><Affiliation>Here.</Affiliation>'
            '<Identifier Source="ROR">x</Identifier></AffiliationInfo><AffiliationInfo><Affiliation>There.</Affiliation></AffiliationInfo></Author>'
        )
        (author,) = record.authors
        assert (author.family, author.given, author.is_collective) == ("Ødegård", "Ann B Jr", False)
        assert author.affiliations == ("Here.", "There.")
        assert author.orcid == "0000-0002-1825-009X"

    def test_suffix_of_white_space_only(self) -> None:
        record = self.authors("<Author><LastName>Ito</LastName><ForeName>Jo</ForeName><Suffix> </Suffix></Author>")
        assert record.authors[0].given == "Jo"

    def test_single_name_and_initials_only(self) -> None:
        record = self.authors(
            "<Author><LastName>Suharto</LastName></Author><Author><LastName>Ray</LastName><Initials>KL</Initials></Author>"
            "<Author><ForeName>Madonna</ForeName></Author><Author/>"
        )
        assert [(author.family, author.given) for author in record.authors] == [
            ("Suharto", ""),
            ("Ray", "KL"),
            ("Madonna", ""),
        ]

    def test_group(self) -> None:
        record = self.authors("<Author><CollectiveName>The <i>X</i> Study Group</CollectiveName></Author>")
        assert record.authors[0].is_collective
        assert record.authors[0].family == "The X Study Group"

    def test_name_that_was_printed_wrongly(self) -> None:
        record = self.authors(
            '<Author ValidYN="N"><LastName>Wrnog</LastName></Author><Author ValidYN="Y"><LastName>Wrong</LastName></Author>'
        )
        assert [author.family for author in record.authors] == ["Wrong"]
        assert record.extra["pubmed:invalid-author"] == ("Wrnog",)

    def test_no_list_and_investigators(self) -> None:
        record = only(
            citation(
                "<InvestigatorList><Investigator><LastName>Ray</LastName><ForeName>A</ForeName></Investigator></InvestigatorList>"
            )
        )
        assert record.authors == ()
        assert record.extra["nbib:IR"] == ("Ray, A",)


@pytest.mark.parametrize(
    ("inner", "year", "published", "words"),
    [
        ("<Year>2019</Year>", 2019, "2019", ""),
        ("<Year>2019</Year><Month>Jun</Month>", 2019, "2019-06", ""),
        ("<Year>2019</Year><Month>06</Month><Day>9</Day>", 2019, "2019-06-09", ""),
        ("<Year>2019</Year><Season>Spring</Season>", 2019, "2019", "2019 Spring"),
        ("<MedlineDate>2021 May-Jun</MedlineDate>", 2021, "2021-05", "2021 May-Jun"),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", 1998, "1998-12", "1998 Dec-1999 Jan"),
        ("<MedlineDate>2000 Spring</MedlineDate>", 2000, "2000", "2000 Spring"),
        ("<MedlineDate>in press</MedlineDate>", None, "", "in press"),
        ("", None, "", ""),
    ],
)
def test_dates(inner: str, year: int | None, published: str, words: str) -> None:
    journal = f"<Journal><JournalIssue><PubDate>{inner}</PubDate></JournalIssue><Title>J</Title></Journal>"
    record = only(citation(article=journal))
    assert (record.year, record.published) == (year, published)
    assert record.extra.get("pubmed:date", ("",)) == (words,)


def test_electronic_date_stands_beside_the_printed_one_or_in_for_it() -> None:
    electronic = '<ArticleDate DateType="Electronic"><Year>2018</Year><Month>12</Month><Day>31</Day></ArticleDate>'
    record = only(citation(article=electronic))
    assert (record.year, record.published, record.epub_date) == (2020, "2020", "2018-12-31")
    empty = "<Journal><JournalIssue><PubDate/></JournalIssue></Journal>"
    record = only(citation(article=empty + electronic))
    assert (record.year, record.published) == (2018, "2018-12-31")


def test_pages() -> None:
    both = (
        "<Pagination><StartPage>5795</StartPage><EndPage>5813</EndPage><MedlinePgn>5795-813</MedlinePgn></Pagination>"
    )
    assert only(citation(article=both)).pages == "5795-813"
    assert only(citation(article=both.replace("<MedlinePgn>5795-813</MedlinePgn>", ""))).pages == "5795-5813"
    assert only(citation(article="<Pagination><StartPage>e66</StartPage></Pagination>")).pages == "e66"
    assert only(citation()).pages == ""


def test_journal_and_serial_numbers() -> None:
    journal = (
        '<Journal><ISSN IssnType="Print">1111-2222</ISSN><JournalIssue><Volume>3</Volume><Issue>Suppl 1</Issue><PubDate><Year>2020</Year>'
        "</PubDate></JournalIssue><Title>Journal &amp; Co</Title><ISOAbbreviation>J. Co</ISOAbbreviation></Journal>"
    )
    info = "<MedlineJournalInfo><MedlineTA>J Co</MedlineTA><ISSNLinking>3333-4444</ISSNLinking></MedlineJournalInfo>"
    record = only(citation(info, article=journal))
    assert (record.journal, record.journal_abbreviation) == ("Journal & Co", "J Co")
    assert (record.volume, record.issue, record.issn) == ("3", "Suppl 1", ("1111-2222", "3333-4444"))


def test_headings_keep_major_marks_of_heading_and_qualifier() -> None:
    mesh = (
        '<MeshHeadingList><MeshHeading><DescriptorName MajorTopicYN="Y">Asthma</DescriptorName></MeshHeading><MeshHeading><DescriptorName '
        'MajorTopicYN="N">Skin</DescriptorName><QualifierName MajorTopicYN="N">injuries</QualifierName><QualifierName MajorTopicYN="Y">pathology'
        "</QualifierName></MeshHeading></MeshHeadingList>"
        '<KeywordList Owner="NOTNLM"><Keyword>a <i>b</i></Keyword><Keyword/></KeywordList><KeywordList Owner="KIE"><Keyword>c</Keyword></KeywordList>'
    )
    record = only(citation(mesh))
    assert record.mesh == ("*Asthma", "Skin/injuries/*pathology")
    assert record.keywords == ("a b", "c")


def test_registrations_of_data_banks_and_of_the_abstract() -> None:
    banks = (
        "<Abstract><AbstractText>Registered as NCT01234567.</AbstractText></Abstract><DataBankList><DataBank><DataBankName>ISRCTN</DataBankName>"
        "<AccessionNumberList><AccessionNumber>ISRCTN12345678</AccessionNumber></AccessionNumberList></DataBank><DataBank><DataBankName>Dryad"
        "</DataBankName></DataBank><DataBank><DataBankName>GEO</DataBankName><AccessionNumberList><AccessionNumber>GSE1</AccessionNumber>"
        "</AccessionNumberList></DataBank></DataBankList>"
    )
    record = only(citation(article=banks))
    assert record.registrations == ("ISRCTN12345678", "NCT01234567")
    assert record.extra["nbib:SI"] == ("ISRCTN/ISRCTN12345678", "Dryad", "GEO/GSE1")
    assert only(citation(article="<Abstract><AbstractText>No number.</AbstractText></Abstract>")).registrations == ()


def test_relations_and_retraction() -> None:
    rows = (
        '<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>J X. 2021;1:2. doi: 10.1000/Ret.</RefSource>'
        '</CommentsCorrections><CommentsCorrections RefType="CorrectedandRepublishedIn"><RefSource>J Y</RefSource><PMID Version="1">5</PMID>'
        '</CommentsCorrections><CommentsCorrections RefType="ExpressionOfConcernIn"><RefSource>J Z</RefSource><Note>why</Note></CommentsCorrections>'
        '<CommentsCorrections RefType="Cites"><RefSource>J C</RefSource><PMID>9</PMID></CommentsCorrections></CommentsCorrectionsList>'
    )
    record = only(citation(rows))
    assert record.relations == (
        Relation("retraction-in", "", "10.1000/ret", "J X. 2021;1:2. doi: 10.1000/Ret."),
        Relation("corrected-and-republished-in", "5", "", "J Y"),
        Relation("expression-of-concern-in", "", "", "J Z why"),
    )
    assert record.is_retracted
    assert record.extra["pubmed:cited"] == ("9",)
    notice = only(citation(rows.replace("RetractionIn", "RetractionOf")))
    assert not notice.is_retracted


def test_publication_types() -> None:
    kinds = '<PublicationTypeList><PublicationType UI="D1">Journal Article</PublicationType><PublicationType>Retracted Publication</PublicationType></PublicationTypeList>'
    record = only(citation(article=kinds))
    assert record.publication_types == ("Journal Article", "Retracted Publication")
    assert record.is_retracted
    assert only(citation(article=kinds.replace("Retracted Publication", "Preprint"))).entry_type == "preprint"


def test_what_has_no_field_is_kept() -> None:
    inner = (
        "<DateRevised><Year>2021</Year><Month>02</Month><Day>03</Day></DateRevised><ChemicalList><Chemical><RegistryNumber>4F4X42SYQ6"
        "</RegistryNumber><NameOfSubstance>Rituximab</NameOfSubstance></Chemical></ChemicalList><CoiStatement>None <b>declared</b>.</CoiStatement>"
        '<OtherID Source="NLM">PMC3150146 [Available on 09/06/11]</OtherID><GeneralNote Owner="KIE">14 fn.</GeneralNote>'
        "<PersonalNameSubjectList><PersonalNameSubject><LastName>Curie</LastName><ForeName>Marie</ForeName></PersonalNameSubject></PersonalNameSubjectList>"
        "<SupplMeshList><SupplMeshName>COVID-19</SupplMeshName></SupplMeshList>"
    )
    grants = "<GrantList><Grant><GrantID>R01</GrantID><Agency>NIH</Agency></Grant><Grant><Agency>Trust</Agency><Country>UK</Country></Grant></GrantList>"
    history = (
        '<History><PubMedPubDate PubStatus="entrez"><Year>2020</Year><Month>1</Month><Day>2</Day></PubMedPubDate></History>'
        "<PublicationStatus>ppublish</PublicationStatus>"
    )
    record = only(citation(inner, article=grants, data=history))
    expected = {
        "nbib:LR": ("2021-02-03",),
        "nbib:RN": ("4F4X42SYQ6 (Rituximab)",),
        "nbib:COIS": ("None declared.",),
        "nbib:OID": ("NLM: PMC3150146 [Available on 09/06/11]",),
        "note": ("14 fn.",),
        "nbib:PS": ("Curie, Marie",),
        "nbib:NM": ("COVID-19",),
        "nbib:GR": ("R01/NIH", "Trust/UK"),
        "nbib:EDAT": ("2020-01-02",),
        "nbib:PST": ("ppublish",),
        "nbib:OWN": ("NLM",),
    }
    assert dict(record.extra) == expected
    assert record.pmcid == "PMC3150146"


BOOK = (
    '<PubmedBookArticle><BookDocument><PMID Version="1">20301546</PMID><ArticleIdList><ArticleId IdType="bookaccession">NBK1</ArticleId>'
    "</ArticleIdList><Book><Publisher><PublisherName>Press</PublisherName><PublisherLocation>Town</PublisherLocation></Publisher>"
    '<BookTitle book="b">A Handbook</BookTitle><PubDate><Year>1993</Year></PubDate><BeginningDate><Year>1993</Year></BeginningDate>'
    '<AuthorList Type="editors"><Author><LastName>Ed</LastName><ForeName>Itor</ForeName></Author></AuthorList><AuthorList Type="authors"><Author>'
    "<LastName>Whole</LastName></Author></AuthorList><Volume>2</Volume><Edition>3rd</Edition><CollectionTitle>Series</CollectionTitle>"
    "<Isbn>0306406152</Isbn><Isbn>not one</Isbn><Medium>Internet</Medium></Book>{chapter}<Abstract><AbstractText>On it.</AbstractText></Abstract>"
    "<ContributionDate><Year>2006</Year><Month>2</Month></ContributionDate></BookDocument><PubmedBookData><PublicationStatus>ppublish"
    '</PublicationStatus><ArticleIdList><ArticleId IdType="pubmed">20301546</ArticleId></ArticleIdList></PubmedBookData></PubmedBookArticle>'
)


def test_chapter_of_a_book() -> None:
    chapter = '<ArticleTitle>A Chapter</ArticleTitle><AuthorList Type="authors"><Author><LastName>Own</LastName></Author></AuthorList>'
    record = only(BOOK.format(chapter=chapter))
    assert (record.id, record.title, record.journal, record.year) == (
        "pubmed:20301546",
        "A Chapter",
        "A Handbook",
        1993,
    )
    assert [author.family for author in record.authors] == ["Own"]
    assert (record.isbn, record.volume, record.epub_date, record.entry_type) == (
        ("9780306406157",),
        "2",
        "2006-02",
        "chapter",
    )
    assert record.extra["editor"] == ("Ed, Itor",)
    assert record.extra["pubmed:book-author"] == ("Whole",)
    assert record.extra["nbib:ISBN"] == ("not one",)
    assert (record.extra["publisher"], record.extra["series"], record.extra["edition"]) == (
        ("Press",),
        ("Series",),
        ("3rd",),
    )


def test_whole_book() -> None:
    record = only(BOOK.format(chapter=""))
    assert (record.title, record.journal, record.entry_type) == ("A Handbook", "", "book")
    assert [author.family for author in record.authors] == ["Whole"]


def test_deleted_records_are_told() -> None:
    parsed = parse(citation() + "<DeleteCitation><PMID Version='1'>5</PMID><PMID>6</PMID></DeleteCitation>")
    assert parsed.read == parsed.kept == 1
    (finding,) = parsed.findings
    assert (finding.code, finding.ids) == ("RECORD-101", ("pubmed:5", "pubmed:6"))
    assert codes(parse(citation())) == []


def test_element_that_is_no_record_is_refused() -> None:
    parsed = parse("<PubmedArticle>\n</PubmedArticle>" + citation())
    assert (parsed.read, parsed.kept) == (2, 1)
    assert parsed.refused[0].line == 4
    assert codes(parsed) == ["RECORD-005"]


def test_gzip_and_its_members() -> None:
    text = (HEAD + citation() + TAIL).encode()
    assert parse(gzip.compress(text)).kept == 1
    half = len(text) // 2
    assert parse(gzip.compress(text[:half]) + gzip.compress(text[half:]) + b"\0" * 9).kept == 1


def test_other_encodings_and_a_byte_order_mark() -> None:
    text = citation().replace("A title.", "Über.")
    assert parse(b"\xef\xbb\xbf" + (HEAD + text + TAIL).encode()).records[0].title == "Über."
    latin = (HEAD.replace('"1.0" ?', '"1.0" encoding="ISO-8859-1"?') + text + TAIL).encode("latin-1")
    assert parse(latin).records[0].title == "Über."
    assert parse((HEAD + text + TAIL).encode("utf-16")).records[0].title == "Über."


def test_other_roots_and_an_empty_set() -> None:
    assert parse(citation(), wrap=False).kept == 1
    bare = citation().removeprefix("<PubmedArticle>").partition("<PubmedData>")[0]
    assert parse(f"<MedlineCitationSet>{bare}</MedlineCitationSet>", wrap=False).records[0].pmid == "77"
    assert parse("").read == 0


def test_comments_and_instructions_are_passed_over() -> None:
    text = citation().replace("A title.", "A <!-- x -->title<?y z?>.")
    assert only(text).title == "A title."


def test_unknown_entities_keep_their_letters() -> None:
    assert only(citation().replace("A title.", "The &alpha; and &unheard;.")).title == "The α and &unheard;."


class TestDamage:
    def test_cut_file_gives_what_stands_before(self) -> None:
        parsed = parse((HEAD + citation() + "\n" + citation(pmid="78")[:90]).encode())
        assert [record.pmid for record in parsed.records] == ["77"]
        (finding,) = parsed.findings
        assert (finding.code, finding.level) == ("RECORD-100", "error")
        assert finding.origin is not None
        assert finding.origin.line == 5
        assert "after 1 record:" in finding.message

    def test_missing_end_tag_of_the_set(self) -> None:
        assert codes(parse((HEAD + citation()).encode())) == ["RECORD-100"]

    @pytest.mark.parametrize("broken", ["\x00", "\x0b", "\udc80", "<b>", "&"])
    def test_bytes_that_xml_does_not_allow(self, broken: str) -> None:
        text = (HEAD + citation() + "\n\n" + citation(pmid="78").replace("title", broken) + TAIL).encode(
            errors="surrogateescape"
        )
        parsed = parse(text)
        assert [record.pmid for record in parsed.records] == ["77"]
        assert codes(parsed) == ["RECORD-100"]
        assert parsed.findings[0].origin is not None
        assert parsed.findings[0].origin.line == 6

    def test_damage_before_the_first_record(self) -> None:
        with pytest.raises(FormatError, match=r"f\.xml:4: the XML is damaged"):
            parse((HEAD + citation()[:60]).encode())

    def test_cut_and_broken_gzip(self) -> None:
        text = (HEAD + "".join(citation(pmid=str(number)) for number in range(1, 3000)) + TAIL).encode()
        packed = gzip.compress(text, 1)
        parsed = parse(packed[: len(packed) // 2])
        assert codes(parsed) == ["RECORD-100"]
        assert parsed.kept > 100
        with pytest.raises(FormatError, match="gzip"):
            parse(packed[:10] + b"\xff" * 50)

    @pytest.mark.parametrize(
        ("body", "match"),
        [
            (b"", "empty"),
            (b"  \n", "empty|damaged"),
            (HEAD.removesuffix("<PubmedArticleSet>\n").encode(), "before its first XML element"),
            (b"<!DOCTYPE html><html><head><title>502</title></head><body><br></body></html>", "web page"),
            (b'{"error":"API rate limit exceeded"}', "damaged"),
            (b'<?xml version="1.0"?><eFetchResult><ERROR>x</ERROR></eFetchResult>', "eFetchResult"),
            (b"<records><rec/></records>", "'records'"),
            (b"TY  - JOUR\nER  -\n", "damaged"),
            (b"\x80\x81\x82" * 20, "damaged|not the text"),
        ],
    )
    def test_something_else_is_refused(self, body: bytes, match: str) -> None:
        with pytest.raises(FormatError, match=match):
            parse(body)


class TestHostileFiles:
    def test_declared_entities_are_refused(self) -> None:
        rows = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
        bomb = f'<!DOCTYPE PubmedArticleSet [<!ENTITY e0 "ha">{rows}]><PubmedArticleSet>{citation()}&e9;</PubmedArticleSet>'
        with pytest.raises(FormatError, match="declares XML entities"):
            parse(bomb, wrap=False)

    def test_external_entities_and_dtds_are_not_read(self) -> None:
        text = (
            f'<!DOCTYPE PubmedArticleSet SYSTEM "file:///etc/passwd"><PubmedArticleSet>{citation()}</PubmedArticleSet>'
        )
        assert parse(text, wrap=False).kept == 1
        text = '<!DOCTYPE PubmedArticleSet [<!ENTITY x SYSTEM "file:///etc/passwd">]><PubmedArticleSet>&x;</PubmedArticleSet>'
        with pytest.raises(FormatError, match="entities"):
            parse(text, wrap=False)

    def test_depth_is_bounded(self) -> None:
        parsed_or_error = HEAD + citation() + "<a>" * 100_000
        assert codes(parse(parsed_or_error.encode())) == ["RECORD-100"]

    def test_endless_head(self) -> None:
        with pytest.raises(FormatError, match=r"no XML element|damaged"):
            parse(b"<!-- " + b"x" * (source.MAX_HEAD + 2 * 256 * 1024))

    def test_endless_record(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(source, "MAX_RECORD", 1024 * 1024)
        filler = "<Keyword>x</Keyword>" * 100_000
        with pytest.raises(LimitError, match="one record is longer"):
            parse(HEAD + "<PubmedArticle>" + filler, wrap=False)

    def test_compressed_bomb_stays_small(self) -> None:
        packed = gzip.compress(HEAD.encode() + b" " * 100_000_000, 9)
        tracemalloc.start()
        with pytest.raises(FormatError, match=r"Resource limit|one record"):
            parse(packed)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 20_000_000


def test_memory_is_flat() -> None:
    def chunks() -> Iterator[bytes]:
        yield HEAD.encode()
        body = citation(article=f"<Abstract><AbstractText>{'word ' * 400}</AbstractText></Abstract>")
        for _ in range(4000):
            yield body.encode()
        yield TAIL.encode()

    class Stream(io.RawIOBase):
        def __init__(self) -> None:
            self.rest = b""
            self.chunks = chunks()

        def read(self, size: int = -1) -> bytes:
            while len(self.rest) < size:
                chunk = next(self.chunks, b"")
                if not chunk:
                    break
                self.rest += chunk
            taken, self.rest = self.rest[:size], self.rest[size:]
            return taken

    tracemalloc.start()
    count = sum(isinstance(item, Record) for item in iter_pubmed_xml(Stream()))  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 4000
    assert peak < 5_000_000

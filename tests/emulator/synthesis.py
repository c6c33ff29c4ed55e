"""Made-up PubMed records: valid PubmedArticle XML, seeded, with the oddities that real records have.

`article` and `book` write one record from what a test cares about; `synthesise` writes many.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import date
from datetime import timedelta
from typing import Any
from xml.sax.saxutils import escape
from xml.sax.saxutils import quoteattr

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_FAMILIES = [
    "Archer",
    "Baker",
    "Carter",
    "Dyer",
    "Fletcher",
    "García",
    "Hansen",
    "Ito",
    "Jansen",
    "Kovács",
    "Löfgren",
    "Mason",
    "Nguyen",
    "O'Hara",
    "Patel",
    "Silva",
]
_GIVENS = [
    "Ada",
    "Bo",
    "Chi",
    "Dan",
    "Eva",
    "Finn",
    "Gro",
    "Hana",
    "Ines",
    "Jo",
    "Kai",
    "Lea",
    "Mia",
    "Noa",
    "Olga",
    "Per",
]
_TOPICS = [
    "asthma",
    "calcinosis",
    "scleroderma",
    "rituximab",
    "hypertension",
    "diabetes",
    "migraine",
    "psoriasis",
    "sepsis",
    "anemia",
]
_DESIGNS = ("a cohort study", "a case report", "a randomized trial", "a systematic review", "two years of follow-up")
_FILLER = [
    "patients",
    "treated",
    "response",
    "outcome",
    "therapy",
    "dose",
    "clinical",
    "measured",
    "improvement",
    "severe",
    "chronic",
    "adverse",
    "events",
    "baseline",
    "weeks",
    "months",
    "group",
    "compared",
    "control",
    "significant",
    "skin",
    "lung",
    "renal",
    "joint",
]
_JOURNALS = (
    ("Journal of Imagined Medicine", "J Imagin Med", "1111-2222"),
    ("Annals of Fictive Rheumatology", "Ann Fict Rheumatol", "1111-333X"),
    ("Archives of Made-up Dermatology", "Arch Made Dermatol", "1111-4444"),
)


def _day(tag: str, day: date, attributes: str = "") -> str:
    return f"<{tag}{attributes}><Year>{day.year}</Year><Month>{day.month}</Month><Day>{day.day}</Day></{tag}>"


def article(
    pmid: int,
    title: str = "A study.",
    *,
    version: int = 1,
    status: str = "MEDLINE",
    abstract: str | Sequence[tuple[str, str]] = "",
    authors: Sequence[tuple[str, str]] = (("Archer", "Ada"),),
    group: str = "",
    journal: tuple[str, str, str] = _JOURNALS[0],
    volume: str = "12",
    issue: str = "3",
    pages: str = "101-9",
    published: str = "<Year>2020</Year><Month>Jun</Month>",
    electronic: date | None = None,
    entered: date = date(2020, 6, 2),
    revised: date = date(2021, 1, 5),
    doi: str | None = None,
    pmc: str = "",
    publication_types: Sequence[str] = ("Journal Article",),
    mesh: Sequence[str] = (),
    keywords: Sequence[str] = (),
    languages: Sequence[str] = ("eng",),
    vernacular_title: str = "",
    registrations: Sequence[tuple[str, str]] = (),
    relations: Sequence[tuple[str, str, str]] = (),
    cited: Sequence[tuple[str, str]] = (),
) -> bytes:
    """Write one PubmedArticle.

    Args:
        title: Mark-up allowed, so it must be XML already; likewise abstracts and keywords.
        abstract: Plain text, or (label, text) pairs.
        mesh: Headings like `Asthma` or `*Asthma/drug therapy`; the star marks a major topic.
        published: The inside of PubDate.
        doi: None makes one from the PMID, an empty text leaves it out.
        registrations: (data bank, accession number) pairs.
        relations: (RefType, RefSource, PMID or empty) triples.
        cited: (PMID, DOI) pairs of the reference list.
    """
    if doi is None:
        doi = f"10.5555/made.{pmid}"
    sections = [("", abstract)] if isinstance(abstract, str) and abstract else list(abstract or ())
    parts = [
        f'<PubmedArticle><MedlineCitation Status="{status}" Owner="NLM"><PMID Version="{version}">{pmid}</PMID>',
        _day("DateCompleted", revised) if status == "MEDLINE" else "",
        _day("DateRevised", revised),
        f'<Article PubModel="{"Print-Electronic" if electronic else "Print"}"><Journal>',
        f'<ISSN IssnType="Print">{journal[2]}</ISSN><JournalIssue CitedMedium="Print">',
        f"<Volume>{volume}</Volume>" if volume else "",
        f"<Issue>{issue}</Issue>" if issue else "",
        f"<PubDate>{published}</PubDate></JournalIssue><Title>{escape(journal[0])}</Title>",
        f"<ISOAbbreviation>{escape(journal[1])}</ISOAbbreviation></Journal><ArticleTitle>{title}</ArticleTitle>",
        f"<Pagination><MedlinePgn>{pages}</MedlinePgn></Pagination>" if pages else "",
        f'<ELocationID EIdType="doi" ValidYN="Y">{escape(doi)}</ELocationID>' if doi else "",
        _write_abstract(sections),
        _write_authors(authors, group),
        *(f"<Language>{language}</Language>" for language in languages),
        _write_registrations(registrations),
        "<PublicationTypeList>",
        *(f'<PublicationType UI="D000000">{escape(kind)}</PublicationType>' for kind in publication_types),
        "</PublicationTypeList>",
        f"<VernacularTitle>{escape(vernacular_title)}</VernacularTitle>" if vernacular_title else "",
        _day("ArticleDate", electronic, ' DateType="Electronic"') if electronic else "",
        f"</Article><MedlineJournalInfo><Country>Nowhere</Country><MedlineTA>{escape(journal[1])}</MedlineTA>",
        f"<NlmUniqueID>9{journal[2][:4]}</NlmUniqueID><ISSNLinking>{journal[2]}</ISSNLinking></MedlineJournalInfo>",
        _write_relations(relations),
        _write_mesh(mesh),
        _write_keywords(keywords),
        "</MedlineCitation><PubmedData><History>",
        _day("PubMedPubDate", entered, ' PubStatus="pubmed"'),
        _day("PubMedPubDate", revised, ' PubStatus="medline"') if status == "MEDLINE" else "",
        _day("PubMedPubDate", entered, ' PubStatus="entrez"'),
        "</History><PublicationStatus>ppublish</PublicationStatus><ArticleIdList>",
        f'<ArticleId IdType="pubmed">{pmid}</ArticleId>',
        f'<ArticleId IdType="pmc">{pmc}</ArticleId>' if pmc else "",
        f'<ArticleId IdType="doi">{escape(doi)}</ArticleId>' if doi else "",
        "</ArticleIdList>",
        _write_references(cited),
        "</PubmedData></PubmedArticle>",
    ]
    return "".join(parts).encode("ascii", "xmlcharrefreplace")


def _write_abstract(sections: Sequence[tuple[str, str]]) -> str:
    if not sections:
        return ""
    texts = "".join(
        f"<AbstractText{f' Label={quoteattr(label)}' if label else ''}>{text}</AbstractText>"
        for label, text in sections
    )
    return f"<Abstract>{texts}</Abstract>"


def _write_authors(authors: Sequence[tuple[str, str]], group: str) -> str:
    if not authors and not group:
        return ""
    people = "".join(
        f'<Author ValidYN="Y"><LastName>{escape(family)}</LastName>'
        + (
            f"<ForeName>{escape(given)}</ForeName>"
            f"<Initials>{''.join(part[0] for part in given.replace('-', ' ').split())}</Initials>"
            if given
            else ""
        )
        + "</Author>"
        for family, given in authors
    )
    collective = f'<Author ValidYN="Y"><CollectiveName>{escape(group)}</CollectiveName></Author>' if group else ""
    return f'<AuthorList CompleteYN="Y">{people}{collective}</AuthorList>'


def _write_registrations(registrations: Sequence[tuple[str, str]]) -> str:
    if not registrations:
        return ""
    banks = "".join(
        f"<DataBank><DataBankName>{escape(bank)}</DataBankName>"
        + (f"<AccessionNumberList><AccessionNumber>{number}</AccessionNumber></AccessionNumberList>" if number else "")
        + "</DataBank>"
        for bank, number in registrations
    )
    return f'<DataBankList CompleteYN="Y">{banks}</DataBankList>'


def _write_relations(relations: Sequence[tuple[str, str, str]]) -> str:
    if not relations:
        return ""
    rows = "".join(
        f'<CommentsCorrections RefType="{kind}"><RefSource>{escape(source)}</RefSource>'
        + (f'<PMID Version="1">{pmid}</PMID>' if pmid else "")
        + "</CommentsCorrections>"
        for kind, source, pmid in relations
    )
    return f"<CommentsCorrectionsList>{rows}</CommentsCorrectionsList>"


def _write_mesh(mesh: Sequence[str]) -> str:
    rows = []
    for heading in mesh:
        parts = heading.split("/")
        rows.append("<MeshHeading>")
        for place, part in enumerate(parts):
            tag = "QualifierName" if place else "DescriptorName"
            major = "Y" if part.startswith("*") else "N"
            rows.append(f'<{tag} UI="D000000" MajorTopicYN="{major}">{escape(part.lstrip("*"))}</{tag}>')
        rows.append("</MeshHeading>")
    return f"<MeshHeadingList>{''.join(rows)}</MeshHeadingList>" if rows else ""


def _write_keywords(keywords: Sequence[str]) -> str:
    rows = "".join(f'<Keyword MajorTopicYN="N">{keyword}</Keyword>' for keyword in keywords)
    return f'<KeywordList Owner="NOTNLM">{rows}</KeywordList>' if rows else ""


def _write_references(cited: Sequence[tuple[str, str]]) -> str:
    rows = "".join(
        "<Reference><Citation>A cited work.</Citation><ArticleIdList>"
        + (f'<ArticleId IdType="doi">{escape(doi)}</ArticleId>' if doi else "")
        + (f'<ArticleId IdType="pubmed">{pmid}</ArticleId>' if pmid else "")
        + "</ArticleIdList></Reference>"
        for pmid, doi in cited
    )
    return f"<ReferenceList>{rows}</ReferenceList>" if rows else ""


def book(
    pmid: int, title: str = "A chapter", *, book_title: str = "A Made-up Handbook", entered: date = date(2019, 5, 1)
) -> bytes:
    """Write one PubmedBookArticle."""
    return (
        f'<PubmedBookArticle><BookDocument><PMID Version="1">{pmid}</PMID><ArticleIdList><ArticleId '
        f'IdType="bookaccession">NBK{pmid}</ArticleId></ArticleIdList><Book><Publisher><PublisherName>Imagined Press'
        f'</PublisherName><PublisherLocation>Nowhere</PublisherLocation></Publisher><BookTitle book="made">'
        f'{escape(book_title)}</BookTitle><PubDate><Year>2018</Year></PubDate><AuthorList Type="editors"><Author>'
        f"<LastName>Mason</LastName><ForeName>Mia</ForeName><Initials>M</Initials></Author></AuthorList>"
        f'<Isbn>9780306406157</Isbn></Book><ArticleTitle book="made" part="one">{escape(title)}</ArticleTitle>'
        f'<Language>eng</Language><AuthorList Type="authors"><Author><LastName>Baker</LastName><ForeName>Bo</ForeName>'
        f'<Initials>B</Initials></Author></AuthorList><PublicationType UI="D016454">Review</PublicationType><Abstract>'
        f"<AbstractText>Words on {escape(title)}.</AbstractText></Abstract></BookDocument><PubmedBookData><History>"
        + _day("PubMedPubDate", entered, ' PubStatus="pubmed"')
        + _day("PubMedPubDate", entered, ' PubStatus="entrez"')
        + f'</History><PublicationStatus>ppublish</PublicationStatus><ArticleIdList><ArticleId IdType="pubmed">{pmid}'
        "</ArticleId></ArticleIdList></PubmedBookData></PubmedBookArticle>"
    ).encode("ascii", "xmlcharrefreplace")


def synthesise(
    count: int, *, seed: int = 1, first_pmid: int = 10_000_000, everywhere: str = "synthetic", step: int = 3
) -> Iterator[bytes]:
    """Write many records, the same for the same arguments.

    Args:
        everywhere: A word in every record's abstract, so that one query finds all.
        step: Gaps between PMIDs are drawn from 1 to this.
    """
    draw = random.Random(seed)
    pmid = first_pmid
    entered = date(2015, 1, 1)
    span = max(1, count // 3000)
    for number in range(count):
        pmid += draw.randint(1, step)
        if number % span == 0:
            entered += timedelta(days=1)
        if number % 997 == 500:
            yield book(pmid, f"{draw.choice(_TOPICS).capitalize()} in {everywhere} medicine", entered=entered)
            continue
        yield article(pmid, **_draw_fields(draw, number, entered, everywhere))


def _draw_fields(draw: random.Random, number: int, entered: date, everywhere: str) -> dict[str, Any]:
    """Draw what one record has; every oddity comes at a fixed rate."""
    topic = draw.choice(_TOPICS)
    title = f"{topic.capitalize()} and {draw.choice(_FILLER)}: {draw.choice(_DESIGNS)}."
    words = draw.choices(_FILLER, k=40)
    text = f"{everywhere.capitalize()} {topic} {' '.join(words)}."
    fields: dict[str, Any] = {
        "title": title,
        "abstract": text,
        "authors": [(draw.choice(_FAMILIES), draw.choice(_GIVENS)) for _ in range(draw.randint(1, 5))],
        "journal": draw.choice(_JOURNALS),
        "volume": str(draw.randint(1, 60)),
        "issue": str(draw.randint(1, 12)),
        "pages": f"{draw.randint(1, 400)}-{draw.randint(401, 800)}",
        "published": f"<Year>{entered.year}</Year><Month>{_MONTHS[entered.month - 1]}</Month>",
        "entered": entered,
        "revised": entered + timedelta(days=200),
        "mesh": [topic.capitalize(), draw.choice(("Humans", "*Skin/pathology", "Therapeutics/*adverse effects"))],
        "keywords": [topic],
        "electronic": entered + timedelta(days=10) if draw.random() < 0.4 else None,
        "status": draw.choice(("MEDLINE", "MEDLINE", "PubMed-not-MEDLINE", "Publisher", "In-Process")),
    }
    if number % 7 == 0:
        fields["abstract"] = [("BACKGROUND", text), ("RESULTS", f"{' '.join(words[:9])} in &lt;5% (P<sub>1</sub>).")]
    if number % 11 == 0:
        fields["title"] = f"<i>{topic.capitalize()}</i> and H<sub>2</sub>O: {draw.choice(_DESIGNS)}."
    if number % 13 == 0:
        fields |= {"title": f"[{title.rstrip('.')}].", "vernacular_title": f"\u00dcber {topic}.", "languages": ["ger"]}
    if number % 17 == 0:
        fields["group"] = f"The {topic.capitalize()} Group"
    if number % 19 == 0:
        fields["published"] = f"<MedlineDate>{entered.year} {_MONTHS[entered.month - 1]}-Dec</MedlineDate>"
    if number % 23 == 0:
        fields |= {"authors": [], "group": ""}
    if number % 29 == 0:
        fields["cited"] = [(str(10_000_000 + draw.randint(1, 500)), "10.5555/cited.work"), ("", "10.5555/another")]
    if number % 31 == 0:
        fields["doi"] = ""
    if number % 37 == 0:
        fields["registrations"] = [("ClinicalTrials.gov", f"NCT{draw.randint(0, 99999999):08}"), ("Dryad", "")]
    return fields

"""Synthetic pairs after the failures that were measured on real sets: what must be one, must not be, must be asked."""

from __future__ import annotations

import dataclasses

import pytest

from review.dedup.compare import can_tie
from review.dedup.compare import compare
from review.dedup.edges import draw_edge
from review.dedup.normalise import Normal
from review.dedup.normalise import normalise
from review.dedup.rules import BY_NAME
from review.dedup.rules import RULES
from review.dedup.rules import decide
from review.model import Author
from review.model import Record
from tests.dedup.builder import TITLE
from tests.dedup.builder import article
from tests.dedup.builder import bare

ONE = {
    "abbreviated journal, initials, short page range": (
        article(),
        article("b", journal="J Rheumatol", pages="101-9", authors="Moreau, A; Okafor, B; Lindqvist, C"),
    ),
    "title only": (article(), bare()),
    "DOI and title only": (article(doi="10.1234/abc"), bare(doi="10.1234/abc")),
    "DOI as an address in upper case": (
        article(doi="10.1234/ABC"),
        article("b", pages="", doi="https://doi.org/10.1234/abc"),
    ),
    "version in the DOI": (
        article(journal="", volume="", issue="", pages="", doi="10.21203/rs.3.rs-12345/v1"),
        article("b", journal="", volume="", issue="", pages="", doi="10.21203/rs.3.rs-12345/v2"),
    ),
    "ahead of print, the year before": (
        article(),
        article("b", year=2014, volume="", issue="", pages="1-9"),
    ),
    "diacritics dropped": (article(authors="Öström, Pär"), article("b", authors="Ostrom, Par", pages="")),
    "umlaut transcribed": (article(authors="Müller, Jörg"), article("b", authors="Mueller, Joerg", pages="")),
    "names inverted": (article(authors="Moreau, Anna"), article("b", authors="Anna, Moreau", pages="")),
    "names glued": (
        article(authors=(Author("Moreau A.Okafor B.Lindqvist C."),)),
        article("b", pages=""),
    ),
    "compound surname": (article(authors="López Aceña, Marta"), article("b", authors="Aceña, M. L.", pages="")),
    "language mark": (article(), article("b", f"{TITLE}. [Spanish]")),
    "translated title in brackets": (article(), article("b", f"[{TITLE}]")),
    "both languages in one title": (
        article(title="Calcinose cutanée au cours de la sclérodermie systémique: étude de 40 cas"),
        article(
            "b",
            "Calcinosis cutis in systemic sclerosis: a study of 40 cases [Calcinose cutanée au cours de la sclérodermie systémique: étude de 40 cas]",
        ),
    ),
    "title in two languages, one place": (
        article(title="Kalzinosen der Haut bei der systemischen Sklerose", journal="Zeitschrift fur Rheumatologie"),
        article("b", "Skin calcification and its treatment in scleroderma", journal="Z Rheumatol"),
    ),
    "erratum told in the title of the article": (
        article(),
        article("b", f"{TITLE}.[Erratum appears in J Rheumatol. 2016 May;43(5):999]"),
    ),
    "retracted stamp": (article(), article("b", f"RETRACTED: {TITLE}")),
    "pages turned into a date": (article(pages="8-11"), article("b", pages="08-Nov")),
    "pages of which the end is left": (article(pages="S417-S429"), article("b", pages="Suppl-29")),
    "article number beside pages": (article(pages="e12724"), article("b", pages="1-6", issue="")),
    "page ranges that touch": (article(pages="246-250"), article("b", pages="250-254", issue="")),
    "volume off by a slip": (article(), article("b", volume="43")),
    "year for a volume": (article(), article("b", volume="2015", issue="", pages="")),
    "supplement in the volume": (
        article(volume="59", issue="Suppl 1", pages="e24"),
        article("b", volume="1", issue="", pages="e24"),
    ),
    "row number for an issue": (article(issue="1711", pages=""), article("b", issue="1712")),
    "subtitle dropped": (
        article(title="Calcinosis cutis in systemic sclerosis and its treatment: a review of forty years"),
        article("b", "Calcinosis cutis in systemic sclerosis and its treatment", pages=""),
    ),
    "short title in one volume": (
        article(title="Skin in scleroderma", issue="", pages=""),
        article("b", "Skin in scleroderma"),
    ),
    "title cut off with its numbers": (
        article(title=f"{TITLE} with 24 months of observation", pages="", issue=""),
        article("b"),
    ),
    "preprint and a bare copy": (
        article(journal="", volume="", issue="", pages="", doi="10.5194/egusphere-2022-498"),
        bare(authors="Moreau, A", year=2015),
    ),
    "heading before the title": (
        article(pages=""),
        article("b", f"Invited Article - {TITLE}", pages="", year=None),
    ),
    "word spelt in two ways": (
        article(title="Haemodialysis and tumour calcification in paediatric rheumatology clinics"),
        article("b", "Hemodialysis and tumor calcification in pediatric rheumatology clinics", pages=""),
    ),
    "JSTOR's DOI": (article(doi="10.2307/4150001", pages=""), article("b", doi="10.3899/jrheum.150001", pages="")),
    "title missing": (article(), article("b", "")),
    "title not shown, same DOI": (
        article(doi="10.1234/abc"),
        bare(title="(title not shown on this page)", doi="10.1234/abc"),
    ),
    "conference in the journal's name": (
        article(journal="Blood", pages="", issue="21", volume="124"),
        article(
            "b",
            journal="Blood. Conference: 56th Annual Meeting, San Francisco",
            pages="",
            issue="21 SUPPL. 1",
            volume="124",
        ),
    ),
    "thesis in two catalogues": (
        article(journal="Dissertation Abstracts International: Section B", volume="69", issue="8-B", pages="4714"),
        article("b", journal="", volume="Ph.D.", issue="", pages="62 p", year=2014),
    ),
    "register entry twice": (
        bare("a", entry_type="register", registrations=("NCT01234567",)),
        bare("b", "Another title of the same entry", entry_type="register", registrations=("NCT01234567",)),
    ),
    "same PubMed id": (article(pmid="123"), bare("b", f"{TITLE} - a cut copy", pmid="123")),
    "editor's words, subject dropped": (
        article(title="Editor's comments: what a journal is for", authors="Weller, Ron", pages="iii"),
        article("b", "Editor's Comments", authors="Weller, R", pages=""),
    ),
}

TWO = {
    "supplement under one DOI": (
        article(title="Rituximab in diffuse scleroderma", doi="10.1234/supp", issue="S1", pages="S12"),
        article("b", "Tocilizumab in early scleroderma", doi="10.1234/supp", issue="S1", pages="S13"),
    ),
    "like titles under one supplement's DOI": (
        article(title="Effect of rituximab on skin in male patients with scleroderma", doi="10.1234/supp", issue="S1", pages="S12"),
        article("b", "Effect of rituximab on skin in female patients with scleroderma", doi="10.1234/supp", issue="S1", pages="S12"),
    ),
    "editorials of two issues": (
        article(title="Editorial", authors="Weller, R"),
        article("b", "Editorial", authors="Weller, R", issue="4", pages="201-203"),
    ),
    "editorials without a place": (
        article(title="Editorial", volume="", issue="", pages=""),
        article("b", "Editorial", volume="", issue="", pages=""),
    ),
    "yearly introduction": (
        article(title="Introduction to the minitrack on the gig economy", volume="", issue="", pages="", year=2021),
        article("b", "Introduction to the minitrack on the gig economy", volume="", issue="", pages="", year=2022),
    ),
    "parts": (
        article(title="Scleroderma and the skin. Part I: clinical signs and their course"),
        article("b", "Scleroderma and the skin. Part II: clinical signs and their course", pages="110-119"),
    ),
    "parts on one page": (
        article(title="Scleroderma and the skin. Part 1: signs", pages="101"),
        article("b", "Scleroderma and the skin. Part 2: signs", pages="101"),
    ),
    "erratum": (article(), article("b", f"Erratum: {TITLE}", pages="999")),
    "erratum told by the citation": (article(), article("b", f"{TITLE} (vol 42, pg 101, 2015)", issue="9", pages="999")),
    "reply": (article(), article("b", f"Comment on: {TITLE}", issue="5", pages="500")),
    "protocol": (article(), article("b", f"{TITLE}: study protocol", year=2014, volume="41", pages="7-12")),
    "two DOIs and two places": (article(doi="10.1234/a"), article("b", doi="10.1234/b", pages="201-209")),
    "preprint": (
        article(doi="10.1093/rheumatology/x"),
        article("b", journal="medRxiv", volume="", issue="", pages="", doi="10.1101/2015.01.01"),
    ),
    "abstract and paper": (
        article(),
        article("b", journal="Annals of the Rheumatic Diseases", volume="73", issue="Suppl 2", pages="A51", year=2014),
    ),
    "abstract and paper, told by the source": (
        article(),
        article("b", publication_types=("Meeting Abstract",), journal="Arthritis & Rheumatology", volume="67", issue="", pages="", year=2015),
    ),
    "register entry and report": (article(), bare("b", entry_type="register", registrations=("NCT01234567",))),
    "register entry by its journal": (article(), bare("b", journal="https://clinicaltrials.gov/show/NCT01234567")),
    "thesis and article": (
        article(),
        bare("b", authors="Moreau, A", year=2015, journal="ProQuest Dissertations and Theses"),
    ),
    "data set and article": (article(), bare("b", authors="Moreau, A", year=2015, entry_type="dataset")),
    "versions of a Cochrane review": (
        article(journal="Cochrane Database of Systematic Reviews", volume="", issue="6", pages="CD006828", year=2012),
        article("b", journal="Cochrane Database Syst Rev", volume="", issue="", pages="CD006828", year=2011),
    ),
    "two register entries": (
        bare("a", entry_type="register", registrations=("NCT01234567",)),
        bare("b", entry_type="register", registrations=("NCT07654321",)),
    ),
    "men and women": (
        article(title="Outcome of rituximab for interstitial lung disease in men", pages="", issue=""),
        article("b", "Outcome of rituximab for interstitial lung disease in women", pages="", issue=""),
    ),
    "numbers": (
        article(title="Toxicity of nanoparticles in rats after 28 days of inhalation"),
        article("b", "Toxicity of nanoparticles in rats after 90 days of inhalation", pages="110-119"),
    ),
    "nobody in common": (article(), article("b", authors="Smith, J; Jones, K", pages="", issue="", volume="")),
    "two PubMed ids": (article(pmid="1"), article("b", pmid="2", pages="")),
    "two papers of one team on one page": (
        article(title="Anaemia in scleroderma: a survey", issue="S1", pages="S101"),
        article("b", "Dental care in scleroderma: a cohort", issue="S1", pages="S101"),
    ),
    "issue-paged journal, same pages": (
        article(title="Digital labour and its platforms", issue="1", pages="54-59"),
        article("b", "Algorithms and the hiring of people", issue="2", pages="54-59"),
    ),
    "placeholder for a title": (
        bare("a", "(title not shown)", authors="Moreau, A", year=2015),
        bare("b", "(title not shown)", authors="Okafor, B", year=2015),
    ),
}  # fmt: skip

ASK = {
    "two DOIs, all else agrees": (
        article(doi="10.1234/a", pages=""),
        article("b", doi="10.1234/b"),
    ),
    "two first pages in one issue": (article(), article("b", pages="301-303")),
    "journal under another name": (
        article(journal="Revista Clinica", volume="", issue="", pages=""),
        article("b", journal="Arquivos de Medicina", volume="", issue="", pages=""),
    ),
    "year far off on a bare copy": (article(), bare("b", year=2022)),
    "short title": (
        article(title="Skin in scleroderma", volume="", issue="", pages=""),
        article("b", "Skin in scleroderma", pages=""),
    ),
    "a year apart, no place": (
        article(journal="Gambling surveys", volume="", issue="", pages=""),
        article("b", journal="Gambling surveys", volume="", issue="", pages="", year=2016),
    ),
    "same abstract, other title": (
        article(title="Mapping how agencies prepare", abstract="We asked agencies how they prepare. " * 12, pages=""),
        article("b", "A framework of readiness", abstract="We asked agencies how they prepare. " * 12, pages=""),
    ),
    "same pages, other title": (
        article(title="Mapping how agencies prepare for the flood", issue=""),
        article("b", "A framework of readiness among people in towns", issue=""),
    ),
    "title cut, no journal": (
        article(title=f"{TITLE} in two university hospitals"),
        bare(authors="Moreau, A; Okafor, B; Lindqvist, C", year=2015),
    ),
    "title cut, nobody named": (
        article(title=f"{TITLE} in two university hospitals"),
        bare(),
    ),
    "one review, no title": (
        article(registrations=("CRD42019000001",)),
        bare("b", "", year=2015, registrations=("CRD42019000001",)),
    ),
    "issue off, no page": (article(pages=""), article("b", issue="4")),
    "authors garbled": (article(), article("b", authors="Hospital, U; Street, M", pages="")),
    "translated, no pages": (
        article(title="Efecto del rituximab en la piel de los pacientes con esclerodermia"),
        article("b", "Skin outcomes of scleroderma under treatment with rituximab", pages="", issue=""),
    ),
    "abstracts of one supplement": (
        article(issue="S1", pages="S12"),
        article("b", issue="S1", pages="S112"),
    ),
    "volume off, no page": (article(pages=""), article("b", volume="48", pages="")),
    "much the same title": (
        article(title="Long term outcome of children with juvenile dermatomyositis in France", pages="", issue=""),
        article("b", "Long term outcome of adolescents with juvenile dermatomyositis in France", pages="", issue=""),
    ),
}


def outcome(pair: tuple[Record, Record]) -> str:
    left, right = (normalise(record) for record in pair)
    rule = decide(compare(left, right))
    assert decide(compare(right, left)) is rule, "the order of the two must not matter"
    return "different" if rule is None else rule.outcome


@pytest.mark.parametrize("pair", ONE.values(), ids=ONE)
def test_one_report(pair: tuple[Record, Record]) -> None:
    assert outcome(pair) == "duplicate"


@pytest.mark.parametrize("pair", TWO.values(), ids=TWO)
def test_two_reports(pair: tuple[Record, Record]) -> None:
    assert outcome(pair) == "different"


@pytest.mark.parametrize("pair", ASK.values(), ids=ASK)
def test_a_person_is_asked(pair: tuple[Record, Record]) -> None:
    assert outcome(pair) == "doubtful"


def test_skipping_a_pair_early_loses_no_edge() -> None:
    records = [normalise(record) for pairs in (ONE, TWO, ASK) for pair in pairs.values() for record in pair]
    for at, left in enumerate(records):
        for right in records[at + 1 :]:
            if not can_tie(left, right):
                rule = decide(compare(left, right))
                assert rule is None or rule.outcome == "different"
                assert draw_edge(left, right) is None


def test_names_of_rules_are_unique() -> None:
    assert len(BY_NAME) == len(RULES)


def test_only_rules_that_do_not_join_forbid() -> None:
    assert not [rule.name for rule in RULES if rule.outcome == "duplicate" and rule.forbids]


def test_what_a_rule_forbids_by_is_a_field() -> None:
    fields = {field.name for field in dataclasses.fields(Normal)}
    assert {rule.field for rule in RULES if rule.forbids} <= fields

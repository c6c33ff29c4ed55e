from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tests.emulator.corpus import Corpus
from tests.emulator.fields import FIELDS
from tests.emulator.fields import find_field
from tests.emulator.query import BackendError
from tests.emulator.query import Outcome
from tests.emulator.query import Query
from tests.emulator.synthesis import article
from tests.emulator.synthesis import book

ASTHMA = '"asthma"[MeSH Terms] OR "asthma"[All Fields] OR "asthmas"[All Fields] OR "asthma\'s"[All Fields]'
ASTHMA_PRINTED = ASTHMA.replace("'s", " s")


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus(
        [
            article(
                1,
                "Asthma in children.",
                mesh=["*Asthma/drug therapy"],
                entered=date(2020, 1, 1),
                authors=[("Smith", "Jo A")],
            ),
            article(2, "Many asthmas, one asthma's cause.", entered=date(2020, 1, 2), authors=[("Smithson", "Jo")]),
            article(
                3,
                "COPD in adults.",
                abstract="The heart failure of [18F]FDG scans.",
                mesh=["Copd"],
                entered=date(2021, 5, 5),
            ),
            article(
                4,
                "Wearables now.",
                abstract="Wearable and readiness score.",
                published="<Year>1999</Year>",
                languages=["ger"],
            ),
            article(
                5,
                "Other.",
                entered=date(2020, 1, 2),
                electronic=date(2018, 7, 9),
                status="Publisher",
                keywords=["odd word"],
            ),
            article(
                6,
                "Failure of the heart.",
                publication_types=["Case Reports"],
                registrations=[("ClinicalTrials.gov", "NCT01234567")],
            ),
            book(7, "Asthma chapter", entered=date(2022, 1, 1)),
        ]
    )


def run(corpus: Corpus, term: str, sets: list[tuple[list[int], str]] | None = None) -> Outcome:
    return Query(corpus, term, sets or ()).run()


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("asthma", [7, 1, 2]),
        ("asthma[ti]", [7, 2, 1]),
        ("asthma [tiab]", [7, 2, 1]),
        ("asthma[mh]", [1]),
        ("asthma[majr]", [1]),
        ("copd[majr] AND asthma[majr]", [1]),
        ("asthma/drug therapy[mh]", [1]),
        ('"heart failure"[tiab]', [3]),
        ('"heart failure"[tiab:~2]', [3, 6]),
        ("heart failure", [3, 6]),
        ("wearab*[tiab]", [4]),
        ("wearable[tiab] OR copd[ti]", [3, 4]),
        ("asthma NOT 1[uid]", [7, 2]),
        ("asthma AND 1:3[UID]", [2, 1]),
        ("(copd OR wearables) AND adults", [3]),
        ("copd OR wearables AND adults", [3]),
        ("adults AND (copd OR wearables)", [3]),
        ("smith j[au]", [1]),
        ("smith[au]", [1]),
        ("smith ja[1au]", [1]),
        ("1999[dp]", [4]),
        ("2018/07/09[dp]", [5]),
        ("2018/07:2018/08[dp]", [5]),
        ('"2021"[EDAT] : "2022"[EDAT]', [7, 3]),
        ('"2021"[EDAT] : "3000"[EDAT]', [7, 3]),
        ("2022:2021[edat]", []),
        ("publisher[sb]", [5]),
        ("pubmed books[sb]", [7]),
        ("all[sb] NOT pubmed books[sb] AND 1:3[uid]", [3, 2, 1]),
        ("case reports[pt]", [6]),
        ("german[la]", [4]),
        ("NCT01234567[si]", [6]),
        ('"J Imagin Med"[ta] AND 3[uid]', [3]),
        ("odd word[ot]", [5]),
        ("asthma) AND children", [1]),
        ("((asthma AND children", [1]),
    ],
)
def test_what_is_found(corpus: Corpus, term: str, expected: list[int]) -> None:
    found = run(corpus, term).pmids
    assert found == corpus.sort(expected)


def test_default_order_is_entry_date_then_pmid(corpus: Corpus) -> None:
    assert run(corpus, "all[sb]").pmids[:3] == [7, 3, 6]
    assert corpus.sort([1, 2, 5]) == [5, 2, 1]


class TestDiagnostics:
    """The recorded answers of the service, on a corpus of our own."""

    def test_untagged_word(self, corpus: Corpus) -> None:
        outcome = run(corpus, "asthma")
        assert outcome.translations == [("asthma", ASTHMA)]
        assert outcome.translation == ASTHMA_PRINTED

    def test_unknown_tag_is_dropped_without_a_word(self, corpus: Corpus) -> None:
        outcome = run(corpus, "asthma[foo]")
        assert outcome.pmids == run(corpus, "asthma").pmids
        assert (outcome.dropped_tag, outcome.phrases_not_found, outcome.messages) == (True, [], [])

    def test_tag_on_a_group_is_dropped(self, corpus: Corpus) -> None:
        outcome = run(corpus, "(asthma OR copd)[tiab]")
        assert outcome.dropped_tag
        assert outcome.translation == f'{ASTHMA_PRINTED} OR ("copd"[MeSH Terms] OR "copd"[All Fields])'

    def test_stop_word_with_tag(self, corpus: Corpus) -> None:
        outcome = run(corpus, "the[tiab] AND asthma[tiab]")
        assert outcome.pmids == []
        assert outcome.phrases_not_found == ["the"]
        assert outcome.translation == "the[tiab] AND asthma[tiab]"
        assert outcome.messages == ["No items found."]

    def test_phrase_dropped_inside_or(self, corpus: Corpus) -> None:
        outcome = run(corpus, '(wearable*[tiab] OR Copd[tiab]) AND ("readiness score"[tiab] OR "body battery"[tiab])')
        assert outcome.pmids == [4]
        assert outcome.quoted_not_found == ['"body battery"[tiab]']
        assert outcome.translation == (
            '("wearable*"[Title/Abstract] OR "Copd"[Title/Abstract]) AND "readiness score"[Title/Abstract]'
        )

    def test_phrase_that_is_not_indexed_although_it_stands_there(self, corpus: Corpus) -> None:
        corpus.unindexed_phrases.add("readiness score")
        try:
            assert run(corpus, '"readiness score"[tiab]').quoted_not_found == ['"readiness score"[tiab]']
        finally:
            corpus.unindexed_phrases.clear()

    def test_unknown_heading(self, corpus: Corpus) -> None:
        outcome = run(corpus, '"Atherosclerotic Disease"[Mesh]')
        assert outcome.quoted_not_found == ['"Atherosclerotic Disease"[Mesh]']
        assert outcome.translation == '"Atherosclerotic Disease"[Mesh]'

    def test_genuine_zero(self, corpus: Corpus) -> None:
        outcome = run(corpus, '"Asthma"[Mesh] AND 1804[dp]')
        assert outcome.translation == '"Asthma"[MeSH Terms] AND 1804/01/01:1804/12/31[Date - Publication]'
        assert (outcome.quoted_not_found, outcome.messages) == ([], ["No items found."])

    def test_modifier_ignored(self, corpus: Corpus) -> None:
        outcome = run(corpus, "asthma[mh:~3]")
        assert outcome.translations == [("asthma[mh:~3]", '"asthma"[MeSH Terms]')]
        assert outcome.translation == '"asthma"[MeSH Terms]'

    def test_modifier_kept(self, corpus: Corpus) -> None:
        assert run(corpus, '"asthma"[mh:noexp]').translation == '"asthma"[MeSH Terms:noexp]'

    def test_brackets_inside_quotes(self, corpus: Corpus) -> None:
        outcome = run(corpus, '"[18F]FDG"[tiab]')
        assert (outcome.pmids, outcome.translation) == ([3], '"18f fdg"[Title/Abstract]')

    def test_typographic_asterisk_truncates_nothing(self, corpus: Corpus) -> None:
        assert run(corpus, "asthm∗[ti]").pmids == []
        assert run(corpus, "asthma∗[ti]").translation == '"asthma"[Title]'

    def test_entity_in_the_term(self, corpus: Corpus) -> None:
        outcome = run(corpus, '"A &amp; B"[jour]')
        assert outcome.quoted_not_found == ['"A &amp;amp; B"[jour]']

    def test_unknown_word_alone_and_with_others(self, corpus: Corpus) -> None:
        outcome = run(corpus, "abcXYZ")
        assert (outcome.pmids, outcome.translation) == ([], "(abcXYZ[All Fields])")
        outcome = run(corpus, "asthma AND abcXYZ")
        assert outcome.phrases_not_found == ["abcXYZ"]
        assert outcome.pmids == run(corpus, "asthma").pmids

    @pytest.mark.parametrize("term", ["((", "()", "AND"])
    def test_nothing_to_search_for(self, corpus: Corpus, term: str) -> None:
        with pytest.raises(BackendError, match="Search Backend failed"):
            run(corpus, term)


def test_stored_sets(corpus: Corpus) -> None:
    sets = [([1, 2], "first"), ([2, 3], "second")]
    outcome = run(corpus, "#1 AND #2", sets)
    assert (outcome.pmids, outcome.translation) == ([2], "(first) AND (second)")
    assert run(corpus, "#1 NOT #2", sets).pmids == [1]
    with pytest.raises(BackendError, match="Unable to obtain query #3"):
        run(corpus, "#1 OR #3", sets)


def test_fields() -> None:
    assert len(FIELDS) == 50
    assert find_field("Title/Abstract") == find_field("tiab") == FIELDS["TIAB"]
    assert find_field("foo") is None


@pytest.mark.shared
def test_recorded_translations(shared: Path) -> None:
    """What the service printed for whole queries, where it does not depend on its vocabulary."""
    recorded = json.loads((shared / "data/entrez/captured_bodies/esearch_json_diagnostics.json").read_text())["cases"]
    corpus = Corpus(
        [article(1, "Asthma, asthmas and asthma's intervent.", mesh=["Asthma", "Atherosclerosis"], abstract="[18F]FDG")]
    )
    for name in (
        "mesh_heading_unknown", "clean", "genuine_zero", "unknown_field_tag_is_silent", "stopword_with_tag", "html_entity_in_term",
        "modifier_ignored", "brackets_inside_quotes", "typographic_asterisk",
    ):  # fmt: skip
        case = recorded[name]
        outcome = run(corpus, case["term"])
        answer = case["esearchresult"]
        assert outcome.translation == answer["querytranslation"], name
        assert [{"from": old, "to": new} for old, new in outcome.translations] == answer.get(
            "translationset", [{"from": old, "to": new} for old, new in outcome.translations]
        ), name
        assert outcome.quoted_not_found == answer.get("warninglist", {}).get("quotedphrasesnotfound", []), name
        assert outcome.phrases_not_found == answer.get("errorlist", {}).get("phrasesnotfound", []), name

"""Normal forms of text, titles, names, journals and places."""

from __future__ import annotations

import pytest

from review.dedup.journals import compare_journals
from review.dedup.journals import normalise_journal
from review.dedup.journals import split_meeting
from review.dedup.names import normalise_authors
from review.dedup.names import share_name
from review.dedup.normalise import normalise
from review.dedup.places import Pages
from review.dedup.places import compare_issues
from review.dedup.places import compare_pages
from review.dedup.places import normalise_issue
from review.dedup.places import normalise_pages
from review.dedup.places import normalise_volume
from review.dedup.text import fold
from review.dedup.text import is_blank
from review.dedup.text import split_words
from review.dedup.titles import normalise_title
from review.model import Author
from tests.dedup.builder import article
from tests.dedup.builder import authors


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Größe", "grosse"),
        ("Ærø &amp; Łódź", "aero & lodz"),
        ("TNF-α", "tnf-alpha"),
        ("ApoE<sup>-/-</sup> mice", "apoe-/- mice"),
        ("p < 0.05 and q > 2", "p < 0.05 and q > 2"),
        ("Ｆｕｌｌ width", "full width"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_an_apostrophe_does_not_end_a_word() -> None:
    assert split_words("women’s o'brien self-report") == ["womens", "obrien", "self", "report"]


@pytest.mark.parametrize("text", ["", " ", "NA", "n/a", "Unknown", "[not available]", "nan"])
def test_words_for_nothing_are_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["Nancy", "0", "Nature", "Anon et al. on the origin"])
def test_other_words_are_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Erratum: Calcinosis in scleroderma", "erratum"),
        ("Correction to: Calcinosis in scleroderma", "erratum"),
        ("Publisher Correction: Calcinosis in scleroderma", "erratum"),
        ("Calcinosis in scleroderma (vol 12, pg 33, 2010)", "erratum"),
        ("Calcinosis in scleroderma (Annals of Medicine (2009) 36 (542-544))", "erratum"),
        ("Comment on: Calcinosis in scleroderma", "reply"),
        ("Calcinosis in scleroderma - reply", "reply"),
        ("Re: Calcinosis in scleroderma", "reply"),
        ("Treatment of calcinosis: study protocol for a randomised trial", "protocol"),
        ("Additional file 1 of Calcinosis in scleroderma", "supplement"),
        ("Book review: Scleroderma in practice", "book review"),
    ],
)
def test_kinds_of_titles(title: str, kind: str) -> None:
    assert kind in normalise_title(title).kinds


@pytest.mark.parametrize(
    "title",
    [
        "Calcinosis in scleroderma [Erratum appears in Ann Med 2010 Jan;3(1):4]",
        "Response of calcinosis to rituximab",
        "Reply rates of postal surveys",
        "Correction of anaemia in renal failure",
        "A commentary corpus for language research",
    ],
)
def test_titles_without_a_kind(title: str) -> None:
    kinds = normalise_title(title).kinds
    assert "erratum" not in kinds or title.startswith("Correction of")
    assert "reply" not in kinds or title.startswith(("Reply rates", "Response of"))


@pytest.mark.parametrize(
    "title",
    [
        "Editorial",
        "Editor's comments",
        "Introduction to the special issue",
        "In this issue",
        "Letters to the editor",
        "Index",
    ],
)
def test_generic_titles(title: str) -> None:
    assert normalise_title(title).generic


def test_titles_with_a_subject_are_not_generic() -> None:
    assert not normalise_title("Editor's comments: what a journal is for").generic
    assert normalise_title("Editor's comments: what a journal is for").editorial


def test_numbers_of_titles() -> None:
    title = normalise_title("Scleroderma, part II: three cases and 12 controls")
    assert title.numbers == {"2", "3", "12"}
    assert title.parts == {"2"}


def test_placeholders_are_no_title() -> None:
    assert normalise_title("(title not shown on the page)").wordings == ()
    assert normalise_title("UNKNOWN").wordings == ()
    assert normalise_title("Journal of Rheumatology", journal="journalofrheumatology").wordings == ()


def test_halves_of_a_bilingual_title_are_wordings() -> None:
    title = normalise_title("Calcinosis cutis in scleroderma [Calcinosis cutánea en la esclerodermia]")
    assert title.wordings == ("calcinosiscutisinscleroderma", "calcinosiscutaneaenlaesclerodermia")


def test_vernacular_title_is_a_wording() -> None:
    assert len(normalise_title("Calcinosis in scleroderma", vernacular="Calcinosis en la esclerodermia").wordings) == 2


@pytest.mark.parametrize(
    "title",
    [
        "(" * 20_000 + "1",
        "erratum " + "[(" * 5_000 + "9",
        "x" * 200_000,
        "\x00" * 500 + "a b c d e",
        "[" * 9_999 + "]" * 9_999,
    ],
)
def test_hostile_titles_take_no_time(title: str) -> None:
    assert normalise_title(title) is not None


def test_languages_are_guessed_from_small_words() -> None:
    assert normalise_title("Effect of rituximab on the skin").language == "en"
    assert normalise_title("Efecto del rituximab en la piel de los pacientes").language == "es"
    assert normalise_title("Rituximab").language == ""


def test_names_do_not_depend_on_their_form() -> None:
    whole = normalise_authors(authors("Moreau, Anna; Okafor, B"))
    glued = normalise_authors((Author("Moreau A.Okafor B."),))
    listed = normalise_authors((Author("A. Moreau and B. Okafor"),))
    assert whole.surnames == glued.surnames == listed.surnames == {"moreau", "okafor"}
    assert whole.key == "moreau"


def test_groups_and_nobody_do_not_count() -> None:
    people = normalise_authors(
        (
            Author("Scleroderma Study Group", is_collective=True),
            Author("European Research Network"),
            Author("Anonymous"),
        )
    )
    assert people.count == 0


def test_people_taken_for_a_group_are_people() -> None:
    people = normalise_authors((Author("Moreau A.Okafor B.Lindqvist C. D.", is_collective=True),))
    assert people.surnames == {"moreau", "okafor", "lindqvist"}


def test_a_slip_in_a_name_is_seen() -> None:
    assert share_name({"ostensson"}, {"stensson"})
    assert share_name({"yeshayahu"}, {"yeshaaiahu"})
    assert not share_name({"moreau"}, {"okafor"})
    assert not share_name({"li"}, {"lin"})


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("The New England Journal of Medicine", "N Engl J Med", "same"),
        ("Deutsche Medizinische Wochenschrift", "Dtsch-Med-Wochenschr", "same"),
        ("British Medical Journal", "BMJ", "same"),
        ("BMJ (Clinical research ed.)", "BMJ", "same"),
        ("Langenbeck's Archives of Surgery", "Langenbecks Arch Surg", "same"),
        ("Atherosclerosis Supplements", "Atherosclerosis", "near"),
        ("International Conference on Information Systems", "ICIS: Transforming Society", "near"),
        ("Diabetes", "Diabetologia", "different"),
        ("Stroke", "Heart", "different"),
        ("", "Heart", "missing"),
        ("Deleted Journal", "Heart", "missing"),
        ("lens", "Heart", "missing"),
    ],
)
def test_journals(left: str, right: str, level: str) -> None:
    assert compare_journals(normalise_journal(left), normalise_journal(right)) == level
    assert compare_journals(normalise_journal(right), normalise_journal(left)) == level


def test_a_congress_is_split_from_its_journal() -> None:
    assert split_meeting("Blood. Conference: 54th Annual Meeting") == ("Blood", "Conference 54th Annual Meeting")
    assert split_meeting("Blood") == ("Blood",)


def test_an_issn_outweighs_the_name() -> None:
    left = normalise(article(journal="Aizheng", issn=("1000-467X",)))
    assert left.issn == {"1000467X"}


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("221-8", "221", "228"),
        ("376 -- 383", "376", "383"),
        ("S12-S15", "s12", "s15"),
        ("S12-5", "s12", "s15"),
        ("e1129-38", "e1129", "e1138"),
        ("pp. 0101–0109", "101", "109"),
        ("iii--v", "iii", "v"),
        ("Article ID 214013, 7 pages", "214013", ""),
        ("106-11; discussion 111", "106", "111"),
        ("(no pagination)", "", ""),
        ("N.PAG", "", ""),
        ("215 p", "", ""),
        ("NA", "", ""),
    ],
)
def test_pages(text: str, first: str, last: str) -> None:
    pages = normalise_pages(text)
    assert (pages.first, pages.last) == (first, last)


def test_pages_that_a_spreadsheet_damaged() -> None:
    assert normalise_pages("08-Nov").dates == {"8", "11"}
    assert normalise_pages("Nov-19").dates == {"11", "19"}
    assert normalise_pages("Suppl-29") == Pages(tail="29")


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("221-228", "221-8", "same"),
        ("S12", "12", "same"),
        ("8-11", "08-Nov", "same"),
        ("S417-S429", "Suppl-29", "near"),
        ("246-250", "250-254", "near"),
        ("969-972", "a1754", "near"),
        ("233-238+230-235", "230-5, 246-51", "near"),
        ("2297-2108", "2097-2108", "near"),
        ("101-109", "201-209", "different"),
        ("1-9", "101-109", "missing"),
        ("1-9", "1-17", "missing"),
        ("", "101", "missing"),
    ],
)
def test_comparing_pages(left: str, right: str, level: str) -> None:
    a, b = normalise_pages(left), normalise_pages(right)
    assert compare_pages(a, b) == level
    assert compare_pages(b, a) == level


@pytest.mark.parametrize(
    ("text", "volume"),
    [("42", "42"), ("012", "12"), ("4 (1) (no pagination)", "4"), ("31A", "31a"), ("22 Suppl 1", "22"), ("1)", ""), ("Suppl 18", ""),
     ("Ph.D.", ""), ("ahead-of-print", ""), ("Apr 25 [Epub ahead of print]", ""), ("UNKNOWN", "")],
)  # fmt: skip
def test_volumes(text: str, volume: str) -> None:
    assert normalise_volume(text) == volume


@pytest.mark.parametrize(
    ("issue", "volume", "normal"),
    [
        ("01", "42", "1"),
        ("3-4", "42", "3-4"),
        ("Suppl. 2", "42", "s2"),
        ("", "42 (3)", "3"),
        ("", "42 Suppl 3", "s3"),
        ("NA", "42", ""),
    ],
)
def test_issues(issue: str, volume: str, normal: str) -> None:
    assert normalise_issue(issue, volume) == normal


def test_comparing_issues() -> None:
    assert compare_issues("3", "3") == "same"
    assert compare_issues("3", "4") == "different"
    assert compare_issues("21", "s21-1") == "missing"
    assert compare_issues("1711", "1712") == "missing"


def test_a_fingerprint_changes_with_what_is_compared() -> None:
    assert normalise(article()).fingerprint == normalise(article("b")).fingerprint
    assert normalise(article()).fingerprint != normalise(article(pages="101")).fingerprint
    assert normalise(article()).fingerprint == normalise(article(url="https://example.org")).fingerprint

"""What makes two records entries of one report, once nothing forbids it."""

from __future__ import annotations

from review.dedup.compare import Comparison
from review.dedup.conditions import in_supplement
from review.dedup.conditions import is_specific
from review.dedup.conditions import journals_fit
from review.dedup.conditions import names_agree
from review.dedup.conditions import near_in_time
from review.dedup.conditions import one_time
from review.dedup.conditions import same_issue
from review.dedup.conditions import same_journal
from review.dedup.conditions import same_page
from review.dedup.conditions import same_volume_and_issue
from review.dedup.conditions import same_volume_and_page
from review.dedup.conditions import same_work
from review.dedup.conditions import title_letters
from review.dedup.conditions import titles_generic
from review.dedup.conditions import translated
from review.dedup.conditions import volume_slips
from review.dedup.conditions import whole_range
from review.dedup.rule import Rule

#: Likeness of titles that vary but are one: 0.85 where little else speaks, 0.8 where place and people agree.
_ALIKE = 0.85
_RATHER_ALIKE = 0.8
#: Letters of a title that another one begins or ends with, where no place confirms.
_LONG = 35
_RATHER_LONG = 25
_VERY_LONG = 60


def same_pubmed_id(c: Comparison) -> bool:
    """One PubMed id, and titles that can be one."""
    return c.pmid == "same" and c.title != "different"


def same_registration(c: Comparison) -> bool:
    """Two entries of one register number."""
    shared = not c.left.registrations.isdisjoint(c.right.registrations)
    return c.left.kind == c.right.kind == "register" and shared


def same_doi_and_title(c: Comparison) -> bool:
    """One DOI and one title; a DOI alone is that of a whole supplement as well."""
    if c.doi != "same":
        return False
    if same_work(c):
        return True
    if c.title == "part":
        return c.names != "different"
    if c.title == "missing":
        return not in_supplement(c)
    if c.title != "loose" or c.likeness < _ALIKE or c.names == "different" or c.numbers == "different":
        return False
    return c.pages == "same" or (not in_supplement(c) and c.clashes == 0)


def same_doi_and_abstract(c: Comparison) -> bool:
    """One DOI and one abstract."""
    return c.doi == "same" and c.abstract == "same"


def same_doi_translated(c: Comparison) -> bool:
    """One DOI, people, volume and page: the titles are in two languages."""
    return c.doi == "same" and c.names == "same" and c.first_name and same_volume_and_page(c) and not in_supplement(c)


def same_title_and_page(c: Comparison) -> bool:
    """One title on one page."""
    return same_work(c) and same_page(c) and (names_agree(c) or c.volume == "same")


def same_title_and_issue(c: Comparison) -> bool:
    """One title in one issue; without shared authors the title must be telling."""
    if not same_work(c) or not same_volume_and_issue(c) or not (journals_fit(c) or c.title == "same"):
        return False
    return names_agree(c) or is_specific(c) or (c.title == "same" and same_journal(c) and not titles_generic(c))


def same_title_nothing_against(c: Comparison) -> bool:
    """One telling title by the same people, and no field contradicts; most may be missing."""
    return (
        same_work(c)
        and is_specific(c)
        and names_agree(c)
        and c.clashes == 0
        and journals_fit(c)
        and c.numbers == "same"
        and (one_time(c) or c.places > 0)
    )


def same_title_authors_missing(c: Comparison) -> bool:
    """One telling title, authors missing on a side, and no field contradicts."""
    fits = c.names == "missing" and c.clashes == 0 and journals_fit(c) and one_time(c)
    return c.title == "same" and is_specific(c) and fits


def same_title_and_volume(c: Comparison) -> bool:
    """One title, be it short, by the same people in one volume and year, and no field contradicts."""
    return (
        c.title == "same"
        and not titles_generic(c)
        and c.names == "same"
        and same_journal(c)
        and c.volume == "same"
        and c.clashes == 0
        and near_in_time(c, 0)
    )


def same_title_pages_noted_apart(c: Comparison) -> bool:
    """One title by the same people in one volume; the pages are noted in two ways."""
    return (
        same_work(c)
        and not titles_generic(c)
        and c.names == "same"
        and c.pages == "near"
        and c.volume == "same"
        and journals_fit(c)
        and near_in_time(c)
    )


def title_cut_same_page(c: Comparison) -> bool:
    """One title holds the other, on one page."""
    return c.title == "part" and same_page(c) and (names_agree(c) or c.last_page == "same") and not titles_generic(c)


def title_cut_same_issue(c: Comparison) -> bool:
    """One title holds the other, by the same people in one issue."""
    if c.title != "part" or not same_issue(c) or not names_agree(c) or in_supplement(c):
        return False
    return not titles_generic(c)


def title_cut_nothing_against(c: Comparison) -> bool:
    """One long title holds the other, by the same people in one journal and year, and no field contradicts.

    Without a journal on both sides it may be a report and its long version: a person is asked.
    """
    if c.title != "part" or c.names != "same" or c.clashes or not journals_fit(c) or not near_in_time(c, 0):
        return False
    if not (same_journal(c) or c.abstract == "same") or c.parts:
        return False
    letters = title_letters(c)
    # A title that a source cut off may have lost its numbers.
    numbers = c.numbers == "same" or (c.numbers == "one-sided" and letters >= _VERY_LONG)
    return numbers and (letters >= _LONG or (letters >= _RATHER_LONG and c.volume == "same"))


def same_editorial(c: Comparison) -> bool:
    """The editor's words in one issue, of which one source gives no subject."""
    left, right = c.left.title, c.right.title
    return (
        left.editorial
        and right.editorial
        and titles_generic(c)
        and same_issue(c)
        and same_journal(c)
        and names_agree(c)
        and near_in_time(c)
        and c.doi != "different"
    )


def title_varied_same_page(c: Comparison) -> bool:
    """Most words agree, by the same people on one page; abstracts of a supplement share pages."""
    if c.title != "loose" or not c.first_name or not same_volume_and_page(c) or c.last_page == "different":
        return False
    if not journals_fit(c) or not near_in_time(c):
        return False
    alike = c.likeness >= _ALIKE
    return (c.names == "same" or alike) and (whole_range(c) or not in_supplement(c) or alike)


def title_varied_same_pages(c: Comparison) -> bool:
    """Most words agree, and journal and all pages do."""
    return (
        c.title == "loose"
        and c.names != "different"
        and whole_range(c)
        and c.volume != "different"
        and same_journal(c)
        and c.years == 0
        and (c.volume == "same" or c.names == "same")
    )


def title_varied_same_issue(c: Comparison) -> bool:
    """Titles are much alike, by the same people in one issue."""
    return (
        c.title == "loose"
        and c.likeness >= _RATHER_ALIKE
        and c.names == "same"
        and c.first_name
        and same_issue(c)
        and same_journal(c)
        and near_in_time(c, 0)
        and not in_supplement(c)
        and not titles_generic(c)
    )


def title_translated(c: Comparison) -> bool:
    """Titles share nothing, but people, journal, volume and all pages agree."""
    if c.title != "different" or not c.first_name or c.names != "same" or not whole_range(c):
        return False
    one_volume = same_journal(c) and c.volume == "same" and c.years == 0
    return one_volume and (c.issue == "same" or (c.issue == "missing" and translated(c)))


def title_missing_same_page(c: Comparison) -> bool:
    """One side has no title; people, journal, volume and page agree."""
    return (
        c.title == "missing"
        and names_agree(c)
        and same_journal(c)
        and same_volume_and_page(c)
        and near_in_time(c)
        and not in_supplement(c)
    )


def title_missing_same_issue(c: Comparison) -> bool:
    """One side has no title; the whole list of authors and the issue, or of two or more and the volume, agree."""
    people = c.left.names.count
    if c.title != "missing" or not people or c.left.names.surnames != c.right.names.surnames:
        return False
    issue = same_issue(c) or (people > 1 and c.volume == "same" and c.issue == "missing" and c.pages != "different")
    return issue and same_journal(c) and near_in_time(c) and not in_supplement(c)


def same_abstract(c: Comparison) -> bool:
    """One abstract by the same people, no field contradicts; the titles vary or are in two languages."""
    if c.title == "different" and not translated(c):
        return False
    return (
        names_agree(c)
        and c.clashes == 0
        and journals_fit(c)
        and c.numbers != "different"
        and one_time(c)
        and c.abstract == "same"
    )


MERGES: tuple[Rule, ...] = (
    Rule("same PubMed id", "duplicate", "same PubMed id", same_pubmed_id),
    Rule("same registration", "duplicate", "same number of one trial register", same_registration),
    Rule("same DOI and title", "duplicate", "same DOI, and the titles agree", same_doi_and_title),
    Rule("same DOI and abstract", "duplicate", "same DOI and abstract", same_doi_and_abstract),
    Rule(
        "same DOI, title translated",
        "duplicate",
        "same DOI, authors, volume and first page; the titles differ as in a translation",
        same_doi_translated,
    ),
    Rule("same title and page", "duplicate", "same title, volume and first page", same_title_and_page),
    Rule("same title and issue", "duplicate", "same title, volume and issue", same_title_and_issue),
    Rule(
        "same title and volume",
        "duplicate",
        "same title, authors, journal, volume and year, and no field contradicts",
        same_title_and_volume,
    ),
    Rule(
        "same title, nothing against",
        "duplicate",
        "same specific title and authors, and no field contradicts",
        same_title_nothing_against,
    ),
    Rule(
        "same title, authors missing",
        "duplicate",
        "same specific title, authors missing on one side, and no field contradicts",
        same_title_authors_missing,
    ),
    Rule(
        "same title, pages noted apart",
        "duplicate",
        "same title, authors and volume; the page ranges overlap, or one is an article number or cut",
        same_title_pages_noted_apart,
    ),
    Rule(
        "same title and pages, volume off",
        "duplicate",
        "same title, authors, journal and pages; the volume differs",
        volume_slips,
    ),
    Rule(
        "title cut, same page",
        "duplicate",
        "one title holds the other; volume and first page agree",
        title_cut_same_page,
    ),
    Rule(
        "title cut, same issue",
        "duplicate",
        "one title holds the other; authors, volume and issue agree",
        title_cut_same_issue,
    ),
    Rule(
        "title cut, nothing against",
        "duplicate",
        "one title holds the other; authors agree and no field contradicts",
        title_cut_nothing_against,
    ),
    Rule(
        "same editorial",
        "duplicate",
        "the editor's words in one volume and issue; one title gives no subject",
        same_editorial,
    ),
    Rule(
        "title varied, same page",
        "duplicate",
        "the titles vary; authors, volume and first page agree",
        title_varied_same_page,
    ),
    Rule(
        "title varied, same pages",
        "duplicate",
        "the titles vary; journal and all pages agree, and no field contradicts",
        title_varied_same_pages,
    ),
    Rule(
        "title varied, same issue",
        "duplicate",
        "the titles vary; authors, journal, volume and issue agree",
        title_varied_same_issue,
    ),
    Rule(
        "title translated",
        "duplicate",
        "the titles differ as in a translation; first author, journal, volume and all pages agree",
        title_translated,
    ),
    Rule(
        "title missing, same page",
        "duplicate",
        "one side has no title; authors, journal, volume and first page agree",
        title_missing_same_page,
    ),
    Rule(
        "title missing, same issue",
        "duplicate",
        "one side has no title; all authors, journal, volume and issue agree",
        title_missing_same_issue,
    ),
    Rule(
        "same abstract",
        "duplicate",
        "same abstract and authors, and no field contradicts; the titles vary or are translated",
        same_abstract,
    ),
)

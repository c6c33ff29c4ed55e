"""What a person must look at: all speaks for one report, but for one field; or much does, and nothing against."""

from __future__ import annotations

from review.dedup.compare import Comparison
from review.dedup.conditions import in_supplement
from review.dedup.conditions import is_specific
from review.dedup.conditions import journals_fit
from review.dedup.conditions import kinds_differ
from review.dedup.conditions import names_agree
from review.dedup.conditions import near_in_time
from review.dedup.conditions import same_journal
from review.dedup.conditions import same_work
from review.dedup.conditions import title_letters
from review.dedup.conditions import titles_generic
from review.dedup.conditions import translated
from review.dedup.conditions import whole_range
from review.dedup.rule import Rule
from review.dedup.vetoes import dois_differ
from review.dedup.vetoes import journals_differ
from review.dedup.vetoes import nobody_in_common
from review.dedup.vetoes import pages_differ
from review.dedup.vetoes import volumes_differ
from review.dedup.vetoes import years_differ
from review.dedup.vetoes import years_far


def _one_paper(c: Comparison) -> bool:
    """Title and people are those of one paper."""
    return same_work(c) and is_specific(c) and c.names == "same" and c.numbers == "same"


def only_doi_against(c: Comparison) -> bool:
    """Two DOIs, but title, people, journal and place agree."""
    if not dois_differ(c) or not _one_paper(c) or not same_journal(c) or not near_in_time(c, 0):
        return False
    return c.left.preprint == c.right.preprint and (c.pages == "same" or (c.places == 2 and c.clashes == 0))


def only_authors_against(c: Comparison) -> bool:
    """No author in common, but title, journal, year and volume agree: one list may be garbled."""
    return (
        c.names == "different"
        and nobody_in_common(c)
        and same_work(c)
        and is_specific(c)
        and c.numbers == "same"
        and same_journal(c)
        and c.volume == "same"
        and c.clashes == 0
        and near_in_time(c, 0)
        and c.doi != "different"
        and c.pmid != "different"
        and not kinds_differ(c)
    )


def only_pages_against(c: Comparison) -> bool:
    """Two first pages, but title, people, journal, year, volume and issue agree."""
    return (
        pages_differ(c)
        and _one_paper(c)
        and c.journal == "same"
        and c.volume == "same"
        and c.issue != "different"
        and c.left.supplement == c.right.supplement
        and c.years == 0
        and c.doi != "different"
    )


def only_volume_against(c: Comparison) -> bool:
    """Two volumes, but title, people, journal and year agree, and no page contradicts."""
    return (
        volumes_differ(c)
        and _one_paper(c)
        and c.journal == "same"
        and c.years == 0
        and c.pages != "different"
        and c.doi != "different"
        and not in_supplement(c)
    )


def only_journal_against(c: Comparison) -> bool:
    """Two journals by name, but title, people and year agree, and no place contradicts."""
    return (
        journals_differ(c)
        and _one_paper(c)
        and c.clashes == 0
        and c.doi != "different"
        and near_in_time(c, 0)
        and c.left.meeting == c.right.meeting
    )


def only_year_against(c: Comparison) -> bool:
    """Years far apart, but a telling title agrees, the people may, and nothing else contradicts."""
    return (
        years_far(c)
        and years_differ(c)
        and c.title == "same"
        and is_specific(c)
        and c.names != "different"
        and c.numbers == "same"
        and c.clashes == 0
        and journals_fit(c)
        and c.doi != "different"
        and not (c.left.placed and c.right.placed)
    )


def title_held_authors_missing(c: Comparison) -> bool:
    """One long title holds the other; a side has no authors, and no field contradicts."""
    return (
        c.title == "part"
        and title_letters(c) >= 60
        and c.names == "missing"
        and c.clashes == 0
        and journals_fit(c)
        and near_in_time(c, 0)
        and c.numbers != "different"
    )


def same_registration_no_title(c: Comparison) -> bool:
    """One registered study or review, and a side without a title."""
    return c.title == "missing" and not c.left.registrations.isdisjoint(c.right.registrations) and near_in_time(c, 0)


def short_title_nothing_against(c: Comparison) -> bool:
    """A title too short to be telling, the same people and year, and no field contradicts."""
    return (
        c.title == "same"
        and not titles_generic(c)
        and c.names == "same"
        and c.clashes == 0
        and journals_fit(c)
        and near_in_time(c, 0)
    )


def a_year_apart(c: Comparison) -> bool:
    """A telling title and the same people a year apart, no place on either side: one report, or two yearly ones."""
    return (
        same_work(c)
        and is_specific(c)
        and c.names != "different"
        and c.numbers == "same"
        and c.clashes == 0
        and journals_fit(c)
        and near_in_time(c)
    )


def only_issue_against(c: Comparison) -> bool:
    """Two issues of one volume, but title, people and year agree, and no page contradicts."""
    return (
        _one_paper(c)
        and c.volume == "same"
        and c.issue == "different"
        and c.pages in ("same", "missing")
        and same_journal(c)
        and near_in_time(c, 0)
        and not in_supplement(c)
    )


def title_varied_nothing_against(c: Comparison) -> bool:
    """Titles are much alike or one holds the other; people, journal and year agree, and no field contradicts."""
    alike = c.title == "part" or (c.title in ("loose", "near") and c.likeness >= 0.88)
    return (
        alike
        and is_specific(c)
        and c.names == "same"
        and c.first_name
        and c.clashes == 0
        and journals_fit(c)
        and near_in_time(c)
        and c.numbers != "different"
        and not in_supplement(c)
    )


def same_pages_other_title(c: Comparison) -> bool:
    """People, journal, volume and all pages agree, but the titles share little."""
    return (
        c.title == "different"
        and names_agree(c)
        and same_journal(c)
        and c.volume == "same"
        and whole_range(c)
        and c.years == 0
        and c.issue != "different"
    )


def translated_place_incomplete(c: Comparison) -> bool:
    """Titles in two languages, the same people, journal and volume, and pages that are not given on a side."""
    return (
        c.title == "different"
        and translated(c)
        and c.first_name
        and c.left.names.surnames == c.right.names.surnames
        and same_journal(c)
        and c.volume == "same"
        and c.issue != "different"
        and c.pages == "missing"
        and c.years == 0
        and c.doi != "different"
        and not in_supplement(c)
    )


def same_abstract_other_title(c: Comparison) -> bool:
    """One abstract by the same people, but other titles in one language."""
    return (
        c.title == "different"
        and not translated(c)
        and c.names == "same"
        and c.clashes == 0
        and journals_fit(c)
        and near_in_time(c)
        and c.doi != "different"
        and c.abstract == "same"
    )


#: Asked before what two records are is held against them.
GARBLED: tuple[Rule, ...] = (
    Rule(
        "only the authors against",
        "doubtful",
        "no author in common, but title, journal, year and volume agree",
        only_authors_against,
        None,
        "names",
    ),
)

ONE_AGAINST: tuple[Rule, ...] = (
    Rule(
        "only the DOI against",
        "doubtful",
        "both have a DOI, and they differ, but title, authors, journal and place agree",
        only_doi_against,
        "version-of",
        "doi",
    ),
    Rule(
        "only the pages against",
        "doubtful",
        "first pages differ, but title, authors, journal, year and volume agree",
        only_pages_against,
        "version-of",
        "pages",
    ),
    Rule(
        "only the volume against",
        "doubtful",
        "volumes differ, but title, authors, journal and year agree",
        only_volume_against,
        "version-of",
        "volume",
    ),
    Rule(
        "only the year against",
        "doubtful",
        "the years are far apart, but the title agrees and nothing else contradicts",
        only_year_against,
        "version-of",
        "years",
    ),
    Rule(
        "only the journal against",
        "doubtful",
        "the journals' names differ, but title, authors and year agree and no place contradicts",
        only_journal_against,
        "version-of",
        "journals",
    ),
)

NOTHING_AGAINST: tuple[Rule, ...] = (
    Rule(
        "short title, nothing against",
        "doubtful",
        "same title, authors and year, and no field contradicts, but the title is short",
        short_title_nothing_against,
    ),
    Rule(
        "only the issue against",
        "doubtful",
        "the issues differ, but title, authors, journal, volume and year agree",
        only_issue_against,
    ),
    Rule(
        "a year apart",
        "doubtful",
        "same title and no field contradicts, but a year lies between and neither side says where it stands",
        a_year_apart,
    ),
    Rule(
        "title varied, nothing against",
        "doubtful",
        "much the same title, same authors and journal, and no field contradicts",
        title_varied_nothing_against,
    ),
    Rule(
        "title held, authors missing",
        "doubtful",
        "one title holds the other, one side has no authors, and no field contradicts",
        title_held_authors_missing,
    ),
    Rule(
        "same registration, no title",
        "doubtful",
        "same registration number, and one side has no title",
        same_registration_no_title,
    ),
    Rule(
        "same pages, other title",
        "doubtful",
        "authors, journal, volume and all pages agree, but the titles share little",
        same_pages_other_title,
    ),
    Rule(
        "translated, place incomplete",
        "doubtful",
        "titles in two languages; authors, journal and volume agree, pages are missing on one side",
        translated_place_incomplete,
    ),
    Rule(
        "same abstract, other title",
        "doubtful",
        "same abstract and authors, but the titles share little",
        same_abstract_other_title,
    ),
)

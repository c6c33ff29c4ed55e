"""Conditions that several rules share, each a question about two records."""

from __future__ import annotations

from review.dedup.compare import Comparison

#: Letters and words of a title that two papers do not share by chance.
_SPECIFIC_LETTERS = 30
_SPECIFIC_WORDS = 4


def same_work(c: Comparison) -> bool:
    """The titles say the same."""
    return c.title in ("same", "near")


def names_agree(c: Comparison) -> bool:
    """The author lists share a name."""
    return c.names in ("same", "some")


def near_in_time(c: Comparison, gap: int = 1) -> bool:
    """The years are at most so far apart, or one is missing."""
    return c.years is None or c.years <= gap


def journals_fit(c: Comparison) -> bool:
    """Nothing says that these are two journals."""
    return c.journal != "different"


def same_journal(c: Comparison) -> bool:
    """Both name one journal."""
    return c.journal in ("same", "near")


def same_page(c: Comparison) -> bool:
    """Volume and first page agree; where a volume is missing, journal and first page."""
    return c.pages == "same" and (c.volume == "same" or (c.volume == "missing" and same_journal(c)))


def same_volume_and_page(c: Comparison) -> bool:
    """Volume and first page are given on both sides and agree."""
    return c.volume == "same" and c.pages == "same"


def same_volume_and_issue(c: Comparison) -> bool:
    """Volume and issue agree and no page says otherwise, whatever the journal is called."""
    return c.volume == "same" and c.issue == "same" and c.pages != "different"


def same_issue(c: Comparison) -> bool:
    """Volume and issue of what may be one journal agree, and no page says otherwise."""
    return same_volume_and_issue(c) and journals_fit(c)


def same_spot(c: Comparison) -> bool:
    """The place in the literature is given on both sides and is one."""
    return same_volume_and_page(c) or same_issue(c)


def same_identifier(c: Comparison) -> bool:
    """One DOI or one PubMed id."""
    return c.doi == "same" or c.pmid == "same"


def titles_generic(c: Comparison) -> bool:
    """Many documents bear such a title."""
    return c.left.title.generic or c.right.title.generic


def title_letters(c: Comparison) -> int:
    """Count the letters of the shorter title."""
    return min(len(c.left.title.letters), len(c.right.title.letters))


def is_specific(c: Comparison) -> bool:
    """Two papers do not share such a title by chance."""
    words = min(len(c.left.title.words), len(c.right.title.words))
    return title_letters(c) >= _SPECIFIC_LETTERS and words >= _SPECIFIC_WORDS and not titles_generic(c)


def kinds_differ(c: Comparison) -> bool:
    """Only one title says erratum, reply, protocol or the like."""
    return c.left.title.kinds != c.right.title.kinds and bool(c.left.title.words) and bool(c.right.title.words)


def in_supplement(c: Comparison) -> bool:
    """One side stands in a supplement, where a team has several abstracts of like titles, several to a page."""
    return c.left.supplement or c.right.supplement


def online_first(c: Comparison) -> bool:
    """One side is as published ahead of an issue: no volume, or pages from 1."""
    return not c.left.volume or not c.right.volume or c.left.pages.online != c.right.pages.online


def one_time(c: Comparison) -> bool:
    """The years agree, or one side may be as published ahead of the issue that the other names.

    Two entries without any place that are a year apart may be two issues of a yearly report.
    """
    if near_in_time(c, 0):
        return True
    return bool(c.left.volume) != bool(c.right.volume) or c.left.pages.online != c.right.pages.online


def whole_range(c: Comparison) -> bool:
    """First and last page agree over three pages or more: no two papers fill the same pages."""
    pages = c.left.pages
    if c.pages != "same" or c.last_page != "same" or not (pages.first.isdigit() and pages.last.isdigit()):
        return False
    return int(pages.last) - int(pages.first) >= 2


def translated(c: Comparison) -> bool:
    """The titles are in two languages, or a database translated one."""
    left, right = c.left.title, c.right.title
    if left.translated != right.translated:
        return True
    if not left.language or not right.language or left.language == right.language:
        return False
    return "other" not in (left.language, right.language) or "en" in (left.language, right.language)


def volume_slips(c: Comparison) -> bool:
    """All agrees but the volume, which one side has wrong."""
    return (
        same_work(c)
        and not titles_generic(c)
        and c.pages == "same"
        and same_journal(c)
        and c.names == "same"
        and near_in_time(c)
        and c.doi != "different"
    )


def doi_is_second(c: Comparison) -> bool:
    """Two DOIs of one document: registered twice, by JSTOR beside the publisher, or copied from elsewhere."""
    if titles_generic(c) or not same_work(c) or not near_in_time(c):
        return False
    if same_volume_and_page(c) and c.last_page != "different":
        return True
    if c.pages == "same" and c.journal == "same" and c.names == "same" and c.years == 0 and is_specific(c):
        return c.abstract == "same"
    if c.left.doi.startswith("10.2307/") != c.right.doi.startswith("10.2307/"):
        return c.volume != "different" and c.pages != "different" and c.issue != "different"
    return False

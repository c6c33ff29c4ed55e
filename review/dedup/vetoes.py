"""What forbids that two records are one report: their nature first, then their place."""

from __future__ import annotations

import re

from review.dedup.compare import Comparison
from review.dedup.conditions import doi_is_second
from review.dedup.conditions import in_supplement
from review.dedup.conditions import is_specific
from review.dedup.conditions import journals_fit
from review.dedup.conditions import kinds_differ
from review.dedup.conditions import names_agree
from review.dedup.conditions import near_in_time
from review.dedup.conditions import online_first
from review.dedup.conditions import same_identifier
from review.dedup.conditions import same_issue
from review.dedup.conditions import same_journal
from review.dedup.conditions import same_page
from review.dedup.conditions import same_spot
from review.dedup.conditions import same_volume_and_issue
from review.dedup.conditions import same_volume_and_page
from review.dedup.conditions import same_work
from review.dedup.conditions import titles_generic
from review.dedup.conditions import volume_slips
from review.dedup.rule import Rule

_OTHER_WORKS = frozenset({"thesis", "dataset"})
_COCHRANE = re.compile(r"cd\d{3,6}")


def two_pubmed_ids(c: Comparison) -> bool:
    """PubMed holds an article once, but for slips that its DOI shows."""
    return c.pmid == "different" and not (c.doi == "same" and same_work(c))


def register_entry(c: Comparison) -> bool:
    """A register entry is about the study, not a report of it."""
    return (c.left.kind == "register") != (c.right.kind == "register")


def two_registrations(c: Comparison) -> bool:
    """Two entries of registers with different numbers."""
    left, right = c.left.registrations, c.right.registrations
    return c.left.kind == c.right.kind == "register" and bool(left and right) and left.isdisjoint(right)


def parts_differ(c: Comparison) -> bool:
    """Part 1 is not part 2, even on one page."""
    return c.parts and bool(c.left.title.parts and c.right.title.parts)


def one_about_the_other(c: Comparison) -> bool:
    """An erratum, reply or protocol repeats the title; only an identifier or the very place outweighs the word."""
    if not kinds_differ(c) or same_identifier(c):
        return False
    one_place = same_volume_and_page(c) and c.last_page != "different"
    return not (one_place and names_agree(c) and c.title != "different")


def preprint_and_article(c: Comparison) -> bool:
    """A preprint is a report of its own, unless the entry is printed where the other one is, or that one names no place."""
    if c.left.preprint == c.right.preprint or c.doi == "same":
        return False
    if not (c.right if c.left.preprint else c.left).placed:
        return False
    return not (same_journal(c) and c.clashes == 0 and c.places)


def abstract_and_paper(c: Comparison) -> bool:
    """A congress abstract and the paper that followed: told by the source, or by a congress a year before."""
    if same_identifier(c) or same_spot(c):
        return False
    if (c.left.kind == "abstract") != (c.right.kind == "abstract"):
        # An entry that names no place at all may be of either.
        return (c.right if c.left.kind == "abstract" else c.left).placed
    return c.left.meeting != c.right.meeting and c.years is not None and c.years >= 1 and c.journal != "near"


def other_kind_of_work(c: Comparison) -> bool:
    """A thesis or a data set and the article that bears its title."""
    if same_identifier(c) or c.left.kind == c.right.kind:
        return False
    for one, other in ((c.left, c.right), (c.right, c.left)):
        if one.kind in _OTHER_WORKS and other.kind not in _OTHER_WORKS and other.journals:
            return True
    return False


def cochrane_versions(c: Comparison) -> bool:
    """One number of the Cochrane Library in two years or issues: an update is a version of its own."""
    left, right = c.left.pages.first, c.right.pages.first
    if left != right or _COCHRANE.fullmatch(left) is None or same_identifier(c):
        return False
    return not near_in_time(c, 0) or c.issue == "different"


def numbers_differ(c: Comparison) -> bool:
    """Each title has a number that the other lacks; only near-equal titles in one place outweigh that."""
    one_document = c.doi == "same" or same_volume_and_page(c)
    return c.numbers == "different" and not (one_document and c.likeness >= 0.9)


def nobody_in_common(c: Comparison) -> bool:
    """No shared author, unless title and identifier, or title and place, say that a list is garbled."""
    if c.names != "different":
        return False
    return not (same_work(c) and not titles_generic(c) and (same_identifier(c) or same_volume_and_page(c)))


def stock_title_elsewhere(c: Comparison) -> bool:
    """`Editorial` and the like need one and the same place on both sides."""
    if not titles_generic(c) or same_identifier(c):
        return False
    if c.pages in ("different", "near") or c.volume == "different":
        return True
    if c.issue == "different" and (c.pages != "same" or c.last_page == "different"):
        return True
    return not (same_page(c) or (names_agree(c) and (same_issue(c) or c.pages == "same")))


def dois_differ(c: Comparison) -> bool:
    """Two DOIs are two documents, unless one is a second registration."""
    return c.doi == "different" and not doi_is_second(c)


def pages_differ(c: Comparison) -> bool:
    """Two first pages are two documents, unless an identifier and the title say otherwise."""
    return c.pages == "different" and not (same_identifier(c) and same_work(c))


def volumes_differ(c: Comparison) -> bool:
    """Two volumes are two documents, unless an identifier, or all the rest, says that one is wrong."""
    return c.volume == "different" and not (same_identifier(c) and same_work(c)) and not volume_slips(c)


def years_far(c: Comparison) -> bool:
    """More than a year apart, two ahead of an issue."""
    return not near_in_time(c, 2 if online_first(c) else 1)


def years_differ(c: Comparison) -> bool:
    """More than a year apart (two ahead of an issue), unless identifier or place says that a year is wrong."""
    if not years_far(c) or (same_identifier(c) and same_work(c)):
        return False
    return not (same_work(c) and not titles_generic(c) and names_agree(c) and same_spot(c) and journals_fit(c))


def journals_differ(c: Comparison) -> bool:
    """Two journals, unless volume and page, or title, people and issue, say that it is one under two names."""
    if journals_fit(c) or same_identifier(c) or same_volume_and_page(c):
        return False
    one_issue = same_volume_and_issue(c) and c.years == 0 and not in_supplement(c)
    return not (one_issue and c.title == "same" and is_specific(c) and c.names == "same")


NATURE: tuple[Rule, ...] = (
    Rule("two PubMed ids", "different", "both have a PubMed id, and they differ", two_pubmed_ids, "version-of", "pmid"),
    Rule(
        "register entry",
        "different",
        "one is an entry of a trial register, the other a report",
        register_entry,
        "register-of",
        "kind",
    ),
    Rule(
        "two registrations",
        "different",
        "register entries with different numbers",
        two_registrations,
        "same-study",
        "registrations",
    ),
    Rule("parts differ", "different", "the titles number different parts", parts_differ, "part-of", "title"),
    Rule(
        "one is about the other",
        "different",
        "only one title has a word such as erratum, reply or protocol",
        one_about_the_other,
        "reply-to",
        "title",
    ),
    Rule(
        "preprint",
        "different",
        "a preprint and its article are two reports",
        preprint_and_article,
        "preprint-of",
        "preprint",
    ),
    Rule(
        "abstract and paper",
        "different",
        "a conference abstract and a paper are two reports",
        abstract_and_paper,
        "abstract-of",
        "meeting",
    ),
    Rule(
        "other kind of work",
        "different",
        "a thesis or a data set and an article of that title",
        other_kind_of_work,
        "same-study",
        "kind",
    ),
    Rule(
        "Cochrane versions",
        "different",
        "one review of the Cochrane Library in two years or issues",
        cochrane_versions,
        "version-of",
        "years",
    ),
    Rule("numbers differ", "different", "the titles hold different numbers", numbers_differ, "part-of", "title"),
    Rule("nobody in common", "different", "no author in common", nobody_in_common, None, "names"),
    Rule(
        "stock title",
        "different",
        "a title that many documents bear, and not the same place",
        stock_title_elsewhere,
        None,
        "title",
    ),
)

PLACE: tuple[Rule, ...] = (
    Rule("two DOIs", "different", "both have a DOI, and they differ", dois_differ, "version-of", "doi"),
    Rule("pages differ", "different", "first pages differ", pages_differ, "version-of", "pages"),
    Rule("volumes differ", "different", "volumes differ", volumes_differ, "version-of", "volume"),
    Rule("years differ", "different", "the years are too far apart", years_differ, "version-of", "years"),
    Rule("journals differ", "different", "two journals", journals_differ, "version-of", "journals"),
)

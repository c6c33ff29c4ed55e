"""The rules: what makes two records entries of one report, what forbids it, what a person must look at.

Rules are asked in order and the first that applies decides. Missing is neutral, contradiction forbids, and neither an
equal DOI nor an equal title is enough alone. Each rule has a name and a sentence, so that every decision can be told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from review.dedup.compare import Comparison
from review.model import LinkKind

Outcome = Literal["duplicate", "doubtful", "different"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: when it applies, what it decides, the sentence that says why, and the relation that it points to.

    `forbids`: the two can never stand in one group, whatever a third record says; `field` is what they disagree on.
    """

    name: str
    outcome: Outcome
    sentence: str
    applies: Callable[[Comparison], bool]
    relation: LinkKind | None = None
    forbids: bool = False
    field: str = ""


def same_work(c: Comparison) -> bool:
    """The titles say the same."""
    return c.title == "same" or c.title == "near"


def names_agree(c: Comparison) -> bool:
    """The author lists share a name."""
    return c.names == "same" or c.names == "some"


def near_in_time(c: Comparison, gap: int = 1) -> bool:
    """The years are at most so far apart, or one is missing."""
    return c.years is None or c.years <= gap


def journals_fit(c: Comparison) -> bool:
    """No sign of two journals."""
    return c.journal != "different"


def same_journal(c: Comparison) -> bool:
    """Both name one journal."""
    return c.journal == "same" or c.journal == "near"


def same_page(c: Comparison) -> bool:
    """Volume and first page agree; without a volume, journal and first page."""
    return c.pages == "same" and (c.volume == "same" or (c.volume == "missing" and same_journal(c)))


def same_issue(c: Comparison) -> bool:
    """Volume and issue agree, and no page says otherwise."""
    return c.volume == "same" and c.issue == "same" and c.pages != "different" and journals_fit(c)


def same_spot(c: Comparison) -> bool:
    """The place in the literature is known on both sides and is one."""
    return (c.volume == "same" and c.pages == "same") or same_issue(c)


def same_identifier(c: Comparison) -> bool:
    """One DOI or one PubMed id."""
    return c.doi == "same" or c.pmid == "same"


def titles_generic(c: Comparison) -> bool:
    """Many documents bear this title."""
    return c.left.title.generic or c.right.title.generic


def title_letters(c: Comparison) -> int:
    """Letters of the shorter title."""
    return min(len(c.left.title.letters), len(c.right.title.letters))


def is_specific(c: Comparison) -> bool:
    """Both titles are long enough that two papers by chance do not share them."""
    return title_letters(c) >= 30 and min(len(c.left.title.words), len(c.right.title.words)) >= 4 and not titles_generic(c)


def kinds_differ(c: Comparison) -> bool:
    """Only one title says erratum, reply, protocol or the like."""
    return c.left.title.kinds != c.right.title.kinds and bool(c.left.title.words) and bool(c.right.title.words)


def in_supplement(c: Comparison) -> bool:
    """One side stands in a supplement, where a team has several abstracts of like titles, several to a page."""
    return c.left.supplement or c.right.supplement


def online_first(c: Comparison) -> bool:
    """One side is as published ahead of an issue: no volume, or pages from 1."""
    return not c.left.volume or not c.right.volume or c.left.pages.online != c.right.pages.online


def dois_excused(c: Comparison) -> bool:
    """Two DOIs of one document: a second registration for the same pages, or by JSTOR for the same issue."""
    if titles_generic(c) or not same_work(c) or c.years not in (0, 1, None):
        return False
    if c.volume == "same" and c.pages == "same" and c.last_page != "different":
        return True
    if c.pages == "same" and c.journal == "same" and c.names == "same" and c.years == 0 and is_specific(c) and c.abstract == "same":
        return True  # all but a DOI copied from elsewhere
    if c.left.doi.startswith("10.2307/") != c.right.doi.startswith("10.2307/"):
        return c.volume != "different" and c.pages != "different" and c.issue != "different"
    return False


def _register(c: Comparison) -> bool:
    return (c.left.kind == "register") != (c.right.kind == "register")


def _abstract_and_paper(c: Comparison) -> bool:
    return (c.left.kind == "abstract") != (c.right.kind == "abstract") and not same_identifier(c) and not same_spot(c)


def _preprint_and_article(c: Comparison) -> bool:
    if c.left.preprint == c.right.preprint or c.doi == "same":
        return False
    # A preprint server's DOI on an entry that is printed where the other one is.
    return not (same_journal(c) and c.clashes == 0 and (c.pages == "same" or c.places))


def _two_dois(c: Comparison) -> bool:
    return c.doi == "different" and not dois_excused(c)


def _numbers_differ(c: Comparison) -> bool:
    return c.numbers == "different" and not (c.doi == "same" and c.likeness >= 0.9) and not (c.volume == "same" and c.pages == "same" and c.likeness >= 0.9)


def _nobody_in_common(c: Comparison) -> bool:
    if c.names != "different":
        return False
    return not (same_work(c) and not titles_generic(c) and (same_identifier(c) or (same_spot(c) and is_specific(c))))


def _same_place_and_people(c: Comparison) -> bool:
    return c.volume == "same" and c.pages == "same" and c.last_page != "different" and names_agree(c) and c.title != "different"


def translated(c: Comparison) -> bool:
    """The titles are in two languages, or a database translated one."""
    a, b = c.left.title, c.right.title
    return a.translated != b.translated or (a.language != b.language and bool(a.language) and bool(b.language))


def whole_range(c: Comparison) -> bool:
    """First and last page agree and the range is more than one page: no two papers fill it."""
    left = c.left.pages
    return c.pages == "same" and c.last_page == "same" and not left.article and left.first.isdigit() and left.last.isdigit() and int(left.last) - int(left.first) >= 2


def _editorial_of_issue(c: Comparison) -> bool:
    """One side is just `Editor's comments` or `Editorial`, the other adds its subject."""
    short = min((c.left.title, c.right.title), key=lambda title: len(title.words))
    return bool(short.words) and short.words[0].startswith("editor")


def _volumes_differ(c: Comparison) -> bool:
    return c.volume == "different" and not (same_identifier(c) and same_work(c)) and not _volume_slip(c)


def _volume_slip(c: Comparison) -> bool:
    return (
        same_work(c) and not titles_generic(c) and c.pages == "same" and same_journal(c)
        and c.names == "same" and near_in_time(c) and c.doi != "different"
    )  # fmt: skip


def _years_differ(c: Comparison) -> bool:
    if near_in_time(c, 2 if online_first(c) else 1) or (same_identifier(c) and same_work(c)):
        return False
    return not (same_work(c) and not titles_generic(c) and names_agree(c) and journals_fit(c) and same_spot(c))


def _journals_differ(c: Comparison) -> bool:
    if c.journal != "different" or same_identifier(c):
        return False
    if c.volume == "same" and c.pages == "same":
        return False
    # One journal under a translated name.
    return not (c.title == "same" and is_specific(c) and c.names == "same" and same_volume_and_issue(c) and c.years == 0 and not in_supplement(c))


def same_volume_and_issue(c: Comparison) -> bool:
    """Volume and issue agree and no page says otherwise, whatever the journal is called."""
    return c.volume == "same" and c.issue == "same" and c.pages != "different"


def _generic_elsewhere(c: Comparison) -> bool:
    """A stock title whose place is not one and the same on both sides."""
    if not titles_generic(c) or same_identifier(c):
        return False
    if c.issue == "different" and c.volume == "same" and c.last_page == "different":
        return True
    if c.pages in ("different", "near") or c.volume == "different" or (c.issue == "different" and c.pages != "same"):
        return True
    return not (same_page(c) or (same_issue(c) and names_agree(c)) or (c.pages == "same" and names_agree(c)))


FIRST_DOUBTS: tuple[Rule, ...] = (
    Rule("two DOIs, all else agrees", "doubtful", "both have a DOI, and they differ, but title, authors, journal and pages agree",
         lambda c: c.doi == "different" and not dois_excused(c) and same_work(c) and is_specific(c) and c.names == "same" and same_journal(c) and c.years == 0
         and c.left.preprint == c.right.preprint and c.numbers == "same"
         and (c.pages == "same" or (c.places == 2 and c.clashes == 0)), forbids=True, field="doi"),
)  # fmt: skip

VETOES: tuple[Rule, ...] = (
    Rule("two PubMed ids", "different", "both have a PubMed id, and they differ",
         lambda c: c.pmid == "different" and not (c.doi == "same" and same_work(c)), "version-of", forbids=True, field="pmid"),
    Rule("register entry", "different", "a register entry and a report of its study", _register, "register-of", forbids=True, field="kind"),
    Rule("parts differ", "different", "the titles number different parts",
         lambda c: c.parts and bool(c.left.title.parts and c.right.title.parts), "part-of", forbids=True, field="title"),
    Rule("one is about the other", "different", "only one title has a word such as erratum, reply or protocol",
         lambda c: kinds_differ(c) and not same_identifier(c) and not _same_place_and_people(c), "reply-to", forbids=True, field="title"),
    Rule("preprint", "different", "a preprint and its article are two reports", _preprint_and_article, "preprint-of", forbids=True, field="preprint"),
    Rule("abstract and paper", "different", "a conference abstract and a paper are two reports", _abstract_and_paper, "abstract-of", forbids=True, field="kind"),
    Rule("two DOIs", "different", "both have a DOI, and they differ", _two_dois, "version-of", forbids=True, field="doi"),
    Rule("numbers differ", "different", "the titles hold different numbers", _numbers_differ, "part-of", forbids=True, field="title"),
    Rule("nobody in common", "different", "no author in common", _nobody_in_common, forbids=True, field="names"),
    Rule("stock title", "different", "a title that many documents bear, and not the same place", _generic_elsewhere, forbids=True, field="title"),
    Rule("pages differ", "different", "first pages differ",
         lambda c: c.pages == "different" and not (same_identifier(c) and same_work(c)), "version-of", forbids=True, field="pages"),
    Rule("volumes differ", "different", "volumes differ", _volumes_differ, "version-of", forbids=True, field="volume"),
    Rule("years differ", "different", "too many years apart", _years_differ, "version-of", forbids=True, field="years"),
    Rule("journals differ", "different", "different journals", _journals_differ, "version-of", forbids=True, field="journal"),
)  # fmt: skip

MERGES: tuple[Rule, ...] = (
    Rule("same PubMed id", "duplicate", "same PubMed id", lambda c: c.pmid == "same" and c.title != "different"),
    Rule("same DOI and title", "duplicate", "same DOI, and the titles agree",
         lambda c: c.doi == "same" and (same_work(c) or c.title == "part" or (c.title == "missing" and not in_supplement(c)) or (c.title == "loose" and c.likeness >= 0.85))),
    Rule("same DOI and abstract", "duplicate", "same DOI and abstract", lambda c: c.doi == "same" and c.abstract == "same"),
    Rule("same DOI, title translated", "duplicate", "same DOI, authors, volume and first page; titles differ as in a translation",
         lambda c: c.doi == "same" and c.names == "same" and c.first_name and c.volume == "same" and c.pages == "same" and not in_supplement(c)),
    Rule("same title and page", "duplicate", "same title, volume and first page", lambda c: same_work(c) and same_page(c) and (names_agree(c) or c.volume == "same")),
    Rule("same title and issue", "duplicate", "same title, volume and issue",
         lambda c: same_work(c) and same_volume_and_issue(c) and (journals_fit(c) or c.title == "same") and (names_agree(c) or is_specific(c) or (c.title == "same" and same_journal(c) and not titles_generic(c)))),
    Rule("same title, nothing against", "duplicate", "same specific title and authors, and no field contradicts",
         lambda c: same_work(c) and is_specific(c) and names_agree(c) and c.clashes == 0 and journals_fit(c) and c.numbers == "same"),
    Rule("same title, authors missing", "duplicate", "same specific title, and no field contradicts",
         lambda c: c.title == "same" and is_specific(c) and c.names == "missing" and c.clashes == 0 and journals_fit(c)),
    Rule("same title, pages noted apart", "duplicate", "same title, authors and volume; page ranges overlap, or one is an article number or cut",
         lambda c: same_work(c) and not titles_generic(c) and c.names == "same" and c.pages == "near" and c.volume == "same" and journals_fit(c) and near_in_time(c)),
    Rule("same title and pages, volume off", "duplicate", "same title, authors, journal and pages; the volume differs", _volume_slip),
    Rule("title cut, same page", "duplicate", "one title holds the other; volume and first page agree",
         lambda c: c.title == "part" and same_page(c) and (names_agree(c) or c.last_page == "same") and not titles_generic(c)),
    Rule("title cut, same issue", "duplicate", "one title holds the other; authors, volume and issue agree",
         lambda c: c.title == "part" and same_issue(c) and names_agree(c) and not in_supplement(c) and (not titles_generic(c) or _editorial_of_issue(c))),
    Rule("title cut, nothing against", "duplicate", "one title holds the other, authors and journal agree and no field contradicts",
         lambda c: c.title == "part" and title_letters(c) >= 35 and c.names == "same" and c.clashes == 0 and journals_fit(c) and near_in_time(c) and c.numbers == "same"),
    Rule("title varied, same page", "duplicate", "titles vary; authors, volume and first page agree",
         lambda c: c.title == "loose" and c.first_name and c.pages == "same" and c.volume == "same" and c.last_page != "different" and journals_fit(c) and near_in_time(c)
         and (c.names == "same" or c.likeness >= 0.85) and (whole_range(c) or not in_supplement(c) or c.likeness >= 0.85)),
    Rule("title varied, same pages", "duplicate", "titles vary; journal and all pages agree, and no field contradicts",
         lambda c: c.title == "loose" and c.names != "different" and whole_range(c) and c.volume != "different" and same_journal(c) and c.years == 0 and (c.volume == "same" or c.names == "same")),
    Rule("title varied, same issue", "duplicate", "titles vary; authors, journal, volume and issue agree",
         lambda c: c.title == "loose" and c.likeness >= 0.8 and c.names == "same" and c.first_name and same_issue(c) and same_journal(c) and c.years in (0, None) and not in_supplement(c) and not titles_generic(c)),
    Rule("title translated", "duplicate", "titles differ as in a translation; first author, journal, volume and all pages agree",
         lambda c: c.title == "different" and c.first_name and c.names == "same" and same_journal(c) and c.volume == "same" and whole_range(c) and c.years == 0
         and (c.issue == "same" or (c.issue == "missing" and translated(c)))),
    Rule("title missing, same page", "duplicate", "one side has no title; authors, journal, volume and first page agree",
         lambda c: c.title == "missing" and names_agree(c) and same_journal(c) and c.volume == "same" and c.pages == "same" and near_in_time(c) and not in_supplement(c)),
    Rule("title missing, same issue", "duplicate", "one side has no title; all authors, journal, volume and issue agree",
         lambda c: c.title == "missing" and c.names == "same" and c.first_name and same_journal(c) and same_issue(c) and near_in_time(c) and not in_supplement(c)),
    Rule("same abstract", "duplicate", "same abstract and authors, and no field contradicts; titles vary or are translated",
         lambda c: (c.title in ("loose", "part", "missing") or (c.title == "different" and translated(c))) and names_agree(c) and c.clashes == 0 and journals_fit(c)
         and c.numbers != "different" and near_in_time(c) and c.abstract == "same"),
)  # fmt: skip

RULES = (*FIRST_DOUBTS, *VETOES, *MERGES)
BY_NAME = {rule.name: rule for rule in RULES}


def decide(c: Comparison) -> Rule | None:
    """Return the first rule that applies, None where no rule has anything to say: the two are different."""
    for rule in RULES:
        if rule.applies(c):
            return rule
    return None

"""The rules: what makes two records entries of one report, what forbids it, what a person must look at.

Rules are asked in order and the first that applies decides. Missing is neutral, contradiction forbids, and neither an
equal DOI nor an equal title is enough alone. Each rule has a name and a sentence, so that every decision can be told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from review.dedup.compare import Comparison
from review.dedup.compare import overlaps
from review.model import LinkKind

Outcome = Literal["duplicate", "doubtful", "different"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: when it applies, what it decides, the sentence that says why, and the relation that it points to.

    `forbids`: the two can never stand in one group, whatever a third record says.
    """

    name: str
    outcome: Outcome
    sentence: str
    applies: Callable[[Comparison], bool]
    relation: LinkKind | None = None
    forbids: bool = False


def same_work(c: Comparison) -> bool:
    """The titles say the same."""
    return c.title in ("same", "near")


def names_agree(c: Comparison) -> bool:
    return c.names in ("same", "some")


def names_fit(c: Comparison) -> bool:
    return c.names != "different"


def same_place(c: Comparison) -> bool:
    """Volume and first page agree, or the first page does and the volume is not given."""
    return c.pages == "same" and c.volume != "different" and (c.volume == "same" or c.journal in ("same", "near"))


def journals_fit(c: Comparison) -> bool:
    return c.journal != "different"


def near_in_time(c: Comparison, gap: int = 1) -> bool:
    return c.years is None or c.years <= gap


def online_first(c: Comparison) -> bool:
    """One side is as published ahead of an issue: no volume, or pages from 1."""
    return not c.left.volume or not c.right.volume or c.left.pages.online != c.right.pages.online


def kinds_differ(c: Comparison) -> bool:
    return c.left.title.kinds != c.right.title.kinds and bool(c.left.title.words) and bool(c.right.title.words)


def titles_generic(c: Comparison) -> bool:
    return c.left.title.generic or c.right.title.generic


def same_identifier(c: Comparison) -> bool:
    return c.doi == "same" or c.pmid == "same"


def dois_contradict(c: Comparison) -> bool:
    """Two DOIs, and not a second registration of the same pages."""
    if c.doi != "different":
        return False
    if c.left.doi.startswith("10.2307/") != c.right.doi.startswith("10.2307/"):
        return not (same_work(c) and c.volume != "different" and c.pages != "different" and c.issue != "different")
    return not (
        same_work(c)
        and c.volume == "same"
        and c.pages == "same"
        and not titles_generic(c)
        and c.last_page != "different"
    )


def pages_contradict(c: Comparison) -> bool:
    if c.pages != "different":
        return False
    left, right = c.left.pages, c.right.pages
    if overlaps(left, right):
        return False
    if left.online != right.online and near_in_time(c, 2):
        return False
    # An article number beside page numbers, in one volume.
    return not (
        left.article != right.article
        and c.volume == "same"
        and c.journal == "same"
        and max(len(left.first), len(right.first)) >= 5
    )


def length(c: Comparison) -> int:
    """Letters of the shorter title."""
    return min(len(c.left.title.letters), len(c.right.title.letters))


def is_specific(c: Comparison) -> bool:
    return length(c) >= 30 and min(len(c.left.title.words), len(c.right.title.words)) >= 4


def _register_and_report(c: Comparison) -> bool:
    return (c.left.kind == "register") != (c.right.kind == "register")


def _abstract_and_paper(c: Comparison) -> bool:
    return (c.left.kind == "abstract") != (c.right.kind == "abstract") and not same_identifier(c) and not same_place(c)


def _preprint_and_article(c: Comparison) -> bool:
    return c.left.preprint != c.right.preprint and c.doi != "same"


VETOES: tuple[Rule, ...] = (
    Rule("two PubMed ids", "different", "both have a PubMed id, and they differ", lambda c: c.pmid == "different" and not (c.doi == "same" and same_work(c)), forbids=True),
    Rule("register entry", "different", "a register entry and a report of its study", _register_and_report, "register-of", forbids=True),
    Rule("parts differ", "different", "the titles number different parts", lambda c: c.parts and not (same_identifier(c) and same_work(c)) and bool(c.left.title.parts and c.right.title.parts), "part-of", forbids=True),
    Rule("one is about the other", "different", "only one title has a word such as erratum, reply or protocol",
         lambda c: kinds_differ(c) and not same_identifier(c) and not (same_place(c) and c.volume == "same" and c.likeness > 0.85), "reply-to", forbids=True),
    Rule("preprint", "different", "a preprint and its article are two reports", _preprint_and_article, "preprint-of", forbids=True),
    Rule("abstract and paper", "different", "a conference abstract and a paper are two reports", _abstract_and_paper, "abstract-of", forbids=True),
    Rule("two DOIs", "different", "both have a DOI, and they differ", dois_contradict, "version-of", forbids=True),
    Rule("numbers differ", "different", "the titles hold different numbers", lambda c: c.numbers == "different" and not (c.doi == "same" or (same_place(c) and c.volume == "same")), "part-of", forbids=True),
    Rule("nobody in common", "different", "no author in common", lambda c: c.names == "different" and not (same_identifier(c) and same_work(c)) and not (same_work(c) and same_place(c)), forbids=True),
    Rule("pages differ", "different", "first pages differ", lambda c: pages_contradict(c) and not (same_identifier(c) and same_work(c)), "version-of", forbids=True),
    Rule("volumes differ", "different", "volumes differ", lambda c: c.volume == "different" and not same_identifier(c) and not (c.pages == "same" and same_work(c) and journals_fit(c)), "version-of", forbids=True),
    Rule("years differ", "different", "too many years apart",
         lambda c: not near_in_time(c, 2 if online_first(c) else 1) and not same_identifier(c) and not (same_place(c) and c.volume == "same" and same_work(c)), "version-of", forbids=True),
    Rule("journals differ", "different", "different journals", lambda c: c.journal == "different" and not same_identifier(c) and not (same_place(c) and c.volume == "same"), "version-of", forbids=True),
)  # fmt: skip

MERGES: tuple[Rule, ...] = (
    Rule("same PubMed id", "duplicate", "same PubMed id", lambda c: c.pmid == "same" and c.title != "different"),
    Rule("same DOI and title", "duplicate", "same DOI, and the titles agree", lambda c: c.doi == "same" and (same_work(c) or c.title in ("part", "missing") or (c.title == "loose" and c.likeness >= 0.85)) and c.numbers != "different"),
    Rule("same DOI and abstract", "duplicate", "same DOI and abstract", lambda c: c.doi == "same" and c.abstract == "same"),
    Rule("same title and place", "duplicate", "same title, volume and first page", lambda c: same_work(c) and same_place(c) and (c.volume == "same" or names_agree(c))),
    Rule("same title and issue", "duplicate", "same title, authors, volume and issue",
         lambda c: same_work(c) and c.volume == "same" and c.issue == "same" and journals_fit(c) and (names_agree(c) or (not titles_generic(c) and near_in_time(c)))),
    Rule("same title, nothing against", "duplicate", "same specific title and authors, and no field contradicts",
         lambda c: same_work(c) and is_specific(c) and not titles_generic(c) and names_agree(c) and c.clashes == 0 and journals_fit(c) and c.numbers == "same"),
    Rule("same title, authors missing", "duplicate", "same specific title, and no field contradicts",
         lambda c: c.title == "same" and is_specific(c) and not titles_generic(c) and c.names == "missing" and c.clashes == 0 and journals_fit(c)),
    Rule("same title and pages, volume off", "duplicate", "same title, authors, journal and pages; the volume differs",
         lambda c: same_work(c) and names_agree(c) and c.pages == "same" and c.journal in ("same", "near") and near_in_time(c) and not titles_generic(c)),
    Rule("title cut", "duplicate", "one title is the beginning of the other; authors and place agree",
         lambda c: c.title == "part" and names_fit(c) and same_place(c) and c.numbers != "different"),
    Rule("title cut, nothing against", "duplicate", "one long title is the beginning of the other, authors and journal agree and no field contradicts",
         lambda c: c.title == "part" and length(c) >= 40 and c.names == "same" and c.clashes == 0 and journals_fit(c) and near_in_time(c) and not c.parts and c.numbers != "different"),
    Rule("title varied, same place", "duplicate", "titles vary; authors, volume and first page agree",
         lambda c: c.title == "loose" and names_agree(c) and c.pages == "same" and c.volume == "same" and journals_fit(c) and near_in_time(c)),
    Rule("title translated", "duplicate", "titles differ as in a translation; first author, journal, volume and pages agree",
         lambda c: c.title in ("different", "missing") and c.first_name and c.names == "same" and c.journal in ("same", "near") and c.volume == "same" and c.pages == "same" and c.last_page == "same" and not c.left.pages.article and not c.left.supplement and near_in_time(c)),
    Rule("same abstract", "duplicate", "same abstract and authors; titles vary", lambda c: c.title in ("loose", "part") and names_agree(c) and c.clashes == 0 and journals_fit(c) and c.abstract == "same"),
)  # fmt: skip

DOUBTS: tuple[Rule, ...] = ()

RULES = (*VETOES, *MERGES, *DOUBTS)
BY_NAME = {rule.name: rule for rule in RULES}


def decide(c: Comparison) -> Rule | None:
    """Return the first rule that applies, None where no rule has anything to say: the two are different."""
    for rule in RULES:
        if rule.applies(c):
            return rule
    return None

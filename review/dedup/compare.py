"""Two records compared field by field: same, missing, different, and the shades between that mean something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import partial_ratio

from review.dedup.journals import JournalLevel
from review.dedup.journals import compare_journals
from review.dedup.names import Names
from review.dedup.names import share_name
from review.dedup.normalise import Normal
from review.dedup.places import Agreement
from review.dedup.places import PageLevel
from review.dedup.places import compare_exact
from review.dedup.places import compare_issues
from review.dedup.places import compare_pages
from review.dedup.titles import Title

#: same: equal letters. near: a slip. part: one begins or holds the other. loose: most words. missing, different.
TitleLevel = Literal["same", "near", "part", "loose", "missing", "different"]
#: same: most of the shorter list. some: at least one. missing, different: none in common.
NamesLevel = Literal["same", "some", "missing", "different"]
AbstractLevel = Literal["same", "near", "missing", "different"]

_PAIRS = (
    ("men", "women"), ("male", "female"), ("males", "females"), ("man", "woman"), ("boys", "girls"), ("increase", "decrease"),
    ("increased", "decreased"), ("increases", "decreases"), ("hypertension", "hypotension"), ("inpatient", "outpatient"), ("inpatients", "outpatients"),
    ("pre", "post"), ("before", "after"), ("vitro", "vivo"), ("upper", "lower"), ("short", "long"), ("anterior", "posterior"),
    ("hyperglycemia", "hypoglycemia"), ("hyperthyroidism", "hypothyroidism"), ("adult", "adults"), ("acute", "chronic"), ("left", "right"),
    ("low", "high"), ("paternal", "maternal"), ("prenatal", "postnatal"), ("intra", "inter"), ("rat", "rats"),
)  # fmt: skip
#: Words of like spelling that make another paper.
_OPPOSITES = frozenset(pair for a, b in _PAIRS if a.rstrip("s") != b.rstrip("s") for pair in ((a, b), (b, a)))
#: Words that tell nothing about which paper a title is of.
SMALL_WORDS = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "and",
        "in",
        "on",
        "for",
        "to",
        "with",
        "by",
        "from",
        "at",
        "as",
        "is",
        "are",
        "its",
        "or",
        "using",
        "use",
        "via",
        "between",
    ]
)
_JOURNAL_LEVELS: tuple[JournalLevel, ...] = ("same", "near", "missing", "different")
_NEAR = 0.93
_LOOSE = 0.75


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two records have in common.

    `likeness` of titles is 0..1. `years` is the gap in years, None where one is missing. `numbers` compares the numbers
    in the titles: `one-sided` where one title has a number that the other lacks.
    """

    left: Normal
    right: Normal
    title: TitleLevel
    likeness: float
    numbers: Literal["same", "one-sided", "different"]
    parts: bool
    names: NamesLevel
    first_name: bool
    years: int | None
    journal: JournalLevel
    volume: Agreement
    issue: Agreement
    pages: PageLevel
    last_page: Agreement
    doi: Agreement
    pmid: Agreement

    @property
    def abstract(self) -> AbstractLevel:
        """Compare the first letters of the abstracts; costly, so only where a rule asks."""
        return compare_abstracts(self.left.abstract, self.right.abstract)

    @property
    def places(self) -> int:
        """How many of volume, issue and first page agree."""
        return (self.volume == "same") + (self.issue == "same") + (self.pages == "same")

    @property
    def clashes(self) -> int:
        """How many of volume, first page, and the issue where no page confirms, contradict each other."""
        issue = self.issue == "different" and self.volume == "same" and self.pages not in ("same", "near")
        return (self.volume == "different") + (self.pages == "different") + issue


def can_tie(left: Normal, right: Normal) -> bool:
    """Tell cheaply whether anything could tie two records; False only where no rule could find more than difference."""
    if left.doi and left.doi == right.doi:
        return True
    if left.pmid and left.pmid == right.pmid:
        return True
    if left.abstract and right.abstract:
        return True
    if left.pages.first and left.pages.first == right.pages.first:
        return True
    if left.registrations and not left.registrations.isdisjoint(right.registrations):
        return True
    if left.volume and left.volume == right.volume and left.names.count and left.names.surnames == right.names.surnames:
        return True
    if left.title.editorial and right.title.editorial:
        return True
    return compare_titles(left.title, right.title)[0] != "different"


def compare(left: Normal, right: Normal) -> Comparison:
    """Compare two records field by field."""
    level, likeness = compare_titles(left.title, right.title)
    names, first_name = compare_names(left.names, right.names, slips=level != "different")
    journal = _compare_containers(left, right)
    return Comparison(
        left=left,
        right=right,
        title=level,
        likeness=likeness,
        numbers=_compare_numbers(left.title, right.title),
        parts=left.title.parts != right.title.parts,
        names=names,
        first_name=first_name,
        years=_year_gap(left, right),
        journal=journal,
        volume=_compare_volumes(left, right),
        issue=compare_issues(left.issue, right.issue),
        pages=compare_pages(left.pages, right.pages),
        last_page=compare_exact(left.pages.last, right.pages.last),
        doi=compare_exact(left.doi, right.doi),
        pmid=compare_exact(left.pmid, right.pmid),
    )


def compare_titles(left: Title, right: Title) -> tuple[TitleLevel, float]:
    """Compare two titles over all their wordings; return the level and the likeness 0..1."""
    if not left.wordings or not right.wordings:
        return "missing", 0.0
    best = 0.0
    part = False
    for a in left.wordings:
        for b in right.wordings:
            if a == b:
                return "same", 1.0
            best = max(best, Indel.normalized_similarity(a, b, score_cutoff=max(best, 0.5)))
            part = part or _holds(a, b)
    part = part or _holds_with_slips(left, right)
    if not part and best >= _LOOSE and _opposed(left.words, right.words):
        return "different", best
    if best >= _NEAR and not _replaced_words(left.words, right.words):
        return "near", best
    if part:
        return "part", best
    ours, theirs = set(left.words), set(right.words)
    shared = len(ours & theirs)
    cover = shared / max(1, min(len(ours), len(theirs)))
    overlap = 2 * shared / (len(ours) + len(theirs))
    if ours == theirs and len(ours) >= 4:
        return "near", max(best, 0.95)
    if best >= _LOOSE or overlap >= _LOOSE or (cover >= 0.85 and shared >= 5):
        return "loose", max(best, overlap)
    return "different", best


def _holds(a: str, b: str) -> bool:
    """Tell whether the longer title begins or ends with the shorter one, or holds a long one."""
    short, long = (a, b) if len(a) < len(b) else (b, a)
    size = len(short)
    return size >= 14 and (long.startswith(short) or long.endswith(short) or (size >= 30 and short in long))


def _holds_with_slips(left: Title, right: Title) -> bool:
    """Tell whether a much longer title begins or ends with the shorter one but for spellings of words."""
    short, long = sorted((left, right), key=lambda title: len(title.letters))
    size = len(short.letters)
    if size < 25 or size > 0.85 * len(long.letters):
        return False
    if not any(
        Indel.normalized_similarity(short.letters, cut, score_cutoff=_NEAR)
        for cut in (long.letters[:size], long.letters[-size:])
    ):
        return False
    lone = set(short.words) - set(long.words)
    others = set(long.words) - set(short.words)
    return all(any(_spelt_alike(word, other) for other in others) for word in lone) and not _opposed(
        short.words, long.words
    )


def _replaced_words(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Tell whether each title has a word that is no spelling of any word that only the other has."""
    ours, theirs = set(left), set(right)
    only_left, only_right = ours - theirs - SMALL_WORDS, theirs - ours - SMALL_WORDS
    if not only_left or not only_right:
        return False
    lone_left = [a for a in only_left if not any(_spelt_alike(a, b) for b in only_right)]
    lone_right = [b for b in only_right if not any(_spelt_alike(a, b) for a in only_left)]
    if not lone_left or not lone_right:
        return False
    # A word that was split or joined leaves lone words whose letters are all in the other's.
    joined = ("".join(w for w in words if w in only) for words, only in ((left, only_left), (right, only_right)))
    return Indel.normalized_similarity(*joined) < 0.8


def _opposed(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Tell whether one title says the opposite of a word of the other (men, women)."""
    ours, theirs = set(left), set(right)
    return any((a, b) in _OPPOSITES for a in ours - theirs for b in theirs - ours)


def _spelt_alike(a: str, b: str) -> bool:
    return Indel.normalized_similarity(a, b) >= 0.72


def _compare_numbers(left: Title, right: Title) -> Literal["same", "one-sided", "different"]:
    if left.numbers == right.numbers or left.digits == right.digits != "":
        return "same"
    if not left.wordings or not right.wordings:
        return "same"
    if left.numbers ^ right.numbers == {"1"} and (left.footnote or right.footnote):
        return "same"
    return "different" if left.numbers - right.numbers and right.numbers - left.numbers else "one-sided"


def compare_names(left: Names, right: Names, *, slips: bool = True) -> tuple[NamesLevel, bool]:
    """Compare author lists as sets of names; the flag says whether the first author of one is among the other's.

    `slips`: whether a name may be misspelt; costly, and without a like title a like name says nothing.
    """
    if not left.count or not right.count:
        return "missing", False
    first = not left.first.isdisjoint(right.words) or not right.first.isdisjoint(left.words)
    shared = left.surnames & right.surnames
    if not shared:
        if left.surnames & right.words or left.words & right.surnames:
            return "same" if first else "some", first
        if not slips:
            return "different", False
        if share_name(left.first, right.first) or (
            min(len(left.surnames), len(right.surnames)) <= 12 and share_name(left.surnames, right.surnames)
        ):
            return "some", share_name(left.first, right.first)
        return "different", False
    ratio = len(shared) / min(len(left.surnames), len(right.surnames))
    if ratio >= 0.5:
        return "same", first
    # Compound and inverted names: count people, not words.
    crossed = len(left.words & right.words) / max(1, min(len(left.words), len(right.words)))
    return ("same" if crossed >= 0.6 else "some"), first


def _year_gap(left: Normal, right: Normal) -> int | None:
    if not left.years or not right.years:
        return None
    return min(abs(a - b) for a in left.years for b in right.years)


def _compare_volumes(left: Normal, right: Normal) -> Agreement:
    level = compare_exact(left.volume, right.volume)
    if level == "different" and any(side.year and side.volume == str(side.year) for side in (left, right)):
        return "missing"  # a journal without volumes is given the year by some sources
    if level == "different" and any(
        not one.issue and other.issue == f"s{one.volume}" for one, other in ((left, right), (right, left))
    ):
        return "missing"  # `59 (Suppl 1)` of which only the 1 is left
    return level


def _compare_containers(left: Normal, right: Normal) -> JournalLevel:
    """Compare the journals by ISSN, then by every name that they go by; the best agreement counts."""
    if not left.issn.isdisjoint(right.issn):
        return "same"
    if not left.journals or not right.journals:
        return "missing"
    levels = {compare_journals(a, b) for a in left.journals for b in right.journals}
    return next(level for level in _JOURNAL_LEVELS if level in levels)


def compare_abstracts(left: str, right: str) -> AbstractLevel:
    """Compare the beginnings of two abstracts; below 80 letters there is nothing to compare."""
    if len(left) < 80 or len(right) < 80:
        return "missing"
    if left[:200] == right[:200]:
        return "same"
    short, long = sorted((left, right), key=len)
    probe = short[40:200] if len(short) > 240 else short[:160]
    score = partial_ratio(probe, long, score_cutoff=60)
    if score >= 92:
        return "same"
    return "near" if score >= 75 else "different"

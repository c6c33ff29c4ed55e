"""Quotes against what was read: every quote stands in its report, and the figure that it proves stands in the quote."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from review.extraction.passages import even_out
from review.extraction.passages import find_nearest
from review.extraction.passages import holds_quote
from review.extraction.plausibility import NOT_REACHED
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.model import Count
from review.model import Observation
from review.model import Place
from review.model import Record
from review.model import RecordId
from review.model import Study
from review.numerals import parse_number
from review.numerals import round_half_up

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
#: Small numbers as words; hyphens between letters are gone from evened texts.
_NUMBER_WORDS = {
    **{word: number for number, word in enumerate(_ONES)},
    **{word: 20 + 10 * place for place, word in enumerate(_TENS)},
    **{f"{ten}{_ONES[one]}": 20 + 10 * place + one for place, ten in enumerate(_TENS) for one in range(1, 10)},
    "none": 0,
    "no": 0,
    "single": 1,
    "a": 1,
    "an": 1,
    "once": 1,
    "twice": 2,
    "both": 2,
}
_TOKEN = re.compile(r"(?<![\w.,])(-?)(\d{1,40}(?:[.,]\d{1,40})*)(%?)|([^\W\d_]+)")
_FALL = re.compile(r"\b(?:fell|fall|decreas|reduc|lower|down|drop|declin|less|regress|loss|lost|improv)", re.IGNORECASE)

#: What a quote and its figure are read from: where it stands, the quote, and what its figure is.
_Claim = tuple[Place, Origin | None, tuple["Figure", ...]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a quote must hold: exact, and as it was typed; `share` is the same as a percentage where there is one."""

    typed: str
    value: Fraction
    share: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Attached:
    """A text of a report: `is_full` tells a full text from the entry of a database.

    `parts` are those that an entry has, in small letters (title, abstract, mesh, keywords): entries often lack the abstract.
    """

    name: str
    text: str
    is_full: bool = False
    parts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of the quotes of sheets: how many stand in their text, how many not, how many had no text to look in."""

    found: int
    missing: int
    unread: int
    findings: tuple[Finding, ...]


def attach_entry(record: Record) -> Attached:
    """Return everything that a record's entry says as one text."""
    sections = [f"{section.label}: {section.text}" for section in record.abstract_sections]
    parts = {
        "title": [record.title, record.vernacular_title],
        "abstract": [record.abstract, *sections, *record.other_abstracts],
        "mesh": record.mesh,
        "keywords": record.keywords,
    }
    text = "\n".join(line for lines in parts.values() for line in lines)
    return Attached(str(record.id), text, parts=frozenset(name for name, lines in parts.items() if any(lines)))


def check_quotes(studies: Iterable[Study], list_texts: Callable[[RecordId], Sequence[Attached]]) -> Checked:
    """Look every quote of the sheets up.

    A quote that is not in the full text, or not in the part of the entry that it is said to be from (abstract, title, MeSH, keywords), is a
    finding. Where only the entry is at hand and the quote is from elsewhere, it counts as unread.

    Args:
        studies: The sheets.
        list_texts: Gives the texts at hand of a record, empty if there are none.
    """
    evened: dict[RecordId, list[tuple[Attached, str]]] = {}
    findings: list[Finding] = []
    found = missing = unread = 0
    for study in studies:
        for place, origin, figures in _list_claims(study):
            if place.record not in evened:
                evened[place.record] = [(text, even_out(text.text)) for text in list_texts(place.record)]
            texts = evened[place.record]
            findings += _check_figures(place, origin, figures)
            if any(holds_quote(text, place.words) for _, text in texts):
                found += 1
            elif any(text.is_full or _names_part(place, text) for text, _ in texts):
                missing += 1
                findings.append(_tell_missing(place, origin, texts))
            else:
                unread += 1
    return Checked(found, missing, unread, tuple(findings))


def _names_part(place: Place, text: Attached) -> bool:
    """Whether a place says that it is in a part that the text has: `abstract`, `MeSH`."""
    return not text.parts.isdisjoint(re.findall(r"[a-z]+", place.place.lower()))


def list_numbers(words: str) -> set[Fraction]:
    """Return the numbers in words, in digits or spelled out (zero to ninety-nine); a percentage counts as its number."""
    numbers: set[Fraction] = set()
    for sign, digits, _, word in _TOKEN.findall(even_out(words)):
        if digits:
            for text in _read_digits(digits):
                numbers.add(parse_number(sign + text))
        elif word.lower() in _NUMBER_WORDS:
            numbers.add(Fraction(_NUMBER_WORDS[word.lower()]))
    return numbers


def _read_digits(digits: str) -> list[str]:
    """Return what digits may mean: 1,234 is one number, 3,1 is 3.1 in many languages, 1,2,3 are three."""
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        return [digits.replace(",", "")]
    if digits.count(",") == 1 and "." not in digits:
        return [digits.replace(",", ".")]
    parts = digits.split(",")
    return [part for part in parts if re.fullmatch(r"\d+(\.\d+)?", part)]


def _list_claims(study: Study) -> Iterator[_Claim]:
    for case in study.cases:
        tried = (treatment.response for treatment in case.treatments)
        for observation in (*case.fields.values(), *case.outcomes.values(), *tried):
            if observation.source and observation.source.words:
                yield observation.source, observation.origin, tuple(_list_figures(observation))
    for count in (*study.counts, *study.treatments):
        if count.source and count.source.words:
            yield count.source, count.origin, (_make_count_figure(count),)
    for item in (*study.characteristics, *study.summaries):
        if item.source is None or not item.source.words:
            continue
        if isinstance(item, Count):
            yield item.source, item.origin, (_make_count_figure(item),)
        else:
            typed = [text for key, texts in item.statistics.items() if key != "n" for text in texts]
            yield (
                item.source,
                item.origin,
                tuple(Figure(text, parse_number(text)) for text in typed if text != NOT_REACHED),
            )


def _list_figures(observation: Observation) -> Iterator[Figure]:
    converted = re.match(r"read as (\S+)", observation.note)
    text = converted.group(1) if converted else observation.value
    try:
        yield Figure(text, parse_number(text))
    except ValueError:
        # A choice, a date or a text is rarely said in the words of the sheet.
        return


def _make_count_figure(count: Count) -> Figure:
    return Figure(str(count.events), Fraction(count.events), Fraction(100 * count.events, count.total))


def _check_figures(place: Place, origin: Origin | None, figures: Sequence[Figure]) -> Iterator[Finding]:
    numbers = list_numbers(place.words)
    for figure in figures:
        if figure.value in numbers or (figure.share is not None and _holds_share(place.words, figure.share)):
            continue
        if figure.value < 0 and -figure.value in numbers and _FALL.search(place.words):
            continue
        message = f"the figure {figure.typed} is not in the words that it was read in"
        yield find("EXTRACT-051", message, origin, found=place.words, expected=figure.typed)


def _holds_share(words: str, share: Fraction) -> bool:
    for _, digits, percent, _ in _TOKEN.findall(even_out(words)):
        if percent:
            for text in _read_digits(digits):
                decimals = len(text.partition(".")[2])
                if round_half_up(share, decimals) == parse_number(text):
                    return True
    return False


def _tell_missing(place: Place, origin: Origin | None, texts: Sequence[tuple[Attached, str]]) -> Finding:
    nearest, text = max(
        ((find_nearest(text.text, place.words), text) for text, _ in texts), key=lambda pair: pair[0].score
    )
    where = "the full text" if text.is_full else "the entry"
    named = "" if text.name == place.record else f" ({text.name})"
    message = f'the words "{place.words}" do not stand in {where} of {place.record}{named}'
    hint = f'nearest: "{nearest.text}"' if nearest.score >= 60 else "nothing like it was found"
    return find("EXTRACT-050", message, origin, found=place.words, hint=hint)

"""Titles in a form that can be compared: wordings, numbers that must agree, words that make it another document."""

from __future__ import annotations

import re
from dataclasses import dataclass

from review.dedup.text import fold
from review.dedup.text import is_blank
from review.dedup.text import split_words

_PLACEHOLDER = re.compile(r"\btitle (?:is )?not (?:shown|available|given|known)|^\W*(?:untitled|no title)\b")
_STAMP = re.compile(
    r"^\W*(?:(?:retracted|withdrawn)(?: article| paper| chapter)?|republished|reprint(?:ed)?(?: of)?)\s*[:.\]]\s*"
)
_BRACKETS = re.compile(r"[\[(]([^\[\]()]*)[\])]")
_TRAILING = re.compile(r"[\[(]([^\[\]()]*)[\])][\s.*]*$")
#: What a bracket at the end of a title may say about the entry rather than the work.
_REMARK = re.compile(
    r"(?:(?:in|article in|text in) )?(?:abstract|abstracts|abstract only|meeting abstracts?|conference abstract|review|letter|editorial|"
    r"comments?|see comments?|news|case reports?|clinical trial|clinical conference|structured abstract|proceeding|"
    r"corrected|published erratum|discussion|biography|historical article|poster|"
    r"\d+ refs?|summary|poster presentation|(?:technical |research )?report no\.? ?\d+|"
    r"english|german|french|spanish|italian|portuguese|chinese|japanese|korean|russian|polish|czech|slovak|dutch|danish|"
    r"norwegian|swedish|finnish|hungarian|turkish|greek|hebrew|arabic|persian|romanian|bulgarian|ukrainian|serbian|"
    r"croatian|slovenian|lithuanian|deutsch|francais|espanol|italiano)\b.*|.*\b(?:erratum appears|errata appear|comment in|see comment)\b.*"
)
#: From here on an entry speaks of its corrections and comments.
_HISTORY = re.compile(
    r"[.\s]*[\[(](?:published )?(?:see )?(?:erratum|errata|corrections?|corrected|comments?|retraction|summary for patients|republished|update|note|reply|reprint)"
    r"(?: and \w+)? (?:appears?|in|published|for|from|of|to)\b.*$"
)
_CITED = re.compile(r"\s*[\[(](?:[^\[\]()]|[\[(][^\[\]()]*[\])])*\d(?:[^\[\]()]|[\[(][^\[\]()]*[\])])*[\])][\s.]*$")
_SPLITS = re.compile(r"\s+[=/|]\s+|\s*//\s*")
#: Words that make an entry another document than the one whose title it repeats.
_KINDS = (
    ("erratum", re.compile(
        r"^(?:\w+ )?(?:erratum|errata|corrigend\w+|correction|corrections|addendum|retraction|withdrawal)\b"
        r"|\b(?:erratum|corrigendum|corrigenda|retraction notice|expression of concern|correction to)\b"
        r"|\b(?:19|20)\d\d \d{1,4} (?:\w{1,4} )?[a-z]?\d+ [a-z]?\d+(?: doi .*)?$"
        r"|\bvol \w+ (?:pg|p|art|article|no|iss|issue|\d|e\d).{0,60}\b(?:19|20)\d\d$|\bvol \d.{0,60}\b(?:19|20)\d\d$")),
    ("reply", re.compile(
        r"^(?:re|reply|replies|response|responses|comment|comments|commentary|rejoinder|rebuttal|discussion|letter|"
        r"authors? reply|authors? response|in reply|in response|invited comment\w*|invited discussion|editorial comment|"
        r"a comment|a reply|a response|a commentary|critique) (?:to|on|of|by|from|re)\b|^remarks? on\b"
        r"|^re (?=\w)|^(?:comment|commentary|reply|response|discussion|letter|rejoinder|critique) (?!to\b|on\b|of\b)"
        r"|\b(?:reply|authors? reply|authors? response|rejoinder|a comment|a commentary|a response|a reply|comment|commentary|response)$")),
    ("protocol", re.compile(r"\b(?:study|trial|review|research) protocol\b|\bprotocol (?:for|of) (?:a|an|the)\b|^protocol\b|\bprotocol$|"
                            r"\brationale (?:and )?design\b|\bdesign (?:and )?rationale\b")),
    ("supplement", re.compile(r"^(?:supplementary|supplemental|supplement|supporting|additional) (?:data|material|materials|information|file|files|table)\b|"
                              r"^(?:data|dataset|datasets|code|replication data|figure|table|peer review\w*|review) (?:from|for|of|to)\b|"
                              r"\b(?:dataset|data set|supplementary material|supplementary data)$")),
    ("book review", re.compile(r"^book reviews?\b|\bbook review$")),
)  # fmt: skip
_GENERIC = re.compile(
    r"(?:(?:guest |invited |the |from the |an |our )?(?:editors?|editorials?|authors?|presidents?|chairs?|publishers?|readers?)"
    r"(?: (?:comments?|introduction|notes?|notice|preface|corner|choice|message|column|desk|page|letter|board|statement|overview|reply|response|index|in chief))*"
    r"|(?:remarks?|comments?|notes?|words?|messages?) (?:from|by) (?:the )?.{0,40}\beditors?(?: editors? .{0,30})?"
    r"|(?:general |special issue |special section |brief |an |the )?(?:introduction|preface|foreword|prologue|epilogue|afterword|index|contents|abstracts?|news|"
    r"obituary|announcements?|acknowledge?ments?|correspondence|letters?|summary|conclusions?|discussion|commentary|comments?|replys?|replies|response|"
    r"overview|perspectives?|erratum|errata|corrigendum|correction|corrections|highlights|viewpoint|opinion|debate|bibliography|reviewers?|references|"
    r"appendix|glossary|background|calendar|events?|contributors?|volume|issue|title page|front matter|back matter|cover|masthead)"
    r"(?: (?:to|of|for|on) (?:the )?(?:special|this|reviewers?|volume|issue|contents?|editors?|editor|authors?|contributors|minitrack|section|\d+)(?: (?:issue|section|volume|\d+))*)?"
    r"|.{0,60}\b(?:editorial board|table of contents|author index|subject index|in this issue|book reviews?|special issue|minitrack|poster session|call for papers|"
    r"letters? to the editors?|thank you to reviewers|reviewer acknowledgement|annual index|list of reviewers)\b.{0,60})"
)
_ROMAN = {
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12",
    "xiii": "13", "xiv": "14", "xv": "15", "xvi": "16",
}  # fmt: skip
#: Read as numbers only where the word before says that one follows, or at the end of the title.
_LONE = {"i": "1", "v": "5", "x": "10"}
_SPELT = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "eleven": "11", "twelve": "12", "second": "2", "third": "3", "fourth": "4", "fifth": "5",
    "2nd": "2", "3rd": "3", "4th": "4", "5th": "5", "first": "1", "1st": "1",
}  # fmt: skip
_LANGUAGES = {
    "en": frozenset(
        [
            "the",
            "of",
            "and",
            "in",
            "for",
            "with",
            "on",
            "to",
            "an",
            "by",
            "from",
            "as",
            "at",
            "between",
            "among",
            "is",
            "are",
            "using",
        ]
    ),
    "es": frozenset(
        [
            "el",
            "los",
            "las",
            "del",
            "y",
            "en",
            "con",
            "por",
            "para",
            "una",
            "un",
            "sobre",
            "de",
            "la",
            "entre",
            "como",
            "al",
            "su",
        ]
    ),
    "pt": frozenset(
        [
            "o",
            "os",
            "as",
            "do",
            "da",
            "dos",
            "das",
            "e",
            "em",
            "com",
            "por",
            "para",
            "uma",
            "um",
            "sobre",
            "de",
            "no",
            "na",
            "ao",
            "entre",
        ]
    ),
    "fr": frozenset(
        [
            "le",
            "les",
            "des",
            "du",
            "et",
            "en",
            "avec",
            "pour",
            "une",
            "un",
            "sur",
            "de",
            "la",
            "dans",
            "par",
            "chez",
            "aux",
            "au",
            "entre",
        ]
    ),
    "de": frozenset(
        [
            "der",
            "die",
            "das",
            "und",
            "von",
            "mit",
            "bei",
            "fur",
            "ein",
            "eine",
            "im",
            "zur",
            "zum",
            "den",
            "des",
            "nach",
            "auf",
        ]
    ),
    "it": frozenset(
        [
            "il",
            "lo",
            "gli",
            "del",
            "della",
            "delle",
            "dei",
            "e",
            "con",
            "per",
            "una",
            "un",
            "su",
            "di",
            "la",
            "nel",
            "nella",
            "tra",
        ]
    ),
}
_COUNTED = frozenset({
    "part", "parts", "pt", "phase", "chapter", "report", "paper", "volume", "study", "experiment", "type", "grade", "stage", "class",
    "group", "case", "series", "section", "session", "teil", "partie", "parte", "no", "nr", "number", "week", "day", "year", "level", "update", "edition",
})  # fmt: skip
_PARTS = frozenset({
    "part", "parts", "pt", "chapter", "report", "paper", "section", "teil", "partie", "parte", "volume", "edition",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Title:
    """A title ready for comparison.

    `wordings` are the letters and digits of the whole title and of its halves where it is printed in two languages; the
    first is the whole. `numbers` are digits, Roman numerals and spelt numbers, `digits` all digits in a row; `parts` are
    the numbers that number a part.
    `kinds` says what document the words make it (erratum, reply, protocol, supplement, book review). A `generic` title
    is one that many documents bear. `footnote`: it ends in a lone 1, which may be the mark of a footnote. `language` is
    a guess from its small words, empty where there is none; `translated` where a database put it in brackets.
    """

    wordings: tuple[str, ...]
    words: tuple[str, ...]
    numbers: frozenset[str]
    digits: str
    parts: frozenset[str]
    kinds: frozenset[str]
    generic: bool
    footnote: bool = False
    language: str = ""
    translated: bool = False

    @property
    def editorial(self) -> bool:
        """Whether it is the editor who speaks (`Editor's comments: what a journal is for`)."""
        return any(word.startswith("editor") for word in (self.words if self.generic else self.words[:4]))

    @property
    def letters(self) -> str:
        """The whole title's letters and digits, empty where there is no title."""
        return self.wordings[0] if self.wordings else ""


NO_TITLE = Title((), (), frozenset(), "", frozenset(), frozenset(), generic=False)


def normalise_title(text: str, journal: str = "", vernacular: str = "") -> Title:
    """Bring a title to the form in which it is compared.

    Args:
        text: The title as the source prints it.
        journal: Letters of the journal's name: a title that only repeats it is none.
        vernacular: The title in the original language, where the source has it apart.
    """
    folded = fold(text)
    if is_blank(folded) or _PLACEHOLDER.search(folded):
        return normalise_title(vernacular, journal) if vernacular else NO_TITLE
    bracketed = folded.lstrip().startswith("[")
    stamped = _STAMP.sub("", folded).strip()
    folded, halves = _cut_halves(_HISTORY.sub("", stamped) or stamped)
    words = split_words(folded)
    letters = "".join(words)
    if not letters or (journal and letters in (journal, journal * 2)):
        return NO_TITLE
    wordings = [letters]
    for half in (*halves, fold(vernacular)):
        other = split_words(half)
        joined = "".join(other)
        if len(other) >= 3 and len(joined) >= 15 and joined not in wordings:
            wordings.append(joined)
    footnote = len(words) >= 6 and words[-1] == "1" and words[-2] not in _COUNTED
    spaced = " ".join(words[:-1] if footnote else words)
    kinds = frozenset(kind for kind, pattern in _KINDS if pattern.search(spaced))
    if "erratum" in kinds and len(folded) < 1000 and (cited := _CITED.search(folded)):
        # What is corrected is cited behind the title, in a form that varies between sources.
        words = split_words(folded[: cited.start()]) or words
        wordings.insert(0, "".join(words))
    numbers, parts = _find_numbers(words)
    generic = len(words) <= 2 or len(letters) < 14 or _GENERIC.fullmatch(spaced) is not None
    digits = "".join(char for char in letters if char.isdigit()) if numbers else ""
    return Title(
        tuple(wordings),
        tuple(words),
        numbers,
        digits,
        parts,
        kinds,
        generic,
        footnote,
        _guess_language(words),
        bracketed,
    )


def _cut_halves(title: str) -> tuple[str, list[str]]:
    """Take remarks in brackets off the end and the brackets off a translated title; return the title and its halves."""
    halves: list[str] = []
    while (match := _TRAILING.search(title)) is not None:
        before = title[: match.start()].strip(" .:;-")
        inside = match.group(1).strip(" .*")
        if len(before) < 10:
            break
        if _REMARK.fullmatch(inside):
            title = before
            continue
        if match.group().startswith("[") and len(inside) >= 20:
            halves += [before, inside]
            title = before
            continue
        break
    if title.startswith("["):
        close = title.rfind("]")
        rest = title[close + 1 :].strip(" .*") if close > 0 else ""
        if len(rest) >= 20:
            halves += [title[1:close], rest]
    if len(title) > 60:
        pieces = [piece for piece in _SPLITS.split(title) if len(piece) >= 20]
        if len(pieces) == 2:
            halves += pieces
    return title, halves


def _guess_language(words: list[str]) -> str:
    """Guess a title's language from its small words; a tie without English is `other`, none is no guess."""
    counts = {name: sum(word in small for word in words) for name, small in _LANGUAGES.items()}
    most = max(counts.values())
    best = [name for name, count in counts.items() if count == most]
    if most == 0 or (len(best) > 1 and "en" in best):
        return ""
    return best[0] if len(best) == 1 else "other"


def _find_numbers(words: list[str]) -> tuple[frozenset[str], frozenset[str]]:
    numbers: set[str] = set()
    parts: set[str] = set()
    before = ""
    last = len(words) - 1
    for place, word in enumerate(words):
        number = ""
        if word.isdigit():
            number = word.lstrip("0") or "0"
        elif word in _ROMAN:
            number = _ROMAN[word]
        elif word in _SPELT:
            number = _SPELT[word]
        elif word in _LONE and (before in _COUNTED or (place == last and word == "i")):
            number = _LONE[word]
        elif before in _PARTS and (len(word) == 1 or word == "one"):
            number = "1" if word == "one" else word
        elif any(char.isdigit() for char in word):
            number = word
        if number:
            numbers.add(number)
            if before in _PARTS:
                parts.add(number)
        before = word
    return frozenset(numbers), frozenset(parts)

"""PubMed's query language as the service reads it: what it finds, what it makes of the query, what it drops.

Operators are taken from left to right without precedence. A dropped part is neither true nor false: it leaves the rest
of its expression as if it had not been written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from html import escape

from tests.emulator.corpus import Corpus
from tests.emulator.corpus import normalise
from tests.emulator.fields import FIELDS
from tests.emulator.fields import SearchField
from tests.emulator.fields import find_field
from tests.emulator.stopwords import STOP_WORDS

OPERATORS = ("AND", "OR", "NOT")
_TOKEN = re.compile(
    r'\s*(?:(?P<bracket>[()])|"(?P<quoted>[^"]*)"|\[(?P<tag>[^\]]*)\]|(?P<word>[^\s()\[\]"]+)|(?P<other>\S))'
)
_JOINED = re.compile(r" (?:AND|OR|NOT) ")
_RANGE = re.compile(r"\"?([^:\"]+)\"?:\"?([^:\"]+)\"?")
_DAY = re.compile(r"(\d{4})(?:/(\d{1,2}))?(?:/(\d{1,2}))?")


class BackendError(Exception):
    """The text that the service answers as ERROR."""


@dataclass
class Outcome:
    """What a search found and what the service says of the query."""

    pmids: list[int]
    translation: str
    translations: list[tuple[str, str]] = field(default_factory=list)
    phrases_not_found: list[str] = field(default_factory=list)
    quoted_not_found: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    dropped_tag: bool = False


@dataclass
class _Node:
    """A part of the query: the records it finds (None when it was dropped) and how it prints."""

    found: set[int] | None
    text: str = ""
    needs_brackets: bool = False


@dataclass
class _Token:
    kind: str
    text: str
    start: int
    end: int


def _split(term: str) -> list[_Token]:
    tokens = []
    for match in _TOKEN.finditer(term):
        group = match.lastgroup or ""
        text = match.group(group)
        if group == "other":
            continue
        kind = "operator" if group == "word" and text in OPERATORS else group
        tokens.append(_Token(kind, text, match.start(group), match.end()))
    return tokens


class Query:
    """One reading of one term against a corpus; `sets` are the history's (#1 is the first)."""

    def __init__(self, corpus: Corpus, term: str, sets: Sequence[tuple[Sequence[int], str]] = ()) -> None:
        self.corpus = corpus
        self.term = term
        self.sets = sets
        self.outcome = Outcome([], "")
        self._tokens = _split(term)
        self._at = 0

    def run(self) -> Outcome:
        """Evaluate.

        Raises:
            BackendError: If there is nothing to search for, or a set of the history is unknown.
        """
        if not any(token.kind in {"word", "quoted"} for token in self._tokens):
            raise BackendError("Search Backend failed: Exception:\nInvalid query")
        node = self._read_expression(outermost=True)
        outcome = self.outcome
        outcome.pmids = self.corpus.sort(node.found or ())
        outcome.translation = node.text
        if not outcome.pmids:
            outcome.messages.append("No items found.")
            if outcome.phrases_not_found or outcome.quoted_not_found:
                only = self._tokens[0] if len(self._tokens) == 1 else None
                outcome.translation = f"({self.term}[All Fields])" if only and only.kind == "word" else self.term
                outcome.translations = []
        return outcome

    def _peek(self, offset: int = 0) -> _Token | None:
        at = self._at + offset
        return self._tokens[at] if at < len(self._tokens) else None

    def _read_expression(self, *, outermost: bool = False) -> _Node:
        node: _Node | None = None
        operator = "AND"
        while (token := self._peek()) is not None:
            if token.kind == "bracket" and token.text == ")":
                if not outermost:
                    break
                self._at += 1  # it closes nothing and is ignored
                continue
            if token.kind == "operator":
                operator = token.text
                self._at += 1
                continue
            operand = self._read_operand()
            node = operand if node is None else self._join(operator, node, operand)
            operator = "AND"
        return node or _Node(None)

    def _read_operand(self) -> _Node:
        token = self._peek()
        assert token is not None
        if token.kind == "bracket":
            self._at += 1
            node = self._read_expression()
            if self._peek() is not None:
                self._at += 1
            tag = self._peek()
            if tag is not None and tag.kind == "tag":
                self._at += 1
                self.outcome.dropped_tag = True
            return _Node(node.found, node.text, needs_brackets=bool(_JOINED.search(node.text)))
        if token.kind == "tag":  # a tag on nothing
            self._at += 1
            self.outcome.dropped_tag = True
            return _Node(None)
        return self._read_phrase()

    def _read_phrase(self) -> _Node:
        """Read a quoted phrase or a run of words, with the tag behind it."""
        first = self._tokens[self._at]
        self._at += 1
        words = [first.text]
        while first.kind == "word" and (token := self._peek()) is not None and token.kind == "word":
            words.append(token.text)
            self._at += 1
        text = " ".join(words)
        tag = self._peek()
        if tag is None or tag.kind != "tag":
            return self._find_quoted(text, "ALL", f'"{text}"') if first.kind == "quoted" else self._map_words(text)
        self._at += 1
        found = find_field(tag.text.partition(":")[0])
        raw = self.term[first.start - (first.kind == "quoted") : tag.end]
        if found is None:  # PubMed drops unknown tags without a word
            self.outcome.dropped_tag = True
            return self._find_quoted(text, "ALL", f'"{text}"') if first.kind == "quoted" else self._map_words(text)
        upper = self._read_upper_bound(found)
        if upper:
            text = f"{text}:{upper}"
        return self._find_tagged(text, found, raw, tag.text, quoted=first.kind == "quoted")

    def _read_upper_bound(self, found: SearchField) -> str:
        """Read the second half of `"2015"[PDAT] : "2016"[PDAT]`, empty when there is none."""
        colon, value, tag = self._peek(), self._peek(1), self._peek(2)
        if colon is None or colon.text != ":" or value is None or tag is None or tag.kind != "tag":
            return ""
        if value.kind not in {"word", "quoted"} or find_field(tag.text) != found:
            return ""
        self._at += 3
        return value.text

    def _find_tagged(self, text: str, found: SearchField, raw: str, tag: str, *, quoted: bool) -> _Node:
        modifier = tag.partition(":")[2].strip()
        if found.kind in {"date", "uid"}:
            return self._find_range(text, found, raw)
        if found.kind == "filter":
            name = normalise(text)
            return _Node(set(self.corpus.find_headings("FILT").get(name, ())), f"{text.casefold()}[Filter]")
        if found.kind == "name":
            return self._find_name(text, found, raw)
        if found.kind == "heading":
            return self._find_heading(text, found, raw, modifier, quoted=quoted)
        words = normalise(text).split()
        if len(words) == 1 and words[0] in STOP_WORDS:
            self.outcome.phrases_not_found.append(words[0])
            return _Node(set(), raw)
        near = re.fullmatch(r"~(\d+)", modifier)
        if near and found.code in {"TITL", "TIAB", "AFFL"}:
            near_found = self.corpus.find_index(found.code).find_near(words, int(near.group(1)))
            return _Node(near_found, f'"{_print(text)}"[{found.name}:~{near.group(1)}]')
        return self._find_quoted(text, found.code, raw, quoted=quoted)

    def _find_quoted(self, text: str, code: str, raw: str, *, quoted: bool = True) -> _Node:
        name = (FIELDS.get(code) or find_field(code) or FIELDS["ALL"]).name
        truncated = text.endswith("*")
        words = normalise(text).split()
        if " ".join(words) in self.corpus.unindexed_phrases:
            found: set[int] = set()
        else:
            found = self.corpus.find_index(code).find_phrase(words, truncated=truncated)
        if found:
            return _Node(found, f'"{_print(text)}"[{name}]')
        if quoted or len(words) > 1:
            self.outcome.quoted_not_found.append(escape(raw, quote=False))
        else:
            self.outcome.phrases_not_found.append(text)
        return _Node(None)

    def _find_heading(self, text: str, found: SearchField, raw: str, modifier: str, *, quoted: bool) -> _Node:
        headings = self.corpus.find_headings(found.code)
        name = normalise(text)
        if text.endswith("*"):
            matched = [pmids for heading, pmids in headings.items() if heading.startswith(name)]
            hits = set().union(*matched)
        else:
            hits = set(headings.get(name, ()))
        if not hits and found.code not in {"VOL", "ISS"}:
            (self.outcome.quoted_not_found if quoted else self.outcome.phrases_not_found).append(
                escape(raw if quoted else text, quote=False)
            )
            return _Node(None)
        suffix = ":noexp" if modifier == "noexp" and found.code in {"MESH", "MAJR", "SUBH", "PTYP"} else ""
        printed = f'"{_print(text)}"[{found.name}{suffix}]'
        if not quoted and found.code in {"MESH", "MAJR", "JOUR"}:
            self.outcome.translations.append((raw, printed))
        return _Node(hits, printed)

    def _find_name(self, text: str, found: SearchField, raw: str) -> _Node:
        name = normalise(text)
        headings = self.corpus.find_headings(found.code)
        initials = bool(re.search(r" \S{1,2}$", name))
        hits: set[int] = set()
        for heading, pmids in headings.items():
            if heading == name or heading.startswith(name if initials or text.endswith("*") else f"{name} "):
                hits |= pmids
        if not hits:
            self.outcome.phrases_not_found.append(text)
            return _Node(None)
        return _Node(hits, f'"{_print(text)}"[{found.name}]')

    def _find_range(self, text: str, found: SearchField, raw: str) -> _Node:
        match = _RANGE.fullmatch(text.replace(" : ", ":"))
        low, high = match.groups() if match else (text, text)
        if found.kind == "uid":
            if not (low.strip().isdigit() and high.strip().isdigit()):
                self.outcome.phrases_not_found.append(text)
                return _Node(None)
            first, last = int(low), int(high)
            hits = {entry.pmid for entry in self.corpus if first <= entry.pmid <= last}
            return _Node(hits, f"{low.strip()}:{high.strip()}[UID]" if match else f"{low.strip()}[UID]")
        days = read_bound(low, last=False), read_bound(high, last=True)
        if days[0] is None or days[1] is None:
            self.outcome.phrases_not_found.append(text)
            return _Node(None)
        return self.find_dates(found, days[0], days[1])

    def find_dates(self, found: SearchField, first: int, last: int) -> _Node:
        """Find the records of a span of days."""
        text = f"{print_day(first)}:{print_day(last)}[{found.name}]"
        return _Node(self.corpus.find_dates(found.code, first, last), text)

    def _map_words(self, text: str) -> _Node:
        """Automatic term mapping: headings where they fit, else every word with its variants."""
        if re.fullmatch(r"#\d+", text):
            return self._recall(int(text[1:]))
        if re.fullmatch(r"[\d/]{4,}:[\d/]{4,}", text) or re.fullmatch(r"\d{5,}", text):
            return self._find_range(text, FIELDS["UID"], text)
        words = text.split()
        if any(re.fullmatch(r"#\d+", word) for word in words):
            return self._join_all([self._map_words(word) for word in words])
        nodes = []
        headings = self.corpus.find_headings("MESH")
        while words:
            size = next((size for size in range(len(words), 1, -1) if normalise(" ".join(words[:size])) in headings), 1)
            nodes.append(self._map_phrase(words[:size]))
            words = words[size:]
        return self._join_all(nodes)

    def _join_all(self, nodes: list[_Node]) -> _Node:
        node = nodes[0]
        for other in nodes[1:]:
            node = self._join("AND", node, other)
        return node

    def _map_phrase(self, words: list[str]) -> _Node:
        text = " ".join(words)
        name = normalise(text)
        if name in STOP_WORDS or not name:
            return _Node(None)
        index = self.corpus.find_index("ALL")
        if text.endswith("*"):
            return self._find_quoted(text, "ALL", text, quoted=False)
        clauses: list[tuple[set[int], str]] = []
        heading = self.corpus.find_headings("MESH").get(name)
        if heading:
            clauses.append((set(heading), f'"{name}"[MeSH Terms]'))
        variants = [name] if len(words) > 1 else [name, f"{name}s", f"{name} s"]
        for variant in variants:
            hits = index.find_phrase(variant.split())
            if hits:
                printed = variant.replace(" s", "'s") if variant == f"{name} s" and len(words) == 1 else variant
                clauses.append((hits, f'"{printed}"[All Fields]'))
        if not clauses:
            self.outcome.phrases_not_found.append(text)
            return _Node(None)
        printed = " OR ".join(clause for _, clause in clauses)
        if printed != f'"{name}"[All Fields]':
            self.outcome.translations.append((text, printed))
        return _Node(set().union(*(hits for hits, _ in clauses)), printed.replace("'s\"", ' s"'), len(clauses) > 1)

    def _recall(self, number: int) -> _Node:
        if not 1 <= number <= len(self.sets):
            raise BackendError(f"Unable to obtain query #{number}")
        pmids, translation = self.sets[number - 1]
        return _Node(set(pmids), f"({translation})")

    def _join(self, operator: str, left: _Node, right: _Node) -> _Node:
        if right.found is None:
            return left
        if left.found is None:
            return _Node(set()) if operator == "NOT" else right
        combine: dict[str, Callable[[set[int], set[int]], set[int]]] = {
            "AND": set.__and__,
            "OR": set.__or__,
            "NOT": set.__sub__,
        }
        first = f"({left.text})" if operator != "OR" and left.needs_brackets else left.text
        second = f"({right.text})" if right.needs_brackets else right.text
        return _Node(combine[operator](left.found, right.found), f"{first} {operator} {second}")


def _print(text: str) -> str:
    """Print a phrase as the translation does: signs become spaces, and then the letters small ones."""
    return text if re.fullmatch(r"[\w ,-]*\*?", text) else normalise(text) + "*" * text.endswith("*")


def read_bound(text: str, *, last: bool) -> int | None:
    """Read a day like 2015, 2015/3 or 2015/03/01; what is not said is the first or the last possible."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = match.groups()
    return int(year) * 10000 + int(month or (12 if last else 1)) * 100 + int(day or (31 if last else 1))


def print_day(day: int) -> str:
    """Print 20150301 as 2015/03/01."""
    return f"{day // 10000:04}/{day // 100 % 100:02}/{day % 100:02}"

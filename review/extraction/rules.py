"""Response rules: a small closed language in which a protocol says when a patient counts as a responder.

    rule        = all { "or" all }
    all         = no { "and" no }
    no          = [ "not" ] test                      (not may be repeated)
    test        = sum [ sign sum ] | sum [ "not" ] "in" "(" literal { "," literal } ")"
    sign        = "<" | "<=" | ">" | ">=" | "=" | "==" | "!="
    sum         = product { ("+" | "-") product }
    product     = factor { ("*" | "/") factor }
    factor      = [ "-" ] atom
    atom        = number | text | name | "known" "(" name ")" | "abs" "(" sum ")" | "(" rule ")"

A name is a case field or an outcome of the protocol; a text in quotes is a choice, or a date beside a date. Nothing else can be said, so that a
rule can neither run code nor fail to end. What a case does not tell is unknown and stays so (`review.extraction.spans`).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Literal
from typing import NamedTuple
from typing import NoReturn

from review.extraction import spans
from review.extraction.spans import COMPARISONS
from review.extraction.spans import Known
from review.extraction.spans import Span
from review.extraction.spans import Truth
from review.numerals import parse_number

#: Words and signs of the longest rule, and how deep its brackets may nest: far beyond what a reader could follow.
WORD_LIMIT = 300
DEPTH_LIMIT = 30

#: What a part of a rule is: a number, a date (days), a span of days, a word, or a statement that holds or does not.
Kind = Literal["number", "date", "word", "truth"]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?![\w.]))|(?P<name>[^\W\d]\w*)|(?P<text>\"[^\"]*\"|'[^']*')|(?P<sign><=|>=|==|!=|[-+*/<>=(),]))"
)
_RESERVED = frozenset({"and", "or", "not", "in", "known", "abs"})
_SWAPPED = {"≤": "<=", "≥": ">=", "≠": "!=", "−": "-", "–": "-", "×": "*"}


class RuleProblem(ValueError):
    """A rule that does not follow the grammar or the protocol; `column` counts from 1."""

    def __init__(self, message: str, column: int, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.column = column
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Variable:
    """What a name of a rule stands for; `choices` are the words that it may have, empty for free text."""

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()


#: Gives the value of a name for one case.
Values = Callable[[str], Known]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was read and checked; `names` are those that it uses, in order."""

    text: str
    names: tuple[str, ...]
    _answer: Callable[[Values], Known]

    def answer(self, values: Values) -> Truth:
        """Say whether the rule holds for a case: True, False, or None where its values leave it open."""
        known = self._answer(values)
        assert known is None or isinstance(known, bool)
        return known


class _Token(NamedTuple):
    kind: str
    text: str
    column: int


class _Part(NamedTuple):
    kind: Kind
    compute: Callable[[Values], Known]
    column: int
    variable: Variable | None = None
    literal: str | None = None


def parse_rule(text: str, variables: Mapping[str, Variable]) -> Rule:
    """Read a rule against the names that it may use.

    Raises:
        RuleProblem: If it breaks the grammar, names something unknown, or compares what cannot be compared.
    """
    return _parse(" ".join(text.split()), tuple(variables.values()))


@lru_cache(maxsize=256)
def _parse(text: str, variables: tuple[Variable, ...]) -> Rule:
    return _Parser(text, {variable.name: variable for variable in variables}).read()


def _split(text: str) -> Iterator[_Token]:
    place = 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            column = place + len(text[place:]) - len(text[place:].lstrip()) + 1
            sign = text[column - 1]
            hint = f"write {_SWAPPED[sign]}" if sign in _SWAPPED else ""
            raise RuleProblem(f"{text[column - 1 :][:12]!r} is not part of the language of rules", column, hint)
        kind = str(match.lastgroup)
        yield _Token(kind, match.group(kind), match.start(kind) + 1)
        place = match.end()
    yield _Token("end", "the end", len(text) + 1)


class _Parser:
    def __init__(self, text: str, variables: Mapping[str, Variable]) -> None:
        self.text = text
        self.variables = variables
        self.tokens = list(islice(_split(text), WORD_LIMIT + 1))
        if len(self.tokens) > WORD_LIMIT:
            raise RuleProblem(f"the rule is longer than {WORD_LIMIT} words and signs", self.tokens[-1].column)
        self.place = 0
        self.depth = 0
        self.names: dict[str, None] = {}

    def read(self) -> Rule:
        part = self.read_any()
        if self.token.kind != "end":
            self.refuse("and, or, or the end", self.token)
        self.demand(part, "truth", "a rule says yes or no")
        return Rule(self.text, tuple(self.names), part.compute)

    @property
    def token(self) -> _Token:
        return self.tokens[self.place]

    def take(self, *texts: str) -> _Token | None:
        """Step over the token if it is one of these words or signs."""
        token = self.token
        if token.kind in ("sign", "name") and token.text in texts:
            self.place += 1
            return token
        return None

    def expect(self, text: str) -> None:
        if self.take(text) is None:
            self.refuse(text, self.token)

    def refuse(self, expected: str, token: _Token) -> NoReturn:
        raise RuleProblem(f"{expected} is expected, not {token.text}", token.column)

    def demand(self, part: _Part, kind: Kind, why: str) -> None:
        if part.kind != kind:
            article = {"number": "a number", "date": "a date", "word": "a word", "truth": "yes or no"}
            raise RuleProblem(f"{why}, but this is {article[part.kind]}", part.column)

    def read_any(self) -> _Part:
        return self._join("or", self.read_all, spans.any_of)

    def read_all(self) -> _Part:
        return self._join("and", self.read_not, spans.all_of)

    def _join(self, word: str, read: Callable[[], _Part], combine: Callable[[Sequence[Truth]], Truth]) -> _Part:
        parts = [read()]
        while self.take(word):
            parts.append(read())
        if len(parts) == 1:
            return parts[0]
        for part in parts:
            self.demand(part, "truth", f"{word} joins statements")
        computes = [part.compute for part in parts]
        return _Part(
            "truth", lambda values: combine([_truth(compute(values)) for compute in computes]), parts[0].column
        )

    def read_not(self) -> _Part:
        column, is_negative, is_used = self.token.column, False, False
        while self.take("not"):
            is_negative, is_used = not is_negative, True
        part = self.read_test()
        if not is_used:
            return part
        self.demand(part, "truth", "not stands before a statement")
        if not is_negative:
            return part
        return _Part("truth", lambda values: spans.negate_truth(_truth(part.compute(values))), column)

    def read_test(self) -> _Part:
        left = self.read_sum()
        sign = self.take("<", "<=", ">", ">=", "=", "==", "!=")
        if sign:
            right = self.read_sum()
            if self.token.text in ("<", "<=", ">", ">=", "=", "==", "!=") and self.token.kind == "sign":
                raise RuleProblem("two comparisons follow each other", self.token.column, "join them with and")
            return self.compare(left, sign.text, right)
        is_negative = self.token.text == "not" and self.tokens[self.place + 1].text == "in"
        if is_negative:
            self.place += 1
        if self.take("in"):
            return self.read_list(left, is_negative=is_negative)
        return left

    def read_list(self, left: _Part, *, is_negative: bool) -> _Part:
        self.expect("(")
        tests = [self.compare(left, "=", self.read_factor())]
        while self.take(","):
            tests.append(self.compare(left, "=", self.read_factor()))
        self.expect(")")

        def compute(values: Values) -> Truth:
            found = spans.any_of([_truth(test.compute(values)) for test in tests])
            return spans.negate_truth(found) if is_negative else found

        return _Part("truth", compute, left.column)

    def compare(self, left: _Part, sign: str, right: _Part) -> _Part:
        left, right = _as_date(left, right), _as_date(right, left)
        if left.kind != right.kind:
            names = {"number": "a number", "date": "a date", "word": "a word", "truth": "yes or no"}
            hint = 'write the words in quotes, as in sex = "female"' if "word" in (left.kind, right.kind) else ""
            raise RuleProblem(f"{names[left.kind]} is compared with {names[right.kind]}", right.column, hint)
        if left.kind in ("word", "truth"):
            if sign not in ("=", "==", "!="):
                raise RuleProblem(f"{sign} compares numbers and dates only", right.column, "use = or !=")
            for one, other in ((left, right), (right, left)):
                _check_choice(one, other)
        test = COMPARISONS[sign]

        def compute(values: Values) -> Truth:
            one, other = left.compute(values), right.compute(values)
            return None if one is None or other is None else test(one, other)

        return _Part("truth", compute, left.column)

    def read_sum(self) -> _Part:
        left = self.read_product()
        while sign := self.take("+", "-"):
            right = self.read_product()
            left, right = _as_date(left, right), _as_date(right, left)
            kind: Kind = "number"
            if "date" in (left.kind, right.kind):
                # A date less a date is a number of days; a date and a number of days are a date.
                if (
                    left.kind == "date"
                    and right.kind in ("date", "number")
                    and (sign.text == "-" or right.kind != "date")
                ):
                    kind = "number" if right.kind == "date" else "date"
                else:
                    raise RuleProblem("only days can be added to a date", right.column)
            else:
                self.demand(left, "number", f"{sign.text} stands between numbers")
                self.demand(right, "number", f"{sign.text} stands between numbers")
            left = _combine(kind, left, right, spans.add if sign.text == "+" else _subtract)
        return left

    def read_product(self) -> _Part:
        left = self.read_factor()
        while sign := self.take("*", "/"):
            right = self.read_factor()
            self.demand(left, "number", f"{sign.text} stands between numbers")
            self.demand(right, "number", f"{sign.text} stands between numbers")
            left = _combine("number", left, right, spans.multiply if sign.text == "*" else spans.divide)
        return left

    def read_factor(self) -> _Part:
        minus = self.take("-")
        part = self.read_atom()
        if minus is None:
            return part
        self.demand(part, "number", "a minus stands before a number")
        return _Part("number", _map_span(part, spans.negate), minus.column)

    def read_atom(self) -> _Part:
        token = self.token
        if self.take("("):
            self.depth += 1
            if self.depth > DEPTH_LIMIT:
                raise RuleProblem(f"brackets nest deeper than {DEPTH_LIMIT} levels", token.column)
            part = self.read_any()
            self.expect(")")
            self.depth -= 1
            return part
        self.place += token.kind != "end"
        if token.kind == "number":
            point = spans.make_point(parse_number(token.text))
            return _Part("number", lambda _values: point, token.column)
        if token.kind == "text":
            word = token.text[1:-1]
            return _Part("word", lambda _values: word, token.column, literal=word)
        if token.kind == "name" and token.text == "known":
            return self.read_known(token.column)
        if token.kind == "name" and token.text == "abs" and self.token.text == "(":
            part = self.read_atom()
            self.demand(part, "number", "abs is taken of a number")
            return _Part("number", _map_span(part, spans.absolute), token.column)
        if token.kind != "name" or token.text in _RESERVED:
            self.refuse("a name, a number or a bracket", token)
        return self.read_name(token)

    def read_known(self, column: int) -> _Part:
        self.expect("(")
        token = self.token
        self.place += token.kind != "end"
        if token.kind != "name":
            self.refuse("a name", token)
        name = token.text
        self.read_name(token)
        self.expect(")")
        return _Part("truth", lambda values: values(name) is not None, column)

    def read_name(self, token: _Token) -> _Part:
        name = token.text
        variable = self.variables.get(name)
        if variable is None:
            if any(name in other.choices for other in self.variables.values()):
                raise RuleProblem(f"{name} is a choice, not a name", token.column, f'write it in quotes: "{name}"')
            near = difflib.get_close_matches(name, list(self.variables), 1)
            hint = f"did you mean {near[0]}?" if near else "define it under case_fields or outcomes"
            raise RuleProblem(f"the protocol has no case field or outcome {name}", token.column, hint)
        self.names[name] = None
        return _Part(variable.kind, lambda values: values(name), token.column, variable)


def _as_date(part: _Part, other: _Part) -> _Part:
    """Take a text in quotes as a date where it stands beside one."""
    if part.literal is None or other.kind != "date":
        return part
    try:
        span = spans.make_date_span(part.literal)
    except ValueError as error:
        raise RuleProblem(str(error), part.column, 'write it as "2019-03-31", "2019-03" or "2019"') from error
    return _Part("date", lambda _values: span, part.column)


def _check_choice(literal: _Part, variable: _Part) -> None:
    if literal.literal is None or variable.variable is None or not variable.variable.choices:
        return
    choices = variable.variable.choices
    if literal.literal not in choices:
        raise RuleProblem(
            f"{literal.literal!r} is not a choice of {variable.variable.name}", literal.column, " | ".join(choices)
        )


def _combine(kind: Kind, left: _Part, right: _Part, join: Callable[[Span, Span], Span | None]) -> _Part:
    def compute(values: Values) -> Known:
        one, other = left.compute(values), right.compute(values)
        return join(one, other) if isinstance(one, Span) and isinstance(other, Span) else None

    return _Part(kind, compute, left.column)


def _map_span(part: _Part, change: Callable[[Span], Span]) -> Callable[[Values], Known]:
    def compute(values: Values) -> Known:
        value = part.compute(values)
        return change(value) if isinstance(value, Span) else None

    return compute


def _subtract(left: Span, right: Span) -> Span:
    return spans.add(left, spans.negate(right))


def _truth(value: Known) -> Truth:
    assert value is None or isinstance(value, bool)
    return value

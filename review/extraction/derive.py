"""Responses that follow from a case's values by the protocol's rules, beside those that are reported."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Literal

from review.extraction.outcomes import make_field
from review.extraction.rules import Kind
from review.extraction.rules import Rule
from review.extraction.rules import RuleProblem
from review.extraction.rules import Variable
from review.extraction.rules import parse_rule
from review.extraction.spans import Known
from review.extraction.spans import make_date_span
from review.extraction.spans import make_span
from review.extraction.tally import Tally
from review.extraction.tally import tally_outcome
from review.findings import Finding
from review.findings import find
from review.model import Case
from review.model import Derivation
from review.model import Observation
from review.model import Study
from review.model import StudyId
from review.numerals import parse_number
from review.protocol import CaseField
from review.protocol import FieldType
from review.protocol import Outcome
from review.protocol import Protocol

_KINDS: Mapping[FieldType, Kind] = {
    "number": "number", "integer": "number", "date": "date", "choice": "word", "text": "word",
}  # fmt: skip
_YES_NO = frozenset({"yes", "no"})


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules of a protocol that can be used, by outcome in an order in which each needs only earlier ones.

    `fields` are the case fields, `numbers` the fields of the outcomes that are counts or numbers; both by name.
    """

    rules: Mapping[str, Rule] = field(default_factory=dict)
    fields: Mapping[str, CaseField] = field(default_factory=dict)
    numbers: Mapping[str, CaseField] = field(default_factory=dict)


def check_rules(protocol: Protocol) -> Iterator[Finding]:
    """Report the rules and alternative rules that cannot be read, and those that refer to each other in a circle."""
    variables = list_variables(protocol)
    rules: dict[str, Rule] = {}
    for outcome in protocol.outcomes:
        for name, text in (("", outcome.rule), *outcome.alternatives):
            if not text:
                continue
            try:
                rule = parse_rule(text, variables)
            except RuleProblem as problem:
                which = f"the rule of {outcome.name}" + (f" named {name}" if name else "")
                message = f"{which} cannot be read at character {problem.column}: {problem.message}"
                yield find("EXTRACT-040", message, outcome.rule_origin, found=text, hint=problem.hint)
            else:
                if not name:
                    rules[outcome.name] = rule
    circular = rules.keys() - _order_rules(rules).keys()
    for outcome in protocol.outcomes:
        if outcome.name in circular:
            message = f"the rule of {outcome.name} needs itself, by way of {', '.join(sorted(circular))}"
            yield find("EXTRACT-041", message, outcome.rule_origin, found=outcome.rule)


def list_variables(protocol: Protocol) -> dict[str, Variable]:
    """Return the names that a rule may use: case fields and outcomes, but for times to an event.

    A choice of yes and no is a statement, a count or continuous outcome a number; a field goes before an outcome of its name.
    """
    variables = {
        outcome.name: Variable(outcome.name, "truth" if outcome.type == "binary" else "number")
        for outcome in protocol.outcomes
        if outcome.type != "time-to-event"
    }
    for item in protocol.case_fields:
        kind: Kind = "truth" if _is_yes_no(item) else _KINDS[item.type]
        variables[item.name] = Variable(item.name, kind, item.choices if kind == "word" else ())
    return variables


def compile_rules(protocol: Protocol, replaced: Mapping[str, str] | None = None) -> RuleBook:
    """Read the rules of a protocol; one that cannot be used is left out (`check_rules` reports it).

    Args:
        protocol: The plan.
        replaced: Other rules by outcome, for a sensitivity analysis.

    Raises:
        RuleProblem: If one of the replaced rules cannot be read.
    """
    variables = list_variables(protocol)
    rules: dict[str, Rule] = {}
    for outcome in protocol.outcomes:
        if replaced and outcome.name in replaced:
            rules[outcome.name] = parse_rule(replaced[outcome.name], variables)
        elif outcome.rule:
            try:
                rules[outcome.name] = parse_rule(outcome.rule, variables)
            except RuleProblem:
                continue
    return RuleBook(
        _order_rules(rules),
        {item.name: item for item in protocol.case_fields},
        {outcome.name: make_field(outcome) for outcome in protocol.outcomes if outcome.type in ("count", "continuous")},
    )


def derive_outcomes(case: Case, book: RuleBook) -> Case:
    """Return the case with what follows from its values; a rule none of whose names the case tells derives nothing."""
    if not book.rules:
        return case
    derived: dict[str, Derivation] = {}

    def look_up(name: str) -> Known:
        item = book.fields.get(name)
        if item is not None:
            return read_known(case.fields.get(name), item)
        if name in book.numbers:
            return read_known(case.outcomes.get(name), book.numbers[name])
        derivation, reported = derived.get(name), case.outcomes.get(name)
        answer = (derivation.value if derivation else None) or (reported.value if reported else "")
        return answer == "yes" if answer else None

    for outcome, rule in book.rules.items():
        used = tuple(_list_used(case, rule.names, derived, book))
        if used:
            answer = rule.answer(look_up)
            value: Literal["yes", "no"] | None = None if answer is None else "yes" if answer else "no"
            derived[outcome] = Derivation(rule.text, value, used)
    return replace(case, derived=derived)


def apply_rule(study: Study, protocol: Protocol, outcome: str, rule: str) -> Study:
    """Return the study as another rule of an outcome would have it.

    Raises:
        RuleProblem: If the rule cannot be read.
    """
    book = compile_rules(protocol, {outcome: rule})
    return replace(study, cases=tuple(derive_outcomes(case, book) for case in study.cases))


def count_by_rules(
    studies: Iterable[Study], protocol: Protocol, outcome: Outcome
) -> dict[str, dict[StudyId, Tally | None]]:
    """Count an outcome under its rule (named `rule`) and each alternative that can be read, study by study."""
    studies = list(studies)
    variables = list_variables(protocol)
    counted: dict[str, dict[StudyId, Tally | None]] = {}
    for name, text in (("rule", outcome.rule), *outcome.alternatives):
        try:
            parse_rule(text, variables)
        except RuleProblem:
            continue
        changed = [apply_rule(study, protocol, outcome.name, text) for study in studies]
        counted[name] = {study.id: tally_outcome(study, outcome.name) for study in changed}
    return counted


def read_known(observation: Observation | None, item: CaseField) -> Known:
    """Return what a value of a case says to a rule; None where it is missing."""
    if observation is None or observation.missing:
        return None
    if item.type in ("number", "integer"):
        return make_span(parse_number(observation.value), observation.op)
    if item.type == "date":
        return make_date_span(observation.value)
    return observation.value == "yes" if _is_yes_no(item) else observation.value


def _is_yes_no(item: CaseField) -> bool:
    return item.type == "choice" and frozenset(item.choices) == _YES_NO


def _list_used(
    case: Case, names: Iterable[str], derived: Mapping[str, Derivation], book: RuleBook
) -> Iterator[Observation]:
    for name in names:
        if name in book.fields:
            found = case.fields.get(name)
            if found is not None and not found.missing:
                yield found
        elif name in derived and derived[name].value:
            yield from derived[name].used
        else:
            reported = case.outcomes.get(name)
            if reported is not None and not reported.missing:
                yield reported


def _order_rules(rules: Mapping[str, Rule]) -> dict[str, Rule]:
    """Put rules after those that they need; rules in a circle, and those that need them, are left out."""
    ordered: dict[str, Rule] = {}
    waiting = dict(rules)
    while ready := [name for name, rule in waiting.items() if not any(other in waiting for other in rule.names)]:
        ordered |= {name: waiting.pop(name) for name in ready}
    return ordered

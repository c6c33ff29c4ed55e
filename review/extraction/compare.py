"""Two extractors' sheets of one study, field by field: what differs, what was settled, and how far they agree.

Agreement is that of the two sheets as they were filled in: a value that was settled counts as it stood when it was settled, so that correcting
the first sheet does not raise the agreement afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.model import Count
from review.model import Observation
from review.model import Place
from review.model import Study
from review.model import StudyId
from review.model import Summary
from review.numerals import format_percent
from review.numerals import parse_number
from review.rows import Rows
from review.screening.coefficients import Agreement
from review.screening.coefficients import measure_agreement

#: The columns of extraction/settled.csv: what the two sheets said when a person settled it, and what stands.
COLUMNS = ("time", "by", "study", "item", "first", "second", "settled", "why")

#: What a sheet says of an item that it does not have.
ABSENT = "(not given)"


@dataclass(frozen=True, slots=True)
class Entry:
    """What one sheet says of an item, and where it read it."""

    text: str
    source: Place | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """A person's word on an item of a study on which two sheets differed."""

    by: str
    time: str
    study: StudyId
    item: str
    first: str
    second: str
    settled: str
    why: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Pair:
    """One item of a study as both sheets have it.

    `item` is its key, such as `adams-2010-1.age_years`; `field` groups items for agreement (`age_years`). `settled` is the word that stands on it.
    """

    study: StudyId
    item: str
    field: str
    first: Entry
    second: Entry
    settled: Settled | None = None

    @property
    def agrees(self) -> bool:
        """Whether the extractors agreed, before anything was settled."""
        return is_same(self.settled.first if self.settled else self.first.text, self.second.text)

    @property
    def is_open(self) -> bool:
        """Whether the sheets differ and nobody has settled it."""
        return self.settled is None and not is_same(self.first.text, self.second.text)


@dataclass(frozen=True, slots=True)
class FieldAgreement:
    """How two extractors agree on a field: `equal` of `compared` values; `answers` where all are of two or more words."""

    field: str
    equal: int
    compared: int
    answers: Agreement | None = None


def is_same(first: str, second: str) -> bool:
    """Whether two values are one: numbers by value (3.10 is 3.1), texts by their words."""
    try:
        return parse_number(first) == parse_number(second)
    except ValueError:
        return " ".join(first.split()).casefold() == " ".join(second.split()).casefold()


def compare_sheets(first: Study, second: Study, settlements: Iterable[Settled] = ()) -> list[Pair]:
    """Pair every item of two sheets of a study, in the order of the first one.

    Args:
        first: The sheet that stands.
        second: The sheet of the second extractor.
        settlements: The words that people gave; the latest on an item stands, unless the second sheet has changed since.
    """
    left, right = dict(_list_items(first)), dict(_list_items(second))
    latest = {word.item: word for word in settlements if word.study == first.id}
    absent = Entry(ABSENT)
    pairs = []
    for item in dict.fromkeys((*left, *right)):
        one, other = left.get(item, absent), right.get(item, absent)
        word = latest.get(item)
        if word is not None and not is_same(word.second, other.text):
            word = None
        pairs.append(Pair(first.id, item, _name_field(item), one, other, word))
    return pairs


def check_pairs(pairs: Sequence[Pair]) -> Iterator[Finding]:
    """Report what differs and is not settled, and what a sheet does not say as it was settled."""
    for pair in pairs:
        origin = pair.first.origin or pair.second.origin
        if pair.is_open:
            message = f'{pair.item}: the first extractor has "{pair.first.text}", the second "{pair.second.text}"'
            yield find(
                "EXTRACT-055", message, origin, found=pair.first.text, expected=pair.second.text, ids=(pair.study,)
            )
        elif pair.settled is not None and not is_same(pair.first.text, pair.settled.settled):
            message = (
                f'{pair.item} is "{pair.first.text}", but was settled as "{pair.settled.settled}" by {pair.settled.by}'
            )
            yield find(
                "EXTRACT-056", message, origin, found=pair.first.text, expected=pair.settled.settled, ids=(pair.study,)
            )


def measure_fields(pairs: Iterable[Pair]) -> list[FieldAgreement]:
    """Measure the agreement on each field, in order; fields with a few words as answers get the coefficients, too."""
    by_field: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_field[pair.field].append(pair)
    return [
        FieldAgreement(field, sum(pair.agrees for pair in group), len(group), _measure_answers(group))
        for field, group in by_field.items()
    ]


def describe_agreement(fields: Sequence[FieldAgreement], compared: int, total: int) -> str:
    """Write the sentence of the methods on how many studies two people extracted, and on how many values they agreed."""
    equal, values = sum(item.equal for item in fields), sum(item.compared for item in fields)
    if not values:
        return f"No values of the {total} studies were extracted by two people."
    share = format_percent(equal, values)
    return f"Two people extracted {compared} of {total} studies independently; they agreed on {equal} of {values} values ({share})."


def parse_settlements(rows: Rows) -> tuple[list[Settled], list[Finding]]:
    """Read extraction/settled.csv; a row without study, item or person is reported and left out."""
    words: list[Settled] = []
    findings = list(rows.findings)
    for row in rows.rows:
        origin = Origin(rows.path, row.line)
        lacking = [name for name in ("by", "study", "item", "settled") if not row[name].strip()]
        if lacking:
            findings.append(
                find("EXTRACT-057", f"the row lacks {', '.join(lacking)}", origin, expected=", ".join(COLUMNS))
            )
            continue
        cells = {name: row[name].strip() for name in COLUMNS}
        words.append(
            Settled(
                cells["by"],
                cells["time"],
                StudyId(cells["study"]),
                cells["item"],
                cells["first"],
                cells["second"],
                cells["settled"],
                cells["why"],
                origin,
            )
        )
    return words, findings


def _list_items(study: Study) -> Iterator[tuple[str, Entry]]:
    yield "design", Entry(study.design, origin=study.origin)
    yield "year", Entry(str(study.year) if study.year else ABSENT, origin=study.origin)
    yield "evidence", Entry(study.evidence, origin=study.origin)
    for case in study.cases:
        if case.arm:
            yield f"{case.id}.arm", Entry(case.arm, origin=case.origin)
        for name, observation in (*case.fields.items(), *case.outcomes.items()):
            yield from _list_parts(f"{case.id}.{name}", observation)
        for treatment in case.treatments:
            yield from _list_parts(f"{case.id}.treatments {treatment.agent}", treatment.response)
    for count in study.counts:
        yield _join("counts", count.name, count.arm), _make_total(count)
    for count in study.treatments:
        yield _join("treatments", count.name), _make_total(count)
    for summary in study.summaries:
        against = f"versus {summary.versus}" if summary.versus else ""
        yield from _list_statistics(_join("summaries", summary.name, summary.arm, against), summary)
    for item in study.characteristics:
        if isinstance(item, Count):
            yield _join("characteristics", item.name, item.arm, item.choice), _make_total(item)
        else:
            yield from _list_statistics(_join("characteristics", item.name, item.arm), item)


def _join(*parts: str) -> str:
    return ".".join(part for part in parts if part)


def _list_parts(item: str, observation: Observation) -> Iterator[tuple[str, Entry]]:
    """Yield a value, and beside it the exposure of a count and whether an event ended a time, as the columns of a table name them."""
    sign = "" if observation.op == "=" else f"{observation.op} "
    source, origin = observation.source, observation.origin
    yield item, Entry(observation.missing or f"{sign}{observation.value}", source, origin)
    if observation.exposure:
        yield f"{item}:exposure", Entry(observation.exposure, source, origin)
    if observation.event is not None:
        yield f"{item}:event", Entry(observation.event, source, origin)


def _list_statistics(item: str, summary: Summary) -> Iterator[tuple[str, Entry]]:
    for statistic, numbers in summary.statistics.items():
        yield f"{item}.{statistic}", Entry(", ".join(numbers), summary.source, summary.origin)
    if summary.unit:
        yield f"{item}.unit", Entry(summary.unit, summary.source, summary.origin)


def _make_total(count: Count) -> Entry:
    return Entry(f"{count.events}/{count.total}", count.source, count.origin)


def _name_field(item: str) -> str:
    """Return what an item is of: a case's field, a total or summary of its name, or the study's own key."""
    head, _, tail = item.partition(".")
    return item if head in ("counts", "summaries", "characteristics") or not tail else item.rpartition(".")[2]


def _measure_answers(group: Sequence[Pair]) -> Agreement | None:
    """Measure a field whose answers are two to eight words that return; None for numbers and free text."""
    answers = [(pair.settled.first if pair.settled else pair.first.text, pair.second.text) for pair in group]
    seen = Counter(text for answer in answers for text in answer)
    words = sorted(seen, key=lambda text: (text != "yes", text))
    if not 2 <= len(words) <= 8 or len(group) < 2 or any(_is_number(word) for word in words):
        return None
    table = [[sum(answer == (row, column) for answer in answers) for column in words] for row in words]
    return measure_agreement(table)


def _is_number(text: str) -> bool:
    try:
        return isinstance(parse_number(text), Fraction)
    except ValueError:
        return False


def summarise_fields(fields: Iterable[FieldAgreement]) -> list[Mapping[str, object]]:
    """Return the agreement per field as JSON; `kappa` is null where it cannot be given."""
    return [
        {
            "field": item.field,
            "equal": item.equal,
            "compared": item.compared,
            "kappa": item.answers.kappa.estimate if item.answers and item.answers.kappa else None,
        }
        for item in fields
    ]

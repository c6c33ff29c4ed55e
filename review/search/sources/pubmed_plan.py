"""The plan of a PubMed search: every id of the result, found before a record is fetched, and kept on disk as it grows.

The ids listed are compared with the service's count. A result beyond the window is divided by ranges of ids; so is one whose
list stays shorter than its count.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import cast

from review.findings import Finding
from review.findings import find
from review.search.run_document import LineHits
from review.search.sources.contract import Known
from review.search.sources.eutils import WINDOW
from review.search.sources.eutils import Eutils
from review.search.sources.eutils_answers import SearchAnswer
from review.search.sources.partition import UidRange
from review.search.sources.partition import first_ranges
from review.search.sources.partition import walk_ranges
from review.search.sources.pubmed_reading import check_reading
from review.search.sources.pubmed_reading import list_diagnostics
from review.search.sources.pubmed_reading import write_term
from review.search.store import RunStore
from review.search.strategy import Strategy

ANSWER_FORMAT = "esearch-xml"

#: The publication type of a retracted report (its notice has another), in lower case.
RETRACTED = "retracted publication"

#: The service's modification dates are days of another time zone and appear with a delay.
MARGIN_DAYS = 3


@dataclass(slots=True)
class Slice:
    """One stored result: its query, its ids in the service's order, and where the service keeps it (empty: nowhere)."""

    term: str
    ids: list[str]
    web_env: str = ""
    query_key: str = ""

    @property
    def answer(self) -> SearchAnswer:
        """The stored result, for EFetch."""
        return SearchAnswer(len(self.ids), (), web_env=self.web_env, query_key=self.query_key)


@dataclass(slots=True)
class Plan:
    """What is known of a search so far; `stage` is the step that comes next."""

    stage: str = "lines"
    total: int = 0
    translation: str = ""
    lines: list[LineHits] = field(default_factory=list)
    slices: list[Slice] = field(default_factory=list)
    pending: list[UidRange] = field(default_factory=list)
    first_ids: list[str] = field(default_factory=list)
    #: Ids held already that the service says have changed, or are retracted now.
    changed: list[str] = field(default_factory=list)
    changes_unknown: bool = False
    findings: list[Finding] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        """Every id, each once."""
        return list(dict.fromkeys(item for part in self.slices for item in part.ids))

    def to_json(self) -> dict[str, object]:
        """Return what `from_json` takes."""
        document = dataclasses.asdict(self)
        document["findings"] = [
            {"code": item.code, "message": item.message, "ids": list(item.ids)} for item in self.findings
        ]
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Plan:
        """Return the plan; an empty or foreign document gives a new one."""
        try:
            values = dict(document)
            values["lines"] = [LineHits(**item) for item in values["lines"]]
            values["slices"] = [Slice(**item) for item in values["slices"]]
            values["pending"] = [UidRange(**item) for item in values["pending"]]
            values["findings"] = [find(item["code"], item["message"], ids=item["ids"]) for item in values["findings"]]
            return cls(**values)
        except (KeyError, TypeError):
            return cls()


def is_dated(answer: SearchAnswer) -> bool:
    """Whether the service applied a modification date: a field that it does not know, it drops without a word."""
    translation = answer.translation.lower()
    return "date - modification" in translation or "[mdat]" in translation


class Planner:
    """Makes the plan of one search, or goes on with the one that the store holds."""

    def __init__(self, eutils: Eutils, strategy: Strategy, store: RunStore) -> None:
        self._eutils = eutils
        self._strategy = strategy
        self._store = store
        self.term = write_term(strategy)
        self.plan = Plan.from_json(cast("Mapping[str, Any]", store.load_state()))

    def save(self) -> None:
        """Keep the plan on disk."""
        self._store.save_state(self.plan.to_json())

    def make(self, known: Known | None) -> Plan:
        """Take the steps that are still to be taken.

        Raises:
            SourceError: If the service fails for good; what was found so far is kept.
        """
        steps: dict[str, Callable[[], None]] = {
            "lines": self._search_lines,
            "search": self._search_whole,
            "ranges": self._search_ranges,
            "rest": self._search_rest,
            "changes": lambda: self._search_changes(known),
        }
        while self.plan.stage in steps:
            steps[self.plan.stage]()
            self.save()
        return self.plan

    def search(self, term: str, *, listed: int = WINDOW) -> SearchAnswer:
        """Search and keep the answer as received."""
        return self._eutils.search(term, listed=listed, keep=self._keep)

    def _keep(self, body: bytes) -> None:
        self._store.describe(self._store.keep("search", body), ANSWER_FORMAT, 0)

    def _search_lines(self) -> None:
        for line in self._strategy.lines[len(self.plan.lines) : -1]:
            answer = self.search(self._strategy.expand(line.number), listed=0)
            self.plan.lines.append(LineHits(line.number, line.query, answer.count))
            self.plan.findings += list_diagnostics(answer, self._strategy.origin, f"line #{line.number}: ")
            self.save()
        self.plan.stage = "search"

    def _search_whole(self) -> None:
        answer = self.search(self.term)
        plan = self.plan
        plan.total, plan.translation = answer.count, answer.translation
        plan.findings += check_reading(self._strategy, answer)
        if self._strategy.lines:
            last = self._strategy.lines[-1]
            plan.lines.append(LineHits(last.number, last.query, answer.count))
        if len(answer.ids) == answer.count:
            plan.slices = [Slice(self.term, list(answer.ids), answer.web_env, answer.query_key)]
            plan.stage = "changes"
        else:
            plan.first_ids = list(answer.ids)
            plan.pending = first_ranges(answer.ids)
            plan.stage = "ranges"

    def _search_ranges(self) -> None:
        parts = walk_ranges(self.plan.pending, lambda part: self.search(part.restrict(self.term)))
        for part, answer in parts:
            term = part.restrict(self.term)
            self.plan.slices.append(Slice(term, list(answer.ids), answer.web_env, answer.query_key))
            self.save()
        self.plan.stage = "rest"

    def _search_rest(self) -> None:
        """Find what the ranges left out: books, which they may not reach, and what came in between."""
        plan = self.plan
        self._add_rest(plan.first_ids)
        if len(plan.ids) < plan.total:
            self._add_rest(self.search(f"({self.term}) AND pubmed books[sb]").ids)
        if len(plan.ids) != plan.total:
            first = plan.total
            plan.total = self.search(self.term, listed=0).count
            listed = len(plan.ids)
            if listed < plan.total:
                message = f"PubMed counts {plan.total:,} hits and lists {listed:,}"
                plan.findings.append(find("RUN-009", message, found=listed, expected=plan.total))
            else:
                message = f"the count went from {first:,} to {plan.total:,} while {listed:,} ids were listed"
                plan.findings.append(find("RUN-008", message, found=plan.total, expected=first))
                plan.total = listed
        plan.stage = "changes"

    def _add_rest(self, ids: list[str] | tuple[str, ...]) -> None:
        listed = set(self.plan.ids)
        rest = [item for item in ids if item not in listed]
        if rest:
            self.plan.slices.append(Slice("", rest))

    def _search_changes(self, known: Known | None) -> None:
        plan = self.plan
        if known is not None and known.ids:
            since = known.changed_since(MARGIN_DAYS)
            answer = self.search(f'({self.term}) AND ("{since}"[mdat] : "3000"[mdat])')
            if is_dated(answer):
                plan.changed = [item for item in answer.ids if item in known.ids]
                plan.changes_unknown = answer.count > len(answer.ids)
            else:
                plan.changes_unknown = True
            retracted = self.search(f'({self.term}) AND "{RETRACTED}"[pt]')
            # A phrase that no record has is dropped from the query, which then finds everything.
            if RETRACTED in retracted.translation.lower():
                plan.changed += [item for item in retracted.ids if item in known.ids and item not in known.retracted]
        plan.stage = "done"

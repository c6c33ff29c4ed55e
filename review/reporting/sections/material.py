"""What the sections of the report are composed from: the review's values, gathered once."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from review.dedup.groups import Grouping
from review.dedup.rulings import Ruling
from review.extraction.certainty import Rating
from review.extraction.compare import Pair
from review.model import Box
from review.model import Decision
from review.model import Record
from review.model import RecordId
from review.model import ReportId
from review.model import Run
from review.model import Stage
from review.model import Study
from review.model import Value
from review.pooling.measured import MeasuredResult
from review.pooling.planned import PlannedResult
from review.protocol import Protocol
from review.reporting.document import Number
from review.screening.agreement import PairAgreement
from review.screening.agreement import compare_screeners
from review.screening.consensus import Settlement
from review.screening.progress import Progress
from review.search.appendix import list_complete
from review.search.strategy import Strategy


@dataclass(frozen=True)
class Material:
    """A review as its report tells it.

    `votes` are the votes that stand, settlements apart. `compared` pairs the items of studies that two people extracted; it is empty where
    there is no second sheet. `ratings` are people's judgements of certainty by analysis. `planned` are the analyses of one proportion, `measured` the others. `values` are the numbers that text may quote.
    """

    protocol: Protocol
    runs: Sequence[Run]
    strategies: Sequence[Strategy]
    grouping: Grouping
    rulings: Sequence[Ruling]
    votes: Sequence[Decision]
    settlements: Sequence[Settlement]
    progress: Progress
    report_of: Mapping[RecordId, ReportId]
    references: Mapping[ReportId, Record]
    studies: Sequence[Study]
    compared: Sequence[Pair]
    ratings: Mapping[str, Rating]
    boxes: Sequence[Box]
    planned: Sequence[PlannedResult]
    measured: Sequence[MeasuredResult]
    values: Sequence[Value]

    @cached_property
    def searches(self) -> list[Run]:
        """The runs that count, oldest first."""
        return list_complete(self.runs)

    @cached_property
    def included(self) -> list[Study]:
        """The studies of the review's own; those known only through another publication are not among them."""
        return [study for study in self.studies if study.evidence == "primary"]

    @cached_property
    def analyses(self) -> list[str]:
        """The names of all planned analyses, in the order of the protocol."""
        return [analysis.name for analysis in self.protocol.analyses]

    @cached_property
    def results(self) -> list[PlannedResult | MeasuredResult]:
        """What all analyses came to: those of one proportion, then the others."""
        return [*self.planned, *self.measured]

    @cached_property
    def counts(self) -> dict[str, int]:
        """The numbers of the flow diagram."""
        return {box.key: box.n for box in self.boxes}

    @cached_property
    def agreement(self) -> list[PairAgreement]:
        """How every two screeners agree."""
        return compare_screeners(self.votes, self.report_of.get)

    @cached_property
    def texts(self) -> dict[str, str]:
        """The texts of the values by key."""
        return {value.key: value.text for value in self.values}

    def list_screeners(self, stage: Stage) -> list[str]:
        """Name who voted at a stage."""
        return sorted({vote.by for vote in self.votes if vote.stage == stage and vote.record in self.report_of})

    def quote(self, key: str) -> Number | None:
        """Give a value as a number of the text that leads to what it is made of; None if there is no such value."""
        return Number(key, self.texts[key]) if key in self.texts else None

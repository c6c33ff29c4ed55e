"""What people decide on records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from review.findings import Origin
from review.model.ids import RecordId

Stage = Literal["title-abstract", "retrieval", "full-text"]
Verdict = Literal["include", "exclude", "unsure"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of a screening log: what one person decided on one record at one stage.

    At the stage `retrieval`, include means that the full text is at hand and exclude that it could not be had. `reason` is a code of
    the protocol. `shown` is the hash of what the person saw, `order` says what put the record in its place (`calibration seed=1`); both are
    empty where the log does not say.
    """

    by: str
    time: str
    stage: Stage
    record: RecordId
    verdict: Verdict
    reason: str = ""
    note: str = ""
    shown: str = ""
    origin: Origin | None = None
    order: str = ""

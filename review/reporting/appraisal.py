"""What people judged on each study, item by item, ready to be shown as a table or as traffic lights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class AppraisalItem(NamedTuple):
    """One question of an appraisal tool; `mark` stands above its column: 1, 2, D1, Overall."""

    key: str
    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class AppraisedStudy:
    """The judgements of one study by item key; an item that was not judged stays empty.

    `overall` is the judgement of the whole and `reason` why, both empty where nobody gave them.
    """

    label: str
    judgements: Mapping[str, str]
    overall: str = ""
    reason: str = ""

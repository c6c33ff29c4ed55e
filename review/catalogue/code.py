"""What an entry of the catalogue of finding codes says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding: what it means, why it matters, how to mend it.

    `level`: error, a number would be wrong; warning, a person must look; note, worth knowing.
    """

    code: str
    level: Level
    title: str
    meaning: str
    mend: str

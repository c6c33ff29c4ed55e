"""Parts of a total: what makes a partition, and what only looks like one."""

from __future__ import annotations

import pytest

from review.reporting.claims.check import check_manuscript
from review.reporting.claims.text import prepare


def judge(text: str) -> list[str]:
    judged = check_manuscript(prepare(text, "text.md"), ())
    return [item.verdict.outcome for item in judged if item.kind == "partition"]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Of the 20 patients, 12 had ulcers, 5 had pain and the remaining 3 had neither sign.", None),
        ("Of the 20 patients, 12 had ulcers, 5 had pain and the remaining 3 had none.", "verified"),
        ("Of the 20 patients, 12 had ulcers, 9 had pain and the remaining 6 had none.", "unverifiable"),
        ("Of the 20 patients, 12 had ulcers, 5 had pain and the remaining 9 had none.", "wrong"),
        ("Of the 20 patients, 12 had ulcers, 2 had pain and the remaining 3 had none.", "wrong"),
        ("We studied 20 patients: 12 had ulcers and the remaining 8 had none.", "verified"),
        ("Of the 20 patients, 12 improved; the other 2 trials say nothing.", None),
        ("Of the 20 patients, 12 were similar to the other 2.", None),
        ("Of the 20 patients, 12 improved, of whom 4 healed; the remaining 8 did not.", None),
        ("The 8 women and 3 men among the 11 patients were treated.", "verified"),
        ("The 11 patients were 8 women and 2 men.", "wrong"),
        ("Of the 30 patients, 8 women and 3 men had pain.", None),
        ("Of 20 patients in the treated group, 8 were women and 3 were men.", None),
        ("Of the 20 patients, 12 improved, 5 were stable, 2 worsened and 1 was lost to follow-up.", None),
        ("Of the 20 patients, 12 improved, 5 were not stable and 3 worsened.", None),
        ("Of these, 60% improved and the remaining 40% did not.", "verified"),
        ("Of these, 33.3% improved, 33.3% were stable and the remaining 33.3% worsened.", "verified"),
        ("Of these, 60% improved and the remaining 30% did not.", "wrong"),
        ("Of these, a reduction of 60% was seen, the remaining 30% did not matter.", None),
        ("Of the 8 patients, 4 improved. The remaining 4 did not.", "verified"),
        ("Of the 8 patients, 4 improved and 2 healed. The remaining 3 did not.", None),
        ("Of the 8 patients, 4 improved. Of the 9 others, the remaining 3 did not.", None),
    ],
)
def test_partitions(text: str, outcome: str | None) -> None:
    assert judge(text) == ([] if outcome is None else [outcome])

"""Review folders for the page: invented records, several screeners."""

from __future__ import annotations

import io
from collections.abc import Iterable
from collections.abc import Sequence
from pathlib import Path

from review.rows import read_rows
from review.screening.log import COLUMNS
from review.screening.log import REQUIRED
from review.screening.logfile import open_log
from review.workspace import Layout
from tests.builder import PROTOCOL
from tests.builder import MadeReview
from tests.builder import make_review

HOSTILE = "& \"><svg/onload=document.title=1> ${1+1} {{7*7}} ' calcinosis"

ABSTRACT = "Calcinosis is painful. We gave penicillamine to two patients; calcifications shrank. No rats were harmed."

TITLES = (
    "Penicillamine in two patients with calcinosis",
    HOSTILE,
    "A single case of calcinosis universalis",
    "What is known of gout in the tropics",
    "Calcific deposits in a cohort",
    "Colchicine and calcinosis",
)

SCREENING = """\
screening:
  screeners: 2
  stages:
    retrieval: {screeners: 1}
  highlight: {include: [calcif*, calcinosis], avoid: [gout, rats]}
"""


def make_ris(titles: Iterable[str], *, abstract: str = ABSTRACT) -> str:
    stream = io.StringIO()
    for number, title in enumerate(titles):
        lines = [
            "TY  - JOUR",
            f"TI  - {title}",
            f"AU  - Author{number}, Ruth",
            "T2  - Journal of Invented Medicine",
            f"PY  - {1990 + number % 30}",
        ]
        lines += [
            f"DO  - 10.5555/r.{number}",
            *([f"AB  - {abstract}"] if abstract else []),
            "KW  - Calcinosis",
            "ER  -",
            "",
        ]
        stream.write("\n".join(lines) + "\n")
    return stream.getvalue()


def name_record(number: int) -> str:
    return f"doi:10.5555/r.{number}"


def make_folder(root: Path, *, screening: str = SCREENING, titles: Iterable[str] = TITLES) -> MadeReview:
    protocol = PROTOCOL.replace("screening:\n  screeners: 1\n", screening)
    return make_review(root, protocol=protocol, ris=make_ris(titles), logs={}, sheets={})


def vote(
    root: Path, who: str, votes: Sequence[tuple[str, int, str] | tuple[str, int, str, str]], note: str = ""
) -> None:
    """Write votes (stage, number of the record, decision, reason) to a log."""
    with open_log(Layout(root).screening / f"{who}.csv", COLUMNS, "test") as log:
        for stage, number, decision, *reason in votes:
            cells = {"stage": stage, "record": name_record(number), "decision": decision, "note": note}
            log.append({**cells, "reason": reason[0] if reason else ""})


def read_log(root: Path, who: str = "ann") -> list[dict[str, str]]:
    path = Layout(root).screening / f"{who}.csv"
    if not path.exists():
        return []
    rows = read_rows(path, path.name, REQUIRED)
    assert rows.findings == ()
    assert not rows.is_torn
    return [row.cells for row in rows.rows]


def brief(rows: Iterable[dict[str, str]]) -> list[tuple[str, str]]:
    """The number of the record and the decision of each row."""
    return [
        (row["record"].rpartition(".")[2], row["decision"] + (f":{row['reason']}" if row["reason"] else ""))
        for row in rows
    ]

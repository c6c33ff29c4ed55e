"""An update of the builder's review, in a folder: the previous version's run, sheets and counts, and what a search found since."""

from __future__ import annotations

from pathlib import Path

from tests.builder import ADAMS_SHEET
from tests.builder import BAKER_SHEET
from tests.builder import LOG
from tests.builder import PROTOCOL
from tests.builder import MadeReview
from tests.builder import make_review

DAVIS = "doi:10.5555/davis.2020"
LATER = "doi:10.5555/adams.2021"

#: Found since: a paper on a new patient, the later report of an old study, and an old paper under another id.
NEW_RIS = """\
TY  - JOUR
TI  - Penicillamine for calcinosis of the knee in one patient
AU  - Davis, Una
T2  - Journal of Invented Medicine
PY  - 2020
VL  - 22
SP  - 1
DO  - 10.5555/davis.2020
ER  -

TY  - JOUR
TI  - Ten years later: two patients with calcinosis of the hands revisited
AU  - Adams, Ruth
T2  - Letters of Invented Medicine
PY  - 2021
VL  - 3
SP  - 77
DO  - 10.5555/adams.2021
ER  -

TY  - JOUR
TI  - A single case of calcinosis universalis under penicillamine
AU  - Baker, Tom
T2  - Annals of Made-up Rheumatology
PY  - 2012
VL  - 3
SP  - 101
DO  - 10.5555/baker.2012
ER  -
"""

NEW_LOG = f"""\
2026-06-02T08:00:00Z,title-abstract,{DAVIS},include,,
2026-06-02T08:01:00Z,title-abstract,{LATER},include,,
2026-06-03T08:00:00Z,full-text,{DAVIS},include,,
2026-06-03T08:01:00Z,full-text,{LATER},include,,
"""

DAVIS_SHEET = f"""\
format: 1
study: davis-2020
label: Davis 2020
design: case report
year: 2020
reports:
  - {{record: {DAVIS}, name: paper}}
counts:
  - {{outcome: response, events: 1, total: 1, source: paper}}
"""


def make_update(root: Path, *, included: str = "[adams-2010, baker-2012]", extra: str = "") -> MadeReview:
    """The review of the builder as the previous version (with a third study, since withdrawn), and what a search found since."""
    sheets = {
        "adams-2010": ADAMS_SHEET.replace("name: paper}", f"name: paper}}\n  - {{record: {LATER}, role: companion}}"),
        "baker-2012": BAKER_SHEET,
        "davis-2020": DAVIS_SHEET,
    }
    made = make_review(root, logs={"screener-1": LOG + NEW_LOG}, sheets=sheets)
    (before,) = [path.name for path in (root / "queries" / "runs").iterdir()]
    made.add_run(NEW_RIS, source="other-library", started="2026-06-01T08:00:00Z")
    previous = f"""\
previous:
  studies: 3
  reports: 4
  source: Okoro 2019
  included: {included}
  runs: [{before}]
  withdrawn:
    - {{study: Evans 2005, reports: 2, why: retracted}}
{extra}"""
    protocol = PROTOCOL.replace("studies: [adams-2010, baker-2012]", "studies: [adams-2010, baker-2012, davis-2020]")
    made.write("protocol.yaml", protocol + previous)
    return made

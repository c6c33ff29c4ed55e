"""A made review in which every part of the report has something to say, and one in which none has."""

from __future__ import annotations

from pathlib import Path

from review.reporting.sections.material import Material
from review.results import compute_results
from review.results import gather_material
from tests.builder import ADAMS
from tests.builder import ADAMS_SHEET
from tests.builder import BAKER
from tests.builder import BAKER_SHEET
from tests.builder import CLARK
from tests.builder import LOG_HEAD
from tests.builder import PROTOCOL
from tests.builder import RIS
from tests.builder import MadeReview
from tests.builder import make_review

DORN = "doi:10.5555/dorn.2015"

PLAN = (
    PROTOCOL.replace("screeners: 1", "screeners: 2\n  settled_by: [cat]")
    .replace("registration: not registered", "registration: PROSPERO CRD42099999999")
    .replace(
        "    response: Smaller on X-ray\n",
        "    response: Smaller on X-ray\n    alternative_rules: {young: age_years < 60}\n",
    )
    .replace("studies: [adams-2010, baker-2012]", "studies: [adams-2010, baker-2012, dorn-2015]")
    + """\
appraisal:
  murad-2018: {items: [selection, exposure]}
treatments:
  response: Smaller on X-ray
  agents: [colchicine, diltiazem]
"""
)

ENTRIES = (
    RIS
    + """
TY  - JOUR
TI  - Four patients with calcinosis under penicillamine
AU  - Dorn, Eva
T2  - Journal of Invented Medicine
PY  - 2015
VL  - 17
SP  - 1
EP  - 4
DO  - 10.5555/dorn.2015
ER  -
"""
)

FULL = f"""\
{LOG_HEAD.rstrip()},shown,position,order
2026-01-02T08:00:00Z,title-abstract,{ADAMS},include,,,,1,calibration seed=1
2026-01-02T08:01:00Z,title-abstract,{BAKER},include,,,,2,file
2026-01-02T08:02:00Z,title-abstract,{CLARK},exclude,wrong-population,,,3,file
2026-01-02T08:03:00Z,title-abstract,{DORN},include,,,,4,file
2026-01-03T08:00:00Z,full-text,{ADAMS},include,,,,,
2026-01-03T08:01:00Z,full-text,{BAKER},include,,,,,
2026-01-03T08:02:00Z,full-text,{DORN},include,,,,,
"""
UNSURE = FULL.replace(f"{CLARK},exclude,wrong-population,", f"{CLARK},unsure,,gout or calcinosis?")

SETTLED = f"""\
time,by,stage,record,decision,reason,note,settles
2026-01-02T10:00:00Z,cat,title-abstract,{CLARK},exclude,wrong-population,,ann=exclude ben=unsure
"""

ADAMS_RICH = (
    ADAMS_SHEET.replace(
        "  - case: adams-2010-2\n", "  - case: adams-2010-2\n    age_years: {value: 70, source: paper}\n"
    )
    .replace(
        "      response: {value: no, source: paper}\n",
        "      response: {value: no, source: paper}\n"
        "    treatments:\n      - {agent: colchicine, response: {value: no, source: paper}}\n",
    )
    .rstrip()
    + """
appraisal:
  - tool: murad-2018
    by: author-1
    answers:
      selection: {answer: no, reason: two patients of many}
      exposure: yes
    overall: {judgement: some concern, reason: patients were chosen}
"""
)

DORN_SHEET = f"""\
format: 1
study: dorn-2015
label: Dorn 2015
design: case series
year: 2015
reports:
  - {{record: {DORN}, name: paper}}
counts:
  - {{outcome: response, events: 3, total: 4, definition: Gone on X-ray, source: paper}}
characteristics:
  - {{field: age_years, mean: 48, sd: 9, source: paper}}
treatments:
  - {{agent: diltiazem, events: 1, total: 4, source: paper}}
"""

RATINGS = """\
format: 1
ratings:
  A:
    by: author-1
    start: low
    domains:
      risk_of_bias: {judgement: serious, reason: no comparison}
      inconsistency: {judgement: not serious}
      indirectness: {judgement: not serious}
      imprecision: {judgement: serious, reason: seven patients}
      publication_bias: {judgement: undetected}
    certainty: very low
    reason: seven patients of three reports
"""


def make_rich(root: Path) -> MadeReview:
    made = make_review(
        root,
        protocol=PLAN,
        ris=ENTRIES,
        logs={"ann": FULL, "ben": UNSURE},
        sheets={"adams-2010": ADAMS_RICH, "baker-2012": BAKER_SHEET, "dorn-2015": DORN_SHEET},
    )
    made.write("extraction/screening/consensus.csv", SETTLED)
    second = ADAMS_RICH.split("appraisal:")[0].replace("value: 54", "value: 45")
    made.write("extraction/second/adams-2010.yaml", second)
    made.write("extraction/certainty.yaml", RATINGS)
    return made


def make_bare(root: Path) -> MadeReview:
    """A review that has a title and nothing else."""
    return make_review(root, protocol="format: 1\ntitle: Nothing yet\n", ris=None, logs={}, sheets={})


def gather(made: MadeReview) -> Material:
    review = made.open()
    return gather_material(review, compute_results(review))

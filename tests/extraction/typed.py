"""A protocol with arms and an outcome of every type, and a sheet of it without findings."""

from __future__ import annotations

from review.extraction.sheet import parse_sheet
from review.findings import Finding
from review.marked import parse_marked
from review.model import Study
from review.protocol import Protocol
from tests.builder import make_protocol

PROTOCOL = """\
format: 1
title: Two doses against flares
arms:
  high: {label: High dose, interventions: rituximab, dose: 2 x 1000 mg}
  low: {label: Low dose, interventions: rituximab, dose: 2 x 500 mg}
case_fields:
  age_years: {label: Age, type: number, unit: years, range: [0, 110]}
  sex: {label: Sex, type: choice, choices: [female, male]}
outcomes:
  calm: {label: Calm disease, response: no more than one flare and little pain, rule: flares <= 1 and pain < 5}
  healed: {label: Healed, response: no lesion left}
  flares: {label: Flares, type: count, definition: new lesions, unit: months, units: {years: 12}, range: [0, 40], better: lower}
  pain: {label: Pain, type: continuous, definition: on a scale, unit: points, units: {percent: 1/10}, range: [0, 10], better: lower}
  relapse: {label: Time to relapse, type: time-to-event, definition: first new lesion, unit: months, units: {years: 12}}
"""

SHEET = """\
format: 1
study: s
reports: [{record: pubmed:1, name: p}]
cases:
  - case: s-1
    arm: high
    age_years: {value: 40, source: p}
    sex: {value: female, source: p}
    outcomes:
      healed: {value: yes, source: p}
      flares: {value: 1, exposure: 2, unit: years, source: p}
      pain: {value: 3.5, source: p}
      relapse: {time: 14, event: yes, source: p}
  - case: s-2
    arm: high
    age_years: {value: 50, source: p}
    sex: {value: male, source: p}
    outcomes:
      healed: {value: no, source: p}
      flares: {value: 4, exposure: 12, source: p}
      pain: {value: 60, unit: percent, source: p}
      relapse: {time: 1.5, event: no, unit: years, source: p}
  - case: s-3
    arm: low
    outcomes:
      healed: not reported
      flares: {value: 2, op: ">=", source: p}
      pain: {value: 1, op: "<", source: p, note: bedside}
      relapse: {value: not reported, source: p, note: moved away}
counts:
  - {outcome: healed, arm: high, events: 1, total: 2, source: p}
summaries:
  - {outcome: flares, arm: high, events: 5, person_time: 3, unit: years, source: p}
  - {outcome: pain, arm: high, n: 2, mean: 4.8, sd: 1.8, median: 4.75, iqr: [4, 5], range: [3.5, 6.0], source: p}
  - {outcome: relapse, arm: high, n: 2, events: 1, person_time: 32, median: not reached, median_ci: [14, not reached], source: p}
  - {outcome: relapse, arm: high, versus: low, hazard_ratio: 0.5, hazard_ratio_ci: [0.2, 1.4], definition: of a new lesion, source: p}
characteristics:
  - {field: age_years, arm: high, n: 2, mean: 45, sd: 7.1, source: p}
  - {field: sex, arm: low, choice: male, events: 0, total: 1, source: p}
"""


def read_protocol(text: str = PROTOCOL) -> Protocol:
    return make_protocol(text)


def read_sheet(text: str = SHEET, protocol: str = PROTOCOL) -> tuple[Study, list[Finding]]:
    study, findings = parse_sheet(parse_marked(text, "extraction/studies/s.yaml"), make_protocol(protocol))
    assert study is not None
    return study, findings


def change_sheet(old: str, new: str) -> tuple[Study, list[Finding]]:
    """Read the sheet with one change."""
    assert SHEET.count(old) == 1, old
    return read_sheet(SHEET.replace(old, new))

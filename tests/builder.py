"""A small review folder, written file by file, in which a test changes one thing.

It holds four records of three references: a series of two patients, its second entry, a single case, and a review that is
excluded. `MadeReview` writes the files; `open` and `codes` read them through the workspace.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from review.files import Snapshot
from review.files import decode_snapshot
from review.findings import Finding
from review.marked import parse_marked
from review.model import Lane
from review.protocol import Protocol
from review.protocol import parse_protocol
from review.rows import Rows
from review.rows import parse_rows
from review.search.run_document import RunCounts
from review.search.run_document import RunHead
from review.search.runs import Payload
from review.search.runs import write_run
from review.workspace import Layout
from review.workspace import Review
from review.workspace import open_review

PROTOCOL = """\
format: 1
title: Penicillamine for calcinosis
question: How often does calcinosis improve?
registration: not registered
eligibility:
  population: [Adults, Children]
screening:
  screeners: 1
reasons:
  - {code: wrong-population, label: No calcinosis}
  - {code: no-data, label: No outcome given, stages: full-text}
case_fields:
  age_years: {label: Age, type: number, unit: years, range: [0, 110]}
  cycles: {label: Cycles, type: integer, range: [0, 50]}
  sex: {label: Sex, type: choice, choices: [female, male]}
  onset: {label: Onset, type: date}
  site: {label: Site, type: text}
outcomes:
  response:
    label: Response
    response: Smaller on X-ray
analyses:
  A:
    label: Both studies
    outcome: response
    studies: [adams-2010, baker-2012]
"""

#: Entries of one RIS file: a series twice, a case report, a review article.
RIS = """\
TY  - JOUR
TI  - Penicillamine in two patients with calcinosis of the hands
AU  - Adams, Ruth
AU  - Okoro, Ben
T2  - Journal of Invented Medicine
PY  - 2010
VL  - 12
SP  - 34
EP  - 39
DO  - 10.5555/adams.2010
ER  -

TY  - JOUR
TI  - Penicillamine in two patients with calcinosis of the hands
AU  - Adams R
T2  - J Invent Med
PY  - 2010
VL  - 12
SP  - 34
EP  - 9
DO  - 10.5555/adams.2010
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

TY  - JOUR
TI  - What is known of gout in the tropics
AU  - Clark, Ada
T2  - Annals of Made-up Rheumatology
PY  - 2014
VL  - 5
SP  - 7
EP  - 19
DO  - 10.5555/clark.2014
ER  -
"""

ADAMS = "doi:10.5555/adams.2010"
BAKER = "doi:10.5555/baker.2012"
CLARK = "doi:10.5555/clark.2014"

LOG_HEAD = "time,stage,record,decision,reason,note\n"
LOG = f"""\
{LOG_HEAD}2026-01-02T08:00:00Z,title-abstract,{ADAMS},include,,
2026-01-02T08:01:00Z,title-abstract,{BAKER},include,,
2026-01-02T08:02:00Z,title-abstract,{CLARK},exclude,wrong-population,
2026-01-03T08:00:00Z,full-text,{ADAMS},include,,
2026-01-03T08:01:00Z,full-text,{BAKER},include,,
"""

ADAMS_SHEET = f"""\
format: 1
study: adams-2010
label: Adams 2010
design: case series
year: 2010
reports:
  - {{record: {ADAMS}, name: paper}}
cases:
  - case: adams-2010-1
    age_years: {{value: 54, source: paper}}
    sex: {{value: female, source: paper}}
    outcomes:
      response: {{value: yes, source: {{record: paper, place: Results, words: fell by half}}}}
  - case: adams-2010-2
    sex: not reported
    outcomes:
      response: {{value: no, source: paper}}
"""

BAKER_SHEET = f"""\
format: 1
study: baker-2012
label: Baker 2012
design: case report
year: 2012
reports:
  - {{record: {BAKER}, name: paper}}
counts:
  - outcome: response
    events: 1
    total: 1
    source: paper
"""

SHEETS = {"adams-2010": ADAMS_SHEET, "baker-2012": BAKER_SHEET}


@dataclass(frozen=True)
class MadeReview:
    """A review folder on disk."""

    root: Path

    @property
    def layout(self) -> Layout:
        return Layout(self.root)

    def write(self, path: str, content: str | bytes) -> Path:
        """Write a file of the folder, text as UTF-8 with line feeds."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return target

    def change(self, path: str, old: str, new: str) -> None:
        """Replace text that stands once in a file; a test that changes nothing would prove nothing."""
        target = self.root / path
        text = target.read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        target.write_bytes(text.replace(old, new).encode())

    def remove(self, path: str) -> None:
        (self.root / path).unlink()

    def add_run(
        self,
        text: str = RIS,
        *,
        source: str = "library",
        started: str = "2026-01-01T08:00:00Z",
        lane: Lane = "database",
        platform: str = "",
    ) -> str:
        """Adopt RIS text as a run of a source; return the run's id."""
        count = text.count("TY  - ")
        head = RunHead(source=source, lane=lane, kind="import", started=started, platform=platform)
        payload = Payload("export.ris", text.encode(), "ris", count)
        return write_run(self.root / "queries", head, RunCounts(retrieved=count), [payload]).id

    def open(self) -> Review:
        return open_review(self.layout)

    def codes(self) -> set[str]:
        """The codes of what is found on opening the review."""
        return {finding.code for finding in self.open().findings}

    def hash_files(self) -> dict[str, str]:
        """Hash every file of the folder but the built ones."""
        return {
            path.relative_to(self.root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and self.layout.output not in path.parents
        }


def make_review(
    root: Path,
    *,
    protocol: str = PROTOCOL,
    ris: str | None = RIS,
    logs: Mapping[str, str] | None = None,
    sheets: Mapping[str, str] = SHEETS,
) -> MadeReview:
    """Write the review; every part can be replaced, `ris=None` leaves out the run."""
    made = MadeReview(root)
    made.write("protocol.yaml", protocol)
    if ris is not None:
        made.add_run(ris)
    for who, text in ({"ann": LOG} if logs is None else logs).items():
        made.write(f"extraction/screening/{who}.csv", text)
    for name, text in sheets.items():
        made.write(f"extraction/studies/{name}.yaml", text)
    return made


def make_protocol(text: str = PROTOCOL) -> Protocol:
    """Parse a protocol that must be free of findings."""
    protocol, findings = parse_protocol(parse_marked(text, "protocol.yaml"))
    assert findings == []
    return protocol


def make_snapshot(content: str | bytes, path: str = "file.csv") -> Snapshot:
    return decode_snapshot(Path(path), content.encode() if isinstance(content, str) else content)


def make_rows(content: str | bytes, columns: tuple[str, ...], path: str = "file.csv") -> Rows:
    return parse_rows(make_snapshot(content, path), path, columns)


def list_codes(findings: Iterable[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def show(findings: Iterable[Finding]) -> list[str]:
    """The findings as they are printed."""
    return [str(finding) for finding in findings]

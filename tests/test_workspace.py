from __future__ import annotations

import json

import pytest

from review.workspace import hash_inputs
from tests.builder import ADAMS
from tests.builder import BAKER
from tests.builder import CLARK
from tests.builder import LOG
from tests.builder import LOG_HEAD
from tests.builder import PROTOCOL
from tests.builder import RIS
from tests.builder import make_review
from tests.builder import show

TWO = PROTOCOL.replace("screeners: 1", "screeners: 2")
CONSENSUS = "extraction/screening/consensus.csv"
HEAD = "time,by,stage,record,decision,reason,note,settles\n"


def test_a_review_opens_as_one_value(tmp_path):
    review = make_review(tmp_path).open()
    assert review.findings == ()
    assert [entry.key for entry in review.entries] == [ADAMS, f"{ADAMS}@library#2", BAKER, CLARK]
    assert (set(review.records), set(review.references)) == ({ADAMS, BAKER, CLARK}, {ADAMS, BAKER, CLARK})
    assert review.report_of == {ADAMS: ADAMS, BAKER: BAKER, CLARK: CLARK}
    assert review.progress.included == (ADAMS, BAKER)
    assert set(review.studies) == {"adams-2010", "baker-2012"}


def test_the_inputs_are_all_that_people_and_searches_wrote(tmp_path):
    made = make_review(tmp_path)
    made.write(CONSENSUS, HEAD)
    made.write("queries/pubmed.yaml", "source: pubmed\nquery: x\n")
    made.write("output/values.json", "{}")
    made.write("queries/runs/.new-x/export.ris", "half")
    made.write("notes.txt", "mine")
    assert sorted(hash_inputs(made.layout)) == [
        "extraction/screening/ann.csv",
        CONSENSUS,
        "extraction/studies/adams-2010.yaml",
        "extraction/studies/baker-2012.yaml",
        "protocol.yaml",
        "queries/pubmed.yaml",
        "queries/runs/2026-01-01T080000Z-library/export.ris",
        "queries/runs/2026-01-01T080000Z-library/run.json",
    ]
    assert set(hash_inputs(made.layout).items()) <= set(made.hash_files().items())


def make_conflict(tmp_path, settlement):
    other = LOG.replace(f"title-abstract,{CLARK},exclude,wrong-population,", f"title-abstract,{CLARK},include,,")
    made = make_review(tmp_path, protocol=TWO, logs={"ann": LOG, "ben": other})
    if settlement is not None:
        made.write(CONSENSUS, HEAD + settlement)
    return made


def test_a_conflict_waits_until_it_is_settled(tmp_path):
    made = make_conflict(tmp_path, None)
    assert show(made.open().findings) == [
        f"extraction/screening/ann.csv:4: SCREEN-013 warning: {CLARK}: votes at title-abstract disagree (ann exclude, ben include)"
    ]
    made.write(
        CONSENSUS,
        f"{HEAD}2026-01-05T08:00:00Z,chris,title-abstract,{CLARK},exclude,wrong-population,,ann=exclude ben=include\n",
    )
    review = made.open()
    assert review.findings == ()
    assert review.progress.excluded == (CLARK,)
    assert review.consensus.at(CLARK, "title-abstract").votes[-1].by == "chris"


@pytest.mark.parametrize(
    ("row", "printed"),
    [
        (
            f"2026-01-05T08:00:00Z,chris,title-abstract,{CLARK},exclude,,,ann=include ben=include\n",
            f"{CONSENSUS}:2: SCREEN-012 error: the settlement of {CLARK} is stale",
        ),
        (
            "2026-01-05T08:00:00Z,chris,title-abstract,pubmed:1,exclude,,,ann=include\n",
            f"{CONSENSUS}:2: SCREEN-010 error: pubmed:1 was settled, but no run holds it",
        ),
        (
            f"2026-01-05T08:00:00Z,chris,title-abstract,{CLARK},exclude,gout,,ann=exclude ben=include\n",
            f"{CONSENSUS}:2: SCREEN-006 error: unknown reason 'gout'",
        ),
    ],
)
def test_a_settlement_that_cannot_stand_is_told(tmp_path, row, printed):
    findings = show(make_conflict(tmp_path, row).open().findings)
    assert any(line.startswith(printed) for line in findings), findings
    assert any("SCREEN-013" in line for line in findings)


def test_one_person_with_two_machines_has_two_logs(tmp_path):
    later = LOG_HEAD + f"2026-01-04T08:00:00Z,title-abstract,{CLARK},include,,\n"
    made = make_review(tmp_path, logs={"ann": LOG, "ann@laptop": later})
    assert made.open().progress.unretrieved == (CLARK,)


def test_an_included_report_without_a_sheet_is_told(tmp_path):
    made = make_review(tmp_path)
    made.remove("extraction/studies/baker-2012.yaml")
    assert show(made.open().findings) == [
        f"extraction/studies: SCREEN-020 error: {BAKER} is included, but no sheet extracts it"
    ]
    assert "SCREEN-020" not in make_review(tmp_path / "whole").codes()


def test_a_sheet_of_a_study_that_is_not_included_is_told(tmp_path):
    made = make_review(tmp_path)
    made.change("extraction/screening/ann.csv", f"full-text,{BAKER},include,", f"full-text,{BAKER},exclude,no-data")
    assert show(made.open().findings) == [
        "extraction/studies/baker-2012.yaml:1: SCREEN-021 error: no report of baker-2012 is included at full text"
    ]
    made.change("extraction/studies/baker-2012.yaml", "design:", "evidence: secondary\ndesign:")
    assert "SCREEN-021" not in made.codes()


def test_rulings_join_and_part_records(tmp_path):
    made = make_review(tmp_path)
    made.write(
        "queries/duplicates.csv", f"left,right,ruling,by,when,why\n{BAKER},{CLARK},same,ann,2026-01-01T09:00:00Z,w\n"
    )
    review = made.open()
    assert len(review.grouping.groups) == 2
    assert review.report_of[CLARK] == review.report_of[BAKER]


def test_an_unfinished_run_is_not_counted_and_told(tmp_path):
    made = make_review(tmp_path)
    name = made.add_run(RIS, source="other", started="2026-01-01T09:00:00Z")
    path = tmp_path / "queries" / "runs" / name / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"status": "unfinished"}))
    review = made.open()
    assert len(review.entries) == 4
    assert [finding.code for finding in review.findings] == ["RUN-003"]


def test_a_payload_that_is_gone_or_of_another_format_is_told(tmp_path):
    made = make_review(tmp_path)
    (run,) = (tmp_path / "queries" / "runs").iterdir()
    (run / "export.ris").write_bytes(b"PK\x03\x04\x00\x00")
    assert "RUN-005" in made.codes()
    (run / "export.ris").unlink()
    findings = show(made.open().findings)
    assert any("payload export.ris is missing" in line for line in findings)
    assert any("payload export.ris cannot be read" in line for line in findings)


def test_strategies_are_read_and_their_slips_told(tmp_path):
    made = make_review(tmp_path)
    made.write("queries/pubmed.yaml", "source: pubmed\nquery: x\n")
    made.write("queries/broken.yaml", "\tsource: x\n")
    made.write("queries/empty.yaml", "notes: x\n")
    review = made.open()
    assert [strategy.source for strategy in review.strategies] == ["pubmed"]
    assert [str(finding.origin) for finding in review.findings if finding.code == "PROJECT-012"] == [
        "queries/broken.yaml:1"
    ]
    assert any(finding.origin.path == "queries/empty.yaml" for finding in review.findings)

from __future__ import annotations

import dataclasses
import json

from review.search.appendix import describe_history
from review.search.appendix import render_appendix
from review.search.run_document import LineHits
from review.search.run_document import MissingHit
from review.search.run_document import RunCounts
from review.search.run_document import RunHead
from review.search.runs import Payload
from review.search.runs import read_runs
from review.search.runs import write_run

PUBMED = RunHead(
    source="pubmed",
    lane="database",
    kind="search",
    started="2025-11-26T10:11:12Z",
    platform="PubMed (NLM, E-utilities)",
    strategy="#1 asthma|x[tiab]\n#2 zinc[tiab]\n#3 #1 AND #2",
    strategy_sha256="ab",
    strategy_file="queries/pubmed.yaml",
    limits="pdat 2000 to 2025",
    who="A. Reviewer",
    note="PRESS checked",
    versions={"review": "1", "python": "3"},
)
COUNTS = RunCounts(
    hits=1200,
    retrieved=1199,
    translation='"asthma"[Title/Abstract]',
    lines=(LineHits(1, "asthma|x[tiab]", 5000), LineHits(2, "zinc[tiab]", 9000), LineHits(3, "#1 AND #2", 1200)),
    missing=(MissingHit("77", "no record"),),
)
EMBASE = dataclasses.replace(
    PUBMED, source="embase", kind="import", platform="Embase (Ovid)", strategy="exp asthma/", who="", limits="", note=""
)


def make(queries):
    write_run(queries, PUBMED, COUNTS, [])
    later = dataclasses.replace(PUBMED, started="2026-02-01T00:00:00Z")
    write_run(queries, later, dataclasses.replace(COUNTS, hits=1210, retrieved=1210, missing=()), [])
    write_run(queries, EMBASE, RunCounts(hits=None, retrieved=3), [Payload("e.ris", b"", "ris", 3)])
    write_run(queries, dataclasses.replace(EMBASE, source="ictrp", lane="register", strategy=""), RunCounts(hits=1), [])
    return read_runs(queries)[0]


def test_the_appendix_tells_sources_dates_strategies_and_hits(tmp_path):
    text = render_appendix(make(tmp_path))
    assert text.index("## Databases") < text.index("## Study registers")
    assert "| pubmed | PubMed (NLM, E-utilities) | 2025-11-26 | 1,200 | 1,199 | A. Reviewer |" in text
    assert "| pubmed | PubMed (NLM, E-utilities) | 2026-02-01 | 1,210 | 1,210 | A. Reviewer |" in text
    assert "| embase | Embase (Ovid) | 2025-11-26 | not stated | 3 | not stated |" in text
    assert "| 1 | asthma\\|x[tiab] | 5,000 |" in text
    assert "exp asthma/" in text
    assert "Limits: pdat 2000 to 2025." in text
    assert "Software: python 3, review 1." in text
    assert "The strategy was not recorded." in text
    # The same strategy run twice is told once, as it was run last.
    assert text.count("### PubMed") == 1
    assert "77 (no record)" not in text


def test_the_appendix_is_the_same_for_the_same_runs(tmp_path):
    runs = make(tmp_path)
    assert render_appendix(runs) == render_appendix(list(reversed(runs)))
    assert json.dumps(describe_history(runs)) == json.dumps(describe_history(list(reversed(runs))))


def test_the_history_has_all_that_is_needed_to_search_again(tmp_path):
    history = describe_history(make(tmp_path))
    assert [item["source"] for item in history["searches"]] == ["embase", "ictrp", "pubmed", "pubmed"]
    pubmed = history["searches"][2]
    assert pubmed["missing"] == ["77"]
    assert pubmed["lines"][2] == {"line": 3, "query": "#1 AND #2", "hits": 1200}
    assert pubmed["versions"] == {"python": "3", "review": "1"}
    assert pubmed["limits"] == "pdat 2000 to 2025"


def test_unfinished_runs_are_not_reported(tmp_path):
    run = make(tmp_path)[0]
    unfinished = dataclasses.replace(run, details={**run.details, "status": "unfinished"})
    assert "No search has been run." in render_appendix([unfinished])


def test_a_strategy_cannot_break_out_of_its_block(tmp_path):
    head = dataclasses.replace(PUBMED, strategy="a\n```\n# Heading")
    write_run(tmp_path, head, RunCounts(hits=1), [])
    text = render_appendix(read_runs(tmp_path)[0])
    assert "````\na\n```\n# Heading\n````" in text

from __future__ import annotations

import hashlib
import json

import pytest

from review.search.run_document import LineHits
from review.search.run_document import MissingHit
from review.search.run_document import RunCounts
from review.search.run_document import RunHead
from review.search.runs import Payload
from review.search.runs import check_payloads
from review.search.runs import list_payload
from review.search.runs import open_payload
from review.search.runs import read_runs
from review.search.runs import write_run

HEAD = RunHead(
    source="embase",
    lane="database",
    kind="import",
    started="2026-01-02T03:04:05Z",
    platform="Ovid",
    strategy="exp calcinosis/",
    strategy_sha256="ab",
    strategy_file="queries/embase.yaml",
    versions={"review": "1"},
)


def write(queries, content=b"TY  - JOUR\r\nER  -\r\n", **counts):
    return write_run(
        queries, HEAD, RunCounts(hits=1, retrieved=1, **counts), [Payload("export.ris", content, "ris", 1)]
    )


def codes(findings):
    return [finding.code for finding in findings]


def test_a_run_comes_back_as_it_was_written(tmp_path):
    written = write(tmp_path, lines=(LineHits(1, "x", 3),), missing=(MissingHit("9", "no record"),), translation="t")
    runs, findings = read_runs(tmp_path)
    assert findings == []
    assert runs == [written]
    run = runs[0]
    assert run.id == "2026-01-02T030405Z-embase"
    assert (run.hits, run.retrieved, run.format, run.payload) == (1, 1, "ris", "export.ris")
    assert run.details["lines"] == (LineHits(1, "x", 3),)
    assert run.details["platform"] == "Ovid"
    with open_payload(tmp_path, run, list_payload(run)[0]) as stream:
        assert stream.read() == b"TY  - JOUR\r\nER  -\r\n"
    assert run.sha256 == hashlib.sha256(b"TY  - JOUR\r\nER  -\r\n").hexdigest()


def test_the_document_is_sorted_json_with_one_space(tmp_path):
    run = write(tmp_path)
    text = (tmp_path / "runs" / run.id / "run.json").read_text("utf-8")
    document = json.loads(text)
    assert text == json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    assert document["schema"] == 1
    assert document["strategy"] == {"text": "exp calcinosis/", "sha256": "ab", "file": "queries/embase.yaml"}
    assert document["payload"][0]["bytes"] == 19


def test_a_payload_may_be_a_file_and_is_stored_byte_for_byte(tmp_path):
    source = tmp_path / "in.ris"
    source.write_bytes(b"\xff\xfe raw")
    run = write(tmp_path / "queries", source)
    assert (tmp_path / "queries" / "runs" / run.id / "export.ris").read_bytes() == b"\xff\xfe raw"


def test_two_runs_of_one_second_get_two_folders(tmp_path):
    assert [write(tmp_path).id, write(tmp_path).id] == ["2026-01-02T030405Z-embase", "2026-01-02T030405Z-embase-2"]
    assert len(read_runs(tmp_path)[0]) == 2


def test_no_half_run_stays_behind_when_the_payload_cannot_be_written(tmp_path):
    with pytest.raises(FileNotFoundError):
        write(tmp_path, tmp_path / "missing.ris")
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_missing_folder_has_no_runs(tmp_path):
    assert read_runs(tmp_path / "queries") == ([], [])


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: (
            d.pop("payload")
            and d.update(payload=[{"file": "../../etc/passwd", "sha256": "x", "bytes": 1, "format": "ris"}])
        ),
        lambda d: d.update(schema=2),
        lambda d: d.update(id="other"),
        lambda d: d.update(hits="many"),
        lambda d: d.update(lane="moon"),
        lambda d: d.update(lines="x"),
        lambda d: d.update(missing=[{"id": "1"}]),
        lambda d: d.pop("source"),
        lambda d: d.update(retrieved=-1),
    ],
)
def test_a_broken_document_is_a_finding(tmp_path, damage):
    path = tmp_path / "runs" / write(tmp_path).id / "run.json"
    document = json.loads(path.read_text())
    damage(document)
    path.write_text(json.dumps(document))
    runs, findings = read_runs(tmp_path)
    assert runs == []
    assert codes(findings) == ["RUN-004"]
    assert findings[0].origin.path.startswith(f"{tmp_path.name}/runs/2026-01-02T030405Z-embase")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_a_document_that_is_no_json_object_is_a_finding(tmp_path, content):
    (tmp_path / "runs" / write(tmp_path).id / "run.json").write_bytes(content)
    assert codes(read_runs(tmp_path)[1]) == ["RUN-004"]


def test_an_unfinished_run_is_named(tmp_path):
    path = tmp_path / "runs" / write(tmp_path).id / "run.json"
    path.write_text(path.read_text().replace('"complete"', '"unfinished"'))
    runs, findings = read_runs(tmp_path)
    assert runs[0].details["status"] == "unfinished"
    assert codes(findings) == ["RUN-003"]


def test_a_payload_that_was_touched_is_noticed(tmp_path):
    run = write(tmp_path)
    path = tmp_path / "runs" / run.id / "export.ris"
    path.write_bytes(b"ty  - JOUR\r\nER  -\r\n")
    assert read_runs(tmp_path)[1] == []
    assert codes(check_payloads(tmp_path, [run])) == ["RUN-005"]
    path.write_bytes(b"short")
    assert codes(read_runs(tmp_path)[1]) == ["RUN-005"]
    path.unlink()
    assert "is missing" in read_runs(tmp_path)[1][0].message


def test_an_untouched_payload_is_silent(tmp_path):
    assert check_payloads(tmp_path, [write(tmp_path)]) == []

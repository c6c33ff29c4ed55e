"""Writing outputs: only what changed, nothing of others, and never outside of the folder."""

from __future__ import annotations

import json

import pytest

from review.manifest import MANIFEST
from review.manifest import compare_outputs
from review.manifest import read_outputs
from review.manifest import write_outputs
from review.results import compute_results
from review.workspace import Layout
from tests.builder import make_review


def make_files(**texts):
    files = {path.replace("_", "/"): text.encode() for path, text in texts.items()}
    files[MANIFEST] = json.dumps({"outputs": dict.fromkeys(files, "")}).encode()
    return files


@pytest.fixture
def layout(tmp_path):
    return Layout(tmp_path)


def test_only_what_differs_is_written(layout):
    assert write_outputs(layout, make_files(a="1", b_c="2")) == (["a", "b/c", MANIFEST], [])
    assert write_outputs(layout, make_files(a="1", b_c="2")) == ([], [])
    assert write_outputs(layout, make_files(a="1", b_c="3")) == (["b/c"], [])
    assert (layout.output / "b" / "c").read_bytes() == b"3"


def test_what_an_earlier_build_wrote_goes_and_what_others_wrote_stays(layout):
    write_outputs(layout, make_files(a="1", b="2"))
    (layout.output / "mine.txt").write_text("mine")
    assert write_outputs(layout, make_files(a="1")) == ([MANIFEST], ["b"])
    assert sorted(path.name for path in layout.output.iterdir()) == ["a", MANIFEST, "mine.txt"]


def test_an_edited_manifest_does_not_lead_outside(layout):
    outside = layout.root / "protocol.yaml"
    outside.write_text("mine")
    layout.output.mkdir()
    (layout.output / MANIFEST).write_text(json.dumps({"outputs": {"../protocol.yaml": "", str(outside): "", "a": ""}}))
    assert read_outputs(layout.output) == ["a"]
    write_outputs(layout, make_files(b="2"))
    assert outside.read_text() == "mine"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"outputs": 3}', '{"inputs": {}}'])
def test_a_manifest_that_cannot_be_read_lists_nothing(layout, text):
    layout.output.mkdir()
    (layout.output / MANIFEST).write_text(text)
    assert read_outputs(layout.output) == []


def test_what_is_stale_missing_or_too_much_is_listed(layout):
    assert compare_outputs(layout, make_files(a="1")) == ["a", MANIFEST]
    write_outputs(layout, make_files(a="1", b="2"))
    assert compare_outputs(layout, make_files(a="1", b="2")) == []
    assert compare_outputs(layout, make_files(a="3")) == ["a", "b", MANIFEST]


def test_findings_of_what_is_computed_are_found_too(tmp_path):
    made = make_review(tmp_path)
    assert compute_results(made.open()).findings == ()
    made.change("protocol.yaml", "adams-2010, baker-2012", "adams-2010, clark-2014")
    assert [finding.code for finding in compute_results(made.open()).findings] == ["POOL-002"]

"""Bad input, one slip at a time: each is told with file and line, the rest is built as a draft, and no file of a person changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

import pytest

from review import build
from review.build import build_outputs
from review.errors import ProjectError
from review.manifest import write_outputs
from review.workspace import find_project
from review.workspace import open_review
from tests.builder import ADAMS
from tests.builder import BAKER
from tests.builder import CLARK
from tests.builder import LOG
from tests.builder import PROTOCOL
from tests.builder import RIS
from tests.builder import MadeReview
from tests.builder import make_review

PROTOCOL_PATH = "protocol.yaml"
LOG_PATH = "extraction/screening/ann.csv"
ADAMS_PATH = "extraction/studies/adams-2010.yaml"
BAKER_PATH = "extraction/studies/baker-2012.yaml"
RULINGS_PATH = "queries/duplicates.csv"


class Slip(NamedTuple):
    """What a person did wrong, the start of what is printed, and what is built all the same.

    `lost` are rows of the pooled table that cannot be there; `is_draft` says whether a number would be wrong or is missing.
    """

    name: str
    spoil: Callable[[MadeReview], object]
    printed: tuple[str, ...]
    lost: frozenset[str] = frozenset()
    is_draft: bool = True


def change(path, old, new):
    return lambda made: made.change(path, old, new)


def write(path, content):
    return lambda made: made.write(path, content)


def fill(path, size):
    """Make a file of this many bytes without writing them."""

    def spoil(made):
        with (made.root / path).open("wb") as stream:
            stream.truncate(size)

    return spoil


def spoil_payload(made):
    (run,) = (made.root / "queries" / "runs").iterdir()
    made.write(f"queries/runs/{run.name}/export.ris", RIS.replace("2014", "2015"))


def cut_run(made):
    (run,) = (made.root / "queries" / "runs").iterdir()
    document = run / "run.json"
    document.write_bytes(document.read_bytes()[:100])


EVERY_ROW = frozenset({"Adams 2010", "Baker 2012"})
HUNDRED_MB = 100_000_000

SLIPS = [
    Slip("a protocol that is empty", write(PROTOCOL_PATH, ""), (
        "protocol.yaml:1: PROJECT-011 error: the file is empty",
        "protocol.yaml: PROJECT-001 error: the protocol cannot be read",
    ), EVERY_ROW),
    Slip("a tab in the protocol", change(PROTOCOL_PATH, "  screeners: 1", "\tscreeners: 1"), (
        "protocol.yaml:8: PROJECT-012 error: a tab indents this line; expected spaces (two a level)",
        "protocol.yaml: PROJECT-001 error: the protocol cannot be read",
    ), EVERY_ROW),
    Slip("a tab in a sheet", change(ADAMS_PATH, "    sex: not reported", "\tsex: not reported"), (
        f"{ADAMS_PATH}:15: PROJECT-012 error: a tab indents this line",
        "protocol.yaml:23: POOL-002 error: the analysis A names adams-2010, which has no sheet",
    ), frozenset({"Adams 2010"})),
    Slip("an unknown key in the protocol", change(PROTOCOL_PATH, "question:", "questoin:"), (
        "protocol.yaml:3: PROJECT-002 error: unknown key questoin",
    )),
    Slip("an unknown key in a sheet", change(BAKER_PATH, "    source: paper", "    sauce: paper"), (
        f"{BAKER_PATH}:12: EXTRACT-001 error: unknown key sauce in counts[0]",
    )),
    Slip("a key that stands twice in the protocol", change(PROTOCOL_PATH, "question:", "title: Another\nquestion:"), (
        "protocol.yaml:3: PROJECT-013 error: the key title stands here and in line 2 (keep one of the two)",
    )),
    Slip("a key that stands twice in a sheet", change(BAKER_PATH, "    total: 1\n", "    total: 1\n    total: 2\n"), (
        f"{BAKER_PATH}:12: PROJECT-013 error: the key total stands here and in line 11",
    )),
    Slip("a record that does not exist", change(BAKER_PATH, f"record: {BAKER}", "record: pubmed:1"), (
        f"{BAKER_PATH}:7: EXTRACT-013 error: no run holds the record pubmed:1 (give an id as `review records` prints it",
        f"extraction/studies: SCREEN-020 error: {BAKER} is included, but no sheet extracts it",
    )),
    Slip("an unknown reason", change(LOG_PATH, "exclude,wrong-population", "exclude,gout"), (
        f"{LOG_PATH}:4: SCREEN-006 error: unknown reason 'gout'; expected wrong-population | no-data",
    )),
    Slip("a torn last line that is whole", write(LOG_PATH, LOG.rstrip("\n")), (
        f"{LOG_PATH}:6: SCREEN-001 warning: the last line does not end: it is whole and counts",
    ), is_draft=False),
    Slip("a torn last line that is not whole", write(LOG_PATH, LOG[:-20]), (
        f"{LOG_PATH}:6: SCREEN-001 warning: the last line does not end: it cannot be used",
    )),
    Slip("a log saved by a spreadsheet", write(LOG_PATH, LOG.replace(",", ";").replace("\n", "\r\n").encode("utf-8-sig")), (), is_draft=False),
    Slip("a log in Latin-1", write(LOG_PATH, (LOG.rstrip("\n") + "Narváez\n").encode("latin-1")), (
        f"{LOG_PATH}:1: PROJECT-018 warning: the file is not UTF-8; it was read as Windows-1252 (save it as UTF-8)",
    ), is_draft=False),
    Slip("a sheet in Latin-1", lambda made: made.write(BAKER_PATH, (made.root / BAKER_PATH).read_text().replace("Baker 2012", "Bäker 2012").encode("latin-1")), (
        f"{BAKER_PATH}:1: PROJECT-018 warning: the file is not UTF-8",
    ), frozenset({"Baker 2012"}), is_draft=False),
    Slip("a log of 100 MB", fill(LOG_PATH, HUNDRED_MB), (
        f"{LOG_PATH}: PROJECT-020 error: 100 MB is more than the 67 MB that a file of this kind may have (is it the right file?)",
    )),
    Slip("a sheet of 100 MB", fill(BAKER_PATH, HUNDRED_MB), (
        f"{BAKER_PATH}: PROJECT-010 error: 100 MB is more than the 4 MB",
    ), frozenset({"Baker 2012"})),
    Slip("a protocol of 5 MB", fill(PROTOCOL_PATH, 5_000_000), (
        "protocol.yaml: PROJECT-010 error: 5 MB is more than the 4 MB",
    ), EVERY_ROW),
    Slip("more events than patients", change(BAKER_PATH, "    events: 1\n", "    events: 12\n"), (
        f"{BAKER_PATH}:10: EXTRACT-021 error: events 12 > total 1 (counts[0]); expected 0..1",
    ), frozenset({"Baker 2012"})),
    Slip("one patient in two sheets", change(BAKER_PATH, "counts:\n", "cases:\n  - case: adams-2010-1\ncounts:\n"), (
        f"{BAKER_PATH}:9: EXTRACT-030 error: the case adams-2010-1 is in the sheet of adams-2010 too",
    ), frozenset({"Baker 2012"})),
    Slip("one study id in two sheets", change(BAKER_PATH, "study: baker-2012", "study: adams-2010"), (
        f"{BAKER_PATH}:1: EXTRACT-012 error: the study adams-2010 has a sheet already: {ADAMS_PATH}",
        f"{BAKER_PATH}:2: EXTRACT-011 warning: the sheet of adams-2010 is kept under another name; expected adams-2010.yaml",
    ), frozenset({"Baker 2012"})),
    Slip("a log without its columns", change(LOG_PATH, "time,stage,record", "time,stage,id"), (
        f"{LOG_PATH}:1: PROJECT-022 error: the header lacks record; expected time,stage,record,decision",
    )),
    Slip("a quote that is never closed", change(LOG_PATH, f"{CLARK},exclude,wrong-population,\n", f'{CLARK},exclude,wrong-population,"\n'), (
        f"{LOG_PATH}:4: PROJECT-020 error: a quote opens here and is never closed",
    )),
    Slip("a log that is not text", write(LOG_PATH, LOG.encode() + b"\x00\n"), (
        f"{LOG_PATH}:7: PROJECT-020 error: holds NUL bytes, so it is not text",
    )),
    Slip("rulings that are not text", write(RULINGS_PATH, b"left,right,ruling\n\x00\n"), (
        f"{RULINGS_PATH}:2: PROJECT-020 error: holds NUL bytes",
    )),
    Slip("a payload that was edited", spoil_payload, (
        "queries/runs/2026-01-01T080000Z-library/export.ris: RUN-005 error: payload export.ris has another hash than when received",
    )),
    Slip("a run.json that is cut", cut_run, (
        "queries/runs/2026-01-01T080000Z-library/run.json: RUN-004 error: run 2026-01-01T080000Z-library cannot be read: not JSON",
    )),
    Slip("an analysis that would write outside of the folder", change(PROTOCOL_PATH, "  A:\n", "  ../../A:\n"), (
        "protocol.yaml:23: PROJECT-004 error: the analysis '../../A' cannot have this name",
    ), EVERY_ROW),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _draw_once(monkeypatch):
    """The report holds each figure once; drawing them again as files takes time and adds nothing here."""
    monkeypatch.setattr(build, "FORMS", ())


@pytest.mark.parametrize("slip", SLIPS, ids=[slip.name for slip in SLIPS])
def test_a_slip_is_told_and_the_rest_is_built(slip, tmp_path):
    made = make_review(tmp_path)
    slip.spoil(made)
    before, beside = made.hash_files(), sorted(tmp_path.parent.iterdir())
    built = build_outputs(made.open())
    write_outputs(made.layout, built.files)

    printed = [str(finding) for finding in built.results.findings]
    for start in slip.printed:
        assert any(line.startswith(start) for line in printed), printed
    assert built.results.is_draft is slip.is_draft, printed
    assert (b'class="warning"' in built.files["report.html"]) is slip.is_draft
    assert made.hash_files() == before

    table = built.files.get("tables/pooled-A.csv", b"").decode()
    assert {row for row in EVERY_ROW if row in table} == EVERY_ROW - slip.lost
    listed = {finding["message"] for finding in json.loads(built.files["findings.json"])}
    assert listed == {finding.message for finding in built.results.findings}
    assert sorted(tmp_path.parent.iterdir()) == beside


def test_nothing_is_told_of_a_review_without_slips(tmp_path):
    built = build_outputs(make_review(tmp_path).open())
    assert (built.results.findings, built.results.is_draft) == ((), False)


@pytest.mark.parametrize("fill_folder", [lambda root: None, lambda root: make_review(root).remove(PROTOCOL_PATH)])
def test_a_folder_without_a_protocol_says_how_to_make_one(tmp_path, fill_folder):
    fill_folder(tmp_path)
    with pytest.raises(
        ProjectError, match=r"no review here.*protocol\.yaml; make one with `review init DIR`"
    ) as caught:
        find_project(tmp_path)
    assert str(tmp_path) in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_folder_with_a_protocol_alone_is_an_empty_draft(tmp_path):
    made = make_review(tmp_path, protocol=PROTOCOL, ris=None, logs={}, sheets={})
    built = build_outputs(made.open())
    codes = {finding.code for finding in built.results.findings}
    assert codes == {"PROJECT-007", "POOL-002"}
    assert built.results.is_draft
    assert "PROJECT-007" not in make_review(tmp_path / "other").codes()


def test_a_review_is_found_from_a_folder_inside_it(tmp_path):
    made = make_review(tmp_path)
    assert find_project(tmp_path / "extraction" / "studies").root == tmp_path.resolve()
    assert open_review(find_project(tmp_path)).studies.keys() == made.open().studies.keys()


def test_decisions_that_count_are_those_that_can_be_read(tmp_path):
    made = make_review(tmp_path)
    made.change(LOG_PATH, "exclude,wrong-population", "exclude,gout")
    progress = made.open().progress
    assert (progress.unscreened, progress.included) == ((CLARK,), (ADAMS, BAKER))

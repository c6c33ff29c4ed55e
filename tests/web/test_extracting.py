"""The routes of the form of a sheet, and the desk behind them."""

from __future__ import annotations

import json

import pytest

from review.web.pdfs import PdfFolder
from review.web.sheet_desk import SheetDesk
from review.web.sheet_desk import Shelf
from review.workspace import Layout
from tests.extraction.test_fulltext import make_pdf
from tests.web.folders import HOSTILE
from tests.web.forms import ADAMS
from tests.web.forms import SHEET
from tests.web.forms import make_form_folder
from tests.web.forms import read_sheet
from tests.web.forms import serve_sheet

AGE = ["cases", 0, "age_years"]
CYCLES = ["cases", 0, "cycles"]


@pytest.fixture
def root(tmp_path):
    make_form_folder(tmp_path)
    return tmp_path


@pytest.fixture
def served(root):
    with serve_sheet(root) as (_, served):
        yield served


def change(path, **parts):
    return {"path": path, "parts": parts}


def send(served, verb, *changes, sha256=None):
    sha256 = sha256 or served.get("/api/sheet").json["sha256"]
    return served.post(f"/api/{verb}", {"sha256": sha256, "changes": list(changes)})


def list_codes(answer, key):
    return [finding["code"] for finding in answer.json["findings"] if finding["key"] == key]


def test_the_sheet_as_the_page_gets_it(served):
    answer = served.get("/api/sheet").json
    assert answer["problem"] == ""
    assert answer["names"] == [
        {"name": "paper", "record": ADAMS, "title": "Penicillamine in two patients with calcinosis of the hands"}
    ]
    cases = next(section for section in answer["sections"] if section["key"] == "cases")
    assert (cases["repeats"], cases["next"], len(cases["entries"])) == (True, 2, 2)
    states = dict(zip((c["path"][-1] for c in cases["controls"]), cases["entries"][0]["states"], strict=True))
    assert states["age_years"]["parts"]["words"] == "woman of 54 years"
    assert (states["cycles"]["open"], states["site"]["open"]) == (True, False)
    assert answer["quotes"] == {"cases[0].age_years": "found", "cases[0].outcomes.response": "found"}
    assert {finding["code"] for finding in answer["findings"]} == {"EXTRACT-045", "EXTRACT-017", "APPRAISE-003"}


def test_a_saved_change_is_one_line_of_the_file(root, served):
    answer = send(served, "save", change(CYCLES, value="12", record="paper", place="abstract", words="After 12 cycles"))
    assert (answer.status, answer.json) == (200, {"refused": []})
    old, new = SHEET.splitlines(), read_sheet(root).splitlines()
    assert [line for line in new if line not in old] == [
        '    cycles: {value: 12, source: {record: paper, place: abstract, words: After 12 cycles}}'
    ]  # fmt: skip
    assert [line for line in old if line not in new] == ["    cycles: to be extracted"]
    assert served.get("/api/sheet").json["quotes"]["cases[0].cycles"] == "found"


def test_the_checks_are_those_of_the_command(served):
    answer = send(served, "check", change(AGE, value="154", record="paper", words="no such words"))
    assert list_codes(answer, "cases[0].age_years") == ["EXTRACT-016"]
    answer = send(served, "check", change(AGE, value="55", record="paper", words="no such words"))
    assert sorted(list_codes(answer, "cases[0].age_years")) == ["EXTRACT-050", "EXTRACT-051"]
    assert answer.json["quotes"]["cases[0].age_years"] == "missing"
    answer = send(served, "check", change(["cases", 1, "case"], value="adams-2010-1"))
    assert list_codes(answer, "cases[1].case") == ["EXTRACT-030"]
    assert answer.json["current"] is True


def test_what_cannot_be_written_is_told_and_the_rest_is_saved(root, served):
    answer = send(served, "save", change(CYCLES, words="After 12 cycles"), change(["label"], value="Adams"))
    assert [item["key"] for item in answer.json["refused"]] == ["cases[0].cycles"]
    assert "label: Adams   # as in the figure" in read_sheet(root)


def test_a_file_that_changed_is_refused_and_the_lines_are_shown(root, served):
    sha256 = served.get("/api/sheet").json["sha256"]
    path = Layout(root).studies / "adams-2010.yaml"
    path.write_text(SHEET.replace("value: 54", "value: 56"))
    checked = send(served, "check", change(AGE, value="55"), sha256=sha256)
    assert (checked.status, checked.json["current"]) == (200, False)
    answer = send(served, "save", change(AGE, value="55"), sha256=sha256)
    assert answer.status == 409
    assert any(line.startswith("+") and "value: 56" in line for line in answer.json["lines"])
    assert "value: 56" in read_sheet(root)


def test_a_state_that_nobody_knows(root, served):
    for verb in ("check", "save"):
        answer = send(served, verb, change(AGE, value="55"), sha256="0" * 64)
        assert (answer.status, answer.json["lines"]) == (409, None)
    assert read_sheet(root) == SHEET


def test_a_change_between_reading_and_writing_is_refused(root, monkeypatch):
    with serve_sheet(root) as (desk, served):
        sha256 = served.get("/api/sheet").json["sha256"]
        edit = SheetDesk._edit

        def edit_late(self, snapshot, changes):
            result = edit(self, snapshot, changes)
            desk.path.write_text(SHEET + "# by hand\n")
            return result

        monkeypatch.setattr(SheetDesk, "_edit", edit_late)
        answer = send(served, "save", change(AGE, value="55"), sha256=sha256)
        assert (answer.status, answer.json["lines"][-1]) == (409, "+# by hand")
        assert read_sheet(root) == SHEET + "# by hand\n"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (SHEET.replace("# Read", "# Réad").encode("cp1252"), "not UTF-8"),
        (SHEET.replace("\n", "\r\n", 3).encode(), "line ends"),
        (SHEET.replace("label: 'Adams 2010'", "label: &a Adams").encode(), "anchors"),
    ],
)
def test_files_that_a_form_cannot_change(root, data, told):
    path = Layout(root).studies / "adams-2010.yaml"
    path.write_bytes(data)
    with serve_sheet(root) as (_, served):
        assert told in served.get("/api/sheet").json["problem"]
        answer = send(served, "save", change(AGE, value="55"))
        assert answer.status == 422
        assert told in answer.json["error"]
    assert path.read_bytes() == data


def test_line_ends_and_byte_order_mark_stay(root):
    path = Layout(root).studies / "adams-2010.yaml"
    data = b"\xef\xbb\xbf" + SHEET.replace("\n", "\r\n").encode()
    path.write_bytes(data)
    with serve_sheet(root) as (_, served):
        assert send(served, "save", change(["year"], value="2011")).status == 200
    assert path.read_bytes() == data.replace(b"year: 2010", b"year: 2011")


@pytest.mark.parametrize("text", ["", "a: [1\n", "- a\n", "a: 1\n\tb: 2\n"])
def test_a_file_that_is_no_sheet(root, text):
    (Layout(root).studies / "adams-2010.yaml").write_text(text)
    with serve_sheet(root) as (_, served):
        answer = served.get("/api/sheet")
        assert answer.status == 422
        assert "extraction/studies/adams-2010.yaml" in answer.json["error"]


def test_a_file_that_is_gone_or_cannot_be_written(root, monkeypatch):
    with serve_sheet(root) as (_, served):
        sha256 = served.get("/api/sheet").json["sha256"]

        def fail(snapshot, text):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("review.web.sheet_desk.write_over", fail)
        answer = send(served, "save", change(AGE, value="55"), sha256=sha256)
        assert (answer.status, "No space left" in answer.json["error"]) == (503, True)
        (Layout(root).studies / "adams-2010.yaml").unlink()
        assert send(served, "save", change(AGE, value="55"), sha256=sha256).status == 422
        assert served.get("/api/sheet").status == 422


@pytest.mark.parametrize(
    "body",
    [
        [], {}, {"changes": 1}, {"changes": [1]}, {"changes": [{"path": [], "parts": {}}]},
        {"changes": [{"path": ["a", -1], "parts": {}}]}, {"changes": [{"path": ["a", True], "parts": {}}]},
        {"changes": [{"path": ["a"], "parts": {"value": 1}}]}, {"changes": [{"path": ["a", 1e9], "parts": {}}]},
    ],
)  # fmt: skip
def test_bodies_that_are_none(root, served, body):
    for verb in ("check", "save"):
        assert served.post(f"/api/{verb}", body).status == 400
    assert read_sheet(root) == SHEET


def test_a_change_needs_the_pages_token_and_is_not_too_long(served):
    assert served.post("/api/save", {"changes": []}, x_review_token=None).status == 403
    assert served.send("POST", "/api/save", body=b" " * (4 * 1024 * 1024 + 1)).status == 413
    assert served.send("POST", "/api/save", body=b"{", content_type="text/plain").status == 415


def test_hostile_text_is_data(root):
    make = SHEET.replace("'Adams 2010'", json.dumps(HOSTILE))
    (Layout(root).studies / "adams-2010.yaml").write_text(make)
    with serve_sheet(root) as (_, served):
        assert send(served, "save", change(CYCLES, value="</script><b>: #", note="\ud83d")).json["refused"]
        assert send(served, "save", change(["cases", 0, "site"], value=HOSTILE)).json == {"refused": []}
        assert read_sheet(root).count("svg/onload") == 2
        page = served.get("/").body.decode()
        assert "<svg" not in page
        assert served.get("/").headers["content-security-policy"].startswith("default-src 'none'")


def test_texts_and_pdf_of_a_report(root, served):
    answer = served.get(f"/api/texts?record={ADAMS}").json
    assert answer["entry"]["title"].startswith("Penicillamine")
    assert answer["full"][0]["pages"][0].startswith("Patient 1, a 54-year-old")
    assert answer["pdf"] is False
    assert served.get(f"/pdf?record={ADAMS}").status == 404
    (root / "pdfs" / "doi-10-5555-adams-2010.pdf").write_bytes(make_pdf("Nine of nine"))
    answer = served.get(f"/api/texts?record={ADAMS}").json
    assert [full["name"] for full in answer["full"]] == ["10-5555-adams-2010.txt", "doi-10-5555-adams-2010.pdf"]
    assert "Nine of nine" in answer["full"][1]["pages"][0]
    assert served.get(f"/pdf?record={ADAMS}").headers["content-type"] == "application/pdf"
    assert served.get("/api/texts?record=doi:none").status == 404


def test_the_second_sheet_is_another_file(root):
    layout = Layout(root)
    layout.second.mkdir()
    (layout.second / "adams-2010.yaml").write_text(SHEET)
    desk = SheetDesk(Shelf(layout, PdfFolder(root / "pdfs")), "adams-2010", is_second=True)
    opened = desk.open()
    assert desk.shown == "extraction/second/adams-2010.yaml"
    judged = desk.judge(opened.sha256, ())
    assert {finding.origin.path for finding in judged.findings} == {"extraction/second/adams-2010.yaml"}
    # The first sheet of the study is no other study.
    assert not {"EXTRACT-012", "EXTRACT-030"} & {finding.code for finding in judged.findings}


def test_quotes_of_counts_and_full_texts_that_cannot_be_read(root):
    counts = '\ncounts:\n  - {outcome: response, events: 1, total: 2, source: {record: paper, words: "12 cycles"}}\n'
    (Layout(root).studies / "adams-2010.yaml").write_text(SHEET + counts)
    (root / "pdfs" / "10-5555-adams-2010.pdf").write_bytes(b"%PDF-1.4\n%%EOF")
    with serve_sheet(root) as (_, served):
        answer = served.get("/api/sheet").json
        assert answer["quotes"]["counts[0].events"] == "found"
        assert "EXTRACT-052" in {finding["code"] for finding in answer["findings"]}
        assert "is not a whole PDF" in served.get(f"/api/texts?record={ADAMS}").json["full"][0]["problem"]


def test_a_sheet_without_its_id_and_a_protocol_that_is_broken(root):
    path = Layout(root).studies / "adams-2010.yaml"
    path.write_text(SHEET.replace("study: adams-2010\n", ""))
    with serve_sheet(root) as (_, served):
        answer = served.get("/api/sheet").json
        assert "EXTRACT-002" in {finding["code"] for finding in answer["findings"]}
        Layout(root).protocol.write_text("a: [1\n")
        assert "protocol cannot be read" in served.get("/api/sheet").json["problem"]
        assert send(served, "save", change(["year"], value="2011")).status == 422
        sha256 = served.get("/api/sheet").json["sha256"]
        path.unlink()
        assert send(served, "check", sha256=sha256).json["current"] is False

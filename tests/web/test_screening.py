from __future__ import annotations

import errno
import json

import pytest

from tests.web.folders import HOSTILE
from tests.web.folders import brief
from tests.web.folders import make_folder
from tests.web.folders import name_record
from tests.web.folders import read_log
from tests.web.folders import vote
from tests.web.served import serve

FIRST = "title-abstract"


@pytest.fixture
def root(tmp_path):
    make_folder(tmp_path)
    return tmp_path


@pytest.fixture
def served(root):
    with serve(root) as page:
        yield page


def body(number, decision="include", **others):
    return {
        "stage": FIRST,
        "record": name_record(number),
        "decision": decision,
        "nonce": f"n{number}{decision}",
        **others,
    }


def test_the_start_says_what_the_page_needs(served):
    start = served.get("/api/start?stage=full-text").json
    assert start["who"] == "ann"
    assert start["criteria"] == [{"name": "population", "texts": ["Adults", "Children"]}]
    assert [reason["code"] for reason in start["reasons"]["title-abstract"]] == ["wrong-population"]
    assert [reason["code"] for reason in start["reasons"]["full-text"]] == ["wrong-population", "no-data"]
    assert (start["wanted"], start["unwanted"]) == (["calcif*", "calcinosis"], ["gout", "rats"])
    assert [(stage["key"], stage["left"]) for stage in start["stages"]] == [
        ("title-abstract", 6),
        ("retrieval", 0),
        ("full-text", 0),
    ]


def test_records_come_with_everything_that_is_shown(served):
    first, second = served.get("/api/next?count=2").json["records"]
    assert (first["record"], first["place"], first["mine"]) == (name_record(0), 1, None)
    assert first["sections"][0]["text"].startswith("Calcinosis is painful")
    assert (first["journal"], first["year"], first["keywords"]) == (
        "Journal of Invented Medicine",
        1990,
        ["Calcinosis"],
    )
    assert first["links"] == [{"label": "doi:10.5555/r.0", "url": "https://doi.org/10.5555/r.0"}]
    assert second["title"] == HOSTILE
    passed = served.get(f"/api/next?count=1&passed={name_record(0)}").json["records"]
    assert passed[0]["record"] == name_record(1)


def test_a_decision_is_answered_once_it_is_on_disk(served, root):
    answer = served.post("/api/decide", body(0, note="a note"))
    assert (answer.status, answer.json["mine"]["decision"], answer.json["tally"]["left"]) == (200, "include", 5)
    assert answer.json["mine"]["time"] == read_log(root)[0]["time"]


def test_a_change_that_is_asked_for_twice_is_made_once(served, root):
    first, second = served.post("/api/decide", body(0)), served.post("/api/decide", body(0))
    assert first.json == second.json
    assert len(read_log(root)) == 1


def test_another_window_is_told_of_the_decision_that_it_did_not_know(served, root):
    served.post("/api/decide", body(0))
    answer = served.post("/api/decide", body(0, "exclude"))
    assert (answer.status, answer.json["outdated"], answer.json["current"]["decision"]) == (409, True, "include")
    assert len(read_log(root)) == 1


def test_undo_answers_with_the_record(served, root):
    served.post("/api/decide", body(0, note="x"))
    answer = served.post("/api/undo", {"stage": FIRST, "nonce": "u"}).json
    assert (answer["record"]["record"], answer["record"]["mine"], answer["undone"]["note"]) == (
        name_record(0),
        None,
        "x",
    )
    assert served.post("/api/undo", {"stage": FIRST, "nonce": "v"}).status == 409
    assert brief(read_log(root)) == [("0", "include"), ("0", "undo")]


@pytest.mark.parametrize(
    ("data", "status", "headers"),
    [
        (b"{", 400, {}),
        (b"[1]", 400, {}),
        (b'{"stage": 1}', 400, {}),
        (b'{"stage": "lunch"}', 400, {}),
        (b"\xff\xfe", 400, {}),
        (b"[" * 60_000, 400, {}),
        (b'{"a": "' + b"x" * 70_000 + b'"}', 413, {}),
        (b"{}", 415, {"content_type": "text/plain"}),
    ],
)
def test_what_is_no_decision_is_refused(served, root, data, status, headers):
    assert served.send("POST", "/api/decide", body=data, **headers).status == status
    assert read_log(root) == []


def test_half_a_letter_does_not_break_the_log(served, root):
    data = json.dumps(body(0, note="a\ud800b")).encode()
    assert served.send("POST", "/api/decide", body=data).status == 200
    assert read_log(root)[0]["note"] == "a b"


@pytest.mark.parametrize("path", ["/api/nothing", "/api/record?record=x", "/pdf?record=x", "/api/next?stage=lunch"])
def test_what_there_is_not_is_not_found(served, path):
    assert served.get(path).status in {400, 404, 405}


def test_a_disk_that_is_full_is_told_and_the_change_may_be_asked_for_again(served, root, monkeypatch):
    def fail(cells):
        raise OSError(errno.ENOSPC, "No space left on device", "ann.csv")

    with monkeypatch.context() as patch:
        patch.setattr(served.desk._log, "append", fail)
        answer = served.post("/api/decide", body(0))
        assert (answer.status, answer.json["error"]) == (503, "ann.csv: No space left on device")
    assert served.post("/api/decide", body(0)).status == 200
    assert len(read_log(root)) == 1


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("kind=decided", [1, 0]),
        ("kind=unsure", [1]),
        ("kind=waiting", [2, 3, 4, 5]),
        ("kind=all&q=GOUT+tropics", [3]),
        ("kind=all&q=r.5", [5]),
        ("kind=all&q=nowhere", []),
    ],
)
def test_lists_are_of_a_kind_and_hold_all_words(served, query, titles):
    served.post("/api/decide", body(0))
    served.post("/api/decide", body(1, "unsure"))
    answer = served.get(f"/api/list?stage={FIRST}&{query}").json
    assert [line["record"] for line in answer["lines"]] == [name_record(number) for number in titles]
    assert answer["total"] == len(titles)


def test_conflicts_are_shown_and_settled(served, root):
    vote(root, "ben", [(FIRST, 0, "include")])
    vote(root, "cat", [(FIRST, 0, "exclude", "wrong-population")], note="hands")
    answer = served.get("/api/conflicts").json
    (conflict,) = answer["conflicts"]
    assert answer["may_settle"]
    assert [(vote["by"], vote["decision"], vote["note"]) for vote in conflict["votes"]] == [
        ("ben", "include", ""),
        ("cat", "exclude", "hands"),
    ]
    assert served.post("/api/settle", body(0, settles="ben=include")).status == 409
    assert served.post("/api/settle", body(0, settles=conflict["settles"], nonce="s")).status == 200
    assert served.get("/api/conflicts").json["conflicts"] == []
    assert served.post("/api/unsettle", {"nonce": "t"}).status == 200
    assert len(served.get("/api/conflicts").json["conflicts"]) == 1


def test_nothing_that_is_served_tells_how_another_voted(served, root):
    vote(root, "ben", [(FIRST, number, "exclude", "wrong-population") for number in range(6)], note="hidden words")
    served.post("/api/decide", body(0))
    paths = ["/", "/api/start", "/api/next?count=9", "/api/list?kind=all", f"/api/record?record={name_record(1)}"]
    assert all(b"hidden words" not in served.get(path).body for path in paths)
    (conflict,) = served.get("/api/conflicts").json["conflicts"]
    assert conflict["record"]["record"] == name_record(0)


@pytest.mark.parametrize("name", ["10.5555-r.0.pdf", "doi_10.5555_r.0.PDF", "DOI 10.5555 R.0.pdf"])
def test_a_full_text_is_found_by_the_reports_name(served, root, name):
    path = f"/api/record?stage=full-text&record={name_record(0)}"
    assert served.get(path).json["pdf"] is False
    (root / "pdfs").mkdir()
    (root / "pdfs" / name).write_bytes(b"%PDF-1.4 invented")
    assert served.get(path).json["pdf"] is True
    answer = served.get(f"/pdf?record={name_record(0)}")
    assert (answer.headers["content-type"], answer.body) == ("application/pdf", b"%PDF-1.4 invented")
    assert answer.headers["content-security-policy"] == "frame-ancestors 'self'"
    assert served.get(f"/pdf?record={name_record(1)}").status == 404

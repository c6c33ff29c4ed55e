from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from datetime import timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.model import Decision
from review.model import RecordId
from review.protocol import Protocol
from review.rows import render_row
from review.screening.log import COLUMNS
from review.screening.log import REQUIRED
from review.screening.log import name_screener
from review.screening.log import parse_log
from review.screening.log import stand
from tests.builder import LOG_HEAD
from tests.builder import list_codes
from tests.builder import make_protocol
from tests.builder import make_rows
from tests.builder import show

PROTOCOL = make_protocol()
ROW = "2026-01-02T08:00:00Z,title-abstract,pubmed:1,exclude,wrong-population,\n"


def parse(text, path="extraction/screening/ann.csv", protocol=PROTOCOL):
    return parse_log(make_rows(text, REQUIRED, path), protocol)


def make(record, hour, verdict, by="ann", stage="title-abstract"):
    return Decision(by, f"2026-01-02T{hour:02}:00:00Z", stage, RecordId(record), verdict)


def test_a_row_becomes_a_decision_of_whom_the_file_is_named_after():
    decisions, findings = parse(
        render_row(COLUMNS) + "2026-01-02T08:00:00Z,full-text,pubmed:1,exclude,no-data,why,ab12,3,7\n"
    )
    assert findings == []
    (decision,) = decisions
    assert (decision.by, decision.stage, decision.record, decision.verdict) == (
        "ann",
        "full-text",
        "pubmed:1",
        "exclude",
    )
    assert (decision.reason, decision.note, decision.shown) == ("no-data", "why", "ab12")
    assert (decision.origin.path, decision.origin.line) == ("extraction/screening/ann.csv", 2)


@pytest.mark.parametrize(
    ("path", "who"),
    [("a/ann.csv", "ann"), ("a/ann@laptop.csv", "ann"), ("a/ann.b@x.y.csv", "ann.b"), ("ann.csv", "ann")],
)
def test_one_person_may_keep_a_log_on_each_machine(path, who):
    assert name_screener(path) == who
    assert [decision.by for decision in parse(LOG_HEAD + ROW, path)[0]] == [who]


#: Code, level, the row that raises it, words of the message. The row above raises none.
SLIPS = [
    ("SCREEN-002", "error", "2026-01-02T08:00:00Z,abstract,pubmed:1,include,,\n", "unknown stage 'abstract'; expected title-abstract |"),
    ("SCREEN-003", "error", "2026-01-02T08:00:00Z,title-abstract,pubmed:1,included,,\n", "unknown decision 'included'; expected include |"),
    ("SCREEN-004", "error", "2026-01-02T08:00:00Z,title-abstract,30639647,include,,\n", "'30639647' is not a record id; expected an id such as"),
    ("SCREEN-004", "error", "2026-01-02T08:00:00Z,title-abstract,,include,,\n", "'' is not a record id"),
    ("SCREEN-005", "error", "2026-01-02 08:00,title-abstract,pubmed:1,include,,\n", "'2026-01-02 08:00' is not a time; expected 2026-11-24T"),
    ("SCREEN-005", "error", "02.01.2026,title-abstract,pubmed:1,include,,\n", "is not a time"),
    ("SCREEN-006", "error", "2026-01-02T08:00:00Z,title-abstract,pubmed:1,exclude,gout,\n", "unknown reason 'gout'; expected wrong-population | no-data"),
    ("SCREEN-007", "error", "2026-01-02T08:00:00Z,full-text,pubmed:1,exclude,,\n", "excluded at full text without a reason"),
    ("SCREEN-008", "warning", "2026-01-02T08:00:00Z,title-abstract,pubmed:1,exclude,no-data,\n", "no-data is not for the stage title-abstract"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "level", "row", "words"), SLIPS)
def test_slips_are_told_with_their_line_and_the_other_rows_count(code, level, row, words):
    decisions, findings = parse(LOG_HEAD + ROW + row)
    assert list_codes(findings) == [code]
    assert words in str(findings[0])
    assert str(findings[0]).startswith(f"extraction/screening/ann.csv:3: {code} {level}: ")
    assert len(decisions) == (1 if level == "error" else 2)
    assert code not in list_codes(parse(LOG_HEAD + ROW)[1])


def test_without_reasons_in_the_protocol_the_message_says_where_to_add_one():
    _, findings = parse(LOG_HEAD + ROW, protocol=make_protocol("format: 1\ntitle: x\n"))
    assert "a code under reasons: in the protocol" in str(findings[0])


def test_reasons_are_not_doubted_while_the_protocol_cannot_be_read():
    decisions, findings = parse(LOG_HEAD + ROW, protocol=Protocol("x", is_usable=False))
    assert (len(decisions), findings) == (1, [])


@pytest.mark.parametrize(
    ("torn", "is_kept"),
    [
        (ROW.rstrip("\n"), True),
        ("2026-01-02T09:00:00Z,title-abstract,pubmed:2,include", True),
        ("2026-01-02T09:00:00Z,title-abstract,pubmed:2,incl", False),
        ("2026-01-02T09:00:00Z,title-abstract,pubmed:2", False),
        ("2026-01-02T09:00:00Z,full-text,pubmed:2,exclude,", False),
        ("2026-01-0", False),
    ],
)
def test_a_torn_last_line_counts_if_it_is_whole_and_is_told(torn, is_kept):
    decisions, findings = parse(LOG_HEAD + "2026-01-02T07:00:00Z,title-abstract,pubmed:9,include,,\n" + torn)
    assert list_codes(findings) == ["SCREEN-001"]
    assert findings[0].origin.line == 3
    assert ("it is whole and counts" in str(findings[0])) is is_kept
    assert len(decisions) == 1 + is_kept


def test_a_whole_log_is_not_torn():
    assert "SCREEN-001" not in list_codes(parse(LOG_HEAD + ROW)[1])


def test_findings_of_the_file_itself_are_passed_on():
    assert list_codes(parse("time,stage\n")[1]) == ["PROJECT-022"]
    assert show(parse("")[1]) == [
        "extraction/screening/ann.csv:1: PROJECT-021 warning: the file is empty; expected time,stage,record,decision"
    ]


VERDICTS = st.sampled_from(["include", "exclude", "unsure", "undo"])
HISTORIES = st.lists(
    st.tuples(st.sampled_from(["ann", "ben"]), st.sampled_from(["pubmed:1", "pubmed:2"]), VERDICTS), max_size=12
)


@given(HISTORIES, st.randoms(use_true_random=False))
def test_however_rows_interleave_the_latest_of_a_person_stands(history, random):
    rows = [make(record, hour, verdict, by) for hour, (by, record, verdict) in enumerate(history)]
    expected = {(by, record): verdict for by, record, verdict in history}
    shuffled = random.sample(rows, len(rows))
    standing = {(item.by, item.record): item.verdict for item in stand(shuffled)}
    assert standing == {key: verdict for key, verdict in expected.items() if verdict != "undo"}


@given(st.lists(VERDICTS, min_size=1, max_size=5))
def test_of_rows_with_one_time_the_last_stands(verdicts):
    standing = stand([make("pubmed:1", 8, verdict) for verdict in verdicts])
    assert [item.verdict for item in standing] == ([] if verdicts[-1] == "undo" else [verdicts[-1]])


#: Whole seconds of the ten years from 2020, and a zone in hours.
MOMENTS = st.tuples(st.integers(1577836800, 1893456000), st.integers(-12, 14))


@given(st.lists(MOMENTS, min_size=2, max_size=5))
def test_times_of_different_zones_are_compared_as_moments(moments):
    decisions = []
    for number, (seconds, zone) in enumerate(moments):
        time = datetime.fromtimestamp(seconds, timezone(timedelta(hours=zone))).isoformat()
        decisions.append(Decision("ann", time, "retrieval", RecordId("x:1"), "include", note=str(number)))
    latest = max(range(len(moments)), key=lambda number: (moments[number][0], number))
    assert [item.note for item in stand(decisions)] == [str(latest)]


def test_stages_are_apart():
    rows = [make("pubmed:1", 8, "include"), make("pubmed:1", 9, "exclude", stage="full-text")]
    assert stand(rows) == rows

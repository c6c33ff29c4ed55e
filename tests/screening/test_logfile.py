from __future__ import annotations

import errno
import os
import subprocess
import sys
from datetime import UTC
from datetime import datetime
from pathlib import Path

import pytest

from review.errors import FormatError
from review.errors import LockedError
from review.rows import read_rows
from review.screening.holder import lock_path
from review.screening.log import COLUMNS
from review.screening.log import REQUIRED
from review.screening.log import parse_log
from review.screening.log import stand
from review.screening.logfile import flatten
from review.screening.logfile import open_log
from tests.builder import list_codes
from tests.builder import make_protocol

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
HEAD = ",".join(COLUMNS) + "\n"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "extraction" / "screening" / "ann.csv"


def cells(record="a:1", decision="include", **others):
    return {"stage": "title-abstract", "record": record, "decision": decision, **others}


def append(path, *rows, now=NOON):
    with open_log(path, COLUMNS, "test", clock=lambda: now) as log:
        return [log.append(row) for row in rows]


def read(path):
    return parse_log(read_rows(path, path.name, REQUIRED), make_protocol())


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def test_a_new_log_begins_with_its_header(path):
    append(path, cells(note="ein – „Satz“", reason="wrong-population", shown="x", position="3", order="file"))
    assert path.read_text("utf-8") == (
        f"{HEAD}2026-01-02T12:00:00.000Z,title-abstract,a:1,include,wrong-population,ein – „Satz“,x,3,file\n"
    )


def test_equal_times_keep_the_order_of_the_rows(path):
    times = append(path, cells(), cells(decision="exclude"), cells(decision="undo"))
    assert times == ["2026-01-02T12:00:00.000Z", "2026-01-02T12:00:00.001Z", "2026-01-02T12:00:00.002Z"]
    assert append(path, cells()) == ["2026-01-02T12:00:00.003Z"]


def test_a_clock_that_was_set_back_does_not_change_what_stands(path):
    append(path, cells(decision="exclude"))
    append(path, cells(decision="include"), now=datetime(2025, 1, 1, tzinfo=UTC))
    (decision,) = stand(read(path)[0])
    assert decision.verdict == "include"


def test_a_row_is_one_line_whatever_is_typed(path):
    append(path, cells(note='two\nlines,\r\n"quoted"\tand\x00 \x1b[31m\u2028end'))
    (decision,), findings = read(path)
    assert findings == []
    assert decision.note == 'two lines, "quoted" and [31m end'
    assert path.read_bytes().count(b"\n") == 2


def test_flatten_keeps_every_script():
    assert flatten("  硬皮病 \n الكلس ") == "硬皮病 الكلس"


@pytest.mark.parametrize(
    "torn",
    [
        "2026-01-02T08:00:00Z,title-abstract,a:9,include,,,,,",
        "2026-01-02T08:00:00Z,title-abs",
        '2026-01-02T08:00:00Z,title-abstract,a:9,exclude,,"half a no',
    ],
)
def test_a_torn_line_is_kept_and_the_next_row_stands_on_its_own(path, torn):
    write(path, HEAD + torn)
    append(path, cells("a:2"))
    assert path.read_text().startswith(HEAD + torn)
    decisions, _ = read(path)
    assert decisions[-1].record == "a:2"
    assert len(decisions) == 1 + ("a:9" in torn)


@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_log_saved_by_a_spreadsheet_is_continued_in_its_own_way(path, mark):
    write(path, "\ufeff" + HEAD.replace(",", mark).replace("\n", "\r\n"))
    append(path, cells(note="a, b; c"))
    (decision,), findings = read(path)
    assert (decision.record, decision.note, findings) == ("a:1", "a, b; c", [])


def test_columns_that_people_added_stay_empty(path):
    write(path, HEAD.replace("\n", ",colour\n"))
    append(path, cells())
    assert path.read_text().endswith(",\n")
    assert len(read(path)[0]) == 1


def test_a_log_without_a_column_is_not_continued(path):
    write(path, "time,stage,record,decision\n")
    with pytest.raises(
        FormatError, match=r"lacks reason, note, shown, position, order; keep the file as ann@earlier\.csv"
    ):
        append(path, cells())
    assert path.read_text() == "time,stage,record,decision\n"


def test_a_log_that_is_not_utf_8_is_not_continued(path):
    write(path, HEAD.encode() + b"2026-01-02T08:00:00Z,title-abstract,a:1,include,,caf\xe9,,,\n")
    with pytest.raises(FormatError, match=r"ann\.csv:2: is not UTF-8; save it as UTF-8"):
        append(path, cells())


def test_an_unknown_column_is_a_mistake_of_the_program(path):
    with pytest.raises(KeyError, match="no column colour"):
        append(path, cells(colour="red"))


def test_a_row_is_on_disk_before_it_counts(path, monkeypatch):
    synced = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: (synced.append(path.read_bytes()), fsync(descriptor)))
    with open_log(path, COLUMNS, "test") as log:
        synced.clear()
        log.append(cells("a:7"))
        assert b"a:7" in synced[0]


def test_a_full_disk_leaves_the_log_as_it_was(path, monkeypatch):
    append(path, cells())
    before = path.read_bytes()
    write_all = os.write
    with open_log(path, COLUMNS, "test") as log:

        def fill(descriptor, data):
            if len(data) > 10:
                return write_all(descriptor, data[:10])
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "write", fill)
        with pytest.raises(OSError, match="No space left"):
            log.append(cells("a:2", note="x" * 7))
        assert path.read_bytes() == before
        monkeypatch.setattr(os, "write", write_all)
        log.append(cells("a:2"))
    assert [decision.record for decision in read(path)[0]] == ["a:1", "a:2"]


def test_a_log_that_was_replaced_meanwhile_is_not_written_to(path):
    with open_log(path, COLUMNS, "test") as log:
        log.append(cells())
        path.replace(path.with_name("other.csv"))
        with pytest.raises(OSError, match="removed or replaced"):
            log.append(cells("a:2"))


def test_a_second_holder_is_refused_with_the_name_of_the_first(path):
    with open_log(path, COLUMNS, "review screen"):
        with pytest.raises(
            LockedError, match=rf"ann\.csv: in use by `review screen` \(process {os.getpid()} on .+, since 2"
        ):
            append(path, cells())
        assert path.read_text() == HEAD
    append(path, cells())
    assert not lock_path(path).exists()


def test_another_process_is_refused_until_the_first_one_dies(path):
    script = (
        "import sys, time; from pathlib import Path; from review.screening.logfile import open_log; from review.screening.log import COLUMNS\n"
        "with open_log(Path(sys.argv[1]), COLUMNS, 'review screen') as log: print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match=rf"process {process.pid} on "):
            append(path, cells())
        process.kill()
        process.wait()
    append(path, cells())
    assert list_codes(read(path)[1]) == []


def git(folder: Path, *words: str) -> str:
    identity = [
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.org",
        "-c",
        "init.defaultBranch=main",
        "-c",
        "commit.gpgsign=false",
    ]
    done = subprocess.run(
        ["git", *identity, *words], cwd=folder, capture_output=True, text=True, check=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
    )  # fmt: skip
    return done.stdout


def test_two_branches_of_one_log_merge_with_every_row(tmp_path, path, repository):
    (tmp_path / ".gitattributes").write_text((repository / ".gitattributes").read_text())
    append(path, cells("a:0"))
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "start")
    git(tmp_path, "branch", "laptop")
    append(path, *(cells(f"a:{n}", note=f"desk, {n}") for n in range(1, 40)))
    append(path.with_name("ben.csv"), cells("a:1", "exclude"))
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "desk")
    git(tmp_path, "checkout", "-q", "laptop")
    append(path, *(cells(f"a:{n}", "exclude") for n in range(40, 80)), cells("a:41"))
    git(tmp_path, "commit", "-qam", "laptop")
    git(tmp_path, "merge", "-q", "main", "-m", "both")
    decisions, findings = read(path)
    assert findings == []
    assert len(decisions) == 81
    assert {decision.record for decision in decisions} == {f"a:{n}" for n in range(80)}
    standing = {decision.record: decision.verdict for decision in stand(decisions)}
    assert standing["a:41"] == "include"
    assert path.with_name("ben.csv").exists()
    # The merged log is continued as before.
    append(path, cells("a:80"))
    assert len(read(path)[0]) == 82


def test_the_scaffold_has_the_repositorys_attributes(repository):
    scaffold = repository / "review" / "scaffold" / "files" / "gitattributes"
    assert (repository / ".gitattributes").read_text() == scaffold.read_text()

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from review.errors import LockedError
from review.search.file_lock import hold_lock
from review.search.throttle import HORIZON_SECONDS
from review.search.throttle import Throttle
from tests.search.scripted import Clock


def starts(clock, count, *throttles):
    moments = []
    for number in range(count):
        throttles[number % len(throttles)].wait()
        moments.append(clock.now)
    return moments


def test_starts_are_spaced_and_the_first_does_not_wait():
    clock = Clock(1000.0)
    throttle = Throttle("host", 0.37, clock=clock, sleep=clock.sleep)
    assert starts(clock, 4, throttle) == pytest.approx([1000.0, 1000.37, 1000.74, 1001.11])


def test_two_of_one_name_share_the_limit_and_others_do_not(tmp_path):
    clock = Clock(1000.0)
    one, two = (Throttle("host:80", 0.5, folder=tmp_path, clock=clock, sleep=clock.sleep) for _ in range(2))
    other = Throttle("other", 0.5, folder=tmp_path, clock=clock, sleep=clock.sleep)
    assert starts(clock, 4, one, two) == pytest.approx([1000.0, 1000.5, 1001.0, 1001.5])
    assert starts(clock, 1, other) == [clock.now]


def test_a_push_holds_everybody_back(tmp_path):
    clock = Clock(1000.0)
    one, two = (Throttle("host", 0.5, folder=tmp_path, clock=clock, sleep=clock.sleep) for _ in range(2))
    one.push(3.0)
    two.wait()
    assert clock.now == pytest.approx(1003.0)


def test_a_moment_far_ahead_comes_from_a_clock_set_back_and_is_ignored(tmp_path):
    late, early = Clock(10_000.0 + HORIZON_SECONDS), Clock(1000.0)
    Throttle("host", 0.5, folder=tmp_path, clock=late, sleep=late.sleep).wait()
    Throttle("host", 0.5, folder=tmp_path, clock=early, sleep=early.sleep).wait()
    assert early.slept == []


def test_rubbish_in_the_file_is_replaced(tmp_path):
    (tmp_path / "rate-host").write_text("rubbish")
    clock = Clock(1000.0)
    throttle = Throttle("host", 0.5, folder=tmp_path, clock=clock, sleep=clock.sleep)
    assert starts(clock, 2, throttle) == pytest.approx([1000.0, 1000.5])
    assert float((tmp_path / "rate-host").read_text()) == pytest.approx(1001.0)


def test_without_a_folder_to_write_the_process_keeps_the_limit_alone(tmp_path):
    (tmp_path / "file").write_text("")
    clock = Clock(1000.0)
    throttle = Throttle("host", 0.5, folder=tmp_path / "file" / "below", clock=clock, sleep=clock.sleep)
    assert starts(clock, 2, throttle) == pytest.approx([1000.0, 1000.5])
    assert not throttle.is_shared


def test_a_link_planted_for_the_file_is_not_followed(tmp_path):
    target = tmp_path / "precious"
    target.write_text("precious")
    (tmp_path / "rate-host").symlink_to(target)
    clock = Clock(1000.0)
    Throttle("host", 0.5, folder=tmp_path, clock=clock, sleep=clock.sleep).wait()
    assert target.read_text() == "precious"


_PROCESS = """
import sys, time
from pathlib import Path
from review.search.throttle import Throttle
throttle = Throttle("host", 0.05, folder=Path(sys.argv[1]))
for _ in range(12):
    throttle.wait()
    print(time.time())
"""


def test_two_processes_share_the_limit(tmp_path):
    running = [
        subprocess.Popen([sys.executable, "-c", _PROCESS, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    moments = sorted(float(line) for process in running for line in process.communicate(timeout=60)[0].split())
    assert len(moments) == 24
    # Twenty-four starts at 0.05 s fill 1.15 s; a start may be late, never early, so the whole cannot be shorter.
    assert moments[-1] - moments[0] >= 23 * 0.05 - 0.06


def test_a_lock_is_held_by_one_and_freed_on_leaving(tmp_path):
    path = tmp_path / "lock"
    with hold_lock(path, wait=False), pytest.raises(LockedError, match="another process"), hold_lock(path, wait=False):
        pass
    with hold_lock(path, wait=False):
        pass


def test_a_lock_of_a_killed_process_is_free(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from review.search.file_lock import hold_lock\n"
        "with hold_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    path = tmp_path / "lock"
    process = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    process.kill()
    process.wait()
    process.stdout.close()
    begun = time.monotonic()
    with hold_lock(path):
        assert time.monotonic() - begun < 5

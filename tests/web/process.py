"""`review screen`, or another verb that serves a page, as a process of its own, which can be killed; it ends by itself if nobody ends it."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

#: No test needs a server longer than this.
_SECONDS = 120

_SCRIPT = f"""
import os, sys, threading
timer = threading.Timer({_SECONDS}, os._exit, [9])
timer.daemon = True
timer.start()
from review.cli.main import main
sys.argv = ["review", *sys.argv[1:]]
main()
"""


@contextlib.contextmanager
def run_screen(root: Path, who: str, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `review screen` and give the process with the address that it printed."""
    with run_page(root, "screen", "--by", who, *options) as running:
        yield running


@contextlib.contextmanager
def run_page(root: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a verb that serves a page and give the process with the address that it printed."""
    command = [
        sys.executable,
        "-c",
        _SCRIPT,
        *words,
        "--no-browser",
        "--quiet",
        "--project",
        str(root),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), process.stderr.read()
            yield process, address
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()

"""Same inputs, same bytes: in another folder, time zone, language, with another hash seed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from review.workspace import Layout

ENVIRONMENTS = [
    {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "LC_ALL": "C", "COLUMNS": "40"},
    {"TZ": "America/St_Johns", "PYTHONHASHSEED": "4242", "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"},
]
COMMAND = [sys.executable, "-c", "from review.cli.main import main; main()", "build", "--quiet"]


@pytest.fixture(scope="module")
def copies(tmp_path_factory, repository):
    """The worked example built from its inputs alone, at the same time in both environments."""
    roots, running = [], []
    for number, environment in enumerate(ENVIRONMENTS):
        root = tmp_path_factory.mktemp("copy") / ("review " * (number + 1)).strip()
        for path in Layout(repository).list_inputs():
            target = root / path.relative_to(repository)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            os.utime(target, (number, number))
        settings = os.environ | environment | {"PYTHONPATH": str(repository)}
        running.append(
            subprocess.Popen([*COMMAND, "--project", str(root)], env=settings, cwd=root, stderr=subprocess.PIPE)
        )
        roots.append(root)
    for process in running:
        _, told = process.communicate(timeout=300)
        assert process.returncode == 0, told.decode()
    return roots


def read_outputs(root):
    output = Layout(root).output
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in output.rglob("*") if path.is_file()}


def test_two_environments_give_the_same_bytes(copies):
    first, second = (read_outputs(root) for root in copies)
    assert sorted(first) == sorted(second)
    assert [path for path in first if first[path] != second[path]] == []


def test_another_process_gives_the_bytes_of_this_one(copies, built_example):
    outputs = read_outputs(copies[0])
    assert sorted(outputs) == sorted(built_example.files)
    assert [path for path, data in built_example.files.items() if outputs[path] != data] == []


def test_a_build_changes_no_input(copies, repository):
    for root in copies:
        for path in Layout(repository).list_inputs():
            assert (root / path.relative_to(repository)).read_bytes() == path.read_bytes()


def test_no_output_tells_where_or_when_it_was_made(copies):
    for root in copies:
        told = [
            path
            for path, data in read_outputs(root).items()
            if str(root).encode() in data or str(root.parent).encode() in data
        ]
        assert told == []

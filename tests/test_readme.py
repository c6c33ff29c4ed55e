"""The README's console blocks are run as written, on a copy of the example, and must print what stands there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
_SKIPPED = {".git", ".venv", "tests", "review", "build", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}


def _read_commands(text: str) -> list[tuple[str, str]]:
    """Split console blocks into commands and what they print."""
    commands: list[tuple[str, str]] = []
    for block in _BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            commands.append((command, printed))
    return commands


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    target = tmp_path_factory.mktemp("readme") / "example"
    shutil.copytree(repository, target, ignore=lambda _, names: [name for name in names if name in _SKIPPED])
    return target


def test_commands_print_what_the_readme_says(folder: Path, repository: Path) -> None:
    commands = _read_commands((repository / "README.md").read_text(encoding="utf-8"))
    assert len(commands) >= 8
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "120",
    }
    for command, expected in commands:
        done = subprocess.run(
            command, check=False, shell=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=120
        )
        printed = done.stdout.replace(f"{folder}/", "")
        if expected.rstrip().endswith("..."):
            wanted = expected.rstrip().removesuffix("...").rstrip()
            assert printed.startswith(wanted), f"{command}\n{printed}\n{done.stderr}"
        else:
            assert printed.rstrip() == expected.rstrip(), f"{command}\n{printed}\n{done.stderr}"
        assert done.returncode in {0, 1}, f"{command}: {done.stderr}"


def test_every_verb_is_in_the_readme_or_the_changelog(repository: Path) -> None:
    from review.cli.main import make_app

    told = (repository / "README.md").read_text(encoding="utf-8")
    app = make_app()
    verbs = [command.name for command in app.registered_commands] + [group.name for group in app.registered_groups]
    assert [verb for verb in verbs if f"review {verb}" not in told] == []


def test_set_up_commands_use_the_constraints(repository: Path) -> None:
    told = (repository / "README.md").read_text(encoding="utf-8")
    set_up = re.findall(r"^python3 -m venv .*$", told, flags=re.MULTILINE)
    assert len(set_up) == 2
    assert all("constraints.txt" in command for command in set_up)
    assert "pytest" in set_up[1]

"""The console blocks of the README and of the documents are run as written, and must print what stands there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
_SKIPPED = {".git", ".venv", "tests", "review", "build", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}


class Shell:
    """Runs one command after the other, each in the folder where the one before it ended."""

    def __init__(self, folder: Path) -> None:
        self.folder = self.start = folder
        self.environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "120",
        }

    def run(self, command: str) -> str:
        """Return what a command prints, with the folder's path left out."""
        place = self.start.parent / "place"
        script = f'{command}\ncode=$?\npwd > "{place}"\nexit $code\n'
        done = subprocess.run(
            ["bash", "-c", script],
            check=False,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode in {0, 1}, f"{command}: {done.stderr}"
        self.folder = Path(place.read_text().strip())
        return done.stdout.replace(f"{self.folder}/", "").replace(f"{self.start}/", "")


def read_commands(text: str) -> Iterator[tuple[str, str]]:
    """Yield the commands of the console blocks and what they print; lines after `> ` continue a command."""
    for block in _BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            first, *lines = part.split("\n")
            count = next((place for place, line in enumerate(lines) if not line.startswith("> ")), len(lines))
            command = "\n".join([first, *(line[2:] for line in lines[:count])])
            yield command, "\n".join(lines[count:])


def check_commands(page: Path, folder: Path) -> int:
    """Run a page's commands in a folder, compare what they print, and return how many there are."""
    shell, count = Shell(folder), 0
    for command, expected in read_commands(page.read_text(encoding="utf-8")):
        count += 1
        printed = shell.run(command)
        if expected.rstrip().endswith("..."):
            wanted = expected.rstrip().removesuffix("...").rstrip()
            assert printed.startswith(wanted), f"{command}\n{printed}"
        else:
            assert printed.rstrip() == expected.rstrip(), f"{command}\n{printed}"
    return count


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    target = tmp_path_factory.mktemp("readme") / "example"
    shutil.copytree(repository, target, ignore=lambda _, names: [name for name in names if name in _SKIPPED])
    return target


def test_commands_print_what_the_readme_says(copy: Path, repository: Path) -> None:
    assert check_commands(repository / "README.md", copy) >= 8


def test_commands_of_the_documents_print_what_stands_there(copy: Path, repository: Path) -> None:
    pages = [page for page in sorted((repository / "docs").glob("*.md")) if page.stem != "walkthrough"]
    assert sum(check_commands(page, copy) for page in pages) >= 1


def test_the_walkthrough_prints_what_it_says(tmp_path: Path, repository: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    assert check_commands(repository / "docs" / "walkthrough.md", folder) >= 20


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

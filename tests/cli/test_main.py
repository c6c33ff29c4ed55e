from __future__ import annotations

import io
import pkgutil
import re
import subprocess
import sys

import pytest

import review.cli
from review import __version__
from review.cli import main as command
from review.errors import SourceUnavailable

FRAME = {"main", "options", "output", "figure_file"}
MODULES = {info.name.rstrip("_") for info in pkgutil.iter_modules(review.cli.__path__)} - FRAME
VERBS = [verb for verb in command.ORDER if verb in MODULES]


def run(*words, **settings):
    """Run `review` in a process of its own."""
    code = "from review.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, timeout=60, check=False, **settings
    )


def test_every_verb_has_its_place_in_the_help(review_command):
    called = review_command("--help")
    assert called.code == 0
    listed = re.findall(r"^  ([a-z]+)  +\S", called.out.partition("Commands:")[2], re.MULTILINE)
    assert sorted(listed) == sorted(VERBS)
    assert "Exit codes: 0 clean; 1 findings at error level" in " ".join(called.out.split())


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example_and_the_common_options(review_command, verb):
    called = review_command(verb, "--help")
    assert called.code == 0
    assert f"Example: review {verb}" in called.out
    wanted = {"--project", "--json", "--quiet"} - ({"--project"} if verb in ("init", "convert") else set())
    if "Commands:" not in called.out:
        assert {option for option in wanted if option in called.out} == wanted


def test_every_module_is_a_verb_or_a_part_of_one():
    assert {name for name in MODULES if name.partition("_")[0] not in VERBS} == set()


def test_the_version(review_command):
    assert review_command("--version").out == f"review {__version__}\n"


def test_without_words_the_help_is_shown(review_command):
    called = review_command()
    assert called.code == 2
    assert "Start with `review init DIR`" in called.out + called.err


@pytest.mark.parametrize("words", [("nothing",), ("status", "--nothing"), ("build", "--final", "extra")])
def test_bad_usage(review_command, words):
    called = review_command(*words)
    assert (called.code, called.out) == (2, "")
    assert called.err


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (SourceUnavailable("PubMed", "no answer", hint="try later"), 3, "review: PubMed: no answer; try later\n"),
        (KeyboardInterrupt(), 130, ""),
        (
            PermissionError(13, "Permission denied", "output/values.json"),
            2,
            "review: output/values.json: Permission denied\n",
        ),
        (OSError("disk gone"), 2, "review: a file: disk gone\n"),
    ],
)
def test_what_ends_a_command_is_told_without_a_traceback(review_command, monkeypatch, error, code, told):
    def fail():
        raise error

    monkeypatch.setattr(command, "make_app", lambda: lambda **_: fail())
    called = review_command("status")
    assert (called.code, called.out, called.err) == (code, "", told)


def test_a_reader_that_has_gone_ends_the_command_quietly(repository):
    command_line = [
        sys.executable,
        "-c",
        "from review.cli.main import main; main()",
        "status",
        "--project",
        str(repository),
    ]
    with subprocess.Popen(command_line, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        told = process.stderr.read()
    assert process.returncode == 1
    assert b"Traceback" not in told


def test_a_terminal_that_cannot_show_a_letter_gets_a_substitute(monkeypatch, made):
    made.change("protocol.yaml", "title: Penicillamine", "title: Péñicillamine 皮膚")
    stdout = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr(sys, "stdout", stdout)
    monkeypatch.setattr(sys, "argv", ["review", "status", "--quiet"])
    with pytest.raises(SystemExit) as ended:
        command.main()
    stdout.flush()
    assert ended.value.code == 0
    assert stdout.buffer.getvalue().startswith("Péñicillamine ??".encode("cp1252"))


def test_help_loads_nothing_heavy():
    code = (
        "import sys; sys.argv = ['review', '--help']\n"
        "from review.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'pandas', 'numpy', 'scipy', 'matplotlib', 'lxml', 'docx', 'statsmodels', 'Bio', 'requests', 'ruamel.yaml', 'rapidfuzz'}\n"
        "print('loaded:', sorted(heavy & set(sys.modules)))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    assert printed.splitlines()[-1] == "loaded: []"


def test_in_a_process_of_its_own(repository, tmp_path):
    found = run("status", "--json", "--project", str(repository))
    assert (found.returncode, found.stderr) == (0, "")
    lost = run("status", cwd=tmp_path)
    assert (lost.returncode, lost.stdout) == (2, "")
    assert lost.stderr.startswith("review: .: no review here: neither this folder nor one above has a protocol.yaml")

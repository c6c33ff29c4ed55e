"""docs/screening.md against the command: every verb and option in it exists."""

from __future__ import annotations

import re
import shlex

import pytest
from typer.main import get_command

from review.catalogue import CATALOGUE
from review.cli.main import make_app
from review.marked import parse_marked
from review.protocol import parse_protocol


@pytest.fixture(scope="module")
def text(repository):
    return (repository / "docs" / "screening.md").read_text("utf-8")


def list_commands(text):
    blocks = [block for kind, block in re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE) if not kind]
    lines = [line for block in blocks for line in block.splitlines()]
    spans = re.findall(r"`(review [^`]+)`", text)
    return [re.split(r"\s{2,}|&&", line)[0] for line in (*lines, *spans) if line.startswith("review ")]


def test_every_command_exists_with_its_options(text):
    commands = list_commands(text)
    assert len(commands) > 12
    for line in commands:
        command = get_command(make_app())
        words = shlex.split(line)[1:]
        while words and hasattr(command, "commands") and words[0] in command.commands:
            command = command.commands[words.pop(0)]
        known = {option for parameter in command.params for option in parameter.opts}
        assert command.name != "review", line
        assert {word for word in words if word.startswith("--")} <= known, line


def test_options_in_the_table_exist(text):
    known = {option for parameter in get_command(make_app()).commands["screen"].params for option in parameter.opts}
    listed = re.findall(r"^\| `(--[a-z-]+)", text, re.MULTILINE)
    assert listed
    assert set(listed) <= known


def test_the_part_of_the_protocol_is_read_without_findings(text):
    (block,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    protocol, findings = parse_protocol(parse_marked(f"format: 1\ntitle: T\n{block}", "protocol.yaml"))
    assert findings == []
    assert protocol.rule("title-abstract").either_include
    assert protocol.screening.calibration == 50


def test_codes_exist(text):
    assert set(re.findall(r"SCREEN-\d{3}", text)) <= CATALOGUE.keys()

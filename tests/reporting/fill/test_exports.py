from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from ruamel.yaml import YAML

from review.model import Value
from review.reporting.fill.exports import render_macros
from review.reporting.fill.exports import render_variables
from review.reporting.fill.printed import FORMS
from review.reporting.fill.printed import list_forms
from tests.reporting.fill.manuscripts import VALUES

HOSTILE = Value("pool.A.x_y-1", 'a "b" \\ {c} $d$ 5% & #1 _e_ ~f ^g < 2 > 1\n*h* `i` [j]')


def read_yaml(text):
    return YAML(typ="safe").load(text)


def test_quarto_finds_every_form_under_its_value():
    tree = read_yaml(render_variables(VALUES))
    assert tree["pool"]["A"]["together"] == FORMS
    assert tree["pool"]["A"]["multiverse"] == {"low": {"text": "45.5%"}}
    assert tree["prisma"]["records_screened"]["text"] == "1,122"


def test_lines_of_a_box_and_names_of_forms_stay_apart():
    values = [
        Value("prisma.dbr", "3"),
        Value("prisma.dbr.1", "2"),
        Value("pool.A.x", "t", 0.5, 1, 2, 0.1, 0.9, level=0.95),
        Value("pool.A.x.low", "own"),
    ]
    tree = read_yaml(render_variables(reversed(values)))
    assert tree["prisma"]["dbr"] == {"text": "3", "1": {"text": "2"}}
    assert tree["pool"]["A"]["x"]["low"] == {"text": "own"}


def test_variables_are_escaped_for_markdown():
    tree = read_yaml(render_variables([HOSTILE]))
    assert tree["pool"]["A"]["x_y-1"]["text"].startswith(r'a "b" \\ \{c\} \$d\$ 5% \& \#1 \_e\_')


def read_macros(text):
    """The macros that are defined, by key; what is not a definition or the head fails."""
    defined = {}
    for line in text.splitlines()[6:]:
        match = re.fullmatch(r"\\reviewdefine\{([^{}\\%#]+)\}\{(.*)\}", line)
        assert match, line
        defined[match.group(1)] = match.group(2)
    return defined


def test_every_form_is_a_macro():
    defined = read_macros(render_macros(VALUES))
    assert defined["pool.A.together"] == r"9/19 (47.4\%; 95\% CI 24.4 to 71.1)"
    assert defined["pool.A.together.percent0"] == r"47\%"
    assert len(defined) == len(VALUES) + sum(len(list_forms(value)) for value in VALUES)


def test_macros_are_balanced_and_escaped():
    text = read_macros(render_macros([HOSTILE]))["pool.A.x_y-1"]
    assert text == (
        r'a "b" \textbackslash{} \{c\} \$d\$ 5\% \& \#1 \_e\_ \textasciitilde{}f \textasciicircum{}g '
        r"\ensuremath{<} 2 \ensuremath{>} 1 *h* `i` [j]"
    )
    bare = re.sub(r"\\[{}]", "", render_macros([*VALUES, HOSTILE]))
    assert bare.count("{") == bare.count("}")
    assert not re.search(r"(?<!\\)[%&$#_^~]", text)


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="needs pdflatex")
def test_latex_prints_the_values(tmp_path):
    (tmp_path / "values.tex").write_text(render_macros([*VALUES, HOSTILE]), "utf-8")
    (tmp_path / "m.tex").write_text(
        r"\documentclass{article}\input{values.tex}\begin{document}\section{\reviewvalue{pool.A.together.events}}"
        r"\reviewvalue{pool.A.together}. \reviewtext{pool.A.model}{x}. \reviewvalue{prisma.records_screened}. \reviewvalue{pool.A.x_y-1}"
        r"\end{document}",
        "utf-8",
    )
    ran = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "m.tex"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-2000:]


def test_a_key_that_latex_cannot_read_has_no_macro():
    values = [
        Value("patients.site.left hand", "a"),
        Value("patients.size.> 5%", "b"),
        Value("patients.size.#1 {x}", "c"),
    ]
    assert read_macros(render_macros(values)) == {"patients.site.left hand": "a", "patients.site.left hand.text": "a"}


def test_the_same_values_give_the_same_bytes():
    for render in (render_macros, render_variables):
        assert render(VALUES) == render(tuple(reversed(VALUES)))

from __future__ import annotations

import pytest

from review.model import Value
from review.reporting.fill.marked_text import escape_markdown
from review.reporting.fill.marked_text import fill_text
from review.reporting.fill.printed import Printed
from tests.builder import list_codes
from tests.builder import show
from tests.reporting.fill.manuscripts import make_printed

TEXT = "9/19 (47.4%; 95% CI 24.4 to 71.1)"
TEX = r"9/19 (47.4\%; 95\% CI 24.4 to 71.1)"


def fill(text, markup="markdown", printed=None):
    return fill_text(text, markup, f"m.{markup[:2]}", printed or make_printed())


def test_a_placeholder_of_markdown_becomes_a_marked_value():
    text, filling = fill("In all {{pool.A.together}} and {{ review: pool.A.together.events }}.\n")
    assert text == (
        f"In all <!-- value: pool.A.together -->{TEXT}<!-- /value --> and "
        "<!-- value: pool.A.together.events -->9<!-- /value -->.\n"
    )
    assert [(item.kind, item.place) for item in filling.places] == [("placeholder", "line 1")] * 2
    assert filling.findings == []
    again, second = fill(text)
    assert again == text
    assert [(item.kind, item.is_changed) for item in second.places] == [("marker", False)] * 2


def test_a_placeholder_of_latex_becomes_a_macro():
    text, filling = fill("In all {{pool.A.together}} of {{Many}} \\title{{x.y}}\n", "latex")
    assert text == f"In all \\reviewtext{{pool.A.together}}{{{TEX}}} of {{{{Many}}}} \\title{{{{x.y}}}}\n"
    assert fill(text, "latex")[0] == text
    assert filling.findings == []


@pytest.mark.parametrize(
    ("text", "markup", "expected"),
    [
        ("a <!-- value: pool.A.together.events -->8<!-- /value --> b", "markdown", "a <!-- value: pool.A.together.events -->9<!-- /value --> b"),
        ("<!--value:pool.A.together.events--> 8\nof <!--/value-->", "markdown", "<!-- value: pool.A.together.events -->9<!-- /value -->"),
        (r"a \reviewtext{pool.A.together.percent}{46\%} b", "latex", r"a \reviewtext{pool.A.together.percent}{47.4\%} b"),
        (r"\reviewtext {pool.A.together.events} {\emph{8} \} x} b", "latex", r"\reviewtext{pool.A.together.events}{9} b"),
        ("\\reviewtext{pool.A.together.events}%\n  {8}", "latex", "\\reviewtext{pool.A.together.events}%\n  {8}"),
    ],
)  # fmt: skip
def test_what_stands_between_the_marks_is_replaced(text, markup, expected):
    assert fill(text, markup)[0] == expected
    assert fill(expected, markup)[0] == expected


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("`{{pool.A.together}}`", "markdown"),
        ("``a ` {{pool.A.together}}``", "markdown"),
        ("```\n{{pool.A.together}}\n```\n", "markdown"),
        ("~~~ {.r}\n<!-- value: pool.A.together -->x<!-- /value -->\n~~~\n", "markdown"),
        ("---\ntitle: '{{pool.A.together}}'\n---\n", "markdown"),
        ("<!-- {{pool.A.together}} -->", "markdown"),
        ("{{< var pool.A.together.text >}} {{name}} {{ a b }}", "markdown"),
        ("% {{pool.A.together}}\n", "latex"),
        ("\\begin{verbatim}\n{{pool.A.together}}\n\\end{verbatim}", "latex"),
        (r"\verb|{{pool.A.together}}|", "latex"),
        (r"\providecommand{\reviewtext}[2]{#2}", "latex"),
        (r"\reviewvalue{pool.A.together}", "latex"),
        ("", "markdown"),
    ],
)
def test_what_is_not_text_stays(text, markup):
    same, filling = fill(text, markup)
    assert (same, filling.places, filling.findings) == (text, [], [])


@pytest.mark.parametrize(
    ("text", "markup", "told"),
    [
        ("a\n{{pool.A.togehter}}", "markdown", "m.ma:2: FILL-001 error: there is no value pool.A.togehter; expected pool.A.together"),
        ("{{pol.A.together}}", "markdown", "there is no value pol.A.together"),
        ("<!-- value: pool.A.together -->x\n\ny<!-- /value -->", "markdown", "m.ma:1: FILL-002 error: pool.A.together cannot be filled: the mark has no <!-- /value --> in its paragraph"),
        ("<!-- value: pool.A.together -->x <!-- value: pool.A.model -->y<!-- /value -->", "markdown", "the mark has no <!-- /value -->"),
        ("x<!-- /value -->", "markdown", "no <!-- value: KEY --> belongs to it"),
        (r"\reviewtext{pool.A.together}{x \}", "latex", "its second brace is never closed"),
        (r"\reviewtext{pool.A.nothing}{x}", "latex", "there is no value pool.A.nothing"),
    ],
)  # fmt: skip
def test_nothing_is_written_where_a_place_cannot_be_filled(text, markup, told):
    text = f"{{{{pool.A.together}}}} {text}"
    same, filling = fill(text, markup)
    assert same == text
    assert told in "\n".join(show(filling.findings))


@pytest.mark.parametrize("markup", ["markdown", "latex"])
def test_keys_may_hold_spaces_and_signs(markup):
    printed = Printed([Value("patients.size.< 1 cm", "3")])
    text, filling = fill("{{patients.size.< 1 cm}}", markup, printed)
    assert fill(text, markup, Printed([Value("patients.size.< 1 cm", "4")]))[0] == text.replace("3", "4")
    assert filling.findings == []


def test_what_moved_is_told():
    text, _ = fill("{{pool.A.together}}")
    _, filling = fill(text, printed=make_printed(pool__A__together="10/20 (50.0%)"))
    assert [(item.old, item.new) for item in filling.places] == [(TEXT, "10/20 (50.0%)")]
    assert list_codes(filling.list_stale()) == ["FILL-003"]
    assert show(filling.list_stale()) == [
        f"m.ma:1: FILL-003 error: pool.A.together says {TEXT!r}; expected 10/20 (50.0%)"
    ]


@pytest.mark.parametrize("markup", ["markdown", "latex"])
def test_hostile_text_cannot_leave_its_place(markup):
    printed = make_printed(pool__A__together="<!-- /value --> }\\input{x} `a` *b*\n# {{pool.A.model}} <script>")
    text, _ = fill("{{pool.A.together}}", markup, printed)
    again, filling = fill(text, markup, printed)
    assert again == text
    assert (len(filling.places), filling.findings) == (1, [])
    assert "<script>" not in text or markup == "latex"
    assert "\\input{x}" not in text


def test_markdown_shows_escaped_text_as_it_is():
    assert escape_markdown("9/19 (47.4%; 95% CI 24.4 to 71.1)") == TEXT
    assert escape_markdown("a_b *c* <d> [e] `f` @g $h") == r"a\_b \*c\* \<d\> \[e\] \`f\` \@g \$h"

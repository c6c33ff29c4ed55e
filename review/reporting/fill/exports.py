r"""The values as LaTeX macros and as variables of Quarto: values.tex and values.yml, made anew with every build.

Source: `\detokenize` and `\ifcsname` are of e-TeX, which every engine has had since 2003; Quarto's `_variables.yml` is read by its `var` shortcode.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from review.formats.latex import encode_latex
from review.model import Value
from review.reporting.fill.marked_text import escape_markdown
from review.reporting.fill.printed import list_forms

_HEAD = r"""% Values of the review as macros; made by `review build`, not to be edited.
% In the preamble: \input{output/values.tex}. In the text: \reviewvalue{pool.A.together.percent}
\providecommand{\reviewtext}[2]{#2}
\protected\def\reviewunknown#1{\textbf{??}\PackageError{review}{There is no value #1}{Look the key up in values.json.}}
\newcommand{\reviewvalue}[1]{\ifcsname review:\detokenize{#1}\endcsname\csname review:\detokenize{#1}\endcsname\else\reviewunknown{\detokenize{#1}}\fi}
\newcommand{\reviewdefine}[2]{\expandafter\def\csname review:\detokenize{#1}\endcsname{#2}}
"""

#: What LaTeX reads as something else before a macro sees it; a key that holds it, from the name of a choice, has no macro.
_UNTYPEABLE = re.compile(r"[\\{}%#]|\s\s")

_Tree = dict[str, "str | _Tree"]


def render_macros(values: Iterable[Value]) -> str:
    """Write every value, and every form of it, as a macro of LaTeX; see `_UNTYPEABLE` for keys that cannot have one."""
    lines = [
        rf"\reviewdefine{{{key}}}{{{_encode_latex(text)}}}"
        for value in values
        for key, text in _list_printed(value)
        if not _UNTYPEABLE.search(key)
    ]
    return _HEAD + "".join(f"{line}\n" for line in sorted(lines))


def render_variables(values: Iterable[Value]) -> str:
    """Write every form of every value as nested YAML, so that `{{< var pool.A.together.text >}}` finds it."""
    tree: _Tree = {}
    for value in values:
        inside = tree
        for part in value.key.split("."):
            below = inside.setdefault(part, {})
            assert isinstance(below, dict)
            inside = below
        for form, text in list_forms(value).items():
            # A value whose own name is that of a form goes before the form.
            inside.setdefault(form, escape_markdown(" ".join(text.split())))
    head = "# Values of the review for Quarto's _variables.yml; made by `review build`, not to be edited.\n"
    return head + "".join(_render_tree(tree, 0))


def _list_printed(value: Value) -> Iterable[tuple[str, str]]:
    yield value.key, value.text
    for form, text in list_forms(value).items():
        yield f"{value.key}.{form}", text


def _encode_latex(text: str) -> str:
    # Less and more are other signs in LaTeX's old font encoding, unless they are mathematics.
    return encode_latex(" ".join(text.split())).replace("<", "\\ensuremath{<}").replace(">", "\\ensuremath{>}")


def _render_tree(tree: _Tree, depth: int) -> Iterable[str]:
    for key, item in sorted(tree.items()):
        name = json.dumps(key, ensure_ascii=False)
        if isinstance(item, str):
            yield f"{'  ' * depth}{name}: {json.dumps(item, ensure_ascii=False)}\n"
        else:
            yield f"{'  ' * depth}{name}:\n"
            yield from _render_tree(item, depth + 1)

"""The catalogue of findings: every code is raised, told in full, and tested both ways.

Tests are read, not run: a code counts as tested where a test names it as a string of its own, in its body, its parameters or a
table of the file that it uses. It is tested both ways where, besides, a test of that file asserts that something has no finding: that a code
is not among those found, or that nothing was found. Whether the test is right is for its reader to say; that there is none is told here.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from review.catalogue import CATALOGUE
from review.catalogue import load_catalogue

REPOSITORY = Path(__file__).resolve().parent.parent
CODE = re.compile(r"[A-Z]{3,10}-[0-9]{3}")
AREAS = {code.split("-")[0] for code in CATALOGUE}


def read_strings(tree: ast.AST) -> set[str]:
    """The whole strings of some source; a code inside a longer text is a mention, not a use."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def read_codes(tree: ast.AST) -> set[str]:
    return {text for text in read_strings(tree) if CODE.fullmatch(text) and text.split("-")[0] in AREAS}


@cache
def find_raised() -> dict[str, set[str]]:
    """The codes that the package uses outside of its catalogue, with the files that do."""
    raised = defaultdict(set)
    for path in sorted((REPOSITORY / "review").rglob("*.py")):
        if path.parent.name != "catalogue":
            for code in read_codes(ast.parse(path.read_text("utf-8"))):
                raised[code].add(path.relative_to(REPOSITORY).as_posix())
    return raised


def asserts_absence(tree: ast.AST) -> bool:
    """Whether an assertion says that something is not among the findings, or that there are none."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assert):
            continue
        for part in ast.walk(node.test):
            if isinstance(part, ast.Compare):
                if any(isinstance(operator, ast.NotIn) for operator in part.ops):
                    return True
                if isinstance(part.ops[0], ast.Eq) and any(_is_empty(item) for item in ast.walk(part.comparators[0])):
                    return True
            if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not):
                return True
            if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr == "isdisjoint":
                return True
    return False


def _is_empty(node: ast.AST) -> bool:
    if isinstance(node, ast.List | ast.Tuple):
        return not node.elts
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "set" and not node.args


@cache
def find_tested() -> tuple[dict[str, set[str]], set[str]]:
    """The codes that tests name, with the files that do, and the files that assert absence as well."""
    named, both_ways = defaultdict(set), set()
    for path in sorted((REPOSITORY / "tests").rglob("test_*.py")):
        if path == Path(__file__).resolve():
            continue
        tree = ast.parse(path.read_text("utf-8"))
        name = path.relative_to(REPOSITORY).as_posix()
        for code in _read_tested(tree):
            named[code].add(name)
        if asserts_absence(tree):
            both_ways.add(name)
    return named, both_ways


def _read_tested(tree: ast.Module) -> set[str]:
    """The codes of a file's tests: of themselves, and of the tables and functions that they use."""
    parts = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            parts[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            parts |= {name.id: node for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    waiting = [name for name in parts if name.startswith(("test_", "Test"))]
    codes, seen = set(), set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in parts:
            continue
        seen.add(name)
        codes |= read_codes(parts[name])
        waiting += [node.id for node in ast.walk(parts[name]) if isinstance(node, ast.Name)]
        waiting += [argument.arg for argument in ast.walk(parts[name]) if isinstance(argument, ast.arg)]
    return codes


def test_the_package_raises_no_code_that_the_catalogue_lacks():
    assert {code: files for code, files in find_raised().items() if code not in CATALOGUE} == {}


def test_tests_name_no_code_that_the_catalogue_lacks():
    named, _ = find_tested()
    made_up = {"EXTRACT-999"}
    assert {code: files for code, files in named.items() if code not in CATALOGUE and code not in made_up} == {}


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_code_is_raised_somewhere(code):
    assert code in find_raised()


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_code_is_tested_both_ways(code):
    named, both_ways = find_tested()
    assert code in named, f"no test raises {code}"
    assert named[code] & both_ways, f"no test of {sorted(named[code])} has input without findings"


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_an_entry_says_what_it_means_and_how_to_mend_it(entry):
    assert CODE.fullmatch(entry.code)
    assert entry.level in ("error", "warning", "note")
    assert entry.title
    assert entry.title == entry.title.strip(" .")
    assert len(entry.title) <= 90
    for text in (entry.meaning, entry.mend):
        assert len(text) > 10
        assert text[0].isupper() or not text[0].isalpha()
        assert text.endswith((".", "`", "?", ")"))
        assert "  " not in text


def test_titles_tell_the_codes_of_an_area_apart():
    titles = [(code.split("-")[0], entry.title) for code, entry in CATALOGUE.items()]
    assert len(set(titles)) == len(titles)


def test_the_catalogue_is_ordered_and_whole():
    assert list(CATALOGUE) == sorted(CATALOGUE)
    assert load_catalogue() == CATALOGUE


def test_a_code_defined_twice_is_a_programming_error(monkeypatch):
    from review.catalogue import extract

    monkeypatch.setattr(extract, "CODES", (*extract.CODES, extract.CODES[0]))
    with pytest.raises(RuntimeError, match=f"{extract.CODES[0].code} is defined twice"):
        load_catalogue()


def test_what_counts_as_a_test_of_a_code():
    source = (
        "CODES = ['EXTRACT-001']\n"
        "UNUSED = 'EXTRACT-002'\n"
        "def helper(): return 'EXTRACT-003'\n"
        "def test_a(helper):\n    '''EXTRACT-021 in a text.'''\n    assert CODES\n"
        "def test_b():\n    assert 'EXTRACT-022' not in []\n"
    )
    assert _read_tested(ast.parse(source)) == {"EXTRACT-001", "EXTRACT-003", "EXTRACT-022"}


@pytest.mark.parametrize(
    ("source", "is_absence"),
    [
        ("assert 'X' not in codes", True),
        ("assert findings == []", True),
        ("assert (a, b) == (1, ())", True),
        ("assert not findings", True),
        ("assert codes.isdisjoint(x)", True),
        ("assert found == set()", True),
        ("assert codes == ['X']", False),
        ("assert 'X' in codes", False),
        ("x = []", False),
    ],
)
def test_what_counts_as_an_assertion_of_absence(source, is_absence):
    assert asserts_absence(ast.parse(source)) is is_absence

from __future__ import annotations

import inspect

import pytest

from review import errors
from review.errors import BadResponse
from review.errors import FormatError
from review.errors import LimitError
from review.errors import LockedError
from review.errors import ReviewError
from review.errors import RunExistsError
from review.errors import SourceUnavailable
from review.errors import StaleFileError

CLASSES = [item for _, item in inspect.getmembers(errors, inspect.isclass) if issubclass(item, ReviewError)]


@pytest.mark.parametrize("error", CLASSES)
def test_every_error_stands_in_the_tree_below_its_parent(error):
    lines = inspect.getdoc(errors).split("\n")
    places = [number for number, line in enumerate(lines) if line.lstrip("│├└─ ").split(" ")[0] == error.__name__]
    assert len(places) == 1
    if error is not ReviewError:
        parent = error.__mro__[1].__name__
        depth = lines[places[0]].index(error.__name__)
        above = [line for line in lines[: places[0]] if line.strip("│├└─ ") and line.index(line.strip("│├└─ ")) < depth]
        assert above[-1].strip("│├└─ ").split(" ")[0] == parent


def test_a_format_error_tells_path_line_problem_and_hint():
    error = FormatError("a/b.ris", "no entries", line=3, hint="is it RIS?")
    assert str(error) == "a/b.ris:3: no entries; is it RIS?"
    assert (error.line, error.problem, error.hint, error.exit_code) == (3, "no entries", "is it RIS?", 2)
    assert str(LimitError("a", "too large")) == "a: too large"


def test_errors_that_protect_a_file_say_that_nothing_was_written():
    assert "nothing was written" in str(StaleFileError("a.csv"))
    assert str(LockedError("a.csv", "process 7")).startswith("a.csv: in use by process 7; nothing was written")
    assert "never overwritten" in str(RunExistsError("runs/x"))


def test_a_failing_service_has_its_own_exit_code():
    error = SourceUnavailable("PubMed", "no answer after 5 tries", hint="try again later")
    assert str(error) == "PubMed: no answer after 5 tries; try again later"
    assert (error.source, error.exit_code, BadResponse("x", "y").exit_code) == ("PubMed", 3, 3)
    assert str(BadResponse("PubMed", "no XML")) == "PubMed: no XML"

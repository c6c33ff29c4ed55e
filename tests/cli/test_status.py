from __future__ import annotations

import pytest

from tests.builder import ADAMS
from tests.builder import LOG_HEAD
from tests.builder import make_review


def test_the_figures_that_are_promised(review_command, made):
    called = review_command("status", "--json")
    assert (called.code, called.err) == (0, "")
    assert called.json == {
        "records": 4,
        "references": 3,
        "unscreened": {"title-abstract": 0, "retrieval": 0, "full-text": 0},
        "conflicts": 0,
        "to_extract": 0,
        "included_studies": 2,
        "cases": 3,
    }


def test_one_screen_for_a_person(review_command, made):
    called = review_command("status")
    lines = called.out.splitlines()
    assert lines[0] == "Penicillamine for calcinosis"
    assert [line.split()[0] for line in lines[1:]] == [
        "records", "references", "screened", "sought", "assessed", "conflicts", "included", "included",
    ]  # fmt: skip
    assert "3 patients" in lines[-1]
    assert called.err == "Next: `review build` writes the outputs.\n"
    assert review_command("status", "--quiet").err == ""


ROWS = "2026-01-02T08:00:00Z,title-abstract,{},include,,\n"


@pytest.mark.parametrize(
    ("parts", "advice"),
    [
        ({"ris": None, "logs": {}}, "adopt an exported file with `review import FILE --source NAME`"),
        ({"logs": {}}, "screen 3 titles and abstracts"),
        ({"logs": {"ann": "full", "ben": "other"}}, "settle 1 conflicts in extraction/screening/consensus.csv"),
        ({"logs": {"ann": "without full text"}}, "decide on 2 full texts"),
    ],
)
def test_what_to_do_next(review_command, tmp_path, parts, advice):
    from tests.builder import LOG

    texts = {
        "full": LOG,
        "other": LOG_HEAD + f"2026-01-09T08:00:00Z,full-text,{ADAMS},exclude,no-data,\n",
        "without full text": "".join(LOG.splitlines(keepends=True)[:4]),
    }
    parts = parts | {"logs": {who: texts[name] for who, name in parts["logs"].items()}}
    made = make_review(tmp_path, **parts)
    called = review_command("status", "--project", made.root)
    assert called.code == 0
    assert advice in called.err.splitlines()[-1]


def test_what_is_wrong_is_counted(review_command, made):
    made.change("extraction/studies/baker-2012.yaml", "    events: 1\n", "    events: 5\n")
    assert review_command("status").err.splitlines()[0] == "1 error, 0 warnings: `review check` lists them"

"""`review screen simulate` as a user calls it."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from review.cli.main import main


@pytest.fixture
def labelled(tmp_path):
    """A file of 120 records, a tenth of them relevant, on a subject of their own."""
    rng = np.random.default_rng(2)
    lines = ["record_id,title,abstract,label_included"]
    for place in range(120):
        is_relevant = place % 10 == 4
        own = " ".join(f"topic{n}" for n in rng.integers(0, 9, 4)) if is_relevant else ""
        lines.append(
            f"id-{place},Title {own},{' '.join(f'noise{n}' for n in rng.integers(0, 200, 15))},{int(is_relevant)}"
        )
    path = tmp_path / "set.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def call(monkeypatch, capsys):
    """Run the command; gives its exit code, stdout and stderr."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["review", "screen", "simulate", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return run


def test_it_prints_what_is_promised(labelled, call):
    code, out, err = call(labelled)
    assert (code, err) == (0, "")
    result = json.loads(out)
    assert {"records", "included", "recall", "wss95", "atd", "order"} <= set(result)
    assert (result["records"], result["included"]) == (118, 11)
    assert result["recall"]["10%"] <= 1
    assert sorted(result["order"]) == sorted(f"id-{n}" for n in range(120))
    assert result["order"][:2] == result["priors"]


def test_seeds_draw_other_priors(labelled, call):
    priors = {tuple(json.loads(call(labelled, "--seed", seed)[1])["priors"]) for seed in range(4)}
    assert len(priors) > 1


def test_priors_may_be_named(labelled, call):
    _, out, _ = call(labelled, "--prior-included", "id-4,id-14", "--prior-excluded", "id-0", "--json")
    result = json.loads(out)
    assert result["order"][:3] == ["id-4", "id-14", "id-0"]
    assert (result["records"], result["included"]) == (117, 10)
    _, again, _ = call(labelled, "--prior-included", "id-4", "--prior-included", "id-14", "--prior-excluded", "id-0")
    assert json.loads(again) == result


def test_models(labelled, call):
    assert json.loads(call(labelled, "--model", "elas-u4")[1])["model"] == "elas-u4"
    code, _, err = call(labelled, "--model", "none")
    assert code == 2
    assert "presumed-1 or elas-u4" in err


def test_bad_input_is_told_with_its_line(labelled, call):
    text = labelled.read_text()
    labelled.write_text(text.replace("id-7,", "id-6,"))
    code, out, err = call(labelled)
    assert (code, out) == (2, "")
    assert f"{labelled}:9: the record_id 'id-6' occurs again" in err
    labelled.write_text(text)
    assert call(labelled, "--prior-included", "id-999")[0] == 2
    assert "cannot be known as included" in call(labelled, "--prior-included", "id-0")[2]
    assert call(labelled.with_name("none.csv"))[0] == 2


def test_records_without_words_are_told(labelled, call):
    with labelled.open("a") as stream:
        stream.write("blank,,,0\n")
    code, out, err = call(labelled)
    assert code == 0
    assert "122: 1 record has neither title nor abstract" in err
    assert "blank" in json.loads(out)["order"]
    assert call(labelled, "--quiet")[2] == ""


def test_the_command_starts_without_heavy_libraries():
    code = (
        "import sys, review.cli.screen_simulate; print([m for m in ('numpy', 'scipy', 'sklearn') if m in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == "[]"

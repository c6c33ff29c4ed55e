from __future__ import annotations

from pathlib import Path

import pytest

from review.cli import options
from review.errors import ProjectError


def test_the_nearest_parent_with_a_protocol_is_the_review(made):
    assert options.find_layout(None).root == made.root.resolve()
    assert options.find_layout(made.root).root == made.root.resolve()
    assert set(options.open_project(None).studies) == {"adams-2010", "baker-2012"}


@pytest.mark.parametrize(("name", "words"), [("extraction", "has no protocol.yaml"), ("nothing", "is not a folder")])
def test_a_folder_that_is_named_must_be_the_review_itself(made, name, words):
    with pytest.raises(ProjectError, match=f"{name}: {words}; make a review there with `review init"):
        options.find_layout(made.root / name)


def test_a_folder_without_a_review_above_it_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ProjectError, match="no review here"):
        options.find_layout(None)
    assert Path.cwd() == tmp_path


def test_who_rules_is_who_is_named_else_the_account(monkeypatch):
    monkeypatch.setenv("USER", "account")
    monkeypatch.delenv("REVIEW_WHO", raising=False)
    assert options.name_person("") == "account"
    monkeypatch.setenv("REVIEW_WHO", "ann")
    assert (options.name_person(""), options.name_person("ben")) == ("ann", "ben")
    monkeypatch.delenv("REVIEW_WHO")
    monkeypatch.delenv("USER")
    assert options.name_person("") == "unknown"

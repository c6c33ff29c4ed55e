"""A new sheet in an editor: the real yaml-language-server completes, explains and underlines by the schema of the protocol."""

from __future__ import annotations

import os
import sys

import pytest

from tests.builder import make_review
from tests.extraction.language_client import VARIABLE
from tests.extraction.language_client import LanguageServer
from tests.extraction.language_client import find_server


class Editor:
    """An editor with one sheet open; every text shown is its next version."""

    def __init__(self, server, path):
        self.server, self.path = server, path
        self.template = path.read_text("utf-8")
        self._version = 0
        #: The lines of the template above its cases.
        self.head = self.template.partition("cases:\n")[0]

    def show(self, cases=None):
        """Show the sheet with these cases; the diagnostics as line and message, lines counted from the first one of the cases."""
        text = self.template if cases is None else f"{self.head}cases:\n{cases}"
        self._version += 1
        first = self.head.count("\n") + 1
        found = self.server.open(self.path, text, self._version)
        return sorted((item["range"]["start"]["line"] - first, item["message"]) for item in found)

    def complete(self, cases, character):
        """What is offered at this place of the last line, by label."""
        self.show(cases)
        line = (self.head + "cases:\n" + cases).count("\n")
        answer = self.server.at("completion", self.path, line, character)
        return {item["label"]: item for item in answer["items"]}

    def hover(self, cases, line, character):
        self.show(cases)
        answer = self.server.at("hover", self.path, self.head.count("\n") + 1 + line, character)
        # Some versions escape hyphens for Markdown.
        return answer["contents"]["value"].replace("\\", "")


@pytest.fixture(scope="module")
def editor(tmp_path_factory):
    """The editor with a sheet that `review extract new` made."""
    from review.cli.main import main

    command = find_server()
    if command is None:
        told = f"needs yaml-language-server: npm install --prefix DIR yaml-language-server, and {VARIABLE}=DIR"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    made = make_review(tmp_path_factory.mktemp("editor") / "review")
    made.remove("extraction/studies/baker-2012.yaml")
    with pytest.MonkeyPatch.context() as patch:
        words = ["extract", "new", "baker-2012", "--cases", "1", "--project", str(made.root), "--quiet"]
        patch.setattr(sys, "argv", ["review", *words])
        with pytest.raises(SystemExit) as ended:
            main()
    assert not ended.value.code
    server = LanguageServer(command, made.root)
    yield Editor(server, made.root / "extraction/studies/baker-2012.yaml")
    server.close()


def test_a_new_sheet_has_red_lines_only_where_something_is_to_be_extracted(editor):
    lines = editor.template.splitlines()
    first = editor.head.count("\n") + 1
    shown = editor.show()
    assert shown
    assert all("to be extracted" in lines[first + line] for line, _ in shown)


def test_a_filled_sheet_has_no_red_line(editor):
    assert (
        editor.show(
            "  - case: baker-2012-1\n    age_years: {value: 54, op: '<', source: paper, note: about}\n    cycles: 2\n    sex: not reported\n"
            "    onset: 2019-03\n    site: hand\n    outcomes:\n      response: {value: yes, source: {record: paper, place: page 2, words: fell}}\n"
        )
        == []
    )


def test_what_the_protocol_does_not_allow_is_underlined_in_its_line(editor):
    shown = editor.show(
        "  - case: baker-2012-1\n    age_years: 200\n    cycles: 2.5\n    sex: femal\n    onset: 12 May\n    shoe: 7\n"
        "    outcomes:\n      response: maybe\n      pain: yes\n"
    )
    assert shown == [
        (1, "Value is above the maximum of 110."),
        (2, 'Incorrect type. Expected "integer | string | value with its source".'),
        (3, 'Value is not accepted. Valid values: "female", "male", "not reported", "not applicable", "unclear".'),
        (4, "Expected a date as 2019-03-31, 2019-03 or 2019, or one of: not reported, not applicable, unclear"),
        (5, "Property shoe is not allowed."),
        (7, 'Value is not accepted. Valid values: "yes", "no", "not reported", "not applicable", "unclear".'),
        (8, "Property pain is not allowed."),
    ]


def test_a_case_without_its_id_is_underlined(editor):
    assert editor.show("  - sex: female\n") == [(0, 'Missing property "case".')]


def test_fields_are_completed_with_their_description(editor):
    offered = editor.complete("  - case: b1\n    age_years: 54\n    ", 4)
    assert {"cycles", "sex", "onset", "site", "outcomes", "same_as", "note"} <= set(offered)
    assert not {"case", "age_years"} & set(offered)
    assert offered["cycles"]["documentation"] == "Cycles: integer, 0 to 50"
    assert all(item["documentation"] for item in offered.values())


@pytest.mark.parametrize(
    ("cases", "words"),
    [
        ("  - case: b1\n    sex: ", ["female", "male"]),
        ("  - case: b1\n    outcomes:\n      response: ", ["yes", "no"]),
        ("  - case: b1\n    sex: {value: ", ["female", "male"]),
    ],
)
def test_choices_and_words_for_missing_values_are_completed(editor, cases, words):
    offered = editor.complete(cases, len(cases.rpartition("\n")[2]))
    labels = [label.strip('"') for label in offered]
    assert labels == [*words, "not reported", "not applicable", "unclear"]


def test_outcomes_are_completed(editor):
    assert (
        editor.complete("  - case: b1\n    outcomes:\n      ", 6)["response"]["documentation"]
        == "Response: Smaller on X-ray"
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (1, ("#### Age", "Age: number in years, 0 to 110")),
        (2, ("#### Sex", "Sex: female | male", "`female`")),
        (4, ("#### Response", "Response: Smaller on X-ray")),
    ],
)
def test_hovering_tells_label_unit_and_range(editor, line, told):
    text = editor.hover("  - case: b1\n    age_years: 54\n    sex: male\n    outcomes:\n      response: yes\n", line, 7)
    assert all(words in text for words in told), text

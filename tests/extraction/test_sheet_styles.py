"""Changes in sheets of every style that YAML has: each is made as asked with every comment kept, or refused."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest

from review.extraction.sheet_edit import EditError
from review.extraction.sheet_edit import edit_sheet
from review.extraction.sheet_edit import read_tree

SCALARS = ("1", "plain text", "'single'", '"double \\" q"', "not reported", "a-b", '"# x"', "12:30", "'it''s'")


class Writer:
    """Writes sheets and changes of them by chance."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.comments = 0

    def comment(self, share: float, before: str = "  ") -> str:
        if self.random.random() > share:
            return ""
        self.comments += 1
        return f"{before}# comment {self.comments}."

    def flow(self, depth: int = 0) -> str:
        kind = self.random.random()
        if depth > 2 or kind < 0.5:
            return self.random.choice(SCALARS)
        if kind < 0.75:
            return f"{{{', '.join(f'k{i}: {self.flow(depth + 1)}' for i in range(self.random.randrange(1, 4)))}}}"
        return f"[{', '.join(self.flow(depth + 1) for _ in range(self.random.randrange(3)))}]"

    def block(self, indent: int, depth: int = 0) -> list[str]:
        lines: list[str] = []
        pad = " " * indent
        for number in range(self.random.randrange(1, 4)):
            lines += filter(None, [self.comment(0.25, pad)])
            key, kind = f"{pad}k{number}:", self.random.random()
            if kind < 0.45 or depth > 2:
                lines.append(f"{key} {self.flow()}{self.comment(0.3)}")
            elif kind < 0.55:
                lines += [f"{key} >-{self.comment(0.3)}", f"{pad}  folded", f"{pad}  text"]
            elif kind < 0.6:
                lines.append(key + self.comment(0.3))
            elif kind < 0.8:
                lines += [key + self.comment(0.3), *self.block(indent + self.random.choice([2, 4]), depth + 1)]
            else:
                lines += [key + self.comment(0.3), *self.entries(indent + self.random.choice([0, 2]), depth)]
        return lines

    def entries(self, indent: int, depth: int) -> list[str]:
        lines: list[str] = []
        for _ in range(self.random.randrange(1, 3)):
            lines += filter(None, [self.comment(0.3, " " * indent)])
            if self.random.random() < 0.4:
                lines.append(f"{' ' * indent}- {self.flow()}{self.comment(0.3)}")
                continue
            block = self.block(indent + 2, depth + 2)
            while block[0].lstrip().startswith("#"):
                del block[0]
            lines += [f"{' ' * indent}- {block[0].strip()}", *block[1:]]
        return lines

    def patch(self, tree):
        if isinstance(tree, list):
            below = {place: self.patch(entry) for place, entry in enumerate(tree) if self.random.random() < 0.4}
            return below or {len(tree): {"case": "new", "outcomes": {"a": "1", "b": "no"}}}
        if isinstance(tree, str):
            return self.random.choice(["new", "no", "{x}", {"value": "1", "note": "n"}])
        changes = {}
        for key in (*tree, "added"):
            kind = self.random.random()
            if kind > 0.9:
                changes[key] = None
            elif kind > 0.75:
                changes[key] = self.random.choice(
                    ["a: b", "x # y", ["one", "no"], {"value": "5", "source": {"record": "r"}}]
                )
            elif kind > 0.5:
                changes[key] = self.patch(tree[key]) if key in tree else {0: {"case": "c"}}
        return changes


def list_comments(text: str) -> Counter[str]:
    return Counter(re.findall(r"# comment \d+\.", text))


@pytest.mark.parametrize("seed", range(4))
def test_changes_are_made_as_asked_with_every_comment_kept_or_refused(seed):
    writer, made = Writer(seed), 0
    for _ in range(60):
        text = "\n".join(writer.block(0)) + writer.random.choice(["\n", "", "\n\n# the end\n"])
        patch = writer.patch(read_tree(text, "a.yaml"))
        try:
            edited = edit_sheet(text, patch, "a.yaml")
        except EditError:
            continue
        made += 1
        # That it is read back as asked is held by the editor itself.
        assert list_comments(edited) == list_comments(text)
    assert made > 40


@pytest.mark.parametrize(
    ("text", "patch", "edited"),
    [
        ("a:\n  - []\n", {"a": {0: {0: {"b": "1"}}}}, "a:\n  - [{b: 1}]\n"),
        ("a: >-  # why\n  b\nc: 1\n", {"a": None}, "# why\nc: 1\n"),
        ("a: |  # why\n  b\n\nc: 1\n", {"a": "2"}, "a: 2  # why\n\nc: 1\n"),
        ("a:\n- b: 1\nc:\n", {"a": ["x", "z"]}, "a: [x, z]\nc:\n"),
        ("a:\n- b: 1\n", {"a": {"value": "5"}}, "a: {value: 5}\n"),
    ],
)
def test_what_was_once_wrong(text, patch, edited):
    assert edit_sheet(text, patch, "a.yaml") == edited

"""YAML as people write it: every scalar stays text, and every node knows its line.

YAML 1.2 is composed by ruamel.yaml and no type is resolved: `NO`, `012`, `12:30` and `2020-01-02` stay what was typed; the
protocol and the sheets say what a value means. Refused, each with its line: duplicate keys, anchors, aliases, tags, merge keys,
a second document, and blanks (missing is a word). The tree that is returned holds all that could be read.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from typing import TypeAlias

from review import cache
from review.comments import check_comments
from review.errors import FormatError
from review.files import hash_bytes
from review.files import read_snapshot
from review.findings import Finding
from review.findings import Origin
from review.findings import find
from review.nodes import Block
from review.nodes import Items
from review.nodes import Node
from review.nodes import Text
from review.plain_yaml import compose_plain

__all__ = [
    "DEPTH_LIMIT",
    "SIZE_LIMIT_BYTES",
    "Block",
    "Document",
    "Items",
    "Node",
    "Text",
    "compose_marked",
    "parse_marked",
    "read_marked",
    "read_several",
]

if TYPE_CHECKING:
    from ruamel.yaml.nodes import MappingNode
    from ruamel.yaml.nodes import ScalarNode
    from ruamel.yaml.nodes import SequenceNode

#: Deeper nesting than any sheet needs; a hostile file stops here instead of exhausting the stack.
DEPTH_LIMIT = 40

#: Largest YAML file: a protocol or sheet of a person is far below, and the parser is slow.
SIZE_LIMIT_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Document:
    """What a YAML file holds: its mapping (None if it cannot be read at all), and what is wrong with it."""

    path: str
    root: Block | None
    findings: tuple[Finding, ...]
    sha256: str = ""


#: Composes a text, the second argument names it in findings.
Compose: TypeAlias = Callable[[str, str], Document]


def read_marked(path: Path, shown_as: str, *, compose: Compose | None = None) -> Document:
    """Read a YAML file; a file that cannot be read gives a document without root and a finding, never an exception."""
    try:
        snapshot = read_snapshot(path, limit=SIZE_LIMIT_BYTES)
    except FormatError as error:
        finding = find("PROJECT-010", error.problem, Origin(shown_as, error.line), hint=error.hint)
        return Document(shown_as, None, (finding,))
    document = parse_marked(snapshot.text, shown_as, compose=compose)
    findings = document.findings
    if snapshot.is_guessed:
        message = "the file is not UTF-8; it was read as Windows-1252"
        findings = (find("PROJECT-018", message, Origin(shown_as, 1), hint="save it as UTF-8"), *findings)
    return Document(shown_as, document.root, findings, snapshot.sha256)


def read_several(paths: Mapping[Path, str]) -> list[Document]:
    """Read YAML files, each shown as named.

    Plain ones are read quicker than they could be fetched from anywhere. Of the others, where they are many, what was composed last
    time is kept, each by its text.
    """
    kept = _Composed(cache.make_key(["documents", *sorted({str(path.parent) for path in paths})]))
    documents = [read_marked(path, shown, compose=kept.compose) for path, shown in paths.items()]
    kept.close()
    return documents


def parse_marked(text: str, path: str, *, compose: Compose | None = None) -> Document:
    """Compose one YAML document whose top is a mapping.

    Args:
        text: The file's text.
        path: How findings name the file.
        compose: What composes a text that is not plain; None for `compose_marked`.
    """
    plain = compose_plain(text)
    document = (compose or compose_marked)(text, path) if plain is None else Document(path, plain, ())
    lost = tuple(check_comments(text, path))
    return replace(document, findings=(*document.findings, *lost)) if lost else document


def compose_marked(text: str, path: str) -> Document:
    """Compose one YAML document with the full grammar, and find all that is wrong with it; see `parse_marked`."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.nodes import MappingNode
    from ruamel.yaml.reader import ReaderError

    if not text.strip():
        return Document(
            path, None, (find("PROJECT-011", "the file is empty", Origin(path, 1), expected="key: value lines"),)
        )
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(str(part) for part in (error.context, error.problem) if part)
        return Document(path, None, (_refuse(path, text, mark.line if mark else None, problem),))
    except ReaderError as error:
        line = text.count("\n", 0, error.position)
        return Document(path, None, (_refuse(path, text, line, f"the character U+{error.character:04X} is not text"),))
    except RecursionError:
        return Document(
            path, None, (_refuse(path, text, None, f"lists or mappings nest deeper than {DEPTH_LIMIT} levels"),)
        )
    if not isinstance(root, MappingNode):
        found = "nothing but comments" if root is None else "a list or a single value"
        finding = find("PROJECT-011", f"the file holds {found}", Origin(path, 1), expected="key: value lines")
        return Document(path, None, (finding,))
    reader = _Reader(path)
    block = reader.read_block(root, 0)
    return Document(path, block, tuple(reader.findings))


def _refuse(path: str, text: str, index: int | None, problem: str) -> Finding:
    """Say why a file cannot be read as YAML; `index` counts its lines from 0."""
    if index is None:
        return find("PROJECT-010", f"cannot be read as YAML ({problem})", Origin(path))
    origin = Origin(path, index + 1)
    line = text.split("\n")[index]
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return find("PROJECT-012", "a tab indents this line", origin, expected="spaces", hint="two a level")
    hint = ""
    if "mapping values" in problem:
        hint = "quote the text if it holds a colon followed by a space, or starts with a sign"
    elif "cannot start any token" in problem:
        hint = "quote the text if it starts with a sign"
    return find("PROJECT-010", f"cannot be read as YAML ({problem})", origin, hint=hint)


class _Composed:
    """The documents of a folder that needed the full grammar, as they were composed last time."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._known: dict[tuple[str, str], Document] | None = None
        self._used: dict[tuple[str, str], Document] = {}
        self._size = 0

    def compose(self, text: str, path: str) -> Document:
        if self._known is None:
            kept = cache.load_entry("sheets", self._key)
            self._known = kept if isinstance(kept, dict) else {}
        data = text.encode("utf-8", "surrogatepass")
        mark = (path, hash_bytes(data))
        document = self._known[mark] if mark in self._known else compose_marked(text, path)
        self._used[mark] = document
        self._size += len(data)
        return document

    def close(self) -> None:
        if self._known is not None and self._used.keys() != self._known.keys() and self._size >= cache.SMALLEST_BYTES:
            cache.keep_entry("sheets", self._key, self._used)


class _Reader:
    def __init__(self, path: str) -> None:
        self.path = path
        self.findings: list[Finding] = []
        self._seen: set[int] = set()

    def read_node(self, node: ScalarNode | MappingNode | SequenceNode, depth: int, key_line: int = 0) -> Node | None:
        from ruamel.yaml.nodes import MappingNode
        from ruamel.yaml.nodes import ScalarNode

        line = node.start_mark.line + 1
        if key_line and not node.value:
            # The mark of a blank value stands at the next token, which may be lines below.
            line = key_line
        if node.anchor or id(node) in self._seen:
            self._report("PROJECT-014", "anchors and aliases (&name, *name) are not read", line, "write the value out")
            if id(node) in self._seen:
                return None
        self._seen.add(id(node))
        if node.ctag is not None and node.ctag.handle:
            # Only a tag that was typed has a handle; those that YAML itself gives have none.
            self._report(
                "PROJECT-015", f"the tag {node.ctag.handle}{node.ctag.suffix} is not read", line, "leave it out"
            )
        if depth > DEPTH_LIMIT:
            self._report("PROJECT-010", f"lists or mappings nest deeper than {DEPTH_LIMIT} levels", line)
            return None
        if isinstance(node, ScalarNode):
            return self._read_scalar(node, line)
        if isinstance(node, MappingNode):
            return self.read_block(node, depth)
        items = Items(line)
        for child in node.value:
            item = self.read_node(child, depth + 1)
            if item is not None:
                items.append(item)
        return items

    def _read_scalar(self, node: ScalarNode, line: int) -> Text | None:
        value = str(node.value)
        is_plain = not node.style
        if node.style in (">", "|") and not value.strip():
            self._report(
                "PROJECT-016",
                "this value is empty: YAML reads a plain > or | as the start of a text block",
                line,
                'quote it (">5") or write {value: 5, op: ">"}',
            )
            return None
        if not value.strip() or (is_plain and value == "~"):
            self._report(
                "PROJECT-017",
                "this value is blank",
                line,
                "say not reported, not applicable or unclear, or drop the line",
            )
            return None
        return Text(value, line, is_plain=is_plain)

    def read_block(self, node: MappingNode, depth: int) -> Block:
        block = Block(node.start_mark.line + 1)
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value
            if not isinstance(key, str):
                self._report("PROJECT-010", "a key must be a plain word", line)
                continue
            if key == "<<":
                self._report("PROJECT-014", "merge keys (<<) are not read", line, "write the values out")
                continue
            if key in block.lines:
                message = f"the key {key} stands here and in line {block.lines[key]}"
                self._report("PROJECT-013", message, line, "keep one of the two")
                continue
            block.lines[key] = line
            value = self.read_node(value_node, depth + 1, line)
            if value is not None:
                block[key] = value
        return block

    def _report(self, code: str, message: str, line: int, hint: str = "") -> None:
        self.findings.append(find(code, message, Origin(self.path, line), hint=hint))

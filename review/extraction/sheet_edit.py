"""Changes to the text of a sheet that leave every other byte as it is.

A sheet is a person's file: its comments, order, quotation marks and line breaks are theirs. Rendering the whole file anew, even with a
library that keeps comments, folds long lines and moves blanks, so that a change of one value shows as many. Here ruamel.yaml only says
where each node stands; the changed spans alone are replaced. Then the new text is read back: it must hold what was asked for, and
everything else unchanged, or nothing is given back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from typing import TypeAlias
from typing import cast

from review import nodes
from review.errors import FormatError
from review.extraction.sheet_fragments import Patch
from review.extraction.sheet_fragments import Path
from review.extraction.sheet_fragments import Tree
from review.extraction.sheet_fragments import fold_text
from review.extraction.sheet_fragments import is_entries
from review.extraction.sheet_fragments import is_keys
from review.extraction.sheet_fragments import is_long
from review.extraction.sheet_fragments import is_nothing
from review.extraction.sheet_fragments import quote_value
from review.extraction.sheet_fragments import render_block
from review.extraction.sheet_fragments import render_entries
from review.extraction.sheet_fragments import render_entry
from review.extraction.sheet_fragments import render_flow
from review.plain_yaml import compose_plain

if TYPE_CHECKING:
    from ruamel.yaml.nodes import MappingNode
    from ruamel.yaml.nodes import ScalarNode
    from ruamel.yaml.nodes import SequenceNode

    Node: TypeAlias = ScalarNode | MappingNode | SequenceNode

#: Says in which order the keys of the mapping at a path are written; those that it does not name come last.
Order: TypeAlias = Callable[[Path], Sequence[str]]


class EditError(FormatError):
    """The change cannot be made in this text without touching what it should not; nothing was changed."""


@dataclass(frozen=True, slots=True)
class _Splice:
    """Put `text` in place of the letters from `start` to `end`."""

    start: int
    end: int
    text: str


def show_path(path: Path) -> str:
    """Name a path as findings do: `cases[0].age_years`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def read_tree(text: str, path: str) -> dict[str, Tree]:
    """Return what a sheet holds, as it was typed; of a key that stands twice, the first.

    Raises:
        FormatError: If it is no YAML with keys at its top.
    """
    plain = compose_plain(text)
    tree = _to_tree(_compose(text, path)) if plain is None else _copy_tree(plain)
    assert isinstance(tree, dict)
    return tree


def edit_sheet(text: str, patch: Mapping[str, Patch], path: str, order: Order = lambda _: ()) -> str:
    """Return the text with the changes in it.

    Args:
        text: The sheet, with line feeds only.
        patch: What changes.
        path: How errors name the file.
        order: Where new keys belong.

    Raises:
        FormatError: If the sheet is no YAML.
        EditError: If the changes cannot be made in this text.
    """
    root = _compose(text, path)
    expected = _apply(read_tree(text, path), patch, path)
    splices = sorted(_Editor(text, path, order).merge(root, patch, ()), key=lambda splice: splice.start)
    parts, place = [], 0
    for splice in splices:
        if splice.start < place:
            raise EditError(path, "two of the changes touch the same words", hint="change this sheet in an editor")
        parts += [text[place : splice.start], splice.text]
        place = splice.end
    edited = "".join((*parts, text[place:]))
    try:
        is_as_expected = read_tree(edited, path) == expected
    except FormatError:
        is_as_expected = False
    if not is_as_expected:
        raise EditError(path, "the change would not be read back as it was made", hint="change this sheet in an editor")
    return edited


@lru_cache(maxsize=4)
def _compose(text: str, path: str) -> MappingNode:
    """Compose a sheet with the marks of its nodes, which is slow: while a person types, the same text is asked for again and again."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.nodes import MappingNode

    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, RecursionError) as error:
        problem = getattr(error, "problem", None) or type(error).__name__
        mark = getattr(error, "problem_mark", None)
        raise FormatError(path, f"cannot be read as YAML ({problem})", line=mark.line + 1 if mark else None) from error
    if not isinstance(root, MappingNode):
        raise FormatError(path, "holds no key: value lines")
    return root


def _to_tree(node: Node) -> Tree:
    from ruamel.yaml.nodes import MappingNode
    from ruamel.yaml.nodes import SequenceNode

    if isinstance(node, MappingNode):
        tree: dict[str, Tree] = {}
        for key, value in node.value:
            tree.setdefault(str(key.value), _to_tree(value))
        return tree
    if isinstance(node, SequenceNode):
        return [_to_tree(item) for item in node.value]
    return str(node.value)


def _copy_tree(node: nodes.Node) -> Tree:
    if isinstance(node, nodes.Block):
        return {key: _copy_tree(below) for key, below in node.items()}
    return [_copy_tree(below) for below in node] if isinstance(node, nodes.Items) else str(node)


def _apply(tree: Tree | None, patch: Patch, path: str) -> Tree | None:
    """Return what the tree holds after the changes: what an edited text is held against."""
    if patch is None:
        return None
    if isinstance(patch, str):
        return fold_text(patch)
    if isinstance(patch, list):
        return [fold_text(text) for text in patch]
    if is_entries(patch):
        entries = list(tree) if isinstance(tree, list) else []
        for place, below in sorted(patch.items()):
            if not isinstance(place, int) or not 0 <= place <= len(entries):
                raise EditError(path, f"there is no entry {place} and none before it", hint="load the sheet again")
            value = _apply(entries[place] if place < len(entries) else None, below, path)
            if value is None:
                raise EditError(path, "entries are taken out by hand", hint="change this sheet in an editor")
            entries[place : place + 1] = [value]
        return entries
    whole = dict(tree) if isinstance(tree, dict) else {}
    for key, below in patch.items():
        assert isinstance(key, str)
        value = _apply(whole.get(key), below, path)
        if value is None:
            whole.pop(key, None)
        else:
            whole[key] = value
    return whole or None


class _Editor:
    """Finds the spans of one text that a patch replaces."""

    def __init__(self, text: str, path: str, order: Order) -> None:
        self._text = text
        self._path = path
        self._order = order

    def merge(self, node: Node, patch: Patch, path: Path) -> Iterator[_Splice]:
        """Yield the replacements that bring a patch into a node. Those below come before those that add after it."""
        if _goes_below(node, patch):
            if is_entries(patch):
                yield from self._merge_entries(cast("SequenceNode", node), patch, path)
            elif is_keys(patch):
                yield from self._merge_keys(cast("MappingNode", node), patch, path)
        elif _to_tree(node) != _apply(None, patch, self._path):
            yield self._replace(node, render_flow(patch))

    def _merge_keys(self, node: MappingNode, patch: Mapping[str, Patch], path: Path) -> Iterator[_Splice]:
        pairs: dict[str, tuple[Node, Node]] = {}
        for key, value in node.value:
            pairs.setdefault(str(key.value), (key, value))
        gone = {name for name, pair in pairs.items() if name in patch and self._empties(pair[1], patch[name])}
        added = [name for name in patch if name not in pairs and not is_nothing(patch[name])]
        if not set(pairs) - gone:
            yield self._replace(node, render_flow(patch))
            return
        for name, (key, value) in pairs.items():
            if name in patch and name not in gone:
                yield from self._merge_value(key, value, patch[name], (*path, name))
        if node.flow_style:
            yield from self._take_from_flow(node, gone)
            if added:
                end = self._end(node.value[-1][1], node.value[-1][0])
                yield _Splice(end, end, "".join(f", {quote_value(name)}: {render_flow(patch[name])}" for name in added))
            return
        for name in gone:
            yield self._take_lines(*pairs[name])
        indent = node.value[0][0].start_mark.column
        ranks = {name: rank for rank, name in enumerate(self._order(path))}
        for name in sorted(added, key=lambda name: ranks.get(name, len(ranks))):
            before = [other for other in pairs if ranks.get(other, len(ranks)) < ranks.get(name, len(ranks))]
            anchor = max(before, key=lambda other: ranks[other]) if before and name in ranks else list(pairs)[-1]
            key, value = pairs[anchor]
            lines = render_block(name, patch[name], indent, is_apart=not path and is_long(patch[name]))
            yield self._insert_after(self._end(value, key), lines)

    def _merge_value(self, key: Node, value: Node, patch: Patch, path: Path) -> Iterator[_Splice]:
        """Merge below a key; a blank and an empty list have no words to replace, so that the new ones follow the key."""
        is_blank = _is_blank(value)
        is_empty_list = value.value == [] and isinstance(patch, Mapping)
        colon = self._text.index(":", key.end_mark.index) + 1
        if _is_block(value) and not _goes_below(value, patch):
            # The new words are one line, which belongs to the key and not below it.
            end = self._end(value, key)
            self._refuse_comments(colon, end, value)
            yield _Splice(colon, end, f" {render_flow(patch)}")
            return
        if is_blank or is_empty_list:
            end = value.end_mark.index if is_empty_list else colon
            indent = key.start_mark.column
            if is_entries(patch) and self._text[colon:end].strip() in ("", "[]"):
                lines = render_entries(patch, indent + 2)
                yield _Splice(colon, end, "\n" + "".join(f"{line}\n" for line in lines).rstrip("\n"))
            else:
                yield _Splice(colon, end, f" {render_flow(patch)}")
            return
        yield from self.merge(value, patch, path)

    def _merge_entries(self, node: SequenceNode, patch: Mapping[int, Patch], path: Path) -> Iterator[_Splice]:
        entries = node.value
        for place, entry in enumerate(entries):
            if place in patch:
                yield from self.merge(entry, patch[place], (*path, place))
        added = [below for place, below in sorted(patch.items()) if place >= len(entries)]
        if not added:
            return
        if not entries:
            yield self._replace(node, render_flow(patch))
            return
        end = self._end(entries[-1], node)
        if node.flow_style:
            yield _Splice(end, end, "".join(f", {render_flow(below)}" for below in added))
            return
        lines = [line for below in added for line in render_entry(below, node.start_mark.column)]
        yield self._insert_after(end, lines)

    def _empties(self, node: Node, patch: Patch) -> bool:
        """Whether a patch takes out all that a node holds."""
        if patch is None:
            return True
        if not is_keys(patch):
            return False
        return _apply(_to_tree(node), patch, self._path) is None

    def _replace(self, node: Node, text: str) -> _Splice:
        start, end = node.start_mark.index, self._end(node, node)
        span = self._text[start:end]
        if _is_text_block(node):
            comment = _find_head_comment(span)
            return _Splice(start, end, text + (f"  {comment}" if comment else ""))
        if isinstance(node.value, list):
            self._refuse_comments(start, end, node)
        return _Splice(start, end, text)

    def _refuse_comments(self, start: int, end: int, node: Node) -> None:
        if re.search(r"(?:^|\s)#", self._text[start:end]):
            raise EditError(
                self._path,
                "comments stand between the words that would be replaced",
                line=int(node.start_mark.line) + 1,
                hint="change this place in an editor",
            )

    def _take_from_flow(self, node: MappingNode, gone: set[str]) -> Iterator[_Splice]:
        has_kept = False
        for place, (key, _) in enumerate(node.value):
            if str(key.value) not in gone:
                has_kept = True
                continue
            if has_kept:
                yield _Splice(self._end(*reversed(node.value[place - 1])), self._end(*reversed(node.value[place])), "")
            else:
                yield _Splice(key.start_mark.index, node.value[place + 1][0].start_mark.index, "")

    def _take_lines(self, key: Node, value: Node) -> _Splice:
        start = self._text.rfind("\n", 0, key.start_mark.index) + 1
        if self._text[start : key.start_mark.index].strip() or self._has_comment_lines(key, value):
            raise EditError(
                self._path,
                f"{key.value} cannot be taken out here without touching what is beside it",
                line=key.start_mark.line + 1,
                hint="change this place in an editor",
            )
        end = self._end(value, key)
        stop = self._line_end(end)
        comment = self._text[end:stop].strip()
        if _is_text_block(value):
            comment = _find_head_comment(self._text[value.start_mark.index : end])
        kept = f"{' ' * int(key.start_mark.column)}{comment}\n" if comment else ""
        return _Splice(start, min(stop + 1, len(self._text)), kept)

    def _has_comment_lines(self, key: Node, value: Node) -> bool:
        """Whether comments stand between the lines of a value, which are of the person and not of the value."""
        if isinstance(value.value, str):
            return False
        return bool(re.search(r"(?:^|\s)#", self._text[key.end_mark.index : self._end(value, key)]))

    def _insert_after(self, end: int, lines: Sequence[str]) -> _Splice:
        """Put lines below the line in which `end` stands."""
        stop = self._line_end(end)
        if stop == len(self._text):
            return _Splice(stop, stop, "".join(f"\n{line}" for line in lines))
        return _Splice(stop + 1, stop + 1, "".join(f"{line}\n" for line in lines))

    def _line_end(self, place: int) -> int:
        stop = self._text.find("\n", place)
        return stop if stop >= 0 else len(self._text)

    def _end(self, node: Node, key: Node) -> int:
        """Return where the last letter of a node ends; the mark of a block stands at whatever follows its comments and blanks."""
        if _is_blank(node):
            # A blank value ends with the colon of its key, or with the dash.
            return int(self._text.find(":", key.end_mark.index) + 1 if key is not node else node.start_mark.index)
        if _is_text_block(node):
            span = self._text[node.start_mark.index : node.end_mark.index]
            return int(node.start_mark.index) + len(span.rstrip("\n"))
        if isinstance(node.value, str) or getattr(node, "flow_style", False) or not node.value:
            return int(node.end_mark.index)
        last = node.value[-1]
        return self._end(last[1], last[0]) if isinstance(last, tuple) else self._end(last, last)


def _is_blank(node: Node) -> bool:
    return isinstance(node.value, str) and not node.value and not getattr(node, "style", None)


def _goes_below(node: Node, patch: Patch) -> bool:
    """Whether a patch changes what is in a node; else it takes the node's place."""
    from ruamel.yaml.nodes import MappingNode
    from ruamel.yaml.nodes import SequenceNode

    return isinstance(node, SequenceNode) if is_entries(patch) else is_keys(patch) and isinstance(node, MappingNode)


def _is_block(node: Node) -> bool:
    return bool(node.value) and isinstance(node.value, list) and not getattr(node, "flow_style", False)


def _find_head_comment(block: str) -> str:
    """Return the comment behind the mark of a text block, empty for none; the lines of the block are all text."""
    comment = re.search(r"\s(#.*)$", block.split("\n", 1)[0])
    return comment.group(1) if comment else ""


def _is_text_block(node: Node) -> bool:
    return isinstance(node.value, str) and getattr(node, "style", None) in ("|", ">")

"""Content controls of Word whose tag names a value: `review:pool.A.together.percent`."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from review.reporting.fill.printed import Printed
from review.reporting.fill.runs import Names
from review.reporting.fill.runs import drop
from review.reporting.fill.runs import has_tracked
from review.reporting.fill.runs import list_pieces
from review.reporting.fill.runs import make_run
from review.reporting.fill.runs import read_text
from review.reporting.fill.runs import replace_text
from review.reporting.fill.runs import stands_among_runs

PREFIX = "review:"

#: Stands before the hash of a key that is too long for a tag.
_HASHED = "review#"

#: Word refuses a file with a longer tag or title.
_LONGEST = 64


@dataclass(frozen=True, slots=True)
class Control:
    """A content control of ours: the key, and the element."""

    key: str
    element: etree._Element


def list_controls(root: etree._Element, names: Names, printed: Printed) -> Iterator[Control]:
    """Yield the content controls whose tag names a value, in order."""
    by_hash = {_tag(key): key for key in printed.list_all()}
    for element in list(root.iter(names["sdt"])):
        tag, title = (_read_property(element, name, names) for name in ("tag", "alias"))
        if tag.startswith(PREFIX):
            yield Control(tag.removeprefix(PREFIX).strip(), element)
        elif tag.startswith(_HASHED):
            yield Control(by_hash.get(tag, tag), element)
        elif not tag and title.split(".")[0] in printed.families:
            # LibreOffice before 7.5 drops the tag and keeps the title.
            yield Control(title, element)


def read_control(control: Control, names: Names) -> str:
    """Return what a control says; nothing where it still shows the words that ask for text."""
    content = control.element.find(names["sdtContent"])
    if content is None or _find_part(control, names, "showingPlcHdr") is not None:
        return ""
    return "\n".join(read_text(list_pieces(top, names)) for top in _list_tops(control, names))


def find_obstacle(control: Control, names: Names) -> tuple[str, str]:
    """Return why a control cannot be filled, and what to do; two empty texts if it can."""
    content = control.element.find(names["sdtContent"])
    if content is None:
        return "the content control has no content", "delete it and insert it again"
    if has_tracked(content, names):
        return "there is a tracked change in it", "accept or reject the change first"
    if next(content.iter(names["sdt"]), None) is not None:
        return "there is another content control in it", "delete one of the two"
    if next(content.iter(names["fldChar"], names["fldSimple"]), None) is not None:
        return "there is a field in it", "take one of the two: a field or a content control"
    if _find_part(control, names, "dataBinding") is not None:
        return "the content control is bound to data of the document", "delete it and insert it again"
    if len(_list_tops(control, names)) > 1:
        return "the content control holds more than one paragraph", "put it around the value alone"
    return "", ""


def fill_control(control: Control, text: str, names: Names) -> None:
    """Replace what a control says, with the formatting that was there."""
    properties = control.element.find(names["sdtPr"])
    assert properties is not None
    (top,) = _list_tops(control, names)
    asking = properties.find(names["showingPlcHdr"])
    if asking is not None:
        # The words that ask for text are grey; the value takes the look that the control gives to typed text.
        drop(asking)
        for run in list(top.iter(names["r"])):
            drop(run)
    if not replace_text(list(list_pieces(top, names)), text, names):
        top.append(make_run(text, properties.find(names["rPr"]), names))


def make_control(key: str, text: str, look: etree._Element | None, number: int, names: Names) -> etree._Element:
    """Make a content control around a value, to stand among runs."""
    control = etree.Element(names["sdt"])
    properties = etree.SubElement(control, names["sdtPr"])
    if look is not None:
        properties.append(copy.deepcopy(look))
    title = key if len(key) <= _LONGEST else f"{key[: _LONGEST - 3]}..."
    for name, value in (("alias", title), ("tag", _tag(key)), ("id", str(number))):
        etree.SubElement(properties, names[name]).set(names["val"], value)
    if look is None:
        # LibreOffice before 7.5 shows plain text without its look, and drops the key of any other kind when it saves.
        etree.SubElement(properties, names["text"])
    etree.SubElement(control, names["sdtContent"]).append(make_run(text, look, names))
    return control


def _tag(key: str) -> str:
    tag = PREFIX + key
    return tag if len(tag) <= _LONGEST else _HASHED + hashlib.sha256(key.encode()).hexdigest()[:32]


def _read_property(element: etree._Element, name: str, names: Names) -> str:
    found = element.find(f"{names['sdtPr']}/{names[name]}")
    return "" if found is None else str(found.get(names["val"], "")).strip()


def _find_part(control: Control, names: Names, name: str) -> etree._Element | None:
    return control.element.find(f"{names['sdtPr']}/{names[name]}")


def _list_tops(control: Control, names: Names) -> list[etree._Element]:
    """Return what holds the runs of a control: itself where it stands among runs, else the paragraphs that it is around."""
    content = control.element.find(names["sdtContent"])
    assert content is not None
    return [content] if stands_among_runs(control.element, names) else list(content.iter(names["p"])) or [content]

"""Fields of Word that name a value: DOCVARIABLE and DOCPROPERTY, as three marks among runs or as one simple element.

Word shows the result that stands in the document, and makes it again from the document's variables when fields are updated; both are filled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from review.reporting.fill.controls import PREFIX
from review.reporting.fill.runs import Names
from review.reporting.fill.runs import Piece
from review.reporting.fill.runs import find_above
from review.reporting.fill.runs import has_tracked
from review.reporting.fill.runs import is_deleted
from review.reporting.fill.runs import list_pieces
from review.reporting.fill.runs import make_run
from review.reporting.fill.runs import make_text
from review.reporting.fill.runs import replace_text

_INSTRUCTION = re.compile(r"\s*(DOCVARIABLE|DOCPROPERTY)\s+(?:\"([^\"]+)\"|(\S+))", re.IGNORECASE)

#: What stands behind the variables in Word's settings, of which the first one there is the place to put them before.
_BEHIND_VARIABLES = (
    "rsids", "attachedSchema", "themeFontLang", "clrSchemeMapping", "doNotIncludeSubdocsInStats", "doNotAutoCompressPictures",
    "forceUpgrade", "captions", "readModeInkLockDown", "smartTagType", "schemaLibrary", "shapeDefaults", "doNotEmbedSmartTags",
    "decimalSymbol", "listSeparator",
)  # fmt: skip


@dataclass
class Field:
    """A field: the name that it asks for, its marks (`begin` alone for a simple field), and whether others are inside."""

    begin: etree._Element
    instruction: str = ""
    separate: etree._Element | None = None
    end: etree._Element | None = None
    is_nesting: bool = False

    @property
    def kind(self) -> str:
        """DOCVARIABLE or DOCPROPERTY; empty for any other field."""
        match = _INSTRUCTION.match(self.instruction)
        return match.group(1).upper() if match else ""

    @property
    def name(self) -> str:
        """The name that the field asks for."""
        match = _INSTRUCTION.match(self.instruction)
        return (match.group(2) or match.group(3)).strip() if match else ""

    @property
    def key(self) -> str:
        """The key of the value."""
        return self.name.removeprefix(PREFIX).strip()


def list_fields(root: etree._Element, names: Names) -> Iterator[Field]:
    """Yield the fields that ask for a variable or a property, in order of their ends; deleted ones are left out."""
    yield from (field for field in _read_fields(root, names) if not is_deleted(field.begin, names))


def _read_fields(root: etree._Element, names: Names) -> Iterator[Field]:
    open_fields: list[Field] = []
    for element in list(root.iter(names["fldChar"], names["instrText"], names["fldSimple"])):
        name = names.strip(element)
        kind = element.get(names["fldCharType"])
        if name == "fldSimple":
            field = Field(element, str(element.get(names["instr"], "")))
            field.is_nesting = len(list(element.iter(names["fldChar"], names["fldSimple"]))) > 1
            for outer in open_fields:
                outer.is_nesting = True
            if field.kind:
                yield field
        elif name == "instrText":
            if open_fields and open_fields[-1].separate is None:
                open_fields[-1].instruction += element.text or ""
        elif kind == "begin":
            for field in open_fields:
                field.is_nesting = True
            open_fields.append(Field(element))
        elif kind == "separate" and open_fields:
            open_fields[-1].separate = element
        elif kind == "end" and open_fields:
            field = open_fields.pop()
            field.end = element
            if field.kind:
                yield field
    yield from (field for field in open_fields if field.kind)


def list_result(field: Field, names: Names) -> list[Piece]:
    """Return what the result of a field holds."""
    if names.strip(field.begin) == "fldSimple":
        return list(list_pieces(field.begin, names))
    paragraph = find_above(field.begin, "p", names)
    if paragraph is None or field.separate is None or field.end is None:
        return []
    pieces = list(list_pieces(paragraph, names))
    nodes = [piece.node for piece in pieces]
    if field.separate not in nodes or field.end not in nodes:
        return []
    return pieces[nodes.index(field.separate) + 1 : nodes.index(field.end)]


def find_obstacle(field: Field, names: Names) -> tuple[str, str]:
    """Return why a field cannot be filled, and what to do; two empty texts if it can."""
    anew = "delete the field and insert it again"
    if field.is_nesting:
        return "there is another field in it", anew
    if names.strip(field.begin) == "fldSimple":
        tracked = has_tracked(field.begin, names)
    elif field.end is None:
        return "the field has no end", anew
    else:
        marks = [mark for mark in (field.begin, field.separate, field.end) if mark is not None]
        if len({find_above(mark, "p", names) for mark in marks}) > 1:
            return "the field spans several paragraphs", anew
        parents = {_find_parent(mark) for mark in marks} | {
            _find_parent(piece.node) for piece in list_result(field, names)
        }
        tracked = len(parents) > 1
    return ("there is a tracked change in it", "accept or reject the change first") if tracked else ("", "")


def fill_field(field: Field, text: str, names: Names) -> None:
    """Replace the result of a field, with the formatting that was there."""
    if replace_text(list_result(field, names), text, names):
        return
    look = field.begin.find(f"../{names['rPr']}")
    if names.strip(field.begin) == "fldSimple":
        field.begin.append(make_run(text, None, names))
        return
    assert field.end is not None
    if field.separate is None:
        field.separate = etree.Element(names["fldChar"])
        field.separate.set(names["fldCharType"], "separate")
        field.end.addprevious(field.separate)
    if field.separate.getparent() is field.end.getparent():
        field.separate.addnext(make_text(text, names))
    else:
        run = field.separate.getparent()
        assert run is not None
        run.addnext(make_run(text, look, names))


def set_variables(settings: etree._Element, variables: Mapping[str, str]) -> bool:
    """Put the document's variables into Word's settings; return whether anything changed."""
    names = Names(etree.QName(settings).namespace or "")
    holder = settings.find(names["docVars"])
    known = {} if holder is None else {str(item.get(names["name"])): item for item in holder}
    wrong = {
        name: text for name, text in variables.items() if name not in known or known[name].get(names["val"]) != text
    }
    if not wrong:
        return False
    if holder is None:
        holder = etree.Element(names["docVars"])
        behind = next((item for item in settings if _stands_behind(item, names)), None)
        if behind is None:
            settings.append(holder)
        else:
            behind.addprevious(holder)
    for name, text in wrong.items():
        if name not in known:
            known[name] = etree.SubElement(holder, names["docVar"])
            known[name].set(names["name"], name)
        known[name].set(names["val"], text)
    return True


def set_properties(custom: etree._Element, properties: Mapping[str, str]) -> tuple[bool, list[str]]:
    """Put texts into the document's own properties; return whether anything changed, and the names that it does not have."""
    known = {str(item.get("name")): item for item in custom}
    changed = False
    for name, text in properties.items():
        value = next(iter(known[name]), None) if name in known else None
        if value is not None and value.text != text:
            value.tag = f"{{{etree.QName(value).namespace}}}lpwstr"
            value.text, changed = text, True
    return changed, [name for name in properties if name not in known]


def _find_parent(node: etree._Element) -> etree._Element | None:
    """Return what holds the run of an element."""
    run = node.getparent()
    return None if run is None else run.getparent()


def _stands_behind(item: etree._Element, names: Names) -> bool:
    # The properties of formulas have a namespace of their own, and stand behind the variables too.
    return names.strip(item) in _BEHIND_VARIABLES or str(item.tag).endswith("}mathPr")

"""A Word manuscript filled with the values of the review: content controls, fields and placeholders of every part that holds text."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field

from lxml import etree

from review.reporting.fill import controls
from review.reporting.fill import fields
from review.reporting.fill import placeholders
from review.reporting.fill.filling import Filled
from review.reporting.fill.filling import Filling
from review.reporting.fill.filling import Kind
from review.reporting.fill.package import Package
from review.reporting.fill.package import parse_part
from review.reporting.fill.package import read_package
from review.reporting.fill.package import render_part
from review.reporting.fill.package import write_package
from review.reporting.fill.printed import Printed
from review.reporting.fill.runs import Names
from review.reporting.fill.runs import clean_text
from review.reporting.fill.runs import is_copy
from review.reporting.fill.runs import read_text


@dataclass
class _Part:
    """A part that is being filled; paragraphs are counted in the order of the file, those of tables and text boxes too."""

    title: str
    root: etree._Element
    names: Names
    is_changed: bool = False
    numbers: dict[etree._Element, int] = field(default_factory=dict)

    def number(self, element: etree._Element) -> int:
        """Return the number of the paragraph that an element is in, or is around; 0 if there is none."""
        tag = self.names["p"]
        paragraph = element if element.tag == tag else next(element.iterancestors(tag), None)
        if paragraph is None:
            paragraph = next(element.iter(tag), None)
        return 0 if paragraph is None else self.numbers[paragraph]

    def place(self, element: etree._Element) -> str:
        """Say where an element is."""
        number = self.number(element)
        return f"{self.title}, paragraph {number}" if number else self.title


def fill_word(data: bytes, shown_as: str, printed: Printed) -> tuple[bytes, Filling]:
    """Fill a Word file.

    Returns:
        The file, byte for byte the one given where no text changes, and what was found. With a finding at error level the bytes are
        those given, too: half a manuscript is not filled.

    Raises:
        FormatError: If the file is no Word file, is broken, or protected by a password.
    """
    package = read_package(data, shown_as)
    filling = Filling(shown_as, printed)
    parts = {name: _open_part(package, name, title) for name, title in package.list_texts()}
    taken = {_read_number(item, part.names) for part in parts.values() for item in part.root.iter(part.names["id"])}
    variables: dict[str, str] = {}
    properties: dict[str, str] = {}
    for name, part in parts.items():
        known = len(filling.places)
        _fill_controls(part, filling)
        _fill_fields(part, filling, variables, properties)
        _fill_placeholders(part, filling, taken, name)
        filling.places[known:] = sorted(filling.places[known:], key=lambda item: item.number)
    changed = {name: render_part(part.root) for name, part in parts.items() if part.is_changed}
    changed |= _keep_variables(package, variables) | _keep_properties(package, properties, filling)
    if not changed or any(finding.level == "error" for finding in filling.findings):
        return data, filling
    return write_package(package, changed), filling


def _open_part(package: Package, name: str, title: str) -> _Part:
    root = parse_part(package, name)
    part = _Part(title, root, Names(etree.QName(root).namespace or ""))
    part.numbers = {paragraph: number for number, paragraph in enumerate(root.iter(part.names["p"]), 1)}
    return part


def _fill_controls(part: _Part, filling: Filling) -> None:
    for control in controls.list_controls(part.root, part.names, filling.printed):
        place, old = part.place(control.element), controls.read_control(control, part.names)
        text = _ask(filling, control.key, place, control.element)
        if text is None:
            continue
        if text != old:
            problem, hint = controls.find_obstacle(control, part.names)
            if problem:
                filling.refuse(control.key, place, problem, hint)
                continue
            controls.fill_control(control, text, part.names)
        _note(part, filling, control.element, control.key, "content control", place, old, text)


def _fill_fields(part: _Part, filling: Filling, variables: dict[str, str], properties: dict[str, str]) -> None:
    for item in fields.list_fields(part.root, part.names):
        is_named = item.name.startswith(controls.PREFIX)
        if not is_named and item.key.split(".")[0] not in filling.printed.families:
            continue
        place = part.place(item.begin)
        text = _ask(filling, item.key, place, item.begin)
        if text is None:
            continue
        problem, hint = fields.find_obstacle(item, part.names)
        old = read_text(fields.list_result(item, part.names))
        if problem:
            filling.refuse(item.key, place, problem, hint)
            continue
        if text != old:
            fields.fill_field(item, text, part.names)
        (variables if item.kind == "DOCVARIABLE" else properties)[item.name] = text
        _note(part, filling, item.begin, item.key, "field", place, old, text)


def _fill_placeholders(part: _Part, filling: Filling, taken: set[int], name: str) -> None:
    for paragraph, count in part.numbers.items():
        place = f"{part.title}, paragraph {count}"
        found = list(placeholders.list_placeholders(paragraph, part.names, filling.printed))
        noted = len(filling.places)
        for number, item in enumerate(found):
            text = _ask(filling, item.key, place, paragraph)
            if text is None:
                continue
            problem, hint = placeholders.find_obstacle(item, part.names)
            if problem:
                filling.refuse(item.key, place, problem, hint)
                continue
            chosen = placeholders.choose_number(f"{name} {count} {number} {item.key}", taken)
            placeholders.replace_placeholder(item, text, chosen, part.names)
            part.is_changed = True
            if not is_copy(paragraph):
                # The last one comes first; people read them the other way round.
                filling.places.insert(noted, Filled(item.key, "placeholder", place, count, "", text))


def _ask(filling: Filling, key: str, place: str, element: etree._Element) -> str | None:
    """Ask for a value; the copy of a text box is filled like its original, and told once."""
    if is_copy(element):
        found = filling.printed.find(key)
        return None if found is None else clean_text(found)
    text = filling.ask(key, place)
    return None if text is None else clean_text(text)


def _note(
    part: _Part, filling: Filling, element: etree._Element, key: str, kind: Kind, place: str, old: str, new: str
) -> None:
    part.is_changed = part.is_changed or old != new
    if not is_copy(element):
        filling.places.append(Filled(key, kind, place, part.number(element), old, new))


def _keep_variables(package: Package, variables: dict[str, str]) -> dict[str, bytes]:
    """Return Word's settings with the variables that fields ask for; nothing where they are there."""
    name = package.find(".settings+xml")
    if not variables or not name:
        return {}
    settings = parse_part(package, name)
    return {name: render_part(settings)} if fields.set_variables(settings, variables) else {}


def _keep_properties(package: Package, properties: dict[str, str], filling: Filling) -> dict[str, bytes]:
    """Return the document's own properties with the values that fields ask for; nothing where they are there."""
    name = package.find(".custom-properties+xml")
    changed, lacking, custom = False, list(properties), None
    if name and properties:
        custom = parse_part(package, name)
        changed, lacking = fields.set_properties(custom, properties)
    if lacking:
        message = f"Word empties these fields when it updates them: {', '.join(lacking)}"
        filling.warn("FILL-004", message, "add the properties in Word, or use DOCVARIABLE fields")
    return {name: render_part(custom)} if changed and custom is not None else {}


def _read_number(element: etree._Element, names: Names) -> int:
    text = str(element.get(names["val"], ""))
    return int(text) if text.lstrip("-").isdigit() else 0

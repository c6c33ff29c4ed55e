"""A Word file as its parts: read with limits, written back so that parts which nobody changed keep their bytes."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from review.errors import FormatError
from review.errors import LimitError

#: Bytes of all parts unpacked, and their number: far above any manuscript.
LIMIT_BYTES = 512 * 1024 * 1024
LIMIT_PARTS = 20_000

_TYPES = "[Content_Types].xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_WORD_FILE = "is not a whole Word file (.docx)"

#: Kinds of parts that hold text, by the end of their content type, as people name them.
_TEXTS = {
    "document.main+xml": "body",
    "template.main+xml": "body",
    "header+xml": "header",
    "footer+xml": "footer",
    "footnotes+xml": "footnotes",
    "endnotes+xml": "endnotes",
    "comments+xml": "comments",
}


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a Word file by name, in the file's order, with the zip entry that each was read from."""

    shown_as: str
    parts: Mapping[str, bytes]
    entries: Mapping[str, zipfile.ZipInfo]

    def list_texts(self) -> Iterator[tuple[str, str]]:
        """Yield the parts that hold text: their name, and how people name them (`header 2` if there are several)."""
        found = [(name, kind) for name, kind in self._list_types() if name in self.parts]
        numbers: dict[str, int] = {}
        for name, kind in found:
            numbers[kind] = numbers.get(kind, 0) + 1
            is_one = sum(other == kind for _, other in found) == 1
            yield name, kind if is_one else f"{kind} {numbers[kind]}"

    def find(self, ending: str) -> str:
        """Return the name of the part whose content type ends so; empty if there is none."""
        types = parse_part(self, _TYPES)
        for override in types.iter("{*}Override"):
            name = str(override.get("PartName", "")).lstrip("/")
            if str(override.get("ContentType", "")).endswith(ending) and name in self.parts:
                return name
        return ""

    def _list_types(self) -> list[tuple[str, str]]:
        listed = []
        for override in parse_part(self, _TYPES).iter("{*}Override"):
            kind = _TEXTS.get(str(override.get("ContentType", "")).rpartition(".")[2], "")
            kind = kind or next(
                (name for end, name in _TEXTS.items() if str(override.get("ContentType", "")).endswith(f".{end}")), ""
            )
            if kind:
                listed.append((str(override.get("PartName", "")).lstrip("/"), kind))
        order = list(dict.fromkeys(_TEXTS.values()))
        return sorted(listed, key=lambda item: (order.index(item[1]), item[0]))


def read_package(data: bytes, shown_as: str) -> Package:
    """Read the parts of a Word file.

    Raises:
        FormatError: If it is no Word file, is broken or protected by a password; the message says which part.
        LimitError: If it unpacks to more than a manuscript can be.
    """
    if data.startswith(_OLE):
        raise FormatError(
            shown_as,
            "is protected by a password, or an old .doc file",
            hint="open it in Word, remove the password, save it as .docx",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
            _check_entries(archive, shown_as)
            parts = {name: archive.read(name) for name in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise FormatError(shown_as, f"{_NO_WORD_FILE}: {error}", hint="save it again in Word") from error
    package = Package(shown_as, parts, entries)
    if _TYPES not in parts or not any(kind == "body" for _, kind in package.list_texts()):
        raise FormatError(shown_as, f"{_NO_WORD_FILE}: it has no document inside", hint="save it again in Word")
    return package


def write_package(package: Package, changed: Mapping[str, bytes]) -> bytes:
    """Write the file with some parts changed; every entry keeps its place, its date and its kind of compression."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, entry in package.entries.items():
            kept = zipfile.ZipInfo(name, entry.date_time)
            kept.compress_type = entry.compress_type
            kept.external_attr = entry.external_attr
            kept.create_system = entry.create_system
            archive.writestr(kept, changed.get(name, package.parts[name]))
    return stream.getvalue()


def parse_part(package: Package, name: str) -> etree._Element:
    """Parse a part of XML.

    Raises:
        FormatError: If it is not whole, or declares a document type, which no Word file does.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(package.parts[name], parser)
    except etree.XMLSyntaxError as error:
        problem = f"{_NO_WORD_FILE}: {name} inside is broken ({error.msg})"
        raise FormatError(package.shown_as, problem, hint="save it again in Word") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise FormatError(package.shown_as, f"{_NO_WORD_FILE}: {name} inside declares a document type")
    return root


def render_part(root: etree._Element) -> bytes:
    """Write a part as Word writes its own."""
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


def _check_entries(archive: zipfile.ZipFile, shown_as: str) -> None:
    entries = archive.infolist()
    if len(entries) > LIMIT_PARTS or sum(entry.file_size for entry in entries) > LIMIT_BYTES:
        raise LimitError(shown_as, "unpacks to more than a manuscript can be", hint="is it the right file?")
    if len({entry.filename for entry in entries}) != len(entries):
        raise FormatError(shown_as, f"{_NO_WORD_FILE}: it holds two parts of one name", hint="save it again in Word")

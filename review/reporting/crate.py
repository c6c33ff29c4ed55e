"""RO-Crate metadata: what is in output/, in words that repositories of research data read, so that the folder can be deposited as it is.

Source: RO-Crate Metadata Specification 1.1, https://w3id.org/ro/crate/1.1 (root data entity, data entities, provenance of entities). Its
context has no word for a file's hash; schema.org's is added, as the specification lets one do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

from review import __version__

CRATE = "ro-crate-metadata.json"

_SPECIFICATION = "https://w3id.org/ro/crate/1.1"
_TERMS = {"sha256": "http://schema.org/sha256"}
_TOOL, _ACTION = "#review", "#build"

_FORMATS: Mapping[str, str] = {
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".eps": "application/postscript",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".mmd": "text/vnd.mermaid",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tex": "text/x-tex",
    ".tiff": "image/tiff",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the crate: its path below the folder, its size in bytes, its hash (SHA-256), what it is in a few words.

    The hash is empty and the size None for a file that holds the crate's own hash, so that neither can be known.
    """

    path: str
    size: int | None = None
    sha256: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Deposit:
    """What a crate says of itself.

    `inputs` are the hashes of the files that it was made from by their path in the review's folder. `date` is the day of the latest search or
    decision behind it (ISO 8601), empty where there is none: the day on which it was built would differ between equal builds. `contact` is an
    e-mail address. No licence is named: who deposits the folder says under which terms.
    """

    title: str
    description: str
    items: Sequence[Item]
    inputs: Mapping[str, str]
    date: str = ""
    contact: str = ""


def render_crate(deposit: Deposit) -> bytes:
    """Write the metadata as JSON-LD; equal deposits give equal bytes."""
    document = {"@context": [f"{_SPECIFICATION}/context", _TERMS], "@graph": list(_list_entities(deposit))}
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def _list_entities(deposit: Deposit) -> Iterator[dict[str, object]]:
    yield {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": _SPECIFICATION},
        "about": {"@id": "./"},
    }
    yield _describe_root(deposit)
    for item in deposit.items:
        yield _describe_item(item)
    yield {
        "@id": _TOOL,
        "@type": "SoftwareApplication",
        "name": "review",
        "softwareVersion": __version__,
        "version": __version__,
    }
    yield {
        "@id": _ACTION,
        "@type": "CreateAction",
        "name": "review build",
        "instrument": {"@id": _TOOL},
        "object": [{"@id": _name_input(path)} for path in deposit.inputs],
        "result": [{"@id": quote(item.path)} for item in deposit.items],
    }
    for path, digest in deposit.inputs.items():
        yield {"@id": _name_input(path), "@type": "CreativeWork", "name": path, "sha256": digest}
    if deposit.contact:
        yield {"@id": f"mailto:{deposit.contact}", "@type": "ContactPoint", "email": deposit.contact}


def _describe_root(deposit: Deposit) -> dict[str, object]:
    root: dict[str, object] = {
        "@id": "./",
        "@type": "Dataset",
        "name": deposit.title,
        "description": deposit.description,
        "hasPart": [{"@id": quote(item.path)} for item in deposit.items],
        "mentions": {"@id": _ACTION},
    }
    if deposit.date:
        root["datePublished"] = deposit.date
    if deposit.contact:
        root["contactPoint"] = {"@id": f"mailto:{deposit.contact}"}
    if any(item.path == "report.html" for item in deposit.items):
        root["mainEntity"] = {"@id": "report.html"}
    return root


def _describe_item(item: Item) -> dict[str, object]:
    suffix = PurePosixPath(item.path).suffix.lower()
    described: dict[str, object] = {
        "@id": quote(item.path),
        "@type": ["File", "ImageObject"] if suffix in {".png", ".svg", ".tiff", ".eps"} else "File",
        "name": item.name or item.path,
    }
    if suffix in _FORMATS:
        described["encodingFormat"] = _FORMATS[suffix]
    if item.size is not None:
        # The specification wants the size in bytes as a string.
        described["contentSize"] = str(item.size)
    if item.sha256:
        described["sha256"] = item.sha256
    return described


def _name_input(path: str) -> str:
    # The inputs lie outside of the folder that is deposited; they are named, not part of it.
    return f"#input/{quote(path)}"

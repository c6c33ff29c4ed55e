"""RO-Crate metadata, read back with the library of its makers."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from rocrate.rocrate import ROCrate

from review.reporting.crate import CRATE
from review.reporting.crate import Deposit
from review.reporting.crate import Item
from review.reporting.crate import render_crate

FILES = {"report.html": b"<p>", "figures/forest-A.png": b"png", "tables/a b.csv": b"a,b\n", "odd.bin": b"?"}


def make_deposit(**changes: object) -> Deposit:
    items = [Item(path, len(data), hashlib.sha256(data).hexdigest(), f"About {path}") for path, data in FILES.items()]
    parts: dict[str, object] = {
        "title": 'A "review" <of> calcinosis',
        "description": "How often?",
        "items": [*items, Item("manifest.json")],
        "inputs": {"protocol.yaml": "ab" * 32, "extraction/studies/müller 2010.yaml": "cd" * 32},
        "date": "2026-11-24",
        "contact": "someone@example.org",
    }
    return Deposit(**(parts | changes))  # type: ignore[arg-type]


def read_crate(folder: Path, deposit: Deposit) -> ROCrate:
    for path, data in (FILES | {"manifest.json": b"{}"}).items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(data)
    (folder / CRATE).write_bytes(render_crate(deposit))
    return ROCrate(folder)


def test_the_library_reads_what_is_written(tmp_path: Path) -> None:
    crate = read_crate(tmp_path, make_deposit())
    assert crate.name == 'A "review" <of> calcinosis'
    assert crate.root_dataset["datePublished"] == "2026-11-24"
    assert {entity.id for entity in crate.data_entities} == {
        "report.html", "figures/forest-A.png", "tables/a%20b.csv", "odd.bin", "manifest.json",
    }  # fmt: skip
    png = crate.get("figures/forest-A.png")
    assert png.type == ["File", "ImageObject"]
    assert png["encodingFormat"] == "image/png"
    assert png["contentSize"] == "3"
    assert png["sha256"] == hashlib.sha256(b"png").hexdigest()
    assert "encodingFormat" not in crate.get("odd.bin").properties()
    assert "sha256" not in crate.get("manifest.json").properties()
    assert crate.mainEntity.id == "report.html"
    assert crate.root_dataset["contactPoint"]["email"] == "someone@example.org"


def test_the_build_is_an_action_of_the_program_on_the_inputs(tmp_path: Path) -> None:
    crate = read_crate(tmp_path, make_deposit())
    action = crate.get("#build")
    assert action.type == "CreateAction"
    assert action["instrument"].type == "SoftwareApplication"
    assert action["instrument"]["softwareVersion"]
    assert [thing["name"] for thing in action["object"]] == ["protocol.yaml", "extraction/studies/müller 2010.yaml"]
    assert [thing["sha256"] for thing in action["object"]] == ["ab" * 32, "cd" * 32]
    assert {thing.id for thing in action["result"]} == {entity.id for entity in crate.data_entities}


def test_every_entity_that_is_named_is_there_once() -> None:
    graph = json.loads(render_crate(make_deposit()))["@graph"]
    ids = [entity["@id"] for entity in graph]
    assert len(set(ids)) == len(ids)

    def list_references(value: object) -> list[str]:
        if isinstance(value, list):
            return [name for each in value for name in list_references(each)]
        return [value["@id"]] if isinstance(value, dict) else []

    named = {name for entity in graph for value in entity.values() for name in list_references(value)}
    assert named - set(ids) == {"https://w3id.org/ro/crate/1.1"}


def test_what_is_not_known_is_not_said() -> None:
    graph = json.loads(render_crate(make_deposit(date="", contact="", items=[])))["@graph"]
    (root,) = [entity for entity in graph if entity["@id"] == "./"]
    assert set(root) == {"@id", "@type", "name", "description", "hasPart", "mentions"}
    assert not any("license" in entity or "author" in entity for entity in graph)


def test_equal_deposits_give_equal_bytes() -> None:
    assert render_crate(make_deposit()) == render_crate(make_deposit())

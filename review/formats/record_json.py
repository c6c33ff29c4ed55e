"""This program's own JSON: every field of a record, so that nothing is lost on the way out and back.

The keys that the command line promises (`id`, `title`, `authors` as a list of names, ...) are there; `people` has the authors in parts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any
from typing import BinaryIO

from review.findings import Origin
from review.formats.json_stream import iterate_objects
from review.formats.people import parse_name
from review.formats.result import Item
from review.formats.result import Refusal
from review.formats.text import Lines
from review.model import AbstractSection
from review.model import Author
from review.model import Record
from review.model import RecordId
from review.model import Relation

_TEXTS = (
    "title", "journal", "journal_abbreviation", "volume", "issue", "pages", "doi", "pmid", "pmcid", "abstract", "vernacular_title", "entry_type",
    "published", "epub_date", "status", "version", "accession", "url", "source", "run",
)  # fmt: skip
_LISTS = ("issn", "isbn", "other_abstracts", "languages", "publication_types", "mesh", "keywords", "registrations")


def write_record(record: Record) -> dict[str, object]:
    """Return a record as JSON values; empty fields are left out, apart from those that are promised."""
    values: dict[str, object] = {
        "id": str(record.id),
        "title": record.title,
        "authors": [str(author) for author in record.authors],
        "year": record.year,
        "journal": record.journal,
        "volume": record.volume,
        "issue": record.issue,
        "pages": record.pages,
        "doi": record.doi,
        "pmid": record.pmid,
        "abstract": record.abstract,
        "publication_types": list(record.publication_types),
        "mesh": list(record.mesh),
        "retracted": record.is_retracted,
        "record_format": 1,
    }
    for name in (*_TEXTS, *_LISTS):
        value = getattr(record, name)
        if value and name not in values:
            values[name] = list(value) if isinstance(value, tuple) else value
    if record.authors:
        values["people"] = [_write_author(author) for author in record.authors]
    if record.abstract_sections:
        values["abstract_sections"] = [section._asdict() for section in record.abstract_sections]
    if record.relations:
        values["relations"] = [
            {key: text for key, text in relation._asdict().items() if text} for relation in record.relations
        ]
    if record.extra:
        values["extra"] = {key: list(texts) for key, texts in record.extra.items()}
    return values


def _write_author(author: Author) -> dict[str, object]:
    values: dict[str, object] = {"family": author.family}
    if author.given:
        values["given"] = author.given
    if author.is_collective:
        values["is_collective"] = True
    if author.affiliations:
        values["affiliations"] = list(author.affiliations)
    if author.orcid:
        values["orcid"] = author.orcid
    return values


def read_fields(values: Mapping[str, Any]) -> dict[str, object]:
    """Return the fields of a record out of JSON values; what has the wrong type is left out."""
    fields: dict[str, object] = {name: values[name] for name in _TEXTS if isinstance(values.get(name), str)}
    for name in _LISTS:
        if isinstance(values.get(name), list):
            fields[name] = tuple(str(part) for part in values[name])
    year = values.get("year")
    if isinstance(year, int) and not isinstance(year, bool):
        fields["year"] = year
    if isinstance(values.get("id"), str) and values["id"]:
        fields["id"] = RecordId(values["id"])
    people = values.get("people")
    if isinstance(people, list):
        fields["authors"] = tuple(
            _read_author(person) for person in people if isinstance(person, dict) and person.get("family")
        )
    elif isinstance(values.get("authors"), list):
        fields["authors"] = tuple(author for name in values["authors"] if (author := parse_name(str(name))))
    sections, relations, extra = values.get("abstract_sections"), values.get("relations"), values.get("extra")
    if isinstance(sections, list):
        fields["abstract_sections"] = tuple(
            AbstractSection(str(part.get("label", "")), str(part.get("text", "")))
            for part in sections
            if isinstance(part, dict)
        )
    if isinstance(relations, list):
        fields["relations"] = tuple(
            Relation(**{key: str(part.get(key, "")) for key in Relation._fields})
            for part in relations
            if isinstance(part, dict)
        )
    if isinstance(extra, dict):
        fields["extra"] = {
            str(key): tuple(str(text) for text in texts)
            for key, texts in extra.items()
            if isinstance(texts, list) and texts
        }
    return fields


def _read_author(person: Mapping[str, Any]) -> Author:
    affiliations = person.get("affiliations")
    return Author(
        str(person["family"]),
        str(person.get("given", "")),
        is_collective=person.get("is_collective") is True,
        affiliations=tuple(str(text) for text in affiliations) if isinstance(affiliations, list) else (),
        orcid=str(person.get("orcid", "")),
    )


def parse_record_json(stream: BinaryIO, *, path: str, source: str = "", run: str = "") -> Iterator[Item]:
    """Read this program's JSON; `source` and `run` replace what the file says, if given."""
    with Lines(stream, path) as lines:
        yield from _read_records(lines, source=source, run=run)
        yield from lines.findings()


def _read_records(lines: Lines, *, source: str, run: str) -> Iterator[Item]:
    for line, values in iterate_objects(lines):
        if values is None:
            yield Refusal(line, "the object is no JSON that can be read")
            continue
        fields = read_fields(values)
        if "id" not in fields or not any(
            fields.get(name)
            for name in (
                "title",
                "abstract",
                "doi",
                "pmid",
                "accession",
                "authors",
                "extra",
                "journal",
                "year",
                "url",
                "issn",
                "isbn",
                "pmcid",
            )
        ):
            yield Refusal(line, "the object has no id, or nothing besides")
            continue
        record = Record(**{"title": "", **fields, "origin": Origin(lines.path, line)})  # type: ignore[arg-type]
        yield record.evolve(source=source or record.source, run=run or record.run)


def render_record_json(records: Iterable[Record]) -> Iterator[str]:
    """Write this program's JSON: an array, one record a line."""
    yield "["
    mark = "\n"
    for record in records:
        yield mark + json.dumps(write_record(record), ensure_ascii=False)
        mark = ",\n"
    yield "\n]\n"

"""Codes of the FILL area: the places of a manuscript that take values of the review."""

from __future__ import annotations

from review.catalogue.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "FILL-001",
        "error",
        "a place names a value that does not exist",
        "The key is not in values.json, or its value has no such form; the manuscript was not written.",
        "Take the key from values.json, and the form from docs/manuscript.md.",
    ),
    Code(
        "FILL-002",
        "error",
        "a place that cannot be filled",
        "Filling it would harm what stands there: a tracked change, another content control, an end that is missing.",
        "Mend the place as told, save, and fill again.",
    ),
    Code(
        "FILL-003",
        "error",
        "a manuscript that tells an older value",
        "`review fill --check` found a place whose text is not what the review gives now.",
        "Run `review fill` without --check.",
    ),
    Code(
        "FILL-004",
        "warning",
        "a filled field that Word will empty again",
        "A DOCPROPERTY field was filled, but the document has no property of that name, so that Word's own update undoes it.",
        "Add the property in Word, or use a DOCVARIABLE field, a content control or a placeholder.",
    ),
)

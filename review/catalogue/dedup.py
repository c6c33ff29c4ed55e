"""Codes of the DEDUP area."""

from __future__ import annotations

from review.catalogue.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "DEDUP-001",
        "error",
        "a ruling that cannot be used",
        "A row of queries/duplicates.csv does not name two records and `same` or `different`. It has no effect, so a pair "
        "may be joined or kept apart against what was decided.",
        "Write left,right,ruling,by,when,why with two record ids and `same` or `different`.",
    ),
    Code(
        "DEDUP-002",
        "error",
        "rulings contradict each other",
        "Some rulings join records that another ruling keeps apart (A is B, B is C, A is not C). The ruling named here was "
        "not followed.",
        "Look at the records named and append a ruling that settles the pair; the latest one on a pair stands.",
    ),
    Code(
        "DEDUP-003",
        "warning",
        "a ruling on a record that is not here",
        "A ruling names a record id that no run holds, so it has no effect now. It will have one when the record comes back.",
        "Check the id for a slip, or run the search again.",
    ),
    Code(
        "DEDUP-004",
        "warning",
        "one id, two documents",
        "Two entries bear the same id (often one DOI for a whole supplement of abstracts) but their titles or authors say "
        "that they are different documents. They stay one record, because logs refer to the id.",
        "Give one of the entries its own id in the source, or take the wrong DOI out of the export and import it again.",
    ),
    Code(
        "DEDUP-005",
        "note",
        "too many records share a key",
        "More records than the cap share this key (a stock title such as Editorial). They were not compared by this key, "
        "only by their others.",
        "Nothing, unless you see duplicates left among these records: then rule on them.",
    ),
    Code(
        "DEDUP-006",
        "note",
        "a record without a title",
        "A record without a title and without an identifier can only be matched by its abstract or its place.",
        "Look at the record in its source, and rule on it if it repeats another one.",
    ),
)

"""Codes of the SCREEN area: screening logs, consensus and what follows from them."""

from __future__ import annotations

from review.catalogue.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "SCREEN-001",
        "warning",
        "the last line of a log is torn",
        "The line does not end with a line feed, so the program or the machine stopped while it was written. It counts if it is whole.",
        "Look at the line: end it with a line feed, or make the decision again.",
    ),
    Code(
        "SCREEN-002",
        "error",
        "a decision with an unknown stage",
        "The row was not counted.",
        "Use title-abstract, retrieval or full-text.",
    ),
    Code(
        "SCREEN-003",
        "error",
        "an unknown decision",
        "The row was not counted.",
        "Use include, exclude, unsure or undo.",
    ),
    Code(
        "SCREEN-004",
        "error",
        "a decision without a record id",
        "The row was not counted, since it is not known what was decided on.",
        "Give the record's id as `review records` prints it.",
    ),
    Code(
        "SCREEN-005",
        "error",
        "a decision without a usable time",
        "The latest decision stands, so a row without its time with zone cannot be ranked. It was not counted.",
        "Give the time in UTC, as 2026-11-24T09:30:00Z.",
    ),
    Code(
        "SCREEN-006",
        "error",
        "an unknown exclusion reason",
        "Reasons are codes of the protocol, so that they can be counted. The row was not counted.",
        "Use a code of the protocol, or add the code there.",
    ),
    Code(
        "SCREEN-007",
        "error",
        "a full-text exclusion without a reason",
        "PRISMA 2020 wants one primary reason for every report excluded at full text. The row was not counted.",
        "Add a row with the reason.",
    ),
    Code(
        "SCREEN-008",
        "warning",
        "a reason that the protocol does not foresee at this stage",
        "The row was counted.",
        "Use a reason of the stage, or widen the reason's stages in the protocol.",
    ),
    Code(
        "SCREEN-010",
        "error",
        "a decision on a record that no run holds",
        "The record vanished from the searches, or its id is misspelled. The decision was not counted.",
        "Correct the id, or restore the run.",
    ),
    Code(
        "SCREEN-011",
        "error",
        "one person decided differently on two records of one report",
        "The records were found to be duplicates later, so the report has two votes of one person.",
        "Undo one of the two decisions, or rule that the records are different (`review dedup --different A B`).",
    ),
    Code(
        "SCREEN-012",
        "error",
        "a settlement is stale",
        "A vote changed after the conflict was settled, so the settlement no longer stands.",
        "Settle the conflict again.",
    ),
    Code(
        "SCREEN-013",
        "warning",
        "a conflict waits to be settled",
        "The votes of the screeners differ; the report is counted as waiting until someone settles it.",
        "Settle it with a row in consensus.csv.",
    ),
    Code(
        "SCREEN-014",
        "warning",
        "a decision at a later stage without the earlier ones",
        "A report was decided on at a stage that it has not reached: it is not included at the stage before.",
        "Add the missing decision, or undo the later one.",
    ),
    Code(
        "SCREEN-020",
        "error",
        "an included report without a sheet",
        "Its study is counted as included, but nothing is extracted from it, so it is missing in every table.",
        "Write the sheet, or add the report to the sheet of its study.",
    ),
    Code(
        "SCREEN-021",
        "error",
        "a sheet of a study whose main report is not included",
        "The study enters tables without a decision to include it. It is left out of the flow diagram.",
        "Decide on the report at full text, or remove the sheet.",
    ),
)

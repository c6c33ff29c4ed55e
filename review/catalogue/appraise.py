"""Codes of the APPRAISE area."""

from __future__ import annotations

from review.catalogue.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "APPRAISE-001",
        "error",
        "the protocol names an appraisal tool or item that does not exist",
        "The table of appraisals would lack it.",
        "Correct the name; the message lists those that there are.",
    ),
    Code(
        "APPRAISE-002",
        "error",
        "a sheet is appraised with a tool that the protocol does not name",
        "The answers were not used: one set of tools is declared for the whole review.",
        "Correct the name, or declare the tool under appraisal: in the protocol.",
    ),
    Code(
        "APPRAISE-003",
        "warning",
        "a study that is not appraised yet",
        "The protocol asks for an appraisal of studies of this design.",
        "Add an entry under appraisal: in the sheet, with tool, answers and overall.",
    ),
    Code(
        "APPRAISE-004",
        "warning",
        "an appraisal with open items",
        "Items of the declared subset have no answer.",
        "Answer them; not applicable and unclear are answers, too.",
    ),
    Code(
        "APPRAISE-005",
        "warning",
        "an appraisal without a reason",
        "Readers can follow a judgement only if it says why; a sum of answers is no reason.",
        "Give the reason beside the answer, and that of the overall judgement.",
    ),
)

"""Codes of the POOL area that planned analyses raise."""

from __future__ import annotations

from review.catalogue.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "POOL-001",
        "error",
        "patients may be counted twice",
        "One study of the analysis may contain patients of another one, so their sum could count a patient twice. The rows "
        "are shown, the sum is refused.",
        "Pool one of the two, or say how they overlap: distinct_from in one of the sheets, with why; or, where some patients are the "
        "same, same_as at each of these cases.",
    ),
    Code(
        "POOL-002",
        "error",
        "an analysis names a study without a sheet",
        "The row is missing, so the sum would be of fewer studies than planned.",
        "Write the sheet, or correct the name in the protocol.",
    ),
    Code(
        "POOL-003",
        "warning",
        "a study of an analysis has no figure for its outcome",
        "The row is missing in the analysis.",
        "Extract the figure, or take the study out of the analysis and say why.",
    ),
    Code(
        "POOL-004",
        "note",
        "studies of an analysis define the outcome differently",
        "The sum mixes definitions; the table says so.",
        "Nothing, where the protocol means it so; else split the analysis.",
    ),
    Code(
        "POOL-005",
        "note",
        "a case is left out since another sheet counts it",
        "The sheet says that the patient is the same as one of another study in the analysis.",
        "Nothing; look whether it is right.",
    ),
    Code(
        "POOL-006",
        "warning",
        "cases with an unknown outcome are left out",
        "Their answer is not reported or unclear, so the proportion is one of the available cases.",
        "Say so in the text; look for the answer in companion reports.",
    ),
)

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
    Code(
        "POOL-007",
        "warning",
        "a figure that an analysis cannot use",
        "The sheet has figures for the outcome, but not those that the analysis needs: a mean with its SD and number of patients, events with "
        "their person-time, times of single patients, or the events of both arms. What there is stands in the sheet; the row is missing.",
        "Look for the missing figure in the report, or take the study out of the analysis and say why.",
    ),
    Code(
        "POOL-008",
        "note",
        "a model that was not fitted",
        "The rows are shown, but the model that goes with them has nothing to work on: too few studies with a variance.",
        "Report the rows.",
    ),
    Code(
        "POOL-009",
        "warning",
        "cases that an analysis cannot use",
        "Their value is given only as an inequality, or their exposure is not said, so that they are left out of mean or rate.",
        "Say so in the text; look for the value in companion reports.",
    ),
    Code(
        "POOL-010",
        "warning",
        "an analysis without a single row",
        "No study has the figures that the analysis needs, so that it gives nothing.",
        "Extract the figures, or take the analysis out of the protocol and say why.",
    ),
)

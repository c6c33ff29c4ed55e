"""Codes of the EXTRACT area: the sheets of studies."""

from __future__ import annotations

from review.catalogue.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "EXTRACT-001",
        "error",
        "an unknown key in a sheet",
        "A key that sheets do not have is most often a slip of the pen, so its value would be ignored.",
        "Correct the key to one of those listed; a field of a case must be defined in the protocol.",
    ),
    Code(
        "EXTRACT-002",
        "error",
        "a required key of a sheet is missing",
        "The entry cannot be used without it.",
        "Add the key with its value.",
    ),
    Code(
        "EXTRACT-003",
        "error",
        "a value of a sheet is not allowed",
        "The value was not used.",
        "Change it as expected; missing is a word: not reported, not applicable or unclear.",
    ),
    Code(
        "EXTRACT-011",
        "warning",
        "a sheet is kept under another name than its study",
        "Sheets are found by their study's id, also in git's history.",
        "Rename the file, or correct the id.",
    ),
    Code(
        "EXTRACT-012",
        "error",
        "two sheets have one study id",
        "The study would be counted twice; only the first sheet is used.",
        "Merge the sheets, or give one another id.",
    ),
    Code(
        "EXTRACT-013",
        "error",
        "a sheet names a record that no run holds",
        "The figure cannot be walked back to what was found.",
        "Give the id as `review records` prints it, or the name of a report or source of the sheet.",
    ),
    Code(
        "EXTRACT-014",
        "error",
        "an outcome that the protocol does not define",
        "The figure was not used.",
        "Correct the name, or define the outcome in the protocol.",
    ),
    Code(
        "EXTRACT-015",
        "error",
        "a field that the protocol does not define",
        "The figure can be printed, but not compared.",
        "Correct the name, or define the field in the protocol.",
    ),
    Code(
        "EXTRACT-016",
        "error",
        "a value or choice that the protocol does not allow",
        "The value is of the wrong type, outside the range, or not one of the choices. It was not used.",
        "Correct it; missing is a word: not reported, not applicable or unclear.",
    ),
    Code(
        "EXTRACT-017",
        "warning",
        "a figure without a source",
        "Every figure says where it was read, so that a reader can check it.",
        "Add source: with the record, the place and the words or numbers read there.",
    ),
    Code(
        "EXTRACT-021",
        "error",
        "more events than patients",
        "The count was not used.",
        "Look the two numbers up again.",
    ),
    Code(
        "EXTRACT-022",
        "error",
        "a total and the cases beneath it do not agree",
        "Both are given in the sheet, so one of them is wrong. The cases are used.",
        "Look both up again.",
    ),
    Code(
        "EXTRACT-023",
        "error",
        "an outcome is counted twice in a sheet",
        "The first count is used.",
        "Keep one of the two.",
    ),
    Code(
        "EXTRACT-024",
        "error",
        "a total of no patients",
        "There is nothing to count. The count was not used.",
        "Drop the count; missing is a word: not reported.",
    ),
    Code(
        "EXTRACT-030",
        "error",
        "a case stands twice",
        "The patient would be counted twice.",
        "Keep one; where two reports print the same patient, give each its own id and say same_as.",
    ),
    Code(
        "EXTRACT-031",
        "error",
        "a case is said to be one that is not there",
        "It is not known with which case it must not be counted twice: no other sheet has that case, or that case is said to be this "
        "one in turn.",
        "Give the id of a case in another sheet, in one of the two sheets alone.",
    ),
    Code(
        "EXTRACT-032",
        "error",
        "an overlap names a study without a sheet",
        "It is not known with which study patients are shared.",
        "Give the id of another study that has a sheet.",
    ),
)

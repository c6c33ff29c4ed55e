"""Codes of the GRADE area: judgements on the certainty of the evidence."""

from __future__ import annotations

from review.catalogue.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "GRADE-001",
        "error",
        "an unknown key among the judgements of certainty",
        "Nothing reads this key of extraction/certainty.yaml, so what stands there is lost.",
        "Correct the key; the message lists those that there are.",
    ),
    Code(
        "GRADE-002",
        "error",
        "a judgement of certainty lacks a key",
        "Without it the rating of the analysis cannot be shown.",
        "Add the key.",
    ),
    Code(
        "GRADE-003",
        "error",
        "a value that is no judgement of certainty",
        "The value is not used, so that the rating would differ from what was meant.",
        "Use one of the words that the message lists.",
    ),
    Code(
        "GRADE-004",
        "error",
        "the certainty of an analysis that does not exist",
        "The rating is in no table.",
        "Correct the name, or plan the analysis in the protocol.",
    ),
    Code(
        "GRADE-005",
        "warning",
        "a judgement of certainty without a reason, or a domain left out",
        "Readers can follow a rating only if every step says why.",
        "Judge all five domains that may lower the certainty, and give a reason for each step and for the whole.",
    ),
    Code(
        "GRADE-006",
        "warning",
        "a certainty that does not follow from its steps",
        "The start and the steps of the domains lead to another level than the one that is stated.",
        "Correct the level or a judgement; where the difference is meant, the reason should say so.",
    ),
    Code(
        "GRADE-007",
        "note",
        "an analysis whose certainty is not judged",
        "The summary of findings shows it as not judged.",
        "Judge it, or leave it as it is: an open judgement is told as open.",
    ),
)

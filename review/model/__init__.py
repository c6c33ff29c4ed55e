"""The nouns: values that every stage shares, without behaviour that belongs to a stage.

The counting units are types of their own, as PRISMA 2020 defines them: a *record* is one entry of one
source, a *report* is a document, a *study* is an investigation with one or more reports; a *case* is a
patient. `RecordId`, `ReportId`, `StudyId` and `CaseId` keep them apart for the type checker, so that
adding records to reports does not pass it. A report is named by the record that stands for its entries, so that a `ReportId` is a
`RecordId` too, and never the other way round.
"""

from __future__ import annotations

from review.model.decisions import Decision
from review.model.decisions import Stage
from review.model.decisions import Verdict
from review.model.figures import Box
from review.model.figures import BoxLine
from review.model.figures import Estimate
from review.model.figures import Unit
from review.model.figures import Value
from review.model.ids import CaseId
from review.model.ids import RecordId
from review.model.ids import ReportId
from review.model.ids import StudyId
from review.model.records import AbstractSection
from review.model.records import Author
from review.model.records import Lane
from review.model.records import Link
from review.model.records import LinkKind
from review.model.records import Record
from review.model.records import Relation
from review.model.records import Run
from review.model.studies import Answer
from review.model.studies import Appraisal
from review.model.studies import Case
from review.model.studies import Count
from review.model.studies import Derivation
from review.model.studies import Missing
from review.model.studies import Observation
from review.model.studies import Overlap
from review.model.studies import Place
from review.model.studies import Report
from review.model.studies import Study
from review.model.studies import Summary
from review.model.studies import Treatment

__all__ = [
    "AbstractSection",
    "Answer",
    "Appraisal",
    "Author",
    "Box",
    "BoxLine",
    "Case",
    "CaseId",
    "Count",
    "Decision",
    "Derivation",
    "Estimate",
    "Lane",
    "Link",
    "LinkKind",
    "Missing",
    "Observation",
    "Overlap",
    "Place",
    "Record",
    "RecordId",
    "Relation",
    "Report",
    "ReportId",
    "Run",
    "Stage",
    "Study",
    "StudyId",
    "Summary",
    "Treatment",
    "Unit",
    "Value",
    "Verdict",
]

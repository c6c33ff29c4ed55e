"""Ids of the counting units, kept apart for the type checker."""

from __future__ import annotations

from typing import NewType

RecordId = NewType("RecordId", str)
ReportId = NewType("ReportId", RecordId)
StudyId = NewType("StudyId", str)
CaseId = NewType("CaseId", str)

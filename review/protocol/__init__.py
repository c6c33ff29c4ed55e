"""The protocol of a review: the question, the exclusion codes, the arms, the case fields, the outcomes and the planned analyses."""

from __future__ import annotations

from review.protocol.document import FORMAT
from review.protocol.document import parse_protocol
from review.protocol.document import read_protocol
from review.protocol.plan import INTERVALS
from review.protocol.plan import LAYOUTS
from review.protocol.plan import MEASURES
from review.protocol.plan import OUTCOME_TYPES
from review.protocol.plan import ROLES
from review.protocol.plan import SORTS
from review.protocol.plan import STAGES
from review.protocol.plan import Analysis
from review.protocol.plan import AppraisalPlan
from review.protocol.plan import Arm
from review.protocol.plan import CaseField
from review.protocol.plan import Direction
from review.protocol.plan import FieldType
from review.protocol.plan import FlowPlan
from review.protocol.plan import ForestPlan
from review.protocol.plan import Outcome
from review.protocol.plan import OutcomeType
from review.protocol.plan import Previous
from review.protocol.plan import Protocol
from review.protocol.plan import Reason
from review.protocol.plan import ScreeningPlan
from review.protocol.plan import StageRule
from review.protocol.plan import TimePoint
from review.protocol.plan import TreatmentPlan
from review.protocol.plan import Withdrawn

__all__ = [
    "FORMAT",
    "INTERVALS",
    "LAYOUTS",
    "MEASURES",
    "OUTCOME_TYPES",
    "ROLES",
    "SORTS",
    "STAGES",
    "Analysis",
    "AppraisalPlan",
    "Arm",
    "CaseField",
    "Direction",
    "FieldType",
    "FlowPlan",
    "ForestPlan",
    "Outcome",
    "OutcomeType",
    "Previous",
    "Protocol",
    "Reason",
    "ScreeningPlan",
    "StageRule",
    "TimePoint",
    "TreatmentPlan",
    "Withdrawn",
    "parse_protocol",
    "read_protocol",
]

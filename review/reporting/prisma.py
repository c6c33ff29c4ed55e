"""The PRISMA 2020 flow diagram as data: its numbers, the four official templates, and the words in each box.

The keys are those of the PRISMA2020 app's CSV (Haddaway et al., https://doi.org/10.1002/cl2.1230). A total with its parts is one box with lines: the
databases inside `database_results`, the reasons inside `dbr_excluded`. Beyond the app's keys there are a few that a case-report
review, an update or an unfinished review needs (`EXTRA_KEYS`); they are never written to the app's CSV.

Source: Page MJ, McKenzie JE, Bossuyt PM, et al. The PRISMA 2020 statement: an updated guideline for reporting systematic reviews. BMJ
2021;372:n71, https://doi.org/10.1136/bmj.n71. The wording of the boxes is theirs, used under CC BY 4.0.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from review.model import Box
from review.model import Unit

#: Printed below a diagram: what the licence of the statement asks for.
ATTRIBUTION = "Template: Page MJ, et al. The PRISMA 2020 statement. BMJ 2021;372:n71. doi:10.1136/bmj.n71 (CC BY 4.0)."

#: What each key of the app's CSV counts, in the order of the diagram.
APP_KEYS: Mapping[str, Unit] = {
    "previous_studies": "studies",
    "previous_reports": "reports",
    "database_results": "records",
    "register_results": "records",
    "website_results": "records",
    "organisation_results": "records",
    "citations_results": "records",
    "duplicates": "records",
    "excluded_automatic": "records",
    "excluded_other": "records",
    "records_screened": "records",
    "records_excluded": "records",
    "dbr_sought_reports": "reports",
    "dbr_notretrieved_reports": "reports",
    "dbr_assessed": "reports",
    "dbr_excluded": "reports",
    "other_sought_reports": "reports",
    "other_notretrieved_reports": "reports",
    "other_assessed": "reports",
    "other_excluded": "reports",
    "new_studies": "studies",
    "new_reports": "reports",
    "total_studies": "studies",
    "total_reports": "reports",
    "total_studies_ma": "studies",
    "total_reports_ma": "reports",
}

#: Numbers that the official diagram has no box for.
EXTRA_KEYS: Mapping[str, Unit] = {
    "records_waiting": "records",  # not screened yet, or in conflict: the remainder of an unfinished review
    "dbr_waiting": "reports",  # sought, and neither given up nor decided yet
    "other_waiting": "reports",
    "new_cases": "cases",  # patients in the included studies
    "total_cases": "cases",
    "withdrawn_studies": "studies",  # in the previous version, no longer included
    "withdrawn_reports": "reports",
    "added_reports": "reports",  # new reports of studies that the previous version included
}

UNITS: Mapping[str, Unit] = {**APP_KEYS, **EXTRA_KEYS}

#: The keys whose sum is what a lane identified.
DATABASE_LANE = ("database_results", "register_results")
OTHER_LANE = ("website_results", "organisation_results", "citations_results")

#: The app's separate keys for what are the lines of a box here.
DETAIL_KEYS: Mapping[str, str] = {
    "database_specific_results": "database_results",
    "register_specific_results": "register_results",
}

_WAITING = ("records_waiting", "dbr_waiting", "other_waiting")

TemplateKey = Literal["new-v1", "new-v2", "updated-v1", "updated-v2"]


@dataclass(frozen=True, slots=True)
class Template:
    """One of the four official diagrams: of a new or an updated review, without (v1) or with (v2) other sources."""

    key: TemplateKey
    is_updated: bool
    has_other: bool

    @property
    def lane_titles(self) -> Mapping[str, str]:
        """The titles above the lanes `previous`, `main` and `other`, as far as the template has them."""
        new = "new " if self.is_updated else ""
        titles = {"main": f"Identification of {new}studies via databases and registers"}
        if self.is_updated:
            titles["previous"] = "Previous studies"
        if self.has_other:
            titles["other"] = f"Identification of {new}studies via other methods"
        return titles


TEMPLATES: Mapping[TemplateKey, Template] = {
    "new-v1": Template("new-v1", is_updated=False, has_other=False),
    "new-v2": Template("new-v2", is_updated=False, has_other=True),
    "updated-v1": Template("updated-v1", is_updated=True, has_other=False),
    "updated-v2": Template("updated-v2", is_updated=True, has_other=True),
}

#: Wording of single numbers, apart from what depends on the template.
_TEXTS: Mapping[str, str] = {
    "previous_studies": "Studies included in previous version of review",
    "previous_reports": "Reports of studies included in previous version of review",
    "database_results": "Databases",
    "register_results": "Registers",
    "website_results": "Websites",
    "organisation_results": "Organisations",
    "citations_results": "Citation searching",
    "duplicates": "Duplicate records removed",
    "excluded_automatic": "Records marked as ineligible by automation tools",
    "excluded_other": "Records removed for other reasons",
    "records_screened": "Records screened",
    "records_excluded": "Records excluded",
    "dbr_sought_reports": "Reports sought for retrieval",
    "dbr_notretrieved_reports": "Reports not retrieved",
    "dbr_assessed": "Reports assessed for eligibility",
    "dbr_excluded": "Reports excluded",
    "other_sought_reports": "Reports sought for retrieval",
    "other_notretrieved_reports": "Reports not retrieved",
    "other_assessed": "Reports assessed for eligibility",
    "other_excluded": "Reports excluded",
    "new_studies": "Studies included in review",
    "new_reports": "Reports of included studies",
    "total_studies": "Total studies included in review",
    "total_reports": "Reports of total included studies",
    "total_studies_ma": "Studies included in meta-analysis",
    "total_reports_ma": "Reports of studies included in meta-analysis",
    "records_waiting": "Records awaiting screening",
    "dbr_waiting": "Reports awaiting a decision",
    "other_waiting": "Reports awaiting a decision",
    "new_cases": "Cases in included studies",
    "total_cases": "Cases in total included studies",
    "withdrawn_studies": "Previous studies no longer included",
    "withdrawn_reports": "Reports of studies no longer included",
    "added_reports": "New reports of previously included studies",
}

_UPDATED_TEXTS: Mapping[str, str] = {
    "new_studies": "New studies included in review",
    "new_reports": "Reports of new included studies",
    "new_cases": "Cases in new included studies",
    "total_studies_ma": "Total studies included in meta-analysis",
    "total_reports_ma": "Reports of total included studies in meta-analysis",
}


def index_boxes(boxes: Iterable[Box]) -> dict[str, Box]:
    """Key boxes by their key, in the order of the diagram.

    Raises:
        ValueError: If a key is unknown or comes twice: a programming error, since boxes are counted, not typed.
    """
    found: dict[str, Box] = {}
    for box in boxes:
        if box.key not in UNITS:
            raise ValueError(f"{box.key} is not a number of the flow diagram")
        if box.key in found:
            raise ValueError(f"{box.key} is given twice")
        found[box.key] = box
    return {key: found[key] for key in UNITS if key in found}


def choose_template(boxes: Iterable[Box]) -> Template:
    """Choose the official template that has a place for every number: grey lanes vanish when nothing is in them."""
    counts = {box.key: box.n for box in boxes}
    is_updated = counts.get("previous_studies", 0) > 0 or counts.get("previous_reports", 0) > 0
    has_other = any(counts.get(key, 0) > 0 for key in (*OTHER_LANE, "other_sought_reports", "other_assessed"))
    return next(each for each in TEMPLATES.values() if (each.is_updated, each.has_other) == (is_updated, has_other))


def is_unfinished(boxes: Iterable[Box]) -> bool:
    """Whether decisions are still missing, so that a diagram can only be a draft."""
    return any(box.key in _WAITING and box.n > 0 for box in boxes)


def describe_key(key: str, template: Template) -> str:
    """Give the official words for one number."""
    return (_UPDATED_TEXTS.get(key) if template.is_updated else None) or _TEXTS[key]

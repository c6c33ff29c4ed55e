"""Tools for appraising case reports and case series: their items in short words of our own.

The items are facts of the tools; for the full wording and guidance see the sources.

Sources:
    Moola S, et al. Systematic reviews of etiology and risk. In: JBI Manual for Evidence Synthesis. 2020 (case reports).
    Munn Z, et al. Methodological quality of case series studies: an introduction to the JBI critical appraisal tool. JBI Evid Synth 2020;18:2127-2133.
    Murad MH, et al. Methodological quality and synthesis of case series and case reports. BMJ Evid Based Med 2018;23:60-63.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class ToolItem(NamedTuple):
    """One item of a tool: its key in sheets, what it asks, and its domain (empty where the tool has none)."""

    key: str
    asks: str
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Tool:
    """An appraisal tool. `judgements` are the words for the overall judgement; no tool here is summed to a score."""

    key: str
    name: str
    citation: str
    items: tuple[ToolItem, ...]
    answers: tuple[str, ...]
    judgements: tuple[str, ...]

    def item(self, key: str) -> ToolItem | None:
        """Return the item of this key."""
        return next((item for item in self.items if item.key == key), None)


_JBI_ANSWERS = ("yes", "no", "unclear", "not applicable")
_JBI_JUDGEMENTS = ("include", "exclude", "seek further information")

_CASE_REPORT = Tool(
    "jbi-case-report",
    "JBI checklist for case reports",
    "Moola S, et al. JBI Manual for Evidence Synthesis, 2020",
    (
        ToolItem("demographics", "Are age, sex and other traits of the patient clear?"),
        ToolItem("history", "Is the history told in order of time?"),
        ToolItem("condition", "Is the state at presentation clear?"),
        ToolItem("tests", "Are diagnostic tests and their results clear?"),
        ToolItem("intervention", "Is the treatment clear?"),
        ToolItem("condition_after", "Is the state after treatment clear?"),
        ToolItem("adverse_events", "Are harms and unexpected events named?"),
        ToolItem("lessons", "Does the report say what is learned from it?"),
    ),
    _JBI_ANSWERS,
    _JBI_JUDGEMENTS,
)

_CASE_SERIES = Tool(
    "jbi-case-series",
    "JBI checklist for case series",
    "Munn Z, et al. JBI Evid Synth 2020;18:2127-2133",
    (
        ToolItem("criteria", "Are the criteria for inclusion clear?"),
        ToolItem("measurement", "Was the condition measured alike and reliably in all?"),
        ToolItem("identification", "Was the condition identified by valid methods in all?"),
        ToolItem("consecutive", "Were patients included one after the other?"),
        ToolItem("complete", "Were all eligible patients included?"),
        ToolItem("demographics", "Are the patients' demographic traits clear?"),
        ToolItem("clinical_information", "Is the patients' clinical information clear?"),
        ToolItem("outcomes", "Are outcomes or follow-up results clear?"),
        ToolItem("site", "Are the traits of the centre and its population clear?"),
        ToolItem("statistics", "Was the statistical analysis fitting?"),
    ),
    _JBI_ANSWERS,
    _JBI_JUDGEMENTS,
)

_MURAD = Tool(
    "murad-2018",
    "Murad 2018",
    "Murad MH, et al. BMJ Evid Based Med 2018;23:60-63",
    (
        ToolItem("selection", "Do the patients stand for all that the centre has seen?", "selection"),
        ToolItem("exposure", "Was the exposure ascertained well?", "ascertainment"),
        ToolItem("outcome", "Was the outcome ascertained well?", "ascertainment"),
        ToolItem("alternatives", "Were other explanations ruled out?", "causality"),
        ToolItem("challenge", "Was there a challenge or rechallenge?", "causality"),
        ToolItem("dose_response", "Was there a dose-response effect?", "causality"),
        ToolItem("followup", "Was follow-up long enough for the outcome?", "causality"),
        ToolItem("reporting", "Is enough told to act on it or to repeat it?", "reporting"),
    ),
    ("yes", "no", "unclear", "not applicable"),
    ("low concern", "some concern", "high concern"),
)

#: The tools by their key in protocols and sheets.
TOOLS: Mapping[str, Tool] = {tool.key: tool for tool in (_CASE_REPORT, _CASE_SERIES, _MURAD)}

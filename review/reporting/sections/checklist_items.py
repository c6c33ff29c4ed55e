"""The items of the PRISMA 2020 checklists: their numbers, and labels of our own; the statement has the full wording.

Source: Page MJ, McKenzie JE, Bossuyt PM, et al. The PRISMA 2020 statement: an updated guideline for reporting systematic reviews. BMJ
2021;372:n71, https://doi.org/10.1136/bmj.n71 (CC BY 4.0): table 1 (checklist, 27 items) and table 2 (abstracts, 12 items).
"""

from __future__ import annotations

from typing import NamedTuple


class Item(NamedTuple):
    """One item or sub-item: its number in the statement, and a short label of our own."""

    number: str
    label: str


class Group(NamedTuple):
    """The items under one heading of the statement's table."""

    title: str
    items: tuple[Item, ...]


#: The checklist: 27 items, 42 with their sub-items.
CHECKLIST: tuple[Group, ...] = (
    Group("Title", (Item("1", "The title names a systematic review"),)),
    Group("Abstract", (Item("2", "Abstract, by its own checklist"),)),
    Group("Introduction", (Item("3", "Why the review is needed"), Item("4", "Objectives or questions"))),
    Group(
        "Methods",
        (
            Item("5", "Eligibility criteria, and groups for syntheses"),
            Item("6", "Information sources, and when each was last searched"),
            Item("7", "Full strategies of all sources, with limits"),
            Item("8", "How studies were selected, by how many people, with which tools"),
            Item("9", "How data were collected, by how many people"),
            Item("10a", "Outcomes that data were sought for"),
            Item("10b", "Other variables, and what was assumed where they are missing"),
            Item("11", "How the risk of bias in studies was judged, by how many people"),
            Item("12", "Effect measures of each outcome"),
            Item("13a", "Which studies were eligible for each synthesis"),
            Item("13b", "How data were prepared for synthesis"),
            Item("13c", "How results were tabulated and drawn"),
            Item("13d", "How results were combined, and why so"),
            Item("13e", "How causes of heterogeneity were explored"),
            Item("13f", "Sensitivity analyses"),
            Item("14", "How bias from missing results was judged"),
            Item("15", "How certainty of the evidence was judged"),
        ),
    ),
    Group(
        "Results",
        (
            Item("16a", "Search and selection, best with a flow diagram"),
            Item("16b", "Near misses, and why they were excluded"),
            Item("17", "Each study and its characteristics"),
            Item("18", "Risk of bias of each study"),
            Item("19", "Results of each study, with precision"),
            Item("20a", "Characteristics and risk of bias of the studies in each synthesis"),
            Item("20b", "Results of each synthesis, with precision and heterogeneity"),
            Item("20c", "Results on causes of heterogeneity"),
            Item("20d", "Results of sensitivity analyses"),
            Item("21", "Bias from missing results in each synthesis"),
            Item("22", "Certainty of the evidence for each outcome"),
        ),
    ),
    Group(
        "Discussion",
        (
            Item("23a", "What the results mean beside other evidence"),
            Item("23b", "Limitations of the evidence"),
            Item("23c", "Limitations of how the review was made"),
            Item("23d", "What follows for practice, policy and research"),
        ),
    ),
    Group(
        "Other information",
        (
            Item("24a", "Registration, or that there is none"),
            Item("24b", "Where the protocol can be read, or that there is none"),
            Item("24c", "Amendments to registration or protocol"),
            Item("25", "Support, and the role of funders"),
            Item("26", "Competing interests of the authors"),
            Item("27", "Which data, code and materials are available, and where"),
        ),
    ),
)

#: The checklist for abstracts: 12 items.
ABSTRACT: tuple[Group, ...] = (
    Group("Title", (Item("1", "The title names a systematic review"),)),
    Group("Background", (Item("2", "Objectives or questions"),)),
    Group(
        "Methods",
        (
            Item("3", "Criteria for including and excluding studies"),
            Item("4", "Sources, and when each was last searched"),
            Item("5", "How the risk of bias was judged"),
            Item("6", "How results were presented and combined"),
        ),
    ),
    Group(
        "Results",
        (
            Item("7", "Number of studies and participants, and what they are like"),
            Item("8", "Results of the main outcomes, with numbers and intervals"),
        ),
    ),
    Group("Discussion", (Item("9", "Limitations of the evidence"), Item("10", "Interpretation and implications"))),
    Group("Other", (Item("11", "Main source of funding"), Item("12", "Register's name and number"))),
)

"""Codes of the RUN area for sources other than PubMed, citation chasing and full texts (RUN-040 to RUN-069)."""

from __future__ import annotations

from review.catalogue.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "RUN-040",
        "warning",
        "a search without hits",
        "The service answered and has nothing for this strategy. That is an answer, not a failure.",
        "Look whether the strategy is written as this service wants it.",
    ),
    Code(
        "RUN-041",
        "note",
        "the service lists more records than it counts",
        "The count of a search is an estimate at some services; the run holds every record that was listed, and counts those.",
        "Nothing to do.",
    ),
    Code(
        "RUN-042",
        "note",
        "the service forgot where the list of hits goes on",
        "The mark of the next page was no longer known, so the list was fetched anew from its beginning.",
        "Nothing to do.",
    ),
    Code(
        "RUN-050",
        "warning",
        "an included report that the service does not know",
        "Citations of this report could not be followed at this service: it has no record of it, or the report has neither DOI nor "
        "PubMed id.",
        "Look whether another service knows it; else follow its references by hand.",
    ),
    Code(
        "RUN-051",
        "note",
        "included reports without links",
        "The service knows these reports and has no references, or no citing works, of them. Links are incomplete everywhere: an "
        "empty answer does not mean that there are none.",
        "Use more than one service; look at the reference lists of the reports themselves.",
    ),
    Code(
        "RUN-052",
        "note",
        "references that are text alone",
        "These references have no record at the service and neither title nor DOI; they cannot become records. Their text is in the "
        "run's payload.",
        "Read them in the reports' own reference lists.",
    ),
    Code(
        "RUN-053",
        "warning",
        "linked records that the service did not deliver",
        "The service names these records as citing or cited and has no record for them.",
        "Run the command again later; the ids are named in run.json under `missing`.",
    ),
)

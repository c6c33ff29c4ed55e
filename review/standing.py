"""Where a review stands: what is done, what waits, and what to do next."""

from __future__ import annotations

from review.numerals import count_noun
from review.results import count_flow
from review.workspace import Review


def summarise(review: Review) -> dict[str, object]:
    """Return the figures that the command line promises."""
    progress = review.progress
    extracted = {review.report_of.get(report.record) for study in review.studies.values() for report in study.reports}
    boxes = {box.key: box.n for box in count_flow(review)[0]}
    return {
        "records": len(review.entries),
        "references": len(review.grouping.groups),
        "unscreened": {
            "title-abstract": len(progress.unscreened),
            "retrieval": len(progress.unretrieved),
            "full-text": len(progress.undecided),
        },
        "conflicts": len(progress.conflicts),
        "to_extract": sum(report not in extracted for report in progress.included),
        "included_studies": boxes["new_studies"],
        "cases": boxes["new_cases"],
    }


def list_lines(review: Review, summary: dict[str, object]) -> list[tuple[str, str, str]]:
    """Return the lines of the status: what is counted, how many, and what to know of them."""
    progress = review.progress
    sources = ", ".join(dict.fromkeys(loaded.run.source for loaded in review.runs)) or "none"
    doubtful = len(review.grouping.doubtful)
    cases = summary["cases"]
    assert isinstance(cases, int)
    return [
        ("records", f"{summary['records']:,}", f"from {count_noun(len(review.runs), 'run')}: {sources}"),
        (
            "references",
            f"{summary['references']:,}",
            f"after joining duplicates; {count_noun(doubtful, 'doubtful pair')}",
        ),
        ("screened", f"{len(progress.screened):,}", f"{len(progress.unscreened):,} wait"),
        (
            "sought",
            f"{len(progress.sought):,}",
            f"{len(progress.not_retrieved)} not retrieved, {len(progress.unretrieved)} wait",
        ),
        (
            "assessed",
            f"{len(progress.assessed):,}",
            f"{len(progress.rejected)} excluded, {len(progress.undecided)} wait",
        ),
        ("conflicts", f"{summary['conflicts']}", "to be settled"),
        ("included reports", f"{len(progress.included)}", f"{summary['to_extract']} not extracted yet"),
        ("included studies", f"{summary['included_studies']}", count_noun(cases, "patient")),
    ]


def advise(review: Review) -> str:
    """Say what to do next."""
    progress = review.progress
    if not review.runs:
        return "Next: adopt an exported file with `review import FILE --source NAME`."
    if progress.unscreened:
        return (
            f"Next: screen {len(progress.unscreened):,} titles and abstracts (logs are kept in extraction/screening)."
        )
    if progress.conflicts:
        return f"Next: settle {len(progress.conflicts)} conflicts in extraction/screening/consensus.csv."
    if progress.unretrieved or progress.undecided:
        return f"Next: decide on {len(progress.unretrieved) + len(progress.undecided)} full texts."
    return "Next: `review build` writes the outputs."

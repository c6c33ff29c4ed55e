"""Made-up flows whose arithmetic is right: a first review, an update, with and without other sources."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence

from review.model import Box
from review.model import BoxLine
from review.reporting.prisma import UNITS


def make_ids(prefix: str, start: int, stop: int) -> tuple[str, ...]:
    return tuple(f"{prefix}:{number:04}" for number in range(start, stop))


def make_box(key: str, ids: Sequence[str], parts: Mapping[str, Sequence[str]] | None = None) -> Box:
    lines = tuple(BoxLine(label, len(part), tuple(part)) for label, part in (parts or {}).items())
    return Box(key, len(ids), UNITS[key], tuple(ids), lines)


def make_reported(**counts: int) -> dict[str, Box]:
    """Bare numbers without ids, as typed by someone else."""
    return {key: Box(key, n, UNITS[key], reported=True) for key, n in counts.items()}


def make_new_review() -> dict[str, Box]:
    """120 records of two databases and a register, 20 duplicates, 100 screened, 12 reports, 4 studies of 5 reports."""
    records = make_ids("rec", 0, 120)
    reports = make_ids("rep", 0, 12)
    boxes = [
        make_box("database_results", records[:110], {"PubMed": records[:70], "Embase": records[70:110]}),
        make_box("register_results", records[110:], {"ClinicalTrials.gov": records[110:]}),
        make_box("duplicates", records[100:]),
        make_box("excluded_automatic", ()),
        make_box("excluded_other", ()),
        make_box("records_screened", records[:100]),
        make_box("records_excluded", records[12:100]),
        make_box("dbr_sought_reports", reports),
        make_box("dbr_notretrieved_reports", reports[:1]),
        make_box("dbr_assessed", reports[1:]),
        make_box("dbr_excluded", reports[1:7], {"No calcinosis": reports[1:5], "Review without cases": reports[5:7]}),
        make_box("new_studies", make_ids("study", 0, 4)),
        make_box("new_reports", reports[7:]),
    ]
    return {box.key: box for box in boxes}


REPORT_OF = {f"rec:{number:04}": f"rep:{number:04}" for number in range(12)}
STUDY_OF = {
    "rep:0007": "study:0000",
    "rep:0008": "study:0000",
    "rep:0009": "study:0001",
    "rep:0010": "study:0002",
    "rep:0011": "study:0003",
}


def make_updated_review() -> dict[str, Box]:
    """The new review as an update of one with 3 studies of 4 reports, with a lane of other methods that adds one study."""
    boxes = make_new_review()
    other = make_ids("web", 0, 5)
    more = make_ids("repo", 0, 5)
    previous, previous_reports = make_ids("old", 0, 3), make_ids("oldrep", 0, 4)
    studies = (*boxes["new_studies"].ids, "study:0004")
    reports = (*boxes["new_reports"].ids, more[4])
    extra = [
        make_box("previous_studies", previous),
        make_box("previous_reports", previous_reports),
        make_box("website_results", other[:1]),
        make_box("organisation_results", ()),
        make_box("citations_results", other[1:]),
        make_box("other_sought_reports", more),
        make_box("other_notretrieved_reports", more[:1]),
        make_box("other_assessed", more[1:]),
        make_box("other_excluded", more[1:4], {"No calcinosis": more[1:4]}),
        make_box("new_studies", studies),
        make_box("new_reports", reports),
        make_box("total_studies", (*previous, *studies)),
        make_box("total_reports", (*previous_reports, *reports)),
        make_box("total_studies_ma", studies[:3]),
        make_box("total_reports_ma", reports[:4]),
    ]
    return boxes | {box.key: box for box in extra}

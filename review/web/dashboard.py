"""The dashboard of a review: where it stands, what waits for whom, what was found, and the way to its pages."""

from __future__ import annotations

import mimetypes
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.responses import HTMLResponse
from starlette.responses import Response
from starlette.routing import Mount
from starlette.routing import Route
from starlette.types import ASGIApp
from starlette.types import Receive
from starlette.types import Scope
from starlette.types import Send

from review.extraction.template import STUDY_ID
from review.extraction.template import suggest_study_id
from review.findings import LEVELS
from review.findings import Finding
from review.layout import Layout
from review.results import compute_results
from review.standing import advise
from review.standing import list_lines
from review.standing import summarise
from review.web.extracting import ExtractionPage
from review.web.guard import Pass
from review.web.pdfs import PdfFolder
from review.web.screening import load_templates
from review.web.screening import show_static
from review.web.sheet_desk import SheetDesk
from review.web.sheet_desk import Shelf
from review.workspace import Review
from review.workspace import open_review

#: Findings that the page lists; `review check` lists all.
MOST_FINDINGS = 300

#: The report and what it shows run no script and load nothing from elsewhere; its styles and pictures are inside of it.
_REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)

#: What a browser shows by itself; everything else is downloaded.
_SHOWN = frozenset({".html", ".svg", ".png", ".txt", ".json", ".csv", ".pdf", ".md"})


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A sheet on the dashboard: `open_values` are still to be extracted, `findings` are all others."""

    study: str
    label: str
    path: str
    address: str
    cases: int
    open_values: int
    findings: int


class FormPages:
    """The forms of all sheets below one path, each made when it is first asked for: `/STUDY/` and what is below it."""

    def __init__(self, shelf: Shelf, who: str, permit: Pass, *, is_second: bool) -> None:
        self._shelf = shelf
        self._who = who
        self._permit = permit
        self._is_second = is_second
        self._apps: dict[str, ASGIApp] = {}
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the form of the study that the path names."""
        app = self._find(scope["path_params"]["study"])
        await app(scope, receive, send)

    def _find(self, study: str) -> ASGIApp:
        with self._lock:
            if study not in self._apps:
                if not STUDY_ID.fullmatch(study):
                    raise HTTPException(404, "there is no such sheet")
                desk = SheetDesk(self._shelf, study, is_second=self._is_second)
                if not desk.path.is_file():
                    raise HTTPException(404, f"there is no {desk.shown}")
                self._apps[study] = ExtractionPage(desk, self._who, self._permit).make_app()
            return self._apps[study]


class Dashboard:
    """The pages of one review. `screening` is the page of the one who serves it, None where nobody is named."""

    def __init__(
        self, layout: Layout, pdfs: PdfFolder, who: str, permit: Pass, screening: Starlette | None = None
    ) -> None:
        self._layout = layout
        self._pdfs = pdfs
        self._who = who
        self._permit = permit
        self._screening = screening

    def make_app(self) -> Starlette:
        """Return the application; it is to be served behind a `Guard`."""
        shelf = Shelf(self._layout, self._pdfs)
        forms = (
            Mount(f"/{name}/{{study}}", FormPages(shelf, self._who, self._permit, is_second=second))
            for name, second in (("form", False), ("second", True))
        )
        screening = [Mount("/screening", self._screening)] if self._screening is not None else []
        return Starlette(
            routes=[
                Route("/", self.show_page),
                Route("/static/{name}", show_static),
                Route("/output/{path:path}", self.show_output),
                *forms,
                *screening,
            ]
        )

    def show_page(self, request: Request) -> Response:
        """Answer with the dashboard; the review is read anew."""
        review = open_review(self._layout)
        findings = compute_results(review).findings
        counts = Counter(finding.level for finding in findings)
        text = (
            load_templates()
            .get_template("dashboard.html.j2")
            .render(
                base=request.scope.get("root_path", ""),
                title=review.protocol.title,
                question=review.protocol.question,
                who=self._who,
                lines=list_lines(review, summarise(review)),
                advice=advise(review).removeprefix("Next: ").replace("`", ""),
                waiting=list(_list_waiting(review)),
                voters=_count_voters(review),
                screens=self._screening is not None,
                sheets=_list_sheets(review, findings),
                reports=_list_reports(self._layout),
                counts=[(level, counts[level]) for level in LEVELS],
                findings=[(finding, self._find_form(finding)) for finding in findings[:MOST_FINDINGS]],
                more=max(0, len(findings) - MOST_FINDINGS),
            )
        )
        return HTMLResponse(text)

    def show_output(self, request: Request) -> Response:
        """Answer with a file that was built."""
        folder = self._layout.output.resolve()
        path = (folder / request.path_params["path"]).resolve()
        if not path.is_relative_to(folder) or not path.is_file():
            raise HTTPException(404, "this was not built; run `review build`")
        return FileResponse(
            path,
            media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
            headers={"Content-Security-Policy": _REPORT_POLICY},
            content_disposition_type="inline" if path.suffix in _SHOWN else "attachment",
            filename=path.name,
        )

    def _find_form(self, finding: Finding) -> str:
        """Return the address of the form in which a finding can be seen, empty for none."""
        path = finding.origin.path if finding.origin else ""
        for name, folder in (("form", self._layout.studies), ("second", self._layout.second)):
            study = path.removeprefix(f"{self._layout.show(folder)}/").removesuffix(".yaml")
            if path == f"{self._layout.show(folder)}/{study}.yaml" and STUDY_ID.fullmatch(study):
                return f"/{name}/{study}/"
        return ""


def _list_waiting(review: Review) -> Iterator[tuple[str, str, str]]:
    """Yield what waits: how many of what, for whom, and what is to be done."""
    progress = review.progress
    extracted = {review.report_of.get(report.record) for study in review.studies.values() for report in study.reports}
    second = {study.id for study in review.second}
    sheets = [
        f"review extract new {suggest_study_id(review.references[report])} --record {report}"
        for report in progress.included
        if report not in extracted
    ]
    lines = (
        (len(progress.unscreened), "titles and abstracts", "screeners", "screen them"),
        (len(progress.conflicts), "conflicts", "who settles", "settle them"),
        (len(progress.unretrieved), "reports", "screeners", "find their full texts"),
        (len(progress.undecided), "full texts", "screeners", "decide on them"),
        (len(sheets), "included reports without a sheet", "extractors", "; ".join(sheets[:5])),
    )
    yield from ((f"{what}: {number:,}", who, how) for number, what, who, how in lines if number)
    lacking = [study for study in review.studies if study not in second]
    if second and lacking:
        yield f"sheets without a second one: {len(lacking):,}", "second extractors", f"{', '.join(lacking[:10])}"


def _count_voters(review: Review) -> list[tuple[str, str]]:
    """Return who decided how much at each stage."""
    people: dict[str, Counter[str]] = {}
    for vote in review.votes:
        people.setdefault(vote.by, Counter())[vote.stage] += 1
    return [
        (who, ", ".join(f"{stage} {number:,}" for stage, number in counter.items()))
        for who, counter in sorted(people.items())
    ]


def _list_sheets(review: Review, findings: tuple[Finding, ...] | list[Finding]) -> list[SheetLine]:
    layout = review.layout
    lines = []
    for name, folder, studies in (
        ("form", layout.studies, review.studies.values()),
        ("second", layout.second, review.second),
    ):
        labels = {str(study.id): (study.label, len(study.cases)) for study in studies}
        for path in sorted(folder.glob("*.yaml")):
            shown = layout.show(path)
            own = [finding.code for finding in findings if finding.origin and finding.origin.path == shown]
            label, cases = labels.get(path.stem, ("cannot be read", 0))
            address = f"/{name}/{path.stem}/" if STUDY_ID.fullmatch(path.stem) else ""
            open_values = own.count("EXTRACT-045")
            lines.append(SheetLine(path.stem, label, shown, address, cases, open_values, len(own) - open_values))
    return lines


def _list_reports(layout: Layout) -> list[str]:
    """Return the built documents, the report first."""
    folder: Path = layout.output
    if not folder.is_dir():
        return []
    return [name for name in ("report.html", "report.docx") if (folder / name).is_file()]

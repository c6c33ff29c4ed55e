"""The screening page: its routes over one desk."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from collections.abc import Mapping
from importlib.resources import files
from typing import cast

import jinja2
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.responses import HTMLResponse
from starlette.responses import Response
from starlette.routing import Route

from review.model import RecordId
from review.model import ReportId
from review.model import Stage
from review.model import Verdict
from review.protocol import STAGES
from review.web.bodies import PlainJson
from review.web.bodies import read_texts
from review.web.desk import NOTE_LIMIT
from review.web.desk import Choice
from review.web.desk import Desk
from review.web.desk import RefusedError
from review.web.guard import Pass
from review.web.pdfs import PdfFolder
from review.web.views import view_decision
from review.web.views import view_record

LABELS: Mapping[Stage, str] = {
    "title-abstract": "Title and abstract",
    "retrieval": "Retrieval",
    "full-text": "Full text",
}

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}

#: Most records that one answer brings, and most lines of a list.
_MOST_RECORDS = 20
_MOST_LINES = 200

#: Answers to changes that are remembered, for a page that asks again because it never got the answer.
_MOST_ANSWERS = 500


class ScreeningPage:
    """The routes of the screening page of one desk."""

    def __init__(self, desk: Desk, pdfs: PdfFolder, permit: Pass) -> None:
        self._desk = desk
        self._library = desk.library
        self._pdfs = pdfs
        self._permit = permit
        self._answers: OrderedDict[str, tuple[int, dict[str, object]]] = OrderedDict()
        self._changing = threading.Lock()
        self._texts: dict[ReportId, str] = {}

    def make_app(self) -> Starlette:
        """Return the application; it is to be served behind a `Guard`."""
        return Starlette(
            routes=[
                Route("/", self.show_page),
                Route("/static/{name}", show_static),
                Route("/pdf", self.show_pdf),
                Route("/api/start", self.start),
                Route("/api/next", self.show_next),
                Route("/api/record", self.show_record),
                Route("/api/list", self.list_records),
                Route("/api/conflicts", self.list_conflicts),
                Route("/api/{change:str}", self.change, methods=["POST"]),
            ]
        )

    # What is read. These functions are not coroutines, so that each runs in a thread of its own.

    def show_page(self, request: Request) -> Response:
        """Answer with the page itself."""
        template = load_templates().get_template("screening.html.j2")
        text = template.render(
            base=request.scope.get("root_path", ""),
            title=self._library.protocol.title,
            who=self._desk.who,
            token=self._permit.token,
        )
        return HTMLResponse(text)

    def show_pdf(self, request: Request) -> Response:
        """Answer with the full text of a report, which the browser shows in a frame of the page."""
        report = self._get_report(request)
        path = self._pdfs.find(self._library.show(report), self._library.members[report])
        if path is None:
            raise HTTPException(404, "there is no full text of this report")
        headers = {"Content-Security-Policy": "frame-ancestors 'self'"}
        return FileResponse(
            path, media_type="application/pdf", headers=headers, content_disposition_type="inline", filename=path.name
        )

    def start(self, request: Request) -> Response:
        """Answer with what the page needs once per stage: criteria, reasons, words, counts."""
        stage = _get_stage(request)
        self._desk.refresh()
        protocol = self._library.protocol
        return PlainJson(
            {
                "who": self._desk.who,
                "question": protocol.question,
                "criteria": [{"name": name.replace("_", " "), "texts": texts} for name, texts in protocol.eligibility],
                "reasons": {
                    key: [{"code": item.code, "label": item.label} for item in protocol.reasons if key in item.stages]
                    for key in STAGES
                },
                "wanted": protocol.screening.wanted,
                "unwanted": protocol.screening.unwanted,
                "stages": [
                    {"key": key, "label": LABELS[key], "left": tally.left, "total": tally.total}
                    for key in STAGES
                    if (tally := self._desk.count(key))
                ],
                "screeners": protocol.rule(stage).screeners,
                "pdfs": str(self._pdfs.folder),
                "note_limit": NOTE_LIMIT,
                "tally": self._view_tally(stage),
            }
        )

    def show_next(self, request: Request) -> Response:
        """Answer with the next records that wait."""
        stage = _get_stage(request)
        count = min(max(_get_number(request, "count", 1), 1), _MOST_RECORDS)
        passed = [_name_report(record) for record in request.query_params.getlist("passed")]
        found = self._desk.offer(stage, count, passed)
        records = [self._view(stage, report) for report in found]
        return PlainJson({"records": records, "tally": self._view_tally(stage)})

    def show_record(self, request: Request) -> Response:
        """Answer with one record."""
        return PlainJson(self._view(_get_stage(request), self._get_report(request)))

    def list_records(self, request: Request) -> Response:
        """Answer with the lines of a list: what waits, what this person was unsure of or decided, or where words occur."""
        stage = _get_stage(request)
        kind = request.query_params.get("kind", "all")
        words = request.query_params.get("q", "").casefold().split()
        desk = self._desk
        if kind == "waiting":
            reports = desk.list_waiting(stage)
        elif kind in {"decided", "unsure"}:
            reports = [
                report
                for report, decision in desk.list_mine(stage)
                if kind == "decided" or decision.verdict == "unsure"
            ]
        else:
            reports = desk.list_stage(stage)
        if words:
            reports = [report for report in reports if all(word in self._search_text(report) for word in words)]
        lines = [
            {
                "record": report,
                "title": self._library.show(report).title,
                "year": self._library.show(report).year,
                "mine": view_decision(desk.look_up(stage, report)),
            }
            for report in reports[:_MOST_LINES]
        ]
        return PlainJson({"lines": lines, "total": len(reports)})

    def list_conflicts(self, request: Request) -> Response:
        """Answer with the conflicts that this person may see."""
        del request
        conflicts = [
            {
                "record": self._view(conflict.stage, conflict.report),
                "stage": conflict.stage,
                "label": LABELS[conflict.stage],
                "votes": [view_decision(vote) for vote in conflict.votes],
                "settles": conflict.settles,
                "own": conflict.is_own,
            }
            for conflict in self._desk.list_conflicts()[:_MOST_LINES]
        ]
        return PlainJson({"conflicts": conflicts, "may_settle": self._desk.may_settle})

    # What is changed

    async def change(self, request: Request) -> Response:
        """Answer once a decision, an undo or a settlement is on disk."""
        change = {"decide": self._decide, "undo": self._undo, "settle": self._settle, "unsettle": self._unsettle}.get(
            request.path_params["change"]
        )
        if change is None:
            raise HTTPException(404, "there is no such change")
        body = await read_texts(request)
        status, answer = await run_in_threadpool(self._change_once, change, body)
        return PlainJson(answer, status_code=status)

    def _change_once(
        self, change: Callable[[Mapping[str, str]], dict[str, object]], body: Mapping[str, str]
    ) -> tuple[int, dict[str, object]]:
        nonce = body.get("nonce", "")
        with self._changing:
            if nonce in self._answers:
                return self._answers[nonce]
            try:
                result = 200, change(body)
            except RefusedError as error:
                current = view_decision(error.current)
                result = 409, {"error": str(error), "outdated": error.is_outdated, "current": current}
            except OSError as error:
                # Not remembered: the page asks again with the same number, and then it may work.
                return 503, {"error": f"{error.filename or 'the log'}: {error.strerror or error}"}
            if nonce:
                self._answers[nonce] = result
                while len(self._answers) > _MOST_ANSWERS:
                    self._answers.popitem(last=False)
            return result

    def _decide(self, body: Mapping[str, str]) -> dict[str, object]:
        choice = _make_choice(body)
        decision = self._desk.decide(choice)
        return {"mine": view_decision(decision), "tally": self._view_tally(choice.stage)}

    def _undo(self, body: Mapping[str, str]) -> dict[str, object]:
        stage = _check_stage(body.get("stage", ""))
        undone = self._desk.undo(stage)
        report = self._library.report_of[undone.record]
        return {"undone": view_decision(undone), "record": self._view(stage, report), "tally": self._view_tally(stage)}

    def _settle(self, body: Mapping[str, str]) -> dict[str, object]:
        choice = _make_choice(body)
        self._desk.settle(choice, body.get("settles", ""))
        return {"tally": self._view_tally(choice.stage)}

    def _unsettle(self, body: Mapping[str, str]) -> dict[str, object]:
        del body
        self._desk.unsettle()
        return {}

    # Parts

    def _get_report(self, request: Request) -> ReportId:
        report = self._library.report_of.get(RecordId(request.query_params.get("record", "")))
        if report is None:
            raise HTTPException(404, "there is no such report")
        return report

    def _view(self, stage: Stage, report: ReportId) -> dict[str, object]:
        record = self._library.show(report)
        place, order = self._desk.locate(stage, report)
        has_pdf = stage != "title-abstract" and self._pdfs.find(record, self._library.members[report]) is not None
        return {
            "record": report,
            "members": list(self._library.members[report]),
            "place": place,
            "is_calibration": order.startswith("calibration"),
            "mine": view_decision(self._desk.look_up(stage, report)),
            "pdf": has_pdf,
            **view_record(record),
        }

    def _view_tally(self, stage: Stage) -> dict[str, object]:
        tally = self._desk.count(stage)
        return {
            "stage": stage,
            "total": tally.total,
            "left": tally.left,
            "include": tally.include,
            "exclude": tally.exclude,
            "unsure": tally.unsure,
            "pace": tally.pace,
            "others": dict(tally.others),
            "conflicts": tally.conflicts,
        }

    def _search_text(self, report: ReportId) -> str:
        held = self._texts.get(report)
        if held is None:
            record = self._library.show(report)
            parts = (record.title, record.abstract, *map(str, record.authors), record.journal, str(record.year or ""))
            held = " ".join((*parts, *self._library.members[report])).casefold()
            self._texts[report] = held
        return held


def show_static(request: Request) -> Response:
    """Answer with a style or script of the package."""
    name = request.path_params["name"]
    kind = _TYPES.get(name.rpartition(".")[2])
    resource = files("review.web").joinpath("static", name)
    if kind is None or "/" in name or "\\" in name or not resource.is_file():
        raise HTTPException(404, "there is no such file")
    return Response(resource.read_bytes(), media_type=kind)


def load_templates() -> jinja2.Environment:
    """Return the templates of the pages; every value in them is escaped."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("review.web"), autoescape=True, undefined=jinja2.StrictUndefined
    )


def _get_stage(request: Request) -> Stage:
    return _check_stage(request.query_params.get("stage", STAGES[0]))


def _name_report(text: str) -> ReportId:
    """Return what the page calls a report; whether there is one of this name is the desk's matter."""
    return ReportId(RecordId(text))


def _check_stage(text: str) -> Stage:
    if text not in STAGES:
        raise HTTPException(400, "there is no such stage")
    return text


def _get_number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else default


def _make_choice(body: Mapping[str, str]) -> Choice:
    return Choice(
        stage=_check_stage(body.get("stage", "")),
        record=_name_report(body.get("record", "")),
        verdict=cast("Verdict", body.get("decision", "")),
        reason=body.get("reason", ""),
        note=body.get("note", ""),
        known=body.get("known", ""),
    )

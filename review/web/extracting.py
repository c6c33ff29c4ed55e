"""The form of a sheet: its routes over one desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.responses import HTMLResponse
from starlette.responses import Response
from starlette.routing import Route

from review.errors import FormatError
from review.extraction.form import PARTS
from review.extraction.form import Control
from review.extraction.form import Section
from review.extraction.form import get_below
from review.extraction.form import list_entries
from review.extraction.form import view_control
from review.extraction.form_input import Change
from review.extraction.sheet_edit import show_path
from review.extraction.sheet_fragments import Path
from review.extraction.sheet_fragments import Tree
from review.extraction.values import MISSING
from review.extraction.values import OPERATORS
from review.extraction.values import TO_DO
from review.findings import Finding
from review.model import RecordId
from review.web.bodies import PlainJson
from review.web.bodies import read_object
from review.web.guard import Pass
from review.web.report_texts import view_full_text
from review.web.screening import load_templates
from review.web.screening import show_static
from review.web.sheet_desk import Judged
from review.web.sheet_desk import NotFormError
from review.web.sheet_desk import OutdatedError
from review.web.sheet_desk import SheetDesk
from review.web.views import view_record

#: Largest body with changes: a whole sheet typed anew with all its quotes.
_LIMIT_BYTES = 4 * 1024 * 1024


class ExtractionPage:
    """The routes of the form of one desk, served at the root or mounted below a path."""

    def __init__(self, desk: SheetDesk, who: str, permit: Pass) -> None:
        self._desk = desk
        self._who = who
        self._permit = permit

    def make_app(self) -> Starlette:
        """Return the application; it is to be served behind a `Guard`."""
        return Starlette(
            routes=[
                Route("/", self.show_page),
                Route("/static/{name}", show_static),
                Route("/pdf", self.show_pdf),
                Route("/api/sheet", self.show_sheet),
                Route("/api/texts", self.show_texts),
                Route("/api/check", self.check, methods=["POST"]),
                Route("/api/save", self.save, methods=["POST"]),
            ]
        )

    # What is read. These functions are not coroutines, so that each runs in a thread of its own.

    def show_page(self, request: Request) -> Response:
        """Answer with the page itself."""
        template = load_templates().get_template("extracting.html.j2")
        text = template.render(
            base=request.scope.get("root_path", ""),
            study=self._desk.study,
            title=self._desk.review.protocol.title,
            who=self._who,
            sheet=self._desk.shown,
            token=self._permit.token,
        )
        return HTMLResponse(text)

    def show_pdf(self, request: Request) -> Response:
        """Answer with the PDF of a report, which the browser shows in a frame of the page."""
        path = self._desk.texts.find_pdf(RecordId(request.query_params.get("record", "")))
        if path is None:
            raise HTTPException(404, "there is no PDF of this report")
        headers = {"Content-Security-Policy": "frame-ancestors 'self'"}
        return FileResponse(
            path, media_type="application/pdf", headers=headers, content_disposition_type="inline", filename=path.name
        )

    def show_texts(self, request: Request) -> Response:
        """Answer with the entry and the full texts of a report."""
        name = RecordId(request.query_params.get("record", ""))
        texts = self._desk.texts
        record = texts.show(name)
        if record is None:
            raise HTTPException(404, "no run holds this record")
        return PlainJson(
            {
                "entry": view_record(record),
                "full": [view_full_text(full) for full in texts.list_full_texts(name)],
                "pdf": texts.find_pdf(name) is not None,
            }
        )

    def show_sheet(self, request: Request) -> Response:
        """Answer with the sheet as it is on disk, and what the checks say of it."""
        del request
        desk = self._desk
        try:
            opened = desk.open()
            judged = desk.judge(opened.sha256, ())
        except FormatError as error:
            return PlainJson({"error": f"{desk.shown}: {error.problem}", "line": error.line}, status_code=422)
        return PlainJson(
            {
                "sha256": opened.sha256,
                "problem": opened.problem,
                "who": self._who,
                "missing": MISSING,
                "operators": OPERATORS[1:],
                "to_do": TO_DO,
                "sections": [_view_section(section, opened.tree) for section in opened.sections],
                "names": [
                    {"name": name, "record": record, "title": shown.title if (shown := desk.texts.show(record)) else ""}
                    for name, record in desk.list_names(opened.tree)
                ],
                **_view_judged(judged),
            }
        )

    # What is checked and changed

    async def check(self, request: Request) -> Response:
        """Answer with what the checks say of the sheet with the changes."""
        body = await read_object(request, _LIMIT_BYTES)
        return await run_in_threadpool(self._check, str(body.get("sha256", "")), _read_changes(body))

    def _check(self, sha256: str, changes: list[Change]) -> Response:
        try:
            judged = self._desk.judge(sha256, changes)
        except OutdatedError as error:
            return PlainJson({"error": str(error), "lines": error.lines}, status_code=409)
        except FormatError as error:
            return PlainJson({"error": _say(error)}, status_code=422)
        return PlainJson({**_view_judged(judged), "current": self._desk.is_current(sha256)})

    async def save(self, request: Request) -> Response:
        """Answer once the changes are on disk."""
        body = await read_object(request, _LIMIT_BYTES)
        return await run_in_threadpool(self._save, str(body.get("sha256", "")), _read_changes(body))

    def _save(self, sha256: str, changes: list[Change]) -> Response:
        try:
            refused = self._desk.save(sha256, changes)
        except OutdatedError as error:
            return PlainJson({"error": str(error), "lines": error.lines}, status_code=409)
        except NotFormError as error:
            return PlainJson({"error": str(error)}, status_code=422)
        except FormatError as error:
            return PlainJson({"error": _say(error)}, status_code=422)
        except OSError as error:
            return PlainJson({"error": f"{self._desk.shown}: {error.strerror or error}"}, status_code=503)
        return PlainJson({"refused": _view_refused(refused)})


def _say(error: FormatError) -> str:
    where = f"line {error.line}: " if error.line else ""
    return f"{where}{error.problem}" + (f"; {error.hint}" if error.hint else "")


def _read_changes(body: Mapping[str, object]) -> list[Change]:
    """Return the changes of a request.

    Raises:
        HTTPException: With status 400 if they are not such a list.
    """
    given = body.get("changes")
    if not isinstance(given, list):
        raise HTTPException(400, "send a list of changes")
    return [_read_change(item) for item in given]


def _read_change(item: object) -> Change:
    given = item if isinstance(item, dict) else {}
    path, parts = given.get("path"), given.get("parts")
    if not isinstance(path, list) or not path or not isinstance(parts, dict):
        raise HTTPException(400, "a change has a path and parts")
    if not all(isinstance(step, str) or (type(step) is int and 0 <= step < 100_000) for step in path):
        raise HTTPException(400, "a path holds keys and places")
    if not all(isinstance(text, str) for text in parts.values()):
        raise HTTPException(400, "parts are texts")
    return Change(tuple(path), cast("dict[str, str]", parts), str(given.get("section", "")))


def _view_section(section: Section, tree: Tree) -> dict[str, object]:
    held = get_below(tree, section.path)
    is_odd = held not in (None, "") and not isinstance(held, list if section.repeats else dict)
    entries = list_entries(section, tree) if section.repeats else [(None, held)]
    return {
        "key": section.key,
        "label": section.label,
        "hint": section.hint,
        "path": section.path,
        "repeats": section.repeats,
        "title": section.title,
        "fixed": dict(section.fixed),
        "next": len(held) if isinstance(held, list) else 0,
        "problem": "the sheet holds something else here; change it in an editor" if is_odd else "",
        "controls": [_view_control(control) for control in section.controls],
        "entries": [
            {"place": place, "states": [_view_state(control, entry) for control in section.controls]}
            for place, entry in entries
        ],
    }


def _view_control(control: Control) -> dict[str, object]:
    return {
        "path": control.path,
        "label": control.label,
        "kind": control.kind,
        "parts": PARTS[control.kind],
        "hint": control.hint,
        "type": control.type,
        "choices": control.choices,
        "unit": control.unit,
        "units": control.units,
        "required": control.is_required,
        "group": control.group,
    }


def _view_state(control: Control, entry: Tree | None) -> dict[str, object]:
    state = view_control(control, entry)
    return {"parts": state.parts, "problem": state.problem, "open": state.is_open}


def _view_judged(judged: Judged) -> dict[str, object]:
    return {
        "findings": [finding.to_json() | {"key": _name_place(finding)} for finding in judged.findings],
        "quotes": dict(judged.quotes),
        "refused": _view_refused(judged.refused),
    }


def _name_place(finding: Finding) -> str:
    return finding.origin.key if finding.origin else ""


def _view_refused(refused: tuple[tuple[Path, str], ...]) -> list[dict[str, object]]:
    return [{"path": path, "key": show_path(path), "message": message} for path, message in refused]

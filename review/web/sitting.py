"""One sitting: what a page works on is opened, the page is served, and everything is closed again at its end."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

from starlette.applications import Starlette

from review.errors import UsageError
from review.screening.log import COLUMNS
from review.screening.log import check_name
from review.screening.logfile import open_log
from review.screening.order import Ranker
from review.web.desk import Desk
from review.web.extracting import ExtractionPage
from review.web.guard import Pass
from review.web.library import Library
from review.web.library import read_library
from review.web.pdfs import FOLDER
from review.web.pdfs import PdfFolder
from review.web.screening import ScreeningPage
from review.web.server import AppFactory
from review.web.server import LocalServer
from review.web.server import open_browser
from review.web.sheet_desk import SheetDesk
from review.web.sheet_desk import Shelf
from review.workspace import Layout


def serve_screening(
    layout: Layout,
    who: str,
    *,
    machine: str = "",
    port: int = 0,
    pdfs: Path | None = None,
    model: str = "",
    opens_browser: bool = True,
    announce: Callable[[str], None],
) -> None:
    """Serve the screening page of one person until Ctrl-C.

    Args:
        layout: The review's folder.
        who: The screener; the log is named after them.
        machine: The machine's name, for a person who screens on several: each has a log of its own.
        port: The port on 127.0.0.1; 0 takes a free one.
        pdfs: The folder with full texts; None for the one in the review's folder.
        model: The model that orders titles and abstracts by the decisions so far; empty for the order of the runs.
        opens_browser: Whether to open the page in the browser.
        announce: Told the address once the page can be opened.

    Raises:
        UsageError: If the name cannot be that of a log, there is no such model, or the port is in use.
        LockedError: If another process has the log open.
    """
    folder = PdfFolder(pdfs or layout.root / FOLDER)
    with _open_desk(layout, who, machine, model, "review screen") as desk:
        server = LocalServer(lambda permit: ScreeningPage(desk, folder, permit).make_app(), port)
        announce(server.address)
        if opens_browser:
            open_browser(server.address)
        server.run()


@contextlib.contextmanager
def _open_desk(layout: Layout, who: str, machine: str, model: str, holder: str) -> Iterator[Desk]:
    """Open a person's log, which nobody else can open meanwhile, and the desk over it."""
    name = check_name(who) + (f"@{check_name(machine)}" if machine else "")
    with open_log(layout.screening / f"{name}.csv", COLUMNS, holder) as log:
        library = read_library(layout)
        yield Desk(who, layout, library, log, rank=_make_ranker(library, model) if model else None)


def serve_review(
    layout: Layout,
    who: str = "",
    *,
    port: int = 0,
    pdfs: Path | None = None,
    opens_browser: bool = True,
    announce: Callable[[str], None],
) -> None:
    """Serve the dashboard with the forms, the report and, for a named person, the screening page until Ctrl-C.

    Args:
        layout: The review's folder.
        who: Who screens and extracts; empty leaves the screening page out.
        port: The port on 127.0.0.1; 0 takes the folder's own, else a free one.
        pdfs: The folder with full texts; None for the one in the review's folder.
        opens_browser: Whether to open the dashboard in the browser.
        announce: Told the address once the page can be opened.

    Raises:
        UsageError: If the name cannot be that of a log, or the port is in use.
        LockedError: If another process has the person's log open.
    """
    from review.web.dashboard import Dashboard

    folder = PdfFolder(pdfs or layout.root / FOLDER)
    with contextlib.ExitStack() as stack:
        desk = stack.enter_context(_open_desk(layout, who, "", "", "review serve")) if who else None

        def make_app(permit: Pass) -> Starlette:
            screening = ScreeningPage(desk, folder, permit).make_app() if desk is not None else None
            return Dashboard(layout, folder, who, permit, screening).make_app()

        server = open_server(make_app, layout.root, port)
        announce(server.address)
        if opens_browser:
            open_browser(server.address)
        server.run()


def serve_form(
    layout: Layout,
    study: str,
    who: str,
    *,
    is_second: bool = False,
    port: int = 0,
    pdfs: Path | None = None,
    opens_browser: bool = True,
    announce: Callable[[str], None],
) -> None:
    """Serve the form of one sheet until Ctrl-C.

    Args:
        layout: The review's folder.
        study: The study, whose sheet must be there.
        who: Who extracts.
        is_second: Whether the sheet is the second extractor's.
        port: The port on 127.0.0.1; 0 takes the sheet's own, else a free one.
        pdfs: The folder with full texts; None for the one in the review's folder.
        opens_browser: Whether to open the page in the browser.
        announce: Told the address once the page can be opened.

    Raises:
        UsageError: If there is no such sheet, or the port is in use.
    """
    desk = SheetDesk(Shelf(layout, PdfFolder(pdfs or layout.root / FOLDER)), study, is_second=is_second)
    if not desk.path.is_file():
        option = " --second" if is_second else ""
        raise UsageError(f"there is no {desk.shown}; `review extract new {study}{option}` writes it")
    server = open_server(lambda permit: ExtractionPage(desk, who, permit).make_app(), desk.path, port)
    announce(server.address)
    if opens_browser:
        open_browser(server.address)
    server.run()


def open_server(make_app: AppFactory, path: Path, port: int = 0) -> LocalServer:
    """Take a port for the page of a file: the one asked for, else one that is the same in every sitting, else a free one.

    Browsers keep unsaved input by address and port; on the same port a page that is started anew can give it back.

    Raises:
        UsageError: If the port asked for is in use.
    """
    if port:
        return LocalServer(make_app, port)
    digest = hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).digest()
    try:
        # Below the ports that systems give out by themselves.
        return LocalServer(make_app, 20_000 + int.from_bytes(digest[:4]) % 12_000)
    except UsageError:
        return LocalServer(make_app)


def _make_ranker(library: Library, model: str) -> Ranker:
    from review.screening.live import LiveRanker
    from review.screening.models import find_model

    criteria = " ".join(text for _, texts in library.protocol.eligibility for text in texts)
    seed = library.protocol.screening.seed
    return LiveRanker(
        library.reports, library.show, library.report_of.get, find_model(model), criteria=criteria, seed=seed
    )

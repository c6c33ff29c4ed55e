"""The dashboard, and the pages below it."""

from __future__ import annotations

import contextlib
import threading

import pytest

from review.web.dashboard import Dashboard
from review.web.pdfs import PdfFolder
from review.web.server import LocalServer
from review.workspace import Layout
from tests.builder import LOG_HEAD
from tests.web.forms import FORM_PROTOCOL
from tests.web.forms import HOSTILE
from tests.web.forms import SHEET
from tests.web.forms import make_form_folder
from tests.web.forms import read_sheet
from tests.web.process import run_page
from tests.web.served import Served


@contextlib.contextmanager
def serve_dashboard(root):
    layout = Layout(root)
    server = LocalServer(lambda permit: Dashboard(layout, PdfFolder(root / "pdfs"), "", permit).make_app())
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield Served(None, server.permit)
    finally:
        server.stop()
        thread.join(10)


@pytest.fixture
def made(tmp_path):
    return make_form_folder(tmp_path)


def test_where_it_stands_what_waits_and_what_was_found(made):
    (made.layout.studies / "baker-2012.yaml").unlink()
    made.layout.second.mkdir()
    (made.layout.second / "adams-2010.yaml").write_text(SHEET)
    with serve_dashboard(made.root) as served:
        page = served.get("/").body.decode()
        assert '<th scope="row">references</th><td class="number">3</td>' in page
        assert "included reports without a sheet: 1" in page
        assert "review extract new baker-2012 --record doi:10.5555/baker.2012" in page
        assert '<a href="/form/adams-2010/">Adams 2010</a>' in page
        assert "<code>extraction/second/adams-2010.yaml</code>" in page
        line = SHEET.splitlines().index("    cycles: to be extracted") + 1
        assert f'<a href="/form/adams-2010/"><code>extraction/studies/adams-2010.yaml:{line}</code></a>' in page
        assert "<td><code>EXTRACT-045</code></td>" in page
        assert "title-abstract 3, full-text 2" in page
        # Nobody is named, so that nobody can screen.
        assert "/screening/" not in page
        assert served.get("/screening/").status == 404
        # What changes on disk is seen on the next load.
        made.change("extraction/studies/adams-2010.yaml", "'Adams 2010'", "Adams, again")
        assert ">Adams, again</a>" in served.get("/").body.decode()


def test_an_empty_review(made):
    for path in made.layout.studies.iterdir():
        path.unlink()
    for path in made.layout.screening.iterdir():
        path.write_text(LOG_HEAD)
    with serve_dashboard(made.root) as served:
        page = served.get("/").body.decode()
        assert "There is no sheet yet" in page
        assert "titles and abstracts: 3" in page


def test_a_protocol_that_cannot_be_read(made):
    made.write("protocol.yaml", "a: [1\n")
    with serve_dashboard(made.root) as served:
        page = served.get("/")
        assert (page.status, "PROJECT-001" in page.body.decode()) == (200, True)


def test_forms_below_the_dashboard(made):
    with serve_dashboard(made.root) as served:
        page = served.get("/form/adams-2010/").body.decode()
        assert '<meta name="base" content="/form/adams-2010">' in page
        assert 'src="/form/adams-2010/static/extracting.js"' in page
        assert served.get("/form/adams-2010/static/extracting.js").status == 200
        sha256 = served.get("/form/adams-2010/api/sheet").json["sha256"]
        change = {"path": ["year"], "parts": {"value": "2011"}}
        saved = served.post("/form/adams-2010/api/save", {"sha256": sha256, "changes": [change]})
        assert saved.json == {"refused": []}
        assert "year: 2011" in read_sheet(made.root)
        for path in ("/form/none/", "/form/..%2fprotocol/", "/form/UP/api/sheet", "/second/adams-2010/", "/form/"):
            assert served.get(path).status == 404


def test_what_was_built_is_shown_and_nothing_else(made):
    made.write("output/report.html", "<p>Report</p>")
    made.write("output/tables/a.xlsx", b"PK")
    made.write("output/figures/a.svg", "<svg/>")
    with serve_dashboard(made.root) as served:
        assert '<a href="/output/report.html">Report</a>' in served.get("/").body.decode()
        report = served.get("/output/report.html")
        assert (report.status, report.body) == (200, b"<p>Report</p>")
        assert "default-src 'none'" in report.headers["content-security-policy"]
        assert "script-src" not in report.headers["content-security-policy"]
        assert served.get("/output/figures/a.svg").headers["content-type"].startswith("image/svg+xml")
        assert served.get("/output/tables/a.xlsx").headers["content-disposition"].startswith("attachment")
        for path in ("../protocol.yaml", "..%2fprotocol.yaml", "none.html", "tables", "", "%2e%2e/protocol.yaml"):
            assert served.get(f"/output/{path}").status == 404


def test_a_link_in_output_leads_nowhere_else(made):
    made.layout.output.mkdir()
    (made.layout.output / "leak.txt").symlink_to(made.root / "protocol.yaml")
    with serve_dashboard(made.root) as served:
        assert served.get("/output/leak.txt").status == 404


def test_hostile_text_is_data(tmp_path):
    made = make_form_folder(
        tmp_path, SHEET.replace("'Adams 2010'", "'<svg/onload=x>'"), protocol=FORM_PROTOCOL.replace("Penicillamine for", "'<b>'"),
        title=HOSTILE,
    )  # fmt: skip
    with serve_dashboard(made.root) as served:
        page = served.get("/").body.decode()
        assert "<svg" not in page
        assert "<b>" not in page
        assert "&lt;svg/onload=x&gt;" in page


@pytest.mark.browser
def test_from_the_dashboard_to_its_pages_and_back(made, context):
    made.write("output/report.html", "<title>Report</title><p>Built</p>")
    for path in made.layout.screening.iterdir():
        path.unlink()
    with run_page(made.root, "serve", "--who", "ann") as (_, address):
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda message: page.problems.append(message.text) if "Security" in message.text else None)
        page.goto(address)
        assert page.inner_text("h1") == "Where it stands"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.click("nav >> text=Screening")
        page.wait_for_selector("h1#title")
        page.keyboard.press("i")
        page.locator("#status", has_text="Saved: included").wait_for()
        page.click("text=Dashboard")
        page.locator("text=title-abstract 1").wait_for()
        page.click("text=Adams 2010")
        page.wait_for_selector("#sections a")
        page.locator("[data-section=study] [data-part=value]").nth(2).fill("2013")
        page.keyboard.press("Control+s")
        page.locator("#status", has_text="Saved: 1 value").wait_for()
        page.click("text=Dashboard")
        page.click("nav >> text=Report")
        assert page.inner_text("p") == "Built"
        assert page.problems == []
    assert "year: 2013" in read_sheet(made.root)
    assert ",include," in (made.layout.screening / "ann.csv").read_text()

"""The report of the worked example in a browser: on a desk, on a phone, in the dark, on paper."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

pytestmark = pytest.mark.browser

DANGLING = """() => [...document.querySelectorAll('a[href^="#"]')].map(a => decodeURIComponent(a.getAttribute('href').slice(1)))
    .filter(id => !document.getElementById(id))"""
CUT = """() => [...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll') && !e.closest('details:not([open])')
    && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def path(built_example, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_bytes(built_example.files["report.html"])
    return path


def open_report(chromium, path, width, **options):
    page = chromium.new_page(viewport={"width": width, "height": 800}, **options)
    page.set_default_timeout(30_000)
    messages = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("request", lambda request: messages.append(request.url) if not request.url.startswith("file:") else None)
    page.goto(path.as_uri())
    assert messages == []
    return page


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_is_wider_than_the_screen(chromium, path, width):
    page = open_report(chromium, path, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT) == []
    page.close()


def test_every_link_leads_somewhere_and_ids_are_unique(chromium, path):
    page = open_report(chromium, path, 1280)
    assert page.evaluate(DANGLING) == []
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(set(ids)) == len(ids)
    page.close()


def test_a_number_leads_to_the_line_of_the_sheet(chromium, path):
    page = open_report(chromium, path, 1280)
    page.click("#summary a.value:has-text('9/19')")
    target = page.locator(":target")
    assert target.get_attribute("id") == "value-pool.A.together"
    # What a link leads to is unfolded, without a script.
    row = target.locator("a", has_text="4/8")
    assert row.is_visible()
    row.click()
    target = page.locator(":target")
    assert target.get_by_text("extraction/studies/narvaez-2019.yaml:17").is_visible()
    target.locator("a", has_text="conference-abstracts:NARVAEZ2018_ACR1724").first.click()
    report = page.locator(":target")
    assert report.get_by_text("include at full-text").first.is_visible()
    page.close()


def test_a_box_of_the_flow_diagram_leads_to_its_records(chromium, path):
    page = open_report(chromium, path, 1280)
    page.locator("#flow svg a", has_text="Records screened").click()
    target = page.locator(":target")
    assert target.get_attribute("id") == "value-prisma.records_screened"
    assert target.get_by_text("review prisma --explain records_screened").is_visible()
    page.close()


def test_text_can_be_told_from_its_ground_in_the_dark(chromium, path):
    page = open_report(chromium, path, 900, color_scheme="dark")
    ground, ink = page.evaluate(
        "() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert (ground, ink) == ("rgb(22, 24, 26)", "rgb(232, 232, 232)")
    assert (
        page.evaluate("() => getComputedStyle(document.querySelector('figure svg')).backgroundColor")
        == "rgb(255, 255, 255)"
    )
    page.close()


def test_paper_shows_what_the_screen_folds(chromium, path):
    page = open_report(chromium, path, 1280)
    reader = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    text = "".join(sheet.extract_text() for sheet in reader.pages)
    assert "extraction/studies/narvaez-2019.yaml:17" in text
    assert reader.pages[0].mediabox.width == pytest.approx(595, abs=2)
    # A table or figure that is wider than the paper makes Chromium shrink the page or cut it.
    page.emulate_media(media="print")
    for width, chosen in ((680, ":not(.wide) > table, svg, pre"), (1009, ".wide > table")):
        page.set_viewport_size({"width": width, "height": 680})
        beyond = "([css, w]) => [...document.querySelectorAll(css)].filter(e => e.getBoundingClientRect().right > w).map(e => e.id)"
        assert page.evaluate(beyond, [chosen, width + 1]) == []
    page.close()

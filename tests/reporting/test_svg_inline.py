"""A figure inside a page."""

from __future__ import annotations

from lxml import etree

from review.reporting.figure import render_svg
from review.reporting.flow import draw_flow
from review.reporting.forest import draw_forest
from review.reporting.forest_rows import ForestGroup
from review.reporting.svg_inline import inline_svg
from tests.reporting.estimates import make_studies
from tests.reporting.estimates import make_summary
from tests.reporting.flows import make_new_review

SVG = "{http://www.w3.org/2000/svg}"


def link(key: str) -> str:
    return f"#value-{key}" if key else ""


def read_links(markup: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for anchor in etree.fromstring(markup).iter(f"{SVG}a"):
        found.setdefault(anchor.get("href"), []).append("".join(anchor.itertext()).strip())
    return found


def test_every_number_of_a_flow_diagram_is_a_link() -> None:
    links = read_links(inline_svg(render_svg(draw_flow(make_new_review().values())), "flow", "", link))
    assert links["#value-prisma.records_screened"] == ["Records screened (n = 100)"]
    assert links["#value-prisma.database_results.2"] == ["Embase (n = 40)"]
    assert links["#value-prisma.dbr_excluded.1"] == ["No calcinosis (n = 4)"]
    assert len(links) == 18


def test_rows_of_a_forest_plot_are_links() -> None:
    studies, summary = make_studies(2), make_summary()
    values = {studies[0]: "pool.A.one", summary.estimate: "pool.A.together"}
    drawing = draw_forest([ForestGroup(tuple(studies))], [summary], values=values)
    links = read_links(inline_svg(render_svg(drawing), "forest", "", link))
    assert set(links) == {"#value-pool.A.one", "#value-pool.A.together"}
    assert " ".join(links["#value-pool.A.one"]).startswith(f"{studies[0].label} 0 3 0.0 (0.0 to 20.0)")


def test_nothing_that_runs_loads_or_reaches_beyond_the_figure_is_left() -> None:
    hostile = b"""<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]>
    <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="alert(1)" width="4pt" viewBox="0 0 4 4">
    <style>body { display: none }</style><script>alert(1)</script><metadata>x</metadata><!-- c -->
    <foreignObject><body/></foreignObject><image xlink:href="http://x/y.png"/>
    <a xlink:href="javascript:alert(1)"><text id="value..3">&e;t</text></a>
    <defs><clipPath id="p"><rect/></clipPath></defs><g id="g1" clip-path="url(#p)" onclick="x()"><use xlink:href="#p"/></g>
    <use xlink:href="http://x/y.svg#a"/></svg>"""
    markup = inline_svg(hostile, "k", "Alt <b>\x01", link)
    root = etree.fromstring(markup)
    names = [etree.QName(element).localname for element in root.iter()]
    assert names == ["svg", "desc", "g", "text", "defs", "clipPath", "rect", "g", "use", "use"]
    assert "alert" not in markup
    assert "http://x" not in markup
    assert root.find(f"{SVG}g[@clip-path]").get("clip-path") == "url(#k-p)"
    assert root.find(f".//{SVG}clipPath").get("id") == "k-p"
    assert root.find(f".//{SVG}use").get("href") == "#k-p"
    assert root.find(f"{SVG}desc").text == "Alt <b> "


def test_a_figure_without_links_is_an_image_and_one_with_links_is_not() -> None:
    data = render_svg(draw_flow(make_new_review().values()))
    assert etree.fromstring(inline_svg(data, "a", "", lambda key: "")).get("role") == "img"
    root = etree.fromstring(inline_svg(data, "a", "Told", link))
    assert root.get("role") == "group"
    assert root.get("aria-labelledby") == "a-alt"
    assert root.find(f"{SVG}desc").get("id") == "a-alt"

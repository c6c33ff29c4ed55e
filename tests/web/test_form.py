"""The form of a sheet in a real browser."""

from __future__ import annotations

import signal

import pytest

from review.cli.extract_new import run as extract_new
from review.extraction.sheet_edit import read_tree
from review.workspace import Layout
from tests.extraction.test_fulltext import make_pdf
from tests.web.folders import HOSTILE
from tests.web.forms import ADAMS
from tests.web.forms import FORM_PROTOCOL
from tests.web.forms import SHEET
from tests.web.forms import make_form_folder
from tests.web.forms import read_sheet
from tests.web.forms import serve_sheet
from tests.web.process import run_page

pytestmark = [pytest.mark.browser]


@pytest.fixture
def root(tmp_path):
    make_form_folder(tmp_path)
    return tmp_path


@pytest.fixture
def served(root):
    with serve_sheet(root) as (_, served):
        yield served


def open_form(context, address):
    page = context.new_page()
    page.problems, page.asked = [], []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda message: page.problems.append(message.text) if "Security" in message.text else None)
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(address)
    page.wait_for_selector("#sections a")
    return page


def control(page, section, number, label):
    """The control of this label in an entry of a section."""
    entry = page.locator(f"[data-section={section}] fieldset.entry").nth(number)
    return entry.locator(".control").filter(has=page.locator(".name label", has_text=label)).first


def part(page, section, number, label, name="value"):
    return control(page, section, number, label).locator(f"[data-part={name}]")


def expect_status(page, text):
    page.wait_for_function("text => document.getElementById('status').textContent.includes(text)", arg=text)


def save(page):
    page.keyboard.press("Control+s")
    expect_status(page, "Saved:")


def read(root):
    return read_tree(read_sheet(root), "a.yaml")


def test_a_new_sheet_is_filled_saved_and_read_back(tmp_path, context):
    make_form_folder(tmp_path)
    (Layout(tmp_path).studies / "adams-2010.yaml").unlink()
    extract_new("adams-2010", record=[ADAMS], cases=1, second=False, project=tmp_path, quiet=True)
    before = read_sheet(tmp_path)
    with serve_sheet(tmp_path) as (_, served):
        page = open_form(context, served.permit.address)
        part(page, "study", 0, "Design").fill("case report")
        part(page, "cases", 0, "Age").fill("54")
        part(page, "cases", 0, "Age", "words").fill("a 54-year-old woman")
        part(page, "cases", 0, "Age", "record").select_option("paper")
        part(page, "cases", 0, "Cycles").fill(">10")
        part(page, "cases", 0, "Sex").select_option("female")
        control(page, "cases", 0, "Onset").locator("select").first.select_option("not reported")
        part(page, "cases", 0, "Site").fill("no: # '\"")
        part(page, "cases", 0, "Response").select_option("no")
        part(page, "cases", 0, "Harm").select_option("unclear")
        page.click("[data-section=cases] .add")
        part(page, "cases", 1, "Case").fill("adams-2010-2")
        part(page, "cases", 1, "Age").fill("61")
        page.click("[data-section=counts] .add")
        part(page, "counts", 0, "Outcome").select_option("response")
        part(page, "counts", 0, "Events").fill("1")
        part(page, "counts", 0, "Total").fill("2")
        page.click("[data-section=appraisal-murad-2018] .add")
        part(page, "appraisal-murad-2018", 0, "Do the patients", "answer").select_option("no")
        part(page, "appraisal-murad-2018", 0, "Do the patients", "reason").fill("chosen")
        part(page, "notes", 0, "Notes").fill("One\nTwo")
        save(page)
        shown = page.evaluate("[...document.querySelectorAll('.control')].map((element) => element.control.parts)")
        page.reload()
        page.wait_for_selector("#sections a")
        again = page.evaluate("[...document.querySelectorAll('.control')].map((element) => element.control.parts)")
        assert again == shown
        assert page.locator("#alert").is_hidden()
        assert page.problems == []
        assert {url.split("/")[2] for url in page.asked} == {served.permit.host}
    tree = read(tmp_path)
    assert tree["design"] == "case report"
    assert tree["cases"][0] == {
        "case": "adams-2010-1",
        "age_years": {"value": "54", "source": {"record": "paper", "words": "a 54-year-old woman"}},
        "cycles": {"value": "10", "op": ">"},
        "sex": "female",
        "onset": "not reported",
        "site": "no: # '\"",
        "outcomes": {"response": "no", "harm": "unclear"},
    }
    assert tree["cases"][1] == {"case": "adams-2010-2", "age_years": "61"}
    assert tree["counts"] == [{"outcome": "response", "events": "1", "total": "2"}]
    assert tree["appraisal"] == [
        {"tool": "murad-2018", "by": "extractor-1", "answers": {"selection": {"answer": "no", "reason": "chosen"}}}
    ]
    assert tree["notes"] == ["One", "Two"]
    # Every comment of the template is still there, in its order.
    comments = [line for line in before.splitlines() if line.lstrip().startswith("#")]
    after = [line for line in read_sheet(tmp_path).splitlines() if line.lstrip().startswith("#")]
    assert after == comments


def test_findings_and_quotes_stand_beside_their_values(page_of, root):
    page = page_of
    age = control(page, "cases", 0, "Age")
    assert age.locator(".mark").inner_text() == "✓ in the text"
    part(page, "cases", 0, "Age").fill("540")
    age.locator(".told", has_text="EXTRACT-016").wait_for()
    assert part(page, "cases", 0, "Age").get_attribute("aria-invalid") == "true"
    part(page, "cases", 0, "Age").fill("54")
    part(page, "cases", 0, "Age", "words").fill("54 and nothing like it")
    age.locator(".told", has_text="EXTRACT-050").wait_for()
    assert age.locator(".mark").inner_text() == "✗ not in the text"
    page.keyboard.press("Alt+n")
    assert page.evaluate("document.activeElement.closest('.control').control.about.label") == "Cycles"
    # A quote without a value is kept in the page, and said so; the rest is saved.
    part(page, "cases", 0, "Cycles", "words").fill("After 12 cycles")
    part(page, "study", 0, "Year").fill("2011")
    save(page)
    expect_status(page, "1 not written yet")
    assert part(page, "cases", 0, "Cycles", "words").input_value() == "After 12 cycles"
    assert read(root)["year"] == "2011"
    assert read(root)["cases"][0]["cycles"] == "to be extracted"


@pytest.fixture
def page_of(context, served):
    page = open_form(context, served.permit.address)
    yield page
    assert page.problems == []


def test_everything_by_keys_alone(page_of, root):
    page = page_of
    page.keyboard.press("Alt+n")
    assert page.evaluate("document.activeElement.closest('.control').control.path.join()") == "cases,0,cycles"
    page.keyboard.type("12")
    page.keyboard.press("Alt+t")
    page.keyboard.press("n")
    page.keyboard.press("n")
    page.keyboard.press("n")
    page.keyboard.press("Alt+q")
    assert page.evaluate("document.activeElement.dataset.part") == "words"
    save(page)
    assert read(root)["cases"][0]["cycles"] == {
        "value": "12",
        "source": {"record": "paper", "place": "abstract", "words": "After 12 cycles her pain fell by half."},
    }
    # The focus is where it was; the quote is shown where it stands.
    assert page.evaluate("document.activeElement.dataset.part") == "words"
    page.keyboard.press("Alt+j")
    page.wait_for_selector("#reading mark")
    assert page.inner_text("#reading mark").startswith("After 12 cycles her pain")
    page.keyboard.press("Alt+h")
    assert page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    # What has the focus is seen.
    page.keyboard.press("Tab")
    style = page.evaluate(
        "(() => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, s.outlineWidth]; })()"
    )
    assert style == ["solid", "3px"]
    assert page.evaluate(
        "[...document.querySelectorAll('#form input:not([type=hidden]), #form select, #form textarea')].every((f) => f.labels?.length || f.getAttribute('aria-label'))"
    )


def test_quotes_from_the_pages_of_a_pdf(root, context):
    (root / "pdfs" / "10-5555-adams-2010.txt").unlink()
    (root / "pdfs" / "10-5555-adams-2010.pdf").write_bytes(make_pdf("She had 12 cycles. None was missed."))
    with serve_sheet(root) as (_, served):
        page = open_form(context, served.permit.address)
        page.click("[data-view=pdf]")
        page.wait_for_selector("#reading iframe")
        assert page.get_attribute("#reading iframe", "src").startswith("/pdf?record=doi")
        part(page, "cases", 0, "Cycles").fill("12")
        page.click("[data-view=full]")
        page.wait_for_selector(".page .sentence")
        for key in ("Alt+t", "n", "Alt+q", "Alt+t", "n", "Alt+Shift+q"):
            page.keyboard.press(key)
        control(page, "cases", 0, "Cycles").locator(".mark", has_text="in the text").wait_for()
        save(page)
        part(page, "cases", 0, "Age", "words").focus()
        page.keyboard.press("Alt+j")
        page.locator("#reading mark", has_text="woman of 54 years").wait_for()
        assert page.problems == []
    assert read(root)["cases"][0]["cycles"]["source"] == {
        "record": "paper",
        "place": "page 1",
        "words": "She had 12 cycles. ... None was missed.",
    }


def test_a_file_edited_by_hand_is_not_overwritten(page_of, root):
    page = page_of
    part(page, "cases", 0, "Cycles").fill("12")
    path = Layout(root).studies / "adams-2010.yaml"
    # A case was put before the others, and the same value filled in.
    by_hand = SHEET.replace("  # the first", "  - case: adams-2010-0\n  # the first").replace(
        "cycles: to be extracted", "cycles: 11"
    )
    path.write_text(by_hand)
    page.keyboard.press("Control+s")
    page.wait_for_selector("#load-anew")
    assert read_sheet(root) == by_hand
    page.click("#show-lines")
    assert "+  - case: adams-2010-0" in page.inner_text("#alert pre")
    page.click("#load-anew")
    page.locator("[data-section=cases] fieldset").nth(2).wait_for()
    assert part(page, "cases", 0, "Cycles").input_value() == ""
    assert part(page, "cases", 1, "Cycles").input_value() == "12"
    control(page, "cases", 1, "Cycles").locator(".told", has_text="In the file now: 11").wait_for()
    save(page)
    assert read_sheet(root) == by_hand.replace("cycles: 11", "cycles: 12")


def test_input_that_has_no_place_any_more_is_shown(page_of, root):
    page = page_of
    part(page, "cases", 1, "Site").fill("left thumb")
    (Layout(root).studies / "adams-2010.yaml").write_text(SHEET.replace("case: adams-2010-2", "case: adams-2010-b"))
    page.keyboard.press("Control+s")
    page.click("#load-anew")
    page.locator("#alert li", has_text="left thumb").wait_for()


def test_two_tabs(page_of, served, context, root):
    first = page_of
    second = open_form(context, served.permit.origin)
    untouched = open_form(context, served.permit.origin)
    part(second, "study", 0, "Year").fill("2012")
    part(first, "study", 0, "Year").fill("2011")
    save(first)
    second.wait_for_selector("#load-anew")
    second.keyboard.press("Control+s")
    expect_status(second, "Not saved.")
    assert "year: 2011" in read_sheet(root)
    second.click("#load-anew")
    save(second)
    assert "year: 2012" in read_sheet(root)
    # A window in which nothing was changed follows by itself.
    untouched.wait_for_function(
        "year => document.querySelectorAll('[data-section=study] [data-part=value]')[2].value === year", arg="2012"
    )
    assert untouched.locator("#alert").is_hidden()


@pytest.mark.slow
def test_input_outlives_the_program(root, context):
    with run_page(root, "extract", "form", "adams-2010", "--who", "extractor-1") as (process, address):
        page = open_form(context, address)
        part(page, "cases", 0, "Cycles").fill("12")
        page.wait_for_timeout(100)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        page.keyboard.press("Control+s")
        expect_status(page, "Not saved. The program does not answer")
        assert part(page, "cases", 0, "Cycles").input_value() == "12"
    assert read_sheet(root) == SHEET
    # The sheet's page has the same port again, so that the browser gives the input back.
    with run_page(root, "extract", "form", "adams-2010") as (_, again):
        assert again.split("?")[0] == address.split("?")[0]
        page.keyboard.press("Control+s")
        expect_status(page, "Open the address that the program printed")
        page.close()
        page = open_form(context, again)
        page.wait_for_selector("#put-back")
        assert part(page, "cases", 0, "Cycles").input_value() == ""
        page.click("#put-back")
        assert part(page, "cases", 0, "Cycles").input_value() == "12"
        save(page)
        page.reload()
        page.wait_for_selector("#sections a")
        assert page.locator("#alert").is_hidden()
    assert read(root)["cases"][0]["cycles"] == "12"


def test_hostile_text_is_shown_and_does_nothing(tmp_path, context):
    sheet = SHEET.replace("'Adams 2010'", f'"{HOSTILE}"'.replace('"><', '\\"><')).replace("not reported", "<b>not</b>")
    make_form_folder(tmp_path, sheet, title=HOSTILE)
    with serve_sheet(tmp_path) as (_, served):
        page = open_form(context, served.permit.address)
        page.wait_for_selector("#reading h2")
        assert part(page, "study", 0, "Label").input_value() == HOSTILE
        assert page.inner_text("#reading h2").strip() == HOSTILE
        assert part(page, "cases", 0, "Sex").input_value() == "<b>not</b>"
        assert page.locator("svg, b").count() == 0
        assert page.title().startswith("adams-2010")
        part(page, "cases", 0, "Site").fill(HOSTILE)
        save(page)
        assert page.problems == []
    assert read(tmp_path)["cases"][0]["site"] == HOSTILE
    assert read(tmp_path)["label"] == HOSTILE


def test_a_sheet_that_a_form_cannot_change_says_so(tmp_path, context):
    make_form_folder(tmp_path, SHEET.replace("label: 'Adams 2010'", "label: &a Adams"))
    with serve_sheet(tmp_path) as (_, served):
        page = open_form(context, served.permit.address)
        assert "cannot be changed here" in page.inner_text("#form .notice")
        part(page, "study", 0, "Year").fill("2011")
        assert page.is_disabled("#save")


@pytest.mark.parametrize("width", [390, 1400])
def test_nothing_is_wider_than_the_window(chromium, served, width):
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme="dark")
    page = open_form(context, served.permit.address)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()


TYPES = """\
arms:
  drug: {label: Drug, interventions: [penicillamine]}
  placebo: {label: Placebo, interventions: [placebo]}
treatments: {agents: [colchicine, minocycline]}
outcomes:
  flares: {label: Flares, type: count, unit: months, units: {years: 12}}
  relapse: {label: Relapse, type: time-to-event, unit: months, units: {years: 12}}
"""


def test_outcomes_of_every_type_arms_summaries_and_treatments(tmp_path, context):
    make_form_folder(tmp_path, protocol=FORM_PROTOCOL.replace("outcomes:\n", TYPES))
    with serve_sheet(tmp_path) as (_, served):
        page = open_form(context, served.permit.address)
        part(page, "cases", 0, "Arm").select_option("drug")
        part(page, "cases", 0, "Flares").fill("3")
        part(page, "cases", 0, "Flares", "exposure").fill("2")
        part(page, "cases", 0, "Flares", "unit").select_option("years")
        part(page, "cases", 0, "Relapse", "time").fill("14")
        part(page, "cases", 0, "Relapse", "event").select_option("no")
        control(page, "cases", 1, "Relapse").get_by_label("or a word for its absence").select_option("not reported")
        page.click("[data-section=treatments-adams-2010-1] .add")
        part(page, "treatments-adams-2010-1", 0, "Agent").select_option("colchicine")
        part(page, "treatments-adams-2010-1", 0, "Response").select_option("yes")
        for number, arm in enumerate(("drug", "placebo")):
            page.click("[data-section=summaries-relapse] .add")
            part(page, "summaries-relapse", number, "Arm").select_option(arm)
            part(page, "summaries-relapse", number, "Median (95% CI)", "first").fill("2")
            part(page, "summaries-relapse", number, "Median (95% CI)", "last").fill("9")
        page.click("[data-section=summaries-flares] .add")
        part(page, "summaries-flares", 0, "Events").fill("7")
        save(page)
        assert page.problems == []
    tree = read(tmp_path)
    first, second = tree["cases"]
    assert first["arm"] == "drug"
    assert first["outcomes"]["flares"] == {"value": "3", "exposure": "2", "unit": "years"}
    assert first["outcomes"]["relapse"] == {"time": "14", "event": "no"}
    assert first["treatments"] == [{"agent": "colchicine", "response": "yes"}]
    assert second["outcomes"]["relapse"] == "not reported"
    assert sorted(map(str, tree["summaries"])) == sorted(
        map(str, [
            {"outcome": "flares", "events": "7"},
            {"outcome": "relapse", "arm": "drug", "median_ci": ["2", "9"]},
            {"outcome": "relapse", "arm": "placebo", "median_ci": ["2", "9"]},
        ])
    )  # fmt: skip

"""The page in a real browser."""

from __future__ import annotations

import contextlib
import re
import signal
import threading
import types

import pytest

from review.model import AbstractSection
from review.model import Record
from review.model import RecordId
from review.model import Relation
from review.screening.log import COLUMNS
from review.screening.logfile import open_log
from review.web.desk import Desk
from review.web.library import Library
from review.web.pdfs import PdfFolder
from review.web.screening import ScreeningPage
from review.web.server import LocalServer
from review.workspace import Layout
from tests.builder import make_protocol
from tests.web.folders import HOSTILE
from tests.web.folders import TITLES
from tests.web.folders import brief
from tests.web.folders import make_folder
from tests.web.folders import read_log
from tests.web.folders import vote
from tests.web.process import run_screen
from tests.web.served import Served
from tests.web.served import serve

pytestmark = pytest.mark.browser

FIRST = "title-abstract"


@pytest.fixture
def root(tmp_path):
    make_folder(tmp_path)
    return tmp_path


@pytest.fixture
def served(root):
    with serve(root) as page:
        yield page


@pytest.fixture
def page(served, context):
    return open_page(context, served.permit.address)


def open_page(context, address):
    page = context.new_page()
    page.problems = []
    page.asked = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on(
        "console", lambda message: page.problems.append(message.text) if "Content Security" in message.text else None
    )
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(address)
    page.wait_for_selector("h1#title")
    return page


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def title(page):
    return page.inner_text("h1#title")


def expect_title(page, number):
    page.wait_for_function("text => document.querySelector('h1#title')?.textContent === text", arg=TITLES[number])


def expect_status(page, text):
    page.wait_for_function("text => document.getElementById('status').textContent.includes(text)", arg=text)


def test_every_deciding_key(page, root):
    for key, said in (
        ("i", "Saved: included"),
        ("e", "Saved: excluded"),
        ("m", "Saved: maybe"),
        ("1", "Saved: excluded (No calcinosis)"),
    ):
        press(page, key)
        expect_status(page, said)
    expect_title(page, 4)
    assert brief(read_log(root)) == [
        ("0", "include"),
        ("1", "exclude"),
        ("2", "unsure"),
        ("3", "exclude:wrong-population"),
    ]
    assert "4 of 6" in page.inner_text("#counts")
    press(page, "u")
    expect_status(page, "Undone: excluded (No calcinosis)")
    expect_title(page, 3)
    press(page, "Shift+I")
    expect_status(page, "Saved: included")
    assert brief(read_log(root))[-2:] == [("3", "undo"), ("3", "include")]
    # A reason that there is not decides nothing.
    press(page, "9", "8")
    expect_title(page, 4)
    assert page.problems == []


def test_keys_that_move_and_look(page, root, context):
    expect_title(page, 0)
    for forward, backward in (("j", "k"), ("ArrowRight", "ArrowLeft"), ("ArrowDown", "ArrowUp")):
        press(page, forward)
        expect_title(page, 1)
        press(page, backward)
        expect_title(page, 0)
    press(page, "?")
    assert page.is_visible("#help")
    press(page, "i", "Escape")
    assert not page.is_visible("#help")
    context.route("https://doi.org/**", lambda route: route.fulfill(body="a paper"))
    with context.expect_page() as opened:
        press(page, "o")
    assert opened.value.url == "https://doi.org/10.5555/r.0"
    assert opened.value.evaluate("window.opener") is None
    assert read_log(root) == []
    assert page.problems == []


def test_records_that_were_passed_over_come_again(page):
    for number in range(1, 6):
        press(page, "j")
        expect_title(page, number)
    press(page, "j")
    expect_title(page, 0)


def test_a_note_is_kept_and_keys_do_nothing_while_one_types(page, root):
    press(page, "n")
    page.keyboard.type('ie m 1 u, quoted "so"')
    press(page, "Enter")
    expect_title(page, 0)
    assert read_log(root) == []
    press(page, "e")
    expect_status(page, "Saved")
    assert read_log(root)[0]["note"] == 'ie m 1 u, quoted "so"'
    assert page.input_value("#note") == ""
    press(page, "k")
    expect_title(page, 0)
    assert page.input_value("#note") == 'ie m 1 u, quoted "so"'


def test_search_finds_a_record_and_its_decision_can_be_changed(page, root):
    press(page, "e", "e")
    expect_title(page, 2)
    press(page, "/")
    page.keyboard.type("penicillamine hands")
    page.fill("#search", "two patients calcinosis r.0")
    page.wait_for_function("() => document.querySelectorAll('#lines button').length === 1")
    page.click("#lines button")
    expect_title(page, 0)
    assert "excluded" in page.inner_text("article .mine")
    press(page, "i")
    expect_status(page, "Saved: included")
    assert brief(read_log(root)) == [("0", "exclude"), ("1", "exclude"), ("0", "include")]
    press(page, "/", "Escape")
    assert page.is_visible("#record")
    press(page, "/")
    page.fill("#search", "")
    page.select_option("#kind", "decided")
    page.wait_for_function("() => document.querySelectorAll('#lines button').length === 2")


def test_buttons_do_what_keys_do(page, root):
    for action in ("include", "exclude", "unsure", "undo"):
        page.click(f"[data-action={action}]")
    expect_status(page, "Undone")
    page.click("#reasons button")
    expect_status(page, "Saved: excluded (No calcinosis)")
    assert brief(read_log(root)) == [
        ("0", "include"),
        ("1", "exclude"),
        ("2", "unsure"),
        ("2", "undo"),
        ("2", "exclude:wrong-population"),
    ]


def test_a_key_that_is_held_down_decides_once(page, root):
    page.keyboard.down("i")
    page.keyboard.down("i")
    page.keyboard.down("i")
    page.keyboard.up("i")
    expect_status(page, "Saved")
    expect_title(page, 1)
    assert brief(read_log(root)) == [("0", "include")]


@pytest.mark.parametrize(
    ("key", "code", "decision"),
    [
        ("ш", "KeyI", "include"),
        ("у", "KeyE", "exclude"),
        ("&", "Digit1", "exclude:wrong-population"),
        ("End", "Numpad1", None),
        ("!", "Digit1", None),
    ],
)
def test_keys_of_other_keyboards_are_known_by_their_place(page, root, key, code, decision):
    event = {"key": key, "code": code, "shiftKey": key == "!", "bubbles": True}
    page.evaluate("event => document.dispatchEvent(new KeyboardEvent('keydown', event))", event)
    if decision is None:
        expect_title(page, 0)
    else:
        expect_status(page, "Saved")
    assert brief(read_log(root)) == ([("0", decision)] if decision else [])


def test_single_keys_can_be_switched_off_and_stay_off(page, root):
    press(page, "?")
    page.uncheck("#keys-on")
    press(page, "Escape", "i", "e", "1")
    page.reload()
    page.wait_for_selector("h1#title")
    press(page, "i")
    expect_title(page, 0)
    assert read_log(root) == []


def test_keys_with_a_modifier_belong_to_the_browser(page, root):
    press(page, "Control+i", "Alt+e", "Meta+m")
    expect_title(page, 0)
    assert read_log(root) == []


def test_reload_goes_on_where_one_was_and_undo_still_works(page, root):
    press(page, "i", "e")
    expect_status(page, "Saved: excluded")
    page.reload()
    expect_title(page, 2)
    press(page, "u")
    expect_title(page, 1)
    expect_status(page, "Undone: excluded")
    press(page, "i")
    expect_status(page, "Saved: included")
    expect_title(page, 2)
    assert brief(read_log(root)) == [("0", "include"), ("1", "exclude"), ("1", "undo"), ("1", "include")]


def test_many_quick_keys_are_all_saved_in_order(page, root):
    for _ in range(3):
        press(page, "i", "e", "u", "m")
    for _ in range(200):
        if len(read_log(root)) == 12:
            break
        page.wait_for_timeout(50)
    expect_status(page, "Saved")
    rows = brief(read_log(root))
    assert [decision for _, decision in rows] == ["include", "exclude", "undo", "unsure"] * 3
    assert title(page) == "All titles and abstracts are decided on."


def test_two_windows_of_one_person_do_not_overwrite_each_other(page, context, served, root):
    other = open_page(context, served.permit.origin)
    expect_title(other, 0)
    press(page, "i")
    expect_status(page, "Saved")
    expect_status(other, "decided on in another window")
    # The other window knows of the decision now, so that another one there is a change of it.
    press(other, "e")
    expect_status(other, "Saved: excluded")
    assert brief(read_log(root)) == [("0", "include"), ("0", "exclude")]


def test_a_window_that_was_not_told_is_refused_and_says_so(page, context, served, root):
    other = context.new_page()
    other.add_init_script(
        "delete window.BroadcastChannel; window.BroadcastChannel = class { addEventListener() {} postMessage() {} };"
    )
    other.goto(served.permit.origin)
    other.wait_for_selector("h1#title")
    press(page, "i")
    expect_status(page, "Saved")
    press(other, "e")
    other.wait_for_selector("#alert:not([hidden])")
    assert "decided on in another window" in other.inner_text("#alert")
    assert brief(read_log(root)) == [("0", "include")]
    other.click("#alert button")
    expect_title(other, 0)
    assert "included" in other.inner_text("article .mine")


def test_two_screeners_are_blind_until_both_have_voted_and_a_third_settles(root, chromium):
    with run_screen(root, "ann") as (_, ann), run_screen(root, "ben") as (_, ben), contextlib.ExitStack() as stack:
        contexts = [chromium.new_context() for _ in range(3)]
        for each in contexts:
            stack.callback(each.close)
        first, second = open_page(contexts[0], ann), open_page(contexts[1], ben)
        press(first, "n")
        first.keyboard.type("both had calcinosis")
        press(first, "Enter", "i")
        expect_status(first, "Saved")
        second.reload()
        expect_title(second, 0)
        assert "ann 1" in second.get_attribute("#counts", "title")
        assert "both had" not in second.content()
        assert second.inner_text("[data-view=conflicts] .left") == "0"
        press(second, "1")
        expect_status(second, "Saved")
        with run_screen(root, "chris") as (_, chris):
            third = open_page(contexts[2], chris)
            third.click("[data-view=conflicts]")
            third.wait_for_selector(".votes")
            votes = third.locator(".vote").all_inner_texts()
            assert re.match(r"ann\s+included\s+“both had calcinosis”", votes[0])
            assert re.match(r"ben\s+excluded \(No calcinosis\)\s+no note", votes[1])
            press(third, "i")
            expect_status(third, "Saved: settled as included")
            assert title(third) == "No conflict waits."
            press(third, "u")
            expect_status(third, "Undone")
            third.wait_for_selector(".votes")
            press(third, "i")
            expect_status(third, "Saved: settled")
        rows = read_log(root, "consensus")
        assert [(row["by"], row["decision"], row["settles"]) for row in rows] == [
            ("chris", "include", "ann=include ben=exclude"),
            ("chris", "undo", ""),
            ("chris", "include", "ann=include ben=exclude"),
        ]
    assert not list((root / "extraction" / "screening").glob(".*.lock"))


def test_a_second_program_on_one_log_is_refused_by_name(root):
    with run_screen(root, "ann") as (process, _):
        words = rf"in use by `review screen` \(process {process.pid} "
        with pytest.raises(AssertionError, match=words), run_screen(root, "ann"):
            pass


def test_the_program_ends_by_a_signal_without_leaving_a_lock(root, context):
    with run_screen(root, "ann") as (process, address):
        page = open_page(context, address)
        press(page, "i")
        expect_status(page, "Saved")
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    assert [path.name for path in (root / "extraction" / "screening").iterdir()] == ["ann.csv"]


def test_a_killed_program_loses_nothing_that_was_called_saved(root, context):
    with run_screen(root, "ann") as (process, address):
        page = open_page(context, address)
        press(page, "i")
        expect_status(page, "Saved: included")
        press(page, "e", "m")
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        press(page, "1")
        page.wait_for_selector("#alert:not([hidden])")
        assert "Not saved: the program does not answer" in page.inner_text("#alert")
        assert "No calcinosis" in page.inner_text("#alert")
        assert "Saved" not in page.inner_text("#status")
    rows = brief(read_log(root))
    assert rows == [("0", "include"), ("1", "exclude"), ("2", "unsure")][: len(rows)]
    assert rows
    with run_screen(root, "ann") as (_, address):
        page = open_page(context, address)
        expect_title(page, len(rows))
        press(page, "i")
        expect_status(page, "Saved")
    assert len(read_log(root)) == len(rows) + 1


def test_a_decision_that_could_not_be_saved_is_kept_told_and_saved_later(page, served, root):
    append = served.desk._log.append
    served.desk._log.append = lambda cells: (_ for _ in ()).throw(OSError(28, "No space left on device", "ann.csv"))
    press(page, "i")
    page.wait_for_selector("#alert:not([hidden])")
    assert "ann.csv: No space left on device" in page.inner_text("#alert")
    expect_title(page, 1)
    served.desk._log.append = append
    expect_status(page, "Saved: included")
    assert not page.is_visible("#alert")
    assert brief(read_log(root)) == [("0", "include")]


def test_hostile_text_shows_as_text(page):
    press(page, "j")
    expect_title(page, 1)
    assert title(page) == HOSTILE
    assert page.title() == "Screening: Penicillamine for calcinosis"
    assert page.query_selector("article svg") is None
    press(page, "/")
    page.wait_for_function(
        "text => [...document.querySelectorAll('#lines span')].some(item => item.textContent === text)", arg=HOSTILE
    )
    assert page.query_selector("main svg") is None
    assert page.problems == []


def test_words_are_marked_in_two_colours(page):
    marks = page.evaluate("[...document.querySelectorAll('article mark')].map(m => [m.className, m.textContent])")
    assert ["wanted", "calcifications"] in marks
    assert ["wanted", "Calcinosis"] in marks
    assert ["unwanted", "rats"] in marks
    colours = page.evaluate(
        "['wanted', 'unwanted'].map(k => getComputedStyle(document.querySelector('mark.' + k)).backgroundColor)"
    )
    assert colours[0] != colours[1]


def test_nothing_is_asked_of_any_other_machine(page, served):
    press(page, "i", "j", "/")
    page.wait_for_selector("#lines button")
    assert page.asked
    assert all(url.startswith(served.permit.origin) for url in page.asked)


def test_it_can_be_used_by_keyboard_and_screen_reader_alone(page, root):
    # The new record is what is read next, and the change is announced.
    press(page, "i")
    expect_status(page, "Saved: included")
    assert page.evaluate("document.activeElement.id") == "title"
    assert page.get_attribute("#status", "aria-live") == "polite"
    names = page.evaluate(
        "[...document.querySelectorAll('button, input, select, progress')].map(e => (e.ariaLabel || e.labels?.[0]?.textContent || e.textContent).trim())"
    )
    assert all(names)
    assert page.get_attribute("#record", "aria-labelledby") == "title"
    # Tab comes to the button, Enter and Space press it.
    for _ in range(40):
        press(page, "Tab")
        if page.evaluate("document.activeElement.dataset.action") == "exclude":
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    press(page, "Enter")
    expect_status(page, "Saved: excluded")
    press(page, "Space")
    page.wait_for_function("() => document.getElementById('counts').textContent.startsWith('3 of')")
    assert brief(read_log(root)) == [("0", "include"), ("1", "exclude"), ("2", "exclude")]


def test_a_late_answer_does_not_bring_an_old_count_back(page):
    held = []

    def hold(route):
        held.append(route)

    page.route("**/api/next?*", hold)
    with page.expect_request("**/api/next?*"):
        press(page, "i", "e")
    page.wait_for_function("() => document.getElementById('counts').textContent.startsWith('2 of')")
    # The records were asked for before the decision was counted; their answer comes after it.
    document = held[0].fetch().json()
    document["tally"]["left"] = document["tally"]["total"]
    with page.expect_response("**/api/next?*"):
        held[0].fulfill(json=document)
    page.wait_for_timeout(50)
    assert page.inner_text("#counts").startswith("2 of")


@pytest.mark.parametrize("width", [1280, 768, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_every_window_and_follows_the_colours_of_the_system(chromium, served, scheme, width):
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    with contextlib.closing(context):
        page = open_page(context, served.permit.address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        for action in ("include", "exclude", "unsure", "undo", "help"):
            box = page.locator(f"[data-action={action}]").bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["y"] + box["height"] <= 800
        pairs = page.evaluate(
            """() => ['body', 'article h1', '.meta', 'button.include', 'button.exclude', 'button.unsure', 'mark.wanted', 'mark.unwanted', '.details dd']
            .map(where => {
              const element = document.querySelector(where);
              let ground = element;
              while (getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)') ground = ground.parentElement;
              return [where, getComputedStyle(element).color, getComputedStyle(ground).backgroundColor];
            })"""
        )
        for where, ink, ground in pairs:
            assert contrast(ink, ground) >= 4.5, (where, ink, ground)
        is_dark = luminance(page.evaluate("getComputedStyle(document.body).backgroundColor")) < 0.2
        assert is_dark == (scheme == "dark")


def luminance(colour):
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(ink, ground):
    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_full_text_stage_asks_for_a_reason_and_shows_the_pdf(root, context):
    for who in ("ann", "ben"):
        vote(root, who, [(FIRST, 0, "include"), (FIRST, 2, "include")])
    vote(root, "ann", [("retrieval", 0, "include")])
    (root / "pdfs").mkdir()
    (root / "pdfs" / "10.5555-r.0.pdf").write_bytes(b"%PDF-1.4 invented")
    with serve(root) as served:
        page = open_page(context, served.permit.address)
        page.click("[data-view=retrieval]")
        expect_title(page, 2)
        assert "doi-10-5555-r-2.pdf" in page.inner_text(".notice")
        assert page.inner_text("[data-action=exclude]").startswith("Not retrieved")
        press(page, "e")
        expect_status(page, "Saved: not retrieved")
        page.click("[data-view=full-text]")
        expect_title(page, 0)
        assert page.get_attribute("iframe.pdf", "src").startswith("/pdf?record=doi%3A10.5555%2Fr.0")
        # The browser gives the focus to the PDF once it has loaded; the keys still decide.
        page.wait_for_timeout(1000)
        press(page, "e")
        expect_status(page, "Choose a reason")
        expect_title(page, 0)
        press(page, "2")
        expect_status(page, "Saved: excluded (No outcome given)")
    assert brief(read_log(root))[-2:] == [("2", "exclude"), ("0", "exclude:no-data")]


def make_library(count):
    """A library of many records, made without the steps that lead there."""
    records = {}
    for number in range(count):
        identifier = RecordId(f"pubmed:{number}")
        sections = (
            AbstractSection("Background", f"Words of abstract {number}. " * 25),
            AbstractSection("Results", "More words. " * 40),
        )
        records[identifier] = Record(
            identifier, f"Title number {number}", abstract=" ".join(section.text for section in sections), abstract_sections=sections,
            year=2000 + number % 25, journal="Journal of Invented Medicine", pmid=str(number), mesh=("Calcinosis", "Humans"),
            publication_types=("Case Reports", "Journal Article"),
            relations=(Relation("retraction-in", text="J Invent Med 2020") if number == 1 else Relation("comment-in"),),
        )  # fmt: skip
    review = types.SimpleNamespace(
        protocol=make_protocol(),
        report_of={identifier: identifier for identifier in records},
        entries=[types.SimpleNamespace(record=record, lane="database") for record in records.values()],
        grouping=types.SimpleNamespace(
            groups=[types.SimpleNamespace(representative=each, members=(each,)) for each in records]
        ),
        records=records,
    )
    return Library(review)


@contextlib.contextmanager
def serve_many(root, count):
    layout = Layout(root)
    with open_log(layout.screening / "ann.csv", COLUMNS, "test") as log:
        desk = Desk("ann", layout, make_library(count), log)
        server = LocalServer(lambda permit: ScreeningPage(desk, PdfFolder(root / "pdfs"), permit).make_app())
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            yield Served(desk, server.permit)
        finally:
            server.stop()
            thread.join(10)


def test_with_20000_records_the_next_one_waits_for_no_answer(tmp_path, context):
    with serve_many(tmp_path, 20_000) as served:
        page = open_page(context, served.permit.address)
        assert "0 of 20,000" in page.inner_text("#counts")
        # However long the program takes to answer, the next record is there at once.
        page.evaluate(
            """() => {
              const fetch = window.fetch;
              window.fetch = async (...all) => { await new Promise(go => setTimeout(go, 1500)); return fetch(...all); };
            }"""
        )
        shown = page.evaluate(
            """() => ['i', 'e', 'm'].map(key => {
              document.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
              return document.querySelector('h1#title').textContent;
            })"""
        )
        assert shown == ["Title number 1", "Title number 2", "Title number 3"]
        press(page, "k", "k")
        assert "Retracted" in page.inner_text(".notice.retracted")
        assert page.locator(".abstract h2").all_inner_texts() == ["Background", "Results"]
        page.wait_for_function("() => document.getElementById('counts').textContent.startsWith('3 of 20,000')")
    assert [row["decision"] for row in read_log(tmp_path)] == ["include", "exclude", "unsure"]


def test_the_page_is_small_and_asks_for_few_records_at_a_time(tmp_path, context):
    with serve_many(tmp_path, 20_000) as served:
        page = context.new_page()
        sizes = []
        page.on("response", lambda response: sizes.append(int(response.headers.get("content-length", 0))))
        page.goto(served.permit.address)
        page.wait_for_selector("h1#title")
        assert sum(sizes) < 300_000

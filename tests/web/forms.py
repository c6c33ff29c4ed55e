"""Review folders for the form of a sheet: invented reports with an abstract and a full text, sheets with comments."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

from review.web.extracting import ExtractionPage
from review.web.pdfs import PdfFolder
from review.web.server import LocalServer
from review.web.sheet_desk import SheetDesk
from review.web.sheet_desk import Shelf
from review.workspace import Layout
from tests.builder import ADAMS
from tests.builder import BAKER_SHEET
from tests.builder import PROTOCOL
from tests.builder import RIS
from tests.builder import MadeReview
from tests.builder import make_review
from tests.web.folders import HOSTILE
from tests.web.served import Served

ABSTRACT = (
    "A woman of 54 years had calcinosis. After 12 cycles her pain fell by half. The second patient did not improve."
)

FULL_TEXT = (
    "Patient 1, a 54-year-old woman, had calci-\nnosis of the hands. She was given > 10 cycles. No harm was seen."
)

FORM_PROTOCOL = PROTOCOL.replace(
    "analyses:",
    """\
  harm:
    label: Harm
    response: Any harm
appraisal:
  murad-2018: {items: [selection, exposure]}
analyses:""",
)

SHEET = f"""\
# Read on a rainy day.
format: 1
study: adams-2010
label: 'Adams 2010'   # as in the figure
design:    case series
year: 2010

reports:
  - {{record: "{ADAMS}", name: paper}}   # the only one

cases:
  # the first of Table 1
  - case: adams-2010-1
    age_years: {{value: 54, source: {{record: paper, place: abstract, words: "woman of 54 years"}}}} # checked
    cycles: to be extracted
    sex: not reported

    outcomes:
      response: {{value: yes, source: {{record: paper, place: abstract, words: pain fell by half}}}}
  - case: adams-2010-2
    outcomes:
      response: no  # "did not improve"

notes:
  - Keep   this   line.
"""


def make_form_folder(root: Path, sheet: str = SHEET, *, protocol: str = FORM_PROTOCOL, title: str = "") -> MadeReview:
    """A review with the sheet of Adams 2010; the entry has an abstract and the folder pdfs/ its text."""
    ris = RIS.replace("SP  - 34\nEP  - 39", f"SP  - 34\nEP  - 39\nAB  - {ABSTRACT}", 1)
    if title:
        ris = ris.replace("Penicillamine in two patients with calcinosis of the hands", title)
    sheets = {"adams-2010": sheet, "baker-2012": BAKER_SHEET}
    made = make_review(root, protocol=protocol, ris=ris, sheets=sheets)
    (root / "pdfs").mkdir()
    (root / "pdfs" / "10-5555-adams-2010.txt").write_text(FULL_TEXT)
    return made


def read_sheet(root: Path, name: str = "adams-2010") -> str:
    return (Layout(root).studies / f"{name}.yaml").read_text("utf-8")


@contextlib.contextmanager
def serve_sheet(root: Path, study: str = "adams-2010", *, port: int = 0) -> Iterator[tuple[SheetDesk, Served]]:
    """Serve the form of a sheet; the server has ended when this is left."""
    desk = SheetDesk(Shelf(Layout(root), PdfFolder(root / "pdfs")), study)
    server = LocalServer(lambda permit: ExtractionPage(desk, "extractor-1", permit).make_app(), port)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield desk, Served(None, server.permit)
    finally:
        server.stop()
        thread.join(10)


__all__ = [
    "ABSTRACT",
    "ADAMS",
    "FORM_PROTOCOL",
    "FULL_TEXT",
    "HOSTILE",
    "SHEET",
    "make_form_folder",
    "read_sheet",
    "serve_sheet",
]

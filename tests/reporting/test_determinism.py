"""Figures and documents are the same bytes in any time zone, with any hash seed, in another process."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from review.reporting.document_html import render_page
from review.reporting.document_word import render_word
from review.reporting.figure import render_figure
from review.reporting.flow import draw_flow
from review.reporting.forest import draw_forest
from review.reporting.forest_rows import ForestGroup
from review.reporting.prisma_export import export_json
from review.reporting.workbook import render_workbook
from tests.reporting.documents import make_document
from tests.reporting.estimates import make_studies
from tests.reporting.estimates import make_summary
from tests.reporting.flows import make_updated_review
from tests.reporting.test_table import TABLE

ROOT = Path(__file__).resolve().parents[2]


def build_everything() -> str:
    """Hash one of each kind of output."""
    boxes = make_updated_review()
    flow = draw_flow(boxes.values(), links={"records_screened": "#a"})
    forest = draw_forest([ForestGroup(make_studies(6))], [make_summary()])
    parts = [
        render_figure(drawing, form, dpi=100) for drawing in (flow, forest) for form in ("svg", "pdf", "png", "tiff")
    ]
    parts += [render_word(make_document()), render_page(make_document()), render_workbook([TABLE])]
    parts.append(repr(export_json(boxes.values())).encode())
    return "\n".join(hashlib.sha256(part).hexdigest() for part in parts)


def test_every_output_is_the_same_elsewhere() -> None:
    here = build_everything()
    code = "from tests.reporting.test_determinism import build_everything; print(build_everything())"
    places = [("Pacific/Kiritimati", "1", "tr_TR.UTF-8"), ("America/St_Johns", "12345", "C")]
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": locale, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for zone, seed, locale in places
    ]
    for process in started:
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        assert output.strip() == here

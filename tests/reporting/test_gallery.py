"""Which figures a review gets, and what its flow diagram shows."""

from __future__ import annotations

import dataclasses
from functools import cache

import pytest

from review.model import Answer
from review.model import Appraisal
from review.protocol import AppraisalPlan
from review.protocol import FlowPlan
from review.protocol import Protocol
from review.reporting import gallery
from review.reporting.figure import check_drawing
from review.reporting.gallery import KINDS
from review.reporting.gallery import choose_flow
from review.reporting.gallery import draw_figures
from review.reporting.gallery import draw_kind
from review.reporting.page import read_mark
from tests.reporting.flows import make_new_review
from tests.reporting.planned import FOLLOWUP
from tests.reporting.planned import make_patients
from tests.reporting.planned import make_result

PROTOCOL = Protocol("A review", case_fields=(FOLLOWUP,))


#: Results are computed once: refits take their time.
pool = cache(make_result)


def list_paths(*results, studies=(), protocol=PROTOCOL, is_draft=False):
    plates = draw_figures(tuple(make_new_review().values()), results, studies, protocol, is_draft=is_draft)
    return [plate.path for plate in plates]


@pytest.mark.parametrize(
    ("count", "kinds"),
    [
        (0, []),
        (1, ["forest"]),
        (2, ["forest", "multiverse"]),
        (4, ["forest", "leave-one-out", "cumulative", "multiverse"]),
        (10, ["forest", "leave-one-out", "cumulative", "funnel", "multiverse"]),
    ],
)
def test_an_analysis_gets_the_figures_that_make_sense(count, kinds):
    assert list_paths(pool(count)) == ["prisma/flow", *(f"figures/{kind}-A" for kind in kinds)]


def test_patients_with_a_follow_up_get_a_swimmer_plot_if_the_protocol_names_it():
    patients = make_patients(["12", "6"])
    assert "figures/swimmer-A" in list_paths(patients)
    assert "figures/swimmer-A" not in list_paths(patients, protocol=Protocol("A review"))


def test_appraised_studies_get_traffic_lights():
    study = make_result(1).rows[0].study
    appraised = dataclasses.replace(
        study, appraisals=(Appraisal("murad-2018", "screener-1", (Answer("selection", "yes"),), "some concern"),)
    )
    protocol = dataclasses.replace(PROTOCOL, appraisals=(AppraisalPlan("murad-2018", ("selection", "reporting")),))
    assert list_paths(studies=[appraised], protocol=protocol) == ["prisma/flow", "figures/appraisal-murad-2018"]
    assert list_paths(studies=[study], protocol=protocol) == ["prisma/flow"]


def test_more_refits_are_drawn_on_request(monkeypatch):
    monkeypatch.setattr(gallery, "MOST_CUMULATED", 3)
    assert "figures/cumulative-A" not in list_paths(pool(4))
    assert draw_kind(pool(4), "cumulative", PROTOCOL) is not None


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_caption_alternative_text_and_title(kind):
    result = make_patients(["12", "6"]) if kind == "swimmer" else pool(10)
    drawing = draw_kind(result, kind, PROTOCOL)
    assert drawing is not None
    assert drawing.caption.endswith(".")
    assert len(drawing.alt) > 40
    assert drawing.title
    assert check_drawing(drawing) == []


def test_the_model_leads_to_its_value_and_so_does_each_study_left_out():
    result = pool(4)
    drawing = draw_kind(result, "leave-one-out", PROTOCOL)
    assert drawing is not None
    keys = {read_mark(text.get_gid() or "") for text in drawing.figure.texts}
    assert keys == {"", "pool.A.model", *(f"pool.A.without.{row.study.id}" for row in result.rows)}


def test_a_draft_is_marked():
    (plate,) = draw_figures(tuple(make_new_review().values()), [], [], PROTOCOL, is_draft=True)
    assert plate.drawing.caption.endswith("Draft.")


def test_the_protocol_says_what_the_flow_shows():
    plain = choose_flow(PROTOCOL)
    assert (plain.details, plain.screening_reasons, plain.cases, plain.footnotes) == (True, False, True, ())
    chosen = dataclasses.replace(
        PROTOCOL, flow_note="By hand.", flow=FlowPlan(sources=False, screening_reasons=True, cases=False)
    )
    options = choose_flow(chosen)
    assert (options.details, options.screening_reasons, options.cases) == (False, True, False)
    assert options.footnotes == ("By hand.",)

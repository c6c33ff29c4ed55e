"""A drawing is rendered anew when it draws something else, and only then."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from review import cache
from review.reporting.figure import Drawing
from review.reporting.figure import render_figure
from review.reporting.fingerprint import fingerprint_drawing
from review.reporting.fingerprint import render_forms


def draw(text="text", *, x=0.5, colour="black", size=9, end=0.9, caption="caption"):
    figure = Figure(figsize=(2, 1))
    figure.text(x, 0.5, text, color=colour, fontsize=size)
    figure.add_artist(Line2D((0.1, end), (0.2, 0.2)))
    return Drawing(figure, caption, "alt")


def test_the_same_ink_is_one_fingerprint():
    assert fingerprint_drawing(draw()) == fingerprint_drawing(draw())


def test_everything_that_is_drawn_or_said_counts():
    others = [
        draw("text "),
        draw(x=0.5 + 1e-15),
        draw(colour="red"),
        draw(size=9.5),
        draw(end=0.8),
        draw(caption="other"),
    ]
    assert len({fingerprint_drawing(drawing) for drawing in (draw(), *others)}) == len(others) + 1


def test_what_is_kept_has_the_bytes_of_a_fresh_rendering(tmp_path, monkeypatch):
    monkeypatch.setenv("REVIEW_CACHE", str(tmp_path))
    fresh = {form: render_figure(draw(), form) for form in ("svg", "pdf", "png")}
    for _ in range(2):
        with cache.open_shelf("figures"):
            assert render_forms(draw(), fresh) == fresh
    monkeypatch.setattr("review.reporting.fingerprint.render_figure", lambda *_: b"anew")
    with cache.open_shelf("figures"):
        assert render_forms(draw(), fresh) == fresh
        assert set(render_forms(draw("other"), fresh).values()) == {b"anew"}

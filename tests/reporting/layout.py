"""Reads a finished figure back as ink: where its texts and boxes are, as the renderer draws them."""

from __future__ import annotations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox

from review.reporting.figure import Drawing
from review.reporting.figure import fixed_settings

#: Antialiasing and side bearings, in pixels at 100 dpi.
TOLERANCE = 1.0


def read_texts(drawing: Drawing) -> list[tuple[str, Bbox]]:
    figure = drawing.figure
    figure.set_dpi(100)
    renderer = FigureCanvasAgg(figure).get_renderer()
    with fixed_settings():
        return [(text.get_text(), text.get_window_extent(renderer)) for text in figure.texts]


def find_faults(drawing: Drawing) -> list[str]:
    """Texts that leave the page, that lie on each other, or that cross the edge of the box they begin in."""
    texts = read_texts(drawing)
    page = drawing.figure.bbox
    faults = [f"{text!r} leaves the page" for text, box in texts if not _contains(page, box)]
    texts.sort(key=lambda each: each[1].y0)
    for index, (text, box) in enumerate(texts):
        for other, beside in texts[index + 1 :]:
            if beside.y0 >= box.y1 - TOLERANCE:
                break
            if min(box.x1, beside.x1) - max(box.x0, beside.x0) > TOLERANCE:
                faults.append(f"{text!r} lies on {other!r}")
    for frame in _frames(drawing.figure):
        faults += [
            f"{text!r} crosses its box"
            for text, box in texts
            if frame.contains(*_centre(box)) and not _contains(frame, box)
        ]
    return faults


def _frames(figure: Figure) -> list[Bbox]:
    # Boxes around text have an id; squares of a plot have none.
    kinds = (Rectangle, FancyBboxPatch)
    return [
        artist.get_window_extent()
        for artist in figure.artists + figure.patches
        if isinstance(artist, kinds) and artist.get_gid()
    ]


def _centre(box: Bbox) -> tuple[float, float]:
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


def _contains(outer: Bbox, inner: Bbox) -> bool:
    return (
        outer.x0 - TOLERANCE <= inner.x0
        and inner.x1 <= outer.x1 + TOLERANCE
        and outer.y0 - TOLERANCE <= inner.y0
        and inner.y1 <= outer.y1 + TOLERANCE
    )

"""A page measured in points from its upper left corner, on which every figure is drawn.

Figures of this project are mostly text in columns and boxes; laid out on measured text they cannot overlap. A page is a matplotlib figure
without axes: artists are placed with one transform from points to the figure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from matplotlib.patches import FancyBboxPatch
from matplotlib.patches import Patch
from matplotlib.patches import Polygon
from matplotlib.patches import Rectangle
from matplotlib.transforms import Affine2D

from review.reporting.typeface import make_font
from review.reporting.xml_text import clean_text

Align = Literal["left", "center", "right"]
Point = tuple[float, float]

#: Height of a capital letter as a share of the font's size (DejaVu Sans: 0.729).
CAP_HEIGHT = 0.73

#: Distance of two baselines of running text as a share of the font's size.
LEADING = 1.25

_HEAD_LENGTH = 5.0
_HEAD_WIDTH = 4.0

_MARK = re.compile(r"value\.(?P<key>.+)\.\d+", re.DOTALL)


def make_mark(key: str, number: int) -> str:
    """Make the id of an element that prints a value; the number makes it unique in its figure."""
    return f"value.{key}.{number}"


def read_mark(identifier: str) -> str:
    """Return the key of the value that an element with this id prints; empty if it prints none."""
    match = _MARK.fullmatch(identifier)
    return match["key"] if match else ""


class Page:
    """A sheet of `width` x `height` points; y grows downward."""

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self.figure = Figure(figsize=(width / 72, height / 72))
        points = Affine2D().scale(1, -1).translate(0, height).scale(1 / 72)
        self._transform = points + self.figure.dpi_scale_trans
        self._layers = 0

    def _next_layer(self) -> int:
        # What is drawn later lies above, whatever kind of artist it is.
        self._layers += 1
        return self._layers

    def _place(self, artist: Artist) -> None:
        artist.set_zorder(self._next_layer())
        self.figure.add_artist(artist)

    def _place_shape(self, shape: Patch, fill: str | None, edge: str | None, line_width: float) -> None:
        shape.set_facecolor(fill or "none")
        shape.set_edgecolor(edge or "none")
        shape.set_linewidth(line_width if edge else 0)
        shape.set_transform(self._transform)
        self._place(shape)

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        *,
        size: float,
        align: Align = "left",
        bold: bool = False,
        italic: bool = False,
        colour: str = "black",
        rotation: float = 0.0,
        link: str = "",
        value: str = "",
    ) -> None:
        """Write one line; with a `rotation` (degrees) the point is the middle of the line.

        `value` is the key of the value that the line prints: the element's id in SVG tells it (`make_mark`).
        """
        # A control character has no glyph, and XML does not allow it at all.
        text = clean_text(text).replace("\t", " ").replace("\n", " ")
        if not text:
            return
        layer = self._next_layer()
        self.figure.text(
            x,
            baseline,
            text,
            fontproperties=make_font(text, size, bold=bold, italic=italic),
            horizontalalignment="center" if rotation else align,
            verticalalignment="center" if rotation else "baseline",
            rotation=rotation,
            color=colour,
            parse_math=False,
            url=link or None,
            transform=self._transform,
            zorder=layer,
            gid=make_mark(value, layer) if value else None,
        )

    def lines(
        self,
        x: float,
        top: float,
        lines: Sequence[str],
        *,
        size: float,
        align: Align = "left",
        bold: bool = False,
        colour: str = "black",
        link: str = "",
        value: str = "",
    ) -> float:
        """Write lines below each other, the first starting at `top`; return the y below the last."""
        for index, line in enumerate(lines):
            baseline = top + size * (CAP_HEIGHT + 0.12 + index * LEADING)
            self.text(x, baseline, line, size=size, align=align, bold=bold, colour=colour, link=link, value=value)
        return top + len(lines) * size * LEADING

    def lines_around(self, x: float, middle: float, lines: Sequence[str], *, size: float) -> None:
        """Write lines below each other whose capitals are centred on the height `middle`, as a mark beside them is."""
        first = middle - (len(lines) - 1) / 2 * size * LEADING + size * CAP_HEIGHT / 2
        for index, line in enumerate(lines):
            self.text(x, first + index * size * LEADING, line, size=size)

    def rectangle(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str | None = None,
        edge: str | None = "black",
        line_width: float = 0.8,
        radius: float = 0.0,
        key: str = "",
        link: str = "",
    ) -> None:
        """Draw a box by its upper left corner; `key` becomes the element's id in SVG, `link` its target."""
        if radius:
            corner = f"round,pad=0,rounding_size={radius}"
            shape: Patch = FancyBboxPatch((x, y), width, height, boxstyle=corner)
        else:
            shape = Rectangle((x, y), width, height)
        shape.set_gid(key or None)
        shape.set_url(link or None)
        self._place_shape(shape, fill, edge, line_width)

    def line(
        self, points: Sequence[Point], *, colour: str = "black", width: float = 0.8, dashes: Sequence[float] = ()
    ) -> None:
        """Draw straight strokes through the points; `dashes` are lengths on and off in units of the width."""
        xs, ys = zip(*points, strict=True)
        line = Line2D(xs, ys, color=colour, linewidth=width, solid_capstyle="butt", transform=self._transform)
        if dashes:
            line.set_linestyle((0, tuple(dashes)))
        self._place(line)

    def arrow(self, points: Sequence[Point], *, colour: str = "black", width: float = 0.8) -> None:
        """Draw strokes through the points that end in an arrow head; the last stroke is horizontal or vertical."""
        (x0, y0), (x1, y1) = points[-2], points[-1]
        length = max(abs(x1 - x0), abs(y1 - y0)) or 1.0
        ux, uy = (x1 - x0) / length, (y1 - y0) / length
        head = min(_HEAD_LENGTH, length)
        base = (x1 - ux * head, y1 - uy * head)
        self.line([*points[:-1], base], colour=colour, width=width)
        half = _HEAD_WIDTH / 2
        wings = ((base[0] - uy * half, base[1] + ux * half), (base[0] + uy * half, base[1] - ux * half))
        self.polygon([(x1, y1), *wings], fill=colour)

    def polygon(
        self, points: Sequence[Point], *, fill: str | None = "black", edge: str | None = None, line_width: float = 0.8
    ) -> None:
        """Draw a closed shape."""
        self._place_shape(Polygon(points, closed=True), fill, edge, line_width)

    def circle(
        self,
        x: float,
        y: float,
        radius: float,
        *,
        fill: str | None = "black",
        edge: str | None = None,
        line_width: float = 0.8,
    ) -> None:
        """Draw a disc."""
        self._place_shape(Circle((x, y), radius), fill, edge, line_width)

"""Figures: a drawing with its caption and alternative text, rendered to bytes that are the same every time.

Matplotlib stamps dates and random ids into its files and reads a person's own settings; here the settings are fixed while drawing and
rendering, dates are left out, and ids come from a fixed salt. The same drawing gives the same bytes in any time zone, with any hash
seed, after any other drawing. No `pyplot`: its global list of figures is not touched.

Text stays text. In SVG (`svg.fonttype: none`) it can be searched, read aloud and edited, and a browser draws scripts for which this
machine has no font; the layout is measured with DejaVu Sans, which is wider than the fonts that a viewer may put in its place, so that a
substitute never overflows. In PDF fonts are embedded as TrueType (Type 42), which journals ask for; Type 3 they refuse. In EPS text is
outlines, as PLOS asks, so that no font is needed to open it.
"""

from __future__ import annotations

import io
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import replace
from typing import Literal
from xml.sax.saxutils import escape

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from review.findings import Finding
from review.findings import find
from review.reporting.typeface import FAMILY
from review.reporting.typeface import find_missing_characters
from review.reporting.typeface import outline_text

Format = Literal["svg", "pdf", "png", "tiff", "eps"]

POINTS_PER_CM = 72 / 2.54

#: The largest figure that fits a journal's page, in cm: PLOS, 2250 x 2625 pixels at 300 dpi.
MAX_WIDTH_CM = 19.05
MAX_HEIGHT_CM = 22.23

#: Widths of one and two columns of a journal's page, in cm (Elsevier: 1063 and 2244 pixels at 300 dpi).
COLUMN_WIDTH_CM = 9.0
TWO_COLUMN_WIDTH_CM = 19.0

#: A picture of more pixels than this (PLOS at 1000 dpi is 66 million) is refused rather than filling the memory.
MAX_PIXELS = 100_000_000

_SALT = "review"
_CREATOR = "review"

#: Settings of matplotlib are global to the process: one drawing at a time.
_LOCK = threading.RLock()


@dataclass(frozen=True)
class Drawing:
    """A figure, the caption that a manuscript prints below it, and the text for those who cannot see it.

    It is printed `scale` times as large as it was laid out, text and lines alike.
    """

    figure: Figure
    caption: str
    alt: str
    title: str = ""
    scale: float = 1.0

    @property
    def width_cm(self) -> float:
        """The printed width in cm."""
        return float(self.figure.get_figwidth()) * 2.54 * self.scale

    @property
    def height_cm(self) -> float:
        """The printed height in cm."""
        return float(self.figure.get_figheight()) * 2.54 * self.scale

    @property
    def text_sizes(self) -> tuple[float, float]:
        """The smallest and the largest text in points as printed; zeros for a figure without text."""
        sizes = [float(text.get_fontsize()) * self.scale for text in self.figure.texts]
        return (min(sizes), max(sizes)) if sizes else (0.0, 0.0)


def resize_drawing(drawing: Drawing, width_cm: float, *, largest_text: float = 12.0) -> Drawing:
    """Print a drawing at a width; it stays narrower where its text would become larger than `largest_text` points.

    Raises:
        ValueError: If the width is not positive.
    """
    if width_cm <= 0:
        raise ValueError(f"a width of {width_cm} cm is not possible; expected more than 0")
    scale = drawing.scale * width_cm / drawing.width_cm
    largest = drawing.text_sizes[1] / drawing.scale
    return replace(drawing, scale=min(scale, largest_text / largest) if largest else scale)


@contextmanager
def fixed_settings() -> Iterator[None]:
    """Draw and render with matplotlib's built-in defaults, whatever the person's own settings are, and restore them."""
    with _LOCK, mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "font.family": ["sans-serif"],
                "font.sans-serif": [FAMILY],
                # Without hinting a text is as wide at 100 dpi as at 1000, so that the layout holds at any resolution.
                "text.hinting": "none",
                # A dollar sign is a dollar sign.
                "text.parse_math": False,
                "svg.fonttype": "none",
                "svg.hashsalt": _SALT,
                "pdf.fonttype": 42,
                "ps.fonttype": 42,
            }
        )
        yield


def render_figure(drawing: Drawing, form: Format, *, dpi: int = 300) -> bytes:
    """Render a drawing in the format that a file's ending names; `dpi` counts for png and tiff only.

    Raises:
        ValueError: If the resolution is out of range or the picture would have too many pixels.
    """
    if form == "svg":
        return render_svg(drawing)
    if form == "pdf":
        return render_pdf(drawing)
    if form == "eps":
        return render_eps(drawing)
    if form == "png":
        return render_png(drawing, dpi=dpi)
    return render_tiff(drawing, dpi=dpi)


def render_svg(drawing: Drawing) -> bytes:
    """Render as SVG 1.1 with text as text, a title and a description for screen readers, and no date."""
    metadata = {"Date": None, "Creator": _CREATOR, "Title": drawing.title or "Figure"}
    text = _save(drawing, "svg", metadata=metadata).decode("utf-8")
    opening, rest = text.split("</title>", 1)
    opening = opening.replace(' version="1.1"', ' version="1.1" role="img"', 1)
    return f"{opening}</title>\n <desc>{escape(drawing.alt)}</desc>{rest}".encode()


def render_pdf(drawing: Drawing) -> bytes:
    """Render as PDF with embedded TrueType fonts and no dates."""
    metadata = {
        "CreationDate": None,
        "ModDate": None,
        "Creator": _CREATOR,
        "Producer": None,
        "Title": drawing.title,
        "Subject": drawing.caption,
    }
    return _save(drawing, "pdf", metadata=metadata)


def render_png(drawing: Drawing, *, dpi: int = 300) -> bytes:
    """Render as PNG on white, at `dpi` dots per inch (72 to 1200).

    Raises:
        ValueError: If the resolution is out of range or the picture would have too many pixels.
    """
    _check_resolution(drawing, dpi)
    return _save(
        drawing, "png", dpi=dpi, metadata={"Software": None, "Title": drawing.title, "Description": drawing.alt}
    )


def render_tiff(drawing: Drawing, *, dpi: int = 600) -> bytes:
    """Render as TIFF for a journal: RGB without transparency, LZW, one layer, at `dpi` dots per inch (300 to 1000 are asked for).

    Raises:
        ValueError: If the resolution is out of range or the picture would have too many pixels.
    """
    from PIL import Image

    _check_resolution(drawing, dpi)
    pixels = _save(drawing, "rgba", dpi=dpi)
    # The canvas rounds its size down, so the width follows from the drawing as matplotlib computes it.
    width, height = (int(side * dpi) for side in drawing.figure.get_size_inches() * drawing.scale)
    image = Image.frombytes("RGBA", (width, height), pixels).convert("RGB")
    buffer = io.BytesIO()
    image.save(buffer, format="TIFF", compression="tiff_lzw", dpi=(dpi, dpi))
    return buffer.getvalue()


def render_eps(drawing: Drawing) -> bytes:
    """Render as EPS with text as outlines and no date."""
    with fixed_settings(), outlined_texts(drawing.figure):
        data = _save(drawing, "eps", metadata={"Creator": _CREATOR})
    # Versions of matplotlib differ in whether they write a title and a date.
    opening, rest = re.sub(rb"%%(CreationDate|Title): .*\n", b"", data, count=2).split(b"\n", 1)
    title = " ".join(drawing.title.encode("ascii", "replace").decode().split()) or "Figure"
    return b"%b\n%%%%Title: %b\n%b" % (opening, title.encode(), rest)


def check_drawing(drawing: Drawing, path: str = "") -> list[Finding]:
    """Say what a journal or a reader would object to: a page too small for the figure, letters without a font.

    `path` names the figure in the messages.
    """
    name = path or drawing.title or "figure"
    findings: list[Finding] = []
    if drawing.width_cm > MAX_WIDTH_CM + 0.005 or drawing.height_cm > MAX_HEIGHT_CM + 0.005:
        findings.append(
            find(
                "FIGURE-001",
                f"{name} is larger than a journal's page",
                found=f"{drawing.width_cm:.1f} x {drawing.height_cm:.1f} cm",
                expected=f"at most {MAX_WIDTH_CM} x {MAX_HEIGHT_CM} cm",
                hint="shorten the labels, split the figure by group, or print it as a supplement",
            )
        )
    missing = find_missing_characters("".join(text.get_text() for text in drawing.figure.texts))
    if missing:
        shown = " ".join(f"{letter} (U+{ord(letter):04X})" for letter in missing[:5])
        findings.append(
            find(
                "FIGURE-002",
                f"no installed font has {len(missing)} of the letters in {name}",
                found=shown,
                expected="a font with these letters",
                hint="install a font of that script (such as Noto Sans) and build again; the SVG is not affected",
            )
        )
    return findings


def _check_resolution(drawing: Drawing, dpi: int) -> None:
    if not 72 <= dpi <= 1200:
        raise ValueError(f"{dpi} dpi is out of range; expected 72 to 1200")
    width, height = drawing.figure.get_size_inches() * drawing.scale
    pixels = int(width * dpi) * int(height * dpi)
    if pixels > MAX_PIXELS:
        raise ValueError(
            f"{pixels:,} pixels are too many for one picture; expected at most {MAX_PIXELS:,}: lower the dpi"
        )


def _save(drawing: Drawing, form: str, *, dpi: int = 72, metadata: dict[str, str | None] | None = None) -> bytes:
    buffer = io.BytesIO()
    with fixed_settings(), _scaled(drawing), warnings.catch_warnings():
        # Told once, by check_drawing, with what to do about it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        drawing.figure.savefig(buffer, format=form, dpi=dpi, facecolor="white", metadata=metadata)
    return buffer.getvalue()


@contextmanager
def _scaled(drawing: Drawing) -> Iterator[None]:
    """Enlarge everything on a figure for as long as it is rendered, then put it back as it was."""
    figure, scale = drawing.figure, drawing.scale
    if scale == 1.0:
        yield
        return
    size = tuple(figure.get_size_inches())
    artists: list[Artist] = [*figure.artists, *figure.texts]
    before = [(artist, Artist.get_transform(artist), _measure_stroke(artist)) for artist in artists]
    enlarge = Affine2D().scale(scale)
    figure.set_size_inches(size[0] * scale, size[1] * scale)
    for artist, transform, stroke in before:
        artist.set_transform(transform + enlarge)
        _set_stroke(artist, stroke * scale)
    try:
        yield
    finally:
        figure.set_size_inches(*size)
        for artist, transform, stroke in before:
            artist.set_transform(transform)
            _set_stroke(artist, stroke)


def _measure_stroke(artist: Artist) -> float:
    """Return what of an artist is measured in points: the size of a text, the width of a line or an edge."""
    if isinstance(artist, Text):
        return float(artist.get_fontsize())
    return float(artist.get_linewidth()) if isinstance(artist, Line2D | Patch) else 0.0


def _set_stroke(artist: Artist, value: float) -> None:
    if isinstance(artist, Text):
        artist.set_fontsize(value)
    elif isinstance(artist, Line2D | Patch):
        artist.set_linewidth(value)


@contextmanager
def outlined_texts(figure: Figure) -> Iterator[None]:
    """Draw texts as their outlines for as long as a figure is rendered."""
    texts = list(figure.texts)
    for text in texts:
        text.set_visible(False)
    outlines = [figure.add_artist(outline_text(text, figure)) for text in texts]
    try:
        yield
    finally:
        for outline in outlines:
            outline.remove()
        for text in texts:
            text.set_visible(True)

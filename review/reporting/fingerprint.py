"""What a figure draws as one short text, so that a figure that draws the same need not be rendered anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from collections.abc import Iterator
from functools import partial
from inspect import ismethod
from pathlib import Path as FilePath

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.font_manager import findfont
from matplotlib.markers import MarkerStyle
from matplotlib.patches import BoxStyle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import AffineBase

from review.cache import recall
from review.reporting.figure import Drawing
from review.reporting.figure import Format
from review.reporting.figure import render_figure
from review.reporting.typeface import FAMILY

#: What an artist knows that leaves no ink: the figure it is on, and who wants to hear of its changes.
_INKLESS = frozenset({"_parent_figure", "_callbacks", "_remove_method", "stale_callback", "_stale", "_renderer"})

#: Families that come with matplotlib or name none.
_BUNDLED = frozenset({FAMILY, "sans-serif"})

#: What says by its own state how it draws.
_STATEFUL = (FontProperties, MarkerStyle, *BoxStyle.get_styles().values())

#: What else decides the bytes of a rendered figure.
_LIBRARIES = ("matplotlib", "numpy", "pillow", "fonttools")


def render_forms(drawing: Drawing, forms: Iterable[Format]) -> dict[Format, bytes]:
    """Render in several formats as `review.reporting.figure.render_figure` does, or return what it gave for a drawing of the same ink."""
    try:
        # Taken before anything is rendered, which leaves traces in the drawing.
        ink = fingerprint_drawing(drawing)
    except TypeError:
        return {form: render_figure(drawing, form) for form in forms}
    return {
        form: recall(
            ["figure", form, ink],
            partial(render_figure, drawing, form),
            program=("reporting",),
            libraries=_LIBRARIES,
        )
        for form in forms
    }


def fingerprint_drawing(drawing: Drawing) -> str:
    """Hash everything that a drawing's files show or say, to the last digit.

    Two drawings of one fingerprint give the same bytes in every format. A drawing that was rendered before may have another one, since
    matplotlib keeps intermediate results with it.

    Raises:
        TypeError: If the drawing has a part of a kind that is not known here.
    """
    digest = hashlib.sha256()
    parts = (drawing.caption, drawing.alt, drawing.title, drawing.scale, tuple(drawing.figure.get_size_inches()))
    digest.update(repr(parts).encode("utf-8", "surrogatepass"))
    for artist in drawing.figure.get_children():
        tokens = [type(artist).__name__, str(artist.get_zorder()), *_spell_state(artist)]
        if isinstance(artist, Text):
            tokens += _spell_fonts(artist)
        digest.update("\x1f".join(tokens).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _spell_state(owner: object) -> Iterator[str]:
    for name, value in vars(owner).items():
        if name not in _INKLESS:
            yield name
            yield from _spell(value)


def _spell(value: object) -> Iterator[str]:
    if value is None or isinstance(value, str | bytes | int | float):
        yield repr(value)
    elif isinstance(value, tuple | list):
        yield f"({len(value)}"
        for item in value:
            yield from _spell(item)
    elif isinstance(value, np.ndarray):
        yield f"{value.dtype}{value.shape}{value.tolist()!r}"
    elif isinstance(value, AffineBase):
        yield repr(value.get_matrix().tolist())
    elif isinstance(value, Path):
        yield from _spell([value.vertices, value.codes])
    elif isinstance(value, _STATEFUL):
        yield type(value).__name__
        yield from _spell_state(value)
    elif ismethod(value) and isinstance(value.__self__, _STATEFUL):
        yield value.__qualname__
    else:
        message = f"a {type(value).__name__} cannot be told from another one"
        raise TypeError(message)


def _spell_fonts(text: Text) -> Iterator[str]:
    """Name the files of the fonts that are not bundled: another version of a font draws other letters."""
    for family in text.get_fontfamily():
        if family not in _BUNDLED:
            file = FilePath(findfont(family))
            yield f"{file.name} {file.stat().st_size}"

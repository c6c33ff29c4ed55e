"""Codes of the FIGURE area."""

from __future__ import annotations

from review.catalogue.code import Code

CODES: tuple[Code, ...] = (
    Code(
        "FIGURE-001",
        "note",
        "The figure is larger than a journal's page",
        "Journals print figures of at most 19.05 x 22.23 cm (PLOS: 2250 x 2625 pixels at 300 dpi). This one is drawn larger so that no "
        "text is cut or overlapping; scaled down by the journal its letters may become too small to read.",
        "Shorten study names and reasons, split the figure by group, or submit it as supplementary material.",
    ),
    Code(
        "FIGURE-002",
        "warning",
        "No installed font has some letters of a figure",
        "DejaVu Sans, which comes with the program, has the Latin, Greek, Cyrillic, Arabic and Hebrew letters. A label uses letters of another "
        "script and no font on this machine has them: PNG, TIFF and PDF show squares in their place. The SVG keeps the text.",
        "Install a font of that script, for instance from the Noto family, and build again; or write the label in Latin letters.",
    ),
    Code(
        "FIGURE-003",
        "warning",
        "The text of a figure is too small or too large in print",
        "At the width that was asked for, letters would be smaller or larger than the journal prints (PLOS: 8 to 12 points).",
        "Choose a larger width (two columns), shorten the labels, or split the figure.",
    ),
    Code(
        "FIGURE-004",
        "warning",
        "A figure's file is not what the journal takes",
        "The journal takes other forms of files, another resolution, or smaller files (PLOS: TIFF or EPS, 300 to 600 dpi, less than 10 MB).",
        "Name a file with another ending, or give another --dpi.",
    ),
)

"""Values of the review in a manuscript: Word, Markdown, Quarto and LaTeX, filled by key and filled again."""

from __future__ import annotations

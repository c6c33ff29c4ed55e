"""Systematic reviews as folders of plain text, with every published number traceable to its patients."""

from __future__ import annotations

__version__ = "0.1.0"

"""Reporting: the flow diagram, tables, figures and documents, each derived from values and the same bytes every time."""

from __future__ import annotations

"""Claims: the numbers in a manuscript, checked against arithmetic and against the review."""

from __future__ import annotations

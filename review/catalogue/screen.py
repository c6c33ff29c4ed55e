"""Codes of the SCREEN area."""

from __future__ import annotations

from review.catalogue.code import Code

CODES: tuple[Code, ...] = ()

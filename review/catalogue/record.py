"""Codes of the RECORD area."""

from __future__ import annotations

from review.catalogue.code import Code

CODES: tuple[Code, ...] = ()

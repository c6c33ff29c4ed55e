"""Codes of the DEDUP area."""

from __future__ import annotations

from review.catalogue.code import Code

CODES: tuple[Code, ...] = ()

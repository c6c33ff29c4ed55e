"""Extraction: one sheet per study, checked against the protocol, the records and the other sheets."""

from __future__ import annotations

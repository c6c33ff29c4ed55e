"""Screening: logs of decisions, consensus, and how far each report has come."""

from __future__ import annotations

"""Pooling: intervals of one proportion, effect sizes, models, and the planned analyses of a review."""

from __future__ import annotations

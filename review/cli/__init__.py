"""The command line: one module per verb, each a thin edge around documented functions."""

from __future__ import annotations

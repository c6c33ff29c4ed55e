"""A new review folder from templates that explain themselves."""

from __future__ import annotations

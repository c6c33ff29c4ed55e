"""The local browser pages: served on this machine alone, to one person, with everything that they need on board."""

from __future__ import annotations

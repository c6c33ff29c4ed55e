"""Tests; a package, so that no installed distribution called tests can hide it."""

from __future__ import annotations

"""E-utilities on loopback: a corpus, a query engine, the tools' answers and every known way to fail.

Start with `tests.emulator.server.Emulator`; `tests.emulator.fixtures` has pytest fixtures for the common cases.
"""

from __future__ import annotations

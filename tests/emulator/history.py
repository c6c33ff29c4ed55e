"""The history server: result sets kept under a WebEnv."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import NamedTuple


class StoredSet(NamedTuple):
    """A snapshot of one result: PMIDs in the order of the search, and the translation."""

    pmids: tuple[int, ...]
    translation: str


class History:
    """All environments; `expire_after` uses of an environment it is gone, None keeps it for ever."""

    def __init__(self) -> None:
        self._sets: dict[str, list[StoredSet]] = {}
        self._uses: dict[str, int] = {}
        self.expire_after: int | None = None

    def store(self, pmids: Sequence[int], translation: str, webenv: str = "") -> tuple[str, int]:
        """Keep a set, in an environment that exists or a new one; return the environment and the query key."""
        if webenv not in self._sets:
            webenv = f"MCID_{secrets.token_hex(12)}"
            self._sets[webenv] = []
            self._uses[webenv] = 0
        self._sets[webenv].append(StoredSet(tuple(pmids), translation))
        return webenv, len(self._sets[webenv])

    def get(self, webenv: str, query_key: str) -> StoredSet | None:
        """Return a set, None when it is unknown or gone."""
        sets = self.list_sets(webenv)
        if webenv in self._uses:
            self._uses[webenv] += 1
            if self.expire_after is not None and self._uses[webenv] > self.expire_after:
                self.forget(webenv)
                return None
        if not query_key.isdigit() or not 1 <= int(query_key) <= len(sets):
            return None
        return sets[int(query_key) - 1]

    def list_sets(self, webenv: str) -> list[StoredSet]:
        """Return the sets of an environment in order."""
        return self._sets.get(webenv, [])

    def forget(self, webenv: str = "") -> None:
        """Lose one environment, or all."""
        for name in [webenv] if webenv else list(self._sets):
            self._sets.pop(name, None)
            self._uses.pop(name, None)

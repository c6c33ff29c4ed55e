"""Every source that can be searched by its service: name to client."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from collections.abc import Mapping
from typing import cast

from review.errors import UsageError
from review.search.settings import Settings
from review.search.settings import read_settings
from review.search.sources.contract import Source

#: Name -> module with a function `open_source(settings, notify)`.
SOURCES: dict[str, str] = {
    "pubmed": "review.search.sources.pubmed",
    "europepmc": "review.search.sources.europepmc",
    "openalex": "review.search.sources.openalex",
    "crossref": "review.search.sources.crossref",
    "clinicaltrials-gov": "review.search.sources.clinicaltrials",
}


def is_searchable(name: str) -> bool:
    """Whether the source has a service that can be searched from here; others come in by `review import`."""
    return name in SOURCES


def open_source(
    name: str,
    environment: Mapping[str, str],
    *,
    contact: str = "",
    notify: Callable[[str], None] | None = None,
) -> Source:
    """Return the client of a source with its settings.

    Args:
        name: A name of `SOURCES`.
        environment: The process's environment.
        contact: The protocol's contact, where REVIEW_EMAIL is not set.
        notify: Is told of every repeated request.

    Raises:
        UsageError: If there is no such source, or a setting is missing.
    """
    if name not in SOURCES:
        raise UsageError(
            f"{name} cannot be searched from here; export it by hand and adopt the file with `review import`. "
            f"Searched are: {', '.join(sorted(SOURCES))}"
        )
    opener = cast(
        "Callable[[Settings, Callable[[str], None] | None], Source]",
        importlib.import_module(SOURCES[name]).open_source,
    )
    return opener(read_settings(environment, name, contact), notify)

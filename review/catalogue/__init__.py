"""The catalogue of finding codes: one module per area, each code told in full once.

A code is never reused and never renumbered. `review check --explain CODE` prints an entry.
"""

from __future__ import annotations

import importlib
import pkgutil

from review.catalogue.code import Code


def load_catalogue() -> dict[str, Code]:
    """Collect the codes of all areas, keyed by code; a code defined twice is a programming error."""
    codes: dict[str, Code] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name == "code":
            continue
        for code in importlib.import_module(f"{__name__}.{module.name}").CODES:
            if code.code in codes:
                message = f"finding code {code.code} is defined twice"
                raise RuntimeError(message)
            codes[code.code] = code
    return dict(sorted(codes.items()))


CATALOGUE: dict[str, Code] = load_catalogue()

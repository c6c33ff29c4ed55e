"""Text as XML can hold it: some characters have no place in it, not even escaped."""

from __future__ import annotations

import re

#: Control characters but tab and end of line, halves of surrogates, and the two that Unicode keeps free.
#: Source: XML 1.0, section 2.2 (C1 controls, which it discourages, too).
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean_text(text: str) -> str:
    """Replace what XML cannot hold by blanks; tabs and ends of lines stay."""
    return _FORBIDDEN.sub(" ", text)

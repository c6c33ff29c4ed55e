"""Text after a hash that YAML reads as a comment where a person most likely meant it to belong to the value.

YAML ends a value without quotes at a space and a hash: `nodules #3 finger` is read as `nodules`. A comment that is meant has two spaces before
its hash or a space after it (`yes  #checked`, `yes # checked`), so that a single space and a hash with a letter or digit
behind it is told as a slip. Values in quotes and blocks of text keep their hashes, and lines of nothing but a comment are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from review.findings import Finding
from review.findings import Origin
from review.findings import find

#: Whether any line may lose text; most files have none, and are not looked at more closely.
_SUSPICION = re.compile(r"^(?!\s*#).*\S #\w", re.MULTILINE)
_LOST = re.compile(r" (#\w.*)")


def check_comments(text: str, path: str) -> Iterator[Finding]:
    """Report the values of a YAML text that end where a hash looks like a part of them.

    Args:
        text: The file's text; one that is no YAML is looked at as far as it is.
        path: How findings name the file.
    """
    if _SUSPICION.search(text) is None:
        return
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.tokens import ScalarToken

    lines = text.split("\n")
    try:
        for token in YAML(typ="safe", pure=True).scan(text):
            if not isinstance(token, ScalarToken) or not token.plain:
                continue
            end = token.end_mark
            lost = _LOST.match(lines[end.line], end.column)
            if lost:
                value, rest = " ".join(token.value.split()), lost.group(1).rstrip()
                message = f'the value ends before "{rest}", which YAML reads as a comment'
                hint = "for a comment, put two spaces before the hash"
                yield find(
                    "PROJECT-019",
                    message,
                    Origin(path, end.line + 1),
                    found=value,
                    expected=f'"{value} {rest}" in quotes',
                    hint=hint,
                )
    except YAMLError:
        return

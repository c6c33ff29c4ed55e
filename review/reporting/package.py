"""Office files as the same bytes every time: zips of XML, packed again in a fixed order with a fixed date."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

#: The earliest date that a zip can hold; it stands for "no date" in everything that is written.
EPOCH = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)

#: The list of types comes first in an Office file.
_FIRST = "[Content_Types].xml"

#: The part that says when the file was made and saved: openpyxl writes the clock there whatever it is told.
_PROPERTIES = "docProps/core.xml"
_DATE = re.compile(rb"(<dcterms:(?:created|modified)\b[^>]*>)[^<]*")


def pack_again(data: bytes) -> bytes:
    """Pack a zip again without the clock and the system of the machine that made it."""
    stamp = EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in sorted(source.namelist(), key=lambda each: (each != _FIRST, each)):
            entry = zipfile.ZipInfo(name, EPOCH.timetuple()[:6])
            # A picture is compressed already.
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            # The system that made the file is part of the bytes.
            entry.create_system = 3
            content = source.read(name)
            target.writestr(entry, _DATE.sub(rb"\g<1>" + stamp, content) if name == _PROPERTIES else content)
    return buffer.getvalue()

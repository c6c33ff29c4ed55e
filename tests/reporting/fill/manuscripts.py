"""Values and Word files for the tests of filling: small packages made by hand, so that every element is known."""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from review.model import Value
from review.reporting.fill.printed import Printed

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_KINDS = {
    "word/document.xml": ("document", f"{_TYPE}document.main+xml"),
    "word/header1.xml": ("hdr", f"{_TYPE}header+xml"),
    "word/header2.xml": ("hdr", f"{_TYPE}header+xml"),
    "word/footer1.xml": ("ftr", f"{_TYPE}footer+xml"),
    "word/footnotes.xml": ("footnotes", f"{_TYPE}footnotes+xml"),
    "word/comments.xml": ("comments", f"{_TYPE}comments+xml"),
    "word/settings.xml": ("settings", f"{_TYPE}settings+xml"),
    "docProps/custom.xml": ("", "application/vnd.openxmlformats-officedocument.custom-properties+xml"),
}

#: 9 of 19, the flow's count, and a range whose end is named as a form is.
VALUES = (
    Value("pool.A.together", "9/19 (47.4%; 95% CI 24.4 to 71.1)", 9 / 19, 9, 19, 0.2444747, 0.7113568, level=0.95),
    Value("pool.A.smith-2014", "1/8 (12.5%; 95% CI 0.3 to 52.7)", 1 / 8, 1, 8, 0.0031597, 0.5265097, level=0.95),
    Value("pool.A.model", "46.0% (95% CI 23.7 to 72.4)", 0.46, 9, 19, 0.237, 0.724, level=0.95),
    Value("pool.A.multiverse.low", "45.5%", 0.4545),
    Value("prisma.records_screened", "1,122", 1122.0),
    Value("pool.A." + "long-" * 12 + "2014", "2/4 (50.0%)", 0.5, 2, 4),
)


def make_printed(**texts: str) -> Printed:
    """The values, with other texts for some keys (dots written as `__`)."""
    changed = {key.replace("__", "."): text for key, text in texts.items()}
    return Printed(
        Value(value.key, changed.get(value.key, value.text), *_numbers(value), level=value.level) for value in VALUES
    )


def _numbers(value: Value):
    return value.value, value.events, value.total, value.ci_low, value.ci_high


def make_word(body: str, *, namespace: str = W, **parts: str) -> bytes:
    """A Word file; `parts` are the insides of further parts, by name without folder and ending."""
    written = {"word/document.xml": f"<w:body>{body}</w:body>"}
    for name in _KINDS:
        short = name.rpartition("/")[2].removesuffix(".xml")
        if short in parts:
            written[name] = parts[short]
    types = "".join(f'<Override PartName="/{name}" ContentType="{_KINDS[name][1]}"/>' for name in written)
    files = {
        "[Content_Types].xml": '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/media/image1.png": "not really a picture \x00",
    }
    for name, inside in written.items():
        root = _KINDS[name][0]
        files[name] = f'<w:{root} xmlns:w="{namespace}">{inside}</w:{root}>' if root else inside
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 2, 3, 4, 6)), text)
    return stream.getvalue()


def read_parts(data: bytes) -> dict[str, bytes]:
    """The parts of a Word file by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read_xml(data: bytes, part: str = "word/document.xml"):
    return etree.fromstring(read_parts(data)[part])


def read_text(data: bytes, part: str = "word/document.xml") -> str:
    """The text of a part as Word shows it, a line per paragraph."""
    root = read_xml(data, part)
    return "\n".join("".join(node.text or "" for node in paragraph.iter("{*}t")) for paragraph in root.iter("{*}p"))


def run(text: str, look: str = "") -> str:
    """A run, `look` being what stands in its rPr."""
    look = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>'


def control(key: str, content: str, more: str = "") -> str:
    return (
        f'<w:sdt><w:sdtPr><w:tag w:val="review:{key}"/>{more}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>'
    )


def field(instruction: str, result: str | None = "<w:r><w:t>old</w:t></w:r>") -> str:
    """A field with three marks; without a result, with two."""
    marks = {name: f'<w:r><w:fldChar w:fldCharType="{name}"/></w:r>' for name in ("begin", "separate", "end")}
    inside = "" if result is None else marks["separate"] + result
    return f'{marks["begin"]}<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>{inside}{marks["end"]}'

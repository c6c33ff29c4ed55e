"""Whatever bytes a reader is given: records, refusals and findings, or one of the errors of this program; never another."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from review.errors import FormatError
from review.formats import FORMATS
from review.formats import parse_bytes
from tests.formats.samples import BIBTEX
from tests.formats.samples import NBIB
from tests.formats.samples import OVID_RIS
from tests.formats.test_cochrane import TEXT
from tests.formats.test_endnote_xml import HEAD
from tests.formats.test_endnote_xml import RECORD
from tests.formats.test_enw import ENW
from tests.formats.test_ovid import LABELLED
from tests.formats.test_ovid import TAGGED
from tests.formats.test_wos import CIW

#: PubMed XML has its own tests of this kind.
SEEDS = [
    text.encode()
    for text in (
        OVID_RIS,
        NBIB,
        BIBTEX,
        ENW,
        TEXT,
        TAGGED,
        LABELLED,
        CIW,
        HEAD + RECORD + "</records></xml>",
        'title,authors,doi\n"One, ""two""","Liu R., Doe K.",10.1000/x\n',
        '[{"type": "book", "title": "x", "author": [{"family": "A"}], "issued": {"date-parts": [[2019]]}}]',
        "Brown J, Doe AB. Calcinosis. Ann Things. 2019 Mar;78(3):370-9. doi:10.1000/x.1\n",
        "30000001\n10.1000/x.1\n",
    )
]
PIECES = [
    b"{", b"}", b'"', b"@", b"\n", b"\r", b"\0", b"<", b"&", b"ER  - \n", b"TY  - JOUR\n", b"\\", b"PMID- ", b"\xff\xfe", b"%0 ", b"[", b"]",
    b"</record>", b"<record>", b",", b"PT J\n", b"#", b"=", b"\xc3", b"\x1f\x8b", b"$", b"<1>\n", b"Record #1 of 9\n", b"'", b":", b"-",
]  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sound file with bytes changed, taken out, put in or cut off."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        repeated = bytes(data[max(0, at - 80) : at])
        change = draw(st.sampled_from(PIECES) | st.binary(max_size=6) | st.just(repeated))
        take = draw(st.integers(0, 60)) if draw(st.booleans()) else 0
        data[at : at + take] = change
    return bytes(data)


def read(data: bytes, name: str | None) -> None:
    with contextlib.suppress(FormatError):
        parsed = parse_bytes(data, path="fuzz", format=name)
        assert parsed.read == parsed.kept + len(parsed.refused)


@pytest.mark.parametrize("name", sorted(FORMATS))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=damaged() | st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_each_reader(name: str, data: bytes) -> None:
    read(data, name)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=damaged())
def test_recognised_files(data: bytes) -> None:
    read(data, None)

from __future__ import annotations

from tests.formats.samples import codes
from tests.formats.samples import parse

ENW = """%T One
%0 Journal Article
%A Guo, Wenbo
%A Straub, Detmar W.
%J Journal of Things
%D 2021
%8 September  1, 2021
%V 45
%N 3
%P 1309-1348
%R 10.1000/x.1
%U https://example.org/1
%X First paragraph

Second paragraph
%Q odd
%@ 1234-5679

%0 Book
%T Two
%I Press


%T Three without a type
%D 2020
"""


def test_refer() -> None:
    parsed = parse(ENW)
    assert (parsed.format, codes(parsed)) == ("enw", [])
    one, two, three = parsed.records
    assert (one.title, one.journal, one.published, one.pages) == ("One", "Journal of Things", "2021-09-01", "1309-1348")
    assert (one.doi, one.abstract, one.issn) == ("10.1000/x.1", "First paragraph Second paragraph", ("1234-5679",))
    assert (two.entry_type, two.extra["publisher"]) == ("book", ("Press",))
    assert (three.title, three.year) == ("Three without a type", 2020)

from __future__ import annotations

import pytest

from review.errors import FormatError
from tests.formats.samples import codes
from tests.formats.samples import parse

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>\n'
RECORD = """<record><database name="x">x</database><source-app name="EndNote">EndNote</source-app><rec-number>1</rec-number>
<ref-type name="Journal Article">17</ref-type><contributors><authors><author><style face="normal">Brown, J.</style></author>
<author>Made-up Sclerosis Group,</author></authors></contributors>
<titles><title><style face="normal">Effects in </style><style face="italic">E. coli</style></title><secondary-title>J Things</secondary-title></titles>
<periodical><full-title>Journal of Things</full-title><abbr-1>J Things</abbr-1></periodical><pages>943-7</pages><volume>112</volume><number>5</number>
<keywords><keyword>one</keyword><keyword>two; three</keyword></keywords><dates><year>2015</year><pub-dates><date>Mar 3</date></pub-dates></dates>
<isbn>1234-5679</isbn><electronic-resource-num>10.1000/x.1</electronic-resource-num><urls><related-urls><url>http://a.org</url>
<url>http://b.org</url></related-urls></urls><custom1>mine &amp; yours</custom1><abstract>A&nbsp;B &alpha; R&D &#x1F;</abstract></record>
"""


def test_record_with_styles() -> None:
    parsed = parse(f"{HEAD}{RECORD}</records></xml>")
    assert (parsed.format, parsed.read, codes(parsed)) == ("endnote-xml", 1, [])
    record = parsed.records[0]
    assert record.title == "Effects in E. coli"
    assert [str(author) for author in record.authors] == ["Brown, J.", "Made-up Sclerosis Group"]
    assert record.authors[1].is_collective
    assert (record.journal, record.journal_abbreviation, record.issue, record.published) == (
        "Journal of Things",
        "J Things",
        "5",
        "2015-03-03",
    )
    assert (record.keywords, record.abstract, record.url) == (("one", "two", "three"), "A B α R&D", "http://a.org")
    assert record.extra["endnote:custom1"] == ("mine & yours",)
    assert record.extra["endnote:urls/related-urls/url"] == ("http://b.org",)
    assert record.origin is not None
    assert record.origin.line == 3


def test_a_damaged_record_does_not_cost_the_others() -> None:
    broken = RECORD.replace("</titles>", "", 1)
    parsed = parse(f"{HEAD}{RECORD}{broken}{RECORD}</records></xml>")
    assert (parsed.read, parsed.kept) == (3, 3)
    assert codes(parsed) == ["RECORD-008"]


def test_a_file_cut_off_keeps_what_is_there() -> None:
    parsed = parse(f"{HEAD}{RECORD}{RECORD[:400]}")
    assert (parsed.read, parsed.kept) == (2, 2)
    assert codes(parsed) == ["RECORD-008"]


def test_entities_are_never_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    with pytest.raises(FormatError, match="declares XML entities"):
        parse(f'<?xml version="1.0"?>{bomb}<xml><records>{RECORD}</records></xml>')

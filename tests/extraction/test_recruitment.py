from __future__ import annotations

import pytest

from review.extraction.recruitment import Period
from review.extraction.recruitment import find_period


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Patients seen between January 2001 and December 2010 were included.", (2001, 2010)),
        ("We enrolled patients from 1998 to 2008.", (1998, 2008)),
        ("From 1 March 2015 through 31 May 2019, eight patients were treated.", (2015, 2019)),
        ("Seen in 2003-2007 at our centre.", (2003, 2007)),
        ("Seen during the period 2003–2007. Others from 1999 until 2001.", (1999, 2007)),
        ("MEDLINE was searched from 1990 to 2020. Patients were seen from 2010 to 2012.", (2010, 2012)),
    ],
)
def test_years_of_recruitment_are_read_from_abstracts(text, period):
    assert find_period([text], 2020) == Period(*period)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We searched PubMed from 1990 to 2020.",
        "Cases published between 1998 and 2018 were pooled.",
        "Doses from 1000 to 2000 mg. A fall from 2010 to 1999.",
        "In 2012 a woman was seen.",
    ],
)
def test_what_is_no_recruitment_leaves_the_year_as_its_end(text):
    assert find_period([text], 2015) == Period(None, 2015)
    assert find_period([text], None) is None


def test_periods_overlap_or_exclude_each_other():
    early, late, wide, published = Period(2001, 2004), Period(2005, 2009), Period(2003, 2006), Period(None, 2004)
    assert early.excludes(late)
    assert late.excludes(early)
    assert not early.overlaps(late)
    assert early.overlaps(wide)
    assert wide.overlaps(late)
    assert late.excludes(published)
    assert published.excludes(late)
    assert not published.excludes(wide)
    assert not published.overlaps(wide)

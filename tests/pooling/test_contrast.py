"""Case reports against series."""

from __future__ import annotations

import pytest

from review.errors import PoolError
from review.pooling.contrast import contrast_reports
from review.pooling.intervals import interval


def test_single_cases_against_a_series() -> None:
    found = contrast_reports([2, 1, 1, 1, 1, 0], [8, 1, 1, 1, 1, 1])
    assert found.reports is not None
    assert found.series is not None
    assert (found.reports.events, found.reports.total, found.reports.studies) == (4, 5, (1, 2, 3, 4, 5))
    assert (found.series.ci_low, found.series.ci_high) == interval(2, 8)
    assert found.difference == pytest.approx(0.8 - 0.25)
    assert found.difference_ci is not None
    assert found.difference_ci[0] < 0.55 < found.difference_ci[1]
    # By hand: of C(13, 6) tables with these margins, those as likely as or less likely than the observed.
    assert found.p == pytest.approx((28 + 140 + 8) / 1716)
    assert [finding.code for finding in found.findings] == ["POOL-134"]


def test_a_small_difference_is_not_warned_about() -> None:
    assert contrast_reports([4, 1, 0], [8, 1, 1]).findings == ()


def test_a_mark_says_what_a_report_is() -> None:
    found = contrast_reports([4, 2, 1], [8, 2, 1], is_report=[False, True, True])
    assert found.reports is not None
    assert (found.reports.events, found.reports.total) == (3, 3)


@pytest.mark.parametrize("total", [[1, 1], [8, 11]])
def test_one_kind_alone_has_no_contrast(total: list[int]) -> None:
    found = contrast_reports([1, 0], total)
    assert found.difference is None
    assert [finding.code for finding in found.findings] == ["POOL-135"]


def test_impossible_requests_are_refused() -> None:
    with pytest.raises(PoolError, match="one for each"):
        contrast_reports([1], [1], is_report=[True, False])
    with pytest.raises(PoolError, match="level"):
        contrast_reports([1], [1], level=1.5)

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies

from review.model import RecordId
from review.screening.order import FixedOrder
from review.screening.order import draw_calibration
from review.screening.order import name_order


def ids(*numbers):
    return tuple(RecordId(f"a:{number}") for number in numbers)


def test_an_order_is_named_by_model_and_seed():
    one, two = ids(1, 2)
    assert name_order(FixedOrder((one,)), one) == "file"
    order = FixedOrder((one, two), "svm-1", 7, frozenset({two}))
    assert (name_order(order, one), name_order(order, two)) == ("svm-1 seed=7", "random seed=7")
    order = FixedOrder((one, two), "svm-1", 7, frozenset({two}), 12)
    assert (name_order(order, one), name_order(order, two)) == ("svm-1 seed=7 votes=12", "random seed=7 votes=12")


def test_the_calibration_sample_depends_on_the_seed_and_not_on_the_order():
    reports = ids(*range(100))
    drawn = draw_calibration(reports, 10, 1)
    assert list(drawn) == list(draw_calibration(reversed(reports), 10, 1))
    assert list(drawn) != list(draw_calibration(reports, 10, 2))
    assert name_order(drawn, drawn.ids[0]) == "calibration seed=1"


@given(strategies.integers(0, 60), strategies.integers(0, 30), strategies.integers(0, 30))
def test_reports_found_later_take_the_place_of_few(before, later, size):
    old, new = ids(*range(before)), ids(*range(before, before + later))
    first, second = set(draw_calibration(old, size, 3)), set(draw_calibration((*old, *new), size, 3))
    assert len(second) == min(size, before + later)
    # Whoever leaves the sample has given way to a report that is new.
    assert len(first - second) <= len(second & set(new))

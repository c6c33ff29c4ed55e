from __future__ import annotations

import json
import math

import pytest

from review.screening.coefficients import measure_agreement


def load(shared):
    return json.loads((shared / "data" / "screening" / "golden" / "irr.json").read_text())


NAMES = ["typical_screen", "balanced", "one_sided", "three_cat", "perfect", "all_exclude"]


@pytest.mark.shared
@pytest.mark.parametrize("name", NAMES)
def test_coefficients_equal_the_golden_values(shared, name):
    golden = load(shared)[name]
    agreement = measure_agreement(golden["table"])
    assert agreement.n == golden["n"]
    assert agreement.observed == pytest.approx(golden["po"], abs=1e-12)
    for value, key in ((agreement.positive, "pos_agree"), (agreement.negative, "neg_agree")):
        if math.isnan(golden[key]):
            assert value is None
        else:
            assert value == pytest.approx(golden[key], abs=1e-12)
    for coefficient, key, se in (
        (agreement.kappa, "kappa", "se"),
        (agreement.pabak, "pabak", "se"),
        (agreement.ac1, "ac1", "se_n"),
    ):
        if math.isnan(golden[key]["est"]):
            assert coefficient is None
            continue
        assert coefficient.estimate == pytest.approx(golden[key]["est"], abs=1e-10)
        assert coefficient.se == pytest.approx(golden[key][se], abs=1e-9)
        assert coefficient.low == pytest.approx(golden[key]["lo"], abs=1e-9)
        assert coefficient.high == pytest.approx(golden[key]["hi"], abs=1e-9)


def test_a_table_worked_by_hand():
    # Po 0.7, chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5: kappa 0.4. PABAK 2 * 0.7 - 1.
    agreement = measure_agreement([[20, 5], [10, 15]])
    assert agreement.kappa.estimate == pytest.approx(0.4)
    assert agreement.pabak.estimate == pytest.approx(0.4)
    assert agreement.positive == pytest.approx(40 / 55)
    assert agreement.negative == pytest.approx(30 / 45)


def test_kappa_is_not_defined_where_both_put_everything_into_one_category():
    agreement = measure_agreement([[0, 0], [0, 100]])
    assert (agreement.kappa, agreement.positive, agreement.negative, agreement.ac1.estimate) == (None, None, 1.0, 1.0)


def test_without_items_nothing_is_estimated():
    agreement = measure_agreement([[0, 0], [0, 0]])
    assert (agreement.n, agreement.kappa, agreement.pabak, agreement.ac1) == (0, None, None, None)


@pytest.mark.parametrize("table", [[[1]], [[1, 2]], [[1, 2], [3]], [[1, -1], [0, 2]]])
def test_what_is_no_table_of_counts_is_refused(table):
    with pytest.raises(ValueError, match="square table"):
        measure_agreement(table)

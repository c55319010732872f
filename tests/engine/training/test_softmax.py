"""The softmax of the explorer, against SciPy's in double precision, and where single precision ends."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from engine.errors import SpecError
from engine.training.softmax import softmax

SUMS = st.lists(st.floats(-10, 10, width=32), min_size=1, max_size=5)


@given(SUMS, st.sampled_from([2.0, math.e, 10.0]), st.floats(0.1, 10), st.floats(1, 100))
def test_the_cured_shares_are_right_however_large_the_exponents(sums, base, temperature, scale):
    found = softmax(sums, base, temperature, scale)
    exact = np.array(sums) * scale * np.log(base) / temperature
    # An exponent of some thousands, rounded to single precision, is off by some ten-thousandths.
    slack = 3e-7 * np.abs(exact).max() + 1e-6
    np.testing.assert_allclose(found.cured, special.softmax(exact), rtol=4 * slack, atol=1e-7)
    assert found.log_sum == pytest.approx(special.logsumexp(exact), rel=1e-6, abs=1e-6)
    assert found.cured.dtype == np.float32
    if not found.broken:
        np.testing.assert_allclose(found.naive, found.cured, rtol=1e-3, atol=1e-6)


def test_single_precision_ends_just_below_e_to_the_89():
    assert not softmax([88.7]).broken
    over = softmax([89.0, 0.0])
    assert over.broken
    assert np.isinf(over.powers[0])
    assert np.isnan(over.naive[0])
    assert over.naive_log_sum == math.inf
    assert over.cured.tolist() == [1.0, pytest.approx(math.exp(-89), rel=1e-4)]
    assert over.log_sum == 89.0
    under = softmax([-104.0, -105.0])
    assert under.broken
    assert under.powers.tolist() == [0, 0]
    assert under.naive_log_sum == -math.inf
    assert under.cured[0] == pytest.approx(1 / (1 + math.exp(-1)))


def test_powers_that_are_numbers_each_may_have_a_sum_that_is_none():
    found = softmax([88.0, 88.0, 88.0])
    assert np.isfinite(found.powers).all()
    assert found.naive.tolist() == [0, 0, 0]
    assert found.naive_log_sum == math.inf
    assert found.broken
    np.testing.assert_allclose(found.cured, 1 / 3, rtol=1e-6)


def test_another_base_is_another_temperature_and_scale_undoes_temperature():
    sums = [2.0, 1.0, -1.0]
    np.testing.assert_allclose(softmax(sums, 10.0).cured, softmax(sums, temperature=1 / math.log(10)).cured, rtol=1e-6)
    np.testing.assert_allclose(softmax(sums, temperature=5, scale=5).cured, softmax(sums).cured, rtol=1e-6)


@pytest.mark.parametrize("bad", [{"sums": []}, {"base": 1.0}, {"temperature": 0.0}, {"scale": -1.0}])
def test_what_is_no_softmax_is_refused(bad):
    with pytest.raises(SpecError, match="A softmax takes"):
        softmax(**({"sums": [1.0]} | bad))

"""Intervals against scipy's and by hand, and by how often they hold what is true."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, spearmanr

from engine.words.compare.intervals import middle_of, spearman_interval, wilson


@given(st.integers(1, 20_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.5, 0.999))
def test_wilson_is_scipys(counts: tuple[int, int], level: float) -> None:
    correct, asked = counts
    theirs = binomtest(correct, asked).proportion_ci(level, method="wilson")
    low, high = wilson(correct, asked, level)
    assert (low, high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)
    assert 0 <= low <= correct / asked <= high <= 1


def test_of_nothing_asked_nothing_is_known() -> None:
    assert np.isnan(wilson(0, 0)).all()
    assert np.isnan(middle_of(np.array([np.nan]))).all()
    assert np.isnan(spearman_interval(float("nan"), 10)).all()
    assert spearman_interval(0.9, 3) == (-1.0, 1.0)


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.8])
def test_spearmans_interval_holds_the_truth_95_times_in_100(rho: float) -> None:
    rng = np.random.default_rng(7)
    true = 6 / np.pi * np.arcsin(rho / 2)  # Spearman's of normals whose Pearson's is rho
    held = 0
    for _ in range(1_000):
        x, y = rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], size=60).T
        low, high = spearman_interval(float(spearmanr(x, y).statistic), 60)
        held += low <= true <= high
    assert 930 <= held <= 970


def test_spearmans_interval_by_hand() -> None:
    reach = 1.959963984540054 * ((1 + 0.36 / 2) / 100) ** 0.5
    assert spearman_interval(0.6, 103) == pytest.approx(
        (np.tanh(np.arctanh(0.6) - reach), np.tanh(np.arctanh(0.6) + reach))
    )
    assert spearman_interval(1.0, 50)[1] == pytest.approx(1)


def test_the_middle_of_values() -> None:
    assert middle_of(np.array([*range(101), np.nan]), 0.9) == pytest.approx((5, 95))

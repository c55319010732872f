"""Waves and memory tasks are what they say: their courses, their noise, their answers."""

import numpy as np
import pytest

from engine.data.sequences.memory import BLANK, COPIED, SIGN, adding, copying, guessing_loss
from engine.data.sequences.waves import MIXED, PERIOD, waves


@pytest.mark.parametrize("kind", ["sine", "mixed", "sawtooth"])
def test_a_wave_has_its_frequencies_and_its_noise(kind: str) -> None:
    steps = int(PERIOD) * 40
    found = waves(kind, 50, steps, 0.1, 7)  # type: ignore[arg-type]
    assert found.values.shape == found.true.shape == (50, steps)
    assert (found.values - found.true).std() == pytest.approx(0.1, rel=0.02)
    power = (np.abs(np.fft.rfft(found.true, axis=1)) * 2 / steps) ** 2
    strongest = {int(place) for place in np.argsort(power.mean(axis=0))[-3:]}
    first = steps / PERIOD
    if kind == "sine":
        assert power[:, round(first)] == pytest.approx(np.ones(50), rel=1e-3)
    elif kind == "mixed":
        assert strongest == {round(first * frequency) for _, frequency in MIXED}
        for size, frequency in MIXED:
            assert power[:, round(first * frequency)] == pytest.approx(np.full(50, size**2), rel=0.02)
    else:
        assert strongest == {round(first * number) for number in (1, 2, 3)}
        assert (found.true.min(), found.true.max()) == pytest.approx((-1, 1), abs=0.01)
        rises = np.diff(found.true, axis=1)
        assert np.isclose(rises, 2 / PERIOD, atol=1e-4).mean() == pytest.approx(1 - 1 / PERIOD, abs=0.01)
    assert len({float(one) for one in found.true[:, 0]}) == 50, "each begins elsewhere"


def test_two_numbers_are_marked_one_in_each_half_and_their_sum_is_asked() -> None:
    task = adding(4000, 31, 3)
    numbers, marks = task.read[..., 0], task.read[..., 1]
    assert (marks[:, :15].sum(axis=1) == 1).all()
    assert (marks[:, 15:].sum(axis=1) == 1).all()
    np.testing.assert_allclose(task.asked, (numbers * marks).sum(axis=1), rtol=1e-6)
    assert np.square(task.asked - 1).mean() == pytest.approx(1 / 6, rel=0.05)


@pytest.mark.parametrize(("symbols", "delay"), [(1, 1), (5, 1), (10, 40)])
def test_what_was_told_is_asked_for_behind_the_sign(symbols: int, delay: int) -> None:
    task = copying(500, symbols, delay, 3)
    assert task.read.shape == task.asked.shape == (500, 2 * symbols + delay)
    told = task.read[:, :symbols]
    assert set(np.unique(told)) <= set(range(COPIED))
    np.testing.assert_array_equal(task.asked[:, symbols + delay :], told)
    assert (task.asked[:, : symbols + delay] == BLANK).all()
    assert (task.read[:, symbols + delay - 1] == SIGN).all()
    rest = np.delete(task.read[:, symbols:], delay - 1, axis=1)
    assert (rest == BLANK).all()
    shares = np.bincount(told.ravel(), minlength=COPIED) / told.size
    entropy = -(shares * np.log(shares)).sum()
    assert guessing_loss(symbols, delay) == pytest.approx(symbols * entropy / (2 * symbols + delay), rel=0.02)


def test_the_same_seed_gives_the_same_and_another_others() -> None:
    np.testing.assert_array_equal(waves("mixed", 3, 40, 0.2, 1).values, waves("mixed", 3, 40, 0.2, 1).values)
    assert not np.array_equal(waves("mixed", 3, 40, 0.2, 1).values, waves("mixed", 3, 40, 0.2, 2).values)
    assert not np.array_equal(copying(9, 5, 5, 1).read, copying(9, 5, 5, 2).read)
    assert not np.array_equal(adding(9, 8, 1).read, adding(9, 8, 2).read)

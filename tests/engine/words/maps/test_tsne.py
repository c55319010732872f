"""What t-SNE tells while it lays out; the layouts themselves are judged in ``test_work.py``."""

import re

import numpy as np
import pytest

from engine.words.maps import tsne_layout


class Slow:
    """An embedding of which each iteration takes some seconds by its own clock."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.now = seconds, 1000.0

    def optimize(self, iterations: int, **_: object) -> None:
        self.now += iterations * self.seconds

    def __array__(self, *_: object, **__: object) -> np.ndarray:
        return np.zeros((2, 2))


@pytest.mark.parametrize("seconds", [0.01, 12.0])
def test_it_is_told_how_long_it_will_take_where_that_is_long(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(seconds)
    monkeypatch.setattr(tsne_layout.time, "monotonic", lambda: slow.now)
    told = [(slow.now, one.words) for one in tsne_layout._optimised(slow, 40, 0.0, 0.5, 1.0, 0.5, after=60)]
    end = 1000.0 + 100 * seconds
    for now, words in told:
        left = re.search(r", about ([\d,]+) minutes left$", words)
        minutes = (end - now) / 60
        assert (left is None) == (minutes < 1.5)
        if left:
            assert int(left[1]) == pytest.approx(minutes, abs=0.5)
    assert told[-1][1].startswith("Laying out: 40 of 40 steps")

"""Spaces with fewer dimensions, against numpy's singular values."""

import numpy as np
import pytest

from engine.errors import DataError
from engine.words.compare.cutting import Cut, sizes
from tests.engine.words.compare.conftest import Make, names, unit


def test_it_is_the_best_that_so_many_numbers_can_hold(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.words.compare.cutting.BLOCK", 7)
    vectors = (np.random.default_rng(0).normal(size=(50, 8)) * np.arange(1, 9)).astype(np.float32)
    vectors[5] = 0
    space = make(names(50), vectors, list(range(50)))
    left, singular, right = np.linalg.svd(vectors[:40].astype(float), full_matrices=False)
    cut = Cut(space, 40)
    for d in (1, 3, 8):
        found = cut.at(d)
        best = (left[:, :d] * singular[:d]) @ right[:d]
        assert found.vectors @ found.vectors.T == pytest.approx(best @ best.T, abs=1e-3)
        assert found.inverse_norms == pytest.approx(
            np.where(np.arange(40) == 5, 0, 1 / np.maximum(np.linalg.norm(best, axis=1), 1e-9)), rel=1e-4
        )
        assert (len(found), found.dimensions, list(found.words)) == (40, d, names(40))
        assert found.frequency is not None
        assert found.frequency.tolist() == list(range(40))
        assert ("w39" in found, "w40" in found) == (True, False)
    whole = cut.at(8)
    for word in ("w0", "w9"):
        expected = unit(np.delete(vectors[:40], 5, 0).astype(float)) @ unit(vectors[[int(word[1:])]].astype(float))[0]
        assert [score for _, score in whole.neighbours(word, 5)] == pytest.approx(sorted(expected)[-2:-7:-1], abs=1e-5)


def test_sizes_are_those_that_there_are(make: Make) -> None:
    space = make(names(3), np.ones((3, 12)))
    assert sizes(space) == [2, 3, 5, 10, 12]
    assert sizes(space, [4, 12, 50, 4, 0]) == [4, 12]
    for wrong in (0, 13):
        with pytest.raises(DataError, match=f"cannot be cut to {wrong}"):
            Cut(space, 3).at(wrong)
    with pytest.raises(DataError, match="received 0"):
        Cut(space, 0)

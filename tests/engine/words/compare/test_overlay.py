"""Two spaces in one plane: against scikit-learn's PCA of the same points, and where the plane holds all there is."""

import numpy as np
import pytest
from scipy.linalg import orthogonal_procrustes
from sklearn.decomposition import PCA

from engine.errors import DataError
from engine.words.compare import procrustes
from engine.words.compare.overlay import EITHER_END, overlay
from tests.engine.words.compare.conftest import Make, names, unit

N, D = 40, 6


def vectors(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    first = rng.normal(size=(N, D)).astype(np.float32)
    turned, _ = np.linalg.qr(rng.normal(size=(D, D)))
    return first, (first @ turned + 0.3 * rng.normal(size=(N, D))).astype(np.float32)


@pytest.mark.parametrize("at_length_1", [True, False])
def test_it_is_the_pca_of_both_after_the_alignment(make: Make, at_length_1: bool) -> None:
    first, second = vectors()
    found = overlay(procrustes(make(names(N), first), make(names(N), second), unit=at_length_1), ["w3", "w1", "w20"])
    a, b = (unit(one.astype(float)) if at_length_1 else one.astype(float) for one in (first, second))
    laid = a @ orthogonal_procrustes(a, b)[0]
    rows = [3, 1, 20]
    both = np.concatenate([laid[rows], b[rows]])
    pca = PCA(2).fit(both)
    expected = pca.transform(both)
    drawn = np.concatenate([found.first, found.second])
    assert np.abs(drawn) == pytest.approx(np.abs(expected), abs=1e-5)
    assert drawn @ drawn.T == pytest.approx(expected @ expected.T, abs=1e-5)
    assert found.held == pytest.approx(pca.explained_variance_ratio_.sum(), abs=1e-6)
    assert found.words == ("w3", "w1", "w20")
    lengths = np.linalg.norm(laid[rows], axis=1) * np.linalg.norm(b[rows], axis=1)
    assert found.cosines == pytest.approx((laid[rows] * b[rows]).sum(axis=1) / lengths, abs=1e-6)


def test_by_default_they_are_those_that_moved_most_and_least(make: Make) -> None:
    first, second = vectors()
    aligned = procrustes(make(names(N), first), make(names(N), second))
    order = np.argsort(aligned.cosines)
    expected = [f"w{row}" for row in [*order[:EITHER_END], *order[-EITHER_END:]]]
    assert list(overlay(aligned).words) == expected
    few = procrustes(make(names(3), first[:3]), make(names(3), second[:3]))
    assert sorted(overlay(few).words) == names(3)


def test_words_that_both_do_not_have_are_told(make: Make) -> None:
    first, second = vectors()
    aligned = procrustes(make(names(N), first), make(names(N)[5:], second[5:]))
    found = overlay(aligned, ["w9", "w2", "nobody", "w8", "w9"])
    assert (found.words, found.absent) == (("w9", "w8"), ("w2", "nobody"))
    with pytest.raises(DataError, match="both spaces have 1: expected at least two"):
        overlay(aligned, ["w9", "w2"])


def test_spaces_of_other_dimensions(make: Make) -> None:
    first, second = vectors()
    found = overlay(procrustes(make(names(N), first[:, :2]), make(names(N), second)), ["w3", "w1"])
    assert np.isfinite(found.first).all()
    assert found.first.shape == found.second.shape == (2, 2)


def test_words_at_one_point_are_not_drawn(make: Make) -> None:
    same = np.repeat([[1.0, 0.0], [0.0, 1.0]], 2, axis=0)
    space = make(names(4), same)
    with pytest.raises(DataError, match="These 2 words lie at one point"):
        overlay(procrustes(space, space), ["w0", "w1"])

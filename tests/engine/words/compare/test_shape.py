"""The shape of a space against scikit-learn's PCA and sums over all pairs and words."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA
from sklearn.metrics.pairwise import cosine_similarity

from engine.errors import DataError
from engine.words.compare.shape import isotropy, spectrum
from tests.engine.words.compare.conftest import Make, names, unit


@pytest.fixture
def vectors() -> np.ndarray:
    rng = np.random.default_rng(0)
    return (rng.normal(size=(90, 7)) * [5, 3, 2, 1, 1, 0.5, 0.1] + [1, 0, 0, 2, 0, 0, 0]).astype(np.float32)


@pytest.mark.parametrize("unit_rows", [True, False])
def test_the_spectrum_is_that_of_scikit_learns_pca(
    make: Make, vectors: np.ndarray, unit_rows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.words.compare.shape.BLOCK", 13)
    found = spectrum(make(names(90), vectors), 80, unit_rows)
    theirs = PCA().fit((unit(vectors) if unit_rows else vectors)[:80].astype(float))
    assert found.words == 80
    assert found.variances == pytest.approx(theirs.explained_variance_ * 79 / 80, rel=1e-4)
    assert found.shares == pytest.approx(theirs.explained_variance_ratio_, rel=1e-4)
    assert found.participation == pytest.approx(1 / (theirs.explained_variance_ratio_**2).sum(), rel=1e-4)
    cumulative = theirs.explained_variance_ratio_.cumsum()
    for share in (0.1, 0.5, 0.9, 0.999):
        assert found.components_for(share) == (cumulative < share).sum() + 1
    assert found.components_for(1) <= 7


def test_the_participation_ratio_counts_equal_components(make: Make) -> None:
    corners = np.vstack([np.eye(6)[:4], -np.eye(6)[:4]])
    found = spectrum(make(names(8), corners))
    assert found.participation == pytest.approx(4)
    assert found.components_for(0.5) == 2
    assert found.components_for(1) == 4


@pytest.mark.parametrize("unit_rows", [True, False])
def test_isotropy_is_that_of_the_paper(
    make: Make, vectors: np.ndarray, unit_rows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.words.compare.shape.BLOCK", 13)
    found = isotropy(make(names(90), vectors), unit=unit_rows)
    v = unit(vectors) if unit_rows else vectors.astype(float)
    _, _, components = np.linalg.svd(v)
    sums = [np.exp(v @ (sign * c)).sum() for c in components for sign in (1, -1)]
    assert found.value == pytest.approx(min(sums) / max(sums), rel=1e-4)
    cosines = cosine_similarity(vectors.astype(float))[np.triu_indices(90, 1)]
    assert (found.cosine, found.deviation) == pytest.approx((cosines.mean(), cosines.std()), abs=1e-6)
    assert found.words == 90


def test_corners_are_isotropic_and_a_cone_is_not(make: Make) -> None:
    corners = isotropy(make(names(8), np.vstack([np.eye(4), -np.eye(4)])))
    assert corners.value == pytest.approx(1)
    assert corners.cosine == pytest.approx(-1 / 7)
    cone = isotropy(make(names(8), 0.1 * np.random.default_rng(0).normal(size=(8, 4)) + [3, 0, 0, 0]))
    assert cone.value < 0.01
    assert cone.cosine > 0.9


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1), stretch=st.sampled_from([1e-37, 1e-3, 1.0, 1e3, 1e37]))
def test_it_holds_for_all_lengths(make: Make, seed: int, stretch: float) -> None:
    vectors = np.random.default_rng(seed).normal(size=(12, 3))
    one, other = (make(names(12), vectors * by) for by in (1, stretch))
    assert spectrum(other).shares == pytest.approx(spectrum(one).shares, rel=1e-3)
    assert isotropy(other).cosine == pytest.approx(isotropy(one).cosine, abs=1e-5)
    assert 0 <= isotropy(other).value <= 1


def test_zeros_have_no_direction(make: Make, vectors: np.ndarray) -> None:
    holed = np.vstack([np.zeros((2, 7)), vectors])
    assert isotropy(make(names(92), holed)).cosine == pytest.approx(isotropy(make(names(90), vectors)).cosine)


def test_too_few_words_are_told(make: Make) -> None:
    zeros, same = make(names(3), np.zeros((3, 2))), make(names(5), np.tile([1.0, 2.0], (5, 1)))
    with pytest.raises(DataError, match="0 have a direction"):
        isotropy(zeros)
    for space in (zeros, same, make(["one"], np.ones((1, 4)))):
        with pytest.raises(DataError, match="all lie at one place"):
            spectrum(space)
    with pytest.raises(DataError, match="received 0"):
        spectrum(same, 0)
    assert isotropy(same).cosine == pytest.approx(1)

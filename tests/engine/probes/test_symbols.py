"""Who is near whom among symbols: against scikit-learn, and against what one can see by hand."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import normalize

from engine.probes.symbols import COMPARED, NEIGHBOURS, alike, read_map, share_in_plane

VECTORS = np.random.default_rng(3).normal(size=(30, 6)).astype(np.float32)
DRAWN, AMONG = np.array([4, 9, 0, 17]), np.arange(2, 28)


def test_the_nearest_and_their_cosines_are_scikit_learns() -> None:
    found = read_map(VECTORS, DRAWN, AMONG, None)
    search = NearestNeighbors(n_neighbors=NEIGHBOURS + 1, metric="cosine").fit(VECTORS[AMONG])
    for place, symbol in enumerate(DRAWN):
        far, near = search.kneighbors(VECTORS[[symbol]])
        expected = [(AMONG[n], 1 - d) for d, n in zip(far[0], near[0], strict=True) if AMONG[n] != symbol][:NEIGHBOURS]
        assert found.near[place].tolist() == [n for n, _ in expected]
        np.testing.assert_allclose(found.cosines[place], [c for _, c in expected], atol=1e-6)


def test_what_the_map_shows_is_scikit_learns_share_of_the_variance() -> None:
    expected = PCA(2).fit(normalize(VECTORS.astype(float))).explained_variance_ratio_.sum()
    assert share_in_plane(VECTORS) == pytest.approx(expected)
    assert share_in_plane(VECTORS[:3]) == pytest.approx(1), "three points lie in a plane"
    assert np.isnan(share_in_plane(np.ones((4, 3))))


def test_kinds_that_lie_together_are_alike_and_kinds_by_chance_are_as_chance_has_them() -> None:
    angles = np.array([0.0, 0.1, 0.2, 0.3, 2.0, 2.1, 2.2, 2.3])
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    assert alike(circle, np.array([0] * 4 + [1] * 4)) == (1.0, pytest.approx(3 / 7))
    assert alike(circle, np.array([0, 1] * 4))[0] == pytest.approx(1 / COMPARED)
    many = np.random.default_rng(0).normal(size=(600, 8))
    same, chance = alike(many, np.arange(600) % 4)
    assert same == pytest.approx(chance, abs=0.03)


def test_of_numbers_that_are_none_and_of_one_alone_there_is_still_a_map() -> None:
    broken = VECTORS.copy()
    broken[::2] = np.nan
    broken[1] = np.inf
    found = read_map(broken, DRAWN, AMONG, None)
    assert np.isfinite(found.x).all()
    assert np.isfinite(found.cosines).all()
    assert all(np.isnan(share) for share in alike(VECTORS[:1], np.zeros(1)))
    lone = read_map(VECTORS, np.array([3]), np.array([3]), None)
    assert lone.near.shape == (1, 0)

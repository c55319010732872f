"""Points of a map, their nearest, and their principal components."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from engine.errors import DataError
from engine.words.maps import MapSpec
from engine.words.maps.pca_layout import principal, told
from engine.words.maps.points import BLOCK, gather
from tests.engine.words.maps.made import neighbours_of, planted, points_in, points_of, space_of

METRICS = ("cosine", "euclidean")


@pytest.mark.parametrize("metric", METRICS)
def test_the_nearest_are_those_of_scikit_learn(tmp_path, metric):
    vectors, _ = planted(BLOCK + 200)
    space, _ = space_of(tmp_path, vectors)
    points = points_in(space, MapSpec(metric=metric))
    near, far = neighbours_of(points, 15)
    model = NearestNeighbors(n_neighbors=16, metric=metric, algorithm="brute").fit(space.vectors.astype(np.float64))
    distances, found = model.kneighbors()
    assert (near == found[:, :15]).mean() > 0.999  # but for those that float32 cannot tell apart
    scale = 1.0 if metric == "cosine" else np.median(distances[:, 0] / far[:, 0])
    np.testing.assert_allclose(far * scale, distances[:, :15], rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("metric", METRICS)
def test_no_point_is_its_own_neighbour_even_among_its_likes(metric):
    vectors = np.repeat(planted(10)[0], 30, axis=0)
    near, far = neighbours_of(points_of(vectors, metric), 15)
    assert near.shape == (300, 15)
    assert (near != np.arange(300)[:, None]).all()
    assert (near // 30 == np.arange(300)[:, None] // 30).all()
    assert np.isfinite(far).all()


@pytest.mark.parametrize("count", [1, 2, 3, 15])
def test_few_points_have_few_neighbours(count):
    near, far = neighbours_of(points_of(planted(count)[0]), 15)
    assert near.shape == far.shape == (count, count - 1)
    assert all(sorted([row, *others]) == list(range(count)) for row, others in enumerate(near))


def test_words_without_a_direction_are_left_out_where_directions_count(tmp_path):
    vectors = planted(20)[0]
    vectors[[3, 7]] = 0
    space, _ = space_of(tmp_path, vectors)
    points, notes = gather(space, np.arange(20), MapSpec())
    assert sorted({3, 7} | set(points.rows)) == list(range(20))
    assert notes == ["2 of the words have vectors of zeros, which have no direction: they are left out."]
    assert len(gather(space, np.arange(20), MapSpec(metric="euclidean"))[0]) == 20
    with pytest.raises(DataError, match="all zero"):
        gather(space, np.array([3, 7]), MapSpec())


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("size", [1e-30, 1e37])
def test_vectors_of_any_size_stay_finite(tmp_path, metric, size):
    space, _ = space_of(tmp_path, planted(50)[0] * np.float32(size))
    points = points_in(space, MapSpec(metric=metric))
    assert np.isfinite(points.vectors).all()
    expected, _ = neighbours_of(points_of(planted(50)[0].astype(np.float64), metric), 5)
    assert (neighbours_of(points, 5)[0] == expected).all()


@pytest.mark.parametrize(("count", "dimensions"), [(500, 20), (10, 30)])
def test_principal_components_are_those_of_scikit_learn(count, dimensions):
    vectors, _ = planted(count, dimensions=dimensions)
    positions, shares = principal(vectors, 3)
    model = PCA(3).fit(vectors.astype(np.float64))
    expected = model.transform(vectors.astype(np.float64))
    expected = expected * np.sign((expected * positions).sum(axis=0))
    np.testing.assert_allclose(positions, expected, atol=1e-4 * np.abs(expected).max())
    np.testing.assert_allclose(shares, model.explained_variance_ratio_, rtol=1e-5)


def test_the_sign_of_a_component_does_not_hang_on_chance():
    vectors, _ = planted(200)
    positions, _ = principal(vectors, 2)
    weights = np.linalg.lstsq(vectors - vectors.mean(axis=0), positions, rcond=None)[0]
    assert (weights[np.abs(weights).argmax(axis=0), [0, 1]] > 0).all()
    np.testing.assert_allclose(principal(vectors[::-1], 2)[0][::-1], positions, atol=1e-3)


def test_dimensions_that_are_not_there_are_zero():
    positions, shares = principal(np.arange(6, dtype=np.float32).reshape(6, 1), 3)
    assert not positions[:, 1:].any()
    assert shares.tolist() == [1, 0, 0]
    same, shares = principal(np.ones((4, 5), np.float32), 2)
    assert not same.any()
    assert not shares.any()
    assert (
        told(np.array([0.5, 0.25]))
        == "The axes hold 50.0% and 25.0% of the variance, 75.0% together; the rest is not seen."
    )

"""How faithful a map is, against scikit-learn and against counting by hand."""

import numpy as np
import pytest
from sklearn.manifold import trustworthiness
from sklearn.metrics import pairwise_distances

from engine.words.maps import faithful
from engine.words.maps.faithful import faith
from engine.words.maps.pca_layout import principal
from tests.engine.words.maps.made import drained, neighbours_of, planted, points_of

METRICS = ("cosine", "euclidean")


def judged(vectors, metric, positions):
    points = points_of(vectors, metric)
    return points, drained(faith(points, neighbours_of(points)[0], positions))


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("dimensions", [2, 3])
def test_trustworthiness_and_continuity_are_those_of_scikit_learn(metric, dimensions):
    vectors, _ = planted(400)
    positions, _ = principal(vectors, dimensions)
    points, found = judged(vectors, metric, positions)
    space = points.vectors.astype(np.float64)
    there = pairwise_distances(space, metric=metric)
    assert found.trustworthiness == pytest.approx(
        trustworthiness(there, positions, n_neighbors=15, metric="precomputed"), abs=1e-5
    )
    here = pairwise_distances(positions.astype(np.float64))
    swapped = trustworthiness(here, points.vectors, n_neighbors=15, metric="precomputed")
    assert found.continuity == pytest.approx(swapped, abs=1e-5)
    assert found.trustworthiness < 0.99
    assert found.sample == 400


def test_what_is_kept_of_each_word_is_counted_by_hand():
    vectors, _ = planted(120)
    positions, _ = principal(vectors, 2)
    points, found = judged(vectors, "cosine", positions)
    there = 1 - points.vectors.astype(np.float64) @ points.vectors.T.astype(np.float64)
    here = pairwise_distances(positions.astype(np.float64))
    for row, kept in enumerate(found.kept):
        nearest = [
            set(sorted(set(range(120)) - {row}, key=lambda other: far[row, other])[:15]) for far in (there, here)
        ]
        assert kept == pytest.approx(len(nearest[0] & nearest[1]) / 15)
    assert 0 < found.kept.min() < 0.5 < found.kept.max()


def test_a_map_that_changes_nothing_is_perfect_and_one_of_dice_is_not():
    plane = np.random.default_rng(3).normal(size=(300, 2)).astype(np.float32)
    _, found = judged(plane, "euclidean", plane)
    assert (found.trustworthiness, found.continuity, found.kept.min()) == (1, 1, 1)
    _, thrown = judged(plane, "euclidean", np.random.default_rng(4).permutation(plane))
    assert 0.3 < thrown.trustworthiness < 0.7
    assert 0.3 < thrown.continuity < 0.7
    assert thrown.kept.mean() < 0.15


def test_a_sample_comes_near_to_the_whole(monkeypatch):
    vectors, _ = planted(1500)
    positions, _ = principal(vectors, 2)
    _, whole = judged(vectors, "cosine", positions)
    monkeypatch.setattr(faithful, "MOST_EXACT", 1000)
    monkeypatch.setattr(faithful, "SAMPLE", 700)
    _, some = judged(vectors, "cosine", positions)
    assert (whole.sample, some.sample) == (1500, 700)
    assert some.trustworthiness == pytest.approx(whole.trustworthiness, abs=0.01)
    assert some.continuity == pytest.approx(whole.continuity, abs=0.01)
    assert some.trustworthiness != whole.trustworthiness
    assert (some.kept == whole.kept).all()


@pytest.mark.parametrize(("count", "known"), [(1, False), (2, False), (3, True), (4, True), (16, True)])
def test_few_words_are_judged_as_far_as_they_go(count, known):
    vectors, _ = planted(count)
    _, found = judged(vectors, "cosine", principal(vectors, 2)[0])
    assert (found.trustworthiness is not None) == (found.continuity is not None) == known
    assert found.kept.shape == (count,)
    assert ((found.kept >= 0) & (found.kept <= 1)).all()


def test_words_that_all_lie_at_one_place_are_judged():
    _, found = judged(np.ones((40, 5), np.float32), "cosine", np.zeros((40, 2), np.float32))
    assert found.trustworthiness == found.continuity == 1
    assert np.isfinite(found.kept).all()

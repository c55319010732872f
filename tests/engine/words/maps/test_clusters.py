"""Clusters that were planted are found, and are called after their words."""

import math

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from engine.words import world
from engine.words.maps import MapSpec, clusters
from engine.words.maps.clusters import found_clusters, labels
from engine.words.maps.pca_layout import principal
from tests.engine.words.maps.made import planted, points_in, points_of

BY = [MapSpec(clusters="kmeans", cluster_count=6), MapSpec(clusters="hdbscan", cluster_size=20)]


@pytest.mark.parametrize("spec", BY, ids=lambda spec: spec.clusters)
def test_planted_clusters_are_found_the_largest_first_and_always_alike(spec):
    vectors, which = planted()
    points = points_of(vectors)
    found, notes = found_clusters(points, np.zeros((600, 2), np.float32), spec)
    assert adjusted_rand_score(which, found) > 0.95
    sizes = np.bincount(found[found >= 0])
    assert sizes.tolist() == sorted(sizes, reverse=True)
    assert (found == found_clusters(points, np.zeros((600, 2), np.float32), spec.replace(seed=9))[0]).all()
    assert notes == []


def test_many_words_are_dealt_out_by_centres_learnt_on_some(monkeypatch):
    monkeypatch.setattr(clusters, "MOST_KMEANS", 200)
    vectors, which = planted()
    found, _ = found_clusters(points_of(vectors), np.zeros((600, 2)), BY[0])
    assert adjusted_rand_score(which, found) > 0.95


@pytest.mark.parametrize("spec", BY, ids=lambda spec: spec.clusters)
def test_clusters_of_the_map_are_those_that_one_sees(spec):
    vectors, _ = planted()
    seen = np.repeat([[0, 0], [9, 0], [0, 9]], 200, axis=0) + np.random.default_rng(1).normal(size=(600, 2))
    found, _ = found_clusters(points_of(vectors), seen, spec.replace(cluster_on="map", cluster_count=3))
    assert adjusted_rand_score(np.repeat(range(3), 200), found) > 0.95


def test_hdbscan_says_where_it_looks_at_the_map_for_the_space_is_too_large(monkeypatch):
    monkeypatch.setattr(clusters, "MOST_HDBSCAN", 500)
    vectors, _ = planted()
    points = points_of(vectors)
    found, notes = found_clusters(points, principal(points.vectors, 3)[0], BY[1])
    assert "it saw the map" in notes[0]
    assert found.max() > 0


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_a_cluster_is_called_after_common_words_that_lie_nearer_to_it_than_to_any_other(metric):
    vectors, which = planted()
    points = points_of(vectors if metric == "cosine" else vectors / np.linalg.norm(vectors, axis=1).max(), metric)
    names = labels(points, which.astype(np.int32), [f"w{row}" for row in range(600)])
    x = points.vectors.astype(np.float64)
    centres = [x[which == cluster].mean(axis=0) for cluster in range(6)]
    if metric == "cosine":
        near = np.array([[row @ c / np.linalg.norm(c) for c in centres] for row in x])
    else:
        near = np.array([[-np.sum((row - c) ** 2) / 2 for c in centres] for row in x])
    for cluster, name in enumerate(names):
        members = np.flatnonzero(which == cluster)
        score = {
            row: max(0, near[row, cluster] - max(near[row, other] for other in range(6) if other != cluster))
            * math.sqrt(math.log((len(members) + 1) / (place + 1)))
            for place, row in enumerate(members)
        }
        assert name == ", ".join(f"w{row}" for row in sorted(score, key=lambda row: -score[row])[:3])


@pytest.mark.parametrize("count", [10, 25])
def test_the_countries_of_the_built_in_world_are_called_after_well_known_ones(made_up_world, count):
    spec = MapSpec(cluster_count=count)
    points = points_in(made_up_world, spec)
    words = list(made_up_world.words)
    found, _ = found_clusters(points, np.zeros((len(points), 2), np.float32), spec)
    countries = world.groups()["countries"]
    rows = [made_up_world.words.find(word) for word in countries]
    home = np.bincount(found[rows]).argmax()
    assert (found[rows] == home).mean() > 0.9, "they lie together"
    name = labels(points, found, words)[home].split(", ")
    often = sorted(countries, key=lambda word: -made_up_world.frequency[made_up_world.words.find(word)])
    assert len(set(name) & set(often[:6])) >= 2


@pytest.mark.parametrize("count", [1, 2, 3, 5, 9])
@pytest.mark.parametrize("spec", [*BY, MapSpec(clusters="none")], ids=lambda spec: spec.clusters)
def test_few_words_and_words_that_are_all_alike_are_no_trouble(count, spec):
    for vectors in (planted(count)[0], np.ones((count, 20), np.float32)):
        points = points_of(vectors)
        found, _ = found_clusters(points, np.zeros((count, 2), np.float32), spec)
        assert found.shape == (count,)
        assert found.dtype == np.int32
        assert len(labels(points, found, ["word"] * count)) == found.max() + 1

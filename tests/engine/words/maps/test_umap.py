"""UMAP in our own loop is umap's, seen as it forms; and it is made by a forge that has compiled it."""

import warnings

import numpy as np
import pytest

from engine.frames import decode
from engine.jobs import Jobs, Order
from engine.words.maps import MapSpec, keeping, map_order, maps_folder, wobble_order
from engine.words.maps.faithful import faith
from engine.words.maps.forge import MapForge
from engine.words.maps.layouts import laid_out
from engine.words.maps.wobbling import SEEDS, strayed
from tests.engine.words.maps.made import drained, neighbours_of, planted, points_of, space_of
from tests.engine.words.maps.test_work import made, over

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory, request):
    with pytest.MonkeyPatch.context() as patch:
        # What numba has compiled outlives the test run: half a minute, once for each checkout.
        patch.setenv("NUMBA_CACHE_DIR", str(request.config.cache.mkdir("numba")))
        patch.setenv("LEARNSCOPE_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="module")
def tools():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # umap's own
        from engine.words.maps import umap_layout

        umap_layout.compiled()
        yield umap_layout


@pytest.fixture(scope="module")
def jobs(tools):
    forge = MapForge()
    forge.warm()
    found = Jobs(forge)
    yield found
    found.close()
    forge.close()


@pytest.fixture(scope="module")
def space(tmp_path_factory):
    return space_of(tmp_path_factory.mktemp("space"), planted(300)[0])[1]


@pytest.mark.parametrize(("groups", "dimensions"), [(1, 2), (1, 3), (12, 2)])
def test_from_the_same_graph_comes_the_same_map_to_the_last_bit(tools, groups, dimensions):
    umap_ = tools.compiled().umap
    points = points_of(planted(400, groups)[0])
    near, far = neighbours_of(points)
    graph = tools.graph_of(tools.compiled(), near[:, :14], far[:, :14])
    a, b = umap_.find_ab_params(1.2, 0.2)
    random, words = np.random.RandomState(5), {}
    expected, _ = umap_.simplicial_set_embedding(
        *(points.vectors, graph.copy(), dimensions, 1.0, a, b, 1.0, 5, None, "spectral", random, "cosine"),
        *(words, False, words, False),
        parallel=False,
    )
    spec = MapSpec(dimensions=dimensions, seed=5, spread=1.2, min_dist=0.2)
    assert (drained(tools.laid_from(tools.compiled(), graph, points, spec)) == expected).all()


def test_the_graph_is_umaps_but_for_the_last_digit(tools):
    points = points_of(planted(400, 1)[0])
    near, far = neighbours_of(points)
    graph = tools.graph_of(tools.compiled(), near[:, :14], far[:, :14])
    itself = np.arange(400)[:, None], np.zeros((400, 1), np.float32)
    indices, distances = (
        np.hstack([own, others]) for own, others in zip(itself, (near[:, :14], far[:, :14]), strict=True)
    )
    random = np.random.RandomState(1)
    expected, _, _ = tools.compiled().umap.fuzzy_simplicial_set(
        points.vectors, 15, random, "cosine", {}, indices, distances
    )[:3]
    assert abs(graph - expected).max() < 1e-5


def test_it_keeps_as_much_as_plain_umap_does(tools):
    import umap

    points = points_of(planted(500, 4)[0])
    near, far = neighbours_of(points)
    ours = drained(laid_out(points, near, far, MapSpec(seed=2))).positions
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = umap.UMAP(metric="cosine", random_state=2).fit_transform(points.vectors)
    ours, plain = (drained(faith(points, near, positions)) for positions in (ours, plain))
    assert ours.trustworthiness == pytest.approx(plain.trustworthiness, abs=0.015)
    assert ours.continuity == pytest.approx(plain.continuity, abs=0.015)
    assert ours.kept.mean() == pytest.approx(plain.kept.mean(), abs=0.03)
    assert ours.trustworthiness > 0.8


@pytest.mark.parametrize("vectors", ["alike", "pairs", "few neighbours", "opposite"])
@pytest.mark.parametrize("method", ["umap", "tsne"])
def test_strange_vectors_have_a_map_without_gaps(tools, method, vectors):
    made_of = {
        "alike": np.ones((40, 6), np.float32),
        "pairs": np.repeat(planted(6)[0], 8, axis=0),
        "few neighbours": planted(9)[0],
        "opposite": np.vstack([np.ones((20, 6)), -np.ones((20, 6))]).astype(np.float32),
    }
    points = points_of(made_of[vectors])
    spec = MapSpec(method=method)
    near, far = neighbours_of(points, 90 if method == "tsne" else 15)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        layout = drained(laid_out(points, near, far, spec))
    assert layout.positions.shape == (len(points), 2)
    assert np.isfinite(layout.positions).all()
    assert layout.positions.dtype == np.float32


def test_the_same_seed_gives_the_same_map_in_processes_of_the_forge(jobs, space):
    spec = MapSpec(top=300)
    first = made(jobs, space, spec)
    assert first.header["method"] == "umap"
    assert first.header["trustworthiness"] > 0.85
    assert first.header["kept"] > 0.2
    (maps_folder() / jobs.course(map_order(space, spec)).result["key"] / "map.lsf").unlink()
    jobs.forget(map_order(space, spec))
    assert (made(jobs, space, spec).arrays["positions"] == first.arrays["positions"]).all()
    other = made(jobs, space, spec.replace(seed=2))
    assert not (other.arrays["positions"] == first.arrays["positions"]).all()


def test_wobble_is_how_far_words_stray_under_other_seeds(jobs, space):
    spec = MapSpec(top=200)
    course = over(jobs, wobble_order(space, spec))
    assert course.state == "done", course.message
    assert course.result["seeds"] == [2, 3, 4, 5][:SEEDS]
    found = decode((maps_folder() / course.result["key"] / keeping.WOBBLE).read_bytes())
    maps = [made(jobs, space, spec.replace(seed=seed)).arrays["positions"] for seed in range(1, SEEDS + 2)]
    expected = np.sqrt(np.mean([strayed(maps[0], other) ** 2 for other in maps[1:]], axis=0))
    np.testing.assert_allclose(found.arrays["spread"], expected, rtol=1e-5)
    assert course.result["mean"] == pytest.approx(expected.mean(), rel=1e-5)


def test_what_is_only_turned_mirrored_or_scaled_has_not_strayed():
    places = np.random.default_rng(1).normal(size=(500, 2))
    turn = np.array([[0, 3], [3, 0]])
    np.testing.assert_allclose(strayed(places, places @ turn + 7), 0, atol=1e-9)
    moved = places.copy()
    moved[0, 0] += 0.3
    radius = np.sqrt(np.mean(np.sum((places - places.mean(axis=0)) ** 2, axis=1)))
    assert strayed(places, moved)[0] == pytest.approx(0.3 / radius, rel=0.02)
    assert strayed(places, moved)[1:].max() < 0.01


def test_there_is_no_wobble_without_a_seed(jobs, space):
    course = over(jobs, wobble_order(space, MapSpec(method="pca")))
    assert course.message == "PCA has no seed: it always gives the same map, so nothing wobbles."
    few = MapSpec(of="selection", selection="word1 word2 word3")
    assert over(jobs, wobble_order(space, few)).message == "3 words are too few for a map in which the seed has a part."


def test_forked_processes_do_other_work_beside_it(jobs):
    assert over(jobs, Order.of("tests.engine.jobs.toy:count", count=3)).result == {"sum": 60}

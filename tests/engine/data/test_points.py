"""Points: their geometry, the independence of their streams, and how they become inputs."""

import numpy as np
import pytest
from sklearn import datasets
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from engine.data.catalogue import BREAST_CANCER_COLUMNS, IRIS_COLUMNS, PROBLEMS, REAL, WINE_COLUMNS
from engine.data.points import make_dataset
from engine.data.points_spec import PointsSpec, column_choices, input_names, problem_of
from engine.errors import DataError


def _all(dataset, field):
    return np.concatenate([getattr(dataset.train, field), getattr(dataset.validation, field)])


def _clean(name, **changes):
    dataset = make_dataset(PointsSpec(dataset=name, noise=0, samples=400, data_seed=3, **changes))
    return _all(dataset, "coordinates").astype(np.float64), _all(dataset, "targets")


def test_circle_has_a_gap_between_its_classes():
    points, labels = _clean("circle")
    radius = np.hypot(*points.T)
    assert radius[labels == 1].max() <= 0.5
    assert radius[labels == 0].min() >= 0.7


def test_xor_is_the_sign_of_the_product():
    points, labels = _clean("xor")
    assert ((points.prod(axis=1) < 0) == labels).all()


def test_spiral_arms_are_half_a_turn_apart():
    points, labels = _clean("spiral")
    radius, angle = np.hypot(*points.T), np.arctan2(points[:, 1], points[:, 0])
    expected = 3 * np.pi * radius + np.pi * labels
    assert np.cos(angle - expected) == pytest.approx(np.ones(400), abs=1e-4)


def test_blobs_lie_around_as_many_centres_as_asked():
    for classes in (3, 8):
        points, labels = _clean("blobs", classes=classes)
        centres = np.array([points[labels == label].mean(axis=0) for label in range(classes)])
        assert np.hypot(*centres.T) == pytest.approx(np.full(classes, 0.75), abs=0.1)
        assert len(problem_of(PointsSpec(dataset="blobs", classes=classes)).classes) == classes


def test_regressions_follow_their_formulas():
    points, targets = _clean("plane")
    assert targets == pytest.approx(points.sum(axis=1) / 2, abs=1e-6)
    points, targets = _clean("line")
    assert targets == pytest.approx(2 * points[:, 0] - 1, abs=1e-6)
    points, targets = _clean("bumps")
    at_the_first_hill = np.argmin(np.hypot(points[:, 0] + 0.6, points[:, 1] - 0.4))
    assert targets[at_the_first_hill] > 0.7


@pytest.mark.parametrize("name", ["circle", "moons", "gaussians", "spiral", "blobs", "xor"])
def test_classes_are_balanced(name):
    _, labels = _clean(name)
    counts = np.bincount(labels.astype(int))
    assert counts.min() > 0.7 * counts.max()


def test_noise_moves_the_same_points_further_and_changes_neither_split_nor_labels():
    still, little, much = (make_dataset(PointsSpec(dataset="moons", noise=noise)) for noise in (0.0, 0.1, 0.2))
    assert np.array_equal(still.train.targets, much.train.targets)
    little_shift = little.train.coordinates - still.train.coordinates
    assert np.allclose(much.train.coordinates - still.train.coordinates, 2 * little_shift, atol=1e-5)
    assert little_shift.std() == pytest.approx(0.04, rel=0.1)


def test_share_splits_the_same_points():
    half, most = (make_dataset(PointsSpec(train_share=share)) for share in (0.5, 0.8))
    assert (len(half.train), len(most.train)) == (200, 320)
    assert np.array_equal(np.sort(_all(half, "coordinates"), axis=0), np.sort(_all(most, "coordinates"), axis=0))
    assert np.array_equal(half.train.coordinates, most.train.coordinates[:200])


def test_inputs_are_standardised_by_the_training_points_alone():
    dataset = make_dataset(PointsSpec(train_share=0.3))
    assert dataset.train.inputs.mean(axis=0) == pytest.approx([0, 0], abs=1e-6)
    assert dataset.train.inputs.std(axis=0) == pytest.approx([1, 1], abs=1e-5)
    raw = make_dataset(PointsSpec(train_share=0.3, standardise=False))
    assert np.array_equal(raw.train.inputs, raw.train.coordinates)
    scaled = StandardScaler().fit(raw.train.coordinates.astype(np.float64))
    assert scaled.transform(raw.validation.coordinates) == pytest.approx(dataset.validation.inputs, abs=1e-5)


def test_derived_inputs_follow_their_names():
    spec = PointsSpec(features=("sin_y", "xy", "x2", "x", "y2", "sin_x", "y"), standardise=False)
    dataset = make_dataset(spec)
    x, y = dataset.train.coordinates.T
    expected = [np.sin(np.pi * y), x * y, x**2, x, y**2, np.sin(np.pi * x), y]
    assert np.allclose(dataset.train.inputs.T, expected, atol=1e-6)
    assert input_names(spec) == ("sin πy", "xy", "x²", "x", "y²", "sin πx", "y")


def test_a_line_has_no_second_coordinate():
    assert input_names(PointsSpec(dataset="line", features=("y", "xy"))) == ("x",)
    assert make_dataset(PointsSpec(dataset="line", features=("x", "y", "x2"))).train.inputs.shape[1] == 2


def test_columns_of_the_real_ones_are_scikit_learns():
    for columns, load in (
        (IRIS_COLUMNS, datasets.load_iris),
        (WINE_COLUMNS, datasets.load_wine),
        (BREAST_CANCER_COLUMNS, datasets.load_breast_cancer),
    ):
        assert list(columns) == list(load().feature_names)
    for name in REAL:
        assert list(PROBLEMS[name].classes) == list(getattr(datasets, f"load_{name}")().target_names)


def test_two_columns_of_iris_are_drawn_as_they_are():
    spec = PointsSpec(dataset="iris", inputs_from="columns", column_x="petal width (cm)")
    dataset = make_dataset(spec)
    table = datasets.load_iris().data
    drawn = {tuple(row) for row in table[:, [3, 0]].astype(np.float32)}
    assert {tuple(row) for row in dataset.train.coordinates} <= drawn
    assert dataset.problem.axes == ("petal width (cm)", "sepal length (cm)")
    assert column_choices(spec) == IRIS_COLUMNS


def test_principal_components_are_scikit_learns_and_know_no_validation_row():
    dataset = make_dataset(PointsSpec(dataset="wine"))
    order = np.random.default_rng(0)  # any order will do: PCA does not know one
    table = datasets.load_wine().data
    from engine.seeds import numpy_generator

    places = numpy_generator(1, "data", "split").permutation(len(table))
    train = table[places[: len(dataset.train)]]
    scaler = StandardScaler().fit(train)
    pca = PCA(2).fit(scaler.transform(order.permutation(train)))
    expected = pca.transform(scaler.transform(table[places]))
    assert np.abs(_all(dataset, "coordinates")) == pytest.approx(np.abs(expected), abs=1e-3)


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(DataError, match=r"^Iris has no column 'petal': expected one of sepal length"):
        make_dataset(PointsSpec(dataset="iris", inputs_from="columns", column_x="petal"))


def test_extent_holds_all_points():
    dataset = make_dataset(PointsSpec())
    for axis in (0, 1):
        low, high = dataset.extent(axis)
        assert low < _all(dataset, "coordinates")[:, axis].min()
        assert high > _all(dataset, "coordinates")[:, axis].max()


def test_arrays_are_frozen():
    with pytest.raises(ValueError, match="read-only"):
        make_dataset(PointsSpec()).train.inputs[0, 0] = 1

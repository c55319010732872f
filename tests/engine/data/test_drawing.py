"""Drawn points: the text holds exactly them, a run learns exactly them, and what is no drawing is refused."""

import numpy as np
import pytest

from engine.data.drawing import (
    ALPHABET,
    MOST_CHARS,
    MOST_POINTS,
    SIDE,
    classes_of,
    fitted,
    read_drawing,
    write_drawing,
)
from engine.data.points import make_dataset
from engine.data.points_spec import problem_of
from engine.errors import DataError, SpecError
from engine.labs.playground import PlaygroundSpec
from engine.labs.playground_experiment import PlaygroundExperiment

POINTS = [(-1.5, -1.5, 0), (1.5, 1.5, 0), (0, 0, 1), (0.25, -0.75, 1), (-0.01, 0.01, 2), (1.49, -1.5, 2), (0.3, 0.3, 2)]
LAST = 301**2 - 1


def text_of(points: list[tuple[float, float, int]]) -> str:
    return write_drawing(np.array([point[:2] for point in points]), [label for *_, label in points])


def test_three_letters_are_a_place_in_the_grid_row_by_row_from_below():
    assert text_of([(-1.5, -1.5, 0)]) == "AAA"
    assert text_of([(-1.49, -1.5, 0)]) == "AAB"
    place = 301  # the first of the second row
    assert text_of([(-1.5, -1.49, 0)]) == "A" + ALPHABET[place // 64] + ALPHABET[place % 64]
    assert text_of([(0, 0, 2), (-1.5, -1.5, 0)]) == "AAA.." + text_of([(0, 0, 0)])


def test_what_is_written_is_what_is_read():
    coordinates, labels = read_drawing(text_of(POINTS))
    assert [(x, y, k) for (x, y), k in zip(coordinates.tolist(), labels.tolist(), strict=True)] == POINTS
    random = np.random.default_rng(1)
    many, classes = random.uniform(-SIDE, SIDE, (MOST_POINTS, 2)), random.integers(0, 8, MOST_POINTS)
    text = write_drawing(many, classes)
    assert len(text) <= MOST_CHARS < 1000, "a link takes a thousand letters"
    found, told = read_drawing(text)
    order = np.argsort(classes, kind="stable")
    assert np.abs(found - many[order]).max() <= 0.005 + 1e-12
    assert np.array_equal(told, classes[order])
    assert write_drawing(found, told) == text


@pytest.mark.parametrize("settings", [{}, {"units": (4,), "train_share": 0.9, "standardise": False}])
def test_a_run_learns_exactly_these_points(settings):
    spec = PlaygroundSpec(dataset="drawn", drawing=text_of(POINTS), **settings)
    experiment = PlaygroundExperiment(spec)
    learnt, held = experiment.dataset.train, experiment.dataset.validation
    found = [
        (round(float(x), 4), round(float(y), 4), int(k))
        for part in (learnt, held)
        for (x, y), k in zip(part.coordinates, part.targets, strict=True)
    ]
    assert sorted(found) == sorted((round(x, 4), round(y, 4), k) for x, y, k in POINTS)
    assert len(learnt) == min(round(len(POINTS) * spec.train_share), len(POINTS) - 1)
    assert np.isfinite(next(experiment.steps()).loss)
    assert experiment.words()["data"].startswith("Points that you draw")


def test_the_kind_of_problem_follows_from_the_classes():
    two = text_of([(x / 10, 0, x % 2) for x in range(8)])
    assert (problem_of(PlaygroundSpec(dataset="drawn", drawing=two)).kind, classes_of(two)) == (
        "binary",
        ("class 0", "class 1"),
    )
    gap = text_of([(x / 10, 0, 3 * (x % 2)) for x in range(8)])
    problem = problem_of(PlaygroundSpec(dataset="drawn", drawing=gap))
    assert (problem.kind, len(problem.classes)) == ("classes", 4)
    assert make_dataset(PlaygroundSpec(dataset="drawn", drawing=gap)).warnings == (
        "There are no points of class 1, class 2.",
    )


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([], "Nothing is drawn yet"),
        ([(x / 10, 0, 0) for x in range(9)], "of one class"),
        ([(x / 10, 0, 1) for x in range(9)], "of one class"),
        ([(0, 0, 0), (1, 1, 1)], "too few points"),
    ],
)
def test_too_little_to_learn_is_told_in_a_sentence(points, said):
    spec = PlaygroundSpec(dataset="drawn", drawing=text_of(points) if points else "")
    with pytest.raises(DataError, match=said):
        make_dataset(spec)


@pytest.mark.parametrize(
    "text",
    [
        "A",
        "AAAA",
        "___",
        "AA\n",
        "<script>",
        "ÀÀÀ",
        "AAA." * 8 + "AAA",
        "AAA" * (MOST_POINTS + 1),
        "A" * 5000,
        "AA\0",
        "٣٣٣",
    ],
)
def test_what_is_no_drawing_is_refused_and_left_out_of_links(text):
    with pytest.raises(SpecError, match="drawing"):
        PlaygroundSpec.from_strings({"drawing": text})
    spec, ignored = PlaygroundSpec.from_link({"dataset": "drawn", "drawing": text, "seed": "4"})
    assert (spec.dataset, spec.drawing, spec.seed) == ("drawn", "", 4)
    assert [one.name for one in ignored] == ["drawing"]


def test_the_last_place_is_one_and_the_next_is_none():
    last = ALPHABET[LAST >> 12] + ALPHABET[LAST >> 6 & 63] + ALPHABET[LAST & 63]
    coordinates, _ = read_drawing(last)
    assert coordinates.tolist() == [[1.5, 1.5]]
    following = LAST + 1
    with pytest.raises(DataError, match="outside of the plane"):
        read_drawing(ALPHABET[following >> 12] + ALPHABET[following >> 6 & 63] + ALPHABET[following & 63])


def test_points_that_lie_further_away_keep_their_shape():
    near = np.array([[-1.5, 0.2], [1.0, 1.5]])
    assert fitted(near) is near
    far = np.array([[100.0, 10.0], [300.0, 20.0], [200.0, 15.0]])
    small = fitted(far)
    assert np.abs(small).max() <= SIDE
    scale = (far[1, 0] - far[0, 0]) / (small[1, 0] - small[0, 0])
    assert np.allclose((small - small[0]) * scale, far - far[0])
    assert np.array_equal(fitted(np.full((3, 2), 7.0)), np.zeros((3, 2)))

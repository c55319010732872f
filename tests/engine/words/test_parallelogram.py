"""The plane of an analogy: what lies in it lies in it exactly, and how far the rest is outside is told."""

import numpy as np
import pytest

from engine.errors import DataError
from engine.words import Space
from engine.words.formula import Formula, parse
from engine.words.parallelogram import Parallelogram, parallelogram
from tests.engine.words.conftest import Open

N, D = 40, 9
WORDS = [f"w{n}" for n in range(N)]
ASKED = parse("w3 - w1 + w2")


@pytest.fixture
def vectors() -> np.ndarray:
    return np.random.default_rng(5).normal(size=(N, D)) * np.linspace(0.2, 7, N)[:, None]


@pytest.fixture
def space(opened: Open, vectors: np.ndarray) -> Space:
    rows = [f"{word} {' '.join(map(repr, row))}\n" for word, row in zip(WORDS, vectors.tolist(), strict=True)]
    return opened("".join(rows).encode())


def units(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def places(found: Parallelogram) -> np.ndarray:
    return np.array([(corner.x, corner.y) for corner in found.corners])


def test_distances_between_a_b_c_and_the_target_are_those_of_the_space(space: Space, vectors: np.ndarray) -> None:
    u = units(vectors)
    found = parallelogram(space, ASKED, "w4", ["w5", "w6"])
    a, b, c = u[1], u[2], u[3]
    real = np.array([a, b, c, b - a + c])
    drawn = places(found)[:4]
    apart = np.linalg.norm(real[:, None] - real[None], axis=-1)
    assert np.linalg.norm(drawn[:, None] - drawn[None], axis=-1) == pytest.approx(apart, abs=1e-6)
    assert [corner.outside for corner in found.corners[:4]] == pytest.approx([0] * 4, abs=1e-6)
    assert drawn[0] == pytest.approx([0, 0], abs=1e-9)
    assert drawn[1] == pytest.approx([np.linalg.norm(b - a), 0], abs=1e-6)
    assert drawn[3] == pytest.approx(drawn[1] - drawn[0] + drawn[2])
    assert drawn[2, 1] > 0
    assert found.dimensions == 2
    assert [corner.word for corner in found.corners] == ["w1", "w2", "w3", "", "w4", "w5", "w6"]


def test_an_answer_is_drawn_where_it_is_nearest_and_how_far_that_is_is_told(space: Space, vectors: np.ndarray) -> None:
    u = units(vectors)
    a, b, c = u[1], u[2], u[3]
    found = parallelogram(space, ASKED, "w4", ["w5", "w6"])
    for corner in found.corners[4:]:
        vector = u[WORDS.index(corner.word)]
        # Least squares, another way to find the nearest place of a plane.
        shares, residual, *_ = np.linalg.lstsq(np.stack([b - a, c - a], axis=1), vector - a, rcond=None)
        foot = shares[0] * (b - a) + shares[1] * (c - a)
        assert corner.outside == pytest.approx(float(np.sqrt(residual[0])), abs=1e-6)
        assert corner.outside > 0.1
        assert np.hypot(corner.x, corner.y) == pytest.approx(np.linalg.norm(foot), abs=1e-6)
        away = np.hypot(corner.x - found.corner("b").x, corner.y - found.corner("b").y)
        assert away == pytest.approx(np.linalg.norm(foot - (b - a)), abs=1e-6)


def test_how_parallel_it_is(space: Space, vectors: np.ndarray) -> None:
    u = units(vectors)
    step, across = u[2] - u[1], u[4] - u[3]
    cosine = step @ across / np.linalg.norm(step) / np.linalg.norm(across)
    found = parallelogram(space, ASKED, "w4")
    assert found.angle == pytest.approx(np.degrees(np.arccos(cosine)), abs=1e-4)
    assert found.ratio == pytest.approx(np.linalg.norm(across) / np.linalg.norm(step), abs=1e-6)


def test_a_perfect_parallelogram(opened: Open) -> None:
    # All four of length 1, as on the edges of a box: d is just b - a + c.
    space = opened(b"a 0.6 0 0.8\nb -0.6 0 0.8\nc 0.6 0 -0.8\nd -0.6 0 -0.8\n")
    found = parallelogram(space, parse("c - a + b"), "d")
    answer, target = found.corner("answer"), found.corner("target")
    assert (answer.x, answer.y) == pytest.approx((target.x, target.y), abs=1e-6)
    assert (answer.x, answer.y) == pytest.approx((1.2, 1.6), abs=1e-6)
    assert found.angle == pytest.approx(0, abs=1e-4)
    assert found.ratio == pytest.approx(1)
    back = parallelogram(space, parse("d - a + b"), "c")
    assert back.angle == pytest.approx(180, abs=1e-4)


@pytest.mark.parametrize(
    ("formula", "dimensions"), [("w1 - w1 + w2", 1), ("w2 - w1 + w1", 1), ("w2 - w1 + w2", 1), ("w1 - w1 + w1", 0)]
)
def test_words_that_stand_twice_leave_a_line_or_a_point_and_the_answer_in_sight(
    space: Space, vectors: np.ndarray, formula: str, dimensions: int
) -> None:
    u = units(vectors)
    found = parallelogram(space, parse(formula), "w4")
    assert found.dimensions == dimensions
    answer = found.corner("answer")
    assert answer.outside == pytest.approx(0, abs=1e-6)
    assert np.hypot(answer.x, answer.y) == pytest.approx(np.linalg.norm(u[4] - u[1]), abs=1e-6)
    assert np.isfinite(places(found)).all()


def test_an_answer_that_is_an_input_has_no_step(space: Space) -> None:
    found = parallelogram(space, ASKED, "w3", ["w3", "w5", "w5"])
    assert (found.angle, found.ratio) == (None, None)
    assert [corner.role for corner in found.corners] == ["a", "b", "c", "target", "answer", "other"]


def test_a_line_and_zeros(opened: Open) -> None:
    line = opened(b"a 1 0\nb -2 0\nc 3 0\nd -4 0\n")
    found = parallelogram(line, parse("c - a + b"), "d")
    assert found.dimensions == 1
    assert (found.angle, found.ratio) == (pytest.approx(0), pytest.approx(1))
    zeros = opened(b"a 0 0\nb 0 0\nc 0 0\nd 0 1\n", name="zeros.txt")
    found = parallelogram(zeros, parse("c - a + b"), "d")
    assert (found.dimensions, found.angle) == (0, None)
    assert np.hypot(*places(found)[-1]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("formula", "answer", "why"),
    [
        (Formula(("w1",), ()), "w2", "received 1 and 0"),
        (Formula(("w1", "w2"), ("w3", "w4")), "w2", "received 2 and 2"),
        (ASKED, "nobody", "'nobody' is not in this space"),
        (parse("nobody - w1 + w2"), "w4", "'nobody' is not in this space"),
    ],
)
def test_what_is_no_parallelogram_is_told(space: Space, formula: Formula, answer: str, why: str) -> None:
    with pytest.raises(DataError, match=why):
        parallelogram(space, formula, answer)

"""A space's answers against plain float64 arithmetic over all its words."""

import numpy as np
import pytest

from engine.errors import DataError
from engine.words import Space, stored
from tests.engine.words.conftest import Open

N, D = 200, 12
WORDS = [f"word{n}" for n in range(N)]


@pytest.fixture
def vectors() -> np.ndarray:
    return np.random.default_rng(3).normal(size=(N, D)).astype(np.float32) * np.linspace(0.1, 9, N)[:, None]


@pytest.fixture
def space(opened: Open, vectors: np.ndarray) -> Space:
    rows = [
        f"{word} {' '.join(map(repr, row))}\n" for word, row in zip(WORDS, vectors.astype(float).tolist(), strict=True)
    ]
    return opened("".join(rows).encode())


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows.astype(float), axis=-1, keepdims=True)


def best(scores: np.ndarray, without: tuple[int, ...], k: int) -> list[str]:
    order = [row for row in np.argsort(-scores, kind="stable").tolist() if row not in without]
    return [WORDS[row] for row in order[:k]]


def names(ranked: list[tuple[str, float]]) -> list[str]:
    return [word for word, _ in ranked]


def test_neighbours_by_each_metric(space: Space, vectors: np.ndarray) -> None:
    v = vectors.astype(float)
    scores = {"cosine": unit(v) @ unit(v[5]), "dot": v @ v[5], "euclidean": np.linalg.norm(v - v[5], axis=1)}
    for metric, expected in scores.items():
        found = space.neighbours("word5", 7, metric)  # type: ignore[arg-type]
        assert names(found) == best(-expected if metric == "euclidean" else expected, (5,), 7)
        assert [score for _, score in found] == pytest.approx(
            [expected[WORDS.index(w)] for w in names(found)], rel=1e-4
        )


def test_a_vector_and_a_mix_are_queries_too(space: Space, vectors: np.ndarray) -> None:
    v = vectors.astype(float)
    assert names(space.neighbours(vectors[5], 3))[0] == "word5"
    mixed = unit(v)[[1, 2]].sum(axis=0) - 2 * unit(v)[3]
    found = space.neighbours({"word1": 1, "word2": 1, "word3": -2}, 9)
    assert names(found) == best(unit(v) @ unit(mixed), (1, 2, 3), 9)
    raw = space.neighbours({"word1": 1, "word2": -1}, 9, "dot")
    assert names(raw) == best(v @ (v[1] - v[2]), (1, 2), 9)


def test_all_words_can_be_asked_for_and_none(space: Space) -> None:
    assert len(space.neighbours("word0", 10**9)) == N - 1
    assert space.neighbours("word0", 0) == []
    assert space.neighbours("word0", -3) == []


def test_analogies_by_each_method(space: Space, vectors: np.ndarray) -> None:
    u = unit(vectors.astype(float))
    a, b, c = u[7], u[8], u[9]  # word7 - word9 + word8
    cosines = {n: u @ u[n] for n in (7, 8, 9)}
    along = (u - a) @ unit(b - c) / np.maximum(np.linalg.norm(u - a, axis=1), 1e-9)
    expected = {
        "3cosadd": u @ unit(a + b - c),
        "3cosmul": (1 + cosines[7]) / 2 * (1 + cosines[8]) / 2 / ((1 + cosines[9]) / 2 + 1e-6),
        "pairdirection": along,
    }
    for method, scores in expected.items():
        found = space.analogy(["word7", "word8"], ["word9"], 12, method)  # type: ignore[arg-type]
        assert names(found) == best(scores, (7, 8, 9), 12), method
        assert [s for _, s in found] == pytest.approx([scores[WORDS.index(w)] for w in names(found)], abs=1e-5)
    open_to_all = space.analogy(["word7", "word8"], ["word9"], 3, exclude_inputs=False)
    assert set(names(open_to_all)) & {"word7", "word8"}


def test_words_between_two(space: Space, vectors: np.ndarray) -> None:
    u = unit(vectors.astype(float))
    assert names(space.between("word3", "word4", 6)) == best(np.minimum(u @ u[3], u @ u[4]), (3, 4), 6)


def test_the_nearest_pairs(space: Space, vectors: np.ndarray) -> None:
    u = unit(vectors[:6].astype(float))
    cosines = u @ u.T
    pairs = sorted(((cosines[i, j], i, j) for i in range(6) for j in range(i + 1, 6)), reverse=True)[:4]
    found = space.nearest_pairs([*WORDS[:6], "word0"], 4)
    assert [(a, b) for a, b, _ in found] == [(WORDS[i], WORDS[j]) for _, i, j in pairs]
    assert [score for *_, score in found] == pytest.approx([score for score, *_ in pairs], abs=1e-5)


def test_an_axis_and_words_along_it(space: Space, vectors: np.ndarray) -> None:
    u = unit(vectors.astype(float))
    direction = unit(unit(u[1] - u[2]) + unit(u[3] - u[4]))
    axis = space.axis([("word1", "word2"), ("word3", "word4")])
    assert axis.direction == pytest.approx(direction, abs=1e-5)
    assert axis.project(["word1", "word9"]) == pytest.approx([u[1] @ direction, u[9] @ direction], abs=1e-5)


def test_lengths_that_no_float32_holds_do_not_spoil_a_cosine(opened: Open) -> None:
    space = opened(b"a 3e38 0\nb 3e38 3e38\nc 1e-38 1e-38\n")
    assert space.similarity("a", "b") == pytest.approx(0.5**0.5)
    assert dict(space.neighbours("b")) == pytest.approx({"c": 1.0, "a": 0.5**0.5}, rel=1e-3)


def test_the_words_are_a_sequence(space: Space) -> None:
    assert (len(space), len(space.words), space.words[-1], space.words[1:3]) == (N, N, "word199", ["word1", "word2"])
    assert "word7" in space
    assert "word200" not in space
    assert 7 not in space.words
    assert "\ud800" not in space
    with pytest.raises(IndexError):
        space.words[N]


@pytest.mark.parametrize(
    ("ask", "why"),
    [
        (lambda s: s.neighbours("nobody"), "'nobody' is not in this space of 200 words"),
        (lambda s: s.neighbours("x" * 999), "x…' is not in this space"),
        (lambda s: s.neighbours(np.zeros(D)), "no direction"),
        (lambda s: s.neighbours(np.full(D, np.nan)), "12 finite numbers"),
        (lambda s: s.neighbours(np.ones(3)), r"12 finite numbers in this space, received shape \(3,\)"),
        (lambda s: s.neighbours({"word1": 1, "word2": 0, "word3": 0, "nobody": 1}), "'nobody' is not"),
        (lambda s: s.neighbours("word1", metric="manhattan"), "no metric 'manhattan': expected one of cosine, dot"),
        (lambda s: s.analogy(["word1"], ["word2"], method="magic"), "no method 'magic'"),
        (lambda s: s.analogy([], ["word2"]), "at least one word with a plus"),
        (lambda s: s.analogy(["word1"], ["word2"], method="pairdirection"), "received 1 and 1"),
        (lambda s: s.doesnt_match([]), "received none"),
        (lambda s: s.axis([]), "received none"),
        (lambda s: s.axis([("word1", "word1")]), "no direction in common"),
    ],
)
def test_what_cannot_be_asked_is_told(space: Space, ask: object, why: str) -> None:
    with pytest.raises(DataError, match=why):
        ask(space)  # type: ignore[operator]


def test_words_are_told_apart_by_the_last_bit_of_their_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = {b"a": 2**62, b"b": 2**62 + 1, b"c": 2**62 + 2, b"d": 2**64 - 2, b"e": 2**64 - 1}
    monkeypatch.setattr(stored, "word_hash", hashes.__getitem__)
    text, ends = np.frombuffer(b"abcde", np.uint8), np.arange(1, 6)
    words = stored.Words(text, ends, np.array(list(hashes.values()), np.uint64), np.arange(5, dtype=np.int32))
    assert [words.find(word) for word in "abcde"] == [0, 1, 2, 3, 4]

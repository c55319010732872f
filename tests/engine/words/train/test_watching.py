"""What is seen of words while they are learnt, against the space that they become."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import orthogonal_procrustes
from sklearn.decomposition import PCA

from engine.words import world
from engine.words.corpus import EncodedText
from engine.words.train import Word2VecSpec
from engine.words.train.learning import keep, trainer
from engine.words.train.watching import Questions, layout, nearest, questions, shares, solved, units

SPEC = Word2VecSpec(dimensions=30, epochs=4, learning_rate=0.05, sample=3e-4, min_count=3)


def test_analogies_and_neighbours_are_those_of_the_space(tale: EncodedText, tmp_path: Path):
    one = trainer(tale, SPEC)
    *_, last = one.steps()
    space = keep(tale, SPEC, last, one.model(), tmp_path / "space")
    rows = {word: row for row, word in enumerate(one.words)}
    asked = questions(world.relations(), rows, most=12)
    assert len(asked.names) > 8
    right = solved(one.vectors(), asked)
    assert 0.05 < right.mean() < 0.95
    for (a, b, c, d), holds in list(zip(asked.rows.tolist(), right, strict=True))[::5]:
        words = list(one.words)
        (best, _), *_ = space.analogy([words[b], words[c]], [words[a]], k=1)
        assert (best == words[d]) == holds
    for name, share in zip(asked.names, shares(right, asked), strict=True):
        assert share == right[asked.relation == asked.names.index(name)].mean()
    found, cosines = nearest(one.vectors(), rows["king"], 7)
    assert [
        (one.words[row], pytest.approx(cosine, abs=1e-5)) for row, cosine in zip(found, cosines.tolist(), strict=True)
    ] == (space.neighbours("king", 7))


def test_every_pair_is_asked_about_and_unknown_ones_are_left_out():
    rows = {word: row for row, word in enumerate("abcdefgh")}
    asked = questions(
        {"one": [("a", "b"), ("c", "d"), ("e", "f"), ("x", "y")], "two": [("a", "z"), ("g", "h")]}, rows, 100, 2
    )
    assert asked.names == ("one",)
    pairs = [(0, 1), (2, 3), (4, 5)]
    expected = {(*first, *second) for first in pairs for second in pairs if first != second}
    assert {tuple(four) for four in asked.rows.tolist()} == expected
    assert len(asked.rows) == len(expected)
    few = questions({"one": [("a", "b"), ("c", "d"), ("e", "f")]}, rows, 3, 2)
    assert sorted(few.rows[:, 0].tolist()) == [0, 2, 4]
    none = questions({}, rows, 10)
    assert (none.names, none.rows.shape, shares(solved(np.eye(8), none), none).shape) == ((), (0, 4), (0,))


def test_zeros_are_near_to_nothing():
    assert units(np.zeros((2, 3))).tolist() == [[0, 0, 0]] * 2
    asked = Questions(("x",), np.array([[0, 1, 2, 3]]), np.array([0]))
    assert solved(np.zeros((5, 3)), asked).tolist() == [True], "all are alike: the first of the others"


@given(st.integers(2, 12), st.integers(2, 6), st.integers(0, 2**16))
def test_a_layout_is_the_principal_plane_turned_to_where_it_was(words: int, dimensions: int, seed: int):
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(words, dimensions)).astype(np.float32)
    flat = layout(vectors)
    assert np.abs(flat).max() < 2
    whole = PCA(min(2, words, dimensions)).fit_transform(units(vectors.astype(float)))
    between = np.linalg.norm(whole[:, None] - whole[None], axis=-1)
    np.testing.assert_allclose(np.linalg.norm(flat[:, None] - flat[None], axis=-1), between, atol=1e-5)
    before = random.normal(size=(words, 2))
    turned = layout(vectors, before)
    rotation, _ = orthogonal_procrustes(flat.astype(float), before)
    best = np.linalg.norm(flat @ rotation - before)
    assert np.linalg.norm(turned - before) == pytest.approx(best, abs=1e-4)
    np.testing.assert_allclose(np.linalg.norm(turned[:, None] - turned[None], axis=-1), between, atol=1e-5)


def test_words_that_stay_where_they_are_do_not_move_on_the_screen():
    vectors = np.random.default_rng(1).normal(size=(20, 8))
    turned, _ = np.linalg.qr(np.random.default_rng(2).normal(size=(8, 8)))
    first = layout(vectors)
    np.testing.assert_allclose(layout(7 * vectors @ turned, first), first, atol=1e-5)

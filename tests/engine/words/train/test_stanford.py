"""Beside Stanford's own program, where a built copy is named: the same counts, and step by step the same costs."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from engine.words import world
from engine.words.train.glove_learning import GloveSpec, descending, learning
from engine.words.train.glove_weights import Weights
from tests.bench.stanford import NONE, Stanford, stanford
from tests.engine.words.train.test_glove import last, pairs_of
from tests.engine.words.train.texts import Numbered, counted, numbered

SPEC = GloveSpec(dimensions=30, window=8, x_max=10, epochs=4, threads=1)


@pytest.fixture
def theirs(tmp_path: Path) -> Stanford:
    folder = tmp_path / "theirs"
    folder.mkdir()
    found = stanford(folder)
    if found is None:
        pytest.skip(NONE)
    return found


@pytest.fixture(scope="module")
def sentences() -> list[list[str]]:
    return list(world.sentences(count=3_000))


@pytest.fixture
def text(sentences: list[list[str]], theirs: Stanford, tmp_path: Path) -> Numbered:
    """The text for both; rare words are in the file, but not among the words."""
    (tmp_path / "text.txt").write_text("".join(" ".join(sentence) + "\n" for sentence in sentences))
    found = numbered(sentences, 3)
    theirs.write_vocabulary(found.words, found.counts)
    return found


@pytest.mark.parametrize("symmetric", [True, False])
def test_counts_are_theirs(theirs: Stanford, text: Numbered, symmetric: bool, tmp_path: Path) -> None:
    theirs.count(tmp_path / "text.txt", SPEC.window, symmetric, memory=0.05)
    expected = theirs.counts()
    ours = counted(text.ids, tmp_path, window=SPEC.window, symmetric=symmetric)
    assert np.array_equal(ours.rows, expected["row"] - 1)
    assert np.array_equal(ours.columns, expected["column"] - 1)
    assert ours.values == pytest.approx(expected["value"], rel=1e-7)


@pytest.mark.parametrize(("dtype", "same"), [(np.float64, 1e-6), (np.float32, 1e-5)])
def test_from_the_same_weights_and_order_costs_are_theirs(
    theirs: Stanford, text: Numbered, tmp_path: Path, dtype: type[np.floating], same: float
) -> None:
    if "-save-init-param" not in theirs.usage:
        pytest.skip("this version of Stanford's GloVe does not tell what it starts from")
    theirs.count(tmp_path / "text.txt", SPEC.window, True, memory=0.05)
    theirs.shuffle(1)
    costs = theirs.learn(SPEC, "-save-init-param", "1").costs
    spec, d = theirs.like(SPEC), SPEC.dimensions
    start, end = (theirs.weights(name, d) for name in ("vectors.000.bin", "vectors.bin"))
    weights = Weights.drawn(len(text.words), d, spec.seed, dtype)
    for rows, begin in zip((weights.words, weights.contexts), start, strict=True):
        rows[:, :d], rows[:, 2 * d] = begin[:, :-1], begin[:, -1]
    read = theirs.counts(shuffled=True)
    pairs = pairs_of(read["row"] - 1, read["column"] - 1, read["value"], spec)
    with ThreadPoolExecutor(1) as pool:
        ours = last(descending(pairs, weights, spec, pool))
    assert ours.costs == pytest.approx(costs, rel=same, abs=6e-7)  # they print six digits
    assert np.abs(weights.vectors - end[:, :, :-1].sum(axis=0)).max() < 100 * same
    assert np.abs(weights.biases - end[:, :, -1]).max() < 100 * same


@pytest.mark.parametrize("threads", [1, 4])
def test_from_other_weights_in_another_order_costs_are_as_theirs(
    theirs: Stanford, text: Numbered, tmp_path: Path, threads: int
) -> None:
    theirs.count(tmp_path / "text.txt", SPEC.window, True, memory=0.05)
    theirs.shuffle(1)
    spec = theirs.like(SPEC.replace(threads=threads, epochs=15))
    ours = last(learning(counted(text.ids, tmp_path, window=spec.window), spec))
    assert ours.costs == pytest.approx(
        theirs.learn(spec).costs, rel=0.06
    )  # that of one order differs from that of another by as much

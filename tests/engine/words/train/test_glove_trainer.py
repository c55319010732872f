"""GloVe in steps that can be watched: the numbers of GloVe in one go, from wherever one begins."""

from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import DataError
from engine.words.corpus import EncodedText
from engine.words.train import GloveSpec, glove
from engine.words.train.glove_learning import learning
from engine.words.train.glove_trainer import MEASURED, STEP_PAIRS, GloveTrainer
from engine.words.train.learning import trainer
from engine.words.train.matrix import Cooccurrences
from tests.engine.words.train.texts import counted

SPEC = GloveSpec(dimensions=13, window=5, x_max=10, epochs=3, min_count=3, threads=1)


@pytest.fixture
def counts(short_tale: EncodedText, tmp_path: Path) -> Cooccurrences:
    kept = short_tale.kept(SPEC.min_count)
    return counted(np.concatenate(list(short_tale.chunks(kept))), tmp_path, kept, window=SPEC.window)


def walked(one: GloveTrainer, steps: int | None = None, since: dict[str, Any] | None = None) -> GloveTrainer:
    for _ in islice(one.steps(since), steps):
        pass
    return one


def test_step_by_step_it_learns_what_it_learns_in_one_go(short_tale: EncodedText, tmp_path: Path):
    whole = glove(short_tale, SPEC, cache=tmp_path)
    one = trainer(short_tale, SPEC)
    assert isinstance(one, GloveTrainer)
    np.testing.assert_array_equal(walked(one).vectors(), whole.vectors)
    np.testing.assert_array_equal(one.vectors(np.array([5, 0])), whole.vectors[[5, 0]])
    assert list(one.words) == list(whole.words)
    (rows,) = one.model().vectors()
    np.testing.assert_array_equal(rows.vectors, whole.vectors)


def test_every_step_has_as_many_pairs_and_all_are_gone_through(short_tale: EncodedText, counts: Cooccurrences):
    one = GloveTrainer(short_tale, SPEC)
    found = list(one.steps())
    assert one.total == len(counts) > 10 * STEP_PAIRS
    assert [learnt.number for learnt in found] == list(range(len(found)))
    assert (found[0].tokens, found[-1].tokens, found[-1].epoch) == (0, 3 * len(counts), 3)
    sizes = np.diff([learnt.tokens for learnt in found])
    assert set(sizes) == {STEP_PAIRS, len(counts) % STEP_PAIRS}
    assert {learnt.rate for learnt in found} == {SPEC.learning_rate}
    chunks = np.concatenate(list(one.chunks()))
    chunks.sort(order=["row", "column"])
    np.testing.assert_array_equal(chunks["row"], counts.rows)
    np.testing.assert_array_equal(chunks["column"], counts.columns)


def of_the_paper(one: GloveTrainer, counts: Cooccurrences, spec: GloveSpec) -> np.ndarray:
    """Return what each pair of words costs, in float64, by the formula."""
    kept = {name: array.astype(float) for name, array in one.tables().items()}
    i, j, x = counts.rows, counts.columns, counts.values.astype(float)
    errors = (kept["vectors"][i] * kept["contexts"][j]).sum(axis=1) + kept["vectors.bias"][i] + kept["contexts.bias"][j]
    return np.minimum(1, (x / spec.x_max) ** spec.alpha) * (errors - np.log(x)) ** 2 / 2


def test_the_loss_is_the_cost_of_pairs_by_the_paper(
    short_tale: EncodedText, counts: Cooccurrences, monkeypatch: pytest.MonkeyPatch
):
    one = walked(GloveTrainer(short_tale, SPEC), 5)
    costs = of_the_paper(one, counts, SPEC)
    # That of the pairs measured is near that of all: it differs as a mean of so many does.
    assert one.loss() == pytest.approx(costs.mean(), abs=4 * costs.std() / MEASURED**0.5)
    assert one.measured == f"{MEASURED:,} pairs of words"
    monkeypatch.setattr("engine.words.train.glove_trainer.MEASURED", 10**9)
    every = walked(GloveTrainer(short_tale, SPEC), 5)
    assert every.loss() == pytest.approx(costs.mean(), rel=1e-5)
    before = every.loss()
    walked(every)
    assert every.loss() < 0.6 * before


def test_the_losses_of_steps_are_together_what_an_epoch_costs(short_tale: EncodedText, counts: Cooccurrences):
    *_, state = learning(counts, SPEC.replace(epochs=1))
    _, *found = GloveTrainer(short_tale, SPEC.replace(epochs=1)).steps()
    sizes = np.diff([0, *(learnt.tokens for learnt in found)])
    assert np.average([learnt.loss for learnt in found], weights=sizes) == pytest.approx(state.costs[0], rel=1e-6)


@pytest.mark.parametrize("at", [0, 7, "epoch"])
def test_whoever_goes_on_from_a_checkpoint_learns_the_same(short_tale: EncodedText, at: int | str):
    whole = walked(GloveTrainer(short_tale, SPEC))
    epochs = [learnt.epoch for learnt in GloveTrainer(short_tale, SPEC).steps()]
    stop = epochs.index(1.0) if at == "epoch" else int(at)
    kept = walked(GloveTrainer(short_tale, SPEC), stop + 1).checkpoint()
    second = GloveTrainer(short_tale, SPEC)
    begun = list(second.steps(kept))
    assert begun[0].number == stop
    assert begun[0].epoch == epochs[stop]
    for name, array in whole.checkpoint().items():
        np.testing.assert_array_equal(array, second.checkpoint()[name], name)


HARMED: dict[str, Any] = {
    "a table is missing": lambda kept: kept.pop("net.contexts.bias"),
    "sums are missing": lambda kept: kept.pop("optimizer.vectors.sums"),
    "a table too many": lambda kept: kept.update(more=np.zeros(2)),
    "a table of another shape": lambda kept: kept.update({"net.vectors": kept["net.vectors"][:1]}),
    "an epoch that is not that of its pairs": lambda kept: kept["now"].__setitem__(1, 1e-3),
    "a chunk behind the last": lambda kept: kept.update(in_epoch=np.array(1e300)),
    "a chunk that is not that of its epoch": lambda kept: kept.update(in_epoch=kept["in_epoch"] - 1),
    "a rate without end": lambda kept: kept.update(learning_rate=np.array(np.inf)),
}


@pytest.mark.parametrize("harm", HARMED.values(), ids=HARMED)
def test_a_checkpoint_from_elsewhere_is_refused_in_a_sentence(short_tale: EncodedText, harm: Any):
    """It may have come in the file of a run that a person brought."""
    kept = walked(GloveTrainer(short_tale, SPEC), 3).checkpoint()
    harm(kept)
    with pytest.raises(DataError, match="checkpoint is of"):
        next(GloveTrainer(short_tale, SPEC).steps(kept))


def test_a_rate_changed_on_the_way_is_that_of_the_steps_from_then_on(short_tale: EncodedText):
    one = GloveTrainer(short_tale, SPEC)
    steps = one.steps()
    next(steps)
    first = one.tables()["vectors"].copy()
    one.learning_rate = 0.0
    assert next(steps).rate == 0
    np.testing.assert_array_equal(one.tables()["vectors"], first)
    one.learning_rate = 0.1
    next(steps)
    assert not np.array_equal(one.tables()["vectors"], first)


def test_threads_come_to_an_equal_loss(short_tale: EncodedText):
    alone, together = (walked(GloveTrainer(short_tale, SPEC.replace(threads=n))).loss() for n in (1, 3))
    assert together == pytest.approx(alone, rel=0.05)


def test_a_text_without_neighbours_is_told(tmp_path: Path):
    with pytest.raises(DataError, match="No two of the words stand near each other"):
        glove([["one"], ["two"], ["one"], ["two"]], GloveSpec(min_count=1, threads=1), cache=tmp_path)

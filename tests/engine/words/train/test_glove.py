"""GloVe's steps are those of the paper, whatever the order, threads and pauses."""

import errno
import math
import os
import subprocess
import sys
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import DataError, SpecError
from engine.words import world
from engine.words.train import glove_learning, glove_pairs
from engine.words.train.glove_learning import GloveSpec, GloveState, descending, learning
from engine.words.train.glove_pairs import PAIR, shuffling
from engine.words.train.glove_weights import Weights
from engine.words.train.matrix import Cooccurrences
from tests.engine.words.train.texts import counted, drained, numbered

SMALL = GloveSpec(dimensions=13, window=5, x_max=10, epochs=3, threads=1)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Cooccurrences:
    """The counts of the beginning of the world's text."""
    return counted(numbered(world.sentences(count=2_000)).ids, tmp_path_factory.mktemp("small"), window=SMALL.window)


def last(work: Generator[GloveState, None, None]) -> GloveState:
    state = None
    for state in work:  # noqa: B007
        pass
    assert state is not None
    return state


def shuffled(counts: Cooccurrences, spec: GloveSpec) -> np.ndarray:
    with ThreadPoolExecutor(spec.threads) as pool:
        return drained(shuffling(counts, spec, pool))


def learnt(pairs: np.ndarray, weights: Weights, spec: GloveSpec) -> GloveState:
    with ThreadPoolExecutor(spec.threads) as pool:
        return last(descending(pairs, weights, spec, pool))


def pairs_of(rows: np.ndarray, columns: np.ndarray, values: np.ndarray, spec: GloveSpec) -> np.ndarray:
    """Return pairs in the order given."""
    pairs = np.empty(len(rows), PAIR)
    pairs["row"], pairs["column"], pairs["log"] = rows, columns, np.log(values)
    pairs["weight"] = np.minimum(1, (values / spec.x_max) ** spec.alpha)
    return pairs


class ByThePaper:
    """GloVe in plain numpy and float64, from the same weights as another."""

    def __init__(self, weights: Weights) -> None:
        d = weights.dimensions
        self.w, self.c = weights.words[:, :d].astype(float), weights.contexts[:, :d].astype(float)
        self.w_bias, self.c_bias = weights.biases.astype(float)
        self.sums = [np.ones_like(one) for one in (self.w, self.c, self.w_bias, self.c_bias)]

    def epoch(self, pairs: np.ndarray, spec: GloveSpec) -> float:
        """Go through pairs in their order; return the cost of a pair on average."""
        cost = 0.0
        for i, j, log, weight in pairs.tolist():
            error = self.w[i] @ self.c[j] + self.w_bias[i] + self.c_bias[j] - log
            cost += weight * error**2 / 2
            gradients = (weight * error * self.c[j], weight * error * self.w[i], weight * error, weight * error)
            rates = (spec.learning_rate,) * 2 + (spec.bias_learning_rate,) * 2
            of_all = (self.w, self.c, self.w_bias, self.c_bias)
            for of, sums, at, gradient, rate in zip(of_all, self.sums, (i, j, i, j), gradients, rates, strict=True):
                limit = spec.clip if np.ndim(gradient) else math.inf
                step = rate * np.clip(gradient, -limit, limit)
                of[at] -= step / np.sqrt(sums[at])
                sums[at] += step**2
        return cost / len(pairs)


@pytest.mark.parametrize(
    "changes",
    [{}, {"bias_learning_rate": 0.05, "alpha": 0.5}, {"clip": 0.01, "learning_rate": 0.3}, {"dimensions": 16}],
)
def test_epochs_are_those_of_the_paper(small: Cooccurrences, changes: dict[str, float]) -> None:
    spec = SMALL.replace(epochs=2, **changes)
    pairs = shuffled(small, spec)[:4_000]
    for dtype, same in ((np.float64, 1e-9), (np.float32, 3e-6)):
        weights = Weights.drawn(small.words, spec.dimensions, spec.seed, dtype)
        plain = ByThePaper(weights)
        state = learnt(pairs, weights, spec)
        costs = [plain.epoch(pairs, spec) for _ in range(2)]
        assert state.costs == pytest.approx(costs, rel=same)
        assert np.abs(weights.vectors - (plain.w + plain.c)).max() < 30 * same
        assert np.abs(weights.biases - [plain.w_bias, plain.c_bias]).max() < 100 * same


def test_a_step_goes_down_the_gradient(small: Cooccurrences) -> None:
    """As long as all sums are 1, a step is the rate times the gradient that torch finds."""
    spec = SMALL.replace(epochs=1)
    for i, j, log, weight in shuffled(small, spec)[:20].tolist():
        weights = Weights.drawn(small.words, spec.dimensions, spec.seed, np.float64)
        d = spec.dimensions
        before = [torch.tensor(rows[at, : 2 * d + 1]) for rows, at in ((weights.words, i), (weights.contexts, j))]
        parts = [torch.cat([row[:d], row[2 * d :]]).requires_grad_() for row in before]
        cost = weight * (parts[0][:d] @ parts[1][:d] + parts[0][d] + parts[1][d] - log) ** 2 / 2
        cost.backward()
        pair = np.array([(i, j, log, weight)], PAIR)
        assert learnt(pair, weights, spec).cost == pytest.approx(cost.item())
        for row, part, after in zip(before, parts, (weights.words[i], weights.contexts[j]), strict=True):
            assert part.grad is not None
            assert after[:d] == pytest.approx((row[:d] - spec.learning_rate * part.grad[:d]).numpy())
            assert after[2 * d] == pytest.approx(float(row[2 * d] - spec.bias_learning_rate * part.grad[d]))


@pytest.mark.parametrize("threads", [1, 3])
def test_all_pairs_are_gone_through_in_a_random_order(
    small: Cooccurrences, threads: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one = shuffled(small, SMALL)
    monkeypatch.setattr(glove_pairs, "BUCKET", 1 << 8)
    monkeypatch.setattr(glove_pairs, "AT_ONCE", 1 << 10)
    spec = SMALL.replace(threads=threads)
    many = shuffled(small, spec)
    in_order = pairs_of(small.rows, small.columns, small.values.astype(float), SMALL)
    for order in (one, many):
        again = np.sort(order, order=["row", "column"])
        for name in ("row", "column"):
            assert np.array_equal(again[name], in_order[name])
        for name in ("log", "weight"):
            assert again[name] == pytest.approx(in_order[name], rel=1e-6)
        # Where a pair comes says nothing about which it is: correlations of chance are as 1 / sqrt(n).
        place = np.arange(len(order))
        assert abs(np.corrcoef(place, order["row"])[0, 1]) < 5 / math.sqrt(len(order))
        assert abs(np.corrcoef(order["row"][1:], order["row"][:-1])[0, 1]) < 5 / math.sqrt(len(order))
    with ThreadPoolExecutor(1) as pool:
        on_disk = drained(shuffling(small, SMALL, pool, tmp_path, memory=0))
    assert np.array_equal(on_disk, many)
    assert list(tmp_path.iterdir()) == []
    assert not np.array_equal(shuffled(small, SMALL.replace(seed=2)), many)


def test_with_one_thread_it_is_the_same_to_the_last_bit(small: Cooccurrences, monkeypatch: pytest.MonkeyPatch) -> None:
    states = []
    for seconds in (10.0, 1e-4):
        monkeypatch.setattr(glove_learning, "YIELD_SECONDS", seconds)
        states.append(last(learning(small, SMALL)))
    assert states[0].costs == states[1].costs
    assert np.array_equal(states[0].vectors, states[1].vectors)
    assert not np.array_equal(last(learning(small, SMALL.replace(seed=2))).vectors, states[0].vectors)


def test_threads_come_to_an_equal_cost(small: Cooccurrences) -> None:
    spec = SMALL.replace(epochs=10, dimensions=20)
    alone, together = (last(learning(small, spec.replace(threads=threads))).costs for threads in (1, 4))
    assert together == pytest.approx(alone, rel=0.05)


def test_it_tells_how_far_it_is(small: Cooccurrences, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glove_learning, "FIRST_STEP", 1_000)
    states = list(learning(small, SMALL))
    learns = [state for state in states if state.epoch]
    shares = [state.share for state in states]
    assert states[0].epoch == 0
    assert states[0].cost is None
    assert shares == sorted(shares)
    assert len(set(shares)) == len(learns) + 1
    assert shares[-1] == 1
    assert [state.epoch for state in learns] == sorted(state.epoch for state in learns)
    assert len(learns[-1].costs) == 3
    assert learns[-1].costs[-1] == learns[-1].cost
    assert all(state.pairs_per_second > 0 for state in learns)
    assert learns[-1].vectors.shape == (small.words, SMALL.dimensions)
    assert learns[-1].vectors.dtype == np.float32


def test_the_cost_falls(small: Cooccurrences) -> None:
    costs = last(learning(small, SMALL.replace(epochs=15))).costs
    assert list(costs) == sorted(costs, reverse=True)
    assert costs[-1] < costs[0] / 2


def test_what_is_stopped_keeps_what_it_has_learnt(small: Cooccurrences) -> None:
    work = learning(small, SMALL.replace(epochs=1_000))
    for state in work:
        if state.epoch == 3:
            break
    work.close()
    kept = state.vectors
    assert np.array_equal(kept, state.vectors)
    assert np.abs(kept - Weights.drawn(small.words, SMALL.dimensions, SMALL.seed).vectors).max() > 0.1


def test_a_cost_that_outgrows_all_bounds_is_told(small: Cooccurrences) -> None:
    wild = SMALL.replace(learning_rate=1, bias_learning_rate=10, clip=1e6, epochs=200)
    weights = Weights.drawn(small.words, wild.dimensions, wild.seed)
    weights.words[:, : wild.dimensions] = 1e20
    with pytest.raises(DataError, match="outgrew all bounds in epoch 1: expected a smaller learning rate than 1"):
        learnt(shuffled(small, wild), weights, wild)


def test_a_full_disk_is_told(small: Cooccurrences, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(DataError, match="pairs could not be kept on the server's disk: No space left on device"):
        list(learning(small, SMALL, tmp_path, memory=0))


def test_what_forms_and_pages_need_is_light() -> None:
    script = "import sys; from engine.words.train import glove_spec, matrix; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert "engine.words.train.matrix" in found
    assert not {"numba", "scipy", "gensim", "torch"} & set(found)


def test_settings_are_bounded() -> None:
    with pytest.raises(SpecError, match="window"):
        GloveSpec.from_strings({"window": "51"})
    assert GloveSpec.from_strings({"window": "50"}).window == 50

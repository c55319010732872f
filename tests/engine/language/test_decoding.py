"""What is chosen: by hand, against torch's softmax, by frequency of many draws; and beam search against trying all."""

from itertools import product

import numpy as np
import pytest
import torch

from engine.language.beam import Onward, Searched, beam_search, score, searching
from engine.language.decoding import Fate, choose, considered, softmax
from engine.language.decoding_spec import DecodingSpec

SUMS = np.log(np.array([0.1, 0.4, 0.05, 0.25, 0.2]))


def test_the_softmax_is_torchs_also_of_large_sums() -> None:
    sums = np.random.default_rng(0).normal(0, 300, (7, 50))
    np.testing.assert_allclose(softmax(sums), torch.softmax(torch.from_numpy(sums), -1), atol=1e-12)


def test_without_limits_what_is_drawn_is_what_the_net_tells_but_for_the_unknown_symbol() -> None:
    found = considered(SUMS, DecodingSpec())
    np.testing.assert_allclose(found.told, [0.1, 0.4, 0.05, 0.25, 0.2])
    np.testing.assert_allclose(found.drawn, [0, 0.4 / 0.9, 0.05 / 0.9, 0.25 / 0.9, 0.2 / 0.9])
    assert found.order[:4].tolist() == [1, 3, 4, 2]
    assert found.fates[0] == Fate.NEVER


def test_temperature_is_a_power_of_the_probabilities() -> None:
    for temperature in (0.5, 2.0):
        found = considered(SUMS, DecodingSpec(temperature=temperature), never=())
        powers = np.exp(SUMS) ** (1 / temperature)
        np.testing.assert_allclose(found.drawn, powers / powers.sum())
        np.testing.assert_allclose(found.told, np.exp(SUMS))


def test_top_k_and_nucleus_cut_as_their_papers_say() -> None:
    found = considered(SUMS, DecodingSpec(top_k=2), never=())
    np.testing.assert_allclose(found.drawn, [0, 0.4 / 0.65, 0, 0.25 / 0.65, 0])
    # 0.4 + 0.25 do not reach 0.7, with 0.2 they do: three stay.
    found = considered(SUMS, DecodingSpec(nucleus=0.7), never=())
    np.testing.assert_allclose(found.drawn, [0, 0.4 / 0.85, 0, 0.25 / 0.85, 0.2 / 0.85])
    assert found.fates.tolist() == [Fate.CUT_BY_NUCLEUS, 0, Fate.CUT_BY_NUCLEUS, 0, 0]
    # Of the three that top k leaves, (0.4, 0.25, 0.2) / 0.85, the first two are the fewest with 0.7 of it.
    found = considered(SUMS, DecodingSpec(top_k=3, nucleus=0.7), never=())
    assert found.fates.tolist() == [Fate.CUT_BY_K, 0, Fate.CUT_BY_K, 0, Fate.CUT_BY_NUCLEUS]
    smallest = considered(SUMS, DecodingSpec(nucleus=0.05), never=())
    assert smallest.drawn.tolist() == [0, 1, 0, 0, 0]


def test_the_nucleus_is_the_smallest_set_that_reaches_its_share() -> None:
    generator = np.random.default_rng(4)
    for _ in range(50):
        sums, share = generator.normal(0, 2, 30), float(generator.uniform(0.1, 0.95))
        found = considered(sums, DecodingSpec(nucleus=share), never=())
        kept = np.sort(found.told[found.fates == Fate.KEPT])
        assert kept.sum() >= share
        assert kept[1:].sum() < share


def test_greedy_leaves_the_likeliest_whatever_the_temperature() -> None:
    found = considered(SUMS, DecodingSpec(strategy="greedy", temperature=5, top_k=3))
    assert found.drawn.tolist() == [0, 1, 0, 0, 0]
    assert {choose(found, chance) for chance in (0.0, 0.5, 0.999999, 1.0)} == {1}


def test_draws_are_as_frequent_as_they_are_likely_and_never_of_what_was_cut() -> None:
    found = considered(SUMS, DecodingSpec(top_k=3))
    chances = np.random.default_rng(1).random(20_000)
    counts = np.bincount([choose(found, chance) for chance in chances], minlength=5)
    np.testing.assert_allclose(counts / len(chances), found.drawn, atol=0.01)
    assert counts[[0, 2]].sum() == 0
    assert choose(found, 1.0) in (1, 3, 4)


class Tiny:
    """A model of three symbols whose probabilities hang on the last two."""

    def __init__(self, seed: int) -> None:
        sums = np.random.default_rng(seed).normal(0, 1.5, (4, 4, 3))
        self.logs = np.log(softmax(sums))
        self.asked = 0

    def __call__(self, beginnings):
        self.asked += len(beginnings)
        return np.stack([self.logs[([3, 3, *one])[-2], ([3, 3, *one])[-1]] for one in beginnings])

    def total(self, symbols: tuple[int, ...]) -> float:
        return sum(float(self([symbols[:at]])[0, symbol]) for at, symbol in enumerate(symbols))


def search(model: Tiny, *settings, **more) -> Searched:
    """Search with a model that is told beginnings whole."""
    beginnings: list[tuple[int, ...]] = [()]

    def going(onward: Onward) -> np.ndarray:
        nonlocal beginnings
        beginnings = [(*beginnings[row], symbol) for row, symbol in zip(*onward, strict=True)]
        return model(beginnings)

    return beam_search(model([()])[0], going, *settings, **more)


@pytest.mark.parametrize("seed", range(5))
def test_a_beam_as_wide_as_all_beginnings_finds_what_trying_all_finds(seed: int) -> None:
    model, length = Tiny(seed), 5
    found = search(model, length, 3**length)
    every = max(product(range(3), repeat=length), key=model.total)
    assert found.best.symbols == every
    assert found.best.log_probability == pytest.approx(model.total(every))
    assert len(found.steps) == length
    assert len(found.steps[-1]) == 3**length


@pytest.mark.parametrize("penalty", [0.0, 0.6, 2.0])
@pytest.mark.parametrize("seed", range(5))
def test_wholes_that_end_early_are_weighed_by_their_length(seed: int, penalty: float) -> None:
    """All texts of at most five symbols that end with 0, or have five of them."""
    model, length = Tiny(seed), 5
    wholes = [
        symbols
        for n in range(1, length + 1)
        for symbols in product(range(3), repeat=n)
        if 0 not in symbols[:-1] and (symbols[-1] == 0 or n == length)
    ]
    best = max(wholes, key=lambda symbols: score(model.total(symbols), len(symbols), penalty))
    found = search(model, length, 3**length, penalty, end=0)
    assert found.best.symbols == best
    assert found.best.score == pytest.approx(score(model.total(best), len(best), penalty))


def test_one_beam_is_greedy_and_may_miss_what_more_beams_find() -> None:
    missed = 0
    for seed in range(20):
        model = Tiny(seed)
        greedy: tuple[int, ...] = ()
        for _ in range(4):
            greedy = (*greedy, int(model([greedy])[0].argmax()))
        one, four = search(model, 4, 1).best, search(model, 4, 4).best
        assert one.symbols == greedy
        assert four.log_probability >= one.log_probability - 1e-12
        missed += four.log_probability > one.log_probability + 1e-9
    assert missed > 0


@pytest.mark.parametrize(("seed", "end"), [(2, None), *((seed, 0) for seed in range(6))])
def test_the_tree_tells_what_was_kept_and_what_was_dropped(seed: int, end: int | None) -> None:
    model = Tiny(seed)
    found = search(model, 4, 2, 2.0, never=(1,) if end is None else (), end=end, shown=1)
    assert len(found.steps) >= 2
    for before, step in zip((None, *found.steps), found.steps, strict=False):
        assert [branch.kept for branch in step] == [True, True, False, False][: len(step)]
        assert all((1 in branch.symbols) <= (end is not None) for branch in step)
        for branch in step:
            assert branch.ended is (branch.symbols[-1] == end)
            assert branch.log_probability == pytest.approx(model.total(branch.symbols))
            if before is None:
                assert branch.parent == -1
                continue
            parent = before[branch.parent]
            assert (parent.symbols, parent.kept, parent.ended) == (branch.symbols[:-1], True, False)
            cost = model([parent.symbols])[0, branch.symbols[-1]]
            assert branch.log_probability - parent.log_probability == pytest.approx(cost)


def test_many_searches_ask_one_model_at_once() -> None:
    models = [Tiny(seed) for seed in range(4)]
    searches = [searching(model([()])[0], 5, 2, 0.6, end=0) for model in models]
    beginnings: list[list[tuple[int, ...]]] = [[()] for _ in models]
    found: dict[int, Searched] = {}
    asks: dict[int, Onward] = {at: next(search) for at, search in enumerate(searches)}
    while asks:
        for at, onward in list(asks.items()):
            beginnings[at] = [(*beginnings[at][row], symbol) for row, symbol in zip(*onward, strict=True)]
            try:
                asks[at] = searches[at].send(models[at](beginnings[at]))
            except StopIteration as over:
                found[at] = over.value
                del asks[at]
    assert [found[at] for at in range(4)] == [search(model, 5, 2, 0.6, end=0) for model in models]

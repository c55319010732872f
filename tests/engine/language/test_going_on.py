"""A net goes on with a text: what it is told by is what a plain pass over the whole text gives."""

from itertools import product

import numpy as np
import pytest
import torch

from engine.language.decoding_spec import DecodingSpec
from engine.language.going_on import MOST_IN_BEAM, Reader, go_on
from engine.nets.language.building import make_net
from engine.nets.language.spec import LanguageNetSpec

pytestmark = pytest.mark.usefixtures("one_thread")
V = 5
SPECS = [
    LanguageNetSpec(net=net, units=8, dimensions=4, width=8, heads=2, context=3, chunk=8)
    for net in ("nplm", "gru", "lstm", "transformer")
]
PROMPT = [1, 4, 2, 2, 3]


def plain(net, symbols: list[int]) -> np.ndarray:
    """Return the logarithms of the probabilities of what follows, by one pass over all that the net sees."""
    seen = symbols if net.reach is None else symbols[-net.reach :]
    with torch.no_grad():
        return torch.log_softmax(net.tell(torch.tensor([seen])).sums[0, -1].double(), -1).numpy()


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.net)
def test_a_reader_tells_what_a_pass_over_the_whole_text_tells(spec: LanguageNetSpec) -> None:
    net = make_net(spec, V, 1).eval()
    reader = Reader(net, PROMPT)
    np.testing.assert_allclose(reader.log_probabilities[0], plain(net, PROMPT), atol=1e-5)
    beginnings: list[tuple[int, ...]] = [()]
    # One, a tree of three, two of these the other way round, one of them twice, ...
    for rows, symbols in (([0], [2]), ([0, 0, 0], [2, 0, 3]), ([2, 0], [4, 1]), ([1, 1, 0], [3, 3, 0]), ([2], [0])):
        beginnings = [(*beginnings[row], symbol) for row, symbol in zip(rows, symbols, strict=True)]
        found = reader.go(rows, symbols)
        for row, one in zip(found, beginnings, strict=True):
            np.testing.assert_allclose(row, plain(net, [*PROMPT, *one]), atol=1e-5)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.net)
def test_a_wide_beam_of_a_net_finds_what_trying_all_finds(spec: LanguageNetSpec) -> None:
    net, length = make_net(spec, V, 3).eval(), 3
    found = go_on(net, PROMPT, length, DecodingSpec(strategy="beam", beams=20), np.random.default_rng(0))

    def total(symbols: tuple[int, ...]) -> float:
        return sum(plain(net, [*PROMPT, *symbols[:at]])[symbol] for at, symbol in enumerate(symbols))

    best = max(product(range(1, V), repeat=length), key=total)  # the unknown symbol is never taken
    assert found.symbols == best
    assert found.search is not None
    assert found.search.best.log_probability == pytest.approx(total(best), abs=1e-4)


def test_greedy_takes_the_likeliest_each_time_and_stops_at_the_end() -> None:
    net = make_net(SPECS[1], V, 2).eval()
    found = go_on(net, PROMPT, 12, DecodingSpec(strategy="greedy"), np.random.default_rng(0))
    said = list(PROMPT)
    for symbol in found.symbols:
        told = plain(net, said)
        told[0] = -np.inf
        assert symbol == told.argmax()
        said.append(symbol)
    assert len(found.symbols) == 12
    end = found.symbols[4]
    shorter = go_on(net, PROMPT, 12, DecodingSpec(strategy="greedy"), np.random.default_rng(0), end=end)
    assert shorter.symbols == found.symbols[: found.symbols.index(end) + 1]


def test_draws_follow_from_their_generator_and_spread_as_likely_as_they_are() -> None:
    net = make_net(SPECS[0], V, 5).eval()
    spec = DecodingSpec(temperature=1.5)
    one, same, other = (go_on(net, PROMPT, 30, spec, np.random.default_rng(seed)).symbols for seed in (1, 1, 2))
    assert one == same != other
    generator = np.random.default_rng(7)
    first = [go_on(net, PROMPT, 1, spec, generator) for _ in range(4_000)]
    counts = np.bincount([one.symbols[0] for one in first], minlength=V) / len(first)
    np.testing.assert_allclose(counts, first[0].among[0].drawn, atol=0.03)


def test_a_beam_search_is_no_longer_than_it_may_be() -> None:
    net = make_net(SPECS[1], V, 2).eval()
    told: list[int] = []
    spec = DecodingSpec(strategy="beam", beams=2)
    found = go_on(net, PROMPT, 200, spec, np.random.default_rng(0), meanwhile=lambda: told.append(1))
    assert len(found.symbols) == MOST_IN_BEAM == len(told) + 1  # the prompt was read ahead of all

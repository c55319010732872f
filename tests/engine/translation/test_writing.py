"""What is written is what the probabilities say: greedily step by step, by a wide beam the best of all there is."""

import itertools

import pytest
import torch

from engine.language.beam import score
from engine.nets.translation.model import BEGIN, END, PAD, Batch
from engine.translation.writing import likelihoods, write_by_beam, write_greedily
from tests.engine.translation.tabled import SYMBOLS, A, B, Tabled

KINDS = (A, B, 3, END)
SOURCES = torch.tensor([[A, END, PAD, PAD], [A, B, END, PAD], [B, A, 3, END], [END, END, PAD, PAD]])
KNOWN = torch.tensor([[True, True, False, False], [True, True, True, False], [True] * 4, [True, True, False, False]])
LENGTH = 5


def greedy_by_hand(net: Tabled, kind: int) -> tuple[int, ...]:
    said: tuple[int, ...] = ()
    while len(said) < LENGTH and said[-1:] != (END,):
        said = (*said, max(SYMBOLS, key=lambda symbol: net.total(kind, (*said, symbol))))
    return said


@pytest.mark.parametrize("seed", range(6))
def test_greedy_is_the_likeliest_symbol_each_time_and_so_is_a_beam_of_one(seed: int) -> None:
    net = Tabled(seed)
    greedy = write_greedily(net, SOURCES, KNOWN, LENGTH)
    beam = write_by_beam(net, SOURCES, KNOWN, LENGTH, 1, 0.7)
    for kind, one, other in zip(KINDS, greedy, beam, strict=True):
        assert one.symbols == other.symbols == greedy_by_hand(net, kind)
        assert one.log_probability == pytest.approx(net.total(kind, one.symbols), abs=1e-12)
        assert other.log_probability == pytest.approx(one.log_probability, abs=1e-12)
        assert one.ended is (END in one.symbols)
        assert other.score == pytest.approx(score(one.log_probability, len(one.symbols), 0.7))


def test_greedy_ends_at_different_times_and_is_cut_where_it_does_not_end() -> None:
    sizes = {len(one.symbols) for seed in range(6) for one in write_greedily(Tabled(seed), SOURCES, KNOWN, LENGTH)}
    assert {1, 2, LENGTH} <= sizes
    never = Tabled(0)
    never.table[..., END] = -30.0
    assert [one.ended for one in write_greedily(never, SOURCES, KNOWN, LENGTH)] == [False] * 4
    assert not any(one.ended for one in write_by_beam(never, SOURCES, KNOWN, LENGTH, 3))


@pytest.mark.parametrize("penalty", [0.0, 0.6, 2.0])
@pytest.mark.parametrize("seed", range(3))
def test_a_beam_as_wide_as_all_there_is_finds_the_best_for_every_source_at_once(seed: int, penalty: float) -> None:
    net, length = Tabled(seed), 4
    found = write_by_beam(net, SOURCES, KNOWN, length, len(SYMBOLS) ** length, penalty)
    for kind, one in zip(KINDS, found, strict=True):
        best = net.best(kind, length, penalty)
        assert one.symbols == best
        assert one.score == pytest.approx(score(net.total(kind, best), len(best), penalty))


@pytest.mark.parametrize("beams", [2, 3])
def test_sources_side_by_side_are_written_as_each_alone(beams: int) -> None:
    net = Tabled(1)
    together = write_by_beam(net, SOURCES, KNOWN, LENGTH, beams, 0.6, shown=1)
    assert net.asked <= LENGTH
    alone = [write_by_beam(net, SOURCES[[at]], KNOWN[[at]], LENGTH, beams, 0.6, shown=1)[0] for at in range(4)]
    for one, other in zip(together, alone, strict=True):
        assert one.search is not None
        assert other.search is not None
        assert one.symbols == other.symbols
        for step, same in itertools.zip_longest(one.search.steps, other.search.steps, fillvalue=()):
            assert [branch.symbols for branch in step] == [branch.symbols for branch in same]


def test_filling_and_the_beginning_are_never_written() -> None:
    net = Tabled(2)
    net.table[..., [PAD, BEGIN]] = 0.0
    for found in (write_greedily(net, SOURCES, KNOWN, LENGTH), write_by_beam(net, SOURCES, KNOWN, LENGTH, 4)):
        assert not {PAD, BEGIN} & {symbol for one in found for symbol in one.symbols}


def test_a_reference_is_as_likely_as_its_symbols_together() -> None:
    net = Tabled(3)
    targets = torch.tensor([[A, B, END, PAD], [END, PAD, PAD, PAD], [B, B, A, END], [3, END, PAD, PAD]])
    found = likelihoods(net, Batch(SOURCES, KNOWN, targets), 0.6)
    for kind, row, one in zip(KINDS, targets.tolist(), found, strict=True):
        symbols = tuple(symbol for symbol in row if symbol != PAD)
        assert one.symbols == symbols
        assert one.log_probability == pytest.approx(net.total(kind, symbols), abs=1e-12)
        assert one.score == pytest.approx(score(one.log_probability, len(symbols), 0.6))


def test_who_writes_is_told_of_meanwhile() -> None:
    told: list[int] = []
    write_greedily(Tabled(0), SOURCES, KNOWN, LENGTH, lambda: told.append(0))
    greedily = len(told)
    write_by_beam(Tabled(0), SOURCES, KNOWN, LENGTH, 2, meanwhile=lambda: told.append(0))
    assert greedily >= 2
    assert len(told) > greedily + 1

"""Who is to blame is who has the better score, for pairs of which it can be worked out by hand."""

import math
import random

import pytest
import torch

from engine.nets.translation.model import END, PAD, Batch
from engine.translation.blame import Verdict, blame, counts, worst
from engine.translation.writing import Translation, likelihoods, write_by_beam
from tests.engine.translation.tabled import SYMBOLS, A, B, Tabled

LENGTH = 4


def made(symbols: tuple[int, ...], score: float) -> Translation:
    return Translation(symbols, score * len(symbols), score)


def test_what_is_likelier_than_the_reference_is_the_net_s_fault_what_is_less_likely_the_search_s() -> None:
    reference = made((A, END), -1.0)
    found = [made((A, END), -1.0), made((B, END), -0.9), made((B, END), -1.1), made((B, END), -1.0)]
    blamed = blame([reference] * 4, found)
    assert [one.verdict for one in blamed] == [Verdict.RIGHT, Verdict.NET, Verdict.SEARCH, Verdict.NET]
    assert counts(blamed).tolist() == [1, 2, 1]
    assert counts(()).tolist() == [0, 0, 0]


def test_with_a_length_penalty_the_score_decides_and_not_the_probability() -> None:
    longer, shorter = Translation((A, A, A, END), -4.0, -2.0), Translation((END,), -3.0, -3.0)
    assert blame([longer], [shorter])[0].verdict == Verdict.SEARCH
    assert blame([shorter], [longer])[0].verdict == Verdict.NET


def pairs(seed: int) -> Batch:
    chance = random.Random(seed)
    targets = [[*(chance.choice((A, B)) for _ in range(chance.randint(0, LENGTH - 1))), END] for _ in range(40)]
    sources = torch.tensor([[chance.choice((A, B, 3)), END] for _ in targets])
    filled = [[*target, *[PAD] * (LENGTH - len(target))] for target in targets]
    return Batch(sources, torch.ones_like(sources, dtype=torch.bool), torch.tensor(filled))


@pytest.mark.parametrize("penalty", [0.0, 0.6])
def test_a_search_that_tries_all_is_never_to_blame_and_a_narrow_one_is(penalty: float) -> None:
    missed = 0
    for seed in range(4):
        net, batch = Tabled(seed), pairs(seed)
        references = likelihoods(net, batch, penalty)
        by_width = {
            beams: counts(blame(references, write_by_beam(net, batch.sources, batch.known, LENGTH, beams, penalty)))
            for beams in (1, len(SYMBOLS) ** LENGTH)
        }
        assert [sum(found) for found in by_width.values()] == [40, 40]
        assert by_width[len(SYMBOLS) ** LENGTH][Verdict.SEARCH] == 0
        missed += int(by_width[1][Verdict.SEARCH])
    assert missed > 0


def test_the_worst_are_those_whose_reference_is_least_likely_a_symbol_and_none_that_is_right() -> None:
    references = [
        Translation((A, B, END), math.log(0.5) * 3, 0.0),
        Translation((A, END), math.log(0.1) * 2, 0.0),
        Translation((END,), math.log(0.2), 0.0),
        Translation((B, END), math.log(0.01) * 2, 0.0),
    ]
    found = [made((B, END), 1.0), made((B, END), 1.0), made((B, END), 1.0), references[3]]
    blamed = blame(references, found)
    assert [one.place for one in worst(blamed, 9)] == [1, 2, 0]
    assert [one.place for one in worst(blamed, 2)] == [1, 2]

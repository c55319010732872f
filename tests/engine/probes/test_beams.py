"""The tree of a search is all that the search looked at, and each number in it follows from the others."""

import numpy as np
import pytest
import torch

from engine.nets.translation.model import END
from engine.probes.beams import DROPPED, KEPT, MOST_STEPS, OVER, read_beams
from engine.translation.writing import write_by_beam
from tests.engine.translation.tabled import A, Tabled

SOURCES = torch.tensor([[A, END]])
KNOWN = torch.ones_like(SOURCES, dtype=torch.bool)


def searched(seed: int, length: int = 6, end: float = -4.0):
    """Search with a table in which the end is so much less likely, for trees that are worth looking at."""
    net = Tabled(seed)
    net.table[..., END] += end
    net.table = net.table.log_softmax(dim=3)
    (found,) = write_by_beam(net, SOURCES, KNOWN, length, 3, 0.6, shown=1)
    return net, found


@pytest.mark.parametrize("seed", range(4))
def test_every_number_follows_from_those_of_the_branches_before_and_from_the_net(seed: int) -> None:
    net, found = searched(seed)
    assert found.search is not None
    tree = read_beams(found.search, 0.6)
    seen = tree.reading
    every = [branch for step in found.search.steps for branch in step]
    assert len(every) == len(seen.step) == len(tree.symbols) > 6
    texts: list[tuple[int, ...]] = []
    for at, branch in enumerate(every):
        parent = int(seen.parent[at])
        beginning = texts[parent] if parent >= 0 else ()
        texts.append((*beginning, tree.symbols[at]))
        assert texts[at] == branch.symbols
        assert len(texts[at]) == seen.step[at]
        cost = net.total(A, texts[at]) - net.total(A, beginning)
        assert seen.cost[at] == pytest.approx(cost, abs=1e-5)
        assert seen.total[at] == pytest.approx((seen.total[parent] if parent >= 0 else 0) + seen.cost[at], abs=1e-5)
        assert seen.score[at] == pytest.approx(
            seen.total[at] / ((5 + seen.step[at]) / 6) ** float(seen.penalty[0]), abs=1e-5
        )
        assert seen.fate[at] == (DROPPED if not branch.kept else OVER if tree.symbols[at] == END else KEPT)
    on_the_way = [texts[at] for at in np.flatnonzero(seen.found)]
    assert on_the_way == [found.symbols[: at + 1] for at in range(len(found.symbols))]


def test_what_is_over_goes_on_no_more_and_what_was_dropped_neither() -> None:
    over = 0
    for seed in range(4):
        seen = read_beams(searched(seed)[1].search, 0.6).reading
        parents = seen.parent[seen.parent >= 0]
        assert (seen.fate[parents] == KEPT).all()
        over += int((seen.fate == OVER).sum())
    assert over > 0


def test_of_a_long_search_the_tree_has_the_beginning_and_of_none_it_has_nothing() -> None:
    _, found = searched(0, MOST_STEPS + 9, end=-40.0)
    assert len(found.symbols) == MOST_STEPS + 9
    seen = read_beams(found.search, 0.6).reading
    assert seen.step.max() == MOST_STEPS
    assert seen.found.sum() == MOST_STEPS
    empty = read_beams(None, 0.0)
    assert {array.shape for name, array in empty.reading.arrays().items() if name != "beams.penalty"} == {(0,)}
    assert empty.symbols == ()

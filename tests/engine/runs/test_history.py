"""Invariants of thinning, over all sequences of steps."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.runs.history import History, frame_history, row_history

additions = st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 100)), min_size=1, max_size=120)


@given(additions, st.integers(2, 30), st.none() | st.integers(1, 800))
def test_first_and_last_stay_limits_hold_and_what_goes_is_told(
    additions: list[tuple[int, int]], most: int, most_bytes: int | None
) -> None:
    history = History(most, most_bytes)
    kept: dict[int, int] = {}
    step = 0
    for gap, size in additions:
        step += gap
        kept[step] = size
        for gone in history.add(step, size):
            del kept[gone]  # a KeyError here would be a step that went twice, or never was
        assert history.last == step
        assert len(kept) <= most
        assert most_bytes is None or sum(kept.values()) <= most_bytes or len(kept) <= 2
    assert history.steps == list(kept)
    assert history.steps[0] == additions[0][0]


@settings(max_examples=30)
@given(st.integers(20, 100), st.integers(100, 2000))
def test_no_stretch_of_a_run_is_lost_and_both_ends_stay_dense(most: int, count: int) -> None:
    history = History(most)
    for step in range(count):
        history.add(step)
    distances = [after - before for before, after in pairwise(history.steps)]
    assert max(distances) <= 4 * count / most + 4, "the largest gap is a small multiple of an even spread"
    quarter = len(distances) // 4
    ends = sum(distances[:quarter]) + sum(distances[-quarter:])
    if count >= 5 * most:
        assert sum(distances[quarter:-quarter]) >= 1.5 * ends, "half of the steps lie in a small part, near both ends"
    assert len(distances) >= min(count, most) * 3 // 4 - 2, "no more goes than has to"


@pytest.mark.parametrize("history", [frame_history(), row_history()])
def test_a_history_only_goes_forward(history: History) -> None:
    history.add(3)
    for step in (3, 2):
        with pytest.raises(ValueError, match="goes forward"):
            history.add(step)
    history.clear()
    assert history.last is None
    assert history.add(0) == []

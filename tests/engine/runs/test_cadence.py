"""When a step is looked at."""

import pytest

from engine.runs.cadence import FIRST_STEPS, LOOKING_SHARE, SHORTEST_INTERVAL, TRAINING_SHARE, Cadence


def looks(step: float, snapshot: float, look: float, seconds: float, share: float = 1.0) -> list[int]:
    """Walk through a run that has a ``share`` of a core on clocks of its own, all in seconds; return the steps looked
    at.
    """
    worked, now, seen, number = 0.0, 0.0, [], 0
    cadence = Cadence(lambda: worked)
    while now < seconds:
        spent = step
        if cadence.due(number, now):
            seen.append(number)
            cadence.taken(snapshot, now)
            cadence.looked(look)
            spent += snapshot
        worked += spent
        now += spent / share
        number += 1
    return seen


def test_each_of_the_first_steps_is_looked_at() -> None:
    assert looks(0.0003, 0.001, 0.001, 1.0)[: FIRST_STEPS + 1] == list(range(FIRST_STEPS + 1))


def test_a_cheap_look_comes_25_times_a_second() -> None:
    seen = looks(0.0003, 0.0001, 0.002, 10.0)
    assert len(seen) == pytest.approx(10 / SHORTEST_INTERVAL, rel=0.05)


def test_dear_snapshots_take_no_more_than_their_share_of_the_training() -> None:
    seen = looks(0.0003, 0.02, 0.001, 60.0)
    assert (len(seen) - FIRST_STEPS - 1) * 0.02 == pytest.approx(60.0 * TRAINING_SHARE, rel=0.05)


def test_dear_looks_take_no_more_than_their_share_of_what_training_takes() -> None:
    seen = looks(0.0003, 0.0001, 0.2, 60.0)
    assert (len(seen) - FIRST_STEPS - 1) * 0.2 == pytest.approx(60.0 * LOOKING_SHARE, rel=0.05)


def test_a_run_that_shares_its_core_is_seen_as_often_unless_looking_would_take_more_than_its_share() -> None:
    cheap = looks(0.0003, 0.0001, 0.002, 10.0, share=0.25)
    assert len(cheap) == pytest.approx(10 / SHORTEST_INTERVAL, rel=0.05)
    dear = looks(0.0003, 0.0001, 0.02, 60.0, share=0.25)
    assert (len(dear) - FIRST_STEPS - 1) * 0.02 == pytest.approx(60.0 * 0.25 * LOOKING_SHARE, rel=0.05)


def test_each_of_slow_steps_is_looked_at() -> None:
    seen = looks(0.5, 0.001, 0.001, 20.0)
    assert seen == list(range(len(seen)))


def test_one_dear_look_does_not_make_the_picture_stand_still() -> None:
    worked = 0.0
    cadence = Cadence(lambda: worked)
    for i in range(5):
        cadence.taken(0.0005, i)
        cadence.looked(0.0005)
    cadence.taken(5.0, 10.0)
    cadence.looked(5.0)
    worked += SHORTEST_INTERVAL
    assert cadence.due(100, 10.0 + SHORTEST_INTERVAL * 1.01)

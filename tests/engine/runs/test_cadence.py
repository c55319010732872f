"""When a step is looked at."""

import pytest

from engine.runs.cadence import FIRST_STEPS, SHARE, SHORTEST_INTERVAL, Cadence


def looks(step_seconds: float, look_seconds: float, seconds: float) -> tuple[list[int], float]:
    """Walk through a run on a clock of its own; return the steps looked at and the time spent on that."""
    cadence, now, seen, step = Cadence(), 0.0, [], 0
    while now < seconds:
        if cadence.due(step, now):
            seen.append(step)
            cadence.looked(now, now + look_seconds)
            now += look_seconds
        now += step_seconds
        step += 1
    return seen, len(seen) * look_seconds


def test_each_of_the_first_steps_is_looked_at() -> None:
    assert looks(0.0003, 0.001, 1.0)[0][: FIRST_STEPS + 1] == list(range(FIRST_STEPS + 1))


def test_a_cheap_look_comes_thirty_times_a_second() -> None:
    seen, _ = looks(0.0003, 0.0001, 10.0)
    assert len(seen) == pytest.approx(10 / SHORTEST_INTERVAL, rel=0.05)


def test_a_dear_look_takes_no_more_than_its_share() -> None:
    _, spent = looks(0.0003, 0.02, 60.0)
    assert spent - (FIRST_STEPS + 1) * 0.02 <= 60.0 * SHARE * 1.02


def test_each_of_slow_steps_is_looked_at() -> None:
    seen, _ = looks(0.5, 0.001, 20.0)
    assert seen == list(range(len(seen)))


def test_one_interrupted_look_does_not_make_the_picture_stand_still() -> None:
    cadence = Cadence()
    for i in range(5):
        cadence.looked(i, i + 0.0005)
    cadence.looked(10.0, 15.0)
    assert cadence.due(100, 15.0 + SHORTEST_INTERVAL)

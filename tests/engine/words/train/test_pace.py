"""How quickly a training goes, against times that are known."""

import math

import pytest

from engine.words.train.pace import OVER_SECONDS, Pace


def paced(total: float, *steps: tuple[float, float]) -> Pace:
    """Return the pace of steps, each of what is done then and the seconds it took; between them is a long pause."""
    pace, now = Pace(total), 1_000.0
    for done, seconds in steps:
        pace.begin(now)
        pace.end(done, now + seconds)
        now += seconds + 60
    return pace


def test_it_is_what_was_done_in_the_time_of_the_steps():
    pace = paced(1_000, (0, 60), (100, 0.5), (200, 0.3))
    assert pace.per_second == pytest.approx(200 / 0.8)
    assert pace.seconds_left == pytest.approx(800 / (200 / 0.8))
    assert pace.words == ("250", "4 s")


def test_a_short_time_between_steps_counts_and_a_pause_does_not():
    pace = Pace(100)
    for done, began, ended in ((0, 0, 1), (10, 1.5, 2), (20, 2.75, 3), (30, 10, 11)):
        pace.begin(began)
        pace.end(done, ended)
    assert pace.per_second == pytest.approx(30 / (1 + 1 + 1)), "from 1 to 3, and from 10 to 11"


def test_whoever_goes_on_begins_where_one_stands():
    pace = paced(1_000, (900, 7), (910, 0.1))
    assert pace.per_second == pytest.approx(100)
    assert pace.seconds_left == pytest.approx(0.9)


def test_it_is_that_of_the_last_seconds():
    slow = [(done, 1.0) for done in range(11)]
    quick = [(10 + 100 * n, 1.0) for n in range(1, 11)]
    assert paced(10**6, *slow).per_second == pytest.approx(1)
    assert paced(10**6, *slow, *quick).per_second == pytest.approx(100)
    one = paced(10**6, *slow, *quick[:2])
    assert one.per_second == pytest.approx((200 + OVER_SECONDS - 2) / OVER_SECONDS)
    assert paced(10**6, (0, 0), (5, 100), (10, 100)).per_second == pytest.approx(0.05), "of long steps the last"


def test_before_a_step_nothing_is_known_and_at_the_end_nothing_is_left():
    for pace in (Pace(10), paced(10, (0, 3)), paced(10, (0, 3), (5, 0))):
        assert math.isnan(pace.per_second)
        assert math.isnan(pace.seconds_left)
        assert pace.words == ("", "")
    assert paced(10, (0, 3), (10, 1)).words == ("10", "0 s")
    assert paced(10, (10, 3)).seconds_left == 0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (59, "59 s"), (59.5, "1 min 0 s"), (65, "1 min 5 s"), (3_599.5, "1 h 0 min"), (7_860, "2 h 11 min")],
)
def test_a_time_is_told_in_words(seconds: float, words: str):
    assert paced(1 + seconds, (0, 0), (1, 1)).words[1] == words


def test_a_speed_is_told_to_three_digits():
    assert paced(10**9, (0, 0), (1_234_567, 1)).words[0] == "1,230,000"

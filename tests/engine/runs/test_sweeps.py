"""Sweeps as jobs: their nets are trained by processes of the pool, which are told apart and ended."""

import os
import time
from collections.abc import Callable, Iterator

import pytest

from engine.jobs import Course, Jobs, Order
from engine.jobs.jobs import ENDED
from engine.runs.pool import Pool
from engine.runs.sweeps import SweepStarter, sweep_order
from tests.engine.runs.conftest import PATIENCE
from tests.engine.runs.toy import ToySweepSpec

FOUND = tuple({"found": 10 * place} for place in (1, 2, 3))


@pytest.fixture
def sweeps(pool: Pool) -> Iterator[Jobs]:
    sweeps = Jobs(SweepStarter(pool))
    yield sweeps
    sweeps.close()


def order(**settings: object) -> Order:
    return sweep_order("toy", "tens", ToySweepSpec().replace(**settings))


def wait(sweeps: Jobs, order: Order, reached: Callable[[Course], object]) -> Course:
    deadline = time.monotonic() + PATIENCE
    while True:
        course = sweeps.course(order)
        assert course is not None
        if reached(course):
            return course
        assert time.monotonic() < deadline, course
        time.sleep(0.01)


def test_a_sweep_finds_place_after_place(sweeps: Jobs) -> None:
    sweeps.ask(order(), "ann")
    course = wait(sweeps, order(), lambda course: not course.live)
    assert (course.state, course.findings) == ("done", FOUND)


def test_a_sweep_that_nobody_wants_is_ended(sweeps: Jobs) -> None:
    hanging = order(fault="hang")
    sweeps.ask(hanging, "ann")
    wait(sweeps, hanging, lambda course: len(course.findings) == 2)
    pid = sweeps._kept[hanging].process.pid
    sweeps.leave(hanging, "ann")
    deadline = time.monotonic() + PATIENCE
    while os.path.exists(f"/proc/{pid}"):
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("refuse", "There is nothing to be learnt."),
        ("raise", "These nets cannot be trained just now: the server's log says why."),
        ("die", ENDED),
        ("memory", "These nets need more memory than there is for them: choose fewer of them, or smaller ones."),
    ],
)
def test_what_goes_wrong_is_told(sweeps: Jobs, fault: str, sentence: str) -> None:
    wrong = order(fault=fault)
    sweeps.ask(wrong, "ann")
    course = wait(sweeps, wrong, lambda course: not course.live)
    assert (course.state, course.message, course.findings) == ("failed", sentence, FOUND[:2])

"""Sweeps: trained in processes of their own, one of each person, and shared by who asks for the same."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.errors import RunRefused
from engine.runs.pool import Pool
from engine.runs.sweeps import ENDED, Course, Order, Sweeps
from tests.engine.runs.conftest import PATIENCE
from tests.engine.runs.toy import ToySweepSpec

FOUND = tuple({"found": 10 * place} for place in (1, 2, 3))


class Desk:
    """Sweeps over a pool of its own."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.sweeps = Sweeps(pool, at_once=2, most_waiting=2, most_kept=3)

    def order(self, **settings: object) -> Order:
        return Order.of("toy", "tens", ToySweepSpec().replace(**settings))

    def wait(self, order: Order, reached: Callable[[Course], object]) -> Course:
        deadline = time.monotonic() + PATIENCE
        while True:
            course = self.sweeps.course(order)
            assert course is not None
            if reached(course):
                return course
            assert time.monotonic() < deadline, course
            time.sleep(0.01)

    def process(self, order: Order) -> int:
        """Return the number of the process that trains a sweep."""
        self.wait(order, lambda course: course.findings)
        process = self.sweeps._kept[order].process
        assert process is not None
        return process.pid

    def until_gone(self, pid: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while os.path.exists(f"/proc/{pid}"):
            assert time.monotonic() < deadline, f"{pid} is still there: {Path(f'/proc/{pid}/stat').read_text()}"
            time.sleep(0.01)


@pytest.fixture
def desk(pool: Pool) -> Iterator[Desk]:
    desk = Desk(pool)
    yield desk
    desk.sweeps.close()


def test_findings_come_one_after_the_other_and_are_kept(desk: Desk) -> None:
    hanging, whole = desk.order(fault="hang"), desk.order()
    assert desk.sweeps.ask(hanging, "ann").state == "going"
    course = desk.wait(hanging, lambda course: len(course.findings) == 2)
    assert (course.state, course.findings, course.live) == ("going", FOUND[:2], True)
    desk.sweeps.ask(whole, "bob")
    course = desk.wait(whole, lambda course: not course.live)
    assert (course.state, course.findings) == ("done", FOUND)
    before = desk.sweeps._kept[whole]
    assert desk.sweeps.ask(whole, "cid") == course
    assert desk.sweeps._kept[whole] is before, "what is known is not trained again"


def test_who_asks_for_the_same_shares_it_and_it_ends_with_the_last_of_them(desk: Desk) -> None:
    order = desk.order(fault="hang")
    desk.sweeps.ask(order, "ann")
    pid = desk.process(order)
    desk.sweeps.ask(order, "bob")
    assert desk.process(order) == pid
    desk.sweeps.leave(order, "ann")
    desk.sweeps.leave(order, "eve")
    assert desk.sweeps.course(order) is not None
    assert os.path.exists(f"/proc/{pid}")
    desk.sweeps.leave(order, "bob")
    assert desk.sweeps.course(order) is None
    desk.until_gone(pid)


def test_everybody_has_one_and_leaves_it_for_another(desk: Desk) -> None:
    first, second = desk.order(fault="hang"), desk.order(fault="hang", mark=1)
    desk.sweeps.ask(first, "ann")
    pid = desk.process(first)
    desk.sweeps.ask(second, "ann")
    assert desk.sweeps.course(first) is None
    desk.until_gone(pid)
    assert desk.process(second) != pid


def test_who_finds_no_room_waits_for_their_turn_and_too_many_are_refused(desk: Desk) -> None:
    orders = [desk.order(fault="hang", mark=mark) for mark in range(5)]
    courses = [desk.sweeps.ask(order, f"person {place}") for place, order in enumerate(orders[:4])]
    assert [(course.state, course.ahead) for course in courses] == [
        ("going", 0), ("going", 0), ("waiting", 0), ("waiting", 1),
    ]  # fmt: skip
    with pytest.raises(RunRefused, match="2 others wait"):
        desk.sweeps.ask(orders[4], "person 4")
    desk.sweeps.leave(orders[0], "person 0")
    course = desk.wait(orders[2], lambda course: course.findings)
    assert course.state == "going"
    last = desk.sweeps.course(orders[3])
    assert last is not None
    assert (last.state, last.ahead) == ("waiting", 0)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("refuse", "There is nothing to be learnt."),
        ("raise", "These nets cannot be trained just now: the server's log says why."),
        ("die", ENDED),
        ("memory", "These nets need more memory than there is for them: choose fewer of them, or smaller ones."),
    ],
)
def test_what_goes_wrong_is_told_and_can_be_asked_for_again(desk: Desk, fault: str, sentence: str) -> None:
    order = desk.order(fault=fault)
    desk.sweeps.ask(order, "ann")
    course = desk.wait(order, lambda course: not course.live)
    assert (course.state, course.message, course.findings) == ("failed", sentence, FOUND[:2])
    assert desk.sweeps.ask(order, "ann").state == "going"
    assert desk.wait(order, lambda course: not course.live).state == "failed"


def test_only_so_many_are_kept(desk: Desk) -> None:
    orders = [desk.order(count=1, mark=mark) for mark in range(5)]
    for order in orders:
        desk.sweeps.ask(order, "ann")
        desk.wait(order, lambda course: course.state == "done")
    desk.sweeps.ask(orders[-1], "ann")
    assert [desk.sweeps.course(order) is not None for order in orders] == [False, False, True, True, True]


def test_all_processes_end_when_it_is_closed(desk: Desk) -> None:
    orders = [desk.order(fault="hang", mark=mark) for mark in range(2)]
    for place, order in enumerate(orders):
        desk.sweeps.ask(order, f"person {place}")
    pids = [desk.process(order) for order in orders]
    desk.sweeps.close()
    for pid in pids:
        desk.until_gone(pid)
    with pytest.raises(RunRefused, match="ending"):
        desk.sweeps.ask(orders[0], "ann")

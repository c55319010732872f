"""Jobs: done in processes of their own, one of each person, and shared by who asks for the same."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.errors import RunError, RunRefused
from engine.jobs import Course, Forge, Jobs, Limits, Order
from engine.jobs.forging import FAULT, LONG, SMALL
from engine.jobs.jobs import ENDED, NOT_STARTED

PATIENCE = 60.0

FOUND = tuple({"found": 10 * place} for place in (1, 2, 3))


class Desk:
    """Jobs over a forge."""

    def __init__(self, forge: Forge) -> None:
        self.forge = forge
        self.jobs = Jobs(forge, at_once=2, most_waiting=2, most_kept=3)

    def order(self, **settings: object) -> Order:
        return Order.of("tests.engine.jobs.toy:count", **settings)

    def wait(self, order: Order, reached: Callable[[Course], object]) -> Course:
        deadline = time.monotonic() + PATIENCE
        while True:
            course = self.jobs.course(order)
            assert course is not None
            if reached(course):
                return course
            assert time.monotonic() < deadline, course
            time.sleep(0.01)

    def process(self, order: Order) -> int:
        """Return the number of the process that works on an order: the toy tells it as its progress."""
        progress = self.wait(order, lambda course: course.progress).progress
        assert progress is not None
        return int(progress.words)

    def until_gone(self, pid: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while os.path.exists(f"/proc/{pid}"):
            assert time.monotonic() < deadline, f"{pid} is still there: {Path(f'/proc/{pid}/stat').read_text()}"
            time.sleep(0.01)


@pytest.fixture(scope="module")
def forge() -> Iterator[Forge]:
    forge = Forge(["tests.engine.jobs.toy"], Limits(memory=256 * 2**20, seconds=1, file_bytes=2**20))
    yield forge
    forge.close()


@pytest.fixture
def desk(forge: Forge) -> Iterator[Desk]:
    desk = Desk(forge)
    yield desk
    desk.jobs.close()


def test_findings_come_one_after_the_other_and_are_kept(desk: Desk) -> None:
    hanging, whole = desk.order(fault="hang"), desk.order()
    assert desk.jobs.ask(hanging, "ann").state == "going"
    course = desk.wait(hanging, lambda course: len(course.findings) == 2)
    assert (course.state, course.findings, course.live) == ("going", FOUND[:2], True)
    desk.jobs.ask(whole, "bob")
    course = desk.wait(whole, lambda course: not course.live)
    assert (course.state, course.findings, course.result) == ("done", FOUND, {"sum": 60})
    assert course.progress is not None
    assert course.progress.share in (1 / 3, 2 / 3, 1.0)
    before = desk.jobs._kept[whole]
    assert desk.jobs.ask(whole, "cid") == course
    assert desk.jobs._kept[whole] is before, "what is known is not trained again"


def test_who_asks_for_the_same_shares_it_and_it_ends_with_the_last_of_them(desk: Desk) -> None:
    order = desk.order(fault="hang")
    desk.jobs.ask(order, "ann")
    pid = desk.process(order)
    desk.jobs.ask(order, "bob")
    assert desk.process(order) == pid
    desk.jobs.leave(order, "ann")
    desk.jobs.leave(order, "eve")
    assert desk.jobs.course(order) is not None
    assert os.path.exists(f"/proc/{pid}")
    desk.jobs.leave(order, "bob")
    assert desk.jobs.course(order) is None
    desk.until_gone(pid)


def test_everybody_has_one_and_leaves_it_for_another(desk: Desk) -> None:
    first, second = desk.order(fault="hang"), desk.order(fault="hang", mark=1)
    desk.jobs.ask(first, "ann")
    pid = desk.process(first)
    desk.jobs.ask(second, "ann")
    assert desk.jobs.course(first) is None
    desk.until_gone(pid)
    assert desk.process(second) != pid


def test_who_finds_no_room_waits_for_their_turn_and_too_many_are_refused(desk: Desk) -> None:
    orders = [desk.order(fault="hang", mark=mark) for mark in range(5)]
    courses = [desk.jobs.ask(order, f"person {place}") for place, order in enumerate(orders[:4])]
    assert [(course.state, course.ahead) for course in courses] == [
        ("going", 0), ("going", 0), ("waiting", 0), ("waiting", 1),
    ]  # fmt: skip
    with pytest.raises(RunRefused, match="2 others wait"):
        desk.jobs.ask(orders[4], "person 4")
    desk.jobs.leave(orders[0], "person 0")
    course = desk.wait(orders[2], lambda course: course.findings)
    assert course.state == "going"
    last = desk.jobs.course(orders[3])
    assert last is not None
    assert (last.state, last.ahead) == ("waiting", 0)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("refuse", "There is nothing to be learnt."),
        ("raise", FAULT),
        ("die", ENDED),
        ("memory", SMALL),
        ("long", LONG.format(seconds=1)),
        ("file", FAULT),
    ],
)
def test_what_goes_wrong_is_told_and_can_be_asked_for_again(desk: Desk, fault: str, sentence: str) -> None:
    order = desk.order(fault=fault)
    desk.jobs.ask(order, "ann")
    course = desk.wait(order, lambda course: not course.live)
    assert (course.state, course.message, course.findings) == ("failed", sentence, FOUND[:2])
    assert desk.jobs.ask(order, "ann").state == "going"
    assert desk.wait(order, lambda course: not course.live).state == "failed"


def test_where_no_process_can_be_started_its_place_is_free_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_descriptor(*_: object) -> None:
        raise OSError(24, "Too many open files", "/a/path")

    monkeypatch.setattr(desk.forge, "start", no_descriptor)
    orders = [desk.order(mark=number) for number in (1, 2, 3)]
    for order in orders:
        desk.jobs.ask(order, f"person {order.arguments}")
        assert desk.wait(order, lambda course: not course.live).message == NOT_STARTED
    assert "Too many open files" in caplog.text
    monkeypatch.undo()
    desk.jobs.ask(orders[0], "ann")
    assert desk.wait(orders[0], lambda course: not course.live).state == "done"


def test_only_so_many_are_kept(desk: Desk) -> None:
    orders = [desk.order(count=1, mark=mark) for mark in range(5)]
    for order in orders:
        desk.jobs.ask(order, "ann")
        desk.wait(order, lambda course: course.state == "done")
    desk.jobs.ask(orders[-1], "ann")
    assert [desk.jobs.course(order) is not None for order in orders] == [False, False, True, True, True]


def test_all_processes_end_when_it_is_closed(desk: Desk) -> None:
    orders = [desk.order(fault="hang", mark=mark) for mark in range(2)]
    for place, order in enumerate(orders):
        desk.jobs.ask(order, f"person {place}")
    pids = [desk.process(order) for order in orders]
    desk.jobs.close()
    for pid in pids:
        desk.until_gone(pid)
    with pytest.raises(RunRefused, match="ending"):
        desk.jobs.ask(orders[0], "ann")


def test_a_forge_that_has_died_is_started_anew_and_takes_its_children_along() -> None:
    forge = Forge(["tests.engine.jobs.toy"])
    desk = Desk(forge)
    try:
        hanging = desk.order(fault="hang")
        desk.jobs.ask(hanging, "ann")
        pid = desk.process(hanging)
        assert forge._process is not None
        os.kill(forge._process.pid, signal.SIGKILL)
        assert desk.wait(hanging, lambda course: not course.live).message == ENDED
        desk.until_gone(pid)
        desk.jobs.ask(desk.order(), "ann")
        assert desk.wait(desk.order(), lambda course: not course.live).state == "done"
    finally:
        desk.jobs.close()
        forge.close()


def test_work_that_is_over_at_once_is_heard_and_its_forge_lives_on() -> None:
    forge = Forge(["tests.engine.jobs.toy", "tests.engine.jobs.tardy"])
    try:
        desk = Desk(forge)
        for count in (1, 2):
            desk.jobs.ask(desk.order(count=count), "ada")
            over = desk.wait(desk.order(count=count), lambda course: not course.live)
            assert over.state == "done", over.message
    finally:
        forge.close()


def test_a_forge_that_cannot_import_says_so() -> None:
    forge = Forge(["tests.engine.jobs.missing"])
    with pytest.raises(RunError, match="could not be started"):
        forge.start(Order.of("tests.engine.jobs.toy:count"))
    forge.close()
    with pytest.raises(RunError, match="ending"):
        forge.warm()


def test_what_was_done_can_be_forgotten(desk: Desk) -> None:
    order = desk.order(count=1)
    desk.jobs.ask(order, "ann")
    desk.wait(order, lambda course: not course.live)
    desk.jobs.forget(order)
    assert desk.jobs.course(order) is None


def test_what_waits_and_nobody_looks_at_any_more_is_given_up(forge: Forge) -> None:
    jobs = Jobs(forge, at_once=1, most_waiting=2, patience=0.3)
    going, looked_at, left, new = (
        Order.of("tests.engine.jobs.toy:count", fault="hang", name=name)
        for name in ("going", "looked at", "left", "new")
    )
    try:
        for number, order in enumerate((going, looked_at, left)):
            jobs.ask(order, f"person {number}")
        with pytest.raises(RunRefused):
            jobs.ask(new, "late")
        for _ in range(10):
            time.sleep(0.05)
            assert jobs.course(looked_at)
        assert jobs.ask(new, "late").ahead == 1
        assert jobs.course(left) is None
        assert jobs.course(going) is not None, "what goes on comes to its end"
    finally:
        jobs.close()


def test_who_is_refused_keeps_what_they_have(desk: Desk) -> None:
    hanging = [desk.order(fault="hang", name=str(number)) for number in range(5)]
    for number, order in enumerate(hanging[:4]):
        desk.jobs.ask(order, f"person {number}")
    with pytest.raises(RunRefused):
        desk.jobs.ask(hanging[4], "person 0")
    assert desk.jobs.course(hanging[0]) is not None
    assert desk.jobs.ask(hanging[4], "person 3").state == "waiting", "another in the place of one's own"
    assert desk.jobs.course(hanging[3]) is None

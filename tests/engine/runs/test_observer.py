"""The second process of a run, forked from this one."""

import dataclasses
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from engine.asking import Answer, Question
from engine.frames import decode
from engine.readings import Arrays
from engine.runs.link import Link
from engine.runs.observer import Observer
from engine.training.experiment import Step
from tests.engine.runs.test_link import read, read_exactly
from tests.engine.runs.test_store import make_run

LARGE = 3_000_000
PARTS, ASKED = 8, 60


class Reporter:
    """Says what it is told to."""

    waiting = False
    experiment: Any = None

    def __init__(self, link: Link) -> None:
        self.run = make_run(state="running")
        self._link = link

    def show(self, state: str, message: str = "") -> None:
        self._link.send(bytes(int(message)))

    def look(self, step: Step, *, again: bool) -> None:
        self.experiment.observe(step)
        self._link.send(b"frame")

    def end(self, state: Any, message: str) -> None:
        self.run = dataclasses.replace(self.run, state=state)
        self._link.send(message.encode())


@pytest.mark.parametrize("before", [LARGE, 0])
def test_what_the_server_does_not_take_at_once_comes_once_and_without_another_order(before: int) -> None:
    ours, server = socket.socketpair()
    with ours, server:
        server.settimeout(10)
        link = Link(ours)
        if before:
            link.send(bytes(before))
        observer = Observer.fork(None, Reporter(link), link, 0)  # type: ignore[arg-type]
        if not before:
            observer.show("running", str(LARGE))
        link.commands()
        time.sleep(0.2)
        first = read_exactly(server, 4 + 1_000)
        link.commands()
        rest = read_exactly(server, LARGE - 1_000)
        assert (first + rest)[4:] == bytes(LARGE)
        observer.end("stopped", "farewell")
        assert read(server) == b"farewell"


class Watched:
    """A net that takes as long to answer as a part of it takes to be looked at."""

    def __init__(self) -> None:
        self.meanwhile: Callable[[], None] = work

    def snapshot(self) -> None:
        return None

    def adopt(self, snapshot: None) -> None:
        pass

    def observe(self, step: Step) -> None:
        for _ in range(PARTS):
            work()
            self.meanwhile()

    def answer(self, question: Question, tensors: Arrays | None = None) -> Answer:
        work()
        return Answer((), {})


def work() -> None:
    until = time.process_time() + 0.005
    while time.process_time() < until:
        pass


@pytest.mark.parametrize("ends", [False, True])
def test_those_who_ask_all_the_time_keep_nobody_from_seeing_the_net_and_all_are_answered(ends: bool) -> None:
    ours, server = socket.socketpair()
    with ours, server:
        server.settimeout(30)
        link = Link(ours)
        reporter = Reporter(link)
        reporter.experiment = experiment = Watched()
        observer = Observer.fork(experiment, reporter, link, 0)  # type: ignore[arg-type]
        observer.look(Step(1, 0.0, 0.0))
        for number in range(ASKED):
            observer.ask(Question("look", {"long": "x" * 8_000}, id=number).to_json())
        if ends:
            observer.end("stopped", "farewell")
        came = [read(server) for _ in range(ASKED + 1 + ends)]
        before = came.index(b"frame")
        assert before <= 3 * PARTS, "about one answer for each part of the look"
        answers = [decode(one).header["id"] for one in came if one not in (b"frame", b"farewell")]
        assert answers == list(range(ASKED))
        if not ends:
            observer.end("stopped", "")

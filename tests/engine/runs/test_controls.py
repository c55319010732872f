"""Control of all runs of a server: who is told, when time has passed, and what is forgotten; from many threads."""

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from engine.errors import RunRefused
from engine.runs.controls import Controls, Seat
from engine.runs.helm import AWAY_SECONDS, Browser
from tests.engine.runs.test_helm import ANN, BOB, OWNER, Clock


class Later:
    """What is to be done after a while, done when a test says so."""

    def __init__(self) -> None:
        self.acts: list[Callable[[], None]] = []

    def __call__(self, seconds: float, act: Callable[[], None]) -> None:
        self.acts.append(act)


def seats(controls: Controls, *browsers: Browser) -> list[Seat]:
    return [controls.join("run", one, lambda: None) for one in browsers]


def handle(seat: Seat) -> str:
    (ask,) = (seat.news() or {})["asks"]
    return ask["id"]


def test_each_is_told_what_is_new_and_nothing_twice() -> None:
    told: list[str] = []
    controls = Controls(Later())
    owner = controls.join("run", OWNER, lambda: told.append("owner"))
    ann = controls.join("run", ANN, lambda: told.append("ann"))
    assert [(seat.news() or {})["mine"] for seat in (owner, ann)] == [True, False]
    assert (owner.news(), ann.news()) == (None, None)
    told.clear()
    ann.act("ask")
    assert sorted(told) == ["ann", "owner"]
    owner.act("give", handle(owner))
    assert (ann.news() or {})["mine"] is True
    assert (owner.news() or {})["holder"] == "Ann"


def test_control_falls_back_by_itself_and_all_are_told() -> None:
    clock, later = Clock(), Later()
    controls = Controls(later, clock)
    owner, ann = seats(controls, OWNER, ANN)
    ann.act("ask")
    owner.act("give", handle(owner))
    ann.close()
    ann.close()
    assert len(later.acts) == 1
    clock.now += AWAY_SECONDS + 0.1
    owner.news()
    later.acts.pop()()
    assert (owner.news() or {})["mine"] is True


def test_what_a_page_may_do_is_what_its_browser_may() -> None:
    controls = Controls(Later())
    assert controls.allows("run", OWNER)
    assert not controls.allows("run", ANN)
    owner, ann = seats(controls, OWNER, ANN)
    ann.act("ask")
    owner.act("give", handle(owner))
    assert (controls.allows("run", OWNER), controls.allows("run", ANN)) == (False, True)
    assert (controls.allows("other", OWNER), controls.allows("other", ANN)) == (True, False)


def test_nothing_is_remembered_of_runs_that_nobody_looks_at() -> None:
    clock, later = Clock(), Later()
    controls = Controls(later, clock)
    for seat in seats(controls, OWNER, ANN, BOB):
        seat.close()
    clock.now += AWAY_SECONDS + 0.1
    for act in later.acts:
        act()
    assert (controls._helms, controls._seats) == ({}, {})
    for seat in seats(controls, ANN, BOB):  # nobody of them ever controlled
        seat.close()
    assert (controls._helms, controls._seats) == ({}, {})


def test_many_at_once_do_no_harm() -> None:
    controls = Controls(Later())
    owner, *guests = seats(controls, OWNER, *(Browser(f"g{n}", "x", owns=False) for n in range(6)))
    start = threading.Barrier(len(guests) + 1)
    failures: list[BaseException] = []

    def guest(seat: Seat) -> None:
        for action in ("ask", "return", "withdraw") * 100:
            with suppress(RunRefused):
                seat.act(action)
            seat.news()

    def reign(seat: Seat) -> None:
        for _ in range(300):
            for ask in controls.view(seat)["asks"]:
                with suppress(RunRefused):
                    seat.act("give", ask["id"])
            seat.act("take")
            seat.check()

    def work(act: Callable[[Seat], None], seat: Seat) -> None:
        start.wait()
        try:
            act(seat)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(guest, seat)) for seat in guests]
    threads.append(threading.Thread(target=work, args=(reign, owner)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_seat_that_was_given_up_may_not_steer() -> None:
    controls = Controls(Later())
    owner, ann = seats(controls, OWNER, ANN)
    owner.close()
    with pytest.raises(RunRefused):
        ann.check()

"""More runs than may train at once: they wait for their turn, say so, and lose nothing by it."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.runs import turns, usher
from engine.runs.pool import Pool
from tests.engine.runs.conftest import Bench, Watcher
from tests.engine.runs.test_resuming import assert_never_interrupted

FOR_EVER = 1e9


@pytest.fixture
def single(tmp_path: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A hub where one run trains at a time, until it makes room by itself."""
    monkeypatch.setattr(turns, "TURN_SECONDS", FOR_EVER)
    bench = Bench(tmp_path, pool, max_training=1)
    yield bench
    bench.close()


@pytest.fixture
def quick(tmp_path: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A hub where one run trains at a time, for a moment."""
    monkeypatch.setattr(turns, "TURN_SECONDS", 0.05)
    monkeypatch.setattr(usher, "ROUND_SECONDS", 0.02)
    bench = Bench(tmp_path, pool, max_training=1)
    yield bench
    bench.close()


def trains(bench: Bench, owner: str, **settings: object) -> Watcher:
    watcher = bench.open(owner, **settings).wait_state("ready")
    bench.command(watcher, "resume")
    return watcher.wait_step(1)


def waits(bench: Bench, owner: str, **settings: object) -> Watcher:
    """A run that was told to train, and stands still for its turn."""
    watcher = bench.open(owner, **settings).wait_state("ready")
    bench.command(watcher, "resume")
    # It says that it trains, and again where it stands when it has to wait.
    return watcher.wait(lambda w: [m.header["state"] for m in w.of("state")].count("running") == 2)


def place(watcher: Watcher) -> tuple[int, int]:
    watcher.take()
    told = watcher.of("turn")
    return (told[-1].header["place"], told[-1].header["waiting"]) if told else (0, 0)


def wait_place(watcher: Watcher, expected: tuple[int, int]) -> None:
    watcher.wait(lambda w: place(w) == expected)


def test_who_comes_later_waits_and_is_told_the_place(single: Bench) -> None:
    first = trains(single, "a")
    second, third = waits(single, "b"), waits(single, "c")
    wait_place(second, (1, 2))
    wait_place(third, (2, 2))
    assert place(first) == (0, 0)
    assert [single.hub.shelf.waits(watcher.run) for watcher in (first, second, third)] == [False, True, True]
    late = Watcher(single.hub, third.run.id)
    wait_place(late, (2, 2))
    stands = second.run.step, third.run.step
    first.wait_step(first.run.step + 200)
    assert (second.run.step, third.run.step) == stands
    assert single.store.frame_steps(second.run.id)[-1] == second.run.step, "recorded before it waits"
    single.command(first, "pause")
    wait_place(second, (0, 0))
    wait_place(third, (1, 1))
    assert [single.hub.shelf.waits(watcher.run) for watcher in (first, second, third)] == [False, False, True]
    second.wait_step(stands[0] + 50)


def pause(bench: Bench, watcher: Watcher) -> None:
    bench.command(watcher, "pause")


def stop(bench: Bench, watcher: Watcher) -> None:
    bench.command(watcher, "stop")


def reset(bench: Bench, watcher: Watcher) -> None:
    bench.command(watcher, "reset")


def kill(bench: Bench, watcher: Watcher) -> None:
    os.kill(bench.hub.pid_of(watcher.run.id), signal.SIGKILL)


def terminate(bench: Bench, watcher: Watcher) -> None:
    os.kill(bench.hub.pid_of(watcher.run.id), signal.SIGTERM)


def nothing(_bench: Bench, _watcher: Watcher) -> None:
    """It ends by itself."""


@pytest.mark.parametrize(
    ("settings", "what"),
    [({}, pause), ({}, stop), ({}, reset), ({}, kill), ({}, terminate)]
    + [({"fault": fault, "fault_step": 400}, nothing) for fault in ("nan", "raise", "die")]
    + [({"last": 400}, nothing), ({"fault": "hang"}, stop)],
)
def test_a_turn_is_given_back_whatever_becomes_of_the_run(
    single: Bench, settings: dict[str, object], what: Callable[[Bench, Watcher], None]
) -> None:
    first = trains(single, "a", **settings)
    second = waits(single, "b")
    what(single, first)
    second.wait_step(second.run.step + 20)
    wait_place(second, (0, 0))


def test_what_waits_can_be_paused_stepped_changed_reset_and_stopped(single: Bench) -> None:
    trains(single, "a")
    watcher = waits(single, "b")
    stands = watcher.run.step
    single.command(watcher, "set", "learning_rate=0.5")
    watcher.wait(lambda w: w.of("state")[-1].header["learning_rate"] == 0.5)
    single.command(watcher, "pause")
    watcher.wait_state("paused")
    wait_place(watcher, (0, 0))
    assert watcher.run.step == stands
    single.command(watcher, "step")  # which no turn is needed for
    watcher.wait(lambda w: w.state == "paused" and w.run.step == stands + 1)
    single.command(watcher, "resume")
    wait_place(watcher, (1, 1))
    single.command(watcher, "reset")
    watcher.wait_state("ready")
    wait_place(watcher, (0, 0))
    single.command(watcher, "resume")
    wait_place(watcher, (1, 1))
    single.command(watcher, "stop")
    watcher.wait_state("stopped")
    wait_place(watcher, (0, 0))


@pytest.mark.parametrize("of", ["worker", "observer"])
def test_what_waits_and_is_killed_has_crashed_and_stands_in_no_line(single: Bench, of: str) -> None:
    trains(single, "a")
    watcher, last = waits(single, "b"), waits(single, "c")
    wait_place(last, (2, 2))
    pid = single.hub.pid_of(watcher.run.id)
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    os.kill(pid if of == "worker" else int(children[0]), signal.SIGKILL)
    watcher.wait_state("crashed")
    wait_place(last, (1, 1))


def test_all_get_on_by_turns_and_with_the_same_numbers(quick: Bench) -> None:
    watchers = [trains(quick, owner) for owner in ("a", "a", "b", "c")]
    for watcher in watchers:
        watcher.wait_step(300)
        assert watcher.of("turn"), "one at a time, and all have come that far"
    for watcher in watchers:
        quick.command(watcher, "pause")
        watcher.wait_state("paused")
        assert_never_interrupted(quick, watcher)


def test_a_step_that_never_ends_holds_nobody_up(quick: Bench) -> None:
    stuck = quick.open("a", fault="hang", fault_step=30).wait_state("ready")
    quick.command(stuck, "resume")
    stuck.wait_step(10)
    second = trains(quick, "b")
    second.wait_step(second.run.step + 200)


def test_those_that_wait_are_found_again_after_the_server_ended(tmp_path: Path, pool: Pool, single: Bench) -> None:
    trains(single, "a")
    watcher = waits(single, "b")
    stands = watcher.run.step
    single.close()
    again = Bench(tmp_path, pool)
    later = Watcher(again.hub, watcher.run.id).wait_state("interrupted")
    assert later.run.step == stands
    again.command(later, "resume")
    later.wait(lambda w: w.state == "running").wait_step(stands + 30)
    again.command(later, "pause")
    later.wait_state("paused")
    assert_never_interrupted(again, later)
    again.close()

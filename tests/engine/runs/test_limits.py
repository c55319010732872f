"""How many runs there may be at once, and how long one may wait unwatched."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.errors import RunError, RunNotFound, RunRefused
from engine.runs import hub as hub_module
from tests.engine.runs.conftest import Bench, Watcher
from tests.engine.runs.toy import ToySpec


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path, max_runs=3, max_runs_per_owner=2, idle_ready=0.5, idle_paused=1.0)
    yield bench
    bench.close()


def until(reached: Callable[[], object]) -> None:
    deadline = time.monotonic() + 15
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def gone(bench: Bench, run_id: str) -> bool:
    try:
        bench.hub.get(run_id)
    except RunNotFound:
        return True
    return False


def test_one_more_than_allowed_is_refused_until_one_ends(small: Bench) -> None:
    first, _ = small.ready(), small.ready()
    with pytest.raises(RunRefused, match="You have 2 runs going on"):
        small.open()
    small.ready(owner="other")
    with pytest.raises(RunRefused, match="There are 3 runs going on"):
        small.open(owner="third")
    small.command(first, "stop")
    first.wait_state("stopped")
    until(lambda: first.run.id not in small.hub.live_ids())
    small.ready(owner="third")
    assert len(small.store.list_runs()) == 4, "a refused run leaves nothing behind"


def test_a_run_that_waits_unbegun_and_unwatched_makes_room(small: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "FRESH_SECONDS", 0.0)
    idle = small.hub.open("toy", ToySpec(), "me")
    watched = small.ready()
    small.ready()
    until(lambda: gone(small, idle.id))
    assert watched.run.live


def test_an_unwatched_run_at_step_0_is_ended_and_forgotten_a_watched_one_stays(small: Bench) -> None:
    watched, left = small.ready(), small.ready()
    left.watch.close()
    until(lambda: gone(small, left.run.id))
    assert watched.run.state == "ready"
    assert small.hub.live_ids() == [watched.run.id]


def test_an_unwatched_paused_run_is_ended_and_kept(small: Bench) -> None:
    left = small.ready()
    small.command(left, "step")
    left.wait_state("paused")
    left.watch.close()
    until(lambda: small.hub.live_ids() == [])
    assert small.hub.get(left.run.id).state == "stopped"
    assert small.store.frame_steps(left.run.id) == [0, 1]


def test_an_unwatched_run_that_trains_goes_on(small: Bench) -> None:
    left = small.ready()
    small.command(left, "resume")
    left.wait_step(10)
    left.watch.close()
    time.sleep(1.8)
    assert small.hub.get(left.run.id).state == "running"


def test_an_owner_finds_the_own_runs_newest_first_with_their_state_now(small: Bench) -> None:
    first, other, last = small.ready(), small.ready(owner="other"), small.ready()
    small.command(first, "resume")
    first.wait_step(20)
    found = small.hub.runs_of("me")
    assert [run.id for run in found] == [last.run.id, first.run.id]
    assert found[1].state == "running"
    assert found[1].step >= 20
    assert [run.id for run in small.hub.runs_of("other")] == [other.run.id]


def test_nothing_is_opened_after_the_end(small: Bench) -> None:
    small.hub.close()
    with pytest.raises(RunRefused, match="server is ending"):
        small.hub.open("toy", ToySpec(), "me")
    small.hub.close()


def test_commands_to_a_worker_that_does_not_read_are_refused_in_the_end(small: Bench) -> None:
    stuck: Watcher = small.ready(fault="hang", fault_step=1)
    small.command(stuck, "resume")
    with pytest.raises(RunError, match="does not listen"):
        _command_for_ever(small, stuck)
    small.command(stuck, "stop")
    stuck.wait_state("stopped")


def _command_for_ever(bench: Bench, watcher: Watcher) -> None:
    while True:
        bench.command(watcher, "set", "learning_rate=" + "0" * 4_000)

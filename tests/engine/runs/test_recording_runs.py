"""What is streamed is what is stored, whatever the database does meanwhile."""

import time
from pathlib import Path

import numpy as np
import pytest

from engine.runs import history
from tests.engine.runs.conftest import Bench, Watcher
from tests.engine.runs.test_store import locked


@pytest.fixture
def running(own_bench: Bench) -> Watcher:
    watcher = own_bench.ready()
    own_bench.command(watcher, "resume")
    return watcher.wait_step(20)


def test_the_store_holds_what_was_streamed(own_bench: Bench, running: Watcher) -> None:
    time.sleep(1.3)
    own_bench.command(running, "pause")
    running.wait_state("paused")
    run_id = running.run.id
    late = Watcher(own_bench.hub, run_id)
    late.take()
    steps = late.of("recorded")[0].arrays["steps"].tolist()
    assert own_bench.store.frame_steps(run_id) == steps
    assert [own_bench.store.frame(run_id, step) for step in steps] == [late.watch.frame(step) for step in steps]
    assert own_bench.store.rows(run_id) == [(step, row.tobytes()) for step, row in late.rows.items()]
    assert own_bench.store.opening(run_id) == late.raw[0]
    stored = own_bench.store.get_run(run_id)
    assert (stored.state, stored.step) == ("paused", steps[-1])
    found = own_bench.store.checkpoint(run_id, stored.step)
    assert found is not None
    assert found[0] == steps[-1]
    assert np.float32(found[1]["net.weight"][0]) == late.frames[steps[-1]].arrays["picture.value"][0]
    assert own_bench.store.checkpoint(run_id, 0)[0] == 0  # type: ignore[index]


def test_thinning_in_memory_and_in_the_store_keeps_the_same_frames(own_bench: Bench) -> None:
    floats = history.MOST_FRAME_BYTES // 4 // 12  # so that a dozen frames are too much
    watcher = own_bench.ready(floats=floats, pause=0.02)
    own_bench.command(watcher, "resume")
    watcher.wait_step(60)
    own_bench.command(watcher, "pause")
    watcher.wait_state("paused")
    recorded = watcher.of("recorded")[-1].arrays["steps"].tolist()
    assert own_bench.store.frame_steps(watcher.run.id) == recorded
    assert recorded[0] == 0
    assert recorded[-1] == watcher.run.step
    assert len(recorded) < len(watcher.rows)
    assert len(own_bench.store.rows(watcher.run.id)) == len(watcher.rows), "scalars are not thinned with the frames"


def test_training_goes_on_while_the_database_is_locked_and_nothing_is_missing(
    own_bench: Bench, running: Watcher, tmp_path: Path
) -> None:
    with locked(tmp_path / "runs.db"):
        running.wait(lambda w: "locked by another program" in w.said)
        assert running.state == "running"
        running.wait_step(running.run.step + 500)
    running.wait(lambda w: not w.said)
    own_bench.command(running, "pause")
    running.wait_state("paused")
    assert own_bench.store.frame_steps(running.run.id) == sorted(running.rows)


def test_a_run_opened_while_the_database_is_locked_is_recorded_later(own_bench: Bench, tmp_path: Path) -> None:
    with locked(tmp_path / "runs.db"):
        watcher = own_bench.open()
    own_bench.command(watcher, "epoch")
    watcher.wait_state("paused")
    assert own_bench.store.frame_steps(watcher.run.id) == sorted(watcher.rows)


def test_eight_runs_at_once(own_bench: Bench) -> None:
    watchers = [own_bench.ready(seed=seed) for seed in range(8)]
    for watcher in watchers:
        own_bench.command(watcher, "resume")
    for watcher in watchers:
        watcher.wait_step(100)
    assert len({watcher.rows[10].tobytes() for watcher in watchers}) == 8
    for watcher in watchers:
        own_bench.command(watcher, "pause")
    for watcher in watchers:
        watcher.wait_state("paused")
        assert own_bench.store.frame_steps(watcher.run.id) == sorted(watcher.rows)

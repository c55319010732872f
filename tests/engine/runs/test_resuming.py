"""Runs that go on after they ended, and runs that begin where another stood: with the same numbers, bit for bit."""

import itertools
import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from engine.errors import RunError, RunNotFound
from engine.frames import decode
from engine.runs.pool import Pool
from tests.engine.runs.conftest import Bench, Watcher, until
from tests.engine.runs.test_store import locked
from tests.engine.runs.toy import ToyExperiment, ToySpec


def losses(steps: int, changes: list[tuple[int, str, str]] = (), **settings: object) -> list[float]:  # type: ignore[assignment]
    """Return the losses of a run that was never interrupted, with settings changed at some steps."""
    experiment = ToyExperiment(ToySpec(pause=0, **settings))  # type: ignore[arg-type]
    found = []
    for step in itertools.islice(experiment.steps(), steps + 1):
        found.append(step.loss)
        for at, name, value in changes:
            if at == step.number:
                experiment.set(name, value)
    return found


def assert_never_interrupted(bench: Bench, watcher: Watcher, changes: list[tuple[int, str, str]] = ()) -> None:  # type: ignore[assignment]
    """The run is, at every step that is known of it, as one that went on without a break."""
    last = watcher.run.step
    expected = losses(last, changes)
    late = Watcher(bench.hub, watcher.run.id)
    late.take()
    assert max(late.rows) == last
    for step, row in late.rows.items():
        assert row[0] == expected[step], step
    for step in bench.store.frame_steps(watcher.run.id):
        frame = decode(bench.store.frame(watcher.run.id, step))  # type: ignore[arg-type]
        assert frame.arrays["scalars"][0] == expected[step]


def train_to(bench: Bench, watcher: Watcher, step: int) -> None:
    bench.command(watcher, "resume")
    watcher.wait(lambda w: w.state == "running").wait_step(step)


def pause(bench: Bench, watcher: Watcher) -> None:
    bench.command(watcher, "pause")
    watcher.wait_state("paused")


def test_a_run_that_was_stopped_goes_on_for_all_who_watch_it(bench: Bench) -> None:
    watcher = bench.ready()
    train_to(bench, watcher, 40)
    bench.command(watcher, "stop")
    watcher.wait_state("stopped")
    stopped_at = watcher.run.step
    until(lambda: watcher.run.id not in bench.hub.live_ids())
    late = Watcher(bench.hub, watcher.run.id).wait_state("stopped")
    train_to(bench, watcher, stopped_at + 40)
    late.wait_step(stopped_at + 40)
    pause(bench, watcher)
    assert_never_interrupted(bench, watcher)


@pytest.mark.parametrize("after", [0.05, 0.7, 2.6])
def test_a_run_that_crashed_goes_on_from_the_last_step_that_was_seen(bench: Bench, after: float) -> None:
    watcher = bench.ready()
    bench.command(watcher, "resume")
    watcher.wait_step(11)
    time.sleep(after)
    os.kill(bench.hub.pid_of(watcher.run.id), signal.SIGKILL)
    watcher.wait_state("crashed")
    seen, last = dict(watcher.rows), watcher.run.step
    until(lambda: watcher.run.id not in bench.hub.live_ids())
    # What its worker had no time to write, the server has written.
    assert set(seen) <= {step for step, _ in bench.store.rows(watcher.run.id)}
    assert bench.store.frame_steps(watcher.run.id)[-1] == last
    train_to(bench, watcher, last + 30)
    pause(bench, watcher)
    assert_never_interrupted(bench, watcher)


def test_changes_of_the_rate_are_made_again_at_the_same_steps(bench: Bench) -> None:
    watcher = bench.ready()
    train_to(bench, watcher, 20)
    for rate in ("0.02", "0.05"):
        bench.command(watcher, "set", f"learning_rate={rate}")
        watcher.wait_step(watcher.run.step + 40)
    pause(bench, watcher)
    bench.command(watcher, "stop")
    watcher.wait_state("stopped")
    until(lambda: watcher.run.id not in bench.hub.live_ids())
    changes = bench.store.events(watcher.run.id)
    assert len(changes) == 2
    with closing(sqlite3.connect(bench.store.url.removeprefix("sqlite:///"))) as connection:
        connection.execute("DELETE FROM checkpoints WHERE run_id = ?", (watcher.run.id,))  # so that all is walked again
        connection.commit()
    train_to(bench, watcher, watcher.run.step + 40)
    bench.command(watcher, "set", "learning_rate=0.01")
    watcher.wait_step(watcher.run.step + 40)
    pause(bench, watcher)
    changes = bench.store.events(watcher.run.id)
    assert len(changes) == 3
    assert_never_interrupted(bench, watcher, changes)
    assert watcher.rows[watcher.run.step][4] == 0.01


def test_a_run_goes_on_after_the_server_was_started_anew(tmp_path: Path, pool: Pool) -> None:
    first = Bench(tmp_path, pool)
    watcher = first.ready()
    train_to(first, watcher, 40)
    first.close()
    second = Bench(tmp_path, pool)
    interrupted = Watcher(second.hub, watcher.run.id).wait_state("interrupted")
    assert interrupted.run.step >= 40
    second.command(interrupted, "epoch")
    interrupted.wait(lambda w: w.state == "paused" and w.run.step % 7 == 0)
    assert_never_interrupted(second, interrupted)
    second.close()


def test_a_branch_stands_where_its_parent_stood_and_both_go_their_ways(bench: Bench) -> None:
    parent = bench.ready(owner="teacher")
    train_to(bench, parent, 60)
    pause(bench, parent)
    steps = bench.store.frame_steps(parent.run.id)
    at, last = steps[len(steps) // 2], parent.run.step
    child = Watcher(bench.hub, bench.hub.branch(parent.run.id, at, "student").id)
    child.wait(lambda w: w.state == "paused" and w.said.startswith("Branched from another run at step"))
    assert (child.run.owner, child.run.step, child.run.parent, child.run.parent_step) == (
        *("student", at),
        *(parent.run.id, at),
    )
    assert bench.store.frame_steps(child.run.id) == [step for step in steps if step <= at]
    assert child.of("opening")[0].header["run"] == child.run.id
    assert child.watch.frame(at) == parent.watch.frame(at)
    assert (parent.run.state, parent.run.step) == ("paused", last)

    train_to(bench, child, last + 10)
    pause(bench, child)
    assert_never_interrupted(bench, child)
    bench.command(parent, "set", "learning_rate=0.5")
    bench.command(parent, "step")
    parent.wait(lambda w: w.run.step == last + 1 and w.state == "paused")
    assert bench.store.events(child.run.id) == []


def test_a_branch_of_a_run_that_goes_on_has_what_was_done_until_then(bench: Bench) -> None:
    parent = bench.ready()
    train_to(bench, parent, 20)
    bench.command(parent, "set", "learning_rate=0.3")
    parent.wait_step(parent.run.step + 30)
    at = max(parent.frames)
    child = Watcher(bench.hub, bench.hub.branch(parent.run.id, at, "me").id)
    child.wait(lambda w: w.state == "paused" and w.said.startswith("Branched from another run at step"))
    pause(bench, parent)
    bench.command(child, "epoch")
    child.wait(lambda w: w.run.step > at and w.state == "paused")
    assert_never_interrupted(bench, child, bench.store.events(parent.run.id))
    assert child.of("state")[-1].header["learning_rate"] == 0.3


def test_what_cannot_be_branched_or_go_on_is_refused(bench: Bench) -> None:
    watcher = bench.ready(last=30)
    with pytest.raises(RunNotFound):
        bench.hub.branch("nowhere", 0, "me")
    with pytest.raises(RunError, match="Nothing was recorded at step 1,000,000"):
        bench.hub.branch(watcher.run.id, 1_000_000, "me")
    bench.command(watcher, "resume")
    watcher.wait_state("finished")
    until(lambda: watcher.run.id not in bench.hub.live_ids())
    with pytest.raises(RunError, match="it is finished"):
        bench.command(watcher, "resume")


def test_a_branch_that_finds_no_worker_leaves_nothing_behind(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = bench.ready(owner="brancher")
    bench.command(parent, "step")
    parent.wait_state("paused")

    def start(*_: object, **__: object) -> None:
        raise RunError("no worker")

    monkeypatch.setattr(bench.pool, "start", start)
    with pytest.raises(RunError, match="no worker"):
        bench.hub.branch(parent.run.id, 1, "brancher")
    assert [run.id for run in bench.hub.runs_of("brancher")] == [parent.run.id]


def test_two_who_have_a_run_go_on_at_once_get_one_worker(bench: Bench) -> None:
    watcher = bench.ready()
    train_to(bench, watcher, 20)
    bench.command(watcher, "stop")
    watcher.wait_state("stopped")
    first, second = bench.hub.resume(watcher.run.id), bench.hub.resume(watcher.run.id)
    assert first.id == second.id
    watcher.wait_state("paused")
    assert bench.hub.live_ids().count(watcher.run.id) == 1


def test_the_end_of_a_run_is_written_when_the_database_is_free_again(own_bench: Bench, tmp_path: Path) -> None:
    watcher = own_bench.ready()
    bench = own_bench
    train_to(bench, watcher, 20)
    with locked(tmp_path / "runs.db"):
        bench.command(watcher, "stop")
        watcher.wait_state("stopped")
        time.sleep(6.5)  # its worker gives up before, and the server has tried once
        assert bench.hub.get(watcher.run.id).state == "stopped"
    until(lambda: watcher.run.id not in bench.hub.live_ids())
    run = bench.store.get_run(watcher.run.id)
    assert (run.state, run.step, run.message) == ("stopped", watcher.run.step, watcher.run.message)
    assert set(watcher.rows) <= {step for step, _ in bench.store.rows(run.id)}
    assert bench.store.frame_steps(run.id)[-1] == run.step


def test_a_worker_that_is_asked_to_end_says_so(bench: Bench) -> None:
    ready, running = bench.ready(), bench.ready()
    train_to(bench, running, 20)
    for watcher in (ready, running):
        os.kill(bench.hub.pid_of(watcher.run.id), signal.SIGTERM)
        watcher.wait_state("interrupted")
        assert watcher.said == f"Interrupted at step {watcher.run.step}: its process was asked to end."


def test_numbers_in_checkpoints_are_those_of_the_net(bench: Bench) -> None:
    watcher = bench.ready()
    bench.command(watcher, "epoch")
    watcher.wait_state("paused")
    step, arrays = bench.store.checkpoint(watcher.run.id, watcher.run.step)  # type: ignore[misc]
    assert step == watcher.run.step == 7
    assert float(np.square(arrays["net.weight"]).sum()) == watcher.rows[7][0]

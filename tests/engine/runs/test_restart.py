"""The server ends, kindly or not: every run is found again, with all its recorded frames and its state told truly."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import RunNotFound
from engine.runs.pool import ROOT, Pool
from tests.engine.runs.conftest import TOY_LABS, Bench, Watcher, until


def test_a_closed_server_finds_its_runs_again(tmp_path: Path, pool: Pool) -> None:
    first = Bench(tmp_path, Pool(TOY_LABS))
    finished, stopped, running, ready = first.ready(last=20), first.ready(), first.ready(), first.ready()
    for watcher in (finished, stopped, running):
        first.command(watcher, "resume")
    finished.wait_state("finished")
    stopped.wait_step(15)
    first.command(stopped, "stop")
    stopped.wait_state("stopped")
    running.wait_step(30)
    first.close()
    running.take()
    second = Bench(tmp_path, pool)
    for watcher, state in ((finished, "finished"), (stopped, "stopped"), (running, "interrupted")):
        again = Watcher(second.hub, watcher.run.id)
        again.take()
        assert again.state == state
        assert again.run.step == watcher.run.step
        assert again.of("recorded")[0].arrays["steps"].tolist() == sorted(watcher.rows)
        assert {s: r.tobytes() for s, r in again.rows.items()} == {s: r.tobytes() for s, r in watcher.rows.items()}
    with pytest.raises(RunNotFound):
        second.hub.get(ready.run.id)
    second.close()


def test_after_a_kill_of_the_server_workers_record_and_end(tmp_path: Path, pool: Pool) -> None:
    command = [sys.executable, "-m", "tests.engine.runs.server", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        facts = json.loads(server.stdout.readline())
        os.kill(server.pid, signal.SIGKILL)
    until(lambda: not any(os.path.exists(f"/proc/{pid}") for _, pid, _ in facts.values()))
    bench = Bench(tmp_path, pool)
    for name in ("running", "paused", "stuck"):
        run_id, _, seen = facts[name]
        run = bench.hub.get(run_id)
        assert run.state == "interrupted", name
        assert run.message
        steps = bench.store.frame_steps(run_id)
        assert steps[0] == 0
        assert set(seen) <= set(steps) or name == "stuck", "only a worker that hangs loses its last second"
    last = bench.hub.get(facts["running"][0])
    assert bench.store.checkpoint(last.id, last.step)[0] == last.step  # type: ignore[index]
    with pytest.raises(RunNotFound):
        bench.hub.get(facts["ready"][0])
    bench.close()

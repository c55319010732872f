"""The zygote and its pool: quick forks, true endings, nothing left behind."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.errors import RunError
from engine.runs.pool import Ending, Pool
from engine.runs.run import Run
from engine.runs.store import Store
from tests.engine.runs.conftest import PATIENCE, TOY_LABS, Bench, children, until
from tests.engine.runs.toy import ToySpec


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool(TOY_LABS)
    yield pool
    pool.close()


def make_run(run_id: str = "a") -> Run:
    return Run(run_id, "toy", ToySpec().to_json(), "me", "ready", 0, "", 0.0, 0.0)


def zygotes() -> set[int]:
    return {pid for pid in children(os.getpid()) if b"engine.runs.zygote" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def descriptors() -> set[str]:
    return {
        os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{n}")
    }


def test_a_worker_ends_when_the_server_hangs_up(pool: Pool, store: Store) -> None:
    worker = pool.start(make_run(), store.url, recorded=False)
    assert worker.connection.recv(4)
    worker.connection.close()
    assert worker.ended.result(PATIENCE) == Ending(code=0)


def test_a_killed_worker_is_reaped_and_its_end_told(pool: Pool, store: Store) -> None:
    worker = pool.start(make_run(), store.url, recorded=False)
    with worker.connection:
        pool.kill(worker)
        assert worker.ended.result(PATIENCE) == Ending(signal=signal.SIGKILL)
    assert not os.path.exists(f"/proc/{worker.pid}")
    pool.kill(worker)


def test_sigterm_lets_a_worker_record_what_it_has(own_bench: Bench) -> None:
    watcher = own_bench.ready()
    own_bench.command(watcher, "resume")
    watcher.wait_step(30)
    os.kill(own_bench.hub.pid_of(watcher.run.id), signal.SIGTERM)
    watcher.wait_state("interrupted")
    until(lambda: own_bench.hub.live_ids() == [])
    assert own_bench.store.get_run(watcher.run.id).state == "interrupted"
    assert own_bench.store.frame_steps(watcher.run.id) == sorted(watcher.rows)


def test_workers_live_on_without_the_zygote_and_a_new_one_is_started(own_bench: Bench) -> None:
    watcher = own_bench.ready()
    before, zygote = zygotes(), own_bench.zygote_of(watcher)
    os.kill(zygote, signal.SIGKILL)
    own_bench.command(watcher, "step")
    watcher.wait_state("paused")
    until(lambda: len(zygotes() - before) == 1)  # before anybody asks for it
    assert zygote not in zygotes()
    own_bench.ready()
    own_bench.command(watcher, "stop")
    watcher.wait_state("stopped")
    orphan = own_bench.ready(fault="hang", fault_step=2)
    os.kill(own_bench.hub.pid_of(orphan.run.id), signal.SIGKILL)
    assert "killed (signal 9)" in orphan.wait_state("crashed").said


def test_a_worker_is_killed_though_the_zygote_does_not_answer(own_bench: Bench) -> None:
    watcher = own_bench.ready()
    pid, zygote = own_bench.hub.pid_of(watcher.run.id), own_bench.zygote_of(watcher)
    for process in (zygote, pid):
        os.kill(process, signal.SIGSTOP)
    own_bench.command(watcher, "stop")
    try:
        assert "by force" in watcher.wait_state("stopped").said
        assert Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"  # its parent still sleeps
    finally:
        os.kill(zygote, signal.SIGCONT)
    until(lambda: not os.path.exists(f"/proc/{pid}"))


@pytest.mark.parametrize("labs", ["tests.engine.runs.nowhere:LABS", "tests.engine.runs.toy:NOTHING"])
def test_an_import_that_fails_is_told_in_a_sentence(labs: str) -> None:
    pool = Pool(labs)
    for _ in range(2):
        with pytest.raises(RunError, match=r"Workers cannot be started: the server's log says why"):
            pool.warm()
    pool.close()


def test_a_closed_pool_says_so(pool: Pool) -> None:
    pool.close()
    with pytest.raises(RunError, match="server is ending"):
        pool.warm()


def test_a_pool_that_is_closed_while_it_warms_waits_for_no_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = tmp_path / "begun"
    (tmp_path / "endless.py").write_text(f"import time\nopen({str(begun)!r}, 'w').close()\ntime.sleep(1000)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    others = children(os.getpid())
    pool = Pool("endless:LABS")
    with ThreadPoolExecutor() as threads:
        warming = threads.submit(pool.warm)
        until(begun.exists)
        closing = threads.submit(pool.close)
        with pytest.raises(RunError):
            warming.result(PATIENCE)
        closing.result(PATIENCE)
    assert children(os.getpid()) == others


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    before, children_before = descriptors(), children(os.getpid())
    bench = Bench(tmp_path, Pool(TOY_LABS))
    watchers = [bench.ready() for _ in range(3)]
    for watcher in watchers:
        bench.command(watcher, "resume")
        watcher.wait_step(5)
    bench.command(watchers[0], "stop")
    watchers[0].wait_state("stopped")
    pids = [bench.hub.pid_of(watcher.run.id) for watcher in watchers[1:]]
    bench.close()
    assert [watcher.run.state for watcher in watchers] == ["stopped", "interrupted", "interrupted"]
    assert not any(os.path.exists(f"/proc/{pid}") for pid in pids)
    assert children(os.getpid()) == children_before
    assert descriptors() - before == set()

"""Each fault ten times at random moments: no frame that anybody was shown is lost, none is half-written, no process is
left, and what goes on goes on bit for bit as if nothing had happened.

``FAULT_SEED`` (see ``conftest.py``) gives the moments of an earlier time again; the machine's own whims nobody can.
"""

import os
import random
import resource
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from safetensors.numpy import load
from sqlalchemy import select

from engine.frames import decode
from engine.runs import turns, usher
from engine.runs.messages import ROW
from engine.runs.pool import Pool
from engine.runs.schema import checkpoints, frames, scalars
from tests.engine.runs.conftest import Bench, Watcher, children, until
from tests.engine.runs.servers import digest
from tests.engine.runs.test_resuming import losses
from tests.engine.runs.test_store import locked

TIMES = 10
WITHIN = 0.8  # seconds after the runs began to train
MEMORY = 64 * 2**20


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, pool: Pool) -> Iterator[Bench]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(turns, "TURN_SECONDS", 0.1)
        patch.setattr(usher, "ROUND_SECONDS", 0.05)
        limits = {"max_runs_per_owner": 64, "max_training": 4, "max_memory": MEMORY}
        bench = Bench(tmp_path_factory.mktemp("faults"), pool, **limits)
        yield bench
        bench.close()


@dataclass
class Tally:
    """What must never be: frames that were shown and are not there, such as cannot be read, processes left behind, and
    steps that are not those of a run without a fault. ``shown`` tells that there was something to lose.
    """

    shown: int = 0
    lost: int = 0
    half_written: int = 0
    left: int = 0
    unequal: int = 0

    def clean(self) -> bool:
        print(self)
        return self.shown > TIMES and (self.lost, self.half_written, self.left, self.unequal) == (0, 0, 0, 0)


def family(pid: int) -> set[int]:
    """Return the numbers of a process and all that descend from it."""
    found = {pid}
    with suppress(OSError):
        for child in children(pid):
            found |= family(child)
    return found


def count_left(pids: set[int], patience: float = 60.0) -> int:
    """Return how many of these processes are still in the process table when they have had time to go, and tell of
    each what it was doing.
    """
    deadline = time.monotonic() + patience
    while pids and time.monotonic() < deadline:
        pids = {pid for pid in pids if os.path.exists(f"/proc/{pid}")}
        time.sleep(0.02)
    for pid in pids:
        for name in ("status", "cmdline", "wchan"):
            with suppress(OSError):
                print(pid, name, Path(f"/proc/{pid}/{name}").read_text().replace("\0", " "), sep=": ")
    return len(pids)


def training(bench: Bench, rng: random.Random, **settings: object) -> list[Watcher]:
    """Ten runs that train."""
    watchers = [bench.open(seed=rng.randrange(1_000), **settings) for _ in range(TIMES)]
    for watcher in watchers:
        watcher.wait_state("ready")
        bench.command(watcher, "resume")
    return [watcher.wait_step(1) for watcher in watchers]


def at_random(
    bench: Bench, rng: random.Random, watchers: Sequence[Watcher], strike: Callable[[Watcher], object]
) -> set[int]:
    """Strike each of the runs at a moment of its own, with a setting changed at another; return their processes."""
    now = time.monotonic()
    moments: list[tuple[float, int, Callable[[Watcher], object]]] = []
    for place in range(len(watchers)):
        change = f"learning_rate={rng.uniform(0.001, 0.05):.4f}"
        struck = now + rng.uniform(0, WITHIN)
        moments += [
            (struck, place, strike),
            (rng.uniform(now, struck), place, lambda watcher, change=change: bench.command(watcher, "set", change)),
        ]
    pids = set().union(*(family(bench.hub.pid_of(watcher.run.id)) for watcher in watchers))
    for moment, place, act in sorted(moments, key=lambda one: one[:2]):
        while time.monotonic() < moment:
            for watcher in watchers:
                watcher.take()
            time.sleep(0.002)
        act(watchers[place])
    return pids


def gone(bench: Bench, watchers: Sequence[Watcher]) -> None:
    """Wait until the runs are over, and all of them is written."""
    until(lambda: not {watcher.run.id for watcher in watchers}.intersection(bench.hub.live_ids()))
    for watcher in watchers:
        watcher.take()


def shown(watcher: Watcher) -> dict[int, str]:
    """Return the frames that a watcher was sent, by their steps."""
    both = zip(watcher.messages, watcher.raw, strict=True)
    return {message.header["step"]: digest(raw) for message, raw in both if message.kind == "frame"}


def examine(bench: Bench, run_id: str, was_shown: dict[int, str], tally: Tally) -> None:
    """Hold what is in the store of a run against what its watchers were shown."""
    with bench.store.database.reading() as connection:
        found = {
            table: dict(connection.execute(select(table.c.step, column).where(table.c.run_id == run_id)).all())
            for table, column in (
                *((frames, frames.c.payload), (scalars, scalars.c.row)),
                (checkpoints, checkpoints.c.state),
            )
        }
    tally.shown += len(was_shown)
    tally.lost += sum(digest(found[frames].get(step, b"")) != known for step, known in was_shown.items())
    run = bench.store.get_run(run_id)
    tally.lost += run.step < max(was_shown)
    for step, payload in found[frames].items():
        tally.half_written += decode(payload).header["step"] != step or found[scalars].get(step) is None
    for step, state in found[checkpoints].items():
        tally.half_written += float(load(state)["number.number"]) != step
    tally.half_written += sum(len(row) != 6 * ROW.itemsize for row in found[scalars].values())


def go_on(bench: Bench, watchers: Sequence[Watcher], tally: Tally) -> None:
    """Have the runs go on, and hold all of them against runs without a fault."""
    for watcher in watchers:
        bench.command(watcher, "resume")
    for watcher in watchers:
        last = bench.store.get_run(watcher.run.id).step
        watcher.wait(lambda w, last=last: w.state == "running" and w.run.step > last + 10)
        bench.command(watcher, "pause")
    for watcher in watchers:
        watcher.wait_state("paused")
        compare(bench, watcher, tally)
        bench.command(watcher, "stop")
    gone(bench, watchers)


def compare(bench: Bench, watcher: Watcher, tally: Tally) -> None:
    run = watcher.run
    changes = bench.hub.changes(run.id)
    expected = losses(run.step, changes, seed=int(run.spec.split('"seed":')[1].rstrip("}")))
    late = Watcher(bench.hub, run.id)
    late.take()
    late.watch.close()
    tally.unequal += sum(row[0] != expected[step] for step, row in late.rows.items()) + (max(late.rows) != run.step)


def survive(bench: Bench, rng: random.Random, strike: Callable[[Watcher], object], state: str) -> Tally:
    """Strike ten runs, and return what became of them."""
    watchers, tally = training(bench, rng), Tally()
    pids = at_random(bench, rng, watchers, strike)
    for watcher in watchers:
        watcher.wait_state(state)
    gone(bench, watchers)
    tally.left += count_left(pids)
    for watcher in watchers:
        assert bench.store.get_run(watcher.run.id).message == watcher.said
        examine(bench, watcher.run.id, shown(watcher), tally)
    go_on(bench, watchers, tally)
    return tally


def kill(bench: Bench, watcher: Watcher, which: signal.Signals = signal.SIGKILL) -> None:
    os.kill(bench.hub.pid_of(watcher.run.id), which)


def observer(bench: Bench, watcher: Watcher) -> int:
    (found,) = children(bench.hub.pid_of(watcher.run.id))
    return found


def test_a_worker_is_killed_in_a_step(bench: Bench, rng: random.Random) -> None:
    assert survive(bench, rng, lambda watcher: kill(bench, watcher), "crashed").clean()


def test_a_worker_is_killed_while_a_checkpoint_is_written(bench: Bench, rng: random.Random) -> None:
    def strike(watcher: Watcher) -> None:
        bench.command(watcher, "pause")  # it is written now
        time.sleep(rng.uniform(0, 0.03))
        kill(bench, watcher)

    assert survive(bench, rng, strike, "crashed").clean()


def test_a_worker_is_asked_to_end(bench: Bench, rng: random.Random) -> None:
    assert survive(bench, rng, lambda watcher: kill(bench, watcher, signal.SIGTERM), "interrupted").clean()


def test_an_observer_is_killed(bench: Bench, rng: random.Random) -> None:
    assert survive(bench, rng, lambda watcher: os.kill(observer(bench, watcher), signal.SIGKILL), "crashed").clean()


def test_a_worker_hangs_and_is_stopped(bench: Bench, rng: random.Random) -> None:
    def strike(watcher: Watcher) -> None:
        kill(bench, watcher, signal.SIGSTOP)
        bench.command(watcher, "stop")

    assert survive(bench, rng, strike, "stopped").clean()


def limit_files(pid: int, most: int) -> None:
    """Have every write of a process fail that would make a file longer, as on a full disk."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def test_the_disk_is_full_when_a_worker_is_killed(bench: Bench, rng: random.Random) -> None:
    def strike(watcher: Watcher) -> None:
        limit_files(observer(bench, watcher), 1)
        time.sleep(rng.uniform(0, 0.05))
        kill(bench, watcher)

    assert survive(bench, rng, strike, "crashed").clean()


def test_the_disk_is_full_for_a_while(bench: Bench, rng: random.Random) -> None:
    watchers, tally = training(bench, rng), Tally()
    pids = at_random(bench, rng, watchers, lambda watcher: limit_files(observer(bench, watcher), 1))
    for watcher in watchers:
        watcher.wait_step(watcher.run.step + 50)
        limit_files(observer(bench, watcher), resource.RLIM_INFINITY)
        bench.command(watcher, "stop")
    gone(bench, watchers)
    tally.left += count_left(pids)
    for watcher in watchers:
        examine(bench, watcher.run.id, shown(watcher), tally)
    go_on(bench, watchers, tally)
    assert tally.clean()


def test_the_database_is_locked_when_a_worker_is_killed(bench: Bench, rng: random.Random) -> None:
    path = Path(bench.store.url.removeprefix("sqlite:///"))

    def strike(watcher: Watcher) -> None:
        with locked(path):
            time.sleep(rng.uniform(0, 0.05))
            kill(bench, watcher)
            time.sleep(rng.uniform(0, 0.05))

    assert survive(bench, rng, strike, "crashed").clean()


def test_a_run_runs_out_of_memory(bench: Bench, rng: random.Random) -> None:
    tally = Tally()
    watchers = [bench.open(fault="hoard", fault_step=rng.randrange(2, 400)) for _ in range(TIMES)]
    pids = set().union(*(family(bench.hub.pid_of(watcher.run.id)) for watcher in watchers))
    for watcher in watchers:
        bench.command(watcher.wait_state("ready"), "resume")
    for watcher in watchers:
        assert "needs more memory than a run may take here (64 MB)" in watcher.wait_state("failed").said
    gone(bench, watchers)
    tally.left += count_left(pids)
    for watcher in watchers:
        examine(bench, watcher.run.id, shown(watcher), tally)
    assert tally.clean()


def test_a_watcher_is_lost(bench: Bench, rng: random.Random) -> None:
    watchers, tally = training(bench, rng), Tally()

    def strike(watcher: Watcher) -> None:
        watcher.watch.close()

    pids = at_random(bench, rng, watchers, strike)
    again = [Watcher(bench.hub, watcher.run.id) for watcher in watchers]
    for watcher, later in zip(watchers, again, strict=True):
        later.wait_step(watcher.run.step + 20)
        tally.lost += len(shown(watcher).keys() - later.of("recorded")[0].arrays["steps"].tolist())
        bench.command(later, "stop")
    gone(bench, again)
    tally.left += count_left(pids)
    for watcher, later in zip(watchers, again, strict=True):
        examine(bench, watcher.run.id, shown(watcher) | shown(later), tally)
    assert tally.clean()


def test_the_zygote_is_killed(tmp_path: Path, rng: random.Random) -> None:
    tally, pool, before = Tally(), Pool("tests.engine.runs.toy:LABS"), family(os.getpid())
    bench = Bench(tmp_path, pool)
    watchers = [bench.ready(seed=seed) for seed in range(2)]
    for watcher in watchers:
        bench.command(watcher, "resume")
    pids: set[int] = set()
    for _ in range(TIMES):
        moment = time.monotonic() + rng.uniform(0, 0.2)
        pids |= family(os.getpid())
        while time.monotonic() < moment:
            for watcher in watchers:
                watcher.take()
            time.sleep(0.002)
        # For a moment there is none: after one was seen to have died, before the next is begun.
        while (zygote := pool._zygote) is None:
            time.sleep(0.002)
        zygote._process.kill()  # one that is ready, or one that still imports
    until(lambda: zygote.lost)
    latest = bench.ready(seed=3)
    pids |= family(bench.hub.pid_of(latest.run.id))
    for watcher in (*watchers, latest):
        bench.command(watcher, "step" if watcher is latest else "pause")
        watcher.wait_state("paused")
        compare(bench, watcher, tally)
        examine(bench, watcher.run.id, shown(watcher), tally)
    bench.close()
    tally.left += count_left(pids - before)
    assert tally.clean()

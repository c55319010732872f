"""Real workers, real SQLite: a hub over the toy lab, and a watcher that remembers all it was told."""

import os
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.frames import Message, decode
from engine.runs.hub import Hub
from engine.runs.limits import Limits
from engine.runs.pool import Pool
from engine.runs.run import Run
from engine.runs.store import Store
from tests.engine.runs.toy import ToySpec
from tests.pools import LastingPool

TOY_LABS = "tests.engine.runs.toy:LABS"
FAULT_SEED = int(os.environ.get("FAULT_SEED") or secrets.randbelow(1_000_000))
"""Gives the moments at which faults strike: the same ones where it is given."""
PATIENCE = 90.0  # of a busy machine: only a failure takes so long


def children(pid: int) -> list[int]:
    """Return the numbers of the processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def until(reached: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + patience
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    print(f"{FAULT_SEED=}")
    return random.Random(f"{FAULT_SEED} {request.node.name}")


class Watcher:
    """Takes everything as soon as it comes."""

    def __init__(self, hub: Hub, run_id: str, *, frames: bool = True) -> None:
        self._woken = threading.Event()
        self.watch = hub.watch(run_id, self._woken.set, frames=frames)
        self.messages: list[Message] = []
        self.raw: list[bytes] = []

    @property
    def run(self) -> Run:
        return self.watch.run

    def take(self) -> None:
        self._woken.clear()
        new = self.watch.take()
        self.raw += new
        self.messages += map(decode, new)

    def wait(self, reached: Callable[["Watcher"], object], patience: float = PATIENCE) -> "Watcher":
        """Take until ``reached`` holds."""
        deadline = time.monotonic() + patience
        while True:
            self.take()
            if reached(self):
                return self
            assert time.monotonic() < deadline, f"not reached; last known: {self.run}"
            self._woken.wait(0.05)

    def wait_state(self, *states: str, patience: float = PATIENCE) -> "Watcher":
        return self.wait(lambda w: w.state in states, patience)

    def wait_step(self, step: int) -> "Watcher":
        return self.wait(lambda w: w.run.step >= step)

    def of(self, kind: str) -> list[Message]:
        return [message for message in self.messages if message.kind == kind]

    @property
    def state(self) -> str:
        return self.of("state")[-1].header["state"] if self.of("state") else ""

    @property
    def said(self) -> str:
        header = self.of("state")[-1].header
        return f"{header['message']} {header['trouble']}".strip()

    @property
    def frames(self) -> dict[int, Message]:
        """The frames since the last reset by their steps."""
        return {message.header["step"]: message for message in self._since_reset() if message.kind == "frame"}

    @property
    def rows(self) -> dict[int, np.ndarray]:
        """All scalars since the last reset by their steps, whether they came in a series or a frame."""
        found: dict[int, np.ndarray] = {}
        for message in self._since_reset():
            if message.kind == "series":
                found |= dict(zip(message.arrays["steps"].tolist(), message.arrays["scalars"], strict=True))
            elif message.kind == "frame":
                found[message.header["step"]] = message.arrays["scalars"]
        return found

    def _since_reset(self) -> list[Message]:
        resets = [i for i, message in enumerate(self.messages) if message.kind == "reset"]
        return self.messages[resets[-1] :] if resets else self.messages


class Bench:
    """A hub with its store, and short ways to open runs and watch them; ``patience`` is the store's."""

    def __init__(self, folder: Path, pool: Pool, *, patience: float = 2.0, **limits: float) -> None:
        self.store = Store(f"sqlite:///{folder / 'runs.db'}", patience=patience)
        self.pool = pool
        self.hub = Hub(self.store, self.pool, Limits(**limits))  # pyright: ignore[reportArgumentType]

    def open(self, owner: str = "me", **settings: object) -> Watcher:
        run = self.hub.open("toy", ToySpec(**settings), owner)  # pyright: ignore[reportArgumentType]
        return Watcher(self.hub, run.id).wait(lambda w: w.frames or not w.run.live)

    def ready(self, **settings: object) -> Watcher:
        return self.open(**settings).wait_state("ready")  # pyright: ignore[reportArgumentType]

    def command(self, watcher: Watcher, name: str, value: str | None = None) -> None:
        self.hub.command(watcher.run.id, name, value)

    def zygote_of(self, watcher: Watcher) -> int:
        """Return the number of the process that forked a run's worker."""
        return int(Path(f"/proc/{self.hub.pid_of(watcher.run.id)}/stat").read_text().rpartition(")")[2].split()[1])

    def close(self) -> None:
        self.hub.close()
        self.store.close()


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """The pool that the hubs of a test process share."""
    pool = LastingPool(TOY_LABS)
    yield pool
    pool.end()


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, pool: Pool) -> Iterator[Bench]:
    """A hub that the tests of a module share; each opens runs of its own.

    Its workers yield to all others, one that writes too: on a busy machine its lock is waited for.
    """
    bench = Bench(tmp_path_factory.mktemp("runs"), pool, patience=PATIENCE, max_runs_per_owner=32)
    yield bench
    bench.close()


@pytest.fixture
def own_bench(tmp_path: Path, pool: Pool) -> Iterator[Bench]:
    """A hub for one test alone."""
    bench = Bench(tmp_path, pool)
    yield bench
    bench.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'runs.db'}")
    yield store
    store.close()

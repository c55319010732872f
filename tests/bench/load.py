"""What a class costs: many runs that train and many who watch them, at once, on this machine.

load.RxW.fps           frames per second of the watcher who gets fewest; one watcher of one run     (8x30: >= 10)
load.RxW.staleness_ms  from the look at the net to the client, the 95th percentile; the same alone
load.RxW.widget_ms     a rerun of another page, the 95th percentile; the same while nothing trains  (8x30: <= 100)
load.RxW.train_speed   steps/s of all runs together; as many bare loops as there are cores, nobody watching
load.RxW.memory_mb     what the server's process holds at the end; the same at the start

R runs are each opened by a person of their own, as their browser does it. W clients take every message that they are
sent; they are one process, on the same machine as the server.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import NamedTuple

from pages.ui.rights import Right
from tests.app_server import AppServer
from tests.bench.live import LONG, bare_loop, steps_of
from tests.bench.measure import p95, result
from tests.pages.visitor import Visit, visit

CLASSES = ((8, 30), (30, 60))
SECONDS = 60.0
REFERENCE_SECONDS = 10.0
RERUN_EVERY = 0.25
QUERY = "&".join(f"{name}={value}" for name, value in LONG.items())


class Seen(NamedTuple):
    """What some watchers and a visitor of another page met; times in ms, speeds per second."""

    fps: float
    staleness: float
    widget: float
    steps: float
    memory: tuple[float, float]


def run() -> Iterator[str]:
    """Yield one JSON line per figure."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LEARNSCOPE_HOME"] = folder  # the tokens of our watchers are signed with this server's key
        for runs, watchers in CLASSES:
            with AppServer(Path(folder)) as server:
                alone = asyncio.run(lesson(server, 1, 1, REFERENCE_SECONDS))
                idle = p95(asyncio.run(reruns(server, REFERENCE_SECONDS)))
                before = bare_speed()
                full = asyncio.run(lesson(server, runs, watchers, SECONDS))
                bare = (before + bare_speed()) / 2
            name = f"load.{runs}x{watchers}"
            yield result(f"{name}.fps", [(full.fps, alone.fps)])
            yield result(f"{name}.staleness_ms", [(full.staleness, alone.staleness)])
            yield result(f"{name}.widget_ms", [(full.widget, idle)])
            yield result(f"{name}.train_speed", [(full.steps, bare)])
            yield result(f"{name}.memory_mb", [full.memory])


async def lesson(server: AppServer, runs: int, watchers: int, seconds: float) -> Seen:
    """Have ``runs`` people train, and ``watchers`` look on for a while; all runs are stopped at the end."""
    async with AsyncExitStack() as people:
        visits = [await people.enter_async_context(visit(server, "playground", QUERY)) for _ in range(runs)]
        order = {
            "host": server.host,
            "seconds": seconds,
            "runs": [watching(visits[place % runs]) for place in range(max(runs, watchers))],
            "steered": runs,
        }
        clients = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.watchers"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert clients.stdin is not None
        assert clients.stdout is not None
        clients.stdin.write(json.dumps(order).encode() + b"\n")
        assert await clients.stdout.readline() == b"watching\n"
        start = memory_mb(server.pid)
        latencies = await reruns(server, seconds)
        seen = json.loads(await clients.stdout.readline())
        end = memory_mb(server.pid)
        clients.stdin.close()  # they stop the runs, and go
        await clients.wait()
    return Seen(min(seen["fps"][:watchers]), seen["staleness_ms"], p95(latencies), sum(seen["speeds"]), (end, start))


def watching(person: Visit) -> tuple[str, str]:
    """Return a run, and the right to watch and steer it."""
    return person.run, Right(person.run, "session-bench", control=True).token()


async def reruns(server: AppServer, seconds: float) -> list[float]:
    """Return how many ms each rerun of the home page takes, asked for at an even pace."""
    found: list[float] = []
    async with visit(server, "") as page:
        end = time.perf_counter() + seconds
        while (start := time.perf_counter()) < end:
            await page.rerun()
            found.append(1e3 * (time.perf_counter() - start))
            await asyncio.sleep(max(0.0, RERUN_EVERY - found[-1] / 1e3))
    return found


def bare_speed() -> float:
    """Return steps per second of as many bare loops as there are cores, all together."""
    with ExitStack() as stack:
        loops = [stack.enter_context(bare_loop()) for _ in os.sched_getaffinity(0)]
        start = time.perf_counter()
        for loop in loops:
            os.kill(loop.pid, signal.SIGCONT)
        time.sleep(REFERENCE_SECONDS)
        seconds = time.perf_counter() - start
        return sum(map(steps_of, loops)) / seconds


def memory_mb(pid: int) -> float:
    """Return what a process holds in memory, in MB, without what it shares with others."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1e3
    raise LookupError(pid)

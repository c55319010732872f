"""Servers to be killed: one process that has imported everything forks one for each line that it reads.

A line is a folder. The server there trains some runs, has a setting of each changed now and then, and writes every
frame that its watchers were shown to ``told.txt``, as run, step and digest. SIGTERM ends it as it ends the app. The
process that forks reaps what the servers leave behind, and ends when its input does.
"""

import os
import random
import signal
import sys
import threading
import time
from hashlib import sha256
from pathlib import Path

from engine.kinship import adopt_orphans
from engine.runs.pool import Pool
from tests.engine.runs.conftest import TOY_LABS, Bench

RUNS = 3


def digest(frame: bytes) -> str:
    return sha256(frame).hexdigest()[:16]


def serve(folder: Path) -> None:
    # The app's own handler does no more than this either: an exception out of a handler may leave a lock held.
    ending: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: ending.append(number))
    bench = Bench(folder, Pool(TOY_LABS))
    try:
        train(bench, folder, ending)
    finally:
        bench.close()


def train(bench: Bench, folder: Path, ending: list[int]) -> None:
    rng = random.Random(str(folder))
    watchers = [bench.ready(seed=seed) for seed in range(RUNS)]
    for watcher in watchers:
        bench.command(watcher, "resume")
    told = os.open(folder / "told.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    while not ending:
        for watcher in watchers:
            seen = len(watcher.raw)
            watcher.take()
            for message, raw in zip(watcher.messages[seen:], watcher.raw[seen:], strict=True):
                if message.kind == "frame":
                    os.write(told, f"{watcher.run.id} {message.header['step']} {digest(raw)}\n".encode())
            if rng.random() < 0.02:
                bench.command(watcher, "set", f"learning_rate={rng.uniform(0.001, 0.05):.4f}")
        time.sleep(0.005)


def main() -> None:
    adopt_orphans()
    threading.Thread(target=reap, daemon=True).start()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                serve(Path(line.strip()))
            finally:
                os._exit(0)
        print(pid, flush=True)


def reap() -> None:
    while True:
        try:
            os.wait()
        except ChildProcessError:
            time.sleep(0.05)


if __name__ == "__main__":
    main()

"""The server is killed ten times at random moments, and asked to end as often: nothing that anybody was shown is lost,
and no process is left. See ``test_faults_at_random.py``.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from engine.runs.pool import ROOT, Pool
from tests.engine.runs.conftest import Bench, Watcher
from tests.engine.runs.test_faults_at_random import (
    TIMES,
    WITHIN,
    Tally,
    count_left,
    examine,
    family,
    go_on,
)


@pytest.fixture(scope="module")
def servers() -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.engine.runs.servers"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as host:
        yield host
        host.kill()


def served(servers: "subprocess.Popen[str]", folder: Path) -> int:
    assert servers.stdin is not None
    assert servers.stdout is not None
    folder.mkdir()
    servers.stdin.write(f"{folder}\n")
    servers.stdin.flush()
    return int(servers.stdout.readline())


@pytest.mark.parametrize("how", ["killed", "asked to end"])
def test_the_server_is(
    servers: "subprocess.Popen[str]", tmp_path: Path, pool: Pool, rng: random.Random, how: str
) -> None:
    tally, pids = Tally(), set[int]()
    folders = {tmp_path / str(number): rng.uniform(0, WITHIN) for number in range(TIMES)}
    running = [(served(servers, folder), folder) for folder in folders]
    while running:
        for pid, folder in list(running):
            if told(folder):
                time.sleep(folders[folder] / TIMES)
                theirs = family(pid)
                pids |= theirs
                # Who ends a service may ask all of its processes at once.
                struck = {pid} if how == "killed" or rng.random() < 0.5 else theirs
                end_all(sorted(struck), signal.SIGKILL if how == "killed" else signal.SIGTERM)
                running.remove((pid, folder))
        time.sleep(0.01)
    tally.left += count_left(pids)
    for folder in folders:
        bench = Bench(folder, pool)
        for run_id, was_shown in told(folder).items():
            run = bench.store.get_run(run_id)
            assert (run.state, run.message[:11]) == ("interrupted", "Interrupted")
            examine(bench, run_id, was_shown, tally)
        go_on(bench, [Watcher(bench.hub, run_id) for run_id in told(folder)], tally)
        bench.close()
    assert tally.clean()


def end_all(pids: Sequence[int], how: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, how)


def told(folder: Path) -> dict[str, dict[int, str]]:
    """Return the frames that the watchers of a server were shown, by runs and steps."""
    found: dict[str, dict[int, str]] = {}
    with suppress(FileNotFoundError):
        for line in (folder / "told.txt").read_text().splitlines(keepends=True):
            if line.endswith("\n"):
                run_id, step, known = line.split()
                found.setdefault(run_id, {})[int(step)] = known
    return found

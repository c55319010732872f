"""A benchmark that is killed leaves nothing behind that goes on training."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.app_server import ROOT
from tests.engine.runs.conftest import until

MEASURING = """
import os, signal, sys, time
from unittest.mock import patch
from tests.bench import __main__, live

def run():
    with live.bare_loop() as bare:
        if "goes on" in sys.argv:
            os.kill(bare.pid, signal.SIGCONT)
        yield str(bare.pid)
        time.sleep(3600)

with patch.object(live, "run", run):
    sys.exit(__main__.main(["live"]))
"""


@pytest.fixture(params=["goes on", "is stopped"])
def measuring(request: pytest.FixtureRequest) -> Iterator["subprocess.Popen[str]"]:
    """Return a benchmark whose reference goes on just now, or is stopped until its next turn."""
    command = [sys.executable, "-c", MEASURING, request.param]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_reference_ends_with_a_benchmark_that_is_killed(measuring: "subprocess.Popen[str]", how: int) -> None:
    assert measuring.stdout is not None
    reference = int(measuring.stdout.readline())
    try:
        assert alive(reference)
        measuring.send_signal(how)
        until(lambda: not alive(reference))
    finally:
        with suppress(ProcessLookupError):
            os.kill(reference, signal.SIGKILL)


def alive(pid: int) -> bool:
    """Tell whether a process is there; one that has ended and waits to be reaped is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False

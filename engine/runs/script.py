"""A run written out as a script, by a process of its own: it takes torch, which the server has not."""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from functools import lru_cache

from engine.errors import RunError
from engine.runs.pool import ROOT
from engine.runs.run import Run
from engine.training.experiment import Change

AT_ONCE = 2
"""Each takes a core for some seconds and a quarter of a gigabyte: a class that asks at once waits its turn."""
SECONDS = 60.0
UNTRAINED_STEPS = 1000

_turns = threading.Semaphore(AT_ONCE)


def written_out(run: Run, changes: Sequence[Change]) -> str:
    """Return ``run``, with what was changed while it went on, as a PyTorch script; raises RunError."""
    arguments = [f"--change={step}:{name}={value}" for step, name, value in changes if step <= run.step]
    return _written_out(run.lab, run.spec, run.step or UNTRAINED_STEPS, tuple(arguments))


@lru_cache(maxsize=32)
def _written_out(lab: str, spec: str, steps: int, changes: tuple[str, ...]) -> str:
    command = [sys.executable, "-m", "engine", "script", lab, "--spec=/dev/stdin", f"--steps={steps}", *changes]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    with _turns:
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter with our own module
                command,
                input=spec,
                capture_output=True,
                text=True,
                timeout=SECONDS,
                env={**os.environ, "PYTHONPATH": path},
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            raise RunError("The script could not be written just now: try again.") from None
    if done.returncode:
        raise RunError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "The script was not written.")
    return done.stdout

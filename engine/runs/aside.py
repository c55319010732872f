"""Work that takes torch, which the server has not: done by our own command line in a process of its own."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.errors import RunError
from engine.runs.pool import ROOT

AT_ONCE = 2
"""Each takes a core for some seconds and a quarter of a gigabyte: a class that asks at once waits its turn."""
SECONDS = 60.0

_turns = threading.Semaphore(AT_ONCE)


def aside(what: str, arguments: Sequence[str], files: Mapping[str, bytes]) -> bytes:
    """Return what ``python -m engine`` writes with ``arguments`` to its standard output, or to ``{output}``.

    ``{name}`` in an argument is the path of a file that holds ``files[name]``. Raises RunError: what the command line
    refuses, or that ``what`` ("the script") could not be made.
    """
    with tempfile.TemporaryDirectory(prefix="learnscope-") as folder:
        paths = {name: Path(folder) / name for name in (*files, "output")}
        for name, data in files.items():
            paths[name].write_bytes(data)
        written = [_with_paths(argument, paths) for argument in arguments]
        done = _run(what, [sys.executable, "-m", "engine", *written])
        return paths["output"].read_bytes() if paths["output"].exists() else done


def _with_paths(argument: str, paths: Mapping[str, Path]) -> str:
    for name, path in paths.items():
        argument = argument.replace(f"{{{name}}}", str(path))
    return argument


def _run(what: str, command: list[str]) -> bytes:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    with _turns:
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter with our own module
                command, capture_output=True, timeout=SECONDS, env={**os.environ, "PYTHONPATH": path}, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            raise RunError(f"{what} could not be made just now: try again.") from None
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().splitlines()
        raise RunError(told[-1] if told else f"{what} was not made.")
    return done.stdout

"""Commands of our own command line that take torch, which the server has not: carried out by processes that the pool
forks, which have it already.
"""

import tempfile
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import TimeoutError
from contextlib import suppress
from pathlib import Path

from engine.errors import RunError
from engine.runs.pool import Ending, Pool

AT_ONCE = 2
"""Each takes a core for a while: a class that asks at once waits its turn."""
SECONDS = 60.0
OUTPUT, ERRORS = "standard-output", "standard-error"
"""The files, in the folder of a command, of what it writes there."""


class Commands:
    """Carries commands out, a few at a time; safe to use from several threads."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._turns = threading.Semaphore(AT_ONCE)

    def carry_out(self, what: str, arguments: Sequence[str], files: Mapping[str, bytes]) -> bytes:
        """Return what ``python -m engine`` writes with ``arguments`` to its standard output, or to ``{output}``.

        ``{name}`` in an argument is the path of a file that holds ``files[name]``. Raises RunError: what the command
        refuses, or that ``what`` ("the script") could not be made.
        """
        with tempfile.TemporaryDirectory(prefix="learnscope-") as name:
            folder = Path(name)
            paths = {name: folder / name for name in (*files, "output")}
            for one, data in files.items():
                paths[one].write_bytes(data)
            with self._turns:
                ending = self._ending([_with_paths(argument, paths) for argument in arguments], folder)
            if ending.code:
                told = _read(folder / ERRORS).decode(errors="replace").strip().splitlines()
                raise RunError(told[-1] if told else f"{what} was not made.")
            if ending.code is None:
                raise RunError(f"{what} could not be made just now: try again.")
            return _read(paths["output"] if paths["output"].exists() else folder / OUTPUT)

    def _ending(self, arguments: Sequence[str], folder: Path) -> Ending:
        """Return how the process of a command ended; one that takes too long is ended."""
        process = self._pool.start_command(arguments, folder)
        with process.connection:
            try:
                return process.ended.result(SECONDS)
            except TimeoutError:
                self._pool.kill(process)
                return Ending()


def _read(path: Path) -> bytes:
    with suppress(FileNotFoundError):
        return path.read_bytes()
    return b""


def _with_paths(argument: str, paths: Mapping[str, Path]) -> str:
    for name, path in paths.items():
        argument = argument.replace(f"{{{name}}}", str(path))
    return argument

"""The server's side of the process that explains numbers: starts it when it is first asked, and asks it."""

import json
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from engine.errors import RunError
from engine.explanation import Cell
from engine.runs.pool import Pool, WorkerProcess
from engine.runs.run import Run

SECONDS = 10.0
"""So long an answer is waited for; one takes some milliseconds, and a hundred the first about a run."""


class Explainer:
    """Explains numbers of any run; safe to use from several threads, who wait for each other."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._lock = threading.Lock()
        self._process: WorkerProcess | None = None
        self._link: Connection | None = None

    def explain(self, run: Run, frame: bytes, cell: Cell) -> dict[str, Any]:
        """Return how ``cell`` of a frame of ``run`` came about: an ``Explanation`` as plain data, with its ``step``.

        ``value`` is written out, for it may be NaN. Raises RunError where there is no such number, or no answer.
        """
        question = {"lab": run.lab, "spec": run.spec, "array": cell.array, "index": cell.index}
        with self._lock:
            try:
                answer = self._ask(json.dumps(question).encode(), frame)
            except (EOFError, OSError):
                self._end()
                raise RunError("This number could not be explained just now: try again.") from None
        if "error" in answer:
            raise RunError(answer["error"])
        return answer

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, question: bytes, frame: bytes) -> dict[str, Any]:
        if self._link is None:
            self._process = self._pool.start_explaining()
            self._link = Connection(self._process.connection.detach())
        self._link.send_bytes(question)
        self._link.send_bytes(frame)
        if not self._link.poll(SECONDS):
            raise TimeoutError
        return json.loads(self._link.recv_bytes())

    def _end(self) -> None:
        process, link, self._process, self._link = self._process, self._link, None, None
        if link is not None:
            link.close()
        if process is not None:
            with suppress(RunError):
                self._pool.kill(process)

"""The server's side of a process that explains numbers and asks nets: starts it when it is first asked, and asks it."""

import json
import socket
import struct
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from safetensors.numpy import save

from engine.asking import Question
from engine.errors import RunError
from engine.explanation import Cell
from engine.readings import Arrays
from engine.runs.pool import Pool, WorkerProcess
from engine.runs.run import Run
from engine.runs.weights import Weights, load_tensors
from engine.training.experiment import Change

SECONDS = 10.0
"""So long an answer is waited for; one takes some milliseconds, and a hundred the first about a run."""

WALK_SECONDS = 60.0


class Explainer:
    """Explains numbers of any run, and asks its net; safe to use from several threads, who wait for each other.

    The process may take ``memory`` bytes, by itself as much as a run.
    """

    def __init__(self, pool: Pool, memory: int | None = None) -> None:
        self._pool, self._memory = pool, memory
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
                answer = json.loads(self._ask(question, frame))
            except (EOFError, OSError):
                self._end()
                raise RunError("This number could not be explained just now: try again.") from None
        if "error" in answer:
            raise RunError(answer["error"])
        return answer

    def ask(self, weights: Weights, question: Question) -> bytes:
        """Return what the net of ``weights`` answers: a message of kind ``answer``.

        Raises RunError where there is no answer in time.
        """
        with self._lock:
            try:
                of = {"lab": weights.lab, "spec": weights.spec, "step": weights.step}
                return self._ask({**of, "asked": question.to_json()}, weights.to_bytes())
            except (EOFError, OSError):
                self._end()
                raise RunError("The net could not be asked just now: try again.") from None

    def walk(self, run: Run, step: int, since: Arrays | None, changes: Sequence[Change]) -> Weights:
        """Return the weights of ``run`` at ``step``: the process walks there from a checkpoint, or from the beginning.

        Raises RunError where it is not there in time.
        """
        question = {"lab": run.lab, "spec": run.spec, "step": step, "changes": list(changes)}
        with self._lock:
            try:
                found = self._ask(question, save(since) if since else b"", WALK_SECONDS)
            except (EOFError, OSError):
                self._end()
                raise RunError(f"The weights of step {step:,} could not be found just now: try again.") from None
        return Weights(run.lab, run.spec, step, load_tensors(found))

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, question: Mapping[str, Any], payload: bytes, seconds: float | None = None) -> bytes:
        if self._link is None:
            self._process = self._pool.start_explaining(self._memory)
            self._link = Connection(_impatient(self._process.connection).detach())
        self._link.send_bytes(json.dumps(question).encode())
        self._link.send_bytes(payload)
        if not self._link.poll(seconds or SECONDS):
            raise TimeoutError
        return self._link.recv_bytes()

    def _end(self) -> None:
        process, link, self._process, self._link = self._process, self._link, None, None
        if link is not None:
            link.close()
        if process is not None:
            with suppress(RunError):
                self._pool.kill(process)


def _impatient(connection: socket.socket) -> socket.socket:
    """Have it be an error of the connection where the other end takes nothing for ``SECONDS``: weights are more than a
    socket holds, and so it would be waited for ever.
    """
    seconds = struct.pack("ll", *divmod(int(SECONDS * 1_000_000), 1_000_000))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, seconds)
    return connection

"""The server's side of the zygote: starts it, asks it for workers, and hears how they end."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import RunError
from engine.memory import usual_limit
from engine.runs.run import Run

CATALOGUE = "engine.labs.catalogue:LABS"
PACKET_BYTES = 256 * 1024
PREFIX = "LEARNSCOPE_"
"""Of what the environment says to Learnscope."""
START_SECONDS = 10.0
WARM_SECONDS = 60.0
UNANSWERED_SECONDS = 1.0
ROOT = Path(__file__).resolve().parents[2]

log = logging.getLogger("learnscope.pool")


@dataclass(frozen=True, slots=True)
class Ending:
    """How a process ended: by itself with ``code``, or by ``signal``; both None if nobody saw it."""

    code: int | None = None
    signal: int | None = None

    def __str__(self) -> str:
        if self.signal is not None:
            return f"was killed (signal {self.signal})"
        return "has ended" if self.code is None else f"ended by itself with code {self.code}"


@dataclass(frozen=True, slots=True)
class WorkerProcess:
    """A worker as the server sees it: its end of the socket, its number, and a promise of how it ends."""

    connection: socket.socket
    pid: int
    ended: Future[Ending] = field(default_factory=Future)


class Pool:
    """Forks workers from one warmed process; safe to use from several threads.

    ``labs`` says where the labs are, as ``module:NAME``. The zygote is started by ``warm`` or by the first ``start``,
    and again by the next ``start`` if it has died; workers go on without it.
    """

    def __init__(self, labs: str = CATALOGUE) -> None:
        self._labs = labs
        self._lock = threading.Lock()
        self._zygote: _Zygote | None = None
        self._closed = False

    def warm(self) -> None:
        """Start the zygote and wait until it is ready, some seconds; raises RunError."""
        with self._lock:
            self._warmed().wait()

    def start(
        self, run: Run, database: str, *, recorded: bool, resumed: bool = False, memory: int | None = None
    ) -> WorkerProcess:
        """Fork a worker for ``run``; see ``engine.runs.worker.Order``. Raises RunError."""
        order = {"database": database, "recorded": recorded, "resumed": resumed, "memory": memory or usual_limit()}
        return self._fork({"run": asdict(run), **order})

    def start_explaining(self, memory: int | None = None) -> WorkerProcess:
        """Fork a process that explains numbers, in so many bytes; see ``engine.runs.explaining``. Raises RunError."""
        return self._fork({"explaining": True, "memory": memory or usual_limit()})

    def start_sweep(self, lab: str, sweep: str, spec: str) -> WorkerProcess:
        """Fork a process that trains the nets of a sweep; see ``engine.runs.sweeping``. Raises RunError."""
        return self._fork({"lab": lab, "sweep": sweep, "spec": spec})

    def start_command(self, arguments: Sequence[str], folder: Path) -> WorkerProcess:
        """Fork a process that carries out a command of the command line; see ``engine.runs.commanding``.

        Raises RunError.
        """
        # Learnscope's home may be another one than it was when the zygote was started.
        ours = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
        return self._fork({"command": list(arguments), "folder": str(folder), "environment": ours})

    def kill(self, worker: WorkerProcess) -> None:
        """End a worker at once, whatever it is doing."""
        zygote = self._zygote
        if not worker.ended.done() and zygote is not None:
            zygote.kill(worker.pid)
            # A zygote that does not answer reaps nobody, so the number is still this worker's.
            threading.Timer(UNANSWERED_SECONDS, lambda: worker.ended.done() or _kill_process(worker.pid)).start()
        elif worker.ended.done() and worker.ended.result() == Ending():
            # Its zygote died before it, so nobody here reaps it.
            _kill_process(worker.pid)

    def close(self) -> None:
        """End the zygote; one that has workers waits for them, one that still imports ends at once."""
        self._closed = True
        if self._zygote is not None:
            self._zygote.give_up_warming()
        with self._lock:
            if self._zygote is not None:
                self._zygote.close()
                self._zygote = None

    def _fork(self, order: dict[str, Any]) -> WorkerProcess:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                with self._lock:
                    return self._warmed().fork(order, ours, theirs)
            except BaseException:
                ours.close()
                raise

    def _warmed(self) -> "_Zygote":
        if self._closed:
            raise RunError("The server is ending: no run can be started any more.")
        if self._zygote is not None and self._zygote.lost:
            log.warning("the process that starts workers had died; it is started anew")
            self._zygote.close()
            self._zygote = None
        if self._zygote is None:
            self._zygote = _Zygote(self._labs, self._replace)
        return self._zygote

    def _replace(self) -> None:
        """Warm another zygote in place of one that has died, before somebody waits for it."""
        with suppress(RunError):
            self.warm()


class _Zygote:
    """One zygote process and the thread that hears what it says."""

    def __init__(self, labs: str, died: Callable[[], None]) -> None:
        self._died = died
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter with our own module
                [sys.executable, "-m", "engine.runs.zygote", str(theirs.fileno()), labs],
                pass_fds=[theirs.fileno()],
                env=_environment(),
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C in the terminal is for the server; workers flush when it goes
            )
        self._ready: Future[None] = Future()
        self._forked: Future[WorkerProcess] = Future()
        self._asked: socket.socket | None = None
        self._workers: dict[int, WorkerProcess] = {}
        self.lost = self._closing = False
        self._listener = threading.Thread(target=self._listen, name="learnscope-zygote", daemon=True)
        self._listener.start()

    def wait(self) -> None:
        try:
            self._ready.result(WARM_SECONDS)
        except TimeoutError:
            self.lost = True
            raise RunError(f"The process that starts workers was not ready after {WARM_SECONDS:.0f} seconds.") from None

    def fork(self, order: dict[str, Any], ours: socket.socket, theirs: socket.socket) -> WorkerProcess:
        self.wait()
        self._forked, self._asked = Future(), ours
        try:
            socket.send_fds(self._socket, [json.dumps(order).encode()], [theirs.fileno()])
            return self._forked.result(START_SECONDS)
        except (OSError, TimeoutError):
            self.lost = True
            raise RunError("The process that starts workers does not answer: try again.") from None

    def kill(self, pid: int) -> None:
        try:
            self._socket.send(json.dumps({"kill": pid}).encode())
        except OSError:
            _kill_process(pid)

    def give_up_warming(self) -> None:
        """End at once if not ready yet, which whoever waits for it is told."""
        if not self._ready.done():
            self._process.kill()

    def close(self) -> None:
        self._closing = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(2.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join()
        self._socket.close()

    def _listen(self) -> None:
        try:
            while data := self._socket.recv(PACKET_BYTES):
                self._hear(json.loads(data))
        except OSError:
            pass
        was_ready = self._ready.done() and self._ready.exception() is None
        self.lost = True
        lost = RunError("The process that starts workers ended: try again; the server's log says why.")
        for promise in (self._ready, self._forked):
            if not promise.done():
                promise.set_exception(lost)
        for worker in self._workers.values():
            worker.ended.set_result(Ending())
        self._workers.clear()
        if was_ready and not self._closing:
            threading.Thread(target=self._died, name="learnscope-warm", daemon=True).start()

    def _hear(self, message: dict[str, Any]) -> None:
        if "ready" in message:
            self._ready.set_result(None)
        elif "failed" in message:
            self.lost = True
            self._ready.set_exception(RunError(message["failed"]))
        elif "started" in message and self._asked is not None:
            worker = WorkerProcess(self._asked, message["started"])
            self._workers[worker.pid] = worker
            self._forked.set_result(worker)
        elif "ended" in message:
            worker = self._workers.pop(message["ended"], None)
            if worker is not None:
                worker.ended.set_result(_ending(message["status"]))


def _ending(status: int) -> Ending:
    code = os.waitstatus_to_exitcode(status)
    return Ending(code=code) if code >= 0 else Ending(signal=-code)


def _kill_process(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _environment() -> dict[str, str]:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **one, "PYTHONPATH": path}

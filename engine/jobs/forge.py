"""The server's side of a forge: a process that has imported what a sort of work needs, and forks one for each order."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.errors import RunError
from engine.jobs.job import Order

ROOT = Path(__file__).resolve().parents[2]
PACKET_BYTES = 64 * 1024
START_SECONDS = 600.0
"""So long it is waited for: one that compiles much takes minutes on a slow machine; one that fails is seen to end."""

log = logging.getLogger("learnscope.jobs")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the process of an order may take; None leaves it open.

    ``memory`` in bytes beyond what the forge has; ``seconds`` of computing; ``file_bytes`` that one file may grow to.
    """

    memory: int | None = None
    seconds: int | None = None
    file_bytes: int | None = None
    niceness: int = 10


class Forged:
    """A process that a forge has forked: its end of the socket, and a descriptor of the process itself."""

    def __init__(self, connection: socket.socket, descriptor: int) -> None:
        self.connection = connection
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def kill(self) -> None:
        """End the process at once; it is no error if it has ended."""
        with self._lock, suppress(OSError):
            if self._descriptor >= 0:
                signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    def __del__(self) -> None:
        with suppress(OSError):
            if self._descriptor >= 0:
                os.close(self._descriptor)


class Forge:
    """Starts the work of orders, named ``module:function``, within ``limits``; safe to use from several threads.

    ``preload`` names modules that it imports once, before the first order; one that has a function ``warm`` has it
    called. It is started by ``warm`` or by the first order, and again by the next one if it has died.
    """

    def __init__(
        self, preload: Sequence[str] = (), limits: Limits | None = None, environment: Mapping[str, str] | None = None
    ) -> None:
        self._preload, self._limits, self._environment = tuple(preload), limits or Limits(), dict(environment or {})
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._ready = self._closed = False

    def warm(self) -> None:
        """Start the process and wait until it is ready; raises RunError."""
        with self._lock:
            self._wait(self._started())

    def start(self, order: Order) -> Forged:
        """Fork a process that carries an order out; raises RunError."""
        with self._lock:
            link = self._started()
            self._wait(link)
            ours, theirs = socket.socketpair()
            with theirs:
                try:
                    socket.send_fds(link, [json.dumps(asdict(order)).encode()], [theirs.fileno()])
                    answer, descriptors, _, _ = socket.recv_fds(link, PACKET_BYTES, 1)
                except OSError:
                    answer, descriptors = b"", []
            if not answer or not descriptors:
                ours.close()
                self._end()
                raise RunError("The process that begins such work does not answer: try again.")
            return Forged(ours, descriptors[0])

    def kill(self, process: Forged) -> None:
        """End a process at once."""
        process.kill()

    def close(self) -> None:
        """End the forge, and with it all that it has forked."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()  # whoever waits for it to be ready is told
        with self._lock:
            self._end()

    def _started(self) -> socket.socket:
        if self._closed:
            raise RunError("The server is ending: nothing can be begun any more.")
        if self._process is not None and self._process.poll() is not None:
            log.warning("a process that begins work had died; it is started anew")
            self._end()
        if self._socket is None:
            self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                said = json.dumps({"preload": self._preload, "limits": asdict(self._limits)})
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter with our own module
                    [sys.executable, "-m", "engine.jobs.forging", str(theirs.fileno()), said],
                    pass_fds=[theirs.fileno()],
                    env=self._all_environment(),
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,  # Ctrl-C in the terminal is for the server; this process ends with it
                )
            self._socket.settimeout(START_SECONDS)
            self._ready = False
        return self._socket

    def _wait(self, link: socket.socket) -> None:
        if self._ready:
            return
        try:
            self._ready = bool(link.recv(PACKET_BYTES))
        except OSError:
            self._ready = False
        if not self._ready:
            self._end()
            raise RunError("The process that begins such work could not be started: the server's log says why.")

    def _end(self) -> None:
        link, process, self._socket, self._process = self._socket, self._process, None, None
        if link is not None:
            link.close()
        if process is not None:
            try:
                process.wait(2.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _all_environment(self) -> dict[str, str]:
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        return {**os.environ, **one, **self._environment, "PYTHONPATH": path}

"""The zygote: a process that has imported everything once, and forks a worker in milliseconds whenever it is asked to.

It is not multiprocessing's forkserver: that one runs ``__main__`` again in each child, which under Streamlit is a page,
and hides an import that fails. It knows neither the server's state nor the store; it only forks, reaps and tells.

Messages on its socket, JSON, one a packet. In: {"run": {...}, "database", "recorded", "resumed", "memory"},
{"explaining": true, "memory"}, {"lab", "sweep", "spec"} or {"command", "folder", "environment"}, together with the new
process's socket; {"kill": pid}. Out: {"ready": true} or {"failed": sentence}; {"started": pid}; {"ended": pid,
"status": as of waitpid}. When the server is gone, workers flush and end by themselves; the zygote waits for them, kills
who hangs, and ends.
"""

import gc
import json
import logging
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from itertools import islice
from typing import Any

from engine.errors import LearnscopeError
from engine.kinship import adopt_orphans
from engine.labs.lab import Lab
from engine.runs.run import Run

PACKET_BYTES = 256 * 1024
LINGER_SECONDS = 6.0

log = logging.getLogger("learnscope.zygote")


def main(descriptor: int, labs_name: str) -> None:
    """Serve the socket ``descriptor``; ``labs_name`` says where the labs are, as ``module:NAME``."""
    server = socket.socket(fileno=descriptor)
    try:
        labs = _warm(labs_name)
    except Exception:
        log.exception("workers cannot be started")
        _send(server, {"failed": "Workers cannot be started: the server's log says why."})
        return
    # Who ends a service asks all of its processes to end at once. Workers then record what they have, and the server
    # waits for them: this process has to be there to see how they ended, and goes when the server does.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    adopt_orphans()
    _send(server, {"ready": True})
    Zygote(server, labs).serve()


class Zygote:
    """The loop that forks and reaps."""

    def __init__(self, server: socket.socket, labs: Mapping[str, Lab]) -> None:
        self._server = server
        self._labs = labs
        self._children: set[int] = set()
        self._selector = selectors.DefaultSelector()
        self._selector.register(server, selectors.EVENT_READ)
        self._woken, self._waker = socket.socketpair()
        self._waker.setblocking(False)
        self._woken.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)

    def serve(self) -> None:
        """Fork, reap and tell until the server is gone, and then until all workers are."""
        while self._server.fileno() >= 0:
            self._turn(None)
        deadline = time.monotonic() + LINGER_SECONDS
        while self._children:
            self._turn(max(0.0, deadline - time.monotonic()))
            if time.monotonic() >= deadline:
                self._kill(*self._children)

    def _turn(self, timeout: float | None) -> None:
        for key, _ in self._selector.select(timeout):
            if key.fileobj is self._server:
                self._take()
            else:
                self._woken.recv(4096)
        self._reap()

    def _take(self) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._server, PACKET_BYTES, 1)
        except ConnectionError:
            data, descriptors = b"", []
        if not data:
            self._selector.unregister(self._server)
            self._server.close()
            return
        order = json.loads(data)
        if "kill" in order:
            self._kill(order["kill"])
        elif descriptors:
            self._fork(order, socket.socket(fileno=descriptors[0]))

    def _fork(self, order: dict[str, Any], connection: socket.socket) -> None:
        child = os.fork()
        if child == 0:
            self._become_worker(order, connection)
        connection.close()
        self._children.add(child)
        self._tell({"started": child})

    def _become_worker(self, order: dict[str, Any], connection: socket.socket) -> None:
        """Be the child: leave everything of the zygote behind, carry the run out, and never return."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            for inherited in (self._selector, self._server, self._woken, self._waker):
                inherited.close()
            status = self._carry_out(order, connection)
        except BaseException:
            log.exception("a worker failed outside of its run")
        finally:
            os._exit(status)

    def _carry_out(self, order: dict[str, Any], connection: socket.socket) -> int:
        """Do what is ordered, and return the exit status."""
        from engine.runs import commanding, explaining, sweeping, worker  # after _warm, for their time counts there

        if "command" in order:
            return commanding.main(order)
        if "explaining" in order:
            explaining.main(connection, self._labs, order["memory"])
        elif "sweep" in order:
            sweeping.main(connection, order, self._labs)
        else:
            run = Run(**order["run"])
            task = worker.Order(run, order["database"], order["recorded"], order["resumed"], order["memory"])
            worker.main(connection, task, self._labs)
        return 0

    def _kill(self, *children: int) -> None:
        for child in self._children.intersection(children):  # none of them is reaped, so no number is another's
            os.kill(child, signal.SIGKILL)

    def _reap(self) -> None:
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                child, status = ended
                if child in self._children:  # else it is the observer of a worker that was killed
                    self._children.discard(child)
                    self._tell({"ended": child, "status": status})

    def _tell(self, message: Mapping[str, Any]) -> None:
        if self._server.fileno() >= 0:
            _send(self._server, message)


def _send(server: socket.socket, message: Mapping[str, Any]) -> None:
    try:
        server.send(json.dumps(message).encode())
    except ConnectionError:
        return  # the server is gone; the loop reads that from the socket itself


def _warm(labs_name: str) -> Mapping[str, Lab]:
    """Import what workers need and use it once, so that a fork finds every module loaded and every cache filled."""
    gc.disable()  # imports make nothing but things that stay, and collections among them take a tenth of the time
    import_module("engine.runs.worker")
    import_module("engine.runs.explaining")
    import_module("engine.runs.sweeping")
    import_module("engine.runs.commanding")
    module, name = labs_name.split(":")
    labs: Mapping[str, Lab] = getattr(import_module(module), name)
    for lab in labs.values():
        for needed in (lab.experiment, *(sweep.train for sweep in lab.sweeps)):
            import_module(needed.split(":")[0])
    if "torch" in sys.modules:
        torch: Any = sys.modules["torch"]
        torch.set_num_threads(1)
    for lab in labs.values():
        for settings in ({}, *lab.rehearsed):
            _rehearse(lab, settings)
    gc.enable()
    gc.collect()
    gc.freeze()
    return labs


def _rehearse(lab: Lab, settings: Mapping[str, Any]) -> None:
    """Train the lab's default but for ``settings`` for two steps: the first optimiser alone imports a second's worth of
    torch, and what numba compiles takes longer.

    On the CPU autograd has no threads of its own, so forking after it is safe.
    """
    try:
        experiment = lab.open(lab.spec().replace(**settings))
        experiment.opening()
        for step in islice(experiment.steps(), 2):
            experiment.foresee()
            experiment.adopt(experiment.snapshot())
            experiment.observe(step)
    except LearnscopeError:
        log.exception("lab %s could not be rehearsed with %s", lab.name, settings or "its default")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])

"""The process of a forge: imports what its work needs, then forks a process for each order, which answers by itself.

Messages on its socket, one a packet: once {"ready": true} from here; then an order (JSON) with a socket in, and a
descriptor of the process that was forked out. What that process says is told in ``engine.jobs.job.Process``.
"""

import gc
import json
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from importlib import import_module
from multiprocessing.connection import Connection

from engine import memory
from engine.errors import LearnscopeError
from engine.jobs.forge import PACKET_BYTES, Limits
from engine.jobs.job import Progress, Told, Work
from engine.kinship import die_with

EVERY_SECONDS = 0.05
"""Progress that comes faster than this is thinned."""
SMALL = "This needs more memory than there is for it: ask for less."
LONG = "This takes more than {seconds} seconds of computing, which is as much as there is for it: ask for less."
FAULT = "This cannot be done just now: the server's log says why."

log = logging.getLogger("learnscope.jobs")


class OutOfTime(BaseException):
    """The seconds of an order are over; no work is to catch it by the way."""


def main(descriptor: int, preload: Sequence[str], limits: Limits) -> None:
    """Serve the socket ``descriptor`` until the server is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a fork, so the kernel buries it
    server = socket.socket(fileno=descriptor)
    for name in preload:
        getattr(import_module(name), "warm", lambda: None)()
    gc.collect()
    gc.freeze()
    try:
        server.send(b'{"ready": true}')
    except ConnectionError:
        return  # the server has gone meanwhile
    while True:
        order, descriptors, _, _ = socket.recv_fds(server, PACKET_BYTES, 1)
        if not order:
            return
        with socket.socket(fileno=descriptors[0]) as asker:
            forge = os.getpid()
            held, gate = os.pipe()
            child = os.fork()
            if child == 0:
                server.close()
                os.close(gate)
                os.read(held, 1)
                os.close(held)
                _be_forked(asker, json.loads(order), limits, forge)
        number = os.pidfd_open(child)
        os.close(held)
        os.close(gate)  # now it may go on: had it ended before, the kernel would no longer know it
        socket.send_fds(server, [b"{}"], [number])
        os.close(number)


def _be_forked(asker: socket.socket, order: Mapping[str, str], limits: Limits, forge: int) -> None:
    """Be the child: carry one order out, and never return."""
    try:
        die_with(forge)
        os.nice(limits.niceness)
        _limit(limits)
        link = Connection(asker.detach())
        _carry_out(link, order, limits)
    except OSError:
        pass  # the server has gone, or hung up: nobody wants to know any more
    finally:
        os._exit(0)


def _limit(limits: Limits) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if limits.memory is not None:
        memory.limit(limits.memory)
    if limits.file_bytes is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write then fails with an OSError
        resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_bytes, limits.file_bytes))
    if limits.seconds is not None:
        used = int(time.process_time()) + limits.seconds
        signal.signal(signal.SIGXCPU, _out_of_time)
        resource.setrlimit(resource.RLIMIT_CPU, (used, used + 5))


def _out_of_time(*_: object) -> None:
    raise OutOfTime


def _carry_out(link: Connection, order: Mapping[str, str], limits: Limits) -> None:
    try:
        _send(link, {"done": _through(link, _begun(order))})
    except LearnscopeError as error:
        _send(link, {"failed": str(error)})
    except OutOfTime:
        _send(link, {"failed": LONG.format(seconds=limits.seconds)})
    except ConnectionError:
        raise
    except Exception as error:
        log.exception("the work %s failed", order["work"])
        _send(link, {"failed": SMALL if memory.is_lack_of_memory(error) else FAULT})


def _begun(order: Mapping[str, str]) -> Work:
    module, _, function = order["work"].partition(":")
    return getattr(import_module(module), function)(json.loads(order["arguments"]))


def _through(link: Connection, work: Work) -> Told:
    """Let work go on to its end, tell what it yields, and return its result."""
    told = float("-inf")
    while True:
        try:
            yielded = next(work)
        except StopIteration as end:
            return end.value
        if not isinstance(yielded, Progress):
            _send(link, {"finding": yielded})
        elif time.monotonic() - told >= EVERY_SECONDS:
            told = time.monotonic()
            _send(link, {"progress": [yielded.share, yielded.words]})


def _send(link: Connection, message: Told) -> None:
    link.send_bytes(json.dumps(message).encode())


if __name__ == "__main__":
    said = json.loads(sys.argv[2])
    main(int(sys.argv[1]), said["preload"], Limits(**said["limits"]))

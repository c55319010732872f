"""The process that trains the nets of a sweep: forked by the zygote like a worker, it tells each finding and ends."""

import json
import logging
import os
import socket
from collections.abc import Iterator, Mapping
from multiprocessing.connection import Connection
from typing import Any

from engine import memory
from engine.errors import LearnscopeError, RunError
from engine.labs.lab import Lab
from engine.labs.sweep import Finding

NICENESS = 12
"""Whoever watches a run comes first."""
SMALL = "These nets need more memory than there is for them: choose fewer of them, or smaller ones."
FAULT = "These nets cannot be trained just now: the server's log says why."

log = logging.getLogger("learnscope.sweeping")


def main(connection: socket.socket, order: Mapping[str, str], labs: Mapping[str, Lab]) -> None:
    """Carry an order (lab, sweep, spec) out: send each finding, and at last that it is done or why it failed."""
    os.nice(NICENESS)
    memory.limit(memory.usual_limit())
    link = Connection(connection.detach())
    try:
        for message in _messages(order, labs):
            link.send_bytes(json.dumps(message).encode())
    except OSError:
        return  # the server has gone, or hung up: nobody wants to know any more


def _messages(order: Mapping[str, str], labs: Mapping[str, Lab]) -> Iterator[dict[str, Any]]:
    try:
        for finding in _findings(order, labs):
            yield {"finding": finding}
    except LearnscopeError as error:
        yield {"failed": str(error)}
    except Exception as error:
        log.exception("the sweep %s of lab %s failed", order["sweep"], order["lab"])
        yield {"failed": SMALL if memory.is_lack_of_memory(error) else FAULT}
    else:
        yield {"done": {}}


def _findings(order: Mapping[str, str], labs: Mapping[str, Lab]) -> Iterator[Finding]:
    sweep = labs[order["lab"]].sweep(order["sweep"])
    if sweep is None:
        raise RunError(f"There is no sweep {order['sweep'][:40]!r} in the lab {order['lab']}.")
    yield from sweep.findings(sweep.spec.from_json(order["spec"]))

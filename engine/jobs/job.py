"""What is asked for, how far it has come, and the process that does it."""

import json
import socket
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

State = Literal["waiting", "going", "done", "failed"]
Told = Mapping[str, Any]
"""Plain data, fit for JSON."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: the name of a piece of work, and its arguments as JSON. Whoever asks for an equal order is
    given the same work.
    """

    work: str
    arguments: str

    @classmethod
    def of(cls, work: str, **arguments: Any) -> "Order":
        """Return an order whose arguments are plain data."""
        return cls(work, json.dumps(arguments, sort_keys=True))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far work has come: its ``share`` from 0 to 1, None where that is not known, and ``words`` on what is done."""

    share: float | None
    words: str


Work = Generator[Progress | Told, None, Told]
"""What the function of an order returns: progress and findings as they come, and at last the result."""


@dataclass(frozen=True, slots=True)
class Course:
    """How far an order has come.

    ``findings`` are the results of its parts, where it has any, in the order in which they came; ``result`` is that of
    the whole once it is done. ``message`` says why it failed, ``ahead`` how many others come before one that waits.
    """

    state: State
    progress: Progress | None = None
    findings: tuple[Told, ...] = ()
    result: Told | None = None
    message: str = ""
    ahead: int = 0

    @property
    def live(self) -> bool:
        """Tell whether there is more to come."""
        return self.state in ("waiting", "going")


class Process(Protocol):
    """A process that works, as the server sees it: its messages are JSON, each sent as multiprocessing does.

    {"finding": {...}} and {"progress": [share, words]} as often as it likes; at last {"done": {...}} or {"failed":
    sentence}.
    """

    @property
    def connection(self) -> socket.socket:
        """The server's end."""
        ...


class Starter(Protocol):
    """What starts the processes of orders, and ends them."""

    def start(self, order: Order) -> Process:
        """Begin an order; raises RunError."""
        ...

    def kill(self, process: Any) -> None:
        """End a process at once, whatever it is doing; it is no error if it has ended."""
        ...

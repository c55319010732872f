"""What a process may ask of Linux about its kin and Python has no word for, see prctl(2); elsewhere it is not asked."""

import ctypes
import os
import signal
import sys

_DEATH_SIGNAL = 1
_SUBREAPER = 36
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with(parent: int) -> None:
    """Have this process killed when ``parent``, which has just forked it, ends in whatever way."""
    _ask(_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)  # it has ended before it could be asked for


def adopt_orphans() -> None:
    """Become the parent of descendants whose own has ended: in a container there may be nobody else to reap them."""
    _ask(_SUBREAPER, 1)


def _ask(what: int, value: int) -> None:
    if _libc is not None:
        _libc.prctl(what, value, 0, 0, 0)

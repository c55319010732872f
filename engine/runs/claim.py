"""The claim of one server to a home: two that share one would take each other's runs for left behind."""

import fcntl
import logging
import os
from pathlib import Path

from engine.errors import StoreError

FILE = "server.lock"

log = logging.getLogger("learnscope.store")


class Claim:
    """Holds a home for this process until it is closed, or the process ends, however it ends: the kernel lets go.

    Raises StoreError if another server holds it. Where the file system knows no locks, nothing is held.
    """

    def __init__(self, home: Path) -> None:
        self._file: int | None = None
        try:
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(home / FILE, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.close()
            raise StoreError(
                "Another Learnscope server works with the same home: end it, or give this one another home."
            ) from None
        except OSError as error:
            log.warning("the home cannot be locked against a second server: %s", error)

    def close(self) -> None:
        """Let go."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

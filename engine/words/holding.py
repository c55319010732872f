"""Holds the folder of a space for as long as somebody has it open, so that nobody takes it away meanwhile."""

import fcntl
import os
import weakref
from pathlib import Path


class Hold:
    """A lock on a folder, shared by all who have it open, in whatever process; given back with the last reference."""

    __slots__ = ("__weakref__",)

    def __init__(self, folder: Path) -> None:
        """Take hold; raises OSError where the folder is not there, or is just being taken away."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        if not os.path.samestat(os.fstat(descriptor), os.stat(folder)):
            raise FileNotFoundError(f"{folder.name} is not there any more")

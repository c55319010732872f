"""Room on disk for numbers that are written through memory."""

import os
from typing import IO, Any

import numpy as np


def room(file: IO[bytes], dtype: Any, n: int) -> np.ndarray:
    """Return n numbers to be written, in a new file; raises OSError where the disk is too full for them.

    All of it is taken at once: a disk that is full when memory is written to it ends the process by a signal.
    """
    os.posix_fallocate(file.fileno(), 0, n * np.dtype(dtype).itemsize)
    return np.asarray(np.memmap(file, dtype, "r+", shape=(n,)))  # type: ignore[call-overload]

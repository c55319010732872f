"""Readers of files that do what a hostile file might bring a reader to."""

import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from engine.quarantined import Parsed


def honest(data: bytes, name: str) -> Parsed:
    return {"name": name, "bytes": len(data)}, {"counts": np.bincount(np.frombuffer(data, np.uint8), minlength=256)}


def hog(_data: bytes, _name: str) -> Parsed:
    """Take a gigabyte, which is twice what there is."""
    return {}, {"zeros": np.zeros(2**27)}


def hoard(_data: bytes, _name: str) -> Parsed:
    """Take it bit by bit, and only as Python's own objects."""
    kept: list[bytes] = []
    while len(kept) < 2_000:
        kept.append(os.urandom(1) * 2**19)
    return {}, {}


def spin(_data: bytes, _name: str) -> Parsed:
    """Compute for as long as nobody stops it."""
    began = time.process_time()
    while time.process_time() - began < 60:
        try:
            sum(range(10_000))
        except Exception:  # as readers do that try one thing after the other
            continue
    return {}, {}


def write(_data: bytes, name: str) -> Parsed:
    Path(name).write_bytes(bytes(1_000))
    return {}, {}


def crash(_data: bytes, _name: str) -> Parsed:
    os.abort()


def leave(_data: bytes, _name: str) -> Parsed:
    os._exit(0)


def fail(_data: bytes, _name: str) -> Parsed:
    raise ZeroDivisionError("/srv/secret/path.py")


def deep(_data: bytes, _name: str) -> Parsed:
    return deep(_data, _name)


class Touch:
    """What a pickle of it does when it is opened, is what a canary shows."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (self.path,)


def smuggle(_data: bytes, name: str) -> Parsed:
    """Answer with an array of objects, which only a pickle could bring over."""
    return {}, {"objects": np.array([Touch(name)], dtype=object)}

"""Scores of the words of a map, given to the browser as files beside it: the place on an axis, a wobble over seeds."""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.frames import Message, encode
from pages.ui.map_routes import SCORES, map_folder

MOST_KEPT = 40
"""Score files of one map that stay on the disk; of more, those that were asked for longest ago go."""


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """A number for each word of a map, (n,), NaN where there is none; ``low`` and ``high`` say what its ends mean.

    With ``middle`` it goes to two sides from there, as on an axis from *he* to *she*.
    """

    name: str
    values: np.ndarray
    low: str = ""
    high: str = ""
    middle: float | None = None


def offered(key: str, scores: Sequence[Score]) -> list[dict[str, Any]]:
    """Write the scores of the map ``key`` to files and return what the browser is to know of them.

    The name of a file is the hash of its numbers, so that the same score is written once. Raises DataError for a score
    that is no row of numbers.
    """
    return [
        {"id": _kept(key, score), "name": score.name, "low": score.low, "high": score.high, "middle": score.middle}
        for score in scores
    ]


def _kept(key: str, score: Score) -> str:
    values = np.asarray(score.values)
    if values.ndim != 1 or values.dtype.kind not in "fiub":
        raise DataError(
            f"The score {score.name!r} is to be one number for each word: received an array {values.shape}."
        )
    data = encode(Message("score", {}, {"values": np.ascontiguousarray(values, dtype=np.float32)}))
    name = hashlib.blake2b(data, digest_size=8).hexdigest()
    folder = map_folder(key) / SCORES
    path = folder / f"{name}.lsf"
    try:
        os.utime(path)
    except OSError:
        with contextlib.suppress(OSError):  # without the file the browser says that this score is gone
            _write(path, data)
            _tidy(folder)
    return name


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    draft.write_bytes(data)
    draft.replace(path)


def _tidy(folder: Path) -> None:
    files = sorted(folder.glob("*.lsf"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[MOST_KEPT:]:
        path.unlink(missing_ok=True)

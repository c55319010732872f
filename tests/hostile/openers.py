"""Openings of files of vectors: one that is measured, and some that do what a hostile file might bring one to."""

import json
import os
import resource
import shutil
import time
import traceback
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.jobs import Progress
from engine.words import opening, reading
from engine.words.space import Space
from tests.hostile import mutations

MOST_SECONDS = 30


def open_file(arguments: Mapping[str, Any]) -> Generator[Progress, None, Mapping[str, Any]]:
    """Do what ``reading.open_file`` does; bytes taken at most, beyond those at the beginning, go into ``peak``."""
    before = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    try:
        return (yield from reading.open_file(arguments))
    finally:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        Path(arguments["peak"]).write_text(str(most - before))


def hoard(_: Mapping[str, Any]) -> Iterator[Progress]:
    """Take memory bit by bit, more than an opening may."""
    kept: list[bytes] = []
    while len(kept) < 4_000:
        kept.append(bytes(2**19))
        yield Progress(None, "taking")


def write(arguments: Mapping[str, Any]) -> Iterator[Progress]:
    """Write a file that is larger than one may be."""
    yield Progress(None, "writing")
    with (Path(arguments["folder"]) / "large").open("wb") as file:
        file.seek(reading.LIMITS.file_bytes or 0)
        file.write(bytes(1))


def crash(_: Mapping[str, Any]) -> Iterator[Progress]:
    yield Progress(None, "crashing")
    os.abort()


def harmed(arguments: Mapping[str, Any]) -> Generator[Progress, None, Mapping[str, Any]]:
    """Open one mutation after the other, from ``first`` until ``last``, as a file that somebody has uploaded.

    ``at`` is the file that tells which one is being opened, for who ends this process ends it there. The result tells
    how many were ``opened``, and what was wrong (``faults``): any outcome but a sound space or a sentence.
    """
    folder, opened, faults = Path(arguments["folder"]), 0, []
    begun = peak()
    for number in range(arguments["first"], arguments["last"]):
        Path(arguments["at"]).write_text(str(number))
        kind, data = mutations.mutated(arguments["seed"], number)
        (folder / "file").write_bytes(data)
        space, began = folder / "words" / "space", time.monotonic()
        order = reading.order(folder / "file", "v.bin", space, None, uploaded=True)
        try:
            yield from reading.open_file(json.loads(order.arguments))
            if found := opening.opened(space):
                _assert_sound(found)
                opened += 1
        except DataError as error:
            wrong = _no_sentence(str(error), folder)
            if wrong or list((folder / "words").glob("*")):
                faults.append(f"{number} ({kind}): {wrong or 'something was left'}")
        except Exception:
            faults.append(f"{number} ({kind}): {traceback.format_exc()[-900:]}")
        if time.monotonic() - began > MOST_SECONDS:
            faults.append(f"{number} ({kind}): it took {time.monotonic() - began:.0f} seconds")
        shutil.rmtree(folder / "words", ignore_errors=True)
    return {"opened": opened, "faults": faults, "grown": peak() - begun}


def peak() -> int:
    """Return how many bytes of memory this process had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _no_sentence(said: str, folder: Path) -> str:
    bad = [mark for mark in ("Traceback", "\n", ".py", "/tmp", str(folder), "Error") if mark in said]
    return said if bad or not said.endswith(".") or len(said) > 400 or not said.isprintable() else ""


def _assert_sound(space: Space) -> None:
    n, d = space.vectors.shape
    words = list(space.words)
    assert n == len(words) == len(set(words)) == len(space.inverse_norms) > 0, "the arrays do not fit each other"
    assert d == space.provenance.dimensions, "another number of dimensions than the record says"
    assert np.isfinite(space.vectors).all(), "a number is not finite"
    assert np.isfinite(space.inverse_norms).all(), "a length is not finite"
    assert all(space.words.find(word) == row for row, word in enumerate(words)), "a word is not found where it is"
    assert space.frequency is None or len(space.frequency) == n, "frequencies do not fit"
    if space.inverse_norms[0]:
        assert np.isfinite([score for _, score in space.neighbours(words[0], k=5)]).all(), "a score is not finite"
    for unseen in ("unseen", "größer"):
        with suppress(DataError):
            assert np.isfinite(space.vector(unseen)).all(), "the vector of an unseen word is not finite"

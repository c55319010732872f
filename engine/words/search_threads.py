"""Threads that help whoever asks, one look over many slices of rows; all who ask at the same time share them."""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def load() -> None:
    """Load what all searches take, so that the first does not take as much longer."""
    import faiss  # noqa: F401 - that is all


def _alone() -> None:
    """Keep FAISS from starting threads of its own in each of ours."""
    import faiss

    faiss.omp_set_num_threads(1)


CORES = os.cpu_count() or 1
HELPERS = ThreadPoolExecutor(CORES, "words", _alone)
"""None is started before the first asks."""


def together(do: Callable[[A], B], things: Sequence[A], *, twice: bool = True) -> list[B]:
    """Return what ``do`` makes of each thing; the caller does all that no helper has come to do.

    If it may be done ``twice``, having no effect but its result, the caller at last also does what helpers have begun
    and not finished. So on a busy machine nobody waits for a thread that is not let run. Raises what ``do`` raises.
    """
    import faiss

    found: dict[int, B] = {}
    wrong: list[BaseException] = []
    next_place, done = count(), threading.Event()

    def take() -> None:
        while not wrong and (place := next(next_place)) < len(things):
            try:
                found.setdefault(place, do(things[place]))
            except BaseException as error:
                wrong.append(error)
            if wrong or len(found) == len(things):
                done.set()

    for _ in range(min(CORES, len(things)) - 1):
        HELPERS.submit(take)
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        take()
        for place in range(len(things)) if twice and not wrong else ():
            if place not in found:
                found.setdefault(place, do(things[place]))
    finally:
        faiss.omp_set_num_threads(threads)
    if things and not (twice and len(found) == len(things)):
        done.wait()
    if wrong:
        raise wrong[0]
    return [found[place] for place in range(len(things))]

"""How much a map owes to its seed: the same words laid out again with others, and where each comes to lie."""

import math
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from scipy.spatial import procrustes

from engine.errors import DataError, FrameError
from engine.frames import Message, decode
from engine.jobs import Progress
from engine.jobs.job import Work
from engine.words.maps import keeping
from engine.words.maps.layouts import laid_out, neighbours_needed
from engine.words.maps.points import gather, nearest
from engine.words.maps.spec import MapSpec, maps_folder
from engine.words.maps.work import lay_out, opened, told

T = TypeVar("T")
SEEDS = 4
"""So many further seeds."""


def wobble(arguments: Mapping[str, Any]) -> Work:
    """Make the map of ``lay_out`` if it is not there, and beside it ``wobble.lsf``: how far each of its words strays.

    That is a message ``wobble`` with ``spread`` (n,) float32: the root mean square distance of a word's places under
    ``SEEDS`` other seeds from its place on the map, the others moved, turned, mirrored and scaled onto the map, in
    units of the map's own root mean square radius. The result is its header: {"key", "n", "seeds", "mean"}. Raises
    DataError where no seed has a part in it.
    """
    spec = MapSpec.from_json(arguments["spec"])
    if spec.method == "pca":
        raise DataError("PCA has no seed: it always gives the same map, so nothing wobbles.")
    turns = SEEDS + 1
    key = (yield from _turn(lay_out(arguments), 0, turns))["key"]
    path = maps_folder() / key / keeping.WOBBLE
    try:
        return {"key": key, **decode(path.read_bytes()).header}
    except (OSError, FrameError):
        made = decode((path.parent / keeping.MAP).read_bytes())
    if made.header["method"] == "pca":
        raise DataError(f"{made.header['n']:,} words are too few for a map in which the seed has a part.")
    points, _ = gather(opened(Path(arguments["space"])), np.asarray(made.arrays["rows"]), spec)
    searching = told(nearest(points, neighbours_needed(spec)), 0.0, 0.0, "Looking for neighbours once more")
    near, far = yield from _turn(searching, 1, turns)
    seeds = [spec.seed + number for number in range(1, SEEDS + 1)]
    squares = np.zeros(len(points))
    for turn, seed in enumerate(seeds, 1):
        other = spec.model_copy(update={"seed": seed})
        layout = yield from _turn(laid_out(points, near, far, other), turn, turns)
        squares += strayed(made.arrays["positions"], layout.positions) ** 2
    spread = np.sqrt(squares / SEEDS).astype(np.float32)
    header = {"n": len(points), "seeds": seeds, "mean": float(spread.mean())}
    keeping.write(path, Message("wobble", header, {"spread": spread}))
    return {"key": key, **header}


def _turn(stage: Generator[Any, None, T], turn: int, turns: int) -> Generator[Progress, None, T]:
    """Tell of a stage as of one of several."""
    while True:
        try:
            said = next(stage)
        except StopIteration as over:
            return over.value
        yield Progress((turn + (said.share or 0.0)) / turns, f"Map {turn + 1} of {turns}. {said.words}")


def strayed(places: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return how far each of n points is from its place, (n,) float64, when the others are moved, turned, mirrored and
    scaled as a whole to fit best (Procrustes); in units of the root mean square distance of places from their middle.
    """
    here, there, _ = procrustes(places.astype(np.float64), others.astype(np.float64))
    return np.linalg.norm(here - there, axis=1) * math.sqrt(len(places))

"""The work behind a map, in a process of its own: choose the words, find their neighbours, lay them out, judge it."""

import json
import time
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from engine.errors import DataError
from engine.frames import Message
from engine.jobs import Progress
from engine.jobs.job import Work
from engine.words import stored
from engine.words.maps import keeping
from engine.words.maps.choosing import chosen_rows
from engine.words.maps.clusters import found_clusters, labels
from engine.words.maps.faithful import MOST_EXACT, K, faith
from engine.words.maps.layouts import Layout, laid_out, neighbours_needed
from engine.words.maps.points import Points, gather, nearest
from engine.words.maps.scores import frequency
from engine.words.maps.spec import MapSpec, map_key
from engine.words.maps.stages import part
from engine.words.space import Space

T = TypeVar("T")
EVERY_SECONDS = 0.2
"""So often a forming layout is written; of many points, as rarely as writing takes a twentieth of the time."""
_FOUND, _LAID, _JUDGED = 0.25, 0.85, 0.95


def lay_out(arguments: Mapping[str, Any]) -> Work:
    """Make the map of ``spec`` (JSON) of the space kept in the folder ``space``, or take the one that is kept.

    The result is the header of its ``map.lsf``, and its ``key``. Raises DataError, a sentence, where there is none.
    """
    folder, spec = Path(arguments["space"]), MapSpec.from_json(arguments["spec"])
    key = map_key(folder.name, spec)
    while True:
        header = keeping.kept(key)
        if header is not None:
            return {"key": key, **header}
        with keeping.claimed(key) as draft:
            if draft is not None:
                keeping.tidy(but=key)
                return {"key": key, **(yield from _made(draft, folder, spec))}
        yield Progress(None, "Somebody else has asked for this map: waiting for it")
        time.sleep(EVERY_SECONDS)


def _made(draft: Path, folder: Path, spec: MapSpec) -> Generator[Progress, None, Mapping[str, Any]]:
    started = time.monotonic()
    yield Progress(0.0, "Opening the space")
    space = opened(folder)
    rows, absent = chosen_rows(space, spec)
    points, left_out = gather(space, rows, spec)
    words = [space.words[int(row)] for row in points.rows]
    keeping.write(draft / keeping.WORDS, json.dumps(words).encode())
    looking = nearest(points, max(K, neighbours_needed(spec)))
    near, far = yield from told(looking, 0.0, _FOUND, f"Looking for the nearest of {len(words):,} words")
    layout = yield from _shown(draft, laid_out(points, near, far, spec))
    judging = faith(points, near, layout.positions)
    found = yield from told(judging, _LAID, _JUDGED, "Comparing the map with the space")
    yield Progress(_JUDGED, "Putting words into clusters")
    clusters, odd = found_clusters(points, layout.positions, spec)
    notes = [*absent, *left_out, *layout.notes, *odd, *_sampled(found.sample, len(words))]
    header = {
        "method": layout.method,
        "n": len(words),
        "d": spec.dimensions,
        "k": K,
        "trustworthiness": found.trustworthiness,
        "continuity": found.continuity,
        "kept": float(found.kept.mean()),
        "cluster_labels": labels(points, clusters, words),
        "frequency": "count" if space.frequency is not None else "rank",
        "seconds": round(time.monotonic() - started, 2),
        "notes": notes,
    }
    arrays = {
        "rows": points.rows.astype(np.int32),
        "positions": layout.positions,
        "kept": found.kept,
        **_neighbours(points, near, far),
        "clusters": clusters,
        "frequency": frequency(space, points.rows),
    }
    keeping.write(draft / keeping.MAP, Message("map", header, arrays))
    (draft / keeping.LAYOUT).unlink(missing_ok=True)
    return header


def opened(folder: Path) -> Space:
    """Return the space kept in a folder; raises DataError, in a sentence for whoever looks at a map."""
    try:
        return Space(stored.open_folder(folder))
    except DataError:
        raise DataError("The vectors of this map are not kept any more: open them again.") from None


def told(stage: Generator[float, None, T], begin: float, end: float, words: str) -> Generator[Progress, None, T]:
    """Tell of a stage that goes from ``begin`` to ``end``, in these words."""
    stage = part(stage, begin, end)
    while True:
        try:
            yield Progress(next(stage), words)
        except StopIteration as over:
            return over.value


def _shown(draft: Path, laying: Any) -> Generator[Progress, None, Layout]:
    """Write a layout as it forms, some times a second."""
    version, due = 0, 0.0
    while True:
        try:
            forming = next(laying)
        except StopIteration as over:
            return over.value
        share = _FOUND + (_LAID - _FOUND) * forming.share
        began = time.monotonic()
        if forming.positions is not None and began >= due:
            version += 1
            header = {"version": version, "share": share, "words": forming.words}
            positions = np.nan_to_num(forming.positions.astype(np.float32), posinf=0, neginf=0)
            keeping.write(draft / keeping.LAYOUT, Message("layout", header, {"positions": positions}))
            due = began + max(EVERY_SECONDS, 20 * (time.monotonic() - began))
        yield Progress(share, forming.words)


def _neighbours(points: Points, near: np.ndarray, far: np.ndarray) -> dict[str, np.ndarray]:
    """Return the K nearest of each point in the space and their cosines, -1 and NaN where there are fewer."""
    n, k = len(points), min(K, near.shape[1])
    neighbours, cosines = np.full((n, K), -1, np.int32), np.full((n, K), np.nan, np.float32)
    neighbours[:, :k] = near[:, :k]
    if points.metric == "cosine":
        cosines[:, :k] = 1 - far[:, :k]
    return {"neighbours": neighbours, "cosines": cosines}


def _sampled(sample: int, n: int) -> list[str]:
    if n <= MOST_EXACT:
        return []
    return [f"Trustworthiness and continuity are those of {sample:,} of the {n:,} words, drawn at random."]

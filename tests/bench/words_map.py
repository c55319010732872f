"""``words.umap``: seconds for the map of 10,000 words, as a person waits for it, beside plain umap-learn's.

Ours is the whole order, in a forge that is warm: exact neighbours, the layout written as it forms, how faithful it is,
clusters. The reference is ``umap.UMAP(metric="cosine", random_state=seed).fit_transform`` on the same vectors, in a
process that has compiled it. Both must keep equally much of the neighbourhoods.

``python -m tests.bench.words_map VECTORS`` is the reference's process: for each seed that it reads on a line it lays
the vectors of that file out, and answers with its seconds and the path of the positions.
"""

import os
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench import words_file
from tests.bench.measure import PAIRS, result

ROWS = 10_000
SAME = 0.01
"""So much may trustworthiness and continuity differ."""
NICENESS = 10
"""That of the processes of a forge."""


def row() -> str:
    """Return the JSON line of the budget."""
    text, _ = words_file.files(ROWS)
    with tempfile.TemporaryDirectory(dir=words_file.folder()) as home:
        os.environ["LEARNSCOPE_HOME"] = home
        os.environ.setdefault("NUMBA_CACHE_DIR", str(words_file.folder() / "numba"))
        from engine.words import load
        from engine.words.maps.points import Points, nearest

        space = load(text)
        folder = next(path.parent for path in Path(home).rglob("provenance.json"))
        units = space.vectors * space.inverse_norms[:, None]
        np.save(f"{home}/vectors.npy", units)
        points = Points(np.arange(len(units)), np.ascontiguousarray(units), "cosine")
        near, _ = _drained(nearest(points, 15))
        return result("words.umap", _pairs(folder, Path(home), points, near))


def _pairs(folder: Path, home: Path, points: Any, near: np.ndarray) -> list[tuple[float, float]]:
    from engine.jobs import Jobs
    from engine.words.maps.faithful import faith
    from engine.words.maps.forge import MapForge

    forge = MapForge()
    jobs, rows = Jobs(forge), []
    plain = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.words_map", str(home / "vectors.npy")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    try:
        forge.warm()
        assert plain.stdin is not None
        assert plain.stdout is not None
        for seed in range(1, PAIRS + 1):
            seconds, header = _ours(jobs, folder, seed)
            print(seed, file=plain.stdin, flush=True)
            theirs, path = plain.stdout.readline().split()
            judged = _drained(faith(points, near, np.load(path)))
            for name in ("trustworthiness", "continuity"):
                if header[name] < getattr(judged, name) - SAME:
                    raise AssertionError(f"{name} {header[name]:.3f} falls short of umap's {getattr(judged, name):.3f}")
            rows.append((seconds, float(theirs)))
    finally:
        plain.kill()
        plain.communicate()
        jobs.close()
        forge.close()
    return rows


def _ours(jobs: Any, folder: Path, seed: int) -> tuple[float, Any]:
    from engine.words.maps import MapSpec, map_order

    order = map_order(folder, MapSpec(top=ROWS, seed=seed))
    start = time.perf_counter()
    course = jobs.ask(order, "bench")
    while course.live:
        time.sleep(0.02)
        course = jobs.course(order)
    if course.result is None:
        raise AssertionError(course.message)
    return time.perf_counter() - start, course.result


def _drained(stage: Any) -> Any:
    while True:
        try:
            next(stage)
        except StopIteration as over:
            return over.value


def main(path: str) -> None:
    """Lay out as often as asked."""
    os.nice(NICENESS)
    warnings.simplefilter("ignore")
    import umap

    vectors = np.load(path)
    umap.UMAP(metric="cosine", random_state=1, n_epochs=2).fit_transform(vectors)  # compiled, as ours is
    for line in sys.stdin:
        start = time.perf_counter()
        positions = umap.UMAP(metric="cosine", random_state=int(line)).fit_transform(vectors)
        seconds = time.perf_counter() - start
        np.save(f"{path}.positions.npy", positions)
        print(seconds, f"{path}.positions.npy", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])

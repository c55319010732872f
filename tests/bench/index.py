"""Each sort of index beside plain numpy in the same seconds, on 20,000 words of 300 numbers, one thread.

index.KIND         median milliseconds of a question, at the quickest setting that finds nine of ten, or else the one
                   that finds most; plain numpy's, asked the same in turn
index.KIND.recall  what it finds then of the ten nearest; what plain numpy finds, which is all
index.KIND.bytes   what it takes when written down; the vectors
"""

import tempfile
from collections.abc import Iterator

from engine.words import load
from engine.words.indexes.kinds import KINDS, Built
from engine.words.indexes.measuring import Asked, Speed, asked, built, measured
from engine.words.indexes.spec import ALL
from tests.bench import words_file
from tests.bench.measure import PAIRS, result

ROWS, QUESTIONS = 20_000, 200
ENOUGH = 0.9


def run() -> Iterator[str]:
    """Yield the JSON lines of every sort that is installed."""
    _, binary = words_file.files()
    with tempfile.TemporaryDirectory(dir=words_file.folder()) as kept:
        questions = asked(load(binary, ROWS, cache=kept), ROWS, QUESTIONS)
        exact, _ = built(KINDS["numpy"], questions.vectors)
        for name in ALL:
            if KINDS[name].installed:
                index, _ = built(KINDS[name], questions.vectors)
                rows = _settled(index, KINDS[name].values, exact, questions)
                yield result(f"index.{name}", [(one.median_ms, other.median_ms) for one, other in rows])
                yield result(f"index.{name}.recall", [(one.recall, other.recall) for one, other in rows])
                yield result(f"index.{name}.bytes", [(float(index.size), float(exact.size))])


def _settled(index: Built, values: tuple[int, ...], exact: Built, questions: Asked) -> list[tuple[Speed, Speed]]:
    """Return what was measured of an index and of the exact one in turn, at the first setting that finds enough."""
    rows: list[tuple[Speed, Speed]] = []
    for value in values:
        index.set(value)
        rows = [(measured(index, questions), measured(exact, questions)) for _ in range(PAIRS)]
        if rows[0][0].recall >= ENOUGH:
            break
    return rows

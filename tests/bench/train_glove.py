"""``train.glove_count`` and ``train.glove``: our GloVe beside Stanford's, from one text, a sentence to a line."""

import json
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import numpy as np

from engine.words.train.glove_spec import GloveSpec
from tests.bench import train_text, words_file
from tests.bench.measure import PAIRS, result
from tests.bench.stanford import NONE, Stanford, stanford

SPEC = GloveSpec(dimensions=100, window=10, x_max=10, epochs=2, threads=min(4, os.cpu_count() or 1))
MEMORY = 1 << 28
SAME_COUNTS = 1e-7
SAME_COST = 0.02
AT_ONCE = 1 << 21
OUT = -2


def run(spec: GloveSpec = SPEC) -> Iterator[str]:
    """Yield the lines of counting and of learning."""
    os.environ.setdefault("NUMBA_CACHE_DIR", str(words_file.folder() / "numba"))
    from engine.words.train.glove_learning import warm

    warm()
    with tempfile.TemporaryDirectory(dir=words_file.folder()) as made:
        folder = Path(made)
        words, counts = _write_text(folder / "text.txt", spec.min_count)
        theirs = stanford(folder)
        if theirs:
            theirs.write_vocabulary(words, counts)
            spec = theirs.like(spec)
        pairs = PAIRS if theirs else 1
        yield _row("train.glove_count", [_counted(folder, words, theirs, spec) for _ in range(pairs)])
        if theirs:
            theirs.shuffle(spec.seed)
        yield _row("train.glove", [_learnt(folder, theirs, spec) for _ in range(pairs)])


def _row(name: str, rows: list[tuple[float, float | None]]) -> str:
    pairs = [(value, reference) for value, reference in rows if reference is not None]
    if pairs:
        return result(name, pairs)
    value = round(statistics.median(value for value, _ in rows), 4)
    return json.dumps({"name": name, "value": value, "reference": None, "ratio": None, "why": NONE})


def _counted(folder: Path, words: list[str], theirs: Stanford | None, spec: GloveSpec) -> tuple[float, float | None]:
    """Count both ways, from the text to the disk; raises AssertionError where counts differ."""
    from engine.words.train.cooccurrence import counting

    began = time.perf_counter()
    rows = {word.encode(): row for row, word in enumerate(words)} | {b"\n": -1}
    for _ in counting(
        _numbers(folder / "text.txt", rows), len(words), folder / "ours", spec.window, spec.symmetric, memory=MEMORY
    ):
        pass
    ours = time.perf_counter() - began
    if theirs is None:
        return ours, None
    seconds = theirs.count(folder / "text.txt", spec.window, spec.symmetric, MEMORY / 2**30)
    _assert_equal(folder, theirs)
    return ours, seconds


def _numbers(text: Path, rows: dict[bytes, int]) -> Iterator[np.ndarray]:
    """Yield the words of a text as their rows, those that have none left out."""
    with text.open("rb") as file:
        while some := file.read(AT_ONCE):
            words = (some + file.readline()).replace(b"\n", b" \n ").split(b" ")
            found = np.fromiter(map(rows.get, words, repeat(OUT)), np.int32, len(words))
            yield found[found != OUT]


def _assert_equal(folder: Path, theirs: Stanford) -> None:
    from engine.words.train.matrix import Cooccurrences

    ours, expected = Cooccurrences.open(folder / "ours"), theirs.counts()
    same = np.array_equal(ours.rows, expected["row"] - 1) and np.array_equal(ours.columns, expected["column"] - 1)
    if not same or np.abs(ours.values / expected["value"] - 1).max() > SAME_COUNTS:
        raise AssertionError("our counts are not Stanford's")


def _learnt(folder: Path, theirs: Stanford | None, spec: GloveSpec) -> tuple[float, float | None]:
    """Learn both ways from the same counts; raises AssertionError where the cost differs."""
    from engine.words.train.glove_learning import learning
    from engine.words.train.matrix import Cooccurrences

    counts = Cooccurrences.open(folder / "ours")
    began, costs = time.perf_counter(), ()
    for state in learning(counts, spec):
        costs = state.costs
    ours = time.perf_counter() - began
    if theirs is None:
        return ours, None
    other = theirs.learn(spec)
    if any(abs(a / b - 1) > SAME_COST for a, b in zip(costs, other.costs, strict=True)):
        raise AssertionError(f"our costs {costs} are not Stanford's {other.costs}")
    return ours, other.seconds


def _write_text(path: Path, min_count: int) -> tuple[list[str], np.ndarray]:
    """Write the text, a sentence to a line; return its words by falling frequency, and how often each comes."""
    found: Counter[str] = Counter()
    with path.open("w", encoding="utf-8") as file:
        for sentence in train_text.sentences():
            found.update(sentence)
            file.write(" ".join(sentence) + "\n")
    kept = sorted((-count, word) for word, count in found.items() if count >= min_count)
    return [word for _, word in kept], np.array([-count for count, _ in kept])

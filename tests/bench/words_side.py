"""``python -m tests.bench.words_side ours|gensim``: one of the two that are measured, in a process of its own.

It takes a JSON list on each line, [what, argument, ...], and answers with one of [seconds, answer]; a process of its
own so that neither's threads, spinning for more work, take time from the other.
"""

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Ask = Callable[..., tuple[float, Any]]


class Ours:
    """Learnscope."""

    def __init__(self) -> None:
        import engine.words

        self._words, self._space = engine.words, None

    def open(self, path: str, kept: str) -> int:
        """Open a file, to be kept or mapped from where it is kept; return the rows."""
        self._space = None
        self._space = self._words.load(path, cache=kept)
        return len(self._space)

    def top10(self, word: str) -> list[str]:
        """Return the ten nearest words."""
        assert self._space is not None
        return [name for name, _ in self._space.neighbours(word)]

    def suite(self, path: str, restrict: int) -> list[tuple[int, int]]:
        """Return the right answers of each section, and the questions."""
        from engine.words.evaluate import question_words

        assert self._space is not None
        return [(s.correct, s.asked) for s in question_words(self._space, path, restrict).sections]


class Gensim:
    """The reference."""

    def __init__(self) -> None:
        from gensim.models import KeyedVectors

        self._kind, self._vectors = KeyedVectors, KeyedVectors(1)

    def open(self, path: str, kept: str) -> int:
        """Read a file; or, if it is one of gensim's own, map it."""
        self._vectors = self._kind(1)
        gc.collect()
        if path.endswith(".kv"):
            self._vectors = self._kind.load(path, mmap="r")
        else:
            self._vectors = self._kind.load_word2vec_format(path, binary=path.endswith(".bin"))
        return len(self._vectors)

    def keep(self, path: str) -> None:
        """Write gensim's own form."""
        self._vectors.save(path)

    def top10(self, word: str) -> list[str]:
        """Return the ten nearest words."""
        return [name for name, _ in self._vectors.most_similar(word)]

    def suite(self, path: str, restrict: int) -> list[tuple[int, int]]:
        """Return the right answers of each section, and the questions."""
        _, sections = self._vectors.evaluate_word_analogies(path, restrict)
        return [(len(s["correct"]), len(s["correct"]) + len(s["incorrect"])) for s in sections[:-1]]


def private_mb() -> float:
    """Return the memory that this process has for itself alone, in MB; what it maps from files is not in it."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["RssAnon"].split()[0]) / 1024


@contextmanager
def side(name: str) -> Iterator[Ask]:
    """Start one of the two; yields what asks it: it returns seconds and the answer."""
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.words_side", name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
    ) as process:

        def ask(*what: Any) -> tuple[float, Any]:
            assert process.stdin is not None
            assert process.stdout is not None
            print(json.dumps(what), file=process.stdin, flush=True)
            seconds, answer = json.loads(process.stdout.readline())
            return seconds, answer

        try:
            yield ask
        finally:
            process.kill()


def main(name: str) -> None:
    """Answer until nobody asks any more."""
    asked = {"ours": Ours, "gensim": Gensim}[name]()
    for line in sys.stdin:
        what, *arguments = json.loads(line)
        start = time.perf_counter()
        answer = private_mb() if what == "memory" else getattr(asked, what)(*arguments)
        print(json.dumps([time.perf_counter() - start, answer]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])

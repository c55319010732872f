"""The text of the trainers' benchmarks: novels where ``LEARNSCOPE_DATA`` names a folder with ``novels24.txt.gz``."""

import gzip
import os
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

SENTENCES, LENGTH, PARTS = 100_000, 20, 10
WORDS, FREQUENT, TOPICS = 20_000, 200, 50
_WORD = re.compile(r"[^\W\d_]+")


def sentences() -> Iterator[list[str]]:
    """Yield sentences of novels, or made-up ones, as their words."""
    named = os.environ.get("LEARNSCOPE_DATA")
    novels = next(iter(sorted(Path(named).rglob("novels24.txt.gz"))), None) if named else None
    if novels is None:
        yield from _made_up()
        return
    with gzip.open(novels, "rt", encoding="utf-8") as file:
        for line in file:
            if words := _WORD.findall(line.lower()):
                yield words


def _made_up() -> Iterator[list[str]]:
    """Yield sentences of words that come as seldom as in real texts (Zipf), the rare ones each with its topic."""
    random = np.random.default_rng(1)
    words = np.array(["".join(chr(97 + int(digit)) for digit in f"{rank * 7919:o}") for rank in range(WORDS)])
    odds = 1 / (np.arange(WORDS) + 2.7)
    for _ in range(PARTS):
        ranks = random.choice(WORDS, (SENTENCES // PARTS, LENGTH), p=odds / odds.sum())
        topics = random.integers(0, TOPICS, (len(ranks), 1))
        ranks = np.where(ranks < FREQUENT, ranks, ranks // TOPICS * TOPICS + topics)
        yield from words[np.minimum(ranks, WORDS - 1)].tolist()

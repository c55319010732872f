"""GloVe, some pairs of words at a time: the steps of ``engine.words.train.glove_learning``, to be watched."""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np

from engine.readings import Arrays
from engine.words.corpus import EncodedText
from engine.words.formats.fasttext import Model
from engine.words.formats.subwords import NO_SUBWORDS
from engine.words.train import glove_kernels as kernels
from engine.words.train.glove_counts import counts_of
from engine.words.train.glove_learning import make_ready, step
from engine.words.train.glove_pairs import shuffling
from engine.words.train.glove_spec import GloveSpec
from engine.words.train.glove_weights import Weights
from engine.words.train.trainer import ChunkTrainer, Learnt

STEP_PAIRS = 500
"""Of a step: little enough for the first steps to be watched."""
MEASURED = 2_000
MEMORY = 1 << 28
T = TypeVar("T")


class GloveTrainer(ChunkTrainer[GloveSpec]):
    """Implements ``engine.words.train.trainer.Trainer``; the words of the text are counted here, before the first step.

    Raises DataError where a text has too few words, or no two of them stand near each other. ``loss`` is GloVe's cost
    of a pair, f(x) (w_i . c_j + b_i + b'_j - log x)^2 / 2. The learning rate stays: AdaGrad makes steps smaller.
    """

    unit = "pairs"

    def __init__(self, text: EncodedText, spec: GloveSpec) -> None:
        super().__init__(text, spec)
        counts = _drained(counts_of(text, spec, len(self.words)))
        with ThreadPoolExecutor(spec.threads) as pool:
            self._pairs = _drained(shuffling(counts, spec, pool, text.folder, MEMORY))
        self.total = len(self._pairs)
        # Pairs lie in a random order; these are spread over it, so that never many of them were learnt just now.
        self._sample = self._pairs[
            np.linspace(0, self.total, min(MEASURED, self.total), endpoint=False, dtype=np.int64)
        ]
        self.measured = f"{len(self._sample):,} pairs of words"
        self._stand_at_the_beginning()
        make_ready(self._weights, spec)

    def loss(self) -> float:
        """Return the mean cost of some pairs, always the same ones."""
        weights = self._weights
        return kernels.cost(self._sample, weights.words, weights.contexts, weights.dimensions) / len(self._sample)

    def vectors(self, rows: np.ndarray | None = None) -> np.ndarray:
        """Return what is learnt of some rows (rows, d), or of all: what a word is as a word and as a context, added."""
        d, some = self._weights.dimensions, slice(None) if rows is None else rows
        return self._weights.words[some, :d] + self._weights.contexts[some, :d]

    def model(self) -> Model:
        """Return what is learnt."""
        words = [word.encode(errors="surrogatepass") for word in self.words]
        return Model(words, self.counts, self.vectors(), NO_SUBWORDS)

    def begin(self) -> None:
        """Draw the weights anew."""
        self._weights = Weights.drawn(len(self.words), self.spec.dimensions, self.spec.seed)

    def chunks(self) -> Iterator[np.ndarray]:
        """Yield the pairs in their random order, (n,) of PAIR."""
        for start in range(0, self.total, STEP_PAIRS):
            yield self._pairs[start : start + STEP_PAIRS]

    def tokens_of(self, chunk: np.ndarray) -> int:
        """Return how many pairs a chunk has."""
        return len(chunk)

    def rate_after(self, tokens: int) -> float:
        """Return the learning rate: it stays."""
        return self.learning_rate

    def learn(self, chunk: np.ndarray, before: Learnt, rate: float) -> float:
        """Learn a chunk and return the mean cost of its pairs, each before its own step."""
        if self.spec.threads == 1:
            return step(chunk, self._weights, self.spec, rate) / len(chunk)
        with ThreadPoolExecutor(self.spec.threads) as pool:
            return step(chunk, self._weights, self.spec, rate, pool) / len(chunk)

    def tables(self) -> Arrays:
        """Return the vectors and biases, as words and as contexts."""
        d = self._weights.dimensions
        both = {"vectors": self._weights.words, "contexts": self._weights.contexts}
        return {name: rows[:, :d] for name, rows in both.items()} | {
            f"{name}.bias": rows[:, 2 * d] for name, rows in both.items()
        }

    def sums(self) -> Arrays:
        """Return AdaGrad's sums of squared steps, in the order of a row: of the vector, and of the bias, last."""
        d = self._weights.dimensions
        both = {"vectors": self._weights.words, "contexts": self._weights.contexts}
        return {f"{name}.sums": rows[:, d : 2 * d] for name, rows in both.items()} | {
            f"{name}.bias.sums": rows[:, 2 * d + 1] for name, rows in both.items()
        }


def _drained(going: Generator[Any, None, T]) -> T:
    while True:
        try:
            next(going)
        except StopIteration as end:
            return end.value

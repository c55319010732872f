"""What GloVe learns: for each word two vectors with a bias, as a word and as another's context, and AdaGrad's sums."""

from dataclasses import dataclass

import numpy as np

from engine.seeds import numpy_generator
from engine.words.train.glove_kernels import LINE

BYTES_A_LINE = 64


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """``words`` and ``contexts``, (n, width) each: a row is a vector of ``dimensions``, as many sums of squared steps,
    the bias, its sum, and nothing up to a full line of the cache. All that a step needs of a word lies together.
    """

    dimensions: int
    words: np.ndarray
    contexts: np.ndarray

    @classmethod
    def drawn(cls, words: int, dimensions: int, seed: int, dtype: type[np.floating] = np.float32) -> "Weights":
        """Return the first weights: vectors and biases even between -1/2 and 1/2, over the dimensions; sums 1."""
        width = -(-(2 * dimensions + 2) // LINE) * LINE
        random = numpy_generator(seed, "glove", "weights")
        both = []
        for _ in range(2):
            rows = _aligned(words, width, dtype)
            rows[:] = 1
            start = (random.random((words, dimensions + 1)) - 0.5) / dimensions
            rows[:, :dimensions], rows[:, 2 * dimensions] = start[:, :-1], start[:, -1]
            both.append(rows)
        return cls(dimensions, *both)

    @property
    def vectors(self) -> np.ndarray:
        """Return what a word is in the end, the sum of its two vectors, (n, dimensions); a copy."""
        return self.words[:, : self.dimensions] + self.contexts[:, : self.dimensions]

    @property
    def biases(self) -> np.ndarray:
        """Return the biases, (2, n): as words, as contexts; a copy."""
        return np.stack([rows[:, 2 * self.dimensions] for rows in (self.words, self.contexts)])


def _aligned(rows: int, width: int, dtype: type[np.floating]) -> np.ndarray:
    """Return an array that begins where a line of the cache does."""
    size = np.dtype(dtype).itemsize
    memory = np.empty(rows * width + BYTES_A_LINE // size, dtype)
    skip = -memory.ctypes.data % BYTES_A_LINE // size
    return memory[skip : skip + rows * width].reshape(rows, width)

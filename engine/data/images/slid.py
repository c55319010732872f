"""A kernel has slid over a picture: the sums of all places, what is made of them, and one of them written out."""

from dataclasses import dataclass

import numpy as np

from engine.data.images.kernel_spec import POOL, KernelSpec
from engine.data.images.sliding import Pooling, Sliding, Term, convolve, pooled, terms
from engine.errors import SpecError


@dataclass(frozen=True, slots=True, eq=False)
class Slid:
    """``image`` (height, width), the ``kernel`` (k, k) as it was laid on it, and the ``sums`` of all places; ``output``
    (down, across), to which the bias was added and the activation applied; ``pools``, None where nothing is pooled.
    """

    image: np.ndarray
    kernel: np.ndarray
    sliding: Sliding
    bias: float
    relu: bool
    pooling: Pooling | None
    sums: np.ndarray
    output: np.ndarray
    pools: np.ndarray | None

    @property
    def reach(self) -> int:
        """Return how many pixels each way one number of the output sees: its receptive field."""
        return (len(self.kernel) - 1) * self.sliding.dilation + 1

    @property
    def pooled_reach(self) -> int:
        """Return how many pixels each way one number that was pooled sees."""
        return self.reach + (POOL - 1) * self.sliding.stride

    @property
    def like_a_picture(self) -> bool:
        """Tell whether the output is one of brightness: the kernel keeps some of it where all pixels are alike."""
        return float(self.kernel.sum()) > 1e-9

    def window(self, row: int, column: int) -> tuple[int, int, int, int]:
        """Return the first row and column, and the last ones, of what a place sees; they may lie in the frame."""
        top, left = (place * self.sliding.stride - self.sliding.padding for place in (row, column))
        return top, left, top + self.reach - 1, left + self.reach - 1


@dataclass(frozen=True, slots=True)
class Place:
    """One number of the output: its ``terms``, their ``total``, that ``with_bias`` and what the activation makes of it,
    ``output``; and, where it goes into a pool, the numbers of this (2, 2) and what is made of them.
    """

    row: int
    column: int
    terms: tuple[Term, ...]
    total: float
    with_bias: float
    output: float
    pool: np.ndarray | None = None
    pooled: float | None = None


def slide(spec: KernelSpec, image: np.ndarray) -> Slid:
    """Return what becomes of an image (height, width); raises SpecError where the kernel does not fit on it."""
    kernel, sliding = spec.kernel_as_laid(), spec.sliding()
    sums = convolve(image, kernel, sliding)
    output = sums + spec.bias
    if spec.activation == "relu":
        output = np.maximum(output, 0.0)
    pooling: Pooling | None = None if spec.pool == "none" else spec.pool
    if pooling and min(output.shape) < POOL:
        raise SpecError(
            f"The output has {output.shape[0]} × {output.shape[1]} numbers: expected {POOL} or more each way, to be "
            "pooled."
        )
    pools = pooled(output, POOL, pooling) if pooling else None
    relu = spec.activation == "relu"
    return Slid(image.astype(np.float64), kernel, sliding, float(spec.bias), relu, pooling, sums, output, pools)


def chosen(spec: KernelSpec, slid: Slid) -> tuple[int, int]:
    """Return the row and column of the output that are written out, from 0: those asked for, or the nearest there are;
    the first of those furthest from zero where none is asked for.
    """
    strongest = np.unravel_index(int(np.abs(slid.output).argmax()), slid.output.shape)
    row, column = (
        min(asked, count) - 1 if asked else int(there)
        for asked, count, there in zip((spec.row, spec.column), slid.output.shape, strongest, strict=True)
    )
    return row, column


def written_out(slid: Slid, row: int, column: int) -> Place:
    """Return one number of the output, step by step."""
    found = tuple(terms(slid.image, slid.kernel, slid.sliding, row, column))
    total = sum(term.product for term in found)
    with_bias = total + slid.bias
    output = max(with_bias, 0.0) if slid.relu else with_bias
    down, across = row // POOL, column // POOL
    if slid.pools is None or down >= slid.pools.shape[0] or across >= slid.pools.shape[1]:
        return Place(row, column, found, total, with_bias, output)
    pool = slid.output[down * POOL : (down + 1) * POOL, across * POOL : (across + 1) * POOL]
    return Place(row, column, found, total, with_bias, output, pool, float(slid.pools[down, across]))

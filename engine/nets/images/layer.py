"""A row of the table of layers; light, so that pages can show it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: its ``name`` in the net, its ``kind``, the shape of its ``output`` without the batch, how many
    ``parameters`` it has, and its ``flops`` for one image: a multiplication and an addition are two.

    ``field`` is the side of the square of pixels that one number of its output is made of, the frame of zeros included,
    and ``stride`` how many pixels lie between two such squares; 0 where a number sees the whole image, wherever it is.
    """

    name: str
    kind: str
    output: tuple[int, ...]
    parameters: int
    flops: int
    field: int
    stride: int


Seen = tuple[int, int]
"""Side of the square that is seen, and the way from one to the next."""
PIXEL: Seen = (1, 1)
WHOLE: Seen = (0, 0)


def total(found: Sequence[Layer]) -> tuple[int, int]:
    """Return the parameters and the flops of all layers together."""
    return sum(one.parameters for one in found), sum(one.flops for one in found)

"""How attention, to which any order is the same, is told where each symbol stands.

``sinusoid``: waves of many lengths, added to what is read (Vaswani et al. 2017, arXiv 1706.03762).
``rotary``: queries and keys are turned by angles that grow with their places (Su et al. 2021, arXiv 2104.09864).
``alibi``: the further off, the lower the score (Press, Smith and Lewis 2021, arXiv 2108.12409).
"""

import torch
from torch import Tensor

BASE = 10_000.0
"""The longest wave is 2 pi times this, in places; of both papers."""


def frequencies(width: int) -> Tensor:
    """Return by how many radians each pair of ``width`` numbers turns from one place to the next, (width / 2,), from
    1 down; ``width`` is even.
    """
    return BASE ** -(torch.arange(0, width, 2) / width)


def sinusoid(length: int, width: int) -> Tensor:
    """Return the vectors of ``length`` places, (length, width): sine and cosine of each frequency side by side."""
    angles = torch.arange(length)[:, None] * frequencies(width)
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)


def rotate(x: Tensor) -> Tensor:
    """Turn each pair of the numbers of ``x`` (..., T, D), D even, by its frequency times its place."""
    angles = torch.arange(x.shape[-2])[:, None] * frequencies(x.shape[-1])
    sin, cos = angles.sin().to(x), angles.cos().to(x)
    first, second = x[..., 0::2], x[..., 1::2]
    return torch.stack([first * cos - second * sin, first * sin + second * cos], dim=-1).flatten(-2)


def slopes(heads: int) -> Tensor:
    """Return how fast the scores of each of ``heads`` fall with each place, (heads,): 1/2, 1/4 ... 1/256 of eight.

    Of a number of heads that is no power of two the first slopes are those of the next lower power, and the others come
    from between those of the next higher one, as in the paper's code.
    """
    power = 1 << (heads.bit_length() - 1)
    steps = [8 * (at + 1) / power for at in range(power)]
    steps += [4 * (2 * at + 1) / power for at in range(heads - power)]
    return 2.0 ** -torch.tensor(steps)


def distance(asking: int, asked: int) -> Tensor:
    """Return how many places lie between each of ``asking`` and each of ``asked``, (asking, asked)."""
    return (torch.arange(asking)[:, None] - torch.arange(asked)).abs()

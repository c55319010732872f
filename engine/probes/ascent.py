"""The input that excites a unit most: found by going up the gradient of its answer, pixel by pixel.

Simonyan, Vedaldi and Zisserman 2013, arXiv 1312.6034; kept smooth as by Yosinski et al. 2015, arXiv 1506.06579.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.probes.listening import listening
from engine.probes.looking import looking

LENGTH = 0.5
"""How far a step moves a pixel, as the root of the mean square over those that the unit sees, in deviations of the
training pixels; at the last step a tenth of that.
"""
NOISE = 0.1
"""Deviation of the noise that it begins with, around the mean image."""
LAST = 0.1
"""The share of steps at the end in which the image is neither moved nor blurred."""


@dataclass(frozen=True, slots=True)
class Regularised:
    """How the image is held back from what no picture looks like.

    ``decay`` takes that share of its distance to the mean away from each pixel in each step; ``blur`` is the deviation
    in pixels of a Gaussian that smooths it every fourth step, ``jitter`` by how many pixels at most it is moved before
    each step, and back after it.
    """

    decay: float = 0.02
    blur: float = 0.75
    jitter: int = 1

    EVERY = 4


class Risen(NamedTuple):
    """Where an ascent stands: the ``image`` (channels, height, width) and what the unit answers to it."""

    image: Tensor
    answer: float


def ascent(
    net: nn.Module,
    layer: str,
    unit: int,
    place: tuple[int, int],
    bounds: tuple[Tensor, Tensor],
    steps: int,
    held: Regularised,
    generator: torch.Generator,
) -> Iterator[Risen]:
    """Yield the image that it begins with, and the one after each of ``steps``.

    The answer is that at ``place``, a row and a column of the unit's map, see ``listening``. ``bounds`` are the darkest
    and the brightest image (channels, height, width) as the net takes them: pixels stay between them.
    """
    low, high = bounds
    image = (torch.randn(low.shape, generator=generator) * NOISE).clamp(low, high)
    yield Risen(image, float(_answer(net, layer, unit, place, image)))
    for step in range(steps):
        free = step < steps * (1 - LAST)
        moved = _shift(held.jitter, generator) if free else (0, 0)
        with torch.enable_grad():
            seen = image.roll(moved, dims=(1, 2)).requires_grad_()
            (slope,) = torch.autograd.grad(_answer(net, layer, unit, place, seen, graph=True), seen)
        slope = slope.roll((-moved[0], -moved[1]), dims=(1, 2))
        reached = slope[slope != 0]
        size = reached.square().mean().sqrt() if len(reached) else torch.ones(())
        length = LENGTH * (1 - 0.9 * step / max(1, steps - 1))
        image = (image + length * slope / size) * (1 - held.decay)
        if free and held.blur and step % Regularised.EVERY == 0:
            image = blurred(image, held.blur)
        image = image.clamp(low, high)
        yield Risen(image, float(_answer(net, layer, unit, place, image)))


def answer(net: nn.Module, layer: str, unit: int, place: tuple[int, int], image: Tensor) -> float:
    """Return what a unit answers to an image (channels, height, width), at a place of its map."""
    return float(_answer(net, layer, unit, place, image))


def blurred(image: Tensor, deviation: float) -> Tensor:
    """Return an image (channels, height, width) smoothed by a Gaussian; at the border its last pixels go on."""
    reach = max(1, math.ceil(3 * deviation))
    places = torch.arange(-reach, reach + 1, dtype=image.dtype)
    weights = torch.exp(-places.square() / (2 * deviation**2))
    weights /= weights.sum()
    framed = functional.pad(image[:, None], (reach, reach, reach, reach), mode="replicate")  # (C, 1, H + 2r, W + 2r)
    across = functional.conv2d(framed, weights.view(1, 1, 1, -1))
    return functional.conv2d(across, weights.view(1, 1, -1, 1))[:, 0]  # (C, H, W)


def _answer(
    net: nn.Module, layer: str, unit: int, place: tuple[int, int], image: Tensor, *, graph: bool = False
) -> Tensor:
    with listening(net, layer) as heard, looking(net), torch.set_grad_enabled(graph):
        net(image[None])
    maps = heard[-1][0, unit]
    return maps[place] if maps.ndim else maps


def _shift(most: int, generator: torch.Generator) -> tuple[int, int]:
    down, across = torch.randint(-most, most + 1, (2,), generator=generator).tolist()
    return down, across

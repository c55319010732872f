"""A net of one's own for images, told layer by layer::

    conv 16 3, relu, pool 2, conv 32 3, relu, pool 2, dropout 0.2, dense 64, relu

``conv CHANNELS KERNEL`` keeps the size of the image, unless it is told ``stride S`` or ``pad P`` behind that; ``pool
SIZE`` takes the largest of so many pixels each way; ``norm``, ``relu`` and ``tanh`` stand alone; ``dropout SHARE``;
``dense UNITS``, from which on there is no image any more. The layer that gives the classes is put behind all that.
"""

import re
from collections.abc import Callable
from math import prod

import torch
from torch import Tensor, nn

from engine.errors import SpecError
from engine.nets.images.building import Shape
from engine.nets.images.plan import told_layers
from engine.nets.mlp import Dropout

MOST_LAYERS = 30
MOST_WEIGHTS = 5_000_000
MOST_NUMBERS = 4_000_000
"""So many numbers all layers together may make of one image: a batch of them has to be kept for the gradients."""
MOST_CHANNELS, MOST_UNITS, MOST_KERNEL = 512, 4_096, 31
_WHOLE = re.compile(r"[0-9]{1,5}")
_SHARE = re.compile(r"0?\.[0-9]{1,4}|0")


class OwnNet(nn.Module):
    """``layers.0``, ``layers.1``, ... as they were told, then ``flatten`` and ``head``. It is made by ``build`` alone.

    Raises SpecError where a layer does not fit what comes before it, with its number and what it is given.
    """

    def __init__(self, text: str, shape: Shape, classes: int) -> None:
        super().__init__()
        self.layers = nn.Sequential()
        x = torch.empty(2, *shape, device="meta")
        weights = made = 0
        told_all = told_layers(text)
        if len(told_all) > MOST_LAYERS:
            raise SpecError(f"The net has {len(told_all)} layers: expected at most {MOST_LAYERS}.")
        for number, told in enumerate(told_all, 1):
            layer = _layer(number, told, x)
            self.layers.append(layer)
            x = layer.eval()(x)
            weights += sum(weight.numel() for weight in layer.parameters())
            made += x[0].numel()
            if weights > MOST_WEIGHTS or made > MOST_NUMBERS:
                raise _wrong(number, told, x, "makes the net too large: expected", _largest())
        self.train()
        self.flatten = nn.Flatten()
        self.head = nn.Linear(x[0].numel(), classes)
        if weights + self.head.weight.numel() > MOST_WEIGHTS:
            raise SpecError(
                f"The last layer takes {x[0].numel():,} numbers for each of {classes} classes, which makes the net too "
                f"large: expected {_largest()}; pool more before it."
            )

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits (batch, classes)."""
        return self.head(self.flatten(self.layers(x)))


def _layer(number: int, told: str, x: Tensor) -> nn.Module:
    name, *words = told.split(" ")
    make = KINDS.get(name)
    if make is None:
        raise _wrong(number, told, x, "is no layer: expected", ", ".join(KINDS))
    return make(number, told, words, x)


def _conv(number: int, told: str, words: list[str], x: Tensor) -> nn.Module:
    usage = "conv CHANNELS KERNEL, and behind that stride S or pad P"
    options = dict(zip(words[2::2], words[3::2], strict=False))
    if len(words) % 2 or not 2 <= len(words) <= 6 or not set(options) <= {"stride", "pad"}:
        raise _wrong(number, told, x, "is not to be understood: expected", usage)
    _needs_image(number, told, x)
    channels = _whole(number, told, x, words[0], 1, MOST_CHANNELS)
    kernel = _whole(number, told, x, words[1], 1, MOST_KERNEL)
    stride = _whole(number, told, x, options.get("stride", "1"), 1, MOST_KERNEL)
    pad = _whole(number, told, x, options.get("pad", str(kernel // 2)), 0, MOST_KERNEL)
    framed = min(x.shape[2:]) + 2 * pad
    if kernel > framed:
        raise _wrong(number, told, x, "does not fit: expected", f"a kernel of at most {framed} for these pixels")
    return nn.Conv2d(x.shape[1], channels, kernel, stride, pad)


def _pool(number: int, told: str, words: list[str], x: Tensor) -> nn.Module:
    if len(words) != 1:
        raise _wrong(number, told, x, "is not to be understood: expected", "pool SIZE")
    _needs_image(number, told, x)
    size = _whole(number, told, x, words[0], 1, MOST_KERNEL)
    most = min(x.shape[2:])
    if size > most:
        raise _wrong(number, told, x, "does not fit: expected", f"a size of at most {most} for these pixels")
    return nn.MaxPool2d(size)


def _norm(number: int, told: str, words: list[str], x: Tensor) -> nn.Module:
    _alone(number, told, words, x)
    return nn.BatchNorm2d(x.shape[1]) if x.ndim == 4 else nn.BatchNorm1d(x.shape[1])


def _dense(number: int, told: str, words: list[str], x: Tensor) -> nn.Module:
    if len(words) != 1:
        raise _wrong(number, told, x, "is not to be understood: expected", "dense UNITS")
    units = _whole(number, told, x, words[0], 1, MOST_UNITS)
    dense = nn.Linear(x[0].numel(), units)
    return nn.Sequential(nn.Flatten(), dense) if x.ndim == 4 else dense


def _dropout(number: int, told: str, words: list[str], x: Tensor) -> nn.Module:
    if len(words) != 1 or not _SHARE.fullmatch(words[0]):
        raise _wrong(number, told, x, "is not to be understood: expected", "dropout SHARE, from 0 to 0.9999")
    return Dropout(float(words[0]), torch.Generator(device="cpu"))


def _bent(make: Callable[[], nn.Module]) -> Callable[[int, str, list[str], Tensor], nn.Module]:
    def bent(number: int, told: str, words: list[str], x: Tensor) -> nn.Module:
        _alone(number, told, words, x)
        return make()

    return bent


KINDS: dict[str, Callable[[int, str, list[str], Tensor], nn.Module]] = {
    "conv": _conv,
    "pool": _pool,
    "norm": _norm,
    "relu": _bent(nn.ReLU),
    "tanh": _bent(nn.Tanh),
    "dropout": _dropout,
    "dense": _dense,
}


def _needs_image(number: int, told: str, x: Tensor) -> None:
    if x.ndim != 4:
        raise _wrong(number, told, x, "comes too late: expected", "it before the first dense layer")


def _alone(number: int, told: str, words: list[str], x: Tensor) -> None:
    if words:
        raise _wrong(number, told, x, "is not to be understood: expected", f"{told.split(' ')[0]} alone")


def _whole(number: int, told: str, x: Tensor, word: str, low: int, high: int) -> int:
    if not _WHOLE.fullmatch(word) or not low <= int(word) <= high:
        raise _wrong(number, told, x, f"has {word[:20]!r} in it: expected", f"a whole number from {low} to {high:,}")
    return int(word)


def _wrong(number: int, told: str, x: Tensor, what: str, expected: str) -> SpecError:
    _, *sides = x.shape
    comes = f"{sides[0]} channels of {sides[1]} x {sides[2]} pixels" if len(sides) == 3 else f"{prod(sides):,} numbers"
    return SpecError(f"Layer {number}, {told[:60]!r}, {what} {expected}; it is given {comes}.")


def _largest() -> str:
    return f"at most {MOST_WEIGHTS:,} weights, and {MOST_NUMBERS:,} numbers made of an image"

"""A net of one's own for images, as a text tells it layer by layer; light, so that a form knows what does not fit::

    conv 16 3, relu, pool 2, conv 32 3, relu, pool 2, dropout 0.2, dense 64, relu

``conv CHANNELS KERNEL`` keeps the size of the image, unless it is told ``stride S`` or ``pad P`` behind that; ``pool
SIZE`` takes the largest of so many pixels each way; ``norm``, ``relu`` and ``tanh`` stand alone; ``dropout SHARE``;
``dense UNITS``, from which on there is no image any more. The layer that gives the classes is put behind all that.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

from engine.errors import SpecError
from engine.nets.images.plan import told_layers

Sides = tuple[int, ...]
"""What comes out of a layer for one image: channels, height and width, or from the first dense layer on how many."""
MOST_LAYERS = 30
MOST_WEIGHTS = 5_000_000
MOST_NUMBERS = 4_000_000
"""So many numbers all layers together may make of one image: a batch of them has to be kept for the gradients."""
MOST_CHANNELS, MOST_UNITS, MOST_KERNEL = 512, 4_096, 31
_WHOLE = re.compile(r"[0-9]{1,5}")
_SHARE = re.compile(r"0?\.[0-9]{1,4}|0")


@dataclass(frozen=True, slots=True)
class Told:
    """One layer: its ``kind``, the ``numbers`` that make it, what it is given (``before``), what comes out of it.

    The numbers are channels, kernel, stride and frame of a convolution, the size of a pool, the share of a dropout, the
    units of a dense layer.
    """

    kind: str
    before: Sides
    output: Sides
    numbers: tuple[int, ...] = ()
    share: float = 0.0

    @property
    def weights(self) -> int:
        """Return how many weights there are to be learnt, biases among them."""
        match self.kind:
            case "conv":
                channels, kernel, _, _ = self.numbers
                return channels * (self.before[0] * kernel**2 + 1)
            case "dense":
                return self.numbers[0] * (prod(self.before) + 1)
            case "norm":
                return 2 * self.before[0]
        return 0


def told_net(text: str, shape: Sides, classes: int) -> list[Told]:
    """Return the layers that a text tells, for images of a shape, but for the last, which gives the classes.

    Raises SpecError where a layer does not fit what comes before it, with its number and what it is given.
    """
    texts = told_layers(text)
    if len(texts) > MOST_LAYERS:
        raise SpecError(f"The net has {len(texts)} layers: expected at most {MOST_LAYERS}.")
    found: list[Told] = []
    sides = shape
    for number, told in enumerate(texts, 1):
        found.append(_Reader(number, told, sides).read())
        sides = found[-1].output
        if _weights(found) > MOST_WEIGHTS or sum(prod(layer.output) for layer in found) > MOST_NUMBERS:
            raise _Reader(number, told, sides).wrong("makes the net too large: expected", _largest())
    if _weights(found) + prod(sides) * classes > MOST_WEIGHTS:
        raise SpecError(
            f"The last layer takes {prod(sides):,} numbers for each of {classes} classes, which makes the net too "
            f"large: expected {_largest()}; pool more before it."
        )
    return found


def _weights(found: Sequence[Told]) -> int:
    return sum(layer.weights for layer in found)


class _Reader:
    """Reads one layer, ``told`` as the ``number``-th, that is given ``sides``."""

    def __init__(self, number: int, told: str, sides: Sides) -> None:
        self._number, self._told, self._sides = number, told, sides
        self._name, *self._words = told.split(" ")

    def read(self) -> Told:
        """Return the layer; raises SpecError."""
        read = KINDS.get(self._name)
        if read is None:
            raise self.wrong("is no layer: expected", ", ".join(KINDS))
        return read(self)

    def conv(self) -> Told:
        words = self._words
        options = dict(zip(words[2::2], words[3::2], strict=False))
        if len(words) % 2 or not 2 <= len(words) <= 6 or not set(options) <= {"stride", "pad"}:
            raise self._strange("conv CHANNELS KERNEL, and behind that stride S or pad P")
        sides = self._image()
        channels = self._whole(words[0], 1, MOST_CHANNELS)
        kernel = self._whole(words[1], 1, MOST_KERNEL)
        stride = self._whole(options.get("stride", "1"), 1, MOST_KERNEL)
        pad = self._whole(options.get("pad", str(kernel // 2)), 0, MOST_KERNEL)
        framed = min(sides) + 2 * pad
        if kernel > framed:
            raise self.wrong("does not fit: expected", f"a kernel of at most {framed} for these pixels")
        made = tuple((side + 2 * pad - kernel) // stride + 1 for side in sides)
        return self._made((channels, *made), channels, kernel, stride, pad)

    def pool(self) -> Told:
        if len(self._words) != 1:
            raise self._strange("pool SIZE")
        sides = self._image()
        size = self._whole(self._words[0], 1, MOST_KERNEL)
        if size > min(sides):
            raise self.wrong("does not fit: expected", f"a size of at most {min(sides)} for these pixels")
        return self._made((self._sides[0], *(side // size for side in sides)), size)

    def alone(self) -> Told:
        if self._words:
            raise self._strange(f"{self._name} alone")
        return self._made(self._sides)

    def dropout(self) -> Told:
        if len(self._words) != 1 or not _SHARE.fullmatch(self._words[0]):
            raise self._strange("dropout SHARE, from 0 to 0.9999")
        return Told(self._name, self._sides, self._sides, share=float(self._words[0]))

    def dense(self) -> Told:
        if len(self._words) != 1:
            raise self._strange("dense UNITS")
        units = self._whole(self._words[0], 1, MOST_UNITS)
        return self._made((units,), units)

    def wrong(self, what: str, expected: str) -> SpecError:
        """Return the error that says what is wrong with this layer."""
        channels, *sides = self._sides
        comes = f"{channels} channels of {sides[0]} x {sides[1]} pixels" if sides else f"{channels:,} numbers"
        return SpecError(f"Layer {self._number}, {self._told[:60]!r}, {what} {expected}; it is given {comes}.")

    def _strange(self, usage: str) -> SpecError:
        return self.wrong("is not to be understood: expected", usage)

    def _made(self, output: Sides, *numbers: int) -> Told:
        return Told(self._name, self._sides, output, numbers)

    def _image(self) -> Sides:
        """Return height and width of what is given, if that is an image."""
        if len(self._sides) == 1:
            raise self.wrong("comes too late: expected", "it before the first dense layer")
        return self._sides[1:]

    def _whole(self, word: str, low: int, high: int) -> int:
        if not _WHOLE.fullmatch(word) or not low <= int(word) <= high:
            raise self.wrong(f"has {word[:20]!r} in it: expected", f"a whole number from {low} to {high:,}")
        return int(word)


KINDS: dict[str, Callable[[_Reader], Told]] = {
    "conv": _Reader.conv,
    "pool": _Reader.pool,
    "norm": _Reader.alone,
    "relu": _Reader.alone,
    "tanh": _Reader.alone,
    "dropout": _Reader.dropout,
    "dense": _Reader.dense,
}


def _largest() -> str:
    return f"at most {MOST_WEIGHTS:,} weights, and {MOST_NUMBERS:,} numbers made of an image"

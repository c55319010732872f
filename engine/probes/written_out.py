"""How one number of a net for images came about, written out: of which numbers it is made, and what each adds.

Sums are made in double precision of the numbers that torch has in single precision, so they differ from its own in the
last digits.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.data.images.sliding import Sliding, Term, terms
from engine.nets.images.forward_pass import ForwardPass, Place
from engine.nets.images.graph import Node


@dataclass(frozen=True, eq=False)
class Convolved:
    """A sum over the window of a kernel: ``inputs`` (channels, height, width) come from ``before``, its unit ``first``
    and those behind it; ``kernel`` (channels, k, k). ``bias`` is None where the layer has none.
    """

    node: Node
    place: Place
    before: str
    first: int
    inputs: np.ndarray
    kernel: np.ndarray
    bias: float | None

    @cached_property
    def sliding(self) -> Sliding:
        """Return how the kernel slides."""
        return Sliding(self.node.stride, self.node.padding, self.node.dilation)

    def terms(self, channel: int) -> list[Term]:
        """Return the products of one channel, line by line."""
        return terms(self.inputs[channel], self.kernel[channel], self.sliding, self.place.row, self.place.column)

    @cached_property
    def sums(self) -> np.ndarray:
        """Return what each channel adds, (channels,) float64."""
        around, far = self.node.padding, self.node.size * self.node.dilation
        framed = np.pad(self.inputs.astype(np.float64), ((0, 0), (around, around), (around, around)))
        top, left = (at * self.node.stride for at in (self.place.row, self.place.column))
        seen = framed[:, top : top + far : self.node.dilation, left : left + far : self.node.dilation]
        with np.errstate(invalid="ignore"):  # an infinite weight on a 0 makes what is no number
            return (seen * self.kernel.astype(np.float64)).sum(axis=(1, 2))

    @cached_property
    def window(self) -> tuple[int, int, int, int]:
        """Return the first row and column, and the last ones, that are seen; they may lie in the frame of zeros."""
        reach = (self.node.size - 1) * self.node.dilation
        top, left = (at * self.node.stride - self.node.padding for at in (self.place.row, self.place.column))
        return top, left, top + reach, left + reach

    @property
    def value(self) -> float:
        """Return the sum, the bias included."""
        return float(self.sums.sum()) + (self.bias or 0.0)

    def source(self, channel: int) -> Place:
        """Return the place of the number that adds most to a channel's sum, or of one that is under the kernel."""
        height, width = self.inputs.shape[1:]
        inside = [one for one in self.terms(channel) if 0 <= one.row < height and 0 <= one.column < width]
        top, left, _, _ = self.window
        if not inside:
            return Place(self.before, self.first + channel, min(max(top, 0), height - 1), min(max(left, 0), width - 1))
        most = max(inside, key=lambda one: np.nan_to_num(abs(one.product)))
        return Place(self.before, self.first + channel, most.row, most.column)


@dataclass(frozen=True, eq=False)
class Weighed:
    """A weighted sum of all ``inputs`` (n,) that a dense layer takes, with the unit's ``weights`` (n,) and ``bias``."""

    node: Node
    place: Place
    inputs: np.ndarray
    weights: np.ndarray
    bias: float | None

    @cached_property
    def products(self) -> np.ndarray:
        """Return what each input adds, (n,) float64."""
        with np.errstate(invalid="ignore"):
            return self.inputs.astype(np.float64) * self.weights.astype(np.float64)

    @cached_property
    def order(self) -> np.ndarray:
        """Return the places of the inputs, those that add or take away most first; what is no number before them."""
        sizes = np.nan_to_num(np.abs(self.products), nan=np.inf)
        return np.argsort(-sizes, kind="stable")

    @property
    def value(self) -> float:
        """Return the sum, the bias included."""
        return float(self.products.sum()) + (self.bias or 0.0)


@dataclass(frozen=True, slots=True)
class Normed:
    """Batch norm as it is once a net has learnt (Ioffe and Szegedy 2015, arXiv 1502.03167): with the ``mean`` and the
    ``variance`` that were kept while it learnt, then times ``scale`` plus ``shift``.
    """

    node: Node
    place: Place
    x: float
    mean: float
    variance: float
    scale: float
    shift: float

    @property
    def deviation(self) -> float:
        """Return what is divided by: the root of the variance, and a little."""
        return float(np.sqrt(self.variance + self.node.eps))

    @property
    def value(self) -> float:
        """Return the number that it makes."""
        return (self.x - self.mean) / self.deviation * self.scale + self.shift


@dataclass(frozen=True, slots=True)
class Bent:
    """An activation of one number, ``x``."""

    node: Node
    place: Place
    x: float

    @property
    def value(self) -> float:
        """Return the number that it makes; what is none stays none."""
        if self.node.kind == "tanh":
            return float(np.tanh(self.x))
        return self.x if np.isnan(self.x) else max(self.x, 0.0)


@dataclass(frozen=True, eq=False)
class Pooled:
    """The largest, or the mean, of a ``window`` (height, width) of the map of ``before``, whose first number lies in
    row ``top`` and column ``left``. What lies in a frame is not in it.
    """

    node: Node
    place: Place
    before: str
    window: np.ndarray
    top: int
    left: int

    @property
    def winner(self) -> Place:
        """Return the place of the largest number in the window, the first of several; of one that is none if any is."""
        found = self.window.argmax()  # numpy holds what is no number for the largest, as torch does
        row, column = np.unravel_index(int(found), self.window.shape)
        return Place(self.before, self.place.unit, self.top + int(row), self.left + int(column))

    @property
    def value(self) -> float:
        """Return the number that is left of the window."""
        return float(self.window.max() if self.node.kind == "largest" else self.window.astype(np.float64).mean())


@dataclass(frozen=True, slots=True)
class Added:
    """The sum of the numbers in several ``places``, which are the same place of several layers."""

    node: Node
    place: Place
    places: tuple[Place, ...]
    numbers: tuple[float, ...]

    @property
    def value(self) -> float:
        """Return their sum."""
        return sum(self.numbers)


@dataclass(frozen=True, slots=True)
class Joined:
    """A number that is handed on as it is from the place ``source`` of one of the branches."""

    node: Node
    place: Place
    source: Place
    value: float


Written = Convolved | Weighed | Normed | Bent | Pooled | Added | Joined


def write_out(one: ForwardPass, place: Place) -> Written:
    """Return how the number in a place came about; raises KeyError for the image, which is made of nothing."""
    node = one.graph.by_name[place.layer]
    before = node.inputs[0]
    match node.kind:
        case "conv":
            return _convolved(one, node, place)
        case "dense":
            return _weighed(one, node, place)
        case "add":
            places = tuple(_moved(place, name) for name in node.inputs)
            return Added(node, place, places, tuple(one.number(other) for other in places))
        case "join":
            name, unit = one.branch(node, place.unit)
            source = Place(name, unit, place.row, place.column)
            return Joined(node, place, source, one.number(source))
        case "largest" | "mean":
            return _pooled(one, node, place)
        case "norm":
            kept = ("running_mean", "running_var", "weight", "bias")
            numbers = [float(one.tensors[f"{node.name}.{name}"][place.unit]) for name in kept]
            return Normed(node, place, one.number(_moved(place, before)), *numbers)
        case _:
            return Bent(node, place, one.number(_moved(place, before)))


def _moved(place: Place, layer: str) -> Place:
    return Place(layer, place.unit, place.row, place.column)


def _bias(one: ForwardPass, place: Place) -> float | None:
    found = one.tensors.get(f"{place.layer}.bias")
    return None if found is None else float(found[place.unit])


def _convolved(one: ForwardPass, node: Node, place: Place) -> Convolved:
    kernel = one.tensors[f"{node.name}.weight"][place.unit]
    group = place.unit // (one.units(node.name) // node.groups)
    first = group * len(kernel)
    inputs = one.maps(node.inputs[0])[first : first + len(kernel)]
    return Convolved(node, place, node.inputs[0], first, inputs, kernel, _bias(one, place))


def _weighed(one: ForwardPass, node: Node, place: Place) -> Weighed:
    weights = one.tensors[f"{node.name}.weight"][place.unit]
    return Weighed(node, place, one.outputs[node.inputs[0]].ravel(), weights, _bias(one, place))


def _pooled(one: ForwardPass, node: Node, place: Place) -> Pooled:
    (before,) = node.inputs
    found = one.maps(before)[place.unit]
    if not node.size:
        return Pooled(node, place, before, found, 0, 0)
    top, left = (at * node.stride - node.padding for at in (place.row, place.column))
    bottom, right = top + node.size, left + node.size
    top, left = max(top, 0), max(left, 0)
    return Pooled(node, place, before, found[top:bottom, left:right], top, left)

"""What a net for images does, at a look: its kernels, its feature maps of one image, the mistakes that it makes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.probes.looking import looking
from engine.probes.tensors import Tensors
from engine.readings import Reading

LEVELS = 255
AT_ONCE = 125
"""Images that go through the net together: more would take memory for nothing, and whoever asks would wait longer."""


@dataclass(frozen=True, slots=True, eq=False)
class Maps(Tensors):
    """Feature maps of one image by layers, uint8: (maps, height, width), or (units,). 0 stands for the lowest number of
    the map, 255 for its highest, see ``MapLows`` and ``MapHighs``.
    """

    name: ClassVar[str] = "maps"


@dataclass(frozen=True, slots=True, eq=False)
class MapLows(Tensors):
    """The lowest number of each map by layers, (maps,) float32."""

    name: ClassVar[str] = "maps_low"


@dataclass(frozen=True, slots=True, eq=False)
class MapHighs(Tensors):
    """The highest number of each map by layers, (maps,) float32."""

    name: ClassVar[str] = "maps_high"


@dataclass(frozen=True, slots=True, eq=False)
class Watched(Reading):
    """The image that is looked at, ``pixels`` (1, height, width, channels) uint8, and what the net makes of it: the
    ``logits`` and the ``probabilities`` (classes,) float32.
    """

    name: ClassVar[str] = "image"
    pixels: np.ndarray
    logits: np.ndarray
    probabilities: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Mistakes(Reading):
    """Images held out that are told wrongly, the worst first: (n, height, width, channels) uint8."""

    name: ClassVar[str] = "mistakes"
    pixels: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Suspects(Reading):
    """Training images whose labels the net believes least, (n, height, width, channels) uint8."""

    name: ClassVar[str] = "suspects"
    pixels: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Batch(Reading):
    """Images of this step's batch as the net learns them, (n, height, width, channels) uint8."""

    name: ClassVar[str] = "batch"
    pixels: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Learnt(Reading):
    """All images, the training images first: the label that is told of each, (images,) int32, and how bright it is on
    average, from 0 to 255, (images,) float32.
    """

    name: ClassVar[str] = "images"
    labels: np.ndarray
    brightness: np.ndarray


class Worst(NamedTuple):
    """Places of images whose labels a net does not tell, the largest loss first; what it tells, and how surely."""

    places: np.ndarray
    told: np.ndarray
    share: np.ndarray


def read_maps(maps: Mapping[str, np.ndarray], layers: Iterable[str], most: int) -> tuple[Maps, MapLows, MapHighs]:
    """Return the first ``most`` feature maps of each of ``layers``, from all (see ``read_feature_maps``)."""
    levels, lows, highs = {}, {}, {}
    for layer in layers:
        found = maps[layer][:most]
        flat = found.reshape(len(found), -1) if found.ndim > 1 else found[:, None]
        # A number that is none would spoil the scale of its map: it is drawn as the lowest.
        flat = np.where(np.isfinite(flat), flat, np.nan)
        empty = np.isnan(flat).all(axis=1, keepdims=True)
        flat = np.where(empty, 0, flat)
        low, high = np.nanmin(flat, axis=1), np.nanmax(flat, axis=1)
        span = np.where(high > low, high - low, 1)
        shares = np.nan_to_num((flat - low[:, None]) / span[:, None])
        levels[layer] = np.rint(shares * LEVELS).astype(np.uint8).reshape(found.shape)
        lows[layer], highs[layer] = low.astype(np.float32), high.astype(np.float32)
    return Maps(levels), MapLows(lows), MapHighs(highs)


def cropped(array: np.ndarray, sides: tuple[int, ...]) -> np.ndarray:
    """Return a copy of the first cells of an array: at most so many along each of its first axes."""
    return array[tuple(slice(side) for side in sides[: array.ndim])].copy()


class Answers(NamedTuple):
    """What a net says of many images: logits (n, classes); and for each layer asked about, the largest size that any
    number of each of its maps had, (maps,).
    """

    logits: Tensor
    largest: Mapping[str, np.ndarray]


def answers(
    net: nn.Module, inputs: Tensor, layers: Iterable[str] = (), meanwhile: Callable[[], None] = lambda: None
) -> Answers:
    """Return what ``net`` says of ``inputs`` (n, channels, height, width), in evaluation mode, without a trace.

    ``meanwhile`` is called between some of them and the next; it may use the net.
    """
    largest: dict[str, Tensor] = {}

    def note(name: str, given: Tensor) -> None:
        size = given.abs().transpose(0, 1).flatten(1).amax(dim=1)
        largest[name] = torch.maximum(largest[name], size) if name in largest else size

    logits = []
    for part in inputs.split(AT_ONCE):
        with looking(net), heard(net, layers, note):
            logits.append(net(part))
        meanwhile()
    return Answers(torch.cat(logits), {name: found.numpy() for name, found in largest.items()})


@contextmanager
def heard(net: nn.Module, layers: Iterable[str], note: Callable[[str, Tensor], None]) -> Iterator[None]:
    """Have it noted what ``layers`` give, by their names, as long as the block lasts."""
    handles = [
        net.get_submodule(name).register_forward_hook(lambda *given, name=name: note(name, given[2])) for name in layers
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def worst(logits: Tensor, labels: Tensor, most: int) -> Worst:
    """Return where ``logits`` (n, classes) tell another class than ``labels`` (n,), the largest loss first."""
    losses = functional.cross_entropy(logits, labels, reduction="none").nan_to_num(torch.inf)
    shares = functional.softmax(logits, dim=1)
    best, told = shares.max(dim=1)
    wrong = (told != labels).nonzero()[:, 0]
    places = wrong[torch.argsort(losses[wrong], descending=True, stable=True)][:most]
    return Worst(places.numpy(), told[places].numpy(), best[places].numpy())


def pictures(pixels: np.ndarray) -> np.ndarray:
    """Return images (n, channels, height, width) with their channels last, as screens have them."""
    return np.ascontiguousarray(pixels.transpose(0, 2, 3, 1))


def captions(found: Worst, labels: np.ndarray, classes: tuple[str, ...], label: str) -> Iterator[str]:
    """Yield what stands below each of the worst: what is told and how surely, and what the ``label`` says."""
    for place, told, share in zip(*found, strict=True):
        yield f"predicted {classes[told]} ({share:.0%}), {label} {classes[labels[place]]}"

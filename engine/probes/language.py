"""Looking at a language model: what it tells of a text, what its units do there, what it chose from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from engine.language.decoding import Considered
from engine.language.pieces import Pieces
from engine.language.properties import Property, correlations
from engine.nets.language.model import Carried, LanguageModel, Piece, States
from engine.probes.looking import looking
from engine.readings import Reading

MOST_CHOICES = 20


@dataclass(frozen=True, slots=True, eq=False)
class Excerpt(Reading):
    """A text looked at, (n,) float32 each: what the chosen ``unit`` was when each symbol had been read, and by how many
    bits the symbol was a ``surprise``; NaN for the first one, ahead of which nothing was read.
    """

    name: ClassVar[str] = "excerpt"
    unit: np.ndarray
    surprise: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Units(Reading):
    """What the first units of the layer looked at were on the excerpt, (units, n) float32."""

    name: ClassVar[str] = "units"
    states: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Sample(Reading):
    """What the net went on with: how many bits of ``surprise`` each symbol was to it, (n,) float32."""

    name: ClassVar[str] = "sample"
    surprise: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Choice(Reading):
    """The likeliest symbols behind the prompt, (c,) each: the probability ``told``, that with which each was ``drawn``,
    both float32; its ``fate``, uint8, see ``engine.language.decoding.Fate``; and whether it was ``chosen``, uint8.
    """

    name: ClassVar[str] = "choice"
    told: np.ndarray
    drawn: np.ndarray
    fate: np.ndarray
    chosen: np.ndarray


class Answers(NamedTuple):
    """Sums (n, V) for a text, and the symbols (n,) that came."""

    sums: Tensor
    targets: Tensor


class Over(NamedTuple):
    """A text read by a net: its sums (n, V), and its ``layers`` (n, units) each."""

    sums: Tensor
    layers: Mapping[str, Tensor]


class Best(NamedTuple):
    """The unit whose activation goes best along with a property: in which layer, which one, with which ``r``."""

    layer: str
    unit: int
    r: float


def answers(net: LanguageModel, pieces: Pieces, most: int, meanwhile: Callable[[], None] = lambda: None) -> Answers:
    """Return what a net tells of the first ``most`` steps of ``pieces``, carried on where they keep the state."""
    carried, sums, targets = Carried(), [], []
    with looking(net):
        for at in range(min(most, pieces.per_stream)):
            meanwhile()
            places = torch.arange(pieces.streams) * pieces.per_stream + at
            symbols, following = pieces.at(places)
            carried = Carried(carried.end)
            sums.append(net(Piece(symbols, carried if pieces.keeps else None)))
            targets.append(following)
    return Answers(torch.cat(sums), torch.cat(targets))


def read_over(net: LanguageModel, symbols: np.ndarray, window: int | None, states: States | None = None) -> Over:
    """Return what a net makes of a text (n,), read on from ``states``; one that sees no more than a ``window`` at once
    reads piece by piece, each anew.
    """
    size = window or len(symbols)
    with looking(net):
        parts = [
            net.look(torch.from_numpy(symbols[start : start + size])[None], states)
            for start in range(0, len(symbols), size)
        ]
    names = parts[0].layers
    return Over(
        torch.cat([part.sums[0] for part in parts]),
        {name: torch.cat([part.layers[name][0] for part in parts]) for name in names},
    )


def surprises(sums: Tensor, symbols: np.ndarray) -> np.ndarray:
    """Return by how many bits each symbol (n,) was a surprise, float32, where ``sums`` (n, V) stand behind each of
    them; NaN for the first.
    """
    found = np.full(len(symbols), np.nan, np.float32)
    if len(symbols) > 1:
        logs = torch.log_softmax(sums[:-1], dim=-1)
        told = logs.gather(1, torch.from_numpy(symbols[1:])[:, None])[:, 0]
        found[1:] = -told.numpy() / np.log(2)
    return found


def bits(told: Answers) -> float:
    """Return the mean surprise of the symbols that came, in bits."""
    return float(functional.cross_entropy(told.sums, told.targets)) / float(np.log(2))


def read_choice(among: Considered, chosen: int) -> tuple[Choice, list[int]]:
    """Return the likeliest symbols of what there was to choose from, and their numbers; the chosen one is among them.

    They are in the order of the net's own probabilities.
    """
    places = np.argsort(-among.told, kind="stable")[:MOST_CHOICES]
    if chosen not in places:
        places = np.append(places[:-1], chosen)
    fate = among.fates[places].astype(np.uint8)
    told, drawn = (part[places].astype(np.float32) for part in (among.told, among.drawn))
    return Choice(told, drawn, fate, (places == chosen).astype(np.uint8)), places.tolist()


def best_units(layers: Mapping[str, np.ndarray], told: Mapping[Property, np.ndarray]) -> dict[Property, Best]:
    """Return for each property the unit of all ``layers`` (n, units) that goes best along with it, up or down; none for
    a property that does not change in this text.
    """
    found: dict[Property, Best] = {}
    for name, values in told.items():
        if values.min() == values.max():
            continue
        by_layer = {layer: correlations(units.astype(np.float64), values) for layer, units in layers.items()}
        layer = max(by_layer, key=lambda one: float(np.abs(by_layer[one]).max()))
        unit = int(np.abs(by_layer[layer]).argmax())
        found[name] = Best(layer, unit, float(by_layer[layer][unit]))
    return found

"""A number that is followed through a net, in words and formulas."""

import math
from collections.abc import Sequence

import numpy as np

from engine.explanation import word
from engine.nets.images.forward_pass import ForwardPass, Place
from engine.nets.images.graph import IMAGE, Graph, Kind, Node
from engine.nets.images.plan import title
from engine.probes.written_out import Added, Bent, Convolved, Joined, Normed, Pooled, Weighed, Written
from pages.ui.text import plain

KINDS: dict[Kind, str] = {
    "conv": "convolution",
    "dense": "dense",
    "norm": "batch norm",
    "relu": "ReLU",
    "tanh": "tanh",
    "largest": "max pooling",
    "mean": "mean of each map",
    "add": "sum",
    "join": "join",
}
MOST_NAMED = 3


def number(value: float) -> str:
    """Return a number to four figures, as one reads it."""
    if math.isnan(value):
        return "no number"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return word(value + 0.0)


def factor(value: float) -> str:
    """Return a number as it stands within a formula: in brackets if it is below zero."""
    return f"({number(value)})" if value < 0 else number(value)


def sizes(shape: Sequence[int]) -> str:
    """Return how large something is."""
    return " × ".join(map(str, shape))


def name(layer: str) -> str:
    """Return what a layer is called, fit for Markdown."""
    return "the image" if layer == IMAGE else plain(title(layer), 80)


def station(one: ForwardPass, node: Node) -> str:
    """Return what stands on the button of a layer."""
    return f"{name(node.name)} · {KINDS[node.kind]} · {sizes(one.outputs[node.name].shape)}"


def unit(one: ForwardPass, layer: str, at: int) -> str:
    """Return what a unit is called: where there are maps, a map."""
    if layer == IMAGE:
        return "the image" if one.units(layer) == 1 else f"channel {at} of the image"
    kind = "map" if one.maps(layer)[0].size > 1 else "unit"
    return f"{kind} {at} of {name(layer)}"


def spot(one: ForwardPass, place: Place) -> str:
    """Return where a number is."""
    many = one.maps(place.layer)[0].size > 1
    return f"{f'row {place.row}, column {place.column} of ' if many else ''}{unit(one, place.layer, place.unit)}"


def takers(graph: Graph, place: Place) -> str:
    """Return what takes a number when it is followed no further, in a sentence; nothing at the net's end."""
    names = [f"{name(node.name)} ({KINDS[node.kind]})" for node in graph.takers(place.layer)]
    if not names:
        return ""
    told = ", ".join(names[:MOST_NAMED]) + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")
    return f"Next it is taken by {told}."


def steps(one: ForwardPass, found: Written, channel: int) -> str:
    """Return how a number comes about, in sentences; of a convolution the products of ``channel`` are told apart."""
    match found:
        case Convolved():
            return _convolved(one, found, channel)
        case Weighed():
            return _with_bias(f"The {len(found.products):,} products add up to", float(found.products.sum()), found)
        case _:
            return after(one, found)


def after(one: ForwardPass, found: Written) -> str:
    """Return what a layer makes of a number, in a sentence."""
    value = f"**{number(found.value)}**"
    match found:
        case Normed():
            inner = f"({number(found.x)} − {factor(found.mean)}) / {number(found.deviation)}"
            return f"{inner} · {factor(found.scale)} + {factor(found.shift)} = {value}"
        case Bent() if found.node.kind == "tanh":
            return f"tanh({number(found.x)}) = {value}"
        case Bent():
            return f"max(0, {number(found.x)}) = {value}"
        case Added():
            parts = [
                f"{factor(own)} ({name(place.layer)})" for own, place in zip(found.numbers, found.places, strict=True)
            ]
            return f"{' + '.join(parts)} = {value}"
        case Joined():
            before, now = found.source, found.place
            return f"{unit(one, before.layer, before.unit)} is handed on as {unit(one, now.layer, now.unit)}: {value}"
        case Pooled() if found.node.kind == "largest":
            won = found.winner
            return f"the largest of {sizes(found.window.shape)}, in row {won.row}, column {won.column}: {value}"
        case Pooled():
            return f"of {sizes(found.window.shape)}: {number(found.window.sum())} / {found.window.size} = {value}"
        case _:
            return value


def norm_formula(found: Normed) -> str:
    """Return the formula of batch norm."""
    return (
        rf"$\frac{{x - \mu}}{{\sqrt{{\sigma^2 + {_decimal(found.node.eps)}}}}}\,\gamma + \beta$: "
        f"μ = {number(found.mean)}, σ² = {number(found.variance)}, γ = {number(found.scale)}, β = {number(found.shift)}"
    )


def softmax(logits: np.ndarray, at: int) -> str:
    """Return how a logit becomes a probability, the largest taken from all: so no power is too large."""
    exact = logits.astype(np.float64)
    powers = np.exp(exact - exact.max())
    share = powers[at] / powers.sum()
    return (
        f"exp({number(exact[at])} − {factor(exact.max())}) / Σ exp = {number(powers[at])} / {number(powers.sum())} "
        f"= **{number(share)}**"
    )


def _decimal(value: float) -> str:
    """Return a small number without a power of ten."""
    return f"{value:.12f}".rstrip("0").rstrip(".")


def _convolved(one: ForwardPass, found: Convolved, channel: int) -> str:
    many = found.kernel[channel].size
    of = f" of {unit(one, found.before, found.first + channel)}" if len(found.sums) > 1 else ""
    products = f"The {many} products{of} add up to" if many > 1 else f"The product{of} is"
    told = f"{products} **{number(float(found.sums[channel]))}**."
    total = float(found.sums.sum())
    if len(found.sums) > 1:
        others = total - float(found.sums[channel])
        told += f" The other {len(found.sums) - 1} add {number(others)}: **{number(total)}**."
    if found.bias is None:
        return f"{told} This layer has no bias."
    return f"{told} With the bias of {number(found.bias)} that is **{number(found.value)}**."


def _with_bias(begin: str, total: float, found: Weighed) -> str:
    told = f"{begin} **{number(total)}**."
    if found.bias is None:
        return told
    return f"{told} With the bias of {number(found.bias)} that is **{number(found.value)}**."

"""How gradients flow: their size in each layer, how far they move the weights, which units no longer answer.

Sizes are root mean squares over the cells of a layer's weight matrix, so that layers of different sizes compare.
"""

import math
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn

# (the unit is silent here, the unit is at a flat end here): cell by cell, from the outputs of the activation.
Test = Callable[[Tensor], Tensor]
SILENT: dict[str, Test] = {name: lambda a: a.abs() <= 1e-6 for name in ("relu", "gelu", "silu", "softplus")}
FLAT: dict[str, Test] = {
    "tanh": lambda a: a.abs() > 0.97,
    "sigmoid": lambda a: (a - 0.5).abs() > 0.47,
    "elu": lambda a: a < -0.97,
}
Share = Callable[[str, Tensor], float]

VANISHING = 1e-3
EXPLODING = 1e3
LARGE_UPDATE = 0.3
MANY = 0.5


def root_mean_square(tensor: Tensor | None) -> float:
    """Return the root of the mean square of all cells; NaN for no tensor."""
    return float("nan") if tensor is None else float(torch.linalg.vector_norm(tensor)) / math.sqrt(tensor.numel())


def gradient_sizes(layers: Sequence[nn.Linear]) -> list[float]:
    """Return the root mean square of dL/dW of each layer."""
    return [root_mean_square(layer.weight.grad) for layer in layers]


def update_ratios(layers: Sequence[nn.Linear], before: Sequence[Tensor] | None) -> list[float]:
    """Return |W - before| / |before| of each layer: the last update against the weights; NaN if that is not known."""
    if before is None:
        return [float("nan")] * len(layers)
    return [
        _ratio(float(torch.linalg.vector_norm(layer.weight.detach() - old)), float(torch.linalg.vector_norm(old)))
        for layer, old in zip(layers, before, strict=True)
    ]


def dead_share(activation: str, outputs: Tensor) -> float:
    """Return the share of units that stay silent on every point, from outputs (n, units); 0 where none can die."""
    test = SILENT.get(activation)
    return int(test(outputs).all(dim=0).sum()) / outputs.shape[1] if test else 0.0


def saturated_share(activation: str, outputs: Tensor) -> float:
    """Return the share of (point, unit) pairs at a flat end, from outputs (n, units); 0 where there is none."""
    test = FLAT.get(activation)
    return int(test(outputs).sum()) / outputs.numel() if test else 0.0


def describe(
    sizes: Mapping[str, float], updates: Mapping[str, float], dead: Mapping[str, float], saturated: Mapping[str, float]
) -> str:
    """Say in plain words how the gradients are, worst trouble first; all arguments by layer, from the first layer
    on.
    """
    broken = next((layer for layer, size in sizes.items() if not math.isfinite(size)), None)
    if broken is not None:
        return f"Broken: the gradient of {broken} is {sizes[broken]}."
    largest, smallest = max(sizes, key=sizes.__getitem__), min(sizes, key=sizes.__getitem__)
    if sizes[largest] == 0:
        return "No gradient: it is exactly 0 in every layer, so no weight moves."
    if sizes[largest] > EXPLODING:
        return f"Exploding: the gradient of {largest} is {sizes[largest]:.2g}, above {EXPLODING:g}."
    if sizes[smallest] == 0:
        return f"Blocked: no gradient reaches {smallest}, while {largest} gets {sizes[largest]:.2g}."
    return (
        _trouble("Dead", "units of {} are silent on every training point", dead)
        or _vanishing(sizes)
        or _trouble("Saturated", "outputs of {} lie at a flat end of the activation", saturated)
        or _large_update(updates)
        or f"Fine: from {sizes[smallest]:.2g} in {smallest} to {sizes[largest]:.2g} in {largest}."
    )


def _vanishing(sizes: Mapping[str, float]) -> str | None:
    first, last = next(iter(sizes)), next(reversed(list(sizes)))
    if sizes[first] >= VANISHING * sizes[last]:
        return None
    times = sizes[last] / sizes[first]
    return f"Vanishing: {first} gets {sizes[first]:.2g}, {times:,.0f} times less than {last} with {sizes[last]:.2g}."


def _trouble(flag: str, what: str, shares: Mapping[str, float]) -> str | None:
    worst = max(shares, key=shares.__getitem__, default=None)
    if worst is None or not shares[worst] >= MANY:
        return None
    return f"{flag}: {shares[worst]:.0%} of the {what.format(worst)}."


def _large_update(updates: Mapping[str, float]) -> str | None:
    worst = max(updates, key=lambda layer: updates[layer] if math.isfinite(updates[layer]) else -1.0)
    if not updates[worst] > LARGE_UPDATE:
        return None
    return f"Restless: the last update moved {worst} by {updates[worst]:.0%} of its size; the learning rate is high."


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else (float("nan") if part == 0 else float("inf"))

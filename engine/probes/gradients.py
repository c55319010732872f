"""How gradients flow: their size in each layer, how far they move the weights, which units no longer answer.

Sizes are root mean squares over the cells of a layer's weight matrix, so that layers of different sizes compare.
"""

import math
from collections.abc import Callable, Mapping

import numpy as np

# (the unit is silent here, the unit is at a flat end here): cell by cell, from the outputs of the activation.
Test = Callable[[np.ndarray], np.ndarray]
SILENT_BELOW = 1e-6
SILENT: dict[str, Test] = {name: lambda a: np.abs(a) <= SILENT_BELOW for name in ("relu", "gelu", "silu", "softplus")}
FLAT: dict[str, Test] = {
    "tanh": lambda a: np.abs(a) > 0.97,
    "sigmoid": lambda a: np.abs(a - 0.5) > 0.47,
    "elu": lambda a: a < -0.97,
}
Share = Callable[[str, np.ndarray], float]

VANISHING = 1e-3
EXPLODING = 1e3
LARGE_UPDATE = 0.3
MANY_DEAD = 0.25
"""A unit that has died stays so: a quarter of a layer is a loss already."""
MANY_SATURATED = 0.5
MEASURE = "root mean square"


def norm(array: np.ndarray) -> float:
    """Return the root of the sum of the squares of all cells."""
    return math.sqrt(np.vdot(array, array))


def root_mean_square(array: np.ndarray) -> float:
    """Return the root of the mean square of all cells."""
    return norm(array) / math.sqrt(array.size)


def update_ratio(weight: np.ndarray, before: np.ndarray | None) -> float:
    """Return |W - before| / |before|: the last update against the weights; NaN if that is not known."""
    return math.nan if before is None else _ratio(norm(weight - before), norm(before))


def dead_share(activation: str, outputs: np.ndarray) -> float:
    """Return the share of units that stay silent on every point, from outputs (n, units); 0 where none can die."""
    test = SILENT.get(activation)
    return int(test(outputs).all(axis=0).sum()) / outputs.shape[1] if test else 0.0


def saturated_share(activation: str, outputs: np.ndarray) -> float:
    """Return the share of (point, unit) pairs at a flat end, from outputs (n, units); 0 where there is none."""
    test = FLAT.get(activation)
    return int(test(outputs).sum()) / outputs.size if test else 0.0


def describe(
    sizes: Mapping[str, float], updates: Mapping[str, float], dead: Mapping[str, float], saturated: Mapping[str, float]
) -> str:
    """Say in plain words how the gradients are, worst trouble first; all arguments by layer, from the first layer on,
    each called as it is to be called in a sentence: ``layer 1``, ``the output layer``.
    """
    broken = next((layer for layer, size in sizes.items() if not math.isfinite(size)), None)
    if broken is not None:
        what = "no number (NaN)" if math.isnan(sizes[broken]) else "infinite"
        return f"Broken: the gradient of {broken} is {what}."
    largest, smallest = max(sizes, key=sizes.__getitem__), min(sizes, key=sizes.__getitem__)
    if sizes[largest] == 0:
        return "No gradient: it is exactly 0 in every layer, so no weight moves."
    if sizes[largest] > EXPLODING:
        return f"Exploding: the gradient of {largest} is {sizes[largest]:.2g} ({MEASURE}), above {EXPLODING:g}."
    if sizes[smallest] == 0:
        return f"Blocked: no gradient reaches {smallest}, while that of {largest} is {sizes[largest]:.2g} ({MEASURE})."
    return (
        _trouble("Dead", "units of {} are silent on every training point", dead, MANY_DEAD)
        or _vanishing(sizes)
        or _trouble("Saturated", "outputs of {} lie at a flat end of the activation", saturated, MANY_SATURATED)
        or _large_update(updates)
        or _fine(sizes, smallest, largest)
    )


def _vanishing(sizes: Mapping[str, float]) -> str | None:
    first, last = next(iter(sizes)), next(reversed(list(sizes)))
    if sizes[first] >= VANISHING * sizes[last]:
        return None
    times = sizes[last] / sizes[first]
    return (
        f"Vanishing: the gradient of {first} is {sizes[first]:.2g} ({MEASURE}), {times:,.0f} times less than the "
        f"{sizes[last]:.2g} of {last}."
    )


def _fine(sizes: Mapping[str, float], smallest: str, largest: str) -> str:
    if len(sizes) == 1:
        return f"Fine: the gradient of {largest} is {sizes[largest]:.2g} ({MEASURE})."
    return (
        f"Fine: the gradient is {sizes[smallest]:.2g} ({MEASURE}) in {smallest}, the smallest, "
        f"and {sizes[largest]:.2g} in {largest}, the largest."
    )


def _trouble(flag: str, what: str, shares: Mapping[str, float], many: float) -> str | None:
    worst = max(shares, key=shares.__getitem__, default=None)
    if worst is None or not shares[worst] >= many:
        return None
    return f"{flag}: {shares[worst]:.0%} of the {what.format(worst)}."


def _large_update(updates: Mapping[str, float]) -> str | None:
    worst = max(updates, key=lambda layer: updates[layer] if math.isfinite(updates[layer]) else -1.0)
    if not updates[worst] > LARGE_UPDATE:
        return None
    return f"Restless: the last update moved {worst} by {updates[worst]:.0%} of its size; the learning rate is high."


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else (float("nan") if part == 0 else float("inf"))

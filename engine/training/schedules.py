"""Learning-rate schedules: pure functions of the epoch (fractional, from 0) that return a factor of the base rate."""

import math
from collections.abc import Callable

from engine.training.settings import TrainingSpec

WARM_UP_FROM = 0.01
CYCLE_CLIMB = 0.3
"""The share of a cycle in which the rate climbs."""
CYCLE_FROM, CYCLE_TO = 1 / 25, 1e-4
"""Where a cycle starts and ends; Smith & Topin 2017, arXiv 1708.07120."""

Factor = Callable[[float, float], float]


def constant(epoch: float, horizon: float) -> float:
    """Always 1."""
    return 1.0


def step(epoch: float, horizon: float) -> float:
    """Half after each horizon."""
    return 0.5 ** math.floor(epoch / horizon)


def exponential(epoch: float, horizon: float) -> float:
    """A smooth decay with the horizon as its half-life."""
    return 0.5 ** (epoch / horizon)


def inverse_time(epoch: float, horizon: float) -> float:
    """1 / (1 + t), with t counted in horizons."""
    return 1.0 / (1.0 + epoch / horizon)


def cosine(epoch: float, horizon: float) -> float:
    """Half a cosine from 1 to 0 over the horizon (Loshchilov & Hutter 2017, arXiv 1608.03983), then 0."""
    return _ease(1.0, 0.0, epoch / horizon)


def one_cycle(epoch: float, horizon: float) -> float:
    """Up from 1/25 to 1 in three tenths of the horizon, down to 1/10000 in the rest, both along a cosine."""
    along = epoch / horizon
    if along < CYCLE_CLIMB:
        return _ease(CYCLE_FROM, 1.0, along / CYCLE_CLIMB)
    return _ease(1.0, CYCLE_TO, (along - CYCLE_CLIMB) / (1 - CYCLE_CLIMB))


SCHEDULES: dict[str, Factor] = {
    schedule.__name__: schedule for schedule in (constant, step, exponential, inverse_time, cosine, one_cycle)
}


def rate_factor(spec: TrainingSpec, epoch: float) -> float:
    """Return the factor of the learning rate at ``epoch``: the schedule times the warm-up."""
    factor = SCHEDULES[spec.schedule](epoch, spec.horizon)
    if epoch < spec.warm_up_epochs:
        factor *= WARM_UP_FROM + (1 - WARM_UP_FROM) * epoch / spec.warm_up_epochs
    return factor


def _ease(start: float, end: float, along: float) -> float:
    """Follow half a cosine from ``start`` to ``end`` as ``along`` goes from 0 to 1, then stay."""
    return end + (start - end) * (1 + math.cos(math.pi * min(along, 1.0))) / 2

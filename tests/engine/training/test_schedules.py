"""Schedules in closed form and against torch's own."""

import math

import pytest
import torch

from engine.training.schedules import SCHEDULES, rate_factor
from engine.training.settings import TrainingSpec


@pytest.mark.parametrize(
    ("name", "epoch", "factor"),
    [
        ("constant", 1234.5, 1),
        ("step", 9.99, 1),
        ("step", 10, 0.5),
        ("step", 35, 0.125),
        ("exponential", 5, 0.5**0.5),
        ("exponential", 20, 0.25),
        ("inverse_time", 10, 0.5),
        ("inverse_time", 30, 0.25),
        ("cosine", 0, 1),
        ("cosine", 5, 0.5),
        ("cosine", 10, 0),
        ("cosine", 99, 0),
        ("one_cycle", 0, 1 / 25),
        ("one_cycle", 3, 1),
        ("one_cycle", 10, 1e-4),
        ("one_cycle", 99, 1e-4),
    ],
)
def test_factor_at_known_places(name, epoch, factor):
    assert SCHEDULES[name](epoch, 10) == pytest.approx(factor, abs=1e-12)


def _torch_factors(make, epochs):
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], 1.0)
    schedule = make(optimiser)
    found = []
    for _ in range(epochs):
        found.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    return found


TWINS = {
    "step": lambda optimiser: torch.optim.lr_scheduler.StepLR(optimiser, 10, 0.5),
    "exponential": lambda optimiser: torch.optim.lr_scheduler.ExponentialLR(optimiser, 0.5 ** (1 / 10)),
    "cosine": lambda optimiser: torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, 10),
}


@pytest.mark.parametrize("name", TWINS)
def test_whole_epochs_agree_with_torch(name):
    expected = _torch_factors(TWINS[name], 10)
    assert [SCHEDULES[name](epoch, 10) for epoch in range(10)] == pytest.approx(expected)


def test_one_cycle_agrees_with_torch():
    def make(optimiser):
        # Torch's climb ends one step before this share of its steps, at step 4/11 * 11 - 1 = 3.
        return torch.optim.lr_scheduler.OneCycleLR(
            optimiser, 1.0, total_steps=11, pct_start=4 / 11, div_factor=25, final_div_factor=400, cycle_momentum=False
        )

    factors = [SCHEDULES["one_cycle"](epoch, 10) for epoch in range(11)]
    assert factors == pytest.approx(_torch_factors(make, 11))


def test_warm_up_climbs_in_a_line_from_a_hundredth():
    spec = TrainingSpec(schedule="exponential", horizon=10, warm_up_epochs=4)
    assert rate_factor(spec, 0) == pytest.approx(0.01)
    assert rate_factor(spec, 2) == pytest.approx((0.01 + 0.99 / 2) * 0.5 ** (2 / 10))
    assert rate_factor(spec, 4) == pytest.approx(0.5 ** (4 / 10))


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_factor_is_between_0_and_1(name):
    factors = [SCHEDULES[name](epoch / 7, 3) for epoch in range(200)]
    assert all(0 <= factor <= 1 and math.isfinite(factor) for factor in factors)

"""Gradients of all losses, activations and norms against symmetric differences in float64."""

import math

import pytest
import torch
from torch.nn import functional

from engine.nets.mlp import ACTIVATIONS, MLP, NORMALISATIONS
from engine.nets.mlp_spec import MLPSpec
from engine.training.losses import LOSSES
from engine.training.settings import FITTING

CASES = [(kind, name) for kind, losses in LOSSES.items() for name in losses]
OUTPUTS = {"binary": 1, "classes": 3, "regression": 1}
TARGETS = {
    "binary": torch.tensor([0.0, 1.0, 1.0, 0.0, 1.0], dtype=torch.float64),
    "classes": torch.tensor([0, 2, 1, 1, 0]),
    "regression": torch.tensor([0.3, -2.5, 0.1, 1.9, -0.4], dtype=torch.float64),
}


def test_every_loss_that_is_offered_is_there():
    assert {kind: tuple(losses) for kind, losses in LOSSES.items()} == FITTING


@pytest.mark.parametrize("normalisation", ["none", *NORMALISATIONS])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("kind", "loss"), CASES)
def test_gradients_agree_with_symmetric_differences(kind, loss, activation, normalisation):
    spec = MLPSpec(units=(3, 2), activation=activation, normalisation=normalisation)
    net = MLP(spec, 2, OUTPUTS[kind], seed=5).double()
    inputs = torch.randn(5, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(3))

    def value() -> torch.Tensor:
        return LOSSES[kind][loss](net(inputs), TARGETS[kind])

    value().backward()
    parameters = [parameter for name, parameter in net.named_parameters() if name.startswith("layers")]
    flat = [(parameter, index) for parameter in parameters for index in range(parameter.numel())]
    with torch.no_grad():
        for parameter, index in flat[::4]:
            slope = _symmetric_difference(value, parameter.view(-1), index)
            assert parameter.grad.view(-1)[index].item() == pytest.approx(slope, rel=1e-5, abs=1e-8)


def _symmetric_difference(value, cells, index, step=1e-6):
    kept = cells[index].item()
    cells[index] = kept + step
    above = value().item()
    cells[index] = kept - step
    below = value().item()
    cells[index] = kept
    return (above - below) / (2 * step)


def test_losses_of_one_point_worked_out_by_hand():
    logit, label = torch.tensor([[2.0]]), torch.tensor([0.0])
    probability = 1 / (1 + math.exp(-2))
    binary = LOSSES["binary"]
    assert binary["logistic"](logit, label).item() == pytest.approx(-math.log(1 - probability))
    assert binary["hinge"](logit, label).item() == 3
    assert binary["mse"](logit, label).item() == pytest.approx(probability**2)
    three, right = torch.tensor([[1.0, 3.0, 0.5]]), torch.tensor([0])
    total = sum(math.exp(value) for value in (1, 3, 0.5))
    told = [math.exp(value) / total for value in (1, 3, 0.5)]
    classes = LOSSES["classes"]
    assert classes["cross_entropy"](three, right).item() == pytest.approx(-math.log(told[0]))
    assert classes["hinge"](three, right).item() == 3
    brier = ((told[0] - 1) ** 2 + told[1] ** 2 + told[2] ** 2) / 3
    assert classes["mse"](three, right).item() == pytest.approx(brier)
    number, truth = torch.tensor([[2.5]]), torch.tensor([0.5])
    regression = LOSSES["regression"]
    assert [regression[name](number, truth).item() for name in ("mse", "mae", "huber")] == [4, 2, 1.5]


def test_class_hinge_is_torchs_with_the_best_wrong_class_alone():
    outputs = torch.randn(20, 4, generator=torch.Generator().manual_seed(0))
    targets = torch.arange(20) % 4
    right = outputs[torch.arange(20), targets]
    wrong = torch.stack([torch.cat([row[:t], row[t + 1 :]]).max() for row, t in zip(outputs, targets, strict=True)])
    expected = functional.margin_ranking_loss(right, wrong, torch.ones(20), margin=1.0)
    assert LOSSES["classes"]["hinge"](outputs, targets).item() == pytest.approx(expected.item())

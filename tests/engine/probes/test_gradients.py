"""Gradient probes on nets small enough to work out by hand, and against autograd."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from engine.nets.mlp import MLP
from engine.nets.mlp_spec import MLPSpec
from engine.probes.gradients import (
    dead_share,
    describe,
    root_mean_square,
    saturated_share,
    update_ratio,
)
from engine.probes.tensors import read_gradient_map, read_weights


def test_sizes_and_map_are_those_of_autograd():
    net = MLP(MLPSpec(units=(4, 3)), 2, 1, seed=0)
    x = torch.randn(7, 2, generator=torch.Generator().manual_seed(1))
    net(x).square().mean().backward()
    expected = torch.autograd.grad(net(x).square().mean(), list(net.parameters()))
    by_name = dict(zip((name for name, _ in net.named_parameters()), expected, strict=True))
    arrays = read_gradient_map(dict(net.named_parameters())).arrays()
    for name, gradient in by_name.items():
        found = arrays[f"gradient_map.{name}"]
        assert torch.allclose(torch.tensor(found), gradient.abs(), atol=1e-7)
        assert root_mean_square(found) == pytest.approx(float(gradient.square().mean().sqrt()), rel=1e-5)


def test_size_by_hand():
    assert root_mean_square(np.float32([[3, 4], [0, 0]])) == 2.5
    assert math.isnan(root_mean_square(np.float32([1, np.nan])))
    assert root_mean_square(np.float32([1, np.inf])) == math.inf


def test_readings_do_not_follow_the_net():
    layer = nn.Linear(2, 1)
    layer(torch.ones(1, 2)).sum().backward()
    parameters = dict(layer.named_parameters())
    weights, gradients = read_weights(parameters).arrays(), read_gradient_map(parameters).arrays()
    kept = weights["weights.weight"].copy()
    with torch.no_grad():
        layer.weight.add_(1.0)
        layer.weight.grad.zero_()
    assert (weights["weights.weight"] == kept).all()
    assert gradients["gradient_map.weight"].tolist() == [[1.0, 1.0]]


def test_update_ratio_by_hand():
    weight = np.float32([[3, 4.3]])
    assert update_ratio(weight, np.float32([[3, 4]])) == pytest.approx(0.3 / 5)
    assert update_ratio(weight, np.zeros_like(weight)) == math.inf
    assert math.isnan(update_ratio(weight, None))


def test_dead_and_saturated_by_hand():
    # Two units on two points: the first is never positive, the second once.
    outputs = torch.relu(torch.tensor([[-1.0, 2.0], [-3.0, -0.5]])).numpy()
    assert dead_share("relu", outputs) == 0.5
    assert dead_share("leaky_relu", outputs) == 0
    assert saturated_share("relu", outputs) == 0
    bent = torch.tanh(torch.tensor([[3.0, 0.1], [-3.0, 2.0]])).numpy()  # 0.995, 0.0997, -0.995, 0.964
    assert saturated_share("tanh", bent) == 0.5
    assert dead_share("tanh", bent) == 0
    squashed = torch.sigmoid(torch.tensor([[4.0, -4.0], [3.0, 0.0]])).numpy()  # 0.98, 0.02, 0.95, 0.5
    assert saturated_share("sigmoid", squashed) == 0.5
    assert saturated_share("elu", np.float32([[-0.99, 5]])) == 0.5


def _describe(sizes, updates=(0.001, 0.001), dead=(0.0,), saturated=(0.0,)):
    names = (*(f"layer {number}" for number in range(1, len(sizes))), "the output layer")

    def by_layer(values):
        return dict(zip(names, values, strict=False))

    return describe(by_layer(sizes), by_layer(updates), by_layer(dead), by_layer(saturated))


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        (
            {"sizes": (0.1, 0.02, 0.07)},
            "Fine: the gradient is 0.02 (root mean square) in layer 2, the smallest, and 0.1 in layer 1, the largest.",
        ),
        ({"sizes": (0.02,), "dead": ()}, "Fine: the gradient of the output layer is 0.02 (root mean square)."),
        ({"sizes": (math.nan, 1)}, "Broken: the gradient of layer 1 is no number (NaN)."),
        ({"sizes": (1, math.inf)}, "Broken: the gradient of the output layer is infinite."),
        ({"sizes": (0, 0)}, "No gradient: it is exactly 0 in every layer, so no weight moves."),
        (
            {"sizes": (2e5, 1)},
            "Exploding: the gradient of layer 1 is 2e+05 (root mean square), above 1000.",
        ),
        (
            {"sizes": (0, 0.1)},
            "Blocked: no gradient reaches layer 1, while that of the output layer is 0.1 (root mean square).",
        ),
        (
            {"sizes": (1e-7, 0.01)},
            "Vanishing: the gradient of layer 1 is 1e-07 (root mean square), 100,000 times less than the 0.01 of the "
            "output layer.",
        ),
        (
            {"sizes": (0.1, 0.1), "dead": (0.375,)},
            "Dead: 38% of the units of layer 1 are silent on every training point.",
        ),
        (
            {"sizes": (0.1, 0.1), "dead": (0.25,)},
            "Dead: 25% of the units of layer 1 are silent on every training point.",
        ),
        (
            {"sizes": (0.1, 0.1), "saturated": (0.75,)},
            "Saturated: 75% of the outputs of layer 1 lie at a flat end of the activation.",
        ),
        (
            {"sizes": (0.1, 0.1), "updates": (math.nan, 0.5)},
            "Restless: the last update moved the output layer by 50% of its size; the learning rate is high.",
        ),
        (
            {"sizes": (0.1, 0.2), "updates": (math.nan, math.nan), "dead": (0.2,), "saturated": (0.45,)},
            "Fine: the gradient is 0.1 (root mean square) in layer 1, the smallest, and 0.2 in the output layer, the "
            "largest.",
        ),
    ],
)
def test_words_name_the_trouble_the_layer_and_the_number(case, sentence):
    assert _describe(**case) == sentence


def test_deep_sigmoid_net_is_told_to_vanish():
    net = MLP(MLPSpec(units=(8,) * 6, activation="sigmoid"), 2, 1, seed=0)
    net(torch.randn(20, 2, generator=torch.Generator().manual_seed(0))).square().mean().backward()
    assert _describe([root_mean_square(layer.weight.grad.numpy()) for layer in net.layers]).startswith(
        "Vanishing: the gradient of layer 1 is"
    )

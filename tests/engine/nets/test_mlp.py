"""The perceptron against torch's own parts put together, and its initial weights against their definitions."""

import itertools

import numpy as np
import pytest
import torch
from torch import nn

from engine.nets.mlp import ACTIVATIONS, MLP, NORMALISATIONS
from engine.nets.mlp_spec import MLPSpec


def _inputs(count=64, features=3):
    return torch.randn(count, features, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("normalisation", ["none", *NORMALISATIONS])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("looking", [False, True], ids=["training", "looking"])
def test_forward_is_that_of_torchs_sequential_with_the_same_weights(activation, normalisation, looking):
    net = MLP(MLPSpec(units=(5, 4), activation=activation, normalisation=normalisation), 3, 2, seed=9)
    with torch.no_grad():
        for layer in net.layers:
            layer.bias.uniform_(-1, 1, generator=torch.Generator().manual_seed(8))
    parts = []
    for a, b in ((3, 5), (5, 4)):
        parts.append(nn.Linear(a, b))
        parts += [NORMALISATIONS[normalisation](b)] if normalisation != "none" else []
        parts.append(ACTIVATIONS[activation]())
    twin = nn.Sequential(*parts, nn.Linear(4, 2))
    linears = [part for part in twin if isinstance(part, nn.Linear)]
    for layer, other in zip(net.layers, linears, strict=True):
        other.load_state_dict(layer.state_dict())
    with torch.set_grad_enabled(not looking):
        assert torch.allclose(net.train(not looking)(_inputs()), twin.train(not looking)(_inputs()), atol=1e-6)


def test_names_of_tensors_are_those_that_figures_and_prose_use():
    names = list(MLP(MLPSpec(units=(2,), normalisation="layer"), 2, 1, seed=0).state_dict())
    assert names == [
        *("layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"),
        *("norms.0.weight", "norms.0.bias"),
    ]


@pytest.mark.parametrize("normalisation", ["none", *NORMALISATIONS])
@pytest.mark.parametrize("looking", [False, True], ids=["training", "looking"])
def test_a_wide_and_deep_net_is_the_sum_of_both(normalisation, looking):
    spec = MLPSpec(units=(5, 4), activation="relu", normalisation=normalisation, wide=True)
    net, alone = MLP(spec, 3, 2, seed=9), MLP(spec.replace(wide=False), 3, 2, seed=9)
    net, alone = net.train(not looking), alone.train(not looking)
    wide = nn.Linear(3, 2, bias=False)
    with torch.no_grad():
        wide.weight.uniform_(-1, 1, generator=torch.Generator().manual_seed(8))
    net.wide.load_state_dict(wide.state_dict())
    x = _inputs()
    with torch.set_grad_enabled(not looking):
        assert torch.allclose(net(x), alone(x) + wide(x), atol=1e-6)
        hidden, outputs = net.trace(x)
    assert torch.allclose(outputs, alone(x) + wide(x), atol=1e-6)
    assert torch.allclose(hidden[0], alone.trace(x)[0][0], atol=1e-6)
    # The same in numpy, from the tensors by their names.
    deep = alone(x).detach().numpy()
    expected = deep + x.numpy() @ net.state_dict()["wide.weight"].numpy().T
    np.testing.assert_allclose(net(x).detach().numpy(), expected, atol=1e-6)


def test_a_wide_part_leaves_the_deep_one_as_it_is_and_begins_at_zero():
    spec = MLPSpec(units=(5, 4))
    alone, both = MLP(spec, 3, 2, seed=4), MLP(spec.replace(wide=True), 3, 2, seed=4)
    assert list(both.state_dict())[-1] == "wide.weight"
    assert both.state_dict()["wide.weight"].shape == (2, 3)
    for name, tensor in alone.state_dict().items():
        assert torch.equal(tensor, both.state_dict()[name])
    assert torch.equal(alone(_inputs()), both(_inputs()))
    assert both.parts_of(("wide",)) == [both.wide]
    assert alone.parts_of(("wide",)) == []


def test_a_net_without_hidden_layers_has_no_wide_part_for_it_is_one():
    assert list(MLP(MLPSpec(units=(), wide=True), 3, 1, seed=0).state_dict()) == ["layers.0.weight", "layers.0.bias"]


def test_without_hidden_layers_it_is_linear():
    net = MLP(MLPSpec(units=()), 3, 1, seed=0)
    x, y = _inputs(4), _inputs(8)[4:]
    assert torch.allclose(net(x) + net(y) - net(torch.zeros(4, 3)), net(x + y), atol=1e-6)


@pytest.mark.parametrize(
    ("initialisation", "deviation"),
    [("normal", 0.3), ("xavier", (2 / 32) ** 0.5), ("he", (2 / 16) ** 0.5), ("zeros", 0.0)],
)
def test_deviation_of_initial_weights(initialisation, deviation):
    spec = MLPSpec(units=(16, 16), initialisation=initialisation, initial_sd=0.3)
    weights = torch.stack([MLP(spec, 2, 1, seed=seed).layers[1].weight.detach() for seed in range(60)])
    assert weights.std().item() == pytest.approx(deviation, rel=0.02)
    assert abs(weights.mean().item()) < 0.01


def test_orthogonal_weights_keep_lengths():
    weight = MLP(MLPSpec(units=(16, 16), initialisation="orthogonal"), 2, 1, seed=3).layers[1].weight
    assert torch.allclose(weight @ weight.T, torch.eye(16), atol=1e-5)


def test_weights_follow_from_the_seed_and_from_nothing_else():
    def weights(seed, **changes):
        return MLP(MLPSpec(units=(4, 4), **changes), 2, 1, seed).layers[1].weight

    torch.manual_seed(0)
    first = weights(1)
    torch.manual_seed(1)
    assert torch.equal(first, weights(1))
    assert torch.equal(first, weights(1, dropout=0.5, activation="relu", normalisation="batch"))
    assert not torch.equal(first, weights(2))


def test_dropout_silences_its_share_and_keeps_the_mean():
    net = MLP(MLPSpec(units=(16,), dropout=0.25, activation="linear"), 2, 1, seed=0)
    ones = torch.ones(4000, 16)
    dropped = net.dropouts[0](ones)
    assert (dropped == 0).float().mean().item() == pytest.approx(0.25, abs=0.01)
    assert dropped.unique().tolist() == pytest.approx([0, 4 / 3])
    assert torch.equal(net.eval().dropouts[0](ones), ones)


def test_zero_weights_leave_all_units_of_a_layer_equal_for_ever():
    net = MLP(MLPSpec(units=(4, 4), initialisation="zeros", activation="sigmoid"), 2, 1, seed=0)
    optimiser = torch.optim.SGD(net.parameters(), 0.5)
    x = _inputs(20, 2)
    for _ in range(30):
        optimiser.zero_grad()
        ((net(x)[:, 0] - x[:, 0]) ** 2).mean().backward()
        optimiser.step()
    for one, other in itertools.pairwise(net.layers[1].weight):
        assert torch.equal(one, other)
    assert net.layers[2].weight.abs().max() > 0

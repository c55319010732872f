"""Looking leaves no trace, not even when it goes wrong."""

import pytest
import torch
from torch import nn

from engine.nets.mlp import MLP
from engine.nets.mlp_spec import MLPSpec
from engine.probes.looking import looking

SPEC = MLPSpec(units=(4, 3), normalisation="batch", dropout=0.5)


def _trained():
    net = MLP(SPEC, 2, 1, seed=0)
    net(torch.randn(8, 2)).sum().backward()
    net.norms[0].eval()
    return net


def _traces(net):
    return (
        {name: tensor.clone() for name, tensor in net.state_dict().items()},
        {name: parameter.grad.clone() for name, parameter in net.named_parameters()},
        {name: module.training for name, module in net.named_modules()},
        net.dropout_generator.get_state().clone(),
        torch.get_rng_state(),
        torch.is_grad_enabled(),
    )


def _equal(one, other):
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    return torch.equal(one, other) if isinstance(one, torch.Tensor) else one == other


def test_look_leaves_no_trace():
    net = _trained()
    before = _traces(net)
    inputs = torch.randn(5, 2, generator=torch.Generator())
    with looking(net):
        assert torch.equal(net(inputs), net(inputs)), "dropout drew"
    assert all(_equal(one, other) for one, other in zip(before, _traces(net), strict=True))


def test_exception_within_passes_on_and_all_is_as_before():
    net = _trained()
    before = _traces(net)
    with pytest.raises(ZeroDivisionError), looking(net):
        raise ZeroDivisionError
    assert all(_equal(one, other) for one, other in zip(before, _traces(net), strict=True))


def test_trace_is_what_the_parts_say():
    net = _trained()
    x = torch.randn(6, 2)
    with looking(net):
        hidden, outputs = net.trace(x)
        assert torch.equal(outputs, net(x))
        first = nn.functional.linear(x, net.layers[0].weight, net.layers[0].bias)
        assert torch.allclose(hidden[0], torch.tanh(net.norms[0](first)), atol=1e-6)
        assert torch.allclose(net.layers[2](hidden[1]), outputs, atol=1e-6)
    assert not any(tensor.requires_grad for tensor in (*hidden, outputs))

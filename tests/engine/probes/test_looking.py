"""Looking leaves no trace, not even when it goes wrong."""

import copy

import pytest
import torch
from torch import nn

from engine.nets.mlp import MLP
from engine.nets.mlp_spec import MLPSpec
from engine.probes.recorder import looking, record

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
        {name: len(module._forward_hooks) for name, module in net.named_modules()},
        net.dropout_generator.get_state().clone(),
        torch.get_rng_state(),
        torch.is_grad_enabled(),
    )


def _equal(one, other):
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    return torch.equal(one, other) if isinstance(one, torch.Tensor) else one == other


@pytest.mark.parametrize("broken", [False, True], ids=["", "raising"])
def test_look_leaves_no_trace(broken):
    net = _trained()
    before = _traces(net)
    inputs = torch.randn(5, 3 if broken else 2, generator=torch.Generator())
    with record(net, ["activations.0", "activations.1"]) as seen, looking(net):
        if broken:
            with pytest.raises(RuntimeError):
                net(inputs)
        else:
            net(inputs)
    assert sorted(seen) == ([] if broken else ["activations.0", "activations.1"])
    assert all(_equal(one, other) for one, other in zip(before, _traces(net), strict=True))


def test_exception_within_passes_on_and_all_is_as_before():
    net = _trained()
    before = _traces(net)
    with pytest.raises(ZeroDivisionError), record(net, ["layers.0"]), looking(net):
        raise ZeroDivisionError
    assert all(_equal(one, other) for one, other in zip(before, _traces(net), strict=True))


def test_unknown_module_is_refused_and_takes_the_other_hooks_off():
    net = _trained()
    with pytest.raises(AttributeError), record(net, ["layers.0", "layers.7"]):
        pass
    assert not net.layers[0]._forward_hooks


def test_recorded_outputs_are_those_of_the_parts():
    net = copy.deepcopy(_trained())
    x = torch.randn(6, 2)
    with looking(net), record(net, ["layers.0", "activations.0", "layers.2"]) as seen:
        output = net(x)
        first = nn.functional.linear(x, net.layers[0].weight, net.layers[0].bias)
        assert torch.allclose(seen["layers.0"], first, atol=1e-6)
        assert torch.allclose(seen["activations.0"], torch.tanh(net.norms[0](first)), atol=1e-6)
        assert torch.equal(seen["layers.2"], output)
    assert not any(tensor.requires_grad for tensor in seen.values())

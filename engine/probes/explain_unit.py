"""How one unit of a dense net comes to its answer: weighted sum, norm, activation, each with its numbers."""

from typing import NamedTuple, cast

import numpy as np
from torch import Tensor, nn

from engine.explanation import factor, products, word
from engine.nets.mlp import MLP
from engine.probes.looking import looking

BENDS = {
    "relu": "max(0, z)",
    "leaky_relu": "max(0.01 z, z)",
    "tanh": "tanh(z)",
    "sigmoid": "1 / (1 + exp(−z))",
    "elu": "z if z > 0, else exp(z) − 1",
    "gelu": "z · Φ(z), Φ the normal distribution",
    "silu": "z / (1 + exp(−z))",
    "softplus": "log(1 + exp(z))",
    "linear": "z",
}


class Answer(NamedTuple):
    """The answer of a unit, the lines that lead to it, and the PyTorch lines that make it, the last an expression."""

    value: float
    lines: tuple[str, ...]
    code: tuple[str, ...]


def explain_unit(net: MLP, activation: str, inputs: Tensor, layer: int, unit: int) -> Answer:
    """Return how ``unit`` of ``layer`` (0 the first with weights) answers one point of ``inputs`` (1, F).

    A unit of the last layer has no activation. In evaluation mode, as everything that is drawn.
    """
    with looking(net):
        before = inputs
        for number in range(layer):
            before = _answers(net, number, before)
        linear = _linear(net, layer)
        z = linear(before)
        weights, bias = linear.weight[unit].tolist(), float(linear.bias[unit])
        value = float(z[0, unit])
        is_output = layer == len(net.layers) - 1
        sum_ = f"Σ w · {_name(layer)} + b = {products(weights, before[0].tolist())} + {factor(bias)} = {word(value)}"
        lines = [f"deep path: {sum_}" if is_output and net.wide is not None else f"z = {sum_}"]
        if is_output and net.wide is not None:
            lines += _added(net.wide, inputs, unit, value)
            value += float(net.wide(inputs)[0, unit])
        elif not is_output:
            if len(net.norms):
                lines.append(_norm(net.norms[layer], z, unit))
                z = net.norms[layer](z)
            value = float(net.activations[layer](z)[0, unit])
            lines.append(f"{activation}: a = {BENDS[activation]} = {word(value)} for z = {word(float(z[0, unit]))}")
    layers = [f"{_name(number + 1)} = {_in_code(net, number)}" for number in range(layer + 1)]
    return Answer(value, tuple(lines), (inputs_in_code(inputs), *layers, f"{_name(layer + 1)}[0, {unit}]"))


def inputs_in_code(inputs: Tensor) -> str:
    """Return the line that makes the inputs (1, F) of one point, called ``x``."""
    return f"x = torch.tensor([{[float(np.float32(number)) for number in inputs[0].tolist()]}])"


def _added(wide: nn.Linear, inputs: Tensor, unit: int, deep: float) -> list[str]:
    """Return the lines of what the wide part adds to the ``deep`` sum of an output."""
    straight = float(wide(inputs)[0, unit])
    sum_ = products(wide.weight[unit].tolist(), inputs[0].tolist())
    return [
        f"wide part: Σ v · x = {sum_} = {word(straight)}",
        f"both: z = {word(deep)} + {factor(straight)} = {word(deep + straight)}",
    ]


def _name(layer: int) -> str:
    """Return what the code calls what goes into a layer; ``x`` for the first."""
    return f"h{layer}" if layer else "x"


def _linear(net: MLP, layer: int) -> nn.Linear:
    return cast("nn.Linear", net.layers[layer])


def _answers(net: MLP, layer: int, before: Tensor) -> Tensor:
    z = net.layers[layer](before)
    if len(net.norms):
        z = net.norms[layer](z)
    return net.activations[layer](z)


def _in_code(net: MLP, layer: int) -> str:
    """Return the expression of a layer's answer in evaluation mode."""
    text = f"net.layers[{layer}]({_name(layer)})"
    if layer == len(net.layers) - 1:
        return text if net.wide is None else f"{text} + net.wide(x)"
    return f"net.activations[{layer}]({f'net.norms[{layer}]({text})' if len(net.norms) else text})"


def _norm(norm: nn.Module, z: Tensor, unit: int) -> str:
    """Return the line of a batch or layer norm of ``z`` (1, units)."""
    if isinstance(norm, nn.BatchNorm1d) and norm.running_mean is not None and norm.running_var is not None:
        centre, spread = float(norm.running_mean[unit]), float(norm.running_var[unit])
        whose = "the running mean and variance of this unit"
    else:
        centre, spread = float(z.mean()), float(z.var(unbiased=False))
        whose = "mean and variance over the units of the layer"
    scale, shift = (float(parameter[unit]) for parameter in norm.parameters())
    return (
        f"norm: ({word(float(z[0, unit]))} − {factor(centre)}) / √({word(spread)} + 0.00001) · {factor(scale)} + "
        f"{factor(shift)} = {word(float(norm(z)[0, unit]))}, with {whose}"
    )

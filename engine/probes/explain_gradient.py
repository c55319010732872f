"""How one number of a gradient came about: what each point of the batch asked of it, and the penalty."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from engine.explanation import attribute, element, factor, products, word
from engine.nets.mlp import MLP
from engine.training.fit import Points, add_penalties
from engine.training.optimisers import penalised
from engine.training.settings import TrainingSpec
from engine.training.task import Task

BACKWARD = ("value = loss(net.train()(inputs[batch]), targets[batch])", "value.backward()")
"""The PyTorch lines that give every parameter of ``net`` its gradient, but for the penalties."""


def explain_gradient(
    net: MLP, task: Task, batch: Points, spec: TrainingSpec, name: str, index: Sequence[int]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines that lead to |dL/dp| for the cell ``index`` of parameter ``name``, and the code that makes it.

    ``batch`` are the points of that step. The net must have no dropout, whose mask would be another now.
    """
    asked = _asked(net, task, batch, name, index)
    parameter = net.get_parameter(name)
    gradient = parameter.grad if parameter.grad is not None else torch.zeros_like(parameter)
    alone, code = float(gradient[tuple(index)]), [*BACKWARD]
    lines = []
    if asked is not None:
        count = len(batch.targets)
        lines.append(f"dL/dp = Σ dL/dz · a over the {count} points of the batch = {products(*asked)} = {word(alone)}")
    l2 = 0.0 if spec.optimizer == "adamw" else spec.l2
    if any(parameter is one for one in penalised(net)) and (spec.l1 or l2):
        now, where = factor(float(parameter.detach()[tuple(index)])), attribute(name)
        add_penalties([parameter], spec.l1, l2)
        terms = [f"{spec.l1:g} · sign {now}"] * bool(spec.l1) + [f"{l2:g} · {now}"] * bool(l2)
        total = word(float(gradient[tuple(index)]))
        lines.append(f"with the penalty: {word(alone)} + {' + '.join(terms)} = {total}")
        code += [f"{where}.grad.add_({where}.detach().sign(), alpha={spec.l1!r})"] * bool(spec.l1)
        code += [f"{where}.grad.add_({where}.detach(), alpha={l2!r})"] * bool(l2)
    lines.append(f"its size: {word(abs(float(gradient[tuple(index)])))}")
    return tuple(lines), (*code, f"{element(f'{attribute(name)}.grad', index)}.abs()")


def _asked(
    net: MLP, task: Task, batch: Points, name: str, index: Sequence[int]
) -> tuple[list[float], list[float]] | None:
    """Let gradients flow; return dL/dz of each point and what it is multiplied with, None but for a weighted sum."""
    seen: dict[str, Tensor] = {}

    def note(_: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        output.retain_grad()
        seen.update(a=inputs[0].detach(), z=output)

    layer, _, kind = name.rpartition(".")
    with net.get_submodule(layer).register_forward_hook(note):  # type: ignore[arg-type]
        task.loss(net(batch.inputs), batch.targets).backward()
    if not isinstance(net.get_submodule(layer), nn.Linear) or seen["z"].grad is None:
        return None
    arrived = seen["z"].grad[:, index[0]].tolist()
    return arrived, seen["a"][:, index[1]].tolist() if kind == "weight" else [1.0] * len(arrived)

"""Optimisers: torch's own, with the settings of a spec.

The penalties are no business of theirs: they are part of the gradient (see ``engine.training.fit``). AdamW is the
exception, for its decay apart from the gradient is all that sets it off from Adam (Loshchilov & Hutter 2019, arXiv
1711.05101).
"""

from typing import Any

import torch
from torch import nn

from engine.training.settings import TrainingSpec


def make_optimiser(net: nn.Module, spec: TrainingSpec) -> torch.optim.Optimizer:
    """Return the optimiser of ``spec`` for the parameters of ``net``; biases and norms never decay."""
    groups: list[dict[str, Any]] = [{"params": penalised(net)}, {"params": unpenalised(net)}]
    rate = spec.learning_rate
    match spec.optimizer:
        case "sgd":
            return torch.optim.SGD(groups, rate, fused=True)
        case "momentum":
            return torch.optim.SGD(groups, rate, momentum=spec.momentum, fused=True)
        case "nesterov" if spec.momentum == 0:
            return torch.optim.SGD(groups, rate, fused=True)
        case "nesterov":
            return torch.optim.SGD(groups, rate, momentum=spec.momentum, nesterov=True, fused=True)
        case "adagrad":
            return torch.optim.Adagrad(groups, rate, fused=True)
        case "rmsprop":
            return torch.optim.RMSprop(groups, rate, alpha=0.9)
        case "adam":
            return torch.optim.Adam(groups, rate, fused=True)
        case "adamw":
            groups[0]["weight_decay"] = spec.l2
            return torch.optim.AdamW(groups, rate, weight_decay=0.0, fused=True)


def penalised(net: nn.Module) -> list[nn.Parameter]:
    """Return the parameters that penalties act on: the weight matrices."""
    return [parameter for parameter in net.parameters() if parameter.dim() > 1]


def unpenalised(net: nn.Module) -> list[nn.Parameter]:
    """Return the others: biases, and the scales and shifts of norms."""
    return [parameter for parameter in net.parameters() if parameter.dim() <= 1]

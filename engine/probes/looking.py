"""Looking at a net without leaving a trace."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn


@contextmanager
def looking(net: nn.Module) -> Iterator[None]:
    """Put every part of a net into evaluation mode, without gradients; each part is as it was when the block ends.

    In evaluation mode dropout draws nothing and batch norm keeps its averages, so a look changes neither.
    """
    # Straight into the instance: a Module's own way of setting an attribute takes twenty times as long.
    training = [vars(module) for module in net.modules() if module.training]
    for state in training:
        state["training"] = False
    try:
        with torch.no_grad():
            yield
    finally:
        for state in training:
            state["training"] = True

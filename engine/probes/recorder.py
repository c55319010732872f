"""Looking at a net without leaving a trace."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager

import torch
from torch import Tensor, nn


@contextmanager
def record(net: nn.Module, names: Iterable[str]) -> Iterator[dict[str, Tensor]]:
    """Collect the outputs of the modules called ``names`` during the forward passes inside the block.

    The hooks are taken off when the block ends, however it ends. Raises AttributeError for a module that is not there.
    """
    seen: dict[str, Tensor] = {}
    with ExitStack() as hooks:
        for name in names:
            hooks.enter_context(net.get_submodule(name).register_forward_hook(_keep(seen, name)))
        yield seen


def _keep(seen: dict[str, Tensor], name: str) -> Callable[[nn.Module, object, Tensor], None]:
    def hook(_module: nn.Module, _inputs: object, output: Tensor) -> None:
        seen[name] = output.detach()

    return hook


@contextmanager
def looking(net: nn.Module) -> Iterator[None]:
    """Put every part of a net into evaluation mode, without gradients; each part is as it was when the block ends.

    In evaluation mode dropout draws nothing and batch norm keeps its averages, so a look changes neither.
    """
    training = [module for module in net.modules() if module.training]
    for module in training:
        module.training = False
    try:
        with torch.no_grad():
            yield
    finally:
        for module in training:
            module.training = True

"""Layers that hold still while the others learn, and layers that are taken over from another net."""

from collections.abc import Collection, Iterator

import torch
from torch import nn

from engine.readings import Arrays

WEIGHTED = (nn.Conv2d, nn.Linear)
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)


def freeze(net: nn.Module, layers: Collection[str]) -> None:
    """Have some layers with weights, by their names, hold still, each with the norms behind it.

    Their parameters want no gradient; their norms neither measure batches nor change their averages any more.
    """
    for part in parts_of(net, layers):
        part.requires_grad_(False)
        part.eval()


def parts_of(net: nn.Module, layers: Collection[str]) -> list[nn.Module]:
    """Return some layers with weights, by their names, and the norms that come behind each; one that comes before all
    layers goes with the first. Raises KeyError for a layer that the net does not have.
    """
    parts: dict[str, list[nn.Module]] = {}
    waiting: list[nn.Module] = []
    for name, module in _in_order(net):
        if isinstance(module, WEIGHTED):
            parts[name], waiting = [*waiting, module], []
        elif parts:
            parts[next(reversed(parts))].append(module)
        else:
            waiting.append(module)
    return [part for layer in layers for part in parts[layer]]


def take_over(net: nn.Module, tensors: Arrays, but: str) -> None:
    """Put parameters and buffers of another net into ``net`` by their names, all of them but those of the layer
    ``but``.

    Raises KeyError where one is missing, RuntimeError where its shape is another.
    """
    with torch.no_grad():
        for name, tensor in net.state_dict().items():
            if not name.startswith(f"{but}."):
                tensor.copy_(torch.from_numpy(tensors[name]))


def _in_order(net: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """Yield layers with weights and norms as they were registered, which is the order of their work."""
    for name, module in net.named_modules():
        if isinstance(module, WEIGHTED + NORMS):
            yield name, module

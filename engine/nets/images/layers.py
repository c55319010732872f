"""What each layer of a net for images makes: the shape of its output, how many weights it has, what it costs, and how
much of the image one of its numbers sees.

Nothing is computed for it: the net is walked through on the device that holds shapes alone. Pages, which have no
torch, have the same from ``engine.nets.images.sketches``.
"""

import copy
from typing import Any

import torch
from torch import Tensor, nn

from engine.nets.images.building import Shape
from engine.nets.images.layer import PIXEL, WHOLE, Layer, Seen


def layers(net: nn.Module, shape: Shape) -> list[Layer]:
    """Return all layers of a net for images of a shape, in the order in which they are gone through."""
    walked = copy.deepcopy(net).to("meta").eval()
    found: list[Layer] = []

    def hear(name: str) -> Any:
        def heard(module: nn.Module, taken: tuple[Tensor, ...], given: Tensor) -> None:
            seen = _seen(module, [getattr(one, "seen", PIXEL) for one in taken])
            given.seen = seen  # type: ignore[attr-defined]
            weights = sum(weight.numel() for weight in module.parameters())
            cost = _flops(module, given)
            found.append(Layer(name, type(module).__name__, tuple(given.shape[1:]), weights, cost, *seen))

        return heard

    for name, module in walked.named_modules():
        if not list(module.children()) and not isinstance(module, nn.Sequential):
            module.register_forward_hook(hear(name))
    with torch.no_grad():
        walked(torch.empty(1, *shape, dtype=next(walked.parameters()).dtype, device="meta"))
    return found


def _flops(module: nn.Module, given: Tensor) -> int:
    """Return twice the multiplications of a layer with weights, as torch's own counter counts; 0 for all others."""
    if isinstance(module, nn.Conv2d):
        return 2 * given.numel() * module.weight[0].numel()
    return 2 * module.weight.numel() if isinstance(module, nn.Linear) else 0


def _seen(module: nn.Module, before: list[Seen]) -> Seen:
    """Return what a number of a layer's output sees, from what those of its inputs do (Araujo et al. 2019)."""
    if WHOLE in before or isinstance(module, nn.Linear | nn.Flatten | nn.AdaptiveAvgPool2d):
        return WHOLE
    field, stride = max(before)
    if isinstance(module, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d):
        kernel, step = _one(module.kernel_size), _one(module.stride)
        return field + (kernel - 1) * _one(getattr(module, "dilation", 1)) * stride, stride * step
    return field, stride


def _one(size: Any) -> int:
    """Return the side of a square kernel; ours have no others."""
    sides = set(size) if isinstance(size, tuple) else {size}
    if len(sides) != 1:
        raise ValueError(f"expected a square, received {size}")
    return int(sides.pop())

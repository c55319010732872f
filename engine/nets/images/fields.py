"""Where in the image the numbers of a layer look: receptive fields with their places (Araujo, Norris and Sim 2019,
doi 10.23915/distill.00021).

Nothing is computed for it: the net is walked through on the device that holds shapes alone.
"""

import copy
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from engine.nets.images.building import Shape
from engine.nets.images.field import Field

PIXEL = Field(1, 1, 0, 0)


def field_of(net: nn.Module, shape: Shape, layer: str) -> Field | None:
    """Return which pixels the numbers of ``layer`` see, for images of a shape; None where each sees the whole image."""
    walked = copy.deepcopy(net).to("meta").eval()
    found: dict[str, Field | None] = {}

    def hear(name: str) -> Any:
        def heard(module: nn.Module, taken: tuple[Tensor, ...], given: Tensor) -> None:
            found[name] = given.field = _behind(module, [getattr(one, "field", PIXEL) for one in taken])  # type: ignore[attr-defined]

        return heard

    for name, module in walked.named_modules():
        if not list(module.children()) and not isinstance(module, nn.Sequential):
            module.register_forward_hook(hear(name))
    with torch.no_grad():
        walked(torch.empty(1, *shape, dtype=next(walked.parameters()).dtype, device="meta"))
    return found[layer]


def _behind(module: nn.Module, before: Sequence[Field | None]) -> Field | None:
    """Return what the numbers of a layer see, from what those of its inputs do."""
    if None in before or isinstance(module, nn.Linear | nn.Flatten | nn.AdaptiveAvgPool2d):
        return None
    given = _around([one for one in before if one is not None])
    if not isinstance(module, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d):
        return given
    kernel, _ = _two(module.kernel_size)
    step, _ = _two(module.stride)
    down, across = _two(module.padding)
    reach = (kernel - 1) * _two(getattr(module, "dilation", 1))[0]
    return Field(
        given.side + reach * given.stride,
        given.stride * step,
        given.top - down * given.stride,
        given.left - across * given.stride,
    )


def _around(fields: Sequence[Field]) -> Field:
    """Return the squares that hold those of all ``fields``, which lie equally far apart."""
    top, left = min(one.top for one in fields), min(one.left for one in fields)
    side = max(one.top + one.side for one in fields) - top
    return Field(side, fields[0].stride, top, left)


def _two(size: Any) -> tuple[int, int]:
    """Return a size for both directions; torch has one number where they are alike."""
    down, across = size if isinstance(size, tuple) else (size, size)
    return int(down), int(across)

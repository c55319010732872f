"""What every layer of a net for images makes of one image: its feature maps, by the layers' own names."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from torch import Tensor, nn

from engine.probes.looking import looking
from engine.probes.tensors import Tensors


@dataclass(frozen=True, slots=True, eq=False)
class FeatureMaps(Tensors):
    """The output of each layer for one image, float32: (channels, height, width), or (units,) where it is no image."""

    name: ClassVar[str] = "maps"


class Seen(NamedTuple):
    """What became of one image in one pass: the ``maps`` of all layers, and the ``logits`` (classes,) of the net."""

    maps: FeatureMaps
    logits: Tensor


def read_feature_maps(net: nn.Module, image: Tensor) -> Seen:
    """Return what all layers of ``net`` make of an image (channels, height, width), in the order of their work, and
    what the net says of it.

    Layers without an effect of their own on numbers, as ``flatten``, are left out.
    """
    found: dict[str, Tensor] = {}

    def keep(name: str, given: Tensor) -> None:
        found[name] = given[0]

    handles = [
        module.register_forward_hook(lambda _module, _taken, given, name=name: keep(name, given))
        for name, module in net.named_modules()
        if not list(module.children()) and not isinstance(module, nn.Sequential | nn.Flatten | nn.Identity)
    ]
    try:
        with looking(net):
            logits = net(image[None])[0]
    finally:
        for handle in handles:
            handle.remove()
    return Seen(FeatureMaps({name: maps.numpy().copy() for name, maps in found.items()}), logits)

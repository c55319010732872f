"""All numbers of one image on its way through a net, and the layers that they go through: to be written out later."""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from torch import Tensor, nn

from engine.nets.images.building import Add, Join
from engine.nets.images.graph import IMAGE, Graph, Node
from engine.nets.mlp import Dropout
from engine.probes.looking import looking
from engine.probes.tensors import Buffers, Tensors, Weights, read_buffers, read_weights
from engine.readings import Reading

KEEPING = (nn.Flatten, nn.Identity, Dropout)
"""Layers that leave all numbers as they are in evaluation mode."""


@dataclass(frozen=True, slots=True, eq=False)
class Outputs(Tensors):
    """What each layer makes of one image, float32 (channels, height, width) or (units,); ``image`` is what it is made
    of.
    """

    name: ClassVar[str] = "outputs"


class PassRead(NamedTuple):
    """A net's graph, and the numbers of one image in it: what ``engine.nets.images.forward_pass.ForwardPass`` is of."""

    graph: Graph
    outputs: Outputs
    weights: Weights
    buffers: Buffers

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Return all but the graph."""
        return self.outputs, self.weights, self.buffers


def read_forward_pass(net: nn.Module, image: Tensor) -> PassRead:
    """Return all that happens to an image (channels, height, width) in ``net``, in evaluation mode, without a trace.

    Raises TypeError for a layer of a kind that nothing says how to write out.
    """
    heard = _Heard(image[None])
    handles = [
        module.register_forward_hook(lambda module, taken, given, name=name: heard.hear(name, module, taken, given))
        for name, module in net.named_modules()
        if not list(module.children()) and not isinstance(module, nn.Sequential)
    ]
    try:
        with looking(net):
            net(heard.image)
    finally:
        for handle in handles:
            handle.remove()
    made = Outputs({name: given[0].numpy().copy() for name, given in heard.made.items()})
    return PassRead(Graph(tuple(heard.nodes)), made, read_weights(dict(net.named_parameters())), read_buffers(net))


class _Heard:
    """What the layers of a net are heard to take and to give, while an image goes through."""

    def __init__(self, image: Tensor) -> None:
        self.image = image
        self.made: dict[str, Tensor] = {IMAGE: image}
        self.nodes: list[Node] = []
        self._names = {id(image): IMAGE}
        self._all: list[Tensor] = []  # as long as a tensor is kept, no other one has its id

    def hear(self, name: str, module: nn.Module, taken: tuple[Tensor, ...], given: Tensor) -> None:
        before = tuple(self._names[id(one)] for one in taken)
        self._all.append(given)
        if isinstance(module, KEEPING):
            (self._names[id(given)],) = before
            return
        self._names[id(given)] = name
        self.made[name] = given
        self.nodes.append(Node(name, inputs=before, **_how(module)))


def _how(module: nn.Module) -> dict[str, Any]:
    """Return of which kind a layer is, and with which numbers it does its work."""
    match module:
        case nn.Conv2d():
            how = {side: _one(getattr(module, side)) for side in ("stride", "padding", "dilation")}
            return {"kind": "conv", "size": _one(module.kernel_size), "groups": module.groups, **how}
        case nn.Linear():
            return {"kind": "dense"}
        case nn.BatchNorm1d() | nn.BatchNorm2d():
            return {"kind": "norm", "eps": module.eps}
        case nn.ReLU():
            return {"kind": "relu"}
        case nn.Tanh():
            return {"kind": "tanh"}
        case nn.MaxPool2d():
            how = {side: _one(getattr(module, side)) for side in ("stride", "padding")}
            return {"kind": "largest", "size": _one(module.kernel_size), **how}
        case nn.AdaptiveAvgPool2d() if module.output_size == 1:
            return {"kind": "mean", "size": 0}
        case Add():
            return {"kind": "add"}
        case Join():
            return {"kind": "join"}
    raise TypeError(f"Nothing says how a number of a layer of this kind is written out: {type(module).__name__}.")


def _one(size: Any) -> int:
    """Return a number that is the same down and across; ours have no others."""
    sides = set(size) if isinstance(size, tuple) else {size}
    if len(sides) != 1:
        raise TypeError(f"Expected the same number down and across, received {size}.")
    return int(sides.pop())

"""What is to be seen of each net for images, by the names of its layers: light, so that panels are known without torch.

A test holds each plan to the net that it is of.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from engine.nets.images.spec import ImageNetSpec, Net


@dataclass(frozen=True, slots=True)
class Plan:
    """Names of layers, in the order of their work: those whose outputs are ``drawn`` for an image, those that hold
    ``kernels`` (outputs, inputs, height, width), and those that hold a ``matrix`` (outputs, inputs).

    Of a convolution with batch norm behind it only what comes after the activation is drawn.
    """

    drawn: tuple[str, ...]
    kernels: tuple[str, ...] = ()
    matrices: tuple[str, ...] = ()

    @property
    def weighted(self) -> tuple[str, ...]:
        """Return the names of all layers with weights that are learnt, but for norms: in the order of their work."""
        return self.kernels + self.matrices


def plan(spec: ImageNetSpec) -> Plan:
    """Return the plan of the net that ``spec`` asks for; of one's own, as far as its text can be read."""
    return _own(spec.layers) if spec.net == "own" else PLANS[spec.net]


def told_layers(text: str) -> list[str]:
    """Return the layers that a text tells, each with single blanks."""
    told = [" ".join(part.split()).lower() for part in re.split(r"[,;\n]", text)]
    return [part for part in told if part]


def title(layer: str) -> str:
    """Return what a layer is called where a person reads it: its name, without what all of them have in front."""
    return layer.removeprefix("features.").removeprefix("stages.")


def _own(text: str) -> Plan:
    drawn, kernels, matrices = [], [], []
    for number, told in enumerate(told_layers(text)):
        name, kind = f"layers.{number}", told.partition(" ")[0]
        if kind == "conv":
            kernels.append(name)
        if kind == "dense":
            name += "" if matrices else ".1"  # the first one makes numbers of the image before it
            matrices.append(name)
        if kind not in ("norm", "dropout"):
            drawn.append(name)
    return Plan((*drawn, "head"), tuple(kernels), (*matrices, "head"))


def _blocks(names: Iterable[str]) -> list[str]:
    """Return the convolutions of blocks of one with its norm and its activation."""
    return [f"{name}.conv" for name in names]


def _vgg() -> Plan:
    pairs = [[f"features.block{block}.{part}" for part in ("first", "second")] for block in (1, 2, 3)]
    drawn = [
        name
        for block, pair in enumerate(pairs, 1)
        for name in (*(f"{one}.relu" for one in pair), f"features.block{block}.pool")
    ]
    return Plan((*drawn, "hidden", "relu", "head"), tuple(_blocks(chain(*pairs))), ("hidden", "head"))


def _resnet(*, shortcut: bool) -> Plan:
    drawn, kernels = ["stem.relu"], ["stem.conv"]
    for stage in (1, 2, 3):
        for block in (1, 2):
            name = f"stages.stage{stage}.block{block}"
            kernels += [f"{name}.first.conv", f"{name}.second.conv"]
            kernels += [f"{name}.around.conv"] if shortcut and stage > 1 and block == 1 else []
            drawn += [f"{name}.first.relu", *([f"{name}.add"] if shortcut else []), f"{name}.relu"]
    return Plan((*drawn, "mean", "head"), tuple(kernels), ("head",))


def _network_in_network() -> Plan:
    parts = [[f"features.block{block}.{part}" for part in ("spatial", "mix1", "mix2")] for block in (1, 2)]
    drawn = [
        name
        for block, part in enumerate(parts, 1)
        for name in (*(f"{one}.relu" for one in part), f"features.block{block}.pool")
    ]
    return Plan((*drawn, "head", "mean"), (*_blocks(chain(*parts)), "head"))


def _inception() -> Plan:
    paths = ("one", "three.reduce", "three.spatial", "five.reduce", "five.spatial", "pooled.mix")
    blocks = [[f"inception{block}.{path}" for path in paths] for block in (1, 2)]
    first, second = ([*(f"{one}.relu" for one in block), f"inception{n}.join"] for n, block in enumerate(blocks, 1))
    kernels = ("stem.conv", *_blocks(chain(*blocks)))
    return Plan(("stem.relu", "pool1", *first, "pool2", *second, "mean", "head"), kernels, ("head",))


def _squeezenet() -> Plan:
    fires = [f"fire{number}" for number in (1, 2, 3)]
    parts = ("squeeze", "relu", "expand1", "relu1", "expand3", "relu3", "join")
    one, two, three = ([f"{fire}.{part}" for part in parts] for fire in fires)
    kernels = [f"{fire}.{part}" for fire in fires for part in ("squeeze", "expand1", "expand3")]
    drawn = ("stem", "relu", "pool1", *one, *two, "pool2", *three, "head", "mean")
    return Plan(drawn, ("stem", *kernels, "head"))


_LENET = [f"features.{name}" for name in ("c1", "relu1", "s2", "c3", "relu3", "s4")]
PLANS: dict[Net, Plan] = {
    "softmax": Plan(("head",), (), ("head",)),
    "dense": Plan(("hidden.0", "hidden.1", "hidden.2", "hidden.3", "head"), (), ("hidden.0", "hidden.2", "head")),
    "lenet": Plan(
        (*_LENET, "c5", "relu5", "f6", "relu6", "head"), ("features.c1", "features.c3"), ("c5", "f6", "head")
    ),
    "vgg": _vgg(),
    "resnet": _resnet(shortcut=True),
    "plain": _resnet(shortcut=False),
    "network_in_network": _network_in_network(),
    "inception": _inception(),
    "squeezenet": _squeezenet(),
}

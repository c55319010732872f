"""The net of a written-out run of Vision: the very text of ours, so its tensors have the same names."""

import sys
from functools import partial
from math import prod

from engine.labs.script_text import comment, module_source, source
from engine.nets.images.building import Shape, draw_weights
from engine.nets.images.catalogue import NETS
from engine.nets.images.spec import ImageNetSpec
from engine.nets.images.told import Told, told_net
from engine.nets.mlp import Dropout

NET = """

# The net.
"""
SIZES = """
Shape = tuple[int, int, int]
SHAPE = {shape}
"""
OWN = '''

class OwnNet(nn.Module):
    """The layers as they were told, and behind them the one that gives the classes."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.layers = nn.Sequential({layers})
        self.flatten = nn.Flatten()
        self.head = nn.Linear({before}, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits (batch, classes)."""
        return self.head(self.flatten(self.layers(x)))
'''
# Torch would draw first weights of its own from the one generator that all share.
NEW_NET = '''

def new_net(classes: int) -> nn.Module:
    """Return the net with its first weights, those of each layer drawn from a stream of its own."""
    with torch.device("meta"):  # shapes alone, until the first weights are drawn below
        net = {make}
    net.to_empty(device="cpu")
    for name, layer in net.named_modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            draw_weights(layer, derive(SEED, "weights", name), last=name == "head")
{more}    return net


net = new_net({classes})
'''
NORMS = """        elif isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
            layer.reset_parameters()
"""
DROPOUTS = """        elif isinstance(layer, Dropout):
            layer.generator = torch.Generator().manual_seed(derive(SEED, "dropout", name))
"""


def net_text(spec: ImageNetSpec, shape: Shape, classes: int) -> str:
    """Return the lines that make the net of ``spec`` with its initial weights."""
    text, make = _own(spec.layers, shape, classes) if spec.net == "own" else _known(spec, shape)
    more = (NORMS if "BatchNorm" in text else "") + (DROPOUTS if "Dropout(" in text else "")
    return NET + text + source(draw_weights) + NEW_NET.format(make=make, more=more, classes=classes)


def _known(spec: ImageNetSpec, shape: Shape) -> tuple[str, str]:
    """Return the text of a net that has a name, with all of ours that it is made of, and the call that makes it."""
    make = NETS[spec.net]
    kind = make.func if isinstance(make, partial) else make
    more = [f"{name}={value!r}" for name, value in make.keywords.items()] if isinstance(make, partial) else []
    about, text, needed = module_source(sys.modules[kind.__module__])
    parts = "".join(source(thing) for name, thing in needed.items() if name != "Shape")
    sizes = SIZES.format(shape=shape)
    return sizes + comment(about) + parts + text, f"{kind.__name__}({', '.join(['SHAPE', 'classes', *more])})"


def _own(text: str, shape: Shape, classes: int) -> tuple[str, str]:
    """Return the text of a net of one's own, and the call that makes it."""
    told = told_net(text, shape, classes)
    lines = "".join(f"\n            {_layer(layer)}," for layer in told)
    net = OWN.format(
        layers=f"{lines}\n        " if told else "",
        before=prod(told[-1].output if told else shape),
    )
    dropout = source(Dropout) if any(layer.kind == "dropout" for layer in told) else ""
    return dropout + net, "OwnNet(classes)"


def _layer(told: Told) -> str:
    is_image = len(told.before) == 3
    match told.kind:
        case "conv":
            channels, kernel, stride, pad = told.numbers
            strides = f", stride={stride}" if stride > 1 else ""
            return f"nn.Conv2d({told.before[0]}, {channels}, {kernel}{strides}{f', padding={pad}' if pad else ''})"
        case "pool":
            return f"nn.MaxPool2d({told.numbers[0]})"
        case "norm":
            return f"nn.BatchNorm{2 if is_image else 1}d({told.before[0]})"
        case "relu":
            return "nn.ReLU()"
        case "tanh":
            return "nn.Tanh()"
        case "dropout":
            return f'Dropout({told.share}, torch.Generator(device="cpu"))'
        case "dense":
            dense = f"nn.Linear({prod(told.before)}, {told.numbers[0]})"
            return f"nn.Sequential(nn.Flatten(), {dense})" if is_image else dense
    raise ValueError(f"expected a layer that can be told, received {told.kind}")

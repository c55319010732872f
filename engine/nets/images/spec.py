"""Which net learns images: the settings; light, so that a form can be made of them without torch."""

from typing import Annotated, Literal

from pydantic import Field

from engine.spec import Knob, Spec

Net = Literal[
    "softmax", "dense", "lenet", "vgg", "resnet", "plain", "network_in_network", "inception", "squeezenet", "own"
]
OWN = "conv 8 5, relu, pool 2, conv 16 3, relu, pool 2, dense 64, relu"


class ImageNetSpec(Spec):
    """The architecture; ``layers`` are those of a net of one's own, see ``engine.nets.images.told``."""

    net: Annotated[
        Net,
        Knob(
            "Net",
            group="Net",
            alters=("weights",),
            labels={
                "softmax": "Softmax regression",
                "dense": "Dense, two hidden layers",
                "lenet": "LeNet-5",
                "vgg": "Small VGG",
                "resnet": "Small ResNet",
                "plain": "Small ResNet without its shortcuts",
                "network_in_network": "Network in network",
                "inception": "Small Inception",
                "squeezenet": "Small SqueezeNet",
                "own": "One of your own",
            },
            help="LeNet-5 is quick and good at digits; the deeper ones take a second or more for a pass.",
        ),
    ] = "lenet"
    layers: Annotated[
        str,
        Field(max_length=600),
        Knob(
            "Layers",
            group="Net",
            alters=("weights",),
            when={"net": ("own",)},
            help="One after the other with commas: conv CHANNELS KERNEL, pool SIZE, norm, relu, tanh, dropout SHARE, "
            "dense UNITS. The layer that gives the classes is put behind them.",
        ),
    ] = OWN

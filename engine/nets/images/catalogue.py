"""Nets for images by the names that settings have for them."""

from collections.abc import Callable
from functools import partial

from torch import nn

from engine.nets.images.building import Shape, build
from engine.nets.images.dense import Dense
from engine.nets.images.inception import SmallInception
from engine.nets.images.lenet import LeNet5
from engine.nets.images.network_in_network import NetworkInNetwork
from engine.nets.images.own import OwnNet
from engine.nets.images.resnet import ResNet
from engine.nets.images.softmax import SoftmaxRegression
from engine.nets.images.spec import ImageNetSpec, Net
from engine.nets.images.squeezenet import SmallSqueezeNet
from engine.nets.images.vgg import SmallVGG

NETS: dict[Net, Callable[[Shape, int], nn.Module]] = {
    "softmax": SoftmaxRegression,
    "dense": Dense,
    "lenet": LeNet5,
    "vgg": SmallVGG,
    "resnet": ResNet,
    "plain": partial(ResNet, shortcut=False),
    "network_in_network": NetworkInNetwork,
    "inception": SmallInception,
    "squeezenet": SmallSqueezeNet,
}


def make_net(spec: ImageNetSpec, shape: Shape, classes: int, seed: int) -> nn.Module:
    """Return the net of ``spec`` for images of a shape, at the weights that follow from ``seed``.

    Raises SpecError where a layer of a net of one's own does not fit.
    """
    if spec.net == "own":
        return build(lambda: OwnNet(spec.layers, shape, classes), seed)
    return build(lambda: NETS[spec.net](shape, classes), seed)

"""The tables that pages show, made without torch, are those of the nets, which are held to torch's own counts."""

import subprocess
import sys
from typing import get_args

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from engine.errors import SpecError
from engine.nets.images.alexnet import CLASSES, SHAPE, AlexNet
from engine.nets.images.building import Shape
from engine.nets.images.catalogue import make_net
from engine.nets.images.layer import total
from engine.nets.images.layers import layers
from engine.nets.images.sketches import alexnet, table
from engine.nets.images.spec import ImageNetSpec, Net
from tests.engine.nets.images.test_plan import OWNS

OWN = "conv 8 3, norm, relu, pool 2, conv 16 5 stride 2 pad 0, tanh, dropout 0.2, dense 20, norm, relu"
TEXTS = (*OWNS, OWN, "pool 3, conv 5 4, conv 5 4 pad 3 stride 3, dense 4, dense 3, dropout .5")
SPECS = [ImageNetSpec(net=net) for net in get_args(Net) if net != "own"]
SPECS += [ImageNetSpec(net="own", layers=text) for text in TEXTS]
SHAPES: list[tuple[Shape, int]] = [((1, 28, 28), 10), ((3, 32, 32), 26), ((1, 19, 41), 2), ((3, 64, 64), 100)]


@pytest.mark.parametrize(("shape", "classes"), SHAPES)
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.net} {spec.layers[:12] if spec.net == 'own' else ''}")
def test_the_table_without_torch_is_that_of_the_net(spec: ImageNetSpec, shape: Shape, classes: int) -> None:
    assert table(spec, shape, classes) == layers(make_net(spec, shape, classes, seed=1), shape)


def test_alexnets_is_that_of_the_net_in_its_papers_shape() -> None:
    with torch.device("meta"):
        net = AlexNet()
    assert alexnet() == layers(net, SHAPE)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        net(torch.empty(1, *SHAPE, device="meta"))
    assert total(alexnet()) == (60_965_224, counter.get_total_flops())
    assert alexnet()[-1].output == (CLASSES,)


def test_a_layer_that_does_not_fit_in_its_place_is_told_with_what_it_is_given() -> None:
    spec = ImageNetSpec(net="own", layers="conv 8 5, pool 4, conv 4 3, pool 9")
    with pytest.raises(SpecError, match=r"^Layer 4, 'pool 9', does not fit: .* at most 7 .* given 4 channels of 7 x 7"):
        table(spec, (1, 28, 28), 10)


def test_torch_is_not_needed() -> None:
    program = "import sys, engine.nets.images.sketches; sys.exit('torch' in sys.modules)"
    assert not subprocess.run([sys.executable, "-c", program], check=False).returncode

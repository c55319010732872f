"""Nets for images: shapes, weights that follow from a seed, and a table of layers that says what torch counts."""

from collections.abc import Callable
from functools import partial

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from engine.nets.images.alexnet import CLASSES, SHAPE, AlexNet
from engine.nets.images.building import Shape, build
from engine.nets.images.dense import Dense
from engine.nets.images.inception import SmallInception
from engine.nets.images.layer import total
from engine.nets.images.layers import layers
from engine.nets.images.lenet import LeNet5
from engine.nets.images.network_in_network import NetworkInNetwork
from engine.nets.images.own import OwnNet
from engine.nets.images.resnet import ResNet
from engine.nets.images.softmax import SoftmaxRegression
from engine.nets.images.squeezenet import SmallSqueezeNet
from engine.nets.images.vgg import SmallVGG

GREY: Shape = (1, 28, 28)
COLOUR: Shape = (3, 32, 32)
OWN = "conv 8 3, norm, relu, pool 2, conv 16 5 stride 2 pad 0, tanh, dropout 0.2, dense 20, norm, relu"
Make = Callable[[Shape, int], nn.Module]
NETS: dict[str, Make] = {
    "softmax": SoftmaxRegression,
    "dense": Dense,
    "lenet": LeNet5,
    "vgg": SmallVGG,
    "resnet": ResNet,
    "plain": partial(ResNet, shortcut=False),
    "nin": NetworkInNetwork,
    "inception": SmallInception,
    "squeezenet": SmallSqueezeNet,
    "own": partial(OwnNet, OWN),
}


def made(name: str, shape: Shape = GREY, seed: int = 0) -> nn.Module:
    return build(lambda: NETS[name](shape, 10), seed)


def images(shape: Shape, count: int = 4) -> torch.Tensor:
    return torch.rand(count, *shape, generator=torch.Generator().manual_seed(7))


@pytest.mark.parametrize("shape", [GREY, COLOUR])
@pytest.mark.parametrize("name", NETS)
def test_each_class_gets_a_logit_and_every_weight_a_gradient(name: str, shape: Shape) -> None:
    net = made(name, shape)
    logits = net(images(shape))
    assert logits.shape == (4, 10)
    nn.functional.cross_entropy(logits, torch.arange(4)).backward()
    without = [weight for weight, value in net.named_parameters() if value.grad is None or not value.grad.any()]
    assert not without


@pytest.mark.parametrize("name", NETS)
def test_weights_follow_from_the_seed_alone(name: str) -> None:
    before = torch.random.get_rng_state()
    one, same, other = made(name, seed=3), made(name, seed=3), made(name, seed=4)
    assert torch.equal(torch.random.get_rng_state(), before)
    for (tensor, a), (_, b), (_, c) in zip(*(n.state_dict().items() for n in (one, same, other)), strict=True):
        assert torch.isfinite(a).all(), tensor
        assert torch.equal(a, b), tensor
        assert a.ndim < 2 or not torch.equal(a, c), tensor


@pytest.mark.parametrize("name", ["vgg", "resnet", "lenet"])
def test_numbers_neither_vanish_nor_explode_on_their_way_through(name: str) -> None:
    net = made(name)
    standard = (images(GREY, 64) - 0.5) / 12**-0.5
    assert 0.2 < float(net(standard).detach().std()) < 5


@pytest.mark.parametrize("shape", [GREY, COLOUR])
@pytest.mark.parametrize("name", NETS)
def test_the_table_says_what_torch_counts(name: str, shape: Shape) -> None:
    net = made(name, shape).eval()
    table = layers(net, shape)
    seen: list[tuple[str, tuple[int, ...]]] = []
    for place, module in net.named_modules():
        if not list(module.children()) and not isinstance(module, nn.Sequential):
            module.register_forward_hook(lambda _m, _i, out, place=place: seen.append((place, tuple(out.shape[1:]))))
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        net(images(shape, 1))
    assert [(row.name, row.output) for row in table] == seen
    weights = {place: sum(w.numel() for w in module.parameters()) for place, module in net.named_modules()}
    assert {row.name: row.parameters for row in table} == {row.name: weights[row.name] for row in table}
    assert total(table) == (sum(w.numel() for w in net.parameters()), counter.get_total_flops())


@pytest.mark.parametrize("name", ["lenet", "vgg", "resnet", "nin", "inception", "squeezenet", "own"])
def test_a_number_sees_as_many_pixels_as_the_table_says(name: str) -> None:
    """Held against gradients: with weights above 0, means for the largest, and nothing bent, every pixel that is seen
    has one.
    """
    side = 97
    net = made(name, (1, side, side)).double()
    mean_pools(net)
    for module in net.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            module.weight.data.fill_(1 / module.weight[0].numel())
    outputs: dict[str, torch.Tensor] = {}
    table = layers(net, (1, side, side))
    for place, module in net.eval().named_modules():
        module.register_forward_hook(lambda _m, _i, out, place=place: outputs.__setitem__(place, out))
    pixels = torch.ones(1, 1, side, side, dtype=torch.double, requires_grad=True)
    net(pixels)
    for row in table:
        if len(row.output) == 3 and row.field:
            middle = outputs[row.name][0, :, row.output[1] // 2, row.output[2] // 2].sum()
            (gradient,) = torch.autograd.grad(middle, pixels, retain_graph=True)
            columns = gradient[0, 0].abs().sum(dim=0).nonzero()
            assert int(columns.max() - columns.min()) + 1 == row.field, row


def mean_pools(module: nn.Module) -> None:
    """Put pools that see all of their pixels in the place of those that take the largest."""
    for name, child in module.named_children():
        if isinstance(child, nn.MaxPool2d):
            setattr(module, name, nn.AvgPool2d(child.kernel_size, child.stride, child.padding))
        mean_pools(child)


def test_lenet_is_the_papers() -> None:
    rows = {row.name.rpartition(".")[2]: row for row in layers(made("lenet"), GREY)}
    assert [rows[name].output for name in ("c1", "s2", "c3", "s4", "c5", "f6", "head")] == [
        (6, 28, 28),
        (6, 14, 14),
        (16, 10, 10),
        (16, 5, 5),
        (120,),
        (84,),
        (10,),
    ]
    assert [rows[name].parameters for name in ("c1", "c5", "f6")] == [156, 48_120, 10_164]
    assert layers(made("lenet", (1, 32, 32)), (1, 32, 32))[0].output == (6, 28, 28)


def test_alexnet_is_the_papers() -> None:
    """60 million weights, 11 x 11 kernels seen 4 pixels apart; made as shapes alone, for nobody trains it here."""
    with torch.device("meta"):
        net = AlexNet()
    table = layers(net, SHAPE)
    rows = {row.name.rpartition(".")[2]: row for row in table}
    assert (rows["conv1"].output, rows["conv1"].field, rows["conv1"].stride) == ((96, 55, 55), 11, 4)
    assert (rows["pool5"].output, rows["head"].output) == ((256, 6, 6), (CLASSES,))
    assert total(table)[0] == 60_965_224


def test_a_shortcut_costs_nothing_but_where_the_shape_changes() -> None:
    with_it, without = (sum(w.numel() for w in made(name).parameters()) for name in ("resnet", "plain"))
    assert with_it - without == 16 * 32 + 2 * 32 + 32 * 64 + 2 * 64
    plain = {row.name for row in layers(made("plain"), GREY)}
    assert not [name for name in plain if "around" in name and "Identity" not in name and "norm" in name]

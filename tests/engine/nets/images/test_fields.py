"""Which pixels a number of a layer is made of, held against the pixels that it has a gradient by."""

import pytest
import torch
from torch import nn

from engine.nets.images.fields import field_of
from engine.nets.images.layers import layers
from tests.engine.nets.images.test_nets import made, mean_pools

HIGH, WIDE = 41, 47
NETS = ["lenet", "vgg", "resnet", "nin", "inception", "squeezenet", "own"]


@pytest.mark.parametrize("name", NETS)
def test_the_square_of_a_number_holds_the_pixels_that_have_a_gradient(name: str) -> None:
    """With weights above 0, means for the largest, and nothing bent, these are all that are seen: cut at the border."""
    net = made(name, (1, HIGH, WIDE)).double()
    mean_pools(net)
    for module in net.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            module.weight.data.fill_(1 / module.weight[0].numel())
    table = [(row, field_of(net, (1, HIGH, WIDE), row.name)) for row in layers(net, (1, HIGH, WIDE))]
    outputs: dict[str, torch.Tensor] = {}
    for place, module in net.eval().named_modules():
        module.register_forward_hook(lambda _m, _i, out, place=place: outputs.__setitem__(place, out))
    pixels = torch.ones(1, 1, HIGH, WIDE, dtype=torch.double, requires_grad=True)
    net(pixels)
    seen = 0
    for row, field in table:
        if field is None:
            assert row.field == 0
            continue
        assert (field.side, field.stride) == (row.field, row.stride)
        _, down, across = row.output
        for at in ((0, 0), (down // 2, across // 2), (down - 1, across - 1), (0, across // 3)):
            (gradient,) = torch.autograd.grad(outputs[row.name][0, :, *at].sum(), pixels, retain_graph=True)
            rows, columns = (gradient[0, 0].abs().sum(dim=side).nonzero()[:, 0] for side in (1, 0))
            top, left = field.square(*at)
            assert (int(rows.min()), int(rows.max())) == (max(0, top), min(HIGH, top + field.side) - 1), row
            assert (int(columns.min()), int(columns.max())) == (max(0, left), min(WIDE, left + field.side) - 1), row
            seen += 1
    assert seen >= 16


def test_where_a_layer_makes_numbers_of_the_whole_image_there_is_no_square() -> None:
    assert field_of(made("lenet"), (1, 28, 28), "c5") is None
    assert field_of(made("resnet"), (1, 28, 28), "mean") is None
    assert field_of(made("lenet"), (1, 28, 28), "features.c1") == (5, 1, -2, -2)

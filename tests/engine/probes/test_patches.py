"""The images that excite units most, held against a search by hand through everything in numpy."""

import numpy as np
import pytest
import torch
from torch import nn

from engine.nets.images.building import build
from engine.nets.images.lenet import LeNet5
from engine.nets.images.resnet import ResNet
from engine.probes import patches
from engine.probes.listening import listening

SHAPE = (2, 16, 18)
INPUTS = torch.rand(23, *SHAPE, generator=torch.Generator().manual_seed(0))


def searched(maps: np.ndarray, most: int) -> list[list[tuple[float, int, int, int]]]:
    """Return for each unit (value, image, row, column) of the images with the largest numbers, from maps (images,
    units, height, width).
    """
    found = []
    for unit in range(maps.shape[1]):
        each = []
        for image in range(len(maps)):
            row, column = np.unravel_index(maps[image, unit].argmax(), maps.shape[2:])
            each.append((float(maps[image, unit, row, column]), image, int(row), int(column)))
        found.append(sorted(each, key=lambda one: (-one[0], one[1]))[:most])
    return found


def told(found: patches.Strongest) -> list[list[tuple[float, int, int, int]]]:
    parts = (found.values, found.images, found.rows, found.columns)
    return [list(zip(*(part[unit].tolist() for part in parts), strict=True)) for unit in range(len(found.values))]


@pytest.mark.parametrize("at_once", [4, 100])
@pytest.mark.parametrize("layer", ["features.c1", "features.relu3", "features.s4", "f6", "relu6"])
def test_they_are_found_by_hand_too(layer: str, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patches, "AT_ONCE", at_once)
    net = build(lambda: LeNet5(SHAPE, 5), 1)
    kept: list[torch.Tensor] = []
    before = {"features.relu3": "features.c3", "relu6": "f6"}.get(layer, layer)  # what a ReLU is given
    net.get_submodule(before).register_forward_hook(lambda _m, _i, made: kept.append(made.detach()))
    with torch.no_grad():
        net(INPUTS)
    *_, (done, found) = patches.strongest(net, layer, INPUTS, 5)
    assert done == 23
    maps = kept[0].numpy()
    expected = searched(maps if maps.ndim == 4 else maps[..., None, None], 5)
    for ours, theirs in zip(told(found), expected, strict=True):
        assert [one[1:] for one in ours] == [one[1:] for one in theirs]
        np.testing.assert_allclose([one[0] for one in ours], [one[0] for one in theirs], atol=1e-5)


def test_of_images_that_are_alike_the_first_come_first_and_few_are_all() -> None:
    net = build(lambda: LeNet5(SHAPE, 5), 1)
    *_, (_, found) = patches.strongest(net, "features.c1", INPUTS[:1].repeat(3, 1, 1, 1), 9)
    assert found.images.tolist() == [[0, 1, 2]] * 6


def test_the_net_is_asked_as_it_answers_and_left_as_it_was() -> None:
    net = build(lambda: ResNet(SHAPE, 5, 1), 1).train()
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    *_, (_, found) = patches.strongest(net, "stem.relu", INPUTS, 2)
    assert net.training
    assert all(torch.equal(tensor, before[name]) for name, tensor in net.state_dict().items())
    *_, (_, again) = patches.strongest(net.eval(), "stem.relu", INPUTS, 2)
    assert torch.equal(found.values, again.values)
    assert not [module for module in net.modules() if module._forward_hooks]


def test_nobody_listens_any_more_where_a_pass_broke() -> None:
    net = nn.Sequential(nn.ReLU())
    with pytest.raises(RuntimeError), listening(net, "0"):
        raise RuntimeError
    assert not net[0]._forward_hooks

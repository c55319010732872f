"""An input that excites a unit: held against units whose best input is known, and against noise."""

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter
from torch import nn

from engine.nets.images.building import build
from engine.nets.images.lenet import LeNet5
from engine.nets.images.resnet import ResNet
from engine.probes.ascent import Regularised, answer, ascent, blurred

SHAPE = (1, 16, 16)
FREE = Regularised(decay=0, blur=0, jitter=0)
BOUNDS = torch.full(SHAPE, -0.5), torch.full(SHAPE, 2.0)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_of_a_unit_that_is_linear_the_best_input_is_found() -> None:
    """Bright where its weight is above 0, dark where it is below: nothing within the bounds is answered more."""
    net = build(lambda: LeNet5(SHAPE, 5), 3)
    first = net.get_submodule("features.c1")
    *_, last = ascent(net, "features.c1", 2, (14, 14), BOUNDS, 60, FREE, generator())
    weights = first.weight[2].detach()  # type: ignore[index, union-attr]
    best = torch.where(weights > 0, 2.0, -0.5)
    felt = weights.abs() > weights.abs().max() / 20  # the others are moved too slowly to arrive
    frame = (32 - 16) // 2
    top = 14 - frame  # the kernel begins where its number stands, less the frame
    assert felt.sum() > 20
    torch.testing.assert_close(last.image[:, top : top + 5, top : top + 5][felt], best[felt], atol=1e-5, rtol=0)
    assert last.answer == pytest.approx(float((weights * best).sum()), rel=1e-2)


@pytest.mark.parametrize("held", [FREE, Regularised(), Regularised(0.05, 1.0, 3)])
@pytest.mark.parametrize("layer", ["features.relu1", "features.s4", "relu6", "head"])
def test_it_rises_stays_within_its_bounds_and_follows_from_its_seed(layer: str, held: Regularised) -> None:
    net = build(lambda: LeNet5(SHAPE, 5), 1)
    at = {"features.relu1": (14, 14), "features.s4": (2, 2)}.get(layer, (0, 0))
    walk = list(ascent(net, layer, 1, at, BOUNDS, 30, held, generator()))
    assert len(walk) == 31
    assert walk[-1].answer > walk[0].answer
    assert all((one.image >= -0.5).all() and (one.image <= 2).all() for one in walk)
    assert walk[-1].answer == pytest.approx(answer(net, layer, 1, at, walk[-1].image))
    *_, again = ascent(net, layer, 1, at, BOUNDS, 30, held, generator())
    assert torch.equal(again.image, walk[-1].image)
    *_, other = ascent(net, layer, 1, at, BOUNDS, 30, held, generator(1))
    assert not torch.equal(other.image, walk[-1].image)


def test_a_unit_that_is_silent_is_excited_all_the_same() -> None:
    """Its ReLU lets no gradient through, but what goes into it has one."""
    net = build(lambda: LeNet5(SHAPE, 5), 1)
    with torch.no_grad():
        net.get_submodule("features.c1").bias.fill_(-3)  # type: ignore[union-attr, operator]
    first, *_, last = ascent(net, "features.relu1", 0, (10, 10), BOUNDS, 40, FREE, generator())
    assert first.answer < 0 < last.answer


def test_pixels_that_the_unit_does_not_see_only_decay() -> None:
    net = build(lambda: LeNet5(SHAPE, 5), 1)
    held = Regularised(decay=0.1, blur=0, jitter=0)
    first, last = ascent(net, "features.c1", 0, (14, 14), BOUNDS, 1, held, generator())
    unseen = torch.ones(SHAPE, dtype=torch.bool)
    unseen[:, 6:11, 6:11] = False
    torch.testing.assert_close(last.image[unseen], first.image[unseen] * 0.9)


@pytest.mark.parametrize("seed", range(4))
def test_an_image_that_is_moved_is_moved_back(seed: int) -> None:
    """A step changes the pixels that the unit has seen: those that the move has brought below its kernel."""
    net = build(lambda: LeNet5(SHAPE, 5), 1)
    same = generator(seed)
    torch.randn(SHAPE, generator=same)
    down, across = torch.randint(-3, 4, (2,), generator=same).tolist()
    held = Regularised(decay=0, blur=0, jitter=3)
    first, second, *_ = ascent(net, "features.c1", 0, (14, 14), BOUNDS, 10, held, generator(seed))
    rows, columns = ((first.image != second.image)[0].any(dim=side).nonzero()[:, 0].tolist() for side in (1, 0))
    assert rows == [row - down for row in range(6, 11)]
    assert columns == [column - across for column in range(6, 11)]


def test_blurring_is_scipys() -> None:
    image = torch.rand(2, 9, 11, generator=generator()).double()
    expected = np.stack([gaussian_filter(one, 0.7, mode="nearest", radius=3) for one in image.numpy()])
    np.testing.assert_allclose(blurred(image, 0.7), expected, atol=1e-12)


def test_the_net_is_left_as_it_was() -> None:
    net = build(lambda: ResNet(SHAPE, 5, 1), 1).train()
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    with torch.no_grad():
        list(ascent(net, "stem.relu", 0, (3, 3), BOUNDS, 3, Regularised(), generator()))
    assert net.training
    assert all(torch.equal(tensor, before[name]) for name, tensor in net.state_dict().items())
    assert all(parameter.grad is None for parameter in net.parameters())
    assert not [module for module in net.modules() if isinstance(module, nn.Module) and module._forward_hooks]

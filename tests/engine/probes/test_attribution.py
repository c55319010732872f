"""Attribution held against Captum, against what is known of each way, and against a net that is linear."""

import warnings

import pytest
import torch
from torch import nn

from engine.nets.images.building import build
from engine.nets.images.lenet import LeNet5
from engine.nets.images.resnet import ResNet
from engine.nets.images.softmax import SoftmaxRegression
from engine.probes import attribution

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its own imports
    from captum import attr

SHAPE = (2, 20, 24)
CLASSES = torch.tensor([1, 3, 0])


@pytest.fixture(params=["lenet", "resnet"])
def net(request: pytest.FixtureRequest) -> nn.Module:
    make = {"lenet": lambda: LeNet5(SHAPE, 5), "resnet": lambda: ResNet(SHAPE, 5, 1)}[request.param]
    return build(make, 1).double().eval()


@pytest.fixture
def images() -> torch.Tensor:
    return torch.rand(3, *SHAPE, dtype=torch.double, generator=torch.Generator().manual_seed(0))


def test_gradients_are_captums(net: nn.Module, images: torch.Tensor) -> None:
    theirs = attr.Saliency(net).attribute(images.clone().requires_grad_(), CLASSES, abs=False)
    torch.testing.assert_close(attribution.gradient(net, images, CLASSES), theirs)


def test_integrated_gradients_are_captums_and_complete(net: nn.Module, images: torch.Tensor) -> None:
    baselines = torch.full_like(images, 0.2)
    theirs, gap = attr.IntegratedGradients(net).attribute(
        images, baselines, CLASSES, n_steps=30, return_convergence_delta=True
    )
    found, ours = attribution.integrated_gradients(net, images, CLASSES, baselines, 30)
    torch.testing.assert_close(found, theirs)
    torch.testing.assert_close(ours, gap)
    _, rough = attribution.integrated_gradients(net, images, CLASSES, baselines, 2)
    assert ours.abs().max() < rough.abs().max()


def test_the_gap_is_told_where_a_way_is_gone_too_fast() -> None:
    class Square(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return (x**4).flatten(1).sum(dim=1, keepdim=True)

    image, zero = torch.full((1, 1, 1, 1), 2.0), torch.zeros(1, 1, 1, 1)
    one_step, gap = attribution.integrated_gradients(Square(), image, torch.zeros(1, dtype=torch.long), zero, 1)
    assert (one_step.item(), gap.item()) == (pytest.approx(8), pytest.approx(-8))  # 2 * 4 * 1**3, of 2**4
    exact, gap = attribution.integrated_gradients(Square(), image, torch.zeros(1, dtype=torch.long), zero, 2)
    assert (exact.item(), gap.item()) == (pytest.approx(16), pytest.approx(0, abs=1e-5))


def test_grad_cam_is_captums(net: nn.Module, images: torch.Tensor) -> None:
    layer = net.features.c3 if isinstance(net, LeNet5) else net.stages.stage2.block1.second.conv  # type: ignore[union-attr]
    theirs = attr.LayerGradCam(net, layer).attribute(images, CLASSES, relu_attributions=True)
    found = attribution.grad_cam(net, layer, images, CLASSES)
    assert (found > 0).any()
    torch.testing.assert_close(found.to(theirs.dtype), theirs[:, 0])


@pytest.mark.parametrize(("side", "stride"), [(4, 4), (5, 3), (1, 1)])
def test_occlusion_is_captums(net: nn.Module, images: torch.Tensor, side: int, stride: int) -> None:
    window = (SHAPE[0], side, side)
    ways = (SHAPE[0], stride, stride)
    theirs = attr.Occlusion(net).attribute(images, window, ways, 0.5, CLASSES)
    found = attribution.occlusion(net, images, CLASSES, side, stride, 0.5)
    torch.testing.assert_close(found.to(theirs.dtype), theirs[:, 0])


def test_noise_is_averaged_away() -> None:
    """Of a net that is linear all gradients are the weights; of one that is not, the mean is that of all copies."""
    linear = build(lambda: SoftmaxRegression(SHAPE, 5), 0)
    images = torch.rand(3, *SHAPE)
    found = attribution.smooth_gradient(linear, images, CLASSES, 3, 0.5, torch.Generator().manual_seed(1))
    weights = linear.head.weight.detach()[CLASSES].view(3, *SHAPE)  # type: ignore[index, union-attr]
    torch.testing.assert_close(found, weights)

    net = build(lambda: LeNet5(SHAPE, 5), 0)
    generator = torch.Generator().manual_seed(1)
    copies = [images + torch.randn(images.shape, generator=generator) * 0.5 for _ in range(4)]
    mean = torch.stack([attribution.gradient(net, copy, CLASSES) for copy in copies]).mean(dim=0)
    again = attribution.smooth_gradient(net, images, CLASSES, 4, 0.5, torch.Generator().manual_seed(1))
    torch.testing.assert_close(again, mean)


def test_net_and_images_are_left_as_they_were(images: torch.Tensor) -> None:
    net = build(lambda: ResNet(SHAPE, 5, 1), 1).double().train()
    net.stages.eval()  # type: ignore[operator]
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    seen = images.clone()
    with torch.no_grad():
        attribution.gradient(net, images, CLASSES)
        attribution.grad_cam(net, net.stem, images, CLASSES)  # type: ignore[arg-type]
        attribution.occlusion(net, images, CLASSES, 9, 9, 0.0)
        attribution.integrated_gradients(net, images, CLASSES, torch.zeros_like(images), 2)
    assert net.training
    assert not net.stages.training  # type: ignore[union-attr]
    assert all(torch.equal(tensor, before[name]) for name, tensor in net.state_dict().items())
    assert all(parameter.grad is None for parameter in net.parameters())
    assert torch.equal(images, seen)
    assert not [module for module in net.modules() if module._forward_hooks]

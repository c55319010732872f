"""Feature maps, held against a plain convolution in numpy, pixel by pixel."""

import numpy as np
import pytest
import torch
from torch import nn

from engine.nets.images.building import build
from engine.nets.images.inception import SmallInception
from engine.nets.images.layers import layers
from engine.nets.images.lenet import LeNet5
from engine.nets.images.resnet import ResNet
from engine.probes.feature_maps import read_feature_maps
from engine.probes.looking import looking

SHAPE = (2, 12, 14)


def convolved(image: np.ndarray, weight: np.ndarray, bias: np.ndarray, frame: tuple[int, int]) -> np.ndarray:
    """Return a convolution (outputs, height, width) float64 of an image (inputs, height, width), by its definition."""
    down, across = frame
    framed = np.pad(image.astype(np.float64), ((0, 0), (down, down), (across, across)))
    outputs, _, high, wide = weight.shape
    found = np.empty((outputs, framed.shape[1] - high + 1, framed.shape[2] - wide + 1))
    for unit in range(outputs):
        for row in range(found.shape[1]):
            for column in range(found.shape[2]):
                seen = framed[:, row : row + high, column : column + wide]
                found[unit, row, column] = (seen * weight[unit]).sum() + bias[unit]
    return found


def pooled(image: np.ndarray) -> np.ndarray:
    """Return the largest of each 2 x 2 pixels."""
    channels, height, width = image.shape
    return (
        image[:, : height // 2 * 2, : width // 2 * 2].reshape(channels, height // 2, 2, width // 2, 2).max(axis=(2, 4))
    )


def test_all_maps_of_lenet_are_those_of_numpy() -> None:
    net = build(lambda: LeNet5(SHAPE, 4), 0)
    image = torch.rand(SHAPE, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        for name, value in net.named_parameters():
            if name.endswith("bias"):
                value.normal_(0, 0.5, generator=torch.Generator().manual_seed(1))
    maps = read_feature_maps(net, image).maps.tensors
    weights = {name: value.detach().numpy() for name, value in net.named_parameters()}
    x = image.numpy()
    for stage, layer in ((1, "c1"), (3, "c3")):
        frame = net.features.c1.padding if layer == "c1" else (0, 0)  # type: ignore[union-attr]
        x = convolved(x, weights[f"features.{layer}.weight"], weights[f"features.{layer}.bias"], frame)  # type: ignore[arg-type]
        np.testing.assert_allclose(maps[f"features.{layer}"], x, atol=1e-5)
        x = np.maximum(x, 0)
        np.testing.assert_allclose(maps[f"features.relu{stage}"], x, atol=1e-5)
        x = pooled(x)
        np.testing.assert_allclose(maps[f"features.s{stage + 1}"], x, atol=1e-5)
    x = x.ravel()
    for layer in ("c5", "f6", "head"):
        x = weights[f"{layer}.weight"].astype(np.float64) @ x + weights[f"{layer}.bias"]
        np.testing.assert_allclose(maps[layer], x, atol=1e-4)
        x = np.maximum(x, 0)


@pytest.mark.parametrize("make", [LeNet5, ResNet, SmallInception])
def test_they_have_the_shapes_of_the_table_and_leave_no_trace(make: type[nn.Module]) -> None:
    net = build(lambda: make(SHAPE, 4), 0).train()  # type: ignore[call-arg]
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    image = torch.rand(SHAPE)
    seen = read_feature_maps(net, image)
    maps = seen.maps.tensors
    table = {row.name: row.output for row in layers(net, SHAPE) if row.kind not in ("Flatten", "Identity")}
    assert {name: array.shape for name, array in maps.items()} == table
    assert list(maps) == list(table)
    assert net.training
    with looking(net):
        torch.testing.assert_close(seen.logits, net(image[None])[0])
    assert all(torch.equal(tensor, before[name]) for name, tensor in net.state_dict().items())
    assert not [module for module in net.modules() if module._forward_hooks]

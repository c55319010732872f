"""What is seen of a net for images: maps in levels, the largest sizes, the worst of its mistakes."""

import numpy as np
import pytest
import torch
from torch import nn

from engine.probes.images import LEVELS, answers, captions, cropped, pictures, read_maps, worst


def test_maps_in_levels_are_the_numbers_to_half_a_level() -> None:
    generator = np.random.default_rng(0)
    maps = {"a": generator.normal(size=(5, 7, 6)).astype(np.float32), "b": generator.normal(size=9).astype(np.float32)}
    levels, lows, highs = read_maps(maps, ["b", "a"], 4)
    assert list(levels.tensors) == ["b", "a"]
    for name, numbers in maps.items():
        found, low, high = (part.tensors[name] for part in (levels, lows, highs))
        assert found.shape == numbers[:4].shape
        shape = (-1,) + (1,) * (numbers.ndim - 1)
        span = (high - low).reshape(shape)
        back = low.reshape(shape) + found / LEVELS * span
        assert (np.abs(back - numbers[:4]) <= span / LEVELS / 2 + 1e-6).all()
        np.testing.assert_array_equal(low, numbers[:4].reshape(4, -1).min(axis=1))
        np.testing.assert_array_equal(high, numbers[:4].reshape(4, -1).max(axis=1))


def test_a_map_that_is_flat_or_no_number_does_not_break_the_others() -> None:
    maps = np.zeros((4, 2, 2), np.float32)
    maps[1], maps[2, 0, 0], maps[3] = 3.0, np.nan, np.inf
    maps[2, 1, 1] = 2.0
    levels, lows, highs = read_maps({"a": maps}, ["a"], 9)
    assert levels.tensors["a"][[0, 1, 3]].max() == 0
    assert levels.tensors["a"][2].tolist() == [[0, 0], [0, LEVELS]]
    assert lows.tensors["a"].tolist() == [0, 3, 0, 0]
    assert highs.tensors["a"].tolist() == [0, 3, 2, 0]


def test_answers_are_those_of_the_whole_and_the_largest_size_is_that_of_every_map() -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(3 * 16, 4), nn.ReLU())
    inputs = torch.randn(601, 1, 6, 6)  # more than go through at once, and some left over
    net.train()
    found = answers(net, inputs, ["2", "5"])
    assert net.training
    net.eval()
    with torch.no_grad():
        maps = net[:3](inputs)
        torch.testing.assert_close(found.logits, net(inputs))
        np.testing.assert_allclose(found.largest["2"], maps.abs().amax(dim=(0, 2, 3)), rtol=1e-6)
        np.testing.assert_allclose(found.largest["5"], net(inputs).abs().amax(dim=0), rtol=1e-6)
    assert not net[2]._forward_hooks


def test_the_worst_are_told_wrongly_and_the_most_certain_comes_first() -> None:
    logits = torch.tensor([[3.0, 0, 0], [0, 9, 0], [2, 0, 1], [0, 0, 5]])
    labels = torch.tensor([0, 0, 2, 1])
    found = worst(logits, labels, 10)
    assert found.places.tolist() == [1, 3, 2]
    assert found.told.tolist() == [1, 2, 0]
    np.testing.assert_allclose(found.share, torch.softmax(logits, 1).amax(dim=1)[[1, 3, 2]])
    assert worst(logits, labels, 2).places.tolist() == [1, 3]
    assert next(captions(found, labels.numpy(), ("a", "b", "c"), "is")) == "predicted b (100%), is a"


def test_of_a_net_that_is_broken_the_worst_are_told_too() -> None:
    found = worst(torch.full((3, 2), torch.nan), torch.tensor([1, 0, 1]), 5)
    assert len(found.places) == 2


@pytest.mark.parametrize(("shape", "sides", "expected"), [((5, 4, 3, 3), (2, 9), (2, 4, 3, 3)), ((7,), (2, 9), (2,))])
def test_of_a_large_array_the_first_cells_are_kept(
    shape: tuple[int, ...], sides: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    array = np.arange(np.prod(shape)).reshape(shape)
    found = cropped(array, sides)
    assert found.shape == expected
    assert found.base is None or not np.shares_memory(found, array)
    np.testing.assert_array_equal(found, array[tuple(map(slice, expected))])


def test_pictures_have_their_channels_last() -> None:
    pixels = np.arange(2 * 3 * 4 * 5, dtype=np.uint8).reshape(2, 3, 4, 5)
    assert pictures(pixels)[1, 2, 3].tolist() == pixels[1, :, 2, 3].tolist()

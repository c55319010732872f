"""Nets that forget, and how alike two maps are."""

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr

from engine.nets.images.building import build
from engine.nets.images.resnet import ResNet
from engine.probes.randomised import from_the_head_down, randomised
from engine.probes.ranks import rank_correlation

SHAPE = (1, 12, 12)


def test_layers_that_forget_are_those_of_a_fresh_net_and_all_others_stay() -> None:
    net, fresh = (build(lambda: ResNet(SHAPE, 5, 1), seed) for seed in (1, 2))
    with torch.no_grad():  # what norms have learnt, and have seen
        for tensor in net.state_dict().values():
            tensor.add_(1)
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    gone = ("head", "stages.stage3.block1.second.norm")
    found = randomised(net, fresh, gone).state_dict()
    for name, tensor in found.items():
        expected = fresh.state_dict() if name.rpartition(".")[0] in gone else before
        assert torch.equal(tensor, expected[name]), name
    assert not torch.equal(found["head.weight"], before["head.weight"])
    assert all(torch.equal(tensor, before[name]) for name, tensor in net.state_dict().items())


def test_they_forget_from_the_head_down_norms_with_the_layers_before_them() -> None:
    order = ["conv1", "norm1", "conv2", "norm2", "head"]
    assert from_the_head_down(order, ("conv1", "conv2", "head")) == [
        ("head", ["head"]),
        ("conv2", ["conv2", "norm2", "head"]),
        ("conv1", order),
    ]


@pytest.mark.parametrize("levels", [3, 1_000_000])
def test_rank_correlation_is_scipys_also_where_numbers_are_equal(levels: int) -> None:
    chance = np.random.default_rng(0)
    one, other = (chance.integers(0, levels, (7, 9)).astype(float) for _ in range(2))
    other += one / 2
    assert rank_correlation(one, other) == pytest.approx(spearmanr(one.ravel(), other.ravel()).statistic)
    assert rank_correlation(one, one**3) == pytest.approx(1)
    assert rank_correlation(one, -one) == pytest.approx(-1)
    assert rank_correlation(one, np.full_like(one, 4)) is None

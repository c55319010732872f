"""A net of one's own: what may be told, and which layer is wrong where it does not fit."""

from contextlib import suppress

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from engine.errors import SpecError
from engine.nets.images.building import build
from engine.nets.images.layers import layers
from engine.nets.images.own import OwnNet
from engine.nets.images.told import KINDS, MOST_LAYERS

GREY = (1, 28, 28)


def own(text: str) -> nn.Module:
    return build(lambda: OwnNet(text, GREY, 10), 0)


def test_layers_are_those_that_were_told() -> None:
    net = own("conv 8 5\n relu;; POOL  2, conv 4 3 pad 0 stride 2, dropout .5, dense 7, tanh")
    kinds = [(row.kind, row.output) for row in layers(net, GREY)]
    assert kinds == [
        ("Conv2d", (8, 28, 28)),
        ("ReLU", (8, 28, 28)),
        ("MaxPool2d", (8, 14, 14)),
        ("Conv2d", (4, 6, 6)),
        ("Dropout", (4, 6, 6)),
        ("Flatten", (144,)),
        ("Linear", (7,)),
        ("Tanh", (7,)),
        ("Flatten", (7,)),
        ("Linear", (10,)),
    ]


def test_no_layer_at_all_is_softmax_regression() -> None:
    assert [row.kind for row in layers(own(" , "), GREY)] == ["Flatten", "Linear"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "conv 8 3, wave 2",
            r"Layer 2, 'wave 2', is no layer: expected conv, .*; it is given 8 channels of 28 x 28",
        ),
        ("conv 8", "Layer 1, 'conv 8', is not to be understood: expected conv CHANNELS KERNEL"),
        (
            "conv 8 3 step 2",
            "expected conv CHANNELS KERNEL, and behind that stride S or pad P",
        ),
        ("conv 8 3 stride", "is not to be understood"),
        ("conv 0 3", "has '0' in it: expected a whole number from 1 to 512"),
        ("conv 8 3.5", "has '3.5' in it: expected a whole number from 1 to 31"),
        ("conv 8 -3", "has '-3' in it"),
        ("conv 8 ٣", "has '٣' in it"),
        ("conv 999999999999999999999 3", "has '99999999999999999999' in it"),
        ("pool 4, pool 4, pool 2", "Layer 3, 'pool 2', does not fit: expected a size of at most 1 .* 1 x 1 pixels"),
        (
            "pool 9, conv 4 5 pad 0",
            r"Layer 2, .* expected a kernel of at most 3 for these pixels; it is given 1",
        ),
        ("dense 5, conv 8 3", "comes too late: expected it before the first dense layer; it is given 5 numbers"),
        ("dense 5, pool 2", "comes too late"),
        ("relu 3", "is not to be understood: expected relu alone"),
        ("norm 3", "expected norm alone"),
        ("dropout 1", "expected dropout SHARE, from 0 to 0.9999"),
        ("dropout nan", "expected dropout SHARE"),
        ("dense", "expected dense UNITS"),
        ("pool", "expected pool SIZE"),
        ("dense 4096, dense 4096", "Layer 2, 'dense 4096', makes the net too large"),
        ("conv 512 3, conv 512 3, conv 512 3, conv 512 3, conv 512 3", "makes the net too large"),
        ("conv 512 1, conv 512 3", "The last layer takes 401,408 numbers"),
        (", ".join(["relu"] * (MOST_LAYERS + 1)), "The net has 31 layers: expected at most 30"),
        ("dropout 0.5 <script>", "is not to be understood"),
    ],
)
def test_which_layer_does_not_fit_is_told(text: str, sentence: str) -> None:
    with pytest.raises(SpecError, match=sentence):
        own(text)


words = st.sampled_from([*KINDS, "stride", "pad", "0", "1", "2", "3", "5", "16", "99", "0.5", ",", ",", ",", "x", "\n"])


@settings(max_examples=300)
@given(st.lists(words, max_size=24).map(" ".join))
def test_whatever_is_told_is_a_net_that_works_or_one_sentence(text: str) -> None:
    with suppress(SpecError):
        net = own(text)
        assert net.eval()(torch.zeros(2, *GREY)).shape == (2, 10)


def test_what_is_dropped_follows_from_the_seed() -> None:
    text = "dropout 0.5, dense 4"
    one, same = (build(lambda: OwnNet(text, GREY, 10), seed) for seed in (0, 0))
    other = build(lambda: OwnNet(text, GREY, 10), 1)
    dropped = [net.train().layers[0](torch.ones(1, *GREY)) for net in (one, same, other)]  # type: ignore[operator]
    assert torch.equal(dropped[0], dropped[1])
    assert not torch.equal(dropped[0], dropped[2])
    assert 300 < int((dropped[0] > 0).sum()) < 480

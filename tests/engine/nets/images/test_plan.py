"""What is said ahead of a net, without torch, is what the net has."""

from typing import get_args

import pytest
import torch

from engine.errors import SpecError
from engine.nets.images.catalogue import NETS, make_net
from engine.nets.images.plan import Plan, plan, title
from engine.nets.images.spec import OWN, ImageNetSpec, Net
from engine.probes.feature_maps import read_feature_maps

GREY = (1, 28, 28)
OWNS = (
    OWN,
    "dense 10",
    "conv 4 3, norm, relu, dropout 0.1, dense 12, tanh, dense 8, norm, relu",
    "pool 2; CONV 3 5 stride 2\n relu",
    "",
)
SPECS = [ImageNetSpec(net=net) for net in get_args(Net) if net != "own"] + [
    ImageNetSpec(net="own", layers=text) for text in OWNS
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.net} {spec.layers[:12] if spec.net == 'own' else ''}")
def test_a_plan_names_the_layers_of_its_net_in_their_order(spec: ImageNetSpec) -> None:
    net, found = make_net(spec, GREY, 10, seed=1), plan(spec)
    walked = list(read_feature_maps(net, torch.zeros(GREY)).maps.tensors)
    assert [name for name in walked if name in found.drawn] == list(found.drawn)
    weights = {name: getattr(net.get_submodule(name), "weight", None) for name in walked}
    dimensions = {name: weight.ndim for name, weight in weights.items() if weight is not None}
    assert sorted(name for name, n in dimensions.items() if n == 4) == sorted(found.kernels)
    assert [name for name, n in dimensions.items() if n == 2] == list(found.matrices)
    kinds = {type(net.get_submodule(name)).__name__ for name in set(walked) - set(found.drawn)}
    assert kinds <= {"Conv2d", "BatchNorm1d", "BatchNorm2d", "Dropout", "MaxPool2d"}


def test_of_all_nets_something_is_drawn_and_something_learns() -> None:
    assert set(NETS) == set(get_args(Net)) - {"own"}
    for spec in SPECS:
        found = plan(spec)
        assert found.drawn
        assert found.weighted
        assert len({title(name) for name in found.drawn}) == len(found.drawn), "two layers are called alike"


def test_a_text_that_is_no_net_has_a_plan_and_is_refused_by_the_net() -> None:
    spec = ImageNetSpec(net="own", layers="conv, nonsense 3")
    assert isinstance(plan(spec), Plan)
    with pytest.raises(SpecError, match="Layer 1"):
        make_net(spec, GREY, 10, seed=1)

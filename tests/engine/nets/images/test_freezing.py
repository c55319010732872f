"""Layers that hold still: nothing of them moves, not even an average, and all others learn."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from engine.nets.images.catalogue import make_net
from engine.nets.images.freezing import NORMS, freeze, parts_of, take_over
from engine.nets.images.plan import plan
from engine.nets.images.spec import ImageNetSpec
from tests.engine.nets.images.test_plan import GREY, SPECS

pytestmark = pytest.mark.usefixtures("one_thread")
OWN = ImageNetSpec(net="own", layers="norm, conv 4 3, norm, relu, pool 2, dense 12, norm, relu")


def name_of(spec: ImageNetSpec) -> str:
    return f"{spec.net} {spec.layers[:12] if spec.net == 'own' else ''}"


def learnt(net: nn.Module) -> None:
    """Make three updates, as a training does."""
    generator = torch.Generator().manual_seed(1)
    optimiser = torch.optim.Adam(net.parameters(), 0.01)
    for _ in range(3):
        x, labels = torch.randn(6, *GREY, generator=generator), torch.randint(5, (6,), generator=generator)
        optimiser.zero_grad()
        functional.cross_entropy(net(x), labels).backward()
        optimiser.step()


@pytest.mark.parametrize("spec", [*SPECS, OWN], ids=name_of)
def test_all_layers_but_the_last_hold_still_bit_for_bit_and_the_last_one_learns(spec: ImageNetSpec) -> None:
    net, (*body, head) = make_net(spec, GREY, 5, seed=1), plan(spec).weighted
    freeze(net, body)
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    learnt(net)
    moved = {name for name, tensor in net.state_dict().items() if not torch.equal(tensor, before[name])}
    # A norm without a layer before the last goes with the last.
    assert moved >= {f"{head}.weight", f"{head}.bias"}
    assert all(name.startswith(f"{head}.") for name in moved) if body else True


@pytest.mark.parametrize("spec", [one for one in (*SPECS, OWN) if len(plan(one).weighted) > 2], ids=name_of)
def test_of_the_layers_that_learn_every_parameter_and_every_norm_moves(spec: ImageNetSpec) -> None:
    net, still = make_net(spec, GREY, 5, seed=1), plan(spec).weighted[:1]
    freeze(net, still)
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    learnt(net)
    names = {id(tensor): name for name, tensor in net.state_dict(keep_vars=True).items()}
    held = {names[id(tensor)] for part in parts_of(net, still) for tensor in part.state_dict(keep_vars=True).values()}
    moved = {name for name, tensor in net.state_dict().items() if not torch.equal(tensor, before[name])}
    assert held
    assert not moved & held
    silent = {name for name in set(before) - held - moved if name.endswith(("running_mean", "running_var", "tracked"))}
    assert not silent, "norms of layers that learn go on measuring"
    assert {name for name in before if name.endswith("weight")} - held - moved <= set(), "every other layer learns"


def test_each_norm_goes_with_the_layer_before_it_and_one_before_all_with_the_first() -> None:
    net = make_net(OWN, GREY, 5, seed=1)
    first, dense = plan(OWN).weighted[:2]
    norms = [name for name, module in net.named_modules() if isinstance(module, NORMS)]
    assert [net.get_submodule(name) for name in norms[:2]] == [
        part for part in parts_of(net, [first]) if isinstance(part, NORMS)
    ]
    assert parts_of(net, [dense])[1] is net.get_submodule(norms[2])
    with pytest.raises(KeyError):
        parts_of(net, ["nothing"])


@pytest.mark.parametrize("spec", [*SPECS, OWN], ids=name_of)
def test_what_is_taken_over_is_all_but_the_last_layer_which_has_other_classes(spec: ImageNetSpec) -> None:
    other, net, again = (make_net(spec, GREY, classes, seed) for classes, seed in ((7, 3), (5, 1), (5, 1)))
    tensors = {name: tensor.numpy() for name, tensor in other.state_dict().items()}
    take_over(net, tensors, but="head")
    for name, tensor in net.state_dict().items():
        expected = again if name.startswith("head.") else other
        assert torch.equal(tensor, expected.state_dict()[name]), name

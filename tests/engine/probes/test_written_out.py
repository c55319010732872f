"""Numbers of nets for images written out: each total is what torch has in that place, in every layer of every net."""

from itertools import product

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from engine.errors import DataError
from engine.nets.images.alexnet import AlexNet
from engine.nets.images.building import Shape, build
from engine.nets.images.forward_pass import ForwardPass, Place
from engine.nets.images.graph import IMAGE, Graph
from engine.probes.forward_pass import read_forward_pass
from engine.probes.written_out import Added, Bent, Convolved, Joined, Normed, Pooled, Weighed, Written, write_out
from engine.readings import arrays_of
from tests.engine.nets.images.test_nets import COLOUR, GREY, NETS, made
from tests.engine.probes.test_feature_maps import convolved as plainly_convolved

pytestmark = pytest.mark.usefixtures("one_thread")
WRITTEN = {
    "conv": Convolved,
    "dense": Weighed,
    "norm": Normed,
    "relu": Bent,
    "tanh": Bent,
    "largest": Pooled,
    "mean": Pooled,
    "add": Added,
    "join": Joined,
}


def learnt(net: nn.Module) -> nn.Module:
    """Give a net biases, and norms what they keep, as if it had learnt: at first these are zeros and ones."""
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for name, value in (*net.named_parameters(), *net.named_buffers()):
            if name.endswith("running_var") or (name.endswith("weight") and value.ndim == 1):
                value.uniform_(0.3, 2, generator=generator)
            elif name.endswith(("bias", "running_mean")):
                value.normal_(0, 0.3, generator=generator)
    return net


def image(shape: Shape) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(8))


def passed(net: nn.Module, pixels: torch.Tensor) -> ForwardPass:
    """Return a forward pass as a page has it: from arrays, and text."""
    read = read_forward_pass(net, pixels)
    return ForwardPass.of(Graph.from_json(read.graph.to_json()), arrays_of(read.readings))


def torchs(net: nn.Module, pixels: torch.Tensor) -> dict[str, np.ndarray]:
    """Return what each part of a net gives, heard once more."""
    found: dict[str, np.ndarray] = {}
    for name, part in net.named_modules():
        part.register_forward_hook(lambda _part, _taken, given, name=name: found.update({name: given[0].numpy()}))
    with torch.no_grad():
        net.eval()(pixels[None])
    return found


def some(one: ForwardPass, layer: str) -> list[Place]:
    """Return some places of a layer: the first unit, one in the middle and the last, at borders and within."""
    units, height, width = one.maps(layer).shape
    rows, columns = ({0, 1 % side, side // 2, side - 1} for side in (height, width))
    return [Place(layer, *at) for at in product({0, units // 2, units - 1}, rows, columns)]


@pytest.mark.parametrize("shape", [GREY, COLOUR], ids=["grey", "colour"])
@pytest.mark.parametrize("name", NETS)
def test_what_is_written_out_adds_up_to_torchs_own_number_in_every_layer(name: str, shape: Shape) -> None:
    net, pixels = learnt(made(name, shape)), image(shape)
    one = passed(net, pixels)
    found = torchs(net, pixels)
    kinds = set()
    for node in one.graph.nodes:
        kinds.add(node.kind)
        maps = found[node.name].reshape(one.maps(node.name).shape)
        for place in some(one, node.name):
            written = write_out(one, place)
            assert isinstance(written, WRITTEN[node.kind])
            own = float(maps[place.unit, place.row, place.column])
            assert written.value == pytest.approx(own, rel=1e-4, abs=1e-5), place
            assert one.number(place) == own
    assert one.graph.output == one.graph.nodes[-1].name
    np.testing.assert_array_equal(one.outputs[one.graph.output].ravel(), found[""])
    weighted = {part for part, _ in net.named_modules() if f"{part}.weight" in net.state_dict()}
    assert weighted <= {node.name for node in one.graph.nodes}, "no layer with weights is left out"
    assert {"conv", "dense"} & kinds


HOW = [
    {"stride": 1, "padding": 0},
    {"stride": 2, "padding": 1},
    {"stride": 3, "padding": 2, "dilation": 2},
    {"stride": 1, "padding": 3, "dilation": 3, "groups": 2},
]


@pytest.mark.parametrize("how", HOW, ids=str)
def test_strides_paddings_dilations_and_groups_are_written_out(how: dict[str, int]) -> None:
    net = nn.Sequential(nn.Conv2d(4, 6, 3, bias="groups" not in how, **how))  # type: ignore[arg-type]
    pixels = image((4, 11, 14))
    one = passed(net, pixels)
    with torch.no_grad():
        own = functional.conv2d(pixels[None], net[0].weight, net[0].bias, **how)[0].numpy()  # type: ignore[arg-type]
    for unit, row, column in np.ndindex(*own.shape):
        written = write_out(one, Place("0", unit, row, column))
        assert isinstance(written, Convolved)
        assert written.value == pytest.approx(float(own[unit, row, column]), abs=1e-5)
        assert written.value == pytest.approx(
            sum(term.product for channel in range(len(written.inputs)) for term in written.terms(channel))
            + (written.bias or 0)
        )
        assert (written.bias is None) == ("groups" in how)
        top, left, bottom, right = written.window
        (first, *_, last) = written.terms(0)
        assert (first.row, first.column, last.row, last.column) == (top, left, bottom, right)
        source = written.source(1)
        assert one.holds(source)
        assert source.unit == written.first + 1
        assert written.first == (unit // 3 * 2 if "groups" in how else 0)


def test_the_maps_of_a_second_convolution_are_those_of_a_plain_one() -> None:
    net, pixels = learnt(made("lenet")), image(GREY)
    one = passed(net, pixels)
    weight, bias = (one.tensors[f"features.c3.{name}"] for name in ("weight", "bias"))
    plain = plainly_convolved(one.outputs["features.s2"], weight, bias, (0, 0))
    np.testing.assert_allclose(one.outputs["features.c3"], plain, atol=1e-5)
    written = [write_out(one, Place("features.c3", 9, row, 4)).value for row in range(plain.shape[1])]
    np.testing.assert_allclose(written, plain[9, :, 4], atol=1e-5)


def test_a_number_is_followed_until_several_layers_take_it() -> None:
    def names(net: str, place: Place) -> list[tuple[str, int, int, int]]:
        one = passed(made(net), image(GREY))
        return [(found.layer, found.unit, found.row, found.column) for found in one.after(place)]

    assert names("lenet", Place("features.c3", 5, 3, 8)) == [
        ("features.relu3", 5, 3, 8),
        ("features.s4", 5, 1, 4),
    ]
    assert names("lenet", Place("head", 3)) == []
    block = "stages.stage1.block1"
    assert names("resnet", Place(f"{block}.second.conv", 2, 0, 27)) == [
        (f"{block}.second.norm", 2, 0, 27),
        (f"{block}.add", 2, 0, 27),
        (f"{block}.relu", 2, 0, 27),
    ], "two layers take what the block gives"
    assert names("squeezenet", Place("fire1.expand3", 4, 1, 2)) == [
        ("fire1.relu3", 4, 1, 2),
        ("fire1.join", 20, 1, 2),
    ]
    assert names("nin", Place("head", 7, 2, 3)) == [("mean", 7, 0, 0)]
    pooled = names("own", Place("layers.0", 1, 27, 27))
    assert pooled[-1] == ("layers.3", 1, 13, 13)


def test_what_is_left_over_at_the_rim_goes_into_no_pool() -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 2), nn.MaxPool2d(2), nn.Conv2d(2, 1, 1))
    one = passed(net, image((1, 8, 6)))
    assert [found.layer for found in one.after(Place("0", 0, 5, 3))] == ["1"]
    assert one.after(Place("0", 0, 6, 3)) == ()
    assert one.after(Place("0", 0, 5, 4)) == ()


def test_each_unit_of_a_join_comes_from_its_branch() -> None:
    one = passed(made("inception"), image(GREY))
    node = one.graph.by_name["inception1.join"]
    units = [one.branch(node, unit) for unit in range(one.units(node.name))]
    assert [unit for _, unit in units] == [*range(8), *range(16), *range(8), *range(8)]
    parts = [f"inception1.{path}.relu" for path in ("one", "three.spatial", "five.spatial", "pooled.mix")]
    assert [name for name, _ in units] == [
        name for name, many in zip(parts, (8, 16, 8, 8), strict=True) for _ in range(many)
    ]
    with pytest.raises(IndexError):
        one.branch(node, 40)


def test_the_winner_of_a_pool_is_the_number_that_it_lets_through() -> None:
    one = passed(learnt(made("inception")), image(GREY))
    for place in [*some(one, "inception1.pooled.pool"), *some(one, "pool2")]:
        written = write_out(one, place)
        assert isinstance(written, Pooled)
        assert one.number(written.winner) == written.value
    borders = write_out(one, Place("inception1.pooled.pool", 0, 0, 13))
    assert isinstance(borders, Pooled)
    assert borders.window.shape == (2, 2), "the frame is not in it"


def test_a_dense_layers_inputs_have_places_in_the_maps_before_it() -> None:
    one = passed(learnt(made("lenet")), image(GREY))
    written = write_out(one, Place("c5", 11))
    assert isinstance(written, Weighed)
    for at in (0, 24, 25, 399):
        place = one.unravelled(written.node, at)
        assert place.layer == "features.s4"
        assert one.number(place) == written.inputs[at]
    sizes = np.abs(written.products[written.order])
    assert (np.diff(sizes) <= 0).all()
    assert one.unravelled(one.graph.by_name["f6"], 7) == Place("relu5", 7)


def test_where_numbers_meet_is_a_station_and_others_lead_back_to_one() -> None:
    one = passed(made("resnet"), image(GREY))
    block = "stages.stage2.block1"
    stations = [node.name for node in one.graph.stations if node.name.startswith(block)]
    assert stations == [f"{block}.{name}" for name in ("first.conv", "second.conv", "around.conv", "add")]
    assert one.station(Place(f"{block}.relu", 3, 1, 2)) == Place(f"{block}.add", 3, 1, 2)
    assert one.station(Place(f"{block}.first.relu", 3)) == Place(f"{block}.first.conv", 3)
    assert one.station(Place(IMAGE, 0, 5, 6)) == Place(IMAGE, 0, 5, 6)
    first = passed(nn.Sequential(nn.ReLU(), nn.Conv2d(1, 1, 1)), image(GREY))
    assert [node.name for node in first.graph.stations] == ["0", "1"]


def test_a_net_that_has_come_to_no_numbers_is_written_out_as_it_is() -> None:
    net = learnt(made("own"))
    with torch.no_grad():
        net.get_parameter("layers.0.weight")[2, 0, 1, 1] = torch.nan
        net.get_parameter("layers.4.weight")[3, 1, 0, 0] = torch.inf
    one = passed(net, image(GREY))
    for node in one.graph.nodes:
        for place in some(one, node.name):
            written: Written = write_out(one, place)
            np.testing.assert_allclose(written.value, one.number(place), rtol=1e-4, atol=1e-5)
            if isinstance(written, Pooled):
                assert one.holds(written.winner)
            if isinstance(written, Convolved):
                assert one.holds(written.source(0))
    assert np.isfinite(one.reach)


def test_looking_leaves_no_trace_and_what_cannot_be_written_out_is_said() -> None:
    net = made("own")
    net.train()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    read_forward_pass(net, image(GREY))
    assert all(part.training and not part._forward_hooks for part in net.modules())
    assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())
    with pytest.raises(TypeError, match="LocalResponseNorm"):
        read_forward_pass(build(AlexNet, 0), image((3, 227, 227)))
    with pytest.raises(DataError, match="cannot be read"):
        Graph.from_json('[{"name": 3}]')

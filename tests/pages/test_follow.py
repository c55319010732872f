"""A number that is followed, on the page: all that is written and drawn is torch's."""

import re
from concurrent.futures import Future

import numpy as np
import pytest
import torch

from engine.asking import Answer, Question
from engine.frames import Message, decode, encode
from engine.probes.forward_pass import read_forward_pass
from engine.runs import messages
from pages.ui import house
from pages.ui.images import follow_pass
from tests.browser import PATIENCE
from tests.engine.nets.images.test_nets import COLOUR, made
from tests.pages.conftest import OpenPage
from tests.pages.following import OWN, Stubborn, bold, figures, nets_own, opened, products, tables, text, torchs, widget
from tests.pages.test_kernel_explorer import heat, number
from tests.pages.test_playground import address_of, run_of

pytestmark = pytest.mark.usefixtures("one_thread")


def test_a_convolution_is_written_out_with_torchs_numbers(page: OpenPage) -> None:
    own = torchs()
    visit = opened(page, "features.c3", 5, 2, 7)
    seen, kernel = own["features.s2"][:, 2:7, 7:12], own["features.c3.weight"][5]
    sums = (seen * kernel).sum(axis=(1, 2))
    channel = int(np.abs(sums).argmax())
    written = products(visit)
    np.testing.assert_allclose(written[..., 0], seen[channel], rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(written[..., 2], (seen * kernel)[channel], rtol=1e-3, atol=1e-6)
    total = float(own["features.c3"][5, 2, 7])
    told = bold(visit, "The 25 products")
    assert told == pytest.approx([sums[channel], sums.sum(), total], rel=1e-3)
    assert nets_own(visit) == pytest.approx(total, rel=1e-4, abs=1e-6)
    one, *_, output, relu, pool = figures(visit)
    assert len(one["data"][-1]["x"]) == 16
    np.testing.assert_array_equal(heat(output), own["features.c3"][5])
    np.testing.assert_array_equal(heat(relu), own["features.relu3"][5])
    np.testing.assert_array_equal(heat(pool), own["features.s4"][5])
    assert bold(visit, "max(0") == pytest.approx([max(total, 0)], rel=1e-3)
    assert bold(visit, "the largest of 2 × 2") == pytest.approx([own["features.s4"][5, 1, 3]], rel=1e-3)
    assert "Next it is taken by c5 (dense)." in text(visit)

    widget(visit, "number_input", "Input written out").set_value(1).run()
    assert address_of(visit)["follow.channel"] == "1"
    np.testing.assert_allclose(products(visit)[..., 0], seen[1], rtol=1e-3, atol=1e-6)
    assert bold(visit, "The 25 products")[0] == pytest.approx(sums[1], rel=1e-3)


PLACES = [
    ("lenet", "features.c1", 2, 0, 27),
    ("lenet", "features.s2", 1, 3, 13),
    ("lenet", "c5", 17, 0, 0),
    ("lenet", "head", 4, 0, 0),
    ("dense", "hidden.0", 3, 0, 0),
    ("softmax", "head", 9, 0, 0),
    ("plain", "stages.stage2.block1.first.conv", 1, 13, 0),
    ("resnet", "stages.stage2.block1.around.conv", 30, 0, 13),
    ("resnet", "stages.stage1.block1.add", 15, 27, 0),
    ("resnet", "mean", 5, 0, 0),
    ("vgg", "features.block1.pool", 7, 13, 13),
    ("network_in_network", "features.block1.mix1.conv", 3, 5, 5),
    ("network_in_network", "head", 2, 6, 0),
    ("inception", "inception1.pooled.pool", 0, 0, 0),
    ("inception", "inception2.join", 50, 3, 3),
    ("squeezenet", "fire2.squeeze", 1, 1, 1),
    ("own", "layers.0", 1, 0, 14),
    ("own", "layers.7.1", 8, 0, 0),
]


@pytest.mark.parametrize(("net", "layer", "unit", "row", "column"), PLACES)
def test_what_stands_on_the_page_is_torchs_number_in_every_kind_of_layer(
    page: OpenPage, net: str, layer: str, unit: int, row: int, column: int
) -> None:
    settings = {"net": net, "layers": OWN}
    visit = opened(page, layer, unit, row, column, **settings)
    own = torchs(0, **settings)[layer]
    total = float(own.reshape(*own.shape, *[1] * (3 - own.ndim))[unit, row, column])
    assert nets_own(visit) == pytest.approx(total, rel=1e-4, abs=1e-6)
    begins = "The |Max pooling: |Sum: |Join: |Mean of each map: "
    (line,) = [line for line in text(visit).splitlines() if re.match(f"({begins}).*\\*\\*.*\\.$", line)]
    assert number(re.findall(r"\*\*([−\d.,e+-]+)\*\*", line)[-1]) == pytest.approx(total, rel=1e-3, abs=1e-6)
    assert (address_of(visit)["follow.layer"], address_of(visit)["follow.unit"]) == (layer, str(unit))


def test_the_last_layer_goes_into_the_softmax(page: OpenPage) -> None:
    visit = opened(page, "head", 6)
    shares = torch.softmax(torch.from_numpy(torchs()["head"]), 0)
    told = bold(visit, "Softmax makes of it the probability of 6")
    assert told == pytest.approx([float(shares[6])], rel=1e-3)


def test_a_dense_layers_products_come_by_size(page: OpenPage) -> None:
    visit = opened(page, "c5", 11)
    own = torchs()
    made = own["features.s4"].ravel().astype(float) * own["c5.weight"][11]
    order = np.argsort(-np.abs(made), kind="stable")
    (table,) = [one.proto.body for one in visit.get("html") if "Those that count most" in one.proto.body]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in table.split("<tr>")[2:]]
    assert [number(row[3]) for row in rows[:12]] == pytest.approx(made[order[:12]].tolist(), rel=1e-3)
    unit, line, column = np.unravel_index(int(order[0]), own["features.s4"].shape)
    assert rows[0][0] == f"row {line}, column {column} of map {unit} of s4"
    assert number(rows[12][3]) == pytest.approx(made[order[12:]].sum(), rel=1e-3)
    bars = next(one for one in figures(visit) if one["data"][0]["type"] == "bar")
    assert bars["data"][0]["x"] == pytest.approx(made[order[:12]].tolist())


def test_colours_are_of_each_map_of_the_layer_or_of_the_net(page: OpenPage) -> None:
    own = torchs()
    made = ("c1", "relu1", "s2", "c3", "relu3", "s4")
    layers = ["image", *(f"features.{name}" for name in made), "c5", "relu5", "f6", "relu6", "head"]
    reach = {
        "map": np.abs(own["features.c3"][5]).max(),
        "layer": np.abs(own["features.c3"]).max(),
        "net": max(float(np.abs(own[name]).max()) for name in layers),
    }
    for scale, largest in reach.items():
        output = figures(opened(page, "features.c3", 5, 2, 7, **{"follow.scale": scale}))[4]
        assert output["data"][0]["zmax"] == pytest.approx(float(largest))
        assert output["data"][0]["zmin"] == pytest.approx(-float(largest))
        assert heat(output).shape == (10, 10)


def test_numbers_that_are_none_are_told_and_break_nothing(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    before = opened(page, "")
    answer = decode(house.hub().ask(run_of(before), Question("forward", {"image": 3})).result(PATIENCE))
    with np.errstate(invalid="ignore"):
        spoilt = {name: np.full_like(array, np.nan) for name, array in answer.arrays.items()}
    future: Future[bytes] = Future()
    future.set_result(encode(Message("answer", answer.header, spoilt)))
    hub = Stubborn(future)
    monkeypatch.setattr(follow_pass, "hub", lambda: hub)
    for layer in ("features.c1", "features.s2", "features.c3", "c5", "head"):
        visit = opened(page, layer)
        assert any("are none any more" in one.value for one in visit.info), layer
        assert "no number" in text(visit)
        assert "nan" not in text(visit).split("it has")[0].lower()


def test_channels_of_an_image_in_colour_are_inputs_of_their_own(
    page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels = torch.randn((3, 32, 32), generator=torch.Generator().manual_seed(3))
    net = made("lenet", COLOUR)
    read = read_forward_pass(net, pixels)
    future: Future[bytes] = Future()
    future.set_result(messages.answer(0, 0, Answer(read.readings, {"graph": read.graph.to_json()})))
    hub = Stubborn(future)
    monkeypatch.setattr(follow_pass, "hub", lambda: hub)
    visit = opened(page, "features.c1", 4, 2, 9)
    assert "**It takes 3 channels of the image**" in text(visit)
    kernel = net.get_parameter("features.c1.weight").detach().numpy()[4]
    sums = (pixels[:, 2:7, 9:14].numpy() * kernel).sum(axis=(1, 2))
    assert bold(visit, "The 25 products")[-1] == pytest.approx(float(sums.sum()), rel=1e-3)
    assert f"of channel {int(np.abs(sums).argmax())} of the image" in text(visit)


def test_the_numbers_can_be_read_in_place_of_the_pictures(page: OpenPage) -> None:
    visit = opened(page, "features.c3", 5, 2, 7)
    assert not tables(visit)
    key = widget(visit, "number_input", "Row of the output").key.partition("-cell-")[0]
    visit.session_state[f"{key}-read"] = True
    visit.run()
    own = torchs()
    (found,) = tables(visit)
    np.testing.assert_allclose(found, own["features.c3"][5], rtol=1e-3)
    widget(visit, "button_group", "Of which").set_value("All units").run()
    (found,) = tables(visit)
    np.testing.assert_allclose(found, own["features.c3"].reshape(16, -1), rtol=1e-3)

"""A number that is followed, on the page: all that is written and drawn is torch's, and the address says all of it."""

import html
import json
import re
from concurrent.futures import Future
from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import Tensor

from engine.asking import Answer, Question
from engine.errors import RunError
from engine.frames import Message, decode, encode
from engine.labs.vision import VisionSpec
from engine.labs.vision_experiment import VisionExperiment
from engine.probes.forward_pass import read_forward_pass
from engine.runs import messages
from pages.ui import house
from pages.ui.images import follow_pass
from pages.ui.images.follow_kept import Kept
from tests.engine.nets.images.test_nets import COLOUR, made
from tests.pages.conftest import OpenPage
from tests.pages.test_kernel_explorer import heat, number
from tests.pages.test_playground import address_of, begin, eventually, run_of
from tests.pages.waiting import prepared, until

pytestmark = pytest.mark.usefixtures("one_thread")
FEW = {"images": "drawn_digits", "samples": "200", "image": "3", "hide": "note"}
OWN = "conv 4 3 stride 2 pad 2, norm, relu, pool 2, conv 6 3, tanh, dropout 0.2, dense 9, relu"


def opened(page: OpenPage, layer: str, unit: int = -1, row: int = -1, column: int = -1, /, **more: str) -> AppTest:
    asked = {"layer": layer, "unit": unit, "row": row, "column": column}
    chosen = {f"follow.{name}": str(value) for name, value in asked.items() if value not in (-1, "")}
    visit = prepared(page("vision.py", **FEW | chosen | more))
    assert not visit.exception
    return answered(visit) if layer and "follow" not in more.get("hide", "") else visit


def answered(visit: AppTest) -> AppTest:
    """Look at a page again until the net has answered, or it is told why not."""
    return until(visit, lambda: "Image 3 of those held out" in text(visit) or visit.main.warning or asks(visit))


def asks(visit: AppTest) -> bool:
    """Tell whether a question is waited for that will not be answered."""
    return isinstance(follow_pass.hub(), Stubborn) and "is asked for its numbers" in text(visit)


def torchs(step: int = 0, **settings: str) -> dict[str, np.ndarray]:
    """Return what each part of the net gives for the image at a step, heard from torch, and its tensors."""
    few = {name: value for name, value in FEW.items() if name != "hide"}
    experiment = VisionExperiment(VisionSpec.from_strings(few | settings, VisionSpec()))
    next(islice(experiment.steps(), step, None))
    found: dict[str, np.ndarray] = {}

    def hear(name: str, given: Tensor) -> None:
        found[name] = given[0].numpy().copy()

    net = experiment.net.eval()
    for name, part in net.named_modules():
        part.register_forward_hook(lambda _part, _taken, given, name=name: hear(name, given))
    prepared_ = experiment.prepared
    image = prepared_.inputs(prepared_.images.pixels[prepared_.validation[[3]]])
    with torch.no_grad():
        net(torch.from_numpy(image))
    found["image"] = image[0]
    return found | {name: value.numpy() for name, value in net.state_dict().items()}


def text(visit: AppTest) -> str:
    """Return all that is told, as one reads it."""
    told = [one.value for one in (*visit.markdown, *visit.caption)]
    return html.unescape("\n".join(told)).replace("\\", "")


def nets_own(visit: AppTest) -> float:
    """Return the number that the net itself is said to have in the place that is followed."""
    (told,) = re.findall(r"it has ([−\d.e]+) there", text(visit))
    return number(told)


def bold(visit: AppTest, begin: str) -> list[float]:
    """Return the numbers that stand out in the sentences that begin so."""
    line = next(line for line in text(visit).splitlines() if line.startswith(begin))
    return [number(one) for one in re.findall(r"\*\*([−\d.,e+]+)\*\*", line)]


def products(visit: AppTest) -> np.ndarray:
    """Return the products that are written out, (rows, columns, 3): a number, a weight, and what they make."""
    (table,) = (one.proto.body for one in visit.get("html") if one.proto.body.startswith('<div class="ls-products"'))
    cell = re.compile(r"<small>(.*?) × \(?(.*?)\)?</small><b>(.*?)</b>")
    rows = [[[number(one) for one in found] for found in cell.findall(row)] for row in table.split("</tr>")[:-1]]
    return np.array(rows)


def figures(visit: AppTest) -> list[dict[str, Any]]:
    return [json.loads(chart.proto.spec) for chart in visit.get("plotly_chart")]


def widget(visit: AppTest, kind: str, label: str) -> Any:
    return next(one for one in visit.get(kind) if getattr(one, "label", "") == label)


def button(visit: AppTest, begin: str) -> Any:
    return next(one for one in visit.button if one.label.replace("\\", "").startswith(begin))


def test_the_net_is_asked_nothing_before_somebody_opens_it(page: OpenPage) -> None:
    visit = opened(page, "")
    assert "Image 3 of those held out" not in text(visit)
    assert not figures(visit)
    assert not [name for name in address_of(visit) if name.startswith("follow.")]
    visit.session_state["vision.follow.1-open"] = True
    answered(visit.run())
    assert "Image 3 of those held out, at **step 0**" in text(visit)
    assert address_of(visit)["follow.layer"] == "features.c1"


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


def test_one_goes_back_to_where_a_number_was_summed_up(page: OpenPage) -> None:
    own = torchs()
    visit = opened(page, "features.c3", 5, 2, 7)
    for _ in range(3):
        asked = address_of(visit)
        at = [int(asked[f"follow.{name}"]) for name in ("unit", "row", "column")]
        assert nets_own(visit) == pytest.approx(float(own[asked["follow.layer"]][tuple(at)]), rel=1e-4)
        back = [one for one in visit.button if one.label.startswith("Back to")]
        if back:
            back[0].click().run()
            assert not visit.exception
    assert address_of(visit)["follow.layer"] == "features.c1"
    assert "It is made of the image itself" in text(visit)
    assert widget(visit, "button_group", "Layer").value == "features.c1"


def test_a_layer_a_unit_and_a_cell_are_chosen_and_the_address_says_so(page: OpenPage) -> None:
    visit = opened(page, "features.c3", 5, 2, 7)
    widget(visit, "number_input", "Row of the output").set_value(9).run()
    widget(visit, "number_input", "Map").set_value(0).run()
    widget(visit, "button_group", "Colours").set_value("net").run()
    link = {name: text for name, text in address_of(visit).items() if name.startswith("follow.")}
    assert link == {
        "follow.layer": "features.c3",
        "follow.unit": "0",
        "follow.row": "9",
        "follow.column": "7",
        "follow.scale": "net",
    }
    total = float(torchs()["features.c3"][0, 9, 7])
    assert nets_own(visit) == pytest.approx(total, rel=1e-4, abs=1e-6)
    widget(visit, "button_group", "Layer").set_value("features.s4").run()
    link = {name: text for name, text in address_of(visit).items() if name.startswith("follow.")}
    assert link == {"follow.layer": "features.s4", "follow.scale": "net"}
    own = torchs()["features.s4"]
    assert nets_own(visit) == pytest.approx(float(own.max()), rel=1e-4), (
        "the largest number is followed where none is chosen"
    )


@pytest.mark.parametrize(
    ("layer", "places"),
    [
        ("features.c9", (3,)),
        ("<img src=x onerror=alert(1)>", ()),
        ("features.c3", (16,)),
        ("features.c3", (4_096, 4_096, 4_096)),
    ],
)
def test_a_place_that_this_net_has_not_is_no_place(page: OpenPage, layer: str, places: tuple[int, ...]) -> None:
    visit = opened(page, layer, *places)
    assert "Image 3 of those held out" in text(visit)
    assert not visit.main.warning
    assert address_of(visit)["follow.layer"] in ("features.c1", "features.c3")


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


def test_a_past_step_is_followed_with_the_weights_of_then(page: OpenPage) -> None:
    settings = {"net": "own", "layers": OWN}
    first = opened(page, "", **settings)
    run = begin(first)
    for step in (2, 3):
        house.hub().command(run.id, "step")
        eventually(lambda step=step: house.hub().get(run.id).step == step)
    for step in (3, 1):
        visit = opened(page, "layers.0", 2, 3, 4, run=run.id, step=str(step), **settings)
        assert f"at **step {step}**" in text(visit)
        own = torchs(step, **settings)
        assert nets_own(visit) == pytest.approx(float(own["layers.0"][2, 3, 4]), rel=1e-4)
        told = bold(visit, "(")
        assert told[-1] == pytest.approx(float(own["layers.1"][2, 3, 4]), rel=1e-3)


def test_it_holds_still_while_the_net_trains_until_the_newest_step_is_taken(page: OpenPage) -> None:
    visit = opened(page, "features.c3", 5, 2, 7)
    run = run_of(visit)
    house.hub().command(run.id, "resume")
    eventually(lambda: house.hub().get(run.id).step > 2)
    visit.run()
    assert "at **step 0**. The net trains on" in text(visit)
    button(visit, "Take the newest step").click().run()
    visit.run()
    (step,) = map(int, re.findall(r"at \*\*step (\d+)\*\*", text(visit)))
    assert step > 0
    house.hub().command(run.id, "pause")
    eventually(lambda: house.hub().get(run.id).state == "paused")
    visit.run()
    last = house.hub().get(run.id).step
    assert f"at **step {last}**." in text(visit), "a net that holds still is followed"
    own = torchs(last)["features.c3"][5, 2, 7]
    assert nets_own(visit) == pytest.approx(float(own), rel=1e-4)


class Stubborn:
    """A hub that answers questions in its own way, and does all else as the other."""

    def __init__(self, answer: Future[bytes] | RunError) -> None:
        self._hub, self.answer = house.hub(), answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hub, name)

    def ask(self, *_: object) -> Future[bytes]:
        if isinstance(self.answer, RunError):
            raise self.answer
        return self.answer


def test_a_net_that_does_not_answer_is_told_and_asked_again(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Stubborn(RunError("It has <b>gone</b>."))
    monkeypatch.setattr(follow_pass, "hub", lambda: hub)
    visit = opened(page, "features.c3")
    assert [one.value.replace("\\", "") for one in visit.main.warning] == ["It has <b>gone</b>."]
    assert not figures(visit)
    monkeypatch.setattr(follow_pass, "QUICK", 0.01)
    hub.answer = Future()
    button(visit, "Ask again").click().run()
    assert "is asked for its numbers: 0 s so far" in text(visit)
    button(visit, "Cancel").click().run()
    assert "You have cancelled it" in visit.main.warning[0].value
    assert hub.answer.cancelled()
    monkeypatch.undo()
    answered(button(visit, "Ask again").click().run())
    assert not visit.main.warning
    assert len(figures(visit)) > 3


def test_numbers_that_are_none_are_told_and_break_nothing(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    before = opened(page, "")
    answer = decode(house.hub().ask(run_of(before), Question("forward", {"image": 3})).result(20))
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


def test_a_pass_that_had_to_go_is_asked_for_once_more(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = opened(page, "features.c3", 5, 2, 7)
    before = nets_own(visit)
    empty = Kept()
    monkeypatch.setattr(follow_pass, "PASSES", empty)
    answered(visit.run())
    assert nets_own(visit) == before


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


def tables(visit: AppTest) -> list[np.ndarray]:
    bodies = [one.proto.body for one in visit.get("html") if "are counted from 0" in one.proto.body]
    rows = [[re.findall(r"<td[^>]*>(.*?)</td>", row) for row in body.split("</tr>")[1:-1]] for body in bodies]
    return [np.array([[number(one) for one in row] for row in table]) for table in rows]


def test_a_teachers_link_hides_it(page: OpenPage) -> None:
    visit = opened(page, "features.c3", hide="note.follow")
    assert "Image 3 of those held out" not in text(visit)
    assert "Follow one number" not in [one.label for one in visit.expander]

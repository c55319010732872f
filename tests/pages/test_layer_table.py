"""The net, layer by layer, on the page: what stands there is what torch counts, and it follows the form."""

import html
import re

import pytest
import torch
from streamlit.testing.v1 import AppTest

from engine.labs.vision import ALEXNET, VisionSpec
from engine.nets.images.alexnet import SHAPE, AlexNet
from engine.nets.images.catalogue import make_net
from engine.nets.images.layer import Layer
from engine.nets.images.layers import layers
from pages.ui.lesson import LAYERS, LAYERS_TITLE
from tests.pages.conftest import OpenPage
from tests.pages.test_compare import compare
from tests.pages.test_playground import field

CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>")


def opened(page: OpenPage, **address: str) -> AppTest:
    visit = page("vision.py", **({"hide": "note.explore-kernel"} | address))
    assert not visit.exception
    return visit


def box(visit: AppTest):
    return next(one for one in visit.expander if one.label == LAYERS_TITLE)


def rows(visit: AppTest) -> list[list[str]]:
    """Return the cells of the table, row by row, without its head."""
    (table,) = [one.proto.body for one in box(visit).get("html")]
    return [[html.unescape(cell) for cell in CELL.findall(row)] for row in table.split("<tr>")[2:]]


def written(layer: Layer) -> list[str]:
    return [
        layer.name,
        layer.kind,
        " × ".join(map(str, layer.output)),
        f"{layer.parameters:,}",
        f"{layer.flops:,}",
        f"{layer.field} × {layer.field}" if layer.field else "the whole image",
        str(layer.stride) if layer.field else "",
    ]


@pytest.mark.parametrize(
    "address",
    [
        {},
        {"net": "inception", "images": "drawn_letters"},
        {"net": "own", "layers": "conv 8 5 stride 2, norm, relu, pool 2, dropout .5, dense 9, tanh"},
    ],
)
def test_the_table_is_that_of_the_net_of_the_settings(page: OpenPage, address: dict[str, str]) -> None:
    spec = VisionSpec.from_strings(address)
    net = make_net(spec, (1, 28, 28), 26 if spec.images == "drawn_letters" else 10, seed=1)
    visit = opened(page, **address)
    assert rows(visit) == [written(layer) for layer in layers(net, (1, 28, 28))]
    (table,) = [one.proto.body for one in box(visit).get("html")]
    assert f"{sum(weight.numel() for weight in net.parameters()):,} parameters" in table


def test_it_follows_the_form_and_has_alexnet_beside_it(page: OpenPage) -> None:
    visit = opened(page)
    field(visit, "net", "selectbox").set_value("softmax").run()
    assert [row[0] for row in rows(visit)] == ["flatten", "head"]
    (choice,) = box(visit).get("button_group")
    choice.set_value(ALEXNET).run()
    with torch.device("meta"):
        expected = layers(AlexNet(), SHAPE)
    assert rows(visit) == [written(layer) for layer in expected]


def names(visit: AppTest) -> list[str]:
    """Return the nets that there are tables of."""
    return [option.content for option in box(visit).get("button_group")[0].proto.options]


def test_of_nets_that_are_compared_both_have_their_table(page: OpenPage) -> None:
    visit = opened(page, net="plain")
    assert names(visit) == ["Small ResNet without its shortcuts", ALEXNET]
    compare(visit, "learning_rate", "select_slider", 0.01)
    assert names(visit) == ["Small ResNet without its shortcuts", ALEXNET], "it is the same net"
    visit = compare(opened(page, net="plain"), "net", "selectbox", "resnet")
    assert names(visit) == ["Small ResNet without its shortcuts", "Small ResNet", ALEXNET]
    box(visit).get("button_group")[0].set_value("Small ResNet").run()
    net = make_net(VisionSpec(net="resnet"), (1, 28, 28), 10, seed=1)
    assert rows(visit) == [written(layer) for layer in layers(net, (1, 28, 28))]
    visit = compare(opened(page, net="own", layers="dense 9"), "layers", "text_input", "dense 8")
    assert names(visit) == ["One of your own", "One of your own (B)", ALEXNET]


def test_a_layer_that_does_not_fit_is_told_in_place_of_the_table(page: OpenPage) -> None:
    visit = opened(page, net="own", layers="conv 8 5, pool 20, conv 4 3, pool 9")
    (told,) = box(visit).warning
    sentence = "Layer 4, 'pool 9', does not fit: expected a size of at most 1 for these pixels; it is given 4 channels"
    assert sentence in told.value.replace("\\", "")
    assert not box(visit).get("html")


def test_a_table_that_is_wide_is_scrolled_by_keys(page: OpenPage) -> None:
    (table,) = [one.proto.body for one in box(opened(page)).get("html")]
    assert re.search(
        r'<div class="ls-numbers" tabindex="0" role="region" aria-label="LeNet-5: 61,706 parameters', table
    )
    assert ".ls-numbers { overflow-x: auto; }" in table


def test_a_teachers_link_hides_it_and_labs_without_one_have_none(page: OpenPage) -> None:
    for visit in (opened(page, hide=f"{LAYERS}.note"), page("playground.py")):
        assert not [one for one in visit.expander if one.label == LAYERS_TITLE]
        assert not [one for one in visit.warning if "Ignored in this link" in one.value]

"""A kernel that slides, on the page: its numbers are torch's, its address says all of it, pictures are kept small."""

import html
import json
import re
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch.nn import functional

from engine.data import uploads
from engine.data.images.kernel_examples import EXAMPLES
from engine.data.images.picked import picked
from engine.data.images.picture import as_file, read_picture
from engine.errors import DataError
from pages.ui.images import own
from pages.ui.text import plain
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import address_of
from tests.pages.waiting import prepared

LAB = "vision"
PICTURE = np.random.default_rng(4).integers(0, 256, (12, 20)).astype(np.uint8)
WEIGHTS = [[0.5, -1, 2], [0, 3, -0.25], [-2, 1, 0]]
OWN = ",".join(f"{weight:g}" for row in WEIGHTS for weight in row)


def opened(page: OpenPage, **asked: str) -> AppTest:
    visit = prepared(page(f"{LAB}.py", **{f"kernel.{name}": text for name, text in asked.items()}))
    assert not visit.exception
    return visit


def figures(visit: AppTest) -> dict[str, dict[str, Any]]:
    """Return what is drawn, by what is written above it."""
    charts = [json.loads(chart.proto.spec) for chart in visit.get("plotly_chart")]
    titles = [one.value.split("**")[1] for one in visit.markdown if re.match(r"\*\*\w+\*\*, \d+ × \d+$", one.value)]
    return dict(zip(titles, charts, strict=True))


def heat(figure: dict[str, Any]) -> np.ndarray:
    return np.array(figure["data"][0]["z"])


def products(visit: AppTest) -> list[list[tuple[float, float, float]]]:
    """Return the products that are written out: a pixel, a number of the kernel, and what they make."""
    (table,) = (one.proto.body for one in visit.get("html") if one.proto.body.startswith('<div class="ls-products"'))
    cell = re.compile(r"<small>(.*?) × (.*?)</small><b>(.*?)</b>")
    return [
        [tuple(number(html.unescape(one)) for one in found) for found in cell.findall(row)]  # type: ignore[misc]
        for row in table.split("</tr>")[:-1]
    ]


def number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def steps(visit: AppTest) -> str:
    return next(one.value for one in visit.markdown if " products add up to " in one.value)


def widget(visit: AppTest, kind: str, name: str) -> Any:
    return next(one for one in visit.get(kind) if one.key and re.search(rf"-{name}(-[\d-]+)?$", one.key))


def torchs(image: np.ndarray, kernel: np.ndarray, **how: int) -> np.ndarray:
    given, weights = (torch.from_numpy(np.array(one, np.float64))[None, None] for one in (image, kernel))
    return functional.conv2d(given, weights, None, **how)[0, 0].numpy()


def test_all_that_is_drawn_and_written_is_torchs(page: OpenPage) -> None:
    asked = {"kernel": "own", "weights": OWN, "stride": "2", "padding": "2", "dilation": "2", "bias": "-40"}
    asked |= {"activation": "relu", "pool": "largest", "row": "1", "column": "3", "picture": "handwritten"}
    visit = opened(page, **asked, number="7")
    image, _ = picked("handwritten", 7)
    sums = torchs(image, np.array(WEIGHTS), stride=2, padding=2, dilation=2)
    output = np.maximum(sums - 40, 0)
    drawn = figures(visit)
    np.testing.assert_array_equal(heat(drawn["Picture"]), image)
    np.testing.assert_array_equal(heat(drawn["Kernel"]), np.array(WEIGHTS))
    np.testing.assert_allclose(heat(drawn["Output"]), output, atol=1e-9)
    pools = functional.max_pool2d(torch.from_numpy(output)[None, None], 2)[0, 0].numpy()
    np.testing.assert_allclose(heat(drawn["Pooled"]), pools, atol=1e-9)
    written = products(visit)
    assert [[weight for _, weight, _ in row] for row in written] == WEIGHTS
    framed = np.pad(image.astype(float), 2)
    assert [[pixel for pixel, _, _ in row] for row in written] == framed[0:5:2, 4:9:2].tolist()
    assert all(made == pytest.approx(pixel * weight, rel=1e-3) for row in written for pixel, weight, made in row)
    told = [number(one) for one in re.findall(r"\*\*([−\d.,]+)\*\*", steps(visit))]
    assert told[:2] == pytest.approx([sums[0, 2], sums[0, 2] - 40], rel=1e-3)
    assert told[-1] == pytest.approx(pools[0, 1], rel=1e-3)
    points = drawn["Output"]["data"][1]
    assert (points["x"][2], points["y"][2]) == (2, 0)
    formula = [one.value for one in visit.markdown if "lfloor" in one.value]
    assert formula[1].endswith(rf"8 + 2\cdot2 - 2\cdot(3-1) - 1}}{{2}}\right\rfloor + 1 = {output.shape[0]}$")
    assert "sees 5 × 5 pixels" in " ".join(one.value for one in visit.caption)
    assert "sees 7 × 7" in " ".join(one.value for one in visit.caption)


def test_whole_numbers_are_written_whole_and_divided_at_the_end(page: OpenPage) -> None:
    visit = opened(page, kernel="gaussian", size="5", row="9", column="9")
    image, _ = picked("drawn_letters", 1)
    one = np.array([1, 4, 6, 4, 1])
    written = np.array(products(visit))
    np.testing.assert_array_equal(written[..., 1], np.outer(one, one))
    np.testing.assert_array_equal(written[..., 0], image[8:13, 8:13])
    np.testing.assert_array_equal(written[..., 2], written[..., 0] * written[..., 1])
    told = [number(found) for found in re.findall(r"\*\*([−\d.,]+)\*\*", steps(visit))]
    assert told == pytest.approx([written[..., 2].sum(), written[..., 2].sum() / 256], rel=1e-3)


def test_a_kernel_is_turned_over(page: OpenPage) -> None:
    visit = opened(page, kernel="own", weights=OWN, turned="true")
    turned = np.array(WEIGHTS)[::-1, ::-1]
    np.testing.assert_array_equal(heat(figures(visit)["Kernel"]), turned)
    assert [[weight for _, weight, _ in row] for row in products(visit)] == turned.tolist()
    np.testing.assert_allclose(heat(figures(visit)["Output"]), torchs(picked("drawn_letters", 1)[0], turned), atol=1e-9)
    assert "turned over by half a turn" in " ".join(one.value for one in visit.caption)
    assert [widget(visit, "number_input", f"weight-3-0-{column}").value for column in range(3)] == WEIGHTS[0]


def test_the_address_says_all_that_is_chosen(page: OpenPage) -> None:
    visit = opened(page)
    assert not [name for name in address_of(visit) if name.startswith("kernel.")]
    widget(visit, "selectbox", "kernel").set_value("laplacian").run()
    widget(visit, "button_group", "stride").set_value("2").run()
    widget(visit, "number_input", "column").set_value(4).run()
    widget(visit, "toggle", "turned").set_value(True).run()
    found = {name: text for name, text in address_of(visit).items() if name.startswith("kernel.")}
    row = found.pop("kernel.row")
    assert found == {
        "kernel.kernel": "laplacian",
        "kernel.stride": "2",
        "kernel.column": "4",
        "kernel.turned": "true",
    }
    again = opened(page, kernel="laplacian", stride="2", column="4", turned="true", row=row)
    assert products(again) == products(visit)
    assert widget(again, "number_input", "column").value == 4
    visit = opened(page, stride="9", nothing="1")
    assert plain("kernel.stride, kernel.nothing") in visit.main.warning[0].value


def test_numbers_of_ones_own_begin_with_the_kernel_before_and_are_kept(page: OpenPage) -> None:
    visit = opened(page, kernel="sharpen")
    widget(visit, "selectbox", "kernel").set_value("own").run()
    assert address_of(visit)["kernel.weights"] == "0,-1,0,-1,5,-1,0,-1,0"
    widget(visit, "number_input", "weight-3-1-1").set_value(9.5).run()
    assert address_of(visit)["kernel.weights"] == "0,-1,0,-1,9.5,-1,0,-1,0"
    assert heat(figures(visit)["Kernel"])[1, 1] == 9.5
    widget(visit, "selectbox", "size").set_value("5").run()
    assert heat(figures(visit)["Kernel"]).shape == (5, 5)
    assert widget(visit, "number_input", "weight-5-2-2").value == 9.5
    widget(visit, "number_input", "weight-5-0-4").set_value(-1.5).run()
    assert heat(figures(visit)["Kernel"])[0, 4] == -1.5
    widget(visit, "selectbox", "kernel").set_value("box").run()
    widget(visit, "selectbox", "kernel").set_value("own").run()
    assert heat(figures(visit)["Kernel"])[2, 2] == 9.5


def test_what_does_not_fit_is_told_and_can_be_changed(page: OpenPage) -> None:
    visit = opened(page, picture="handwritten", kernel="box", size="5", dilation="3")
    assert "The kernel reaches over 13 pixels" in visit.main.warning[0].value.replace("\\", "")
    assert not visit.get("plotly_chart")
    widget(visit, "button_group", "dilation").set_value("1").run()
    assert not visit.main.warning
    assert heat(figures(visit)["Output"]).shape == (4, 4)


def test_a_picture_of_ones_own_is_kept_small_and_opened_by_its_link(page: OpenPage) -> None:
    kept = own.keep(as_file(np.kron(PICTURE, np.ones((9, 9), np.uint8))), "<b>me.png", "person-a")
    small = read_picture(uploads.load(kept).data, "it")
    assert small.shape == (38, 64)
    visit = opened(page, picture="own", own=kept)
    np.testing.assert_array_equal(heat(figures(visit)["Picture"]), small)
    assert any(plain("<b>me.png") in one.value for one in visit.caption)
    assert address_of(visit)["kernel.own"] == kept
    assert len([one.value for one in visit.markdown if "lfloor" in one.value]) == 3, "two sides, two sizes"


@pytest.mark.parametrize("asked", ["0" * 64, "../../etc/passwd", "x"])
def test_a_picture_that_is_not_here_is_told(page: OpenPage, asked: str) -> None:
    visit = opened(page, picture="own", own=asked)
    assert "is not on this server" in visit.main.warning[0].value
    assert not visit.get("plotly_chart")


def test_what_is_no_picture_is_not_shown_though_it_is_on_this_server(page: OpenPage) -> None:
    table = uploads.save(b"a,b\n1,2\n", "t.csv")
    visit = opened(page, picture="own", own=table)
    assert "cannot be shown: expected a picture" in visit.main.warning[0].value.replace("\\", "")
    with pytest.raises(DataError, match="expected a picture"):
        own.keep(b"GIF89a", "a.gif", "person-a")


def test_examples_are_set_up_with_the_picture_that_is_shown_and_ask_something(page: OpenPage) -> None:
    visit = opened(page, picture="handwritten", number="5", row="2", column="2")
    for one in EXAMPLES:
        next(button for button in visit.button if button.label == one.title).click().run()
        assert not visit.exception
        assert one.question in [info.value for info in visit.info]
        asked = {name.removeprefix("kernel."): text for name, text in address_of(visit).items() if "kernel." in name}
        assert asked.pop("picture") == "handwritten"
        assert asked.pop("number") == "5"
        assert asked == one.spec.to_link()
    widget(visit, "selectbox", "kernel").set_value("box").run()
    assert not [info for info in visit.info if info.value in [one.question for one in EXAMPLES]]


def test_the_numbers_can_be_read_in_place_of_the_pictures(page: OpenPage) -> None:
    visit = opened(page, picture="handwritten", number="3")
    assert not tables(visit), "nothing is made of them before somebody opens them"
    visit.session_state[f"{LAB}.explore.kernel.1.0-read"] = True
    visit.run()
    (output,) = tables(visit)
    np.testing.assert_array_equal(output, heat(figures(visit)["Output"]))
    widget(visit, "button_group", "which").set_value("Picture").run()
    (image,) = tables(visit)
    np.testing.assert_array_equal(image, picked("handwritten", 3)[0])


def tables(visit: AppTest) -> list[np.ndarray]:
    bodies = [one.proto.body for one in visit.get("html") if "are counted from 1" in one.proto.body]
    rows = [[re.findall(r"<td[^>]*>(.*?)</td>", row) for row in body.split("</tr>")[1:-1]] for body in bodies]
    return [np.array([[number(one) for one in row] for row in table]) for table in rows]

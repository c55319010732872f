"""What tests of a number that is followed read from the page, and what torch says of it."""

import html
import json
import re
from concurrent.futures import Future
from itertools import islice
from typing import Any

import numpy as np
import torch
from streamlit.testing.v1 import AppTest
from torch import Tensor

from engine.errors import RunError
from engine.labs.vision import VisionSpec
from engine.labs.vision_experiment import VisionExperiment
from pages.ui import house
from pages.ui.images import follow_pass
from tests.pages.conftest import OpenPage
from tests.pages.test_kernel_explorer import number
from tests.pages.waiting import prepared, until

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


def tables(visit: AppTest) -> list[np.ndarray]:
    bodies = [one.proto.body for one in visit.get("html") if "are counted from 0" in one.proto.body]
    rows = [[re.findall(r"<td[^>]*>(.*?)</td>", row) for row in body.split("</tr>")[1:-1]] for body in bodies]
    return [np.array([[number(one) for one in row] for row in table]) for table in rows]

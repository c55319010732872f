"""Every number that is drawn can be asked about: its explanation leads to it, and its code makes it."""

import re
from dataclasses import dataclass
from itertools import islice
from random import Random

import numpy as np
import pytest
import torch

from engine.errors import RunError
from engine.explanation import Cell
from engine.frames import decode
from engine.labs.playground import PlaygroundSpec, panels
from engine.labs.playground_experiment import PlaygroundExperiment
from engine.labs.playground_numbers import Numbers
from engine.readings import Arrays, arrays_of
from engine.runs import messages
from engine.training.experiment import Moment

SETTINGS = {
    "spiral": {"dataset": "spiral", "units": [6, 5], "samples": 120},
    "blobs, batch norm": {"dataset": "blobs", "units": [5, 4], "normalisation": "batch", "samples": 90},
    "layer norm, penalties": {"dataset": "xor", "normalisation": "layer", "l1": 0.001, "l2": 0.01, "samples": 80},
    "regression": {
        "dataset": "bumps",
        "units": [7],
        "samples": 80,
        "activation": "gelu",
        "features": ["x", "y", "sin_x"],
    },
    "line": {"dataset": "line", "units": [], "samples": 50},
    "hinge": {"dataset": "circle", "units": [4], "loss": "hinge", "samples": 60, "activation": "relu"},
    "wide and deep": {"dataset": "moons", "units": [5, 4], "wide": True, "samples": 80, "features": ["x", "y", "xy"]},
    "wide, classes": {"dataset": "blobs", "units": [4], "wide": True, "samples": 90},
    "many inputs": {
        "dataset": "moons",
        "units": [12, 12],
        "samples": 80,
        "features": ["x", "y", "x2", "y2", "xy", "sin_x", "sin_y"],
        "standardise": False,
    },
}
WITHOUT_CODE = ("update.", "batch_loss", "epoch", "learning_rate", "dead.", "saturated.")


@dataclass
class Frame:
    experiment: PlaygroundExperiment
    step: int
    arrays: Arrays

    def explain(self, array: str, *index: int):
        return self.experiment.explain(self.step, self.arrays, Cell(array, index))

    def evaluate(self, code: tuple[str, ...]) -> float:
        """Run lines of PyTorch on the net of this frame."""
        numbers = Numbers(*self.parts)
        names = numbers.namespace(self.step, self.arrays)
        exec("\n".join(code[:-1]), names)
        value = eval(code[-1], names)
        return value.item() if isinstance(value, torch.Tensor) else value

    @property
    def parts(self):
        e = self.experiment
        return e.spec, e.dataset, e.task, e._axis, e._called


def framed(step: int = 37, **settings) -> Frame:
    """The frame of a step as it comes from the wire, and another experiment of the same spec, that has seen nothing."""
    spec = PlaygroundSpec(**settings)
    experiment = PlaygroundExperiment(spec)
    moment: Moment | None = None
    for at in islice(experiment.steps(), step + 1):
        if at.number == step:
            moment = experiment.observe(at)
    assert moment is not None
    scalars = messages.row(experiment.scalars, moment)
    message = decode(messages.frame(moment, scalars, 0.0))
    assert set(arrays_of(moment.readings)) < set(message.arrays)
    return Frame(PlaygroundExperiment(spec), step, message.arrays)


@pytest.fixture(scope="module", params=SETTINGS)
def frame(request) -> Frame:
    return framed(**SETTINGS[request.param])


def cells(frame: Frame, array: str, count: int, random: Random) -> list[tuple[int, ...]]:
    shape = frame.arrays[array].shape
    return [tuple(random.randrange(size) for size in shape) for _ in range(count)]


def test_the_code_of_a_hundred_cells_makes_their_numbers(frame: Frame):
    random = Random(5)
    asked = 0
    arrays = [
        name for name in frame.arrays if name.startswith(("weights.", "gradient_map.", "neurons.maps", "boundary."))
    ]
    while asked < 100:
        for array in arrays:
            (index,) = cells(frame, array, 1, random)
            told = frame.explain(array, *index)
            drawn = float(frame.arrays[array][index])
            assert frame.evaluate(told.code) == pytest.approx(told.value, rel=1e-4, abs=1e-6), told
            if array == "neurons.maps":
                low, high = (float(frame.arrays[f"neurons.{end}"][index[0]]) for end in ("low", "high"))
                assert low - 1e-5 <= told.value <= high + 1e-5
                assert told.value == pytest.approx(low + drawn / 255 * (high - low), abs=(high - low) / 255 + 1e-6)
            else:
                assert told.value == pytest.approx(drawn, rel=1e-4, abs=1e-6), told
            asked += 1


def test_the_last_line_leads_to_the_number(frame: Frame):
    random = Random(7)
    for array in frame.arrays:
        if array.startswith(("weights.", "gradient_map.", "neurons.maps", "boundary.")):
            for index in cells(frame, array, 3, random):
                told = frame.explain(array, *index)
                assert told.lines, (array, index)
                ended = float(re.split(r"[=:] |for z", told.lines[-1].partition(" for z")[0])[-1].replace("−", "-"))
                assert ended == pytest.approx(told.value, rel=1e-3, abs=1e-6), told


def test_points_of_curves_are_made_by_their_code(frame: Frame):
    for name, value in zip(frame.experiment.scalars, frame.arrays["scalars"].tolist(), strict=True):
        told = frame.explain(f"scalars.{name}")
        assert told.value == pytest.approx(value, nan_ok=True)
        if told.code:
            assert frame.evaluate(told.code) == pytest.approx(value, rel=1e-4, abs=1e-6), told
        else:
            penal = frame.experiment.spec.l1 and name.startswith("gradient.")
            assert penal or name.startswith(WITHOUT_CODE), f"{name} has no code"


def test_a_weight_tells_where_it_leads_and_what_it_was():
    frame = framed(**SETTINGS["spiral"])
    told = frame.explain("weights.layers.1.weight", 2, 3)
    assert told.what == "the weight from unit 3 of layer 1 to unit 2 of layer 2"
    assert told.tensor == "layers.1.weight[2, 3]"
    assert told.code == ("net.layers[1].weight[2, 3]",)
    start = framed(step=0, **SETTINGS["spiral"]).explain("weights.layers.1.weight", 2, 3)
    assert told.lines[0].startswith(f"{start.value:.4g} (initial)".replace("-", "−"))
    assert "(since, in 37 steps)" in told.lines[0]
    assert frame.explain("weights.layers.0.weight", 1, 1).what == "the weight from the input y to unit 1 of layer 1"
    assert frame.explain("weights.layers.2.bias", 0).what == "the bias of unit 0 of the output layer"


def test_of_a_wide_and_deep_net_both_sums_are_told():
    frame = framed(**SETTINGS["wide and deep"])
    told = frame.explain("weights.wide.weight", 0, 2)
    assert told.what == "the weight from the input xy straight to unit 0 of the output layer"
    assert told.lines[0].startswith("0 (initial) + ")
    assert told.code == ("net.wide.weight[0, 2]",)
    unit = 3 + 5 + 4
    deep, wide, both, *_ = frame.explain("neurons.maps", unit, 3, 20).lines
    number = lambda line: float(line.rpartition(" = ")[2].replace("−", "-"))  # noqa: E731
    assert deep.startswith("deep path: Σ w · h2 + b = ")
    assert wide.startswith("wide part: Σ v · x = ")
    assert number(both) == pytest.approx(number(deep) + number(wide), abs=2e-3)
    assert "wide" not in " ".join(frame.explain("neurons.maps", unit - 1, 3, 20).lines)
    assert frame.explain("scalars.gradient.wide").what.endswith("of the wide part")


def test_the_sum_of_a_unit_is_written_out_with_its_numbers():
    frame = framed(**SETTINGS["spiral"])
    row, column, unit = 3, 20, 2 + 6 + 1
    told = frame.explain("neurons.maps", unit, row, column)
    assert told.what.startswith("the answer of unit 1 of layer 2 at x = ")
    first, last = told.lines
    terms = re.findall(r"\(?(−?[\d.e]+(?:e−\d+)?)\)? · \(?(−?[\d.e]+(?:e−\d+)?)\)?", first)
    assert len(terms) == 6
    bias, total = (float(part.strip("() ").replace("−", "-")) for part in first.rsplit(" + ", 1)[1].split(" = "))
    number = lambda text: float(text.replace("−", "-"))  # noqa: E731
    assert sum(number(a) * number(b) for a, b in terms) + bias == pytest.approx(total, abs=2e-3)
    assert last.startswith("tanh: a = tanh(z) = ")


@pytest.mark.parametrize("cell", [("neurons.maps", 2 + 1, 3, 20), ("boundary.value", 3, 20)])
def test_where_inputs_are_standardised_the_sum_over_them_says_so(cell):
    """The place that is named is not what stands in the sum: without a word the two contradict each other."""
    settings = SETTINGS["spiral"] | {"units": [6] if cell[0] == "neurons.maps" else []}
    first, sum_, *_ = framed(**settings).explain(*cell).lines
    number = lambda text: float(text.strip("(),;").replace("−", "-"))  # noqa: E731
    assert first.startswith("standardised, by mean and deviation of the training points: x = (")
    given = [part.split(" = ")[-1] for part in first.partition(": ")[2].split(", ")]
    summed = [term.partition(" · ")[2] for term in sum_.partition(" + b = ")[2].split(" + ")[:2]]
    assert [number(text) for text in given] == [number(text) for text in summed]
    plain = framed(**settings, standardise=False).explain(*cell)
    assert "standardised" not in " ".join(plain.lines)


def test_of_a_long_sum_the_largest_terms_are_told_and_the_rest_as_one():
    frame = framed(**SETTINGS["many inputs"])
    line = frame.explain("neurons.maps", 7 + 12, 4, 5).lines[0]
    assert "[5 more]" in line
    terms, bias = (
        line.removeprefix("z = Σ w · h1 + b = ").partition(" = ")[0].replace(" [5 more]", " · 1").rsplit(" + ", 1)
    )
    factors = [[float(part.strip("()").replace("−", "-")) for part in term.split(" · ")] for term in terms.split(" + ")]
    total = float(line.rpartition(" = ")[2].replace("−", "-"))
    assert len(factors) == 8
    assert sum(one * other for one, other in factors) + float(bias.strip("()").replace("−", "-")) == pytest.approx(
        total, abs=2e-3
    )


def test_scores_are_told_by_their_counts():
    frame = framed(**SETTINGS["spiral"])
    points = frame.experiment.dataset.validation
    right = round(frame.explain("scalars.val_score").value * len(points))
    assert f"{right} of {len(points)} points are predicted correctly" in frame.explain("scalars.val_score").lines[0]


def test_what_is_not_kept_is_said_and_not_made_up():
    frame = framed(dataset="circle", units=[4], dropout=0.5, samples=60)
    told = frame.explain("gradient_map.layers.0.weight", 1, 1)
    assert told.code == ()
    assert "not kept" in told.lines[-1]
    assert told.value == pytest.approx(float(frame.arrays["gradient_map.layers.0.weight"][1, 1]))


@pytest.mark.parametrize(
    ("array", "index", "sentence"),
    [
        ("weights.layers.9.weight", (0, 0), "There is no 'weights.layers.9.weight' in this frame"),
        ("weights.layers.0.weight", (99, 0), r"There is no cell \[99, 0\] in 'weights.layers.0.weight'"),
        ("weights.layers.0.weight", (-1, 0), "There is no cell"),
        ("weights.layers.0.weight", (0,), "There is no cell"),
        ("boundary.value", (0, 50), "There is no cell"),
        ("neurons.maps", (0, 0), "There is no cell"),
        ("scatter.train_x", (0,), "There is no explanation of"),
        ("scalars.nothing", (), "There is no explanation of"),
        ("", (), "There is no explanation of"),
    ],
)
def test_what_is_not_there_is_refused_in_a_sentence(array, index, sentence):
    with pytest.raises(RunError, match=sentence):
        framed(step=1, dataset="circle", units=[3], samples=40).explain(array, *index)


def test_all_arrays_that_panels_draw_can_be_asked_about():
    spec = PlaygroundSpec(dataset="blobs", units=[3], samples=60)
    frame = framed(step=2, dataset="blobs", units=[3], samples=60)
    drawn = {bind.array for panel in panels(spec) for bind in getattr(panel, "bindings", ()) if bind.mode == "series"}
    assert {"loss", "val_loss", "learning_rate"} <= drawn
    for name in drawn:
        assert frame.explain(f"scalars.{name}").what
    assert np.isfinite(frame.explain("boundary.value", 0, 0).value)

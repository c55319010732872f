"""The transformer lab: its frames hold what its panels draw, its runs go on from where they stopped."""

from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch

from engine.data.symbols.spec import SHAPES
from engine.errors import SpecError
from engine.figures.panel import PlotPanel, TensorPanel, TilesPanel, WordsPanel
from engine.labs.transformers import TransformersSpec, panels
from engine.labs.transformers_experiment import TransformersExperiment
from engine.readings import arrays_of
from engine.runs.onnx_file import onnx_file
from engine.runs.weights import Weights
from engine.training.experiment import Answering
from tests.engine.labs.walks import seen_alike, walked

pytestmark = pytest.mark.usefixtures("one_thread")

SMALL: dict[str, Any] = {"samples": 300, "width": 16, "heads": 2, "neurons": 24, "length": 8, "letters": 9, "prime": 23}
QUICK = TransformersSpec(**SMALL)
RUNS = [
    *({"sequences": task, "shape": shape} for task, shapes in SHAPES.items() for shape in shapes),
    {"places": "rotary", "norms": "behind", "dropout": 0.2},
    {"places": "alibi", "sequences": "copy", "shape": "both", "part": "crossed", "block": 1, "head": 1},
    {"places": "sinusoid", "sequences": "sort", "shape": "both", "part": "encoder", "knocked_block": 0},
    {"places": "none", "bend": "relu", "knocked_block": 1, "knocked_head": 5, "place": 3, "loss": "hinge"},
]
SPECS = [TransformersSpec(**SMALL, **changes) for changes in RUNS]


def named(spec: TransformersSpec) -> str:
    return f"{spec.sequences}-{spec.shape}-{spec.places}"


@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_a_frame_holds_all_that_the_panels_draw(spec: TransformersSpec) -> None:
    experiment = TransformersExperiment(spec)
    assert isinstance(experiment, Answering)
    _, moment = walked(experiment, 2)
    arrays, words = arrays_of(moment.readings), {**experiment.words(), **moment.words}
    assert tuple(moment.scalars) == experiment.scalars
    for panel in panels(spec):
        match panel:
            case PlotPanel():
                stacks = {one.split(".")[0] for one in experiment.scalars}
                for bind in panel.bindings:
                    where: Any = {"frame": arrays, "series": experiment.scalars, "stack": stacks}[bind.mode]
                    assert bind.array in where, panel.id
                    if bind.mode == "stack":  # a row that is named by a number is drawn at that number
                        rows = [one.partition(".")[2] for one in experiment.scalars if one.startswith(f"{bind.array}.")]
                        assert rows
                        assert not any(row.replace(".", "").isdigit() for row in rows)
            case TensorPanel():
                assert {f"{panel.array}.{tensor}" for tensor in panel.tensors} <= set(arrays)
                first = arrays[f"{panel.array}.{panel.tensors[0]}"]
                if panel.columns:
                    lines = words[panel.columns].count("\n") + 1
                    assert first.shape[-1] >= lines
                if panel.rows:
                    count = len(panel.rows) if isinstance(panel.rows, tuple) else words[panel.rows].count("\n") + 1
                    assert first.shape[0] >= count
            case TilesPanel():
                assert set(panel.arrays) <= set(arrays)
                assert all(arrays[name].ndim == 4 for name in panel.arrays)
            case WordsPanel():
                assert any(words[key] for key in panel.keys)


def test_live_settings_change_what_is_looked_at_and_nothing_that_is_learnt() -> None:
    experiment, left = TransformersExperiment(QUICK), TransformersExperiment(QUICK)
    walk, other = experiment.steps(), left.steps()
    step = next(other)
    assert next(walk) == step
    for step in islice(other, 5):
        assert next(walk) == step
    for name, value in {"head": "1", "block": "1", "example": "3", "place": "4", "knocked_block": "0"}.items():
        experiment.set(name, value)
    mine, theirs = experiment.observe(step), left.observe(step)
    assert mine.scalars == theirs.scalars
    assert mine.words["token"].startswith("Place 4 «")
    assert mine.words["knocked"] == "Without head 0 of block 0."
    assert theirs.words["knocked"] == ""
    assert mine.words["read"] != theirs.words["read"]
    kept = experiment.checkpoint()
    assert next(walk) == next(other)
    again = TransformersExperiment(QUICK)
    next(again.steps(kept))
    assert (again.live.head, again.live.place, again.live.knocked_block) == (1, 4, 0)
    with pytest.raises(SpecError, match="cannot change during a run"):
        experiment.set("heads", "4")


@pytest.mark.parametrize("shape", ["encoder", "both"])
def test_a_tile_that_is_clicked_on_is_the_head_that_all_panels_are_of(shape: str) -> None:
    spec = TransformersSpec(**SMALL, sequences="reverse", shape=shape)
    experiment = TransformersExperiment(spec)
    step = next(experiment.steps())
    for panel in (one for one in panels(spec) if isinstance(one, TilesPanel)):
        for array, along in zip(panel.arrays, panel.along, strict=True):
            for name, value in {**along, **dict(zip(panel.sets, ("1", "0"), strict=True))}.items():
                experiment.set(name, value)
            moment = experiment.observe(step)
            arrays, (reading, _, part) = arrays_of(moment.readings), array.partition(".")
            assert moment.words[panel.chosen] == f"{part} 1 0"
            shown = "pattern" if reading == "patterns" else "slope"
            np.testing.assert_array_equal(arrays[f"head.{shown}"], arrays[array][1, 0])
            assert moment.words["token"].split("\n")[0].endswith("asks with head 0 of block 1.")


@pytest.mark.parametrize("spec", [SPECS[0], SPECS[-4], SPECS[-3]], ids=named)
def test_a_run_goes_on_from_a_checkpoint_as_if_it_had_never_stopped(spec: TransformersSpec) -> None:
    whole = TransformersExperiment(spec)
    losses = [step.loss for step in islice(whole.steps(), 20)]
    half = TransformersExperiment(spec)
    next(islice(half.steps(), 5, None))
    again = TransformersExperiment(spec)
    assert [step.loss for step in islice(again.steps(half.checkpoint()), 15)] == losses[5:]


def test_an_observer_sees_what_the_worker_does() -> None:
    seen_alike(TransformersExperiment(QUICK), TransformersExperiment(QUICK), "head", "1")


@pytest.mark.parametrize("spec", [SPECS[0], SPECS[1], SPECS[-3], SPECS[-4]], ids=named)
def test_a_net_for_other_programs_tells_the_same(spec: TransformersSpec) -> None:
    onnx = pytest.importorskip("onnx", reason="a form that is offered where onnx is installed")
    from onnx.reference import ReferenceEvaluator

    experiment = TransformersExperiment(spec)
    walked(experiment, 2)
    kept = {name.removeprefix("net."): a for name, a in experiment.checkpoint().items() if name.startswith("net.")}
    model = onnx.load_from_string(onnx_file(Weights("transformers", spec.to_json(), 2, kept)))
    net, read = experiment.net_with(kept)
    (told,) = ReferenceEvaluator(model).run(None, {"inputs": read[:3].numpy()})
    with torch.no_grad():
        np.testing.assert_allclose(told, net(read[:3]), atol=1e-5)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"sequences": "repeated", "shape": "both"}, "Shape: expected Decoder, Encoder for what is learnt"),
        ({"length": 40, "letters": 10}, "Length: expected at most twice the 10 letters"),
        ({"sequences": "sort", "length": 40}, "at most 32 letters to be arranged, received 40"),
    ],
)
def test_what_does_not_fit_is_told(values: dict[str, Any], words: str) -> None:
    with pytest.raises(SpecError) as told:
        TransformersSpec().replace(**values)
    assert words in told.value.words

"""The vision lab: it learns, its frames hold what its panels draw, and its numbers are what torch makes of them."""

from itertools import islice

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.errors import RunError, SpecError
from engine.explanation import Cell
from engine.figures.panel import PlotPanel, TilesPanel
from engine.labs.vision import VisionSpec, panels
from engine.labs.vision_experiment import VisionExperiment
from engine.readings import arrays_of
from engine.training.experiment import Step
from tests.engine.labs.walks import frame, seen_alike, walked

pytestmark = pytest.mark.usefixtures("one_thread")

QUICK = VisionSpec(images="drawn_digits", samples=200)
NETS = [
    VisionSpec(images="drawn_digits", samples=200, net=net)
    for net in ("softmax", "dense", "lenet", "plain", "network_in_network", "inception", "squeezenet", "own")
]


def test_lenet_learns_the_digits_within_its_default_settings() -> None:
    experiment = VisionExperiment(VisionSpec(max_epochs=12))
    *_, last = experiment.steps()
    assert experiment.observe(last).scalars["val_score"] >= 0.97
    assert experiment.stop_reason() == "All 12 epochs are done."


@pytest.mark.parametrize("spec", NETS, ids=lambda spec: spec.net)
def test_a_frame_holds_all_that_the_panels_draw(spec: VisionSpec) -> None:
    experiment = VisionExperiment(spec)
    _, moment = walked(experiment, 2)
    arrays = arrays_of(moment.readings)
    assert set(moment.scalars) == set(experiment.scalars)
    for panel in panels(spec):
        if isinstance(panel, PlotPanel):
            frames = {bind.array for bind in panel.bindings if bind.mode == "frame"}
            series = {bind.array for bind in panel.bindings if bind.mode == "series"}
            assert frames <= set(arrays)
            assert series <= set(experiment.scalars)
        if isinstance(panel, TilesPanel):
            assert set(panel.arrays) <= set(arrays)
            assert len(panel.names) == len(panel.arrays) == len(set(panel.names))
            if panel.low:
                lows = {array.replace("maps.", f"{panel.low}.", 1) for array in panel.arrays}
                assert lows <= set(arrays)
            if panel.pictures:
                lines = moment.words[panel.captions].splitlines()
                assert len(lines) == len(arrays[panel.arrays[0]])


def test_scores_and_losses_are_those_of_a_plain_pass_over_the_images_looked_at() -> None:
    experiment = VisionExperiment(QUICK.replace(wrong_labels=0.2))
    _, moment = walked(experiment, 20)
    prepared = experiment.prepared
    net = experiment.net.eval()
    for half, places in (("", prepared.train), ("val_", prepared.validation)):
        with torch.no_grad():
            logits = net(torch.from_numpy(prepared.inputs(prepared.images.pixels[places])))
        labels = torch.from_numpy(prepared.told[places])
        assert moment.scalars[f"{half}loss"] == pytest.approx(float(functional.cross_entropy(logits, labels)), rel=1e-5)
        assert moment.scalars[f"{half}score"] == pytest.approx(float((logits.argmax(1) == labels).float().mean()))


def test_the_batch_that_is_shown_is_the_one_that_is_learnt() -> None:
    """Its loss, in evaluation mode as the net stands, is that of the step."""
    experiment = VisionExperiment(QUICK.replace(rotate=30, batch_size=16))
    step, moment = walked(experiment, 15)  # in its second epoch
    pixels = arrays_of(moment.readings)["batch.pixels"].transpose(0, 3, 1, 2)
    labels = torch.tensor([int(label) for label in moment.words["batch"].splitlines()])
    with torch.no_grad():
        logits = experiment.net(torch.from_numpy(experiment.prepared.inputs(pixels)))
    assert len(labels) == 16
    assert float(functional.cross_entropy(logits, labels)) == pytest.approx(step.loss, rel=0.02)  # bytes are rounded


def test_a_unit_is_dead_where_no_image_wakes_it() -> None:
    experiment = VisionExperiment(QUICK)
    walk = experiment.steps()
    step = next(walk)
    with torch.no_grad():
        c1 = experiment.net.get_submodule("features.c1")
        c1.weight[:2] = 0  # type: ignore[index]
        c1.bias[:2] = -1  # type: ignore[index]
    assert experiment.observe(step).scalars["dead.features.relu1"] == pytest.approx(2 / 6)


def test_wrong_labels_are_among_the_suspects_early_on() -> None:
    experiment = VisionExperiment(VisionSpec(wrong_labels=0.1))
    _, moment = walked(experiment, 120)
    prepared = experiment.prepared
    told = arrays_of(moment.readings)["suspects.pixels"][..., 0]
    looked = prepared.train[:500]
    wrong = looked[prepared.told[looked] != prepared.images.labels[looked]]
    pixels = {prepared.images.pixels[place, 0].tobytes() for place in wrong}
    assert len(told) == 24
    assert sum(image.tobytes() in pixels for image in told) >= 18


@pytest.mark.parametrize("spec", [QUICK, QUICK.replace(net="own", layers="conv 4 3, norm, relu, dropout 0.3, dense 9")])
def test_a_run_goes_on_from_a_checkpoint_as_if_it_had_never_stopped(spec: VisionSpec) -> None:
    whole = VisionExperiment(spec.replace(rotate=10))
    losses = [step.loss for step in islice(whole.steps(), 12)]
    half = VisionExperiment(spec.replace(rotate=10))
    walk = half.steps()
    next(islice(walk, 4, None))
    half.set("image", "7")
    next(walk)
    kept = half.checkpoint()
    again = VisionExperiment(spec.replace(rotate=10))
    assert [step.loss for step in islice(again.steps(kept), 7)] == losses[5:]
    looked = again.observe(Step(12, 0.0, 0.0)).readings[0].arrays()["image.pixels"]
    expected = again.prepared.images.pixels[again.prepared.validation[7]]
    np.testing.assert_array_equal(looked[0, :, :, 0], expected[0])


def test_an_observer_sees_what_the_worker_does() -> None:
    seen_alike(VisionExperiment(QUICK), VisionExperiment(QUICK))


def test_one_number_of_the_first_layer_is_written_out_and_is_what_torch_makes() -> None:
    experiment = VisionExperiment(QUICK)
    step, moment = walked(experiment, 15)
    arrays = frame(experiment, moment)
    pixels = experiment.prepared.images.pixels[experiment.prepared.validation[:1]]
    with torch.no_grad():
        made = experiment.net.get_submodule("features.c1")(torch.from_numpy(experiment.prepared.inputs(pixels)))[0]
    for index in ((0, 0, 0), (5, 27, 27), (2, 14, 9)):
        told = experiment.explain(step.number, arrays, Cell("maps.features.c1", index))
        assert told.value == pytest.approx(float(made[index]), abs=1e-5)
        assert "[18 more]" in told.lines[0]


def test_every_kind_of_number_is_told_with_its_value() -> None:
    experiment = VisionExperiment(QUICK)
    step, moment = walked(experiment, 6)
    arrays = frame(experiment, moment)

    def value(array: str, *index: int) -> float:
        return experiment.explain(step.number, arrays, Cell(array, index)).value

    c3 = experiment.net.get_parameter("features.c3.weight")
    assert value("weights.features.c3.weight", 3, 1, 4, 2) == c3[3, 1, 4, 2].item()
    assert value("gradient_map.features.c3.weight", 3, 1, 4, 2) == pytest.approx(abs(c3.grad[3, 1, 4, 2].item()))  # type: ignore[index]
    assert value("image.probabilities", 4) == pytest.approx(float(arrays["image.probabilities"][4]))
    assert value("confusion.validation", 1, 1) == arrays["confusion.validation"][1, 1]
    low, high = arrays["maps_low.f6"][3], arrays["maps_high.f6"][3]
    assert value("maps.f6", 3) == pytest.approx(low + arrays["maps.f6"][3] / 255 * (high - low))
    lines = experiment.explain(step.number, arrays, Cell("maps.f6", (3,))).lines
    assert lines[1:] == ("what it is made of: see Follow one number, below the panels",)
    for name in experiment.scalars:
        assert value(f"scalars.{name}") == moment.scalars[name]
    line = experiment.explain(step.number, arrays, Cell("scalars.learning_rate")).lines[0]
    assert line == "0.003 (chosen) · 1 (the schedule at this step) = 0.003"
    with pytest.raises(RunError):
        value("weights.features.c3.weight", 99, 0, 0, 0)


def test_the_learning_rate_is_written_out_where_the_last_batch_of_a_pass_is_smaller() -> None:
    experiment = VisionExperiment(QUICK.replace(batch_size=100, schedule="cosine", horizon=3))
    for number in (1, len(experiment.prepared.train) // 100 + 2):
        step, moment = walked(experiment, number)
        line = experiment.explain(step.number, frame(experiment, moment), Cell("scalars.learning_rate")).lines[0]
        assert line.startswith("0.003 (chosen) · ")
        assert float(line.rpartition(" = ")[2]) == pytest.approx(moment.scalars["learning_rate"], rel=1e-3)


def test_a_probability_is_written_out_from_the_sums() -> None:
    experiment = VisionExperiment(QUICK)
    step, moment = walked(experiment, 3)
    arrays = frame(experiment, moment)
    logits = arrays["image.logits"].astype(float)
    told = experiment.explain(step.number, arrays, Cell("image.probabilities", (2,)))
    assert told.value == pytest.approx(float(np.exp(logits[2]) / np.exp(logits).sum()), rel=1e-5)


def test_what_cannot_change_is_said() -> None:
    experiment = VisionExperiment(QUICK)
    with pytest.raises(SpecError, match="expected one of learning_rate, image"):
        experiment.set("net", "vgg")
    with pytest.raises(SpecError, match="Layer 1, 'conv 4 99 pad 0', has '99' in it"):
        VisionExperiment(QUICK.replace(net="own", layers="conv 4 99 pad 0"))

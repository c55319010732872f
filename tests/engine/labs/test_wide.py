"""A wide and deep net in the playground: its numbers, its checkpoints, its files, and what the note says of it."""

import itertools
import statistics

import numpy as np
import pytest

from engine.labs.catalogue import LABS
from engine.labs.playground import PlaygroundSpec
from engine.labs.playground_experiment import PlaygroundExperiment
from engine.readings import arrays_of
from engine.runs.onnx_file import onnx_file
from engine.runs.weights import Weights, net_in

SPEC = PlaygroundSpec(dataset="xor", units=(4, 3), wide=True, features=("x", "y", "xy"), samples=80)


def at(experiment: PlaygroundExperiment, number: int):
    """Return what is seen at a step."""
    for step in itertools.islice(experiment.steps(), number + 1):
        if step.number == number - 1:
            experiment.foresee()
            before = experiment.net.wide.weight.detach().numpy().copy() if experiment.net.wide else None
    return experiment.observe(step), before


def test_curves_and_maps_have_a_row_of_the_wide_part():
    experiment = PlaygroundExperiment(SPEC)
    moment, before = at(experiment, 20)
    wide = experiment.net.wide.weight
    gradient = wide.grad.numpy().astype(np.float64)
    assert moment.scalars["gradient.wide"] == pytest.approx(np.sqrt((gradient**2).mean()), rel=1e-5)
    moved = np.linalg.norm(wide.detach().numpy() - before) / np.linalg.norm(before)
    assert moment.scalars["update.wide"] == pytest.approx(moved, rel=1e-4)
    arrays = arrays_of(moment.readings)
    np.testing.assert_array_equal(arrays["gradient_map.wide.weight"], np.abs(wide.grad.numpy()))
    np.testing.assert_array_equal(arrays["weights.wide.weight"], wide.detach().numpy())
    assert arrays["weights.wide.weight"].shape == (1, 3)
    # 3 * 4 + 4 and 4 * 3 + 3 and 3 + 1, and 3 that lead straight.
    assert experiment.words()["net"] == "38 parameters"


def test_the_gradient_of_the_wide_part_is_the_error_times_the_input():
    experiment = PlaygroundExperiment(SPEC.replace(batch_size=512))
    next(experiment.steps())
    train = experiment.dataset.train
    outputs = experiment._look.take(experiment.net).train.numpy()[:, 0]
    errors = (1 / (1 + np.exp(-outputs)) - train.targets) / len(train)
    # Every step's batch is all points, in another order.
    np.testing.assert_allclose(experiment.net.wide.weight.grad.numpy()[0], errors @ train.inputs, atol=1e-6)


def test_from_a_checkpoint_it_goes_on_bit_for_bit_and_stays_held_still():
    whole, interrupted, other = (PlaygroundExperiment(SPEC) for _ in range(3))
    for step in itertools.islice(interrupted.steps(), 20):
        if step.number == 6:
            interrupted.set("frozen", "wide")
            held = interrupted.net.wide.weight.detach().clone()
    kept = interrupted.checkpoint()
    again = [step.loss for step in itertools.islice(other.steps(kept), 15)]
    losses = []
    for step in itertools.islice(whole.steps(), 34):
        if step.number == 6:
            whole.set("frozen", "wide")
        losses.append(step.loss)
    assert again == losses[19:]
    assert held.abs().max() > 0
    assert np.array_equal(other.net.wide.weight.detach(), held)


def test_checkpoints_of_nets_without_a_wide_part_are_what_they_were():
    experiment = PlaygroundExperiment(SPEC.replace(wide=False))
    next(experiment.steps())
    assert not [name for name in experiment.checkpoint() if "wide" in name]


def test_the_onnx_file_answers_as_the_net():
    pytest.importorskip("onnx")
    reference = pytest.importorskip("onnx.reference")
    experiment = PlaygroundExperiment(SPEC)
    for _ in itertools.islice(experiment.steps(), 30):
        pass
    tensors = net_in(experiment.checkpoint())
    assert tensors["wide.weight"].shape == (1, 3)
    import onnx

    file = onnx_file(Weights("playground", SPEC.to_json(), 29, tensors))
    inputs = experiment.dataset.validation.inputs
    (told,) = reference.ReferenceEvaluator(onnx.load_from_string(file)).run(None, {"inputs": inputs})
    np.testing.assert_allclose(told, experiment._look.validate(experiment.net).numpy(), atol=1e-5)


def test_the_note_is_right_about_two_clouds_behind_six_sigmoids():
    preset = LABS["playground"].preset("sigmoid-stack")
    assert preset is not None
    stack = preset.spec(PlaygroundSpec).replace(dataset="gaussians")
    alone, _ = at(PlaygroundExperiment(stack), 50)
    both, _ = at(PlaygroundExperiment(stack.replace(wide=True)), 50)
    assert alone.scalars["loss"] > 0.69
    assert alone.scalars["val_score"] < 0.6
    assert both.scalars["val_score"] == both.scalars["score"] == 1
    assert both.scalars["gradient.layers.0"] < both.scalars["gradient.wide"] / 1e4
    assert both.words["gradients"].startswith("Vanishing: the gradient of layer 1")


def test_the_note_is_right_about_the_moons():
    spec = PlaygroundSpec(dataset="moons", noise=0.2, units=(4,), learning_rate=0.01)

    def median(wide: bool) -> float:
        experiments = [PlaygroundExperiment(spec.replace(seed=seed, wide=wide)) for seed in (1, 2, 3, 4, 5)]
        return statistics.median(at(one, 400)[0].scalars["val_loss"] for one in experiments)

    assert median(True) == pytest.approx(0.12, abs=0.01)
    assert median(False) == pytest.approx(0.20, abs=0.01)


def test_the_note_is_right_about_the_product_learnt_by_heart():
    moment, _ = at(PlaygroundExperiment(SPEC.replace(units=(2,), samples=400, learning_rate=0.03)), 300)
    x, y, product = arrays_of(moment.readings)["weights.wide.weight"][0]
    assert product < 0
    assert abs(product) > abs(x) + abs(y)
    assert moment.scalars["val_score"] > 0.95

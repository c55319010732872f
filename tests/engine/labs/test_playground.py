"""The playground: reproducible bit for bit, unmoved by looks, and able to learn what it should."""

import itertools
import math
import pickle
from typing import get_args

import numpy as np
import pytest
import torch
from safetensors.numpy import load, save

from engine.data import uploads
from engine.errors import DataError, SpecError
from engine.labs.playground import PlaygroundSpec, panels
from engine.labs.playground_experiment import PlaygroundExperiment
from engine.readings import arrays_of
from engine.runs.weights import net_in
from engine.training.settings import Optimizer

SPEC = PlaygroundSpec(units=(6, 4), dropout=0.2, normalisation="batch", batch_size=16, samples=100, l2=1e-3)


def _walk(experiment, count=40, observe=None):
    losses = []
    for step in itertools.islice(experiment.steps(), count):
        losses.append(step.loss)
        if observe and observe(step):
            experiment.foresee()
            experiment.observe(step)
    return losses, net_in(experiment.checkpoint())


def _same(one, other):
    return one[0] == other[0] and all(np.array_equal(one[1][name], other[1][name]) for name in one[1])


def test_two_walks_of_one_experiment_are_equal_bit_for_bit():
    experiment = PlaygroundExperiment(SPEC)
    assert _same(_walk(experiment), _walk(experiment))


@pytest.mark.parametrize("optimizer", get_args(Optimizer))
def test_from_a_checkpoint_it_goes_on_bit_for_bit(optimizer):
    spec = SPEC.replace(optimizer=optimizer, patience=5, schedule="cosine", warm_up_epochs=2, l1=1e-4)
    whole, interrupted, other = (PlaygroundExperiment(spec) for _ in range(3))
    for step in itertools.islice(interrupted.steps(), 24):
        if step.number == 7:
            interrupted.set("learning_rate", "0.02")
            interrupted.set("frozen", "2")
    kept = load(save(interrupted.checkpoint()))
    again = [step.loss for step in itertools.islice(other.steps(kept), 37)]
    assert again[0] == step.loss
    # The same walk without a break, with the same change of the rate at the same step.
    losses = []
    for step in itertools.islice(whole.steps(), 60):
        if step.number == 7:
            whole.set("learning_rate", "0.02")
            whole.set("frozen", "2")
        losses.append(step.loss)
    assert again == losses[23:]
    expected, found = whole.checkpoint(), other.checkpoint()
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array, err_msg=name)


def test_new_weights_keep_the_points_and_new_points_keep_the_weights():
    first, weights, points = (
        PlaygroundExperiment(SPEC.replace(**changes)) for changes in ({}, {"seed": 2}, {"data_seed": 2})
    )
    initial = [net_in(experiment.checkpoint())["layers.0.weight"] for experiment in (first, weights, points)]
    assert np.array_equal(first.dataset.train.inputs, weights.dataset.train.inputs)
    assert not np.array_equal(initial[0], initial[1])
    assert not np.array_equal(first.dataset.train.inputs, points.dataset.train.inputs)
    assert np.array_equal(initial[0], initial[2])


def test_looking_changes_nothing_whoever_looks_whenever():
    unseen = _walk(PlaygroundExperiment(SPEC))
    assert _same(unseen, _walk(PlaygroundExperiment(SPEC), observe=lambda step: True))
    assert _same(unseen, _walk(PlaygroundExperiment(SPEC), observe=lambda step: step.number % 7 == 3))


def test_a_look_that_fails_changes_nothing(monkeypatch):
    unseen = _walk(PlaygroundExperiment(SPEC))
    experiment = PlaygroundExperiment(SPEC)
    monkeypatch.setattr(experiment._look, "_inputs", torch.zeros(3, 99))

    def failing(step):
        with pytest.raises(RuntimeError):
            experiment.observe(step)

    assert _same(unseen, _walk(experiment, observe=failing))


def test_gradients_are_as_they_were_after_a_look():
    experiment = PlaygroundExperiment(SPEC)
    step = next(itertools.islice(experiment.steps(), 5, None))
    before = {name: p.grad.clone() for name, p in experiment.net.named_parameters()}
    experiment.observe(step)
    assert all(torch.equal(before[name], p.grad) for name, p in experiment.net.named_parameters())


def test_who_adopts_a_snapshot_sees_what_the_owner_sees():
    owner, other = PlaygroundExperiment(SPEC), PlaygroundExperiment(SPEC)
    for step in itertools.islice(owner.steps(), 30):
        if step.number in (0, 12, 13, 29):
            other.adopt(pickle.loads(pickle.dumps(owner.snapshot())))
            seen = other.observe(step)
            owner._batch_losses = [seen.scalars["batch_loss"]]  # those that went with the snapshot
            expected = owner.observe(step)
            assert seen.scalars == pytest.approx(expected.scalars, rel=0, abs=0, nan_ok=True)
            assert seen.words == expected.words
            arrays = arrays_of(expected.readings)
            for name, array in arrays_of(seen.readings).items():
                np.testing.assert_array_equal(array, arrays[name])
            owner.foresee()
        assert step.number != 13 or seen.scalars["update.layers.0"] > 0, "the update after step 12 was foreseen"


def test_looking_at_snapshots_changes_nothing():
    owner, other = PlaygroundExperiment(SPEC), PlaygroundExperiment(SPEC)

    def look(step):
        other.adopt(pickle.loads(pickle.dumps(owner.snapshot())))
        other.observe(step)

    assert _same(_walk(PlaygroundExperiment(SPEC)), _walk(owner, observe=look))


def test_scalars_are_those_of_the_net_at_this_step():
    experiment = PlaygroundExperiment(PlaygroundSpec(samples=80))
    losses = []
    for step in itertools.islice(experiment.steps(), 12):
        losses.append(step.loss)
    moment = experiment.observe(step)
    net, train = experiment.net.eval(), experiment.dataset.train
    with torch.no_grad():
        logits = net(torch.tensor(train.inputs))[:, 0]
    expected = torch.nn.functional.binary_cross_entropy_with_logits(logits, torch.tensor(train.targets))
    assert moment.scalars["loss"] == pytest.approx(expected.item(), rel=1e-5)
    assert moment.scalars["score"] == pytest.approx(((logits > 0).numpy() == train.targets).mean())
    assert moment.scalars["batch_loss"] == pytest.approx(sum(losses) / len(losses))
    assert moment.scalars["epoch"] == step.epoch


def test_update_ratio_is_known_only_of_a_foreseen_step():
    experiment = PlaygroundExperiment(PlaygroundSpec(optimizer="sgd", learning_rate=0.1, l2=0.01))
    walk = experiment.steps()
    assert math.isnan(experiment.observe(next(walk)).scalars["update.layers.0"])
    experiment.foresee()
    weight = experiment.net.layers[0].weight
    expected = 0.1 * (weight.grad.norm() / weight.detach().norm()).item()
    step = next(walk)
    assert experiment.observe(step).scalars["update.layers.0"] == pytest.approx(expected, rel=1e-4)
    assert math.isnan(experiment.observe(next(walk)).scalars["update.layers.0"])


def test_a_frame_keeps_its_numbers_when_the_net_moves_on():
    experiment = PlaygroundExperiment(SPEC)
    walk = experiment.steps()
    arrays = arrays_of(experiment.observe(next(walk)).readings)
    before = {name: array.copy() for name, array in arrays.items()}
    for _ in range(5):
        next(walk)
    assert all(np.array_equal(before[name], arrays[name]) for name in arrays)


def test_learning_rate_changes_from_the_next_update_on():
    experiment = PlaygroundExperiment(PlaygroundSpec(optimizer="sgd"))
    walk = experiment.steps()
    next(walk)
    experiment.set("learning_rate", "0.5")
    weight = experiment.net.layers[0].weight
    expected = weight.detach() - 0.5 * weight.grad
    step = next(walk)
    assert torch.allclose(weight.detach(), expected, atol=1e-7)
    assert experiment.observe(step).scalars["learning_rate"] == 0.5


@pytest.mark.parametrize("optimizer", get_args(Optimizer))
def test_layers_that_are_held_still_keep_their_weights_and_the_others_learn(optimizer):
    spec = SPEC.replace(optimizer=optimizer, units=(5, 4), normalisation="batch", l1=1e-3, l2=1e-2, frozen=("1", "5"))
    experiment = PlaygroundExperiment(spec)

    def moved(until, walk):
        before = {name: tensor.detach().clone() for name, tensor in experiment.net.named_parameters()}
        for step in itertools.islice(walk, until):
            experiment.observe(step)
        after = dict(experiment.net.named_parameters())
        return {name for name, tensor in before.items() if not torch.equal(tensor, after[name])}

    walk = experiment.steps()
    next(walk)
    everything = {name for name, _ in experiment.net.named_parameters()}
    first = {"layers.0.weight", "layers.0.bias", "norms.0.weight", "norms.0.bias"}
    # Before batch norm a bias moves nothing, and without a gradient an optimiser may leave it where it is.
    assert moved(6, walk) | {"layers.1.bias"} == everything - first
    experiment.set("frozen", "2,output")
    assert moved(6, walk) | {"layers.0.bias"} == first
    assert all(
        parameter.grad.abs().sum() > 0 for parameter in experiment.net.layers[1].parameters() if parameter.dim() > 1
    )
    experiment.set("frozen", "")
    assert moved(6, walk) | {"layers.0.bias", "layers.1.bias"} == everything


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("frozen", "7", "frozen: expected some of 1, 2, 3, 4, 5, 6, output, wide, received '7'."),
        ("learning_rate", "nan", "learning_rate: expected a number from 1e-05 to 10, received 'nan'."),
        ("learning_rate", "11", "learning_rate: expected a number from 1e-05 to 10, received '11'."),
        ("units", "3", "'units' cannot change during a run: expected one of frozen, learning_rate."),
        ("__class__", "3", "'__class__' cannot change during a run: expected one of frozen, learning_rate."),
    ],
)
def test_bad_changes_are_refused(name, value, sentence):
    with pytest.raises(SpecError) as caught:
        PlaygroundExperiment(PlaygroundSpec()).set(name, value)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"dataset": "plane", "loss": "logistic"},
            "loss: expected one of auto, mse, mae, huber, for this data set asks for numbers; received 'logistic'.",
        ),
        (
            {"dataset": "iris", "loss": "mae"},
            "loss: expected one of auto, cross_entropy, hinge, mse, for this data set asks for three or more classes; "
            "received 'mae'.",
        ),
        (
            {"normalisation": "batch", "batch_size": 1},
            "batch_size: expected 2 or more with batch norm, which compares points; received 1.",
        ),
    ],
)
def test_settings_that_do_not_fit_together_are_refused(changes, sentence):
    with pytest.raises(SpecError) as caught:
        PlaygroundSpec().replace(**changes)
    assert str(caught.value) == sentence


def test_ends_after_its_epochs_and_says_so():
    experiment = PlaygroundExperiment(PlaygroundSpec(samples=20, max_epochs=3))
    epochs = []
    for step in experiment.steps():
        assert experiment.stop_reason() is None
        epochs.append(step.epoch)
    assert epochs[-1] == 3
    assert experiment.stop_reason() == "All 3 epochs are done."


def test_ends_at_its_target_at_the_same_step_whoever_looks():
    spec = PlaygroundSpec(dataset="gaussians", target_score=0.95)
    ends = []
    for look in (False, True):
        experiment = PlaygroundExperiment(spec)
        for step in experiment.steps():
            if look:
                experiment.observe(step)
        ends.append(step.number)
        assert experiment.observe(step).scalars["val_score"] >= 0.95
        assert experiment.stop_reason().startswith("The validation score reached ")
    assert ends[0] == ends[1] < 1000


def test_ends_when_patience_is_over():
    spec = PlaygroundSpec(dataset="moons", noise=1.0, samples=60, units=(16, 16), learning_rate=0.03, patience=20)
    experiment = PlaygroundExperiment(spec)
    list(experiment.steps())
    assert "has not fallen below" in experiment.stop_reason()


def test_a_loss_that_is_no_number_is_seen_and_told():
    experiment = PlaygroundExperiment(
        PlaygroundSpec(dataset="bumps", activation="linear", optimizer="sgd", learning_rate=10.0)
    )
    step = next(step for step in experiment.steps() if not math.isfinite(step.loss))
    moment = experiment.observe(step)
    assert not math.isfinite(moment.scalars["loss"])
    assert moment.words["gradients"].startswith("Broken: the gradient of layer ")


def test_uploaded_table_trains_with_its_classes(tmp_path, monkeypatch):
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    rows = [f"{i % 7},{i % 5},{'high' if i % 7 > 3 else 'low'}" for i in range(100)]
    upload = uploads.save("\n".join(["a,b,size", *rows]).encode(), "t.csv")
    spec = PlaygroundSpec(dataset="csv", upload=upload, inputs_from="columns", learning_rate=0.03)
    experiment = PlaygroundExperiment(spec)
    step = next(itertools.islice(experiment.steps(), 200, None))
    assert experiment.observe(step).scalars["val_score"] == 1.0
    assert experiment.words()["classes"] == "high, low"
    assert "confusion" in {panel.id for panel in panels(spec)}
    with pytest.raises(SpecError, match=r"^loss: expected one of auto, logistic"):
        PlaygroundExperiment(spec.replace(loss="cross_entropy"))
    with pytest.raises(DataError, match="upload it again"):
        panels(spec.replace(upload="0" * 64))


BARS = {
    "spiral": ({}, 4000, 0.95),
    "circle": ({}, 600, 0.98),
    "xor": ({}, 600, 0.95),
    "gaussians": ({}, 300, 0.98),
    "moons": ({}, 800, 0.98),
    "blobs": ({}, 400, 0.98),
    "plane": ({}, 600, 0.98),
    "bumps": ({"learning_rate": 0.01}, 2500, 0.9),
    "line": ({"units": (), "learning_rate": 0.03}, 600, 0.99),
    "iris": ({}, 600, 0.88),
    "wine": ({}, 600, 0.94),
    "breast_cancer": ({}, 400, 0.92),
}


@pytest.mark.parametrize("dataset", BARS)
def test_learns_what_it_should(dataset):
    changes, steps, bar = BARS[dataset]
    experiment = PlaygroundExperiment(PlaygroundSpec(dataset=dataset, seed=1, **changes))
    step = next(itertools.islice(experiment.steps(), steps, None))
    assert experiment.observe(step).scalars["val_score"] >= bar


def test_one_layer_cannot_tell_xor_and_two_can():
    def score(units):
        experiment = PlaygroundExperiment(PlaygroundSpec(dataset="xor", units=units, learning_rate=0.01))
        step = next(itertools.islice(experiment.steps(), 800, None))
        return experiment.observe(step).scalars["val_score"]

    assert score(()) < 0.75
    assert score((8,)) > 0.95


def test_of_layers_that_never_learnt_a_checkpoint_may_lack_what_an_optimiser_remembers():
    experiment = PlaygroundExperiment(PlaygroundSpec(units=(3,), optimizer="adam", frozen=("1",), samples=40))
    steps = experiment.steps()
    for _ in range(4):
        next(steps)
    kept = experiment.checkpoint()
    assert not [name for name in kept if name.startswith("optimizer.layers.0.")]
    following = next(steps)
    again = experiment.steps(kept)
    next(again)
    assert next(again) == following
    lacking = {name: array for name, array in kept.items() if not name.startswith("optimizer.layers.1.")}
    with pytest.raises(DataError, match=r"lacks optimizer\.layers\.1\.weight"):
        next(experiment.steps(lacking))

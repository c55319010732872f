"""A hand in the net: the step comes once more, and everything at it is of the net as it is now."""

import itertools

import numpy as np
import pytest
import torch

from engine.errors import SpecError
from engine.labs.playground import PlaygroundSpec
from engine.labs.playground_experiment import PlaygroundExperiment
from engine.readings import Arrays
from engine.runs.changes import by_hand
from engine.runs.past import walk
from engine.training.experiment import Change

CHANGES: list[Change] = [
    (0, "layers.0.weight[2, 1]", "0.5"),
    (9, "layers.1.bias[0]", "-1.25"),
    (9, "learning_rate", "0.02"),
    (9, "layers.1.weight[0, 2]", "1e-3"),
    (30, "layers.0.weight[0, 0]", "3"),
]
CHANCY = {"units": (4, 3), "dropout": 0.3, "normalisation": "batch", "l2": 0.01, "optimizer": "adamw"}


def spec(**settings: object) -> PlaygroundSpec:
    return PlaygroundSpec(**{"units": (4, 3), "samples": 60, **settings})  # type: ignore[arg-type]


def state(experiment: PlaygroundExperiment) -> Arrays:
    return experiment.checkpoint()


def number(experiment: PlaygroundExperiment, name: str, *index: int) -> float:
    return float(experiment.net.state_dict()[name][index])


def assert_same(one: Arrays, other: Arrays) -> None:
    assert one.keys() == other.keys()
    for name, array in one.items():
        assert array.tobytes() == other[name].tobytes(), name


def test_loss_and_gradients_are_those_of_the_changed_net_on_the_same_batch():
    experiment = PlaygroundExperiment(spec(batch_size=512, l2=0.1))
    steps = experiment.steps()
    before = next(itertools.islice(steps, 3, None))
    experiment.set("layers.0.weight[2, 1]", "0.75")
    after = next(steps)
    assert (after.number, after.epoch) == (before.number, before.epoch)
    assert number(experiment, "layers.0.weight", 2, 1) == 0.75
    inputs, targets = torch.tensor(experiment.dataset.train.inputs), torch.tensor(experiment.dataset.train.targets)
    loss = experiment.task.loss(experiment.net(inputs), targets)
    weights = [layer.weight for layer in experiment.net.layers]
    gradients = torch.autograd.grad(loss + 0.05 * sum((w**2).sum() for w in weights), weights)  # type: ignore[arg-type]
    assert after.loss == pytest.approx(loss.item(), rel=1e-6)
    assert after.loss != before.loss
    for weight, gradient in zip(weights, gradients, strict=True):
        assert torch.allclose(weight.grad, gradient, atol=1e-6)  # type: ignore[arg-type]
    assert next(steps).number == before.number + 1


@pytest.mark.parametrize("settings", [{}, CHANCY], ids=["plain", "with chance"])
@pytest.mark.parametrize("at", [0, 8, 9, 20])
def test_from_any_checkpoint_the_same_changes_lead_to_the_same_bits(settings: dict[str, object], at: int):
    whole = PlaygroundExperiment(spec(**settings))
    kept, losses = None, {}
    for step in walk(whole.steps(), whole, CHANGES, 40):
        losses[step.number] = step.loss
        kept = state(whole) if step.number == at else kept
    ahead = [change for change in CHANGES if change[0] > at]
    later = PlaygroundExperiment(spec(**settings))
    for step in walk(later.steps(kept), later, ahead, 40):
        assert step.loss == losses[step.number], step.number
    assert_same(state(whole), state(later))
    other = PlaygroundExperiment(spec(**settings))
    for _ in walk(other.steps(), other, [c for c in CHANGES if c not in by_hand(CHANGES)], 40):
        pass
    assert float(state(other)["net.layers.0.weight"][2, 1]) != float(state(whole)["net.layers.0.weight"][2, 1])


def test_a_layer_that_is_held_still_keeps_what_a_hand_put_in():
    experiment = PlaygroundExperiment(spec(frozen=("1",), optimizer="momentum"))
    steps = experiment.steps()
    next(itertools.islice(steps, 5, None))
    experiment.set("layers.0.weight[2, 1]", "0.75")
    next(itertools.islice(steps, 10, None))
    assert number(experiment, "layers.0.weight", 2, 1) == 0.75


def test_what_the_last_update_did_is_not_told_of_a_hand():
    experiment = PlaygroundExperiment(spec())
    steps = experiment.steps()
    next(steps)
    experiment.foresee()
    assert np.isfinite(experiment.observe(next(steps)).scalars["update.layers.0"])
    experiment.set("layers.0.weight[2, 1]", "0.75")
    moment = experiment.observe(next(steps))
    assert moment.step == 1
    assert np.isnan(moment.scalars["update.layers.0"])
    experiment.foresee()
    assert np.isfinite(experiment.observe(next(steps)).scalars["update.layers.0"])


def test_a_target_that_a_hand_reaches_ends_the_run_at_that_step():
    settings = {"dataset": "gaussians", "units": (), "target_score": 0.9, "noise": 0, "initialisation": "zeros"}
    learnt, slow = (PlaygroundExperiment(spec(**settings, learning_rate=rate)) for rate in (0.1, 1e-5))
    for _ in learnt.steps():
        pass
    steps = slow.steps()
    step = next(one for one in steps if one.epoch == 1)
    for name, tensor in learnt.net.state_dict().items():
        for index in np.ndindex(*tensor.shape):
            slow.set(f"{name}[{', '.join(map(str, index))}]", repr(float(tensor[index])))
            assert next(steps).number == step.number
    assert next(steps, None) is None
    assert "reached" in (slow.stop_reason() or "")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("layers.9.weight[0, 0]", "1", "expected one of layers.0.weight"),
        ("layers.0.weight[0]", "1", "within 4 × 2"),
        ("layers.0.weight[4, 0]", "1", "within 4 × 2"),
        ("layers.0.bias[4]", "1", "within 4"),
        ("layers.0.bias[0]", "-", "expected a number such as"),
        ("layers.0.bias[0]", "２", "expected a number such as"),
        ("layers.0.bias[0]", "1000.5", "from −1000 to 1000"),
        ("layers.0.bias [0]", "1", "names no number of a net"),
    ],
)
def test_what_the_net_does_not_have_is_refused(name: str, value: str, said: str):
    experiment = PlaygroundExperiment(spec())
    steps = experiment.steps()
    next(steps)
    before = state(experiment)
    with pytest.raises(SpecError, match=said.replace("(", r"\(")):
        experiment.set(name, value)
    assert_same(before, state(experiment))
    assert next(steps).number == 1, "nothing was changed, so the step does not come again"

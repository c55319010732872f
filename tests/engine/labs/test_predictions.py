"""What presets have one predict: the answers that are called right, found out by measuring."""

import itertools
import math

import numpy as np
import pytest
import torch

from engine.labs.catalogue import LABS
from engine.labs.playground import PlaygroundSpec
from engine.labs.playground_experiment import PlaygroundExperiment
from engine.training.fit import Points
from engine.training.race import race

pytestmark = pytest.mark.usefixtures("one_thread")
LAB = LABS["playground"]


def opened(name: str, **changes: object) -> PlaygroundExperiment:
    """Return the experiment of a preset, and see that its question is there."""
    preset = LAB.preset(name)
    assert preset is not None
    assert preset.question is not None
    return PlaygroundExperiment(preset.spec(PlaygroundSpec).replace(**changes))


def answer(name: str) -> str:
    preset = LAB.preset(name)
    assert preset is not None
    assert preset.question is not None
    return preset.question.answers[preset.question.right]


def trained(experiment: PlaygroundExperiment, steps: int) -> PlaygroundExperiment:
    for _ in itertools.islice(experiment.steps(), steps + 1):
        pass
    return experiment


def reached(experiment: PlaygroundExperiment, seeds: int = 4) -> list[int | None]:
    """Return the step at which each seed reaches the target score."""
    halves = (experiment.dataset.train, experiment.dataset.validation)
    points = [Points(torch.tensor(half.inputs), torch.tensor(half.targets)) for half in halves]
    return race(experiment.spec, experiment.spec, range(1, seeds + 1), experiment.task, *points)


def cut(features: np.ndarray, labels: np.ndarray) -> float:
    """Return which share of points the best straight cut by least squares parts rightly."""
    columns = np.column_stack([features, np.ones(len(features))])
    weights = np.linalg.lstsq(columns, 2 * labels - 1, rcond=None)[0]
    return float(((columns @ weights > 0) == labels).mean())


def test_three_units_close_a_ring_and_two_do_not():
    assert answer("first-net") == "Three"
    assert reached(opened("first-net", units=(2,), target_score=0.95, max_epochs=60)) == [None] * 4
    assert None not in reached(opened("first-net", units=(3,), target_score=0.95, max_epochs=60))


def test_three_units_are_enough_for_quadrants_from_some_initial_weights():
    assert answer("xor") == "Three"
    two, three, four = (reached(opened("xor", units=(n,), target_score=0.95, max_epochs=50), 6) for n in (2, 3, 4))
    assert two == [None] * 6
    assert 0 < three.count(None) < 6
    assert four.count(None) < three.count(None)


def test_good_inputs_need_far_fewer_steps_than_depth():
    assert answer("spiral-features") == "Far fewer"
    deep = reached(opened("spiral", target_score=0.98, max_epochs=200), 3)
    bent = reached(opened("spiral-features", target_score=0.98, max_epochs=200), 3)
    assert 5 * max(step or math.inf for step in bent) < min(step or math.inf for step in deep)


def test_each_layer_brings_the_arms_of_the_spiral_nearer_to_a_straight_cut():
    assert answer("spiral") == "The last"
    experiment = trained(opened("spiral"), 1500)
    train = experiment.dataset.train
    with torch.no_grad():
        hidden, _ = experiment.net.trace(torch.tensor(train.inputs))
    raw, *cuts = (cut(np.asarray(part), train.targets) for part in (train.inputs, *hidden))
    assert raw < 0.67
    assert cuts == sorted(cuts)
    assert cuts[0] < 0.95 < cuts[-1]


def test_a_net_that_knows_nothing_of_five_classes_has_a_loss_of_ln_5():
    assert answer("blobs") == "1.61 = ln 5"
    experiment = opened("blobs")
    loss = experiment.observe(next(experiment.steps())).scalars["loss"]
    assert abs(loss - math.log(5)) < 0.1


def test_flowers_of_two_kinds_have_the_same_petals():
    assert answer("iris") == "No"
    dataset = opened("iris").dataset
    kinds: dict[bytes, set[float]] = {}
    for half in (dataset.train, dataset.validation):
        for petal, kind in zip(half.coordinates, half.targets.tolist(), strict=True):
            kinds.setdefault(petal.tobytes(), set()).add(kind)
    assert any(len(found) > 1 for found in kinds.values())


def test_what_relus_tell_is_flat_between_its_edges():
    assert answer("bumps") == "Flat facets with edges between them"
    experiment = trained(opened("bumps"), 200)
    line = np.linspace(-1, 1, 2001)[:, None] * np.array([[0.8, 0.3]])
    with torch.no_grad():
        heights = experiment.net.double()(torch.tensor(experiment.dataset.inputs(line)).double())[:, 0].numpy()
    bends = np.abs(np.diff(heights, n=2)) > 1e-6
    assert 3 < bends.sum() < 120
    assert bends.mean() < 0.06


def test_a_single_neuron_always_ends_at_the_same_line():
    assert answer("one-neuron") == "No, at the same one"
    ends = []
    for seed in (1, 2, 3):
        experiment = trained(opened("one-neuron", seed=seed, learning_rate=0.01, batch_size=512), 1500)
        ends.append(torch.cat([parameter.detach().flatten() for parameter in experiment.net.parameters()]))
    assert torch.allclose(ends[0], ends[1], atol=1e-3)
    assert torch.allclose(ends[0], ends[2], atol=1e-3)

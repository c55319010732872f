"""XOR by depth and width: the grid finds of each net what a run of it finds, and what theory says of all of them."""

import itertools
from typing import get_args

import numpy as np
import pytest
import torch

from engine.data.points import make_dataset
from engine.errors import SpecError
from engine.labs.catalogue import LABS
from engine.labs.playground import PlaygroundSpec
from engine.labs.playground_experiment import PlaygroundExperiment
from engine.labs.sweep import Place
from engine.labs.xor_grid import (
    MOST_EPOCHS,
    SOLVED,
    XOR_GRID,
    XorGridSpec,
    places,
    settings_of,
    share,
    typical,
    typical_seed,
)
from engine.nets.many_mlp import ManyMLP
from engine.nets.mlp import MLP
from engine.nets.mlp_spec import Activation
from engine.seeds import numpy_generator
from engine.training.fit import Points
from engine.training.race import race
from engine.training.settings import Optimizer
from engine.training.task import make_task
from tests.engine.catalogue import corner_specs

pytestmark = pytest.mark.usefixtures("one_thread")
FEW = XorGridSpec(seeds=3)


def found(spec: XorGridSpec, *wanted: Place) -> list[list[int | None]]:
    from engine.labs.xor_grid_training import train

    return [train(spec, place)["steps"] for place in wanted]


def run_alone(spec: XorGridSpec, place: Place, seed: int) -> int | None:
    """Return the step at which the playground's own run of a net ends by itself; None if it has not solved it."""
    experiment = PlaygroundExperiment(PlaygroundSpec().replace(**settings_of(spec, place, seed)))
    *_, last = experiment.steps()
    assert (last.epoch < MOST_EPOCHS) == ("reached" in (experiment.stop_reason() or ""))
    return last.number if last.epoch < MOST_EPOCHS else None


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("place", [(1, 4), (2, 2), (3, 8)], ids=str)
def test_each_net_solves_it_at_the_very_step_at_which_its_own_run_does(activation: Activation, place: Place):
    spec = FEW.replace(activation=activation)
    (steps,) = found(spec, place)
    assert steps == [run_alone(spec, place, seed) for seed in (1, 2, 3)]


@pytest.mark.parametrize(
    ("activation", "optimizer"),
    list(zip(get_args(Activation), itertools.cycle(("adam", "sgd", "momentum", "rmsprop")), strict=False)),
)
def test_nets_trained_as_one_have_the_weights_of_nets_trained_alone(activation: Activation, optimizer: Optimizer):
    """After forty updates, for two hidden layers."""
    spec = PlaygroundSpec(
        dataset="xor", units=(5, 3), activation=activation, optimizer=optimizer, samples=100, max_epochs=14
    )
    dataset = make_dataset(spec)
    task = make_task(dataset.problem, "auto")
    points = Points(torch.tensor(dataset.train.inputs), torch.tensor(dataset.train.targets))
    kept: list[ManyMLP] = []
    original = ManyMLP.__init__

    def note(self, *arguments):
        original(self, *arguments)
        kept.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ManyMLP, "__init__", note)
        race(spec, spec.replace(target_score=1.0), [3, 9], task, points, points)
    (many,) = kept
    for place, seed in enumerate((3, 9)):
        experiment = PlaygroundExperiment(spec.replace(seed=seed))
        *_, last = experiment.steps()
        assert last.number == 14 * 3
        for layer, alone in enumerate(experiment.net.layers):
            np.testing.assert_allclose(
                many.weights[layer][place].detach(), alone.weight.detach(), atol=2e-4, err_msg=f"{layer}"
            )
            np.testing.assert_allclose(many.biases[layer][place, 0].detach(), alone.bias.detach(), atol=2e-4)


def test_what_theory_says_of_depth_and_width():
    """A line never parts the quadrants, one unit a layer is a line, two edges leave mistakes, eight fold easily."""
    line, thin, two, eight = found(FEW, (0, 0), (3, 1), (1, 2), (1, 8))
    assert share(line) == share(thin) == share(two) == 0
    assert share(eight) == 1
    assert (typical(eight) or 0) < 200


def test_two_edges_do_not_reach_the_score_either_where_their_weights_are_guessed():
    """The best of 5,000 nets with two hidden units, the output fitted to each: an oracle apart from any training."""
    generator = numpy_generator(5)
    points = generator.uniform(-1, 1, (600, 2))
    labels = np.sign(-points[:, 0] * points[:, 1])
    best = 0.0
    for _ in range(5_000):
        weights, biases = generator.normal(0, 3, (2, 2)), generator.normal(0, 1.5, 2)
        hidden = np.column_stack([np.tanh(points @ weights + biases), np.ones(len(points))])
        output = np.linalg.lstsq(hidden, labels, rcond=None)[0]
        best = max(best, float((np.sign(hidden @ output) == labels).mean()))
    assert 0.75 < best < SOLVED


def test_places_are_those_chosen_and_without_hidden_layers_there_is_one():
    assert len(places(XorGridSpec())) == 33
    assert places(XorGridSpec(depths=("2", "0"), widths=("3", "1"))) == ((0, 0), (2, 1), (2, 3))
    assert places(XorGridSpec(depths=("0",))) == ((0, 0),)
    for empty in ({"depths": ()}, {"widths": ()}):
        with pytest.raises(SpecError):
            XorGridSpec().replace(**empty)


@pytest.mark.parametrize("place", places(XorGridSpec()), ids=str)
def test_every_place_is_a_link_to_the_playground(place: Place):
    spec = PlaygroundSpec().replace(**settings_of(XorGridSpec(), place, 7))
    assert PlaygroundSpec.from_link(spec.to_link()) == (spec, ())
    assert (spec.target_score, spec.max_epochs, spec.seed) == (SOLVED, MOST_EPOCHS, 7)
    assert spec.units == (place[1],) * place[0]


def test_what_is_typical():
    assert typical([None, None]) is None
    assert typical([90, None, 30, 60]) == 60
    assert typical([90, None, 30, 60, 45]) == 45
    assert share([90, None, 30, None]) == 0.5
    assert typical_seed(XorGridSpec(seeds=4), {"steps": [90, None, 30, 60]}) == 4
    assert typical_seed(XorGridSpec(seeds=2), {"steps": [None, None]}) == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"dropout": 0.1},
        {"normalisation": "batch"},
        {"wide": True},
        {"frozen": ("1",)},
        {"l2": 0.1},
        {"schedule": "cosine"},
    ],
    ids=str,
)
def test_what_cannot_be_trained_as_one_is_refused(settings: dict):
    spec = PlaygroundSpec(dataset="xor", **settings)
    dataset = make_dataset(spec)
    points = Points(torch.tensor(dataset.train.inputs), torch.tensor(dataset.train.targets))
    with pytest.raises(SpecError, match="as one only"):
        race(spec, spec, [1], make_task(dataset.problem, "auto"), points, points)


def test_stacked_nets_answer_as_each_of_them():
    spec = PlaygroundSpec(units=(4, 3), activation="silu")
    nets = [MLP(spec, 2, 1, seed) for seed in (1, 2, 3)]
    x = torch.randn(3, 20, 2, generator=torch.Generator().manual_seed(0))
    many = ManyMLP(spec, nets)(x)
    for place, net in enumerate(nets):
        assert torch.allclose(many[place], net(x[place]), atol=1e-6)


@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_sweeps_of_all_labs_are_light_to_ask_and_have_places_at_all_corners(lab):
    assert len({sweep.name for sweep in lab.sweeps}) == len(lab.sweeps)
    for sweep in lab.sweeps:
        assert lab.sweep(sweep.name) is sweep
        for _, spec in corner_specs(sweep.spec):
            assert sweep.places(spec)
            assert sweep.spec.from_json(spec.to_json()) == spec
    assert lab.sweep("nothing") is None
    assert XOR_GRID in LABS["playground"].sweeps

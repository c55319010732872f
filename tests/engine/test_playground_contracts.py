"""Contracts over everything that the playground can be set to."""

import itertools
import math

import numpy as np
import pytest
import torch
from torch import nn

from engine.data.catalogue import PROBLEMS
from engine.data.points import make_dataset
from engine.frames import NAMES
from engine.labs.catalogue import LABS
from engine.labs.playground import LAB, PlaygroundSpec, panels, tensor_names
from engine.labs.playground_experiment import PlaygroundExperiment
from engine.nets.mlp import ACTIVATIONS, MLP, NORMALISATIONS
from engine.readings import arrays_of
from tests.engine.catalogue import corner_specs

CORNERS = [
    (name, spec)
    for name, spec in corner_specs(PlaygroundSpec, samples=60, units=(4, 3))
    if spec.dataset not in ("csv", "drawn")
]


@pytest.mark.parametrize("spec", [spec for _, spec in CORNERS], ids=[name for name, _ in CORNERS])
def test_every_corner_opens_trains_three_steps_and_is_seen(spec):
    experiment = PlaygroundExperiment(spec)
    walk = list(itertools.islice(_foreseen(experiment), 4))
    assert [step.number for step in walk] == [0, 1, 2, 3][: len(walk)]
    moment = experiment.observe(walk[-1])
    assert tuple(moment.scalars) == experiment.scalars
    finite = all(math.isfinite(moment.scalars[name]) for name in ("loss", "val_loss", "batch_loss"))
    assert finite or moment.words["gradients"].startswith(("Broken", "Exploding"))
    arrays = arrays_of(moment.readings) | arrays_of(experiment.opening())
    assert all(array.dtype in NAMES and not array.flags.writeable for array in arrays.values())


def _foreseen(experiment):
    for step in experiment.steps():
        experiment.foresee()
        yield step


@pytest.mark.parametrize("spec", [spec for _, spec in CORNERS], ids=[name for name, _ in CORNERS])
def test_every_panel_finds_its_arrays_and_scalars(spec):
    experiment = PlaygroundExperiment(spec)
    moment = experiment.observe(next(experiment.steps()))
    opening, frame = arrays_of(experiment.opening()), arrays_of(moment.readings)
    where = {"opening": set(opening), "frame": set(frame), "series": set(experiment.scalars)}
    for panel in panels(spec):
        shown = panel.to_json()
        for bind in shown.get("bindings", ()):
            if bind["mode"] == "stack":
                assert any(name.startswith(bind["array"] + ".") for name in experiment.scalars)
            else:
                assert bind["array"] in where[bind["mode"]]
        match shown["kind"]:
            case "network":
                assert set(shown["tensors"]) <= set(frame)
                assert len(shown["inputs"]) == opening["network.units"][0]
            case "table":
                assert set(shown["arrays"]) <= set(frame)
                assert len(shown["columns"]) == sum(frame[name].shape[1] for name in shown["arrays"])
            case "tensor":
                assert {f"{shown['array']}.{name}" for name in shown["tensors"]} <= set(frame)
            case "words":
                assert set(shown["keys"]) <= set(moment.words)


@pytest.mark.parametrize("dataset", ["circle", "iris", "blobs", "plane"])
@pytest.mark.parametrize("units", [(), (4, 3)])
def test_no_panel_stands_alone_beside_an_empty_place(dataset, units):
    ends, at = [], 0
    for panel in panels(PlaygroundSpec(dataset=dataset, units=units)):
        at = at + panel.width if at + panel.width <= 12 else panel.width
        ends.append((panel.id, at))
    starts = [at for (_, at), (_, then) in itertools.pairwise(ends) if then <= at] + [ends[-1][1]]
    assert set(starts) == {12}, ends


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("normalisation", ["none", *NORMALISATIONS])
def test_every_net_gets_gradients_everywhere_and_overfits_one_batch(activation, normalisation):
    spec = PlaygroundSpec(activation=activation, normalisation=normalisation, initialisation="he", units=(16, 16))
    net = MLP(spec, 2, 3, seed=0)
    inputs = torch.randn(9, 2, generator=torch.Generator().manual_seed(1))
    # A linear net can only tell what a line can part.
    targets = inputs[:, 0].argsort().argsort() // 3
    optimiser = torch.optim.Adam(net.parameters(), 0.03)
    for _ in range(400):
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(net(inputs), targets)
        loss.backward()
        optimiser.step()
    assert all(parameter.grad is not None for parameter in net.parameters())
    assert loss.item() < 0.1


def test_tensor_names_are_those_of_the_net():
    for normalisation, wide in itertools.product(("none", "batch", "layer"), (False, True)):
        spec = PlaygroundSpec(normalisation=normalisation, units=(3, 2), wide=wide)
        net = MLP(spec, 2, 1, seed=0)
        assert set(tensor_names(spec)) == {name for name, _ in net.named_parameters()}


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_data_set_is_deterministic_and_fits_its_problem(name):
    spec = PlaygroundSpec(dataset=name, samples=120, noise=0.3)
    first, second, other = (make_dataset(spec.replace(data_seed=seed)) for seed in (1, 1, 2))
    for half in ("train", "validation"):
        for field in ("coordinates", "inputs", "targets"):
            assert np.array_equal(getattr(getattr(first, half), field), getattr(getattr(second, half), field))
    assert not np.array_equal(first.train.targets, other.train.targets) or not np.array_equal(
        first.train.coordinates, other.train.coordinates
    )
    assert first.problem.dimension == first.train.coordinates.shape[1]


def test_every_lab_lists_itself_under_its_name_and_restores_its_link():
    for name, lab in LABS.items():
        assert name == lab.name
        spec = lab.spec().replace(seed=7)
        assert lab.spec.from_link(spec.to_link()) == (spec, ())


def test_lab_is_light():
    import subprocess
    import sys

    code = "import sys, engine.labs.catalogue as c; [l.panels(l.spec()) for l in c.LABS.values()]; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "sklearn", "scipy", "plotly"} & set(done.stdout.split())
    assert LAB.name == "playground"

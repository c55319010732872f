"""Boundary and neuron maps against calls of the net, cell by cell."""

import itertools

import numpy as np
import pytest
import torch

from engine.labs.playground import PlaygroundSpec
from engine.labs.playground_experiment import PlaygroundExperiment
from engine.probes.boundary import GRID, MAP_STRIDE
from engine.readings import arrays_of


def _observed(**changes):
    experiment = PlaygroundExperiment(PlaygroundSpec(**changes))
    step = next(itertools.islice(experiment.steps(), 50, None))
    return experiment, arrays_of(experiment.opening()), arrays_of(experiment.observe(step).readings)


def _ask(experiment, place):
    inputs = torch.from_numpy(experiment.dataset.inputs(np.array([place], np.float32)))
    net = experiment.net.eval()
    with torch.no_grad():
        hidden = net.activations[0](net.layers[0](inputs))
        return inputs[0], hidden[0], net(inputs)[0]


def test_each_cell_is_what_the_net_tells_at_its_place():
    experiment, opening, frame = _observed(units=(4, 3))
    assert frame["boundary.value"].shape == (GRID, GRID)
    for row, column in [(0, 0), (0, GRID - 1), (17, 40), (GRID - 1, 3)]:
        _, _, output = _ask(experiment, (opening["axis.x"][column], opening["axis.y"][row]))
        assert frame["boundary.value"][row, column] == pytest.approx(torch.sigmoid(output[0]).item(), abs=1e-5)


def test_each_neurons_map_is_its_activation_at_its_place():
    experiment, opening, frame = _observed(units=(4, 3), features=("x", "y", "xy"))
    maps, low, high = (frame[f"neurons.{field}"] for field in ("maps", "low", "high"))
    side = GRID // MAP_STRIDE
    assert maps.shape == (3 + 4 + 3 + 1, side, side)
    assert opening["network.units"].tolist() == [3, 4, 3, 1]
    for row, column in [(0, 0), (5, 13), (side - 1, 2)]:
        place = (opening["axis.x"][1 + MAP_STRIDE * column], opening["axis.y"][1 + MAP_STRIDE * row])
        inputs, hidden, output = _ask(experiment, place)
        shown = low + maps[:, row, column] / 255 * (high - low)
        tolerance = (high - low) / 255 + 1e-5
        for unit, value in [*enumerate(inputs), *enumerate(hidden, start=3), (10, output[0])]:
            assert abs(shown[unit] - value.item()) <= tolerance[unit]


def test_line_is_a_curve_with_maps_that_are_the_same_in_every_row():
    experiment, opening, frame = _observed(dataset="line", units=(2,))
    assert opening["axis.y"].size == 0
    assert frame["boundary.value"].shape == opening["axis.x"].shape
    assert np.array_equal(opening["points.train_y"], opening["points.train_label"])
    _, _, output = _ask(experiment, (opening["axis.x"][10],))
    assert frame["boundary.value"][10] == pytest.approx(output.item(), abs=1e-5)
    maps = frame["neurons.maps"]
    assert maps.shape[1] == maps.shape[2]
    assert (maps == maps[:, :1]).all()


def test_maps_of_units_that_are_no_number_are_blank():
    experiment = PlaygroundExperiment(PlaygroundSpec(units=(2,)))
    step = next(experiment.steps())
    with torch.no_grad():
        experiment.net.layers[0].weight[0, 0] = float("nan")
    frame = arrays_of(experiment.observe(step).readings)
    assert (frame["neurons.maps"][2] == 0).all()
    assert (frame["neurons.maps"][3] > 0).any()

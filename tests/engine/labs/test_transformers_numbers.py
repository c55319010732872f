"""The numbers of the transformer lab are those that torch makes, and they are told with how they came about."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.errors import RunError
from engine.explanation import Cell
from engine.labs.transformers import TransformersSpec
from engine.labs.transformers_experiment import TransformersExperiment
from engine.labs.transformers_looking import KNOCKED, spectrum
from engine.readings import arrays_of
from tests.engine.labs.test_transformers import QUICK, SPECS, named
from tests.engine.labs.walks import each_told, frame, walked

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_every_kind_of_number_is_told_with_its_value(spec: TransformersSpec) -> None:
    experiment = TransformersExperiment(spec)
    step, arrays = each_told(experiment)
    with pytest.raises(RunError):
        experiment.explain(step, arrays, Cell("head.pattern", (999, 0)))


def test_an_attention_weight_is_written_out_from_query_and_key() -> None:
    experiment = TransformersExperiment(QUICK.replace(places="alibi", block=1, head=1))
    step, moment = walked(experiment, 20)
    arrays = frame(experiment, moment)
    read = torch.from_numpy(experiment.prepared.made.read[experiment.prepared.validation[:1]])
    seen: dict[str, torch.Tensor] = {}
    with torch.no_grad():
        experiment.net(read, lambda name, value: seen.setdefault(name, value))
    query, key = (seen[f"blocks.1.attention.{name}"][0, 1] for name in ("query", "key"))
    told = experiment.explain(step.number, arrays, Cell("head.scores", (5, 2)))
    assert told.value == pytest.approx(float(query[5] @ key[2]) / 8**0.5, rel=1e-5)
    assert told.lines[1].endswith(f"= {told.value:.4g}".replace("-", "−"))
    weight = experiment.explain(step.number, arrays, Cell("head.pattern", (5, 2)))
    assert weight.value == pytest.approx(float(seen["blocks.1.attention.pattern"][0, 1, 5, 2]))
    share, total = weight.lines[-1].split(" = ")[1].split(" / ")
    assert float(share) / float(total) == pytest.approx(weight.value, rel=2e-3)
    assert "for the distance" in weight.lines[2]
    tile = experiment.explain(step.number, arrays, Cell("patterns.attention", (1, 1, 5, 2)))
    assert tile.lines == weight.lines
    assert (
        "Choose this head" in experiment.explain(step.number, arrays, Cell("patterns.attention", (0, 1, 5, 2))).lines[0]
    )
    ahead = experiment.explain(step.number, arrays, Cell("head.pattern", (2, 5)))
    assert (ahead.value, ahead.lines[-1]) == (0, "exp(−∞) = 0")
    gathered = experiment.explain(step.number, arrays, Cell("head.gathered", (3, 5)))
    assert gathered.value == pytest.approx(float(seen["blocks.1.attention.gathered"][0, 1, 5, 3]), rel=1e-5)


def test_what_a_head_that_is_knocked_out_gathers_is_not_told_as_a_sum() -> None:
    experiment = TransformersExperiment(QUICK.replace(block=1, head=1, knocked_block=1, knocked_head=1))
    step, moment = walked(experiment, 5)
    assert moment.words["token"].split("\n")[-1] == "It is knocked out: what it gathers is 0."
    told = experiment.explain(step.number, frame(experiment, moment), Cell("head.gathered", (3, 5)))
    assert (told.value, *told.lines) == (0, "0, for the head is knocked out: what it gathers is not let through")
    experiment.set("head", "0")
    assert "times their weights: number 0 is " in experiment.observe(step).words["token"]


def test_losses_are_those_of_the_places_asked() -> None:
    for spec in (QUICK, SPECS[8]):
        experiment = TransformersExperiment(spec)
        _, moment = walked(experiment, 5)
        made = experiment.prepared.made
        read, asked = (torch.from_numpy(part[experiment.prepared.validation]) for part in (made.read, made.asked))
        with torch.no_grad():
            sums = experiment.net(read)
        expected = functional.cross_entropy(sums.flatten(0, 1), asked.flatten(), ignore_index=-1).item()
        assert moment.scalars["val_loss"] == pytest.approx(expected, rel=1e-5)
        assert experiment.validate()[0] == pytest.approx(expected, rel=1e-5)
        right = (sums.argmax(dim=2) == asked)[asked >= 0].float().mean().item()
        assert moment.scalars["val_score"] == pytest.approx(right)


def test_what_a_head_is_for_is_the_loss_without_it() -> None:
    experiment = TransformersExperiment(QUICK)
    _, moment = walked(experiment, 30)
    arrays, made = arrays_of(moment.readings), experiment.prepared.made
    rows = experiment.prepared.validation[:KNOCKED]
    read, asked = (torch.from_numpy(part[rows]) for part in (made.read, made.asked))
    other = experiment.make_net()
    other.load_state_dict(experiment.net.state_dict())

    def measured() -> tuple[float, float]:
        with torch.no_grad():
            sums = other(read).flatten(0, 1)
        there = asked.flatten() >= 0
        right = sums.softmax(1)[torch.arange(len(there)), asked.flatten().clamp(min=0)][there].mean()
        return functional.cross_entropy(sums[there], asked.flatten()[there]).item(), float(right)

    before = measured()
    with torch.no_grad():
        other.get_parameter("blocks.1.attention.out.weight")[:, 8:] = 0  # the second head of two, of width 8
    loss, right = measured()
    assert arrays["knocked.attention.loss"][1, 1] == pytest.approx(loss - before[0], abs=1e-5)
    assert arrays["knocked.attention.right"][1, 1] == pytest.approx(right - before[1], abs=1e-5)


def test_a_spectrum_is_that_of_sums_over_waves_and_has_one_line_for_one_wave() -> None:
    vectors = np.random.default_rng(0).normal(size=(23, 5))
    found, at = spectrum(vectors), np.arange(23)
    power = [
        (np.cos(2 * np.pi * k * at / 23) @ vectors) ** 2 + (np.sin(2 * np.pi * k * at / 23) @ vectors) ** 2
        for k in range(1, 12)
    ]
    sizes = np.sum(power, axis=1)
    np.testing.assert_allclose(found.share, sizes / sizes.sum(), rtol=1e-5)
    np.testing.assert_array_equal(found.frequency, np.arange(1, 12))
    # Parseval: all waves, each but the mean counted twice, are all squares.
    assert 2 * sizes.sum() / 23 == pytest.approx(((vectors - vectors.mean(axis=0)) ** 2).sum())
    one = spectrum(np.cos(2 * np.pi * 4 * at / 23)[:, None] + 3)
    assert one.share.argmax() == 3
    assert one.share[3] == pytest.approx(1)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_net_whose_weights_are_no_numbers_is_still_looked_at(bad: float) -> None:
    for spec in (QUICK, SPECS[1], SPECS[-3]):
        experiment = TransformersExperiment(spec)
        step = next(experiment.steps())
        with torch.no_grad():
            for parameter in experiment.net.parameters():
                parameter.view(-1)[::3] = bad
        assert experiment.observe(step).words["example"].endswith("(no number).")
        arrays = frame(experiment, experiment.observe(step))
        for name in ("head.pattern", "head.scores", "head.masked", "head.gathered"):
            assert experiment.explain(0, arrays, Cell(name, (1, 1))).what

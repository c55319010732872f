"""Why a net answers so: what is told of its pixels is what Captum says, and what is told of units is there."""

import json
import warnings
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr

from engine.data.images.image_set import ImageSet
from engine.data.images.prepared import Prepared
from engine.errors import RunError
from engine.jobs.arrays import packed, unpacked
from engine.labs import vision_experiment
from engine.labs.vision import VisionSpec
from engine.labs.vision_experiment import VisionExperiment
from engine.labs.vision_units import patches, risen
from engine.labs.vision_why import forgetting, pixels
from engine.labs.why_spec import METHODS, PixelsSpec, UnitSpec, units_of
from engine.nets.images.field import Field
from engine.nets.images.layers import layers
from engine.nets.images.plan import plan
from tests.engine.labs.test_vision import NETS, QUICK
from tests.engine.labs.walks import walked

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its own imports
    from captum import attr

pytestmark = pytest.mark.usefixtures("one_thread")

FEW = PixelsSpec(samples=3, steps=20, side=7, stride=5, filling="mean")
LITTLE = UnitSpec(looked=100, steps=20)
SMALL_OWN = "conv 4 3, norm, relu, conv 4 3, norm, tanh, pool 2, dense 9, norm, relu"


def done(work: Generator[Any, None, dict[str, Any]]) -> dict[str, Any]:
    """Carry work out; what comes of it is read as the server reads it."""
    while True:
        try:
            progress = next(work)
            assert progress.share is None or 0 <= progress.share <= 1
        except StopIteration as end:
            return json.loads(json.dumps(end.value))


@pytest.fixture(scope="module")
def trained() -> VisionExperiment:
    experiment = VisionExperiment(VisionSpec(images="drawn_digits", samples=600))
    walked(experiment, 150)
    return experiment


@pytest.mark.parametrize("spec", [*NETS, QUICK.replace(net="own", layers=SMALL_OWN)], ids=lambda spec: spec.net)
def test_every_net_can_be_asked(spec: VisionSpec) -> None:
    experiment = VisionExperiment(spec)
    _, moment = walked(experiment, 2)
    told = done(pixels(experiment, 5, "told", FEW))
    expected = [name for name in METHODS if name != "cam" or experiment.plan.kernels]
    assert list(told["maps"]) == expected
    for name, one in told["maps"].items():
        found = unpacked(one)
        assert found.shape == (28, 28) or name == "cam"
        assert METHODS[name].signed or (found >= 0).all()
    assert len(told["agree"]) == len(expected)
    assert told["completeness"]["sum"] == pytest.approx(unpacked(told["maps"]["integrated"]).sum(), abs=1e-4)
    gone = done(forgetting(experiment, 5, "told", FEW))
    assert len(gone["layers"]) == len(experiment.plan.weighted)
    for name, one in gone["maps"].items():
        np.testing.assert_array_equal(unpacked(one)[0], unpacked(told["maps"][name]))
        assert len(gone["alike"]["sizes"][name]) == len(gone["layers"]) == len(unpacked(one)) - 1
    for layer in units_of(spec, plan(spec)):
        seen = done(patches(experiment, layer, LITTLE))
        row = next(one for one in layers(experiment.net, experiment.prepared.images.shape) if one.name == layer)
        assert [seen["units"], *seen["map"]] == list(row.output)
        assert unpacked(seen["values"]).shape == (row.output[0], 9)
        assert (seen["field"] is None) == (row.field == 0)
    seen = done(risen(experiment, units_of(spec, plan(spec))[0], 0, LITTLE))
    assert unpacked(seen["picture"]).shape == (28, 28, 1)
    assert seen["answers"][-1] > seen["answers"][0]
    assert moment.step == 2


def test_maps_and_their_sum_are_captums(trained: VisionExperiment) -> None:
    spec = PixelsSpec(steps=30, baseline="white", side=5, stride=3, filling="black")
    told = done(pixels(trained, 3, "second", spec))
    net, prepared = trained.net.eval(), trained.prepared
    place = prepared.validation[3]
    image = torch.from_numpy(prepared.inputs(prepared.images.pixels[[place]]))
    logits = net(image)[0].detach()
    target = int(logits.argsort(descending=True)[1])
    np.testing.assert_array_equal(unpacked(told["picture"])[..., 0], prepared.images.pixels[place, 0])
    assert (told["target"], told["label"]) == (target, int(prepared.images.labels[place]))
    np.testing.assert_allclose(told["logits"], logits, atol=1e-5)
    first = prepared.validation[:300]
    all_told = net(torch.from_numpy(prepared.inputs(prepared.images.pixels[first]))).detach()
    missed = (all_told.argmax(dim=1).numpy() != prepared.images.labels[first]).nonzero()[0]
    assert 0 < len(told["wrong"]) <= 6
    assert {number for number, _, _ in told["wrong"]} <= set(missed.tolist())
    for number, label, said in told["wrong"]:
        assert (label, said) == (prepared.images.labels[first[number]], int(all_told[number].argmax()))
    found = {name: unpacked(one) for name, one in told["maps"].items()}
    theirs = attr.Saliency(net).attribute(image.clone().requires_grad_(), target)
    np.testing.assert_allclose(found["saliency"], theirs[0, 0], atol=1e-5)
    black, white = (torch.from_numpy(prepared.inputs(np.full((1, 1, 28, 28), level, np.uint8))) for level in (0, 255))
    theirs, gap = attr.IntegratedGradients(net).attribute(
        image, white, target, n_steps=30, return_convergence_delta=True
    )
    np.testing.assert_allclose(found["integrated"], theirs[0, 0].detach(), atol=1e-4)
    whole = told["completeness"]
    assert whole["gap"] == pytest.approx(float(gap), abs=1e-4)
    assert whole["picture"] == pytest.approx(float(logits[target]), abs=1e-4)
    assert whole["baseline"] == pytest.approx(float(net(white).detach()[0, target]), abs=1e-4)
    assert whole["sum"] - (whole["picture"] - whole["baseline"]) == pytest.approx(whole["gap"], abs=1e-4)
    theirs = attr.LayerGradCam(net, net.get_submodule("features.c3")).attribute(image, target, relu_attributions=True)
    np.testing.assert_allclose(found["cam"], theirs[0, 0].detach(), atol=1e-5)
    assert told["layer"] == "features.c3"
    theirs = attr.Occlusion(net).attribute(image, (1, 5, 5), (1, 3, 3), float(black.min()), target)
    np.testing.assert_allclose(found["occlusion"], theirs[0, 0], atol=1e-4)


def test_smooth_gradients_are_captums_noise_tunnel(trained: VisionExperiment) -> None:
    """Of the noise of many copies: two seeds are as far apart as ours is from theirs."""
    prepared, net = trained.prepared, trained.net.eval()
    image = torch.from_numpy(prepared.inputs(prepared.images.pixels[prepared.validation[:1]]))
    ours = unpacked(done(pixels(trained, 0, "told", PixelsSpec(samples=200)))["maps"]["smooth"])
    again = unpacked(done(pixels(trained, 0, "told", PixelsSpec(samples=200, seed=1)))["maps"]["smooth"])
    assert not np.array_equal(ours, again)
    deviation = 0.15 * float(image.max() - image.min())
    torch.manual_seed(0)
    theirs = attr.NoiseTunnel(attr.Saliency(net)).attribute(
        image, nt_type="smoothgrad", nt_samples=200, stdevs=deviation, target=int(net(image).argmax()), abs=False
    )
    apart = np.abs(ours - again).mean()
    assert np.abs(ours - theirs[0, 0].abs().numpy()).mean() < 1.5 * apart


def test_colours_are_seen_as_one_map_and_still_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(0)
    found = ImageSet(
        "made",
        chance.integers(0, 256, (60, 3, 32, 30), np.uint8),
        chance.integers(0, 10, 60),
        tuple("abcdefghij"),
    )
    mean, deviation = np.array([0.3, 0.5, 0.6], np.float32), np.array([0.2, 0.3, 0.4], np.float32)
    made = Prepared(found, np.arange(40), np.arange(40, 60), found.labels, mean, deviation)
    monkeypatch.setattr(vision_experiment, "prepare", lambda _: made)
    experiment = VisionExperiment(QUICK)
    told = done(pixels(experiment, 1, "label", PixelsSpec(steps=60, baseline="mean")))
    assert unpacked(told["picture"]).shape == (32, 30, 3)
    assert all(unpacked(one).shape == (32, 30) for name, one in told["maps"].items() if name != "cam")
    whole = told["completeness"]
    assert whole["sum"] - (whole["picture"] - whole["baseline"]) == pytest.approx(whole["gap"], abs=1e-4)
    prepared = experiment.prepared
    mean = (prepared.mean * 255)[None, :, None, None]
    inputs = torch.from_numpy(prepared.inputs(np.broadcast_to(mean, (1, 3, 32, 30)).astype(np.float32)))
    assert whole["baseline"] == pytest.approx(
        float(experiment.net.eval()(inputs).detach()[0, told["target"]]), abs=1e-4
    )
    assert unpacked(done(risen(experiment, "features.c3", 2, LITTLE))["picture"]).shape == (32, 30, 3)


def test_a_net_that_has_learnt_gives_its_maps_up_where_it_forgets(trained: VisionExperiment) -> None:
    """A gradient follows the weights. Integrated gradients stay in order: where the picture is as dark as the baseline
    they are 0, whatever a net has learnt (Adebayo et al. 2018 found that of all that multiply by the picture).
    """
    gone = done(forgetting(trained, 0, "told", PixelsSpec(samples=10)))
    assert gone["layers"] == ["head", "f6", "c5", "c3", "c1"]
    for name in ("saliency", "smooth", "cam"):
        assert all(alike is None or alike < 0.7 for alike in gone["alike"]["sizes"][name])
        assert gone["alike"]["signs"][name] == gone["alike"]["sizes"][name], "it has no signs"
    assert min(gone["alike"]["sizes"]["integrated"]) > 0.8
    for how, signed in (("sizes", False), ("signs", True)):
        for name, found in gone["maps"].items():
            whole = unpacked(found) if signed else np.abs(unpacked(found))
            expected = [spearmanr(whole[0].ravel(), one.ravel()).statistic for one in whole[1:]]
            assert gone["alike"][how][name] == pytest.approx(expected)
    assert gone == done(forgetting(trained, 0, "told", PixelsSpec(samples=10)))


def test_patches_are_cut_out_where_the_unit_looked(trained: VisionExperiment) -> None:
    """Each answer is that of the patch alone: whatever is around it may be black."""
    seen = done(patches(trained, "features.c3", UnitSpec(looked=300)))
    field, prepared = Field(*seen["field"]), trained.prepared
    values, rows, columns, images = (unpacked(seen[name]) for name in ("values", "rows", "columns", "images"))
    shown = unpacked(seen["pictures"])
    net = trained.net.eval()
    assert seen["looked"] == 300
    for unit, best in ((0, 0), (7, 8), (15, 3)):
        picture = shown[images[unit, best]]
        top, left = field.square(int(rows[unit, best]), int(columns[unit, best]))
        kept = np.full((1, 1, 28, 28), 128, np.uint8)
        square = np.s_[max(0, top) : top + field.side, max(0, left) : left + field.side]
        kept[0, 0][square] = picture[..., 0][square]
        with torch.no_grad():
            made = net.features[:4](torch.from_numpy(prepared.inputs(kept)))  # type: ignore[index]
        answer = float(made[0, unit, rows[unit, best], columns[unit, best]])
        assert answer == pytest.approx(float(values[unit, best]), abs=1e-4)
        assert (np.diff(values[unit]) <= 0).all()


def test_what_is_made_excites_more_than_any_training_image(trained: VisionExperiment) -> None:
    """Where nothing holds it back, it is beyond all patches; what is told of it is the answer to its bytes."""
    free = UnitSpec(looked=450, steps=100, decay=0, blur=0, jitter=0)
    for layer in ("features.c1", "features.c3", "f6", "head"):
        best = unpacked(done(patches(trained, layer, free))["values"])
        for unit in (0, 3):
            made = done(risen(trained, layer, unit, free))
            assert made["reached"] > best[unit, 0], (layer, unit)
            assert made["reached"] == pytest.approx(made["answers"][-1], rel=0.05, abs=0.1)
    held = done(risen(trained, "head", 3, UnitSpec()))
    assert held["answers"][-1] > held["answers"][0]


UNITS = {
    "softmax": ("head",),
    "dense": ("hidden.0", "hidden.2", "head"),
    "lenet": ("features.c1", "features.c3", "c5", "f6", "head"),
    "network_in_network": (
        *(f"features.block{block}.{part}.relu" for block in (1, 2) for part in ("spatial", "mix1", "mix2")),
        "head",
    ),
    "own": ("layers.0", "layers.2", "layers.3", "layers.7.1", "layers.9", "head"),
}


@pytest.mark.parametrize("net", UNITS)
def test_units_are_those_of_layers_that_make_something(net: str) -> None:
    spec = VisionSpec.from_strings({"net": net, "layers": SMALL_OWN}, VisionSpec())
    assert units_of(spec, plan(spec)) == UNITS[net]


def test_a_net_that_learnt_other_classes_before_and_holds_its_layers_still_is_asked_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    experiment = VisionExperiment(QUICK.replace(classes="second_half", pretrain_epochs=1, frozen="body"))
    walked(experiment, 2)
    told = done(pixels(experiment, 0, "4", FEW))
    assert (told["classes"], told["target"], len(told["logits"])) == (list("56789"), 4, 5)
    assert all(unpacked(one).any() for one in told["maps"].values())
    gone = done(forgetting(experiment, 0, "told", FEW))
    assert gone["layers"][0] == "head"
    assert all(one is None or abs(one) < 0.99 for one in gone["alike"]["sizes"]["saliency"])
    made = done(risen(experiment, "features.c3", 1, LITTLE))
    assert made["answers"][-1] > made["answers"][0]


def test_weights_that_are_no_numbers_are_told_in_a_sentence() -> None:
    experiment = VisionExperiment(QUICK)
    with torch.no_grad():
        experiment.net.get_submodule("features.c1").weight[0] = torch.nan  # type: ignore[index]
    for work in (pixels(experiment, 0, "told", FEW), forgetting(experiment, 0, "told", FEW)):
        with pytest.raises(RunError, match="is no number: go back to a step"):
            done(work)
    for work in (patches(experiment, "features.c1", LITTLE), risen(experiment, "features.c1", 0, LITTLE)):
        with pytest.raises(RunError, match="is no number: go back to a step"):
            done(work)


def test_what_is_not_there_is_told() -> None:
    experiment = VisionExperiment(QUICK)
    with pytest.raises(RunError, match="no class '10': expected the place of one of 10"):
        done(pixels(experiment, 0, "10", FEW))
    with pytest.raises(RunError, match=r"expected one of features\.c1, features\.c3, received 'head'"):
        done(pixels(experiment, 0, "told", FEW.replace(layer="head")))
    with pytest.raises(RunError, match="no such layer to ask: expected one of c1, c3, c5, f6, head"):
        done(patches(experiment, "flatten", LITTLE))
    with pytest.raises(RunError, match="no unit 6 in c1: expected 0 to 5"):
        done(risen(experiment, "features.c1", 6, LITTLE))


def test_arrays_travel_as_plain_data() -> None:
    for array in (np.arange(6, dtype=np.int64).reshape(2, 3).T, np.zeros((0, 2), np.float32), np.array([np.nan, 1.5])):
        found = unpacked(json.loads(json.dumps(packed(array))))
        np.testing.assert_array_equal(found, array)
        assert found.dtype == array.dtype

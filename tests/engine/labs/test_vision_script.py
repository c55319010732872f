"""The script of a run of Vision: run alone, it prints the very losses of the run; its net takes the run's weights."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from engine.data.images import taking
from engine.data.images.spec import Images
from engine.errors import RunError
from engine.labs.vision import VisionSpec
from engine.labs.vision_experiment import VisionExperiment
from engine.nets.images.spec import Net
from engine.spec import knobs
from engine.training.augmentation_spec import AugmentationSpec
from engine.training.experiment import Change
from engine.training.settings import Optimizer, Schedule
from tests.engine.labs.scripts import ended_alike, walked
from tests.hostile import images as i

pytestmark = pytest.mark.usefixtures("one_thread")

STEPS = 12
OWN = "conv 6 5 stride 2, norm, relu, pool 2, conv 4 3 pad 0, dropout 0.4, dense 20, norm, tanh, dropout .1, dense 8"
DRAWN = {"images": "drawn_digits", "samples": 100}
WRONG = {"wrong_labels": 0.2}
HALF = {"classes": "second_half", "pretrain_epochs": 1, "batch_size": 8, **WRONG}
OF_FIVE = {"images": "own", "own_side": 12, "net": "own", "layers": OWN, "batch_size": 4, "pretrain_epochs": 2}
RUNS: dict[str, dict[str, Any]] = {
    "as it opens": {},
    "softmax": {"net": "softmax", "optimizer": "sgd", "loss": "hinge", "learning_rate": 0.01, "wrong_labels": 0.3},
    "dense": {**DRAWN, "net": "dense", "optimizer": "momentum", "momentum": 0.5, "l1": 0.001, "flip": True},
    "lenet": {"optimizer": "nesterov", "l2": 0.01, "schedule": "step", "horizon": 1, "seed": 7, "data_seed": 5},
    "vgg": {**DRAWN, "net": "vgg", "optimizer": "adagrad", "rotate": 30, "shift": 0.1, "crop": 0.3, "batch_size": 16},
    "resnet": {**DRAWN, "net": "resnet", "optimizer": "rmsprop", "schedule": "exponential", "loss": "mse"},
    "plain": {**DRAWN, "net": "plain", "optimizer": "adamw", "l2": 0.1, "warm_up_epochs": 1, "batch_size": 37},
    "nin": {**DRAWN, "net": "network_in_network", "colour": 0.4, "schedule": "one_cycle", "horizon": 3},
    "inception": {**DRAWN, "net": "inception", "erase": 0.3, "schedule": "inverse_time", "horizon": 2},
    "squeezenet": {**DRAWN, "net": "squeezenet", "images": "drawn_letters", "train_share": 0.5},
    "own net": {"net": "own", "layers": OWN, "loss": "cross_entropy", "schedule": "cosine", "horizon": 1},
    "no layers": {**DRAWN, "net": "own", "layers": "", "l2": 0.02, "wrong_labels": 0.1, "max_epochs": 2},
    "own images": {"images": "own", "own_side": 12, "own_colour": "colour", "colour": 0.3, "erase": 0.2, "shift": 0.1},
    "dark images": {"images": "own", "own_side": 8, "net": "dense", "batch_size": 2},
    "half of them": {"classes": "second_half", "net": "dense", "wrong_labels": 0.2},
    "few of half": {**DRAWN, "classes": "first_half", "train_images": 30, "net": "plain", "batch_size": 8, "rotate": 9},
    "learnt before": {"classes": "second_half", "pretrain_epochs": 2, "train_images": 90, "wrong_labels": 0.1},
    "the first digits": {"classes": "first_half", "pretrain_epochs": 1, "net": "dense", "frozen": "1", **WRONG},
    "norms held still": {**DRAWN, **HALF, "net": "resnet", "frozen": "3", "target_score": 1, "rotate": 9, "l2": 0.1},
    "all but the last": {**DRAWN, "classes": "first_half", "net": "plain", "frozen": "body", "optimizer": "adamw"},
    "own layers": {**OF_FIVE, "classes": "second_half", "frozen": "1", "patience": 3, "optimizer": "momentum"},
    "the larger half": {**OF_FIVE, "classes": "first_half", "frozen": "none", "train_share": 0.6, "loss": "hinge"},
    "nothing to take along": {**DRAWN, **HALF, "net": "softmax", "frozen": "body"},
    "a norm to take along": {**DRAWN, **HALF, "net": "own", "layers": "norm, relu", "batch_size": 5},
    "told well enough": {**DRAWN, "net": "softmax", "target_score": 0.2, "patience": 9, "batch_size": 25},
    "no better for too long": {**DRAWN, "net": "dense", "patience": 1, "learning_rate": 9, "batch_size": 75},
}
EVIL = '""") or open("hacked", "w") or ("""'


def changes(experiment: VisionExperiment) -> list[Change]:
    """Return other learning rates, another image to look at, and numbers put into each kind of tensor of the net."""
    shapes = {name: tuple(parameter.shape) for name, parameter in experiment.net.named_parameters()}
    first, *_, last = shapes
    norm = next((name for name in shapes if "norm" in name), first)
    put_in = [
        (0, f"{first}[{', '.join(['0'] * len(shapes[first]))}]", "0.75"),
        (3, "learning_rate", "0.02"),
        (5, "image", "3"),
        *((5, f"{name}[{', '.join(str(n - 1) for n in shapes[name])}]", "-1e-1") for name in (norm, last)),
        (6, f"{last}[0]", ".3"),
        (9, "learning_rate", "0.0005"),
    ]
    return [(step, name, value) for step, name, value in put_in if experiment.spec.patience != 1 or step > 0]


def of_images(home: Path, name: str) -> str:
    """Bring images and return their id."""
    shades = {"own images": (40, 200), "dark images": (0, 0)}.get(name, (10, 60, 110, 160, 210))
    folders = {
        f"{kind}/{n}.png": i.picture(shade + (n if shade else 0), mode="RGB")
        for kind, shade in zip(("cat", EVIL.replace("/", ""), "d", "e", "f"), shades, strict=False)
        for n in range(12)
    }
    return i.keep(home, {f"{EVIL}.zip": i.archive(folders)}, "someone")


@pytest.fixture(scope="module")
def experiments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, VisionExperiment]]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEARNSCOPE_HOME", str(home))
        specs = {name: VisionSpec(**settings) for name, settings in RUNS.items()}
        specs = {
            name: spec.replace(own_images=of_images(home, name)) if spec.images == "own" else spec
            for name, spec in specs.items()
        }
        yield {name: VisionExperiment(spec) for name, spec in specs.items()}


def lay_beside(folder: Path, experiment: VisionExperiment) -> None:
    """Put the images of a run where its script looks for them."""
    (folder / taking.file_name(experiment.spec)).write_bytes(taking.images_file(experiment.spec, experiment.prepared))


def test_scripts_print_the_losses_of_their_runs(tmp_path: Path, experiments: dict[str, VisionExperiment]) -> None:
    for experiment in experiments.values():
        lay_beside(tmp_path, experiment)
    for one in ended_alike(tmp_path, experiments, changes, STEPS):
        scalars = one.experiment.observe(one.step).scalars
        if len(one.experiment.prepared.train) <= 500:  # all of them are looked at
            assert one.train == pytest.approx(scalars["loss"], rel=1e-5), one.name
        assert one.validation == pytest.approx(scalars["val_loss"], rel=1e-5), one.name
        ends = ("told well enough", "no better for too long", "no layers")
        assert (one.name in ends) == (1 < one.losses <= STEPS), one.name


def test_every_choice_is_in_some_script() -> None:
    """So that none is added of which no script was ever run."""
    specs = [VisionSpec(**settings) for settings in RUNS.values()]
    for name, options in {"net": Net, "optimizer": Optimizer, "schedule": Schedule, "images": Images}.items():
        assert {getattr(spec, name) for spec in specs} == set(get_args(options)), name
    assert {spec.loss for spec in specs} == set(VisionSpec().fitting_losses())
    for setting in knobs(AugmentationSpec):
        assert any(getattr(spec, setting.name) for spec in specs), setting.name


def test_the_net_of_a_script_takes_the_weights_of_its_run(
    tmp_path: Path, experiments: dict[str, VisionExperiment]
) -> None:
    names = ("lenet", "inception", "own net", "plain")
    images = torch.rand(5, 1, 28, 28, generator=torch.Generator().manual_seed(3))
    program = ["import runpy, sys, torch", "from safetensors.torch import load_file", "images = torch.load('images')"]
    answers = {}
    for place, name in enumerate(names):
        experiment = experiments[name]
        walked(experiment, [], 3)
        tensors = {key: value.numpy() for key, value in experiment.net.state_dict().items()}
        save_file(tensors, tmp_path / f"{place}.safetensors")
        net, _ = experiment.net_with(tensors)
        with torch.no_grad():
            answers[name] = net(images)
        (tmp_path / f"{place}.py").write_text(experiment.script((), 0))
        lay_beside(tmp_path, experiment)
        program += [
            f"sys.argv = ['run', '0']; net = runpy.run_path('{place}.py')['net'].eval()",
            f"net.load_state_dict(load_file('{place}.safetensors'))",
            f"torch.save(net(images).detach(), 'answers{place}')",
        ]
    torch.save(images, tmp_path / "images")
    command = [sys.executable, "-I", "-c", "\n".join(program)]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    for place, name in enumerate(names):
        assert torch.equal(torch.load(tmp_path / f"answers{place}"), answers[name]), name


def test_a_script_without_the_images_of_its_run_says_so(
    tmp_path: Path, experiments: dict[str, VisionExperiment]
) -> None:
    experiment, other = experiments["nin"], experiments["no layers"]
    name = taking.file_name(experiment.spec)
    assert name != taking.file_name(other.spec)
    (tmp_path / "run.py").write_text(experiment.script((), 0))

    def told() -> str:
        done = subprocess.run([sys.executable, "-I", "run.py"], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 1
        return done.stderr.strip()

    assert told() == f"{name} is not here: Learnscope gives it (Take away, Images); lay it beside this script."
    (tmp_path / name).write_bytes(taking.images_file(other.spec, other.prepared))
    assert told() == f"{name} holds other images than those that the run learnt from."


def test_the_file_of_images_holds_all_that_is_learnt(experiments: dict[str, VisionExperiment], tmp_path: Path) -> None:
    prepared = experiments["no layers"].prepared
    (tmp_path / "images.npz").write_bytes(taking.images_file(experiments["no layers"].spec, prepared))
    with np.load(tmp_path / "images.npz") as file:
        assert set(file) == {"pixels", "labels", "told", "train", "validation", "classes"}
        np.testing.assert_array_equal(file["pixels"], prepared.images.pixels)
        np.testing.assert_array_equal(file["labels"], prepared.images.labels)
        assert (file["told"] != file["labels"]).sum() == (prepared.told != prepared.images.labels).sum() > 0
        assert sorted([*file["train"], *file["validation"]]) == list(range(100))
        assert "".join(file["classes"]) == "0123456789"


def test_the_file_of_half_of_the_classes_holds_what_is_learnt_of_the_other_half(
    experiments: dict[str, VisionExperiment], tmp_path: Path
) -> None:
    for name in ("norms held still", "few of half"):  # whether a net has learnt it before or not: the same images
        experiment = experiments[name]
        spec = experiment.spec.replace(classes="first_half" if name == "norms held still" else "second_half")
        other = VisionExperiment(spec.replace(pretrain_epochs=0, train_images=20_000)).prepared
        (tmp_path / "images.npz").write_bytes(taking.images_file(experiment.spec, experiment.prepared))
        with np.load(tmp_path / "images.npz") as file:
            np.testing.assert_array_equal(file["other_pixels"], other.images.pixels[other.train])
            np.testing.assert_array_equal(file["other_told"], other.told[other.train])
            assert len(file["train"]) == len(experiment.prepared.train)


def test_of_three_classes_the_file_holds_no_other_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    files = {f"{kind}/{n}.png": i.picture(60 * at + n) for at, kind in enumerate("abc") for n in range(6)}
    own = i.keep(tmp_path, {"m.zip": i.archive(files)}, "someone")
    spec = VisionSpec(images="own", own_images=own, own_side=8, net="dense", batch_size=2, classes="first_half")
    i.drained(i.reading(spec))
    experiment = VisionExperiment(spec)
    (tmp_path / "images.npz").write_bytes(taking.images_file(spec, experiment.prepared))
    with np.load(tmp_path / "images.npz") as file:
        assert set(file) == {"pixels", "labels", "told", "train", "validation", "classes"}


def test_handwritten_digits_need_no_file(experiments: dict[str, VisionExperiment]) -> None:
    for name in ("as it opens", "learnt before", "the first digits", "half of them"):
        text = experiments[name].script((), 3)
        assert ".npz" not in text, name
        assert not taking.needs_file(experiments[name].spec), name
    assert ".npz" in experiments["few of half"].script((), 3)


def test_a_file_that_would_be_too_large_is_refused(
    experiments: dict[str, VisionExperiment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "MOST_BYTES", 2**10)
    with pytest.raises(RunError, match="The images take 0 MB: expected at most 0 MB"):
        taking.images_file(experiments["vgg"].spec, experiments["vgg"].prepared)


def test_no_name_of_somebodys_file_or_class_is_in_a_script(experiments: dict[str, VisionExperiment]) -> None:
    experiment = experiments["own images"]
    assert any("hacked" in name for name in experiment.classes)
    text = experiment.script((), 3)
    assert "hacked" not in text


def test_what_a_run_does_not_use_is_not_in_its_script(experiments: dict[str, VisionExperiment]) -> None:
    text = experiments["as it opens"].script((), 3)
    for word in ("augmentation", "BY_HAND", "is_enough", "Dropout", "BatchNorm", "dealer", "npz", "schedule", "engine"):
        assert word not in text, word
    for word in ("learnt_before", "still", "requires_grad", "told_of", "few(", "stderr"):
        assert word not in text, word
    assert len(text.splitlines()) < 200

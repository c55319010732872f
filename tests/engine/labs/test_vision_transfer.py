"""Runs that begin with what was learnt from the other half: a fair comparison, layers that hold still, words."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.data.images.spec import OWN
from engine.errors import DataError
from engine.explanation import Cell
from engine.labs.vision import LAB, VisionSpec, problem_of
from engine.labs.vision_experiment import VisionExperiment
from engine.readings import Arrays, arrays_of
from engine.training.experiment import Step
from engine.training.pretrained import pretrained
from tests.hostile import images as i

pytestmark = pytest.mark.usefixtures("one_thread")
HALF = VisionSpec(images="drawn_digits", samples=300, classes="second_half", train_images=40, max_epochs=4)
BEFORE = HALF.replace(pretrain_epochs=2)
STILL = ("features.c1", "features.c3")
NORMED = "conv 4 3, norm, relu, pool 4, dropout 0.2, dense 9, relu"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    return tmp_path


def net_of(experiment: VisionExperiment) -> Arrays:
    return {name: tensor.numpy().copy() for name, tensor in experiment.net.state_dict().items()}


def test_what_is_learnt_before_is_a_run_of_the_lab_on_the_other_half() -> None:
    earlier = VisionExperiment(VisionSpec(images="drawn_digits", samples=300, classes="first_half", max_epochs=2))
    *_, last = earlier.steps()
    found = pretrained(BEFORE, BEFORE.seed)
    for name, array in net_of(earlier).items():
        np.testing.assert_array_equal(found.tensors[name], array, err_msg=name)
    assert found.about.score == earlier.observe(last).scalars["val_score"]


def test_a_run_from_scratch_has_the_same_images_the_same_batches_and_the_same_last_layer() -> None:
    scratch, before, still = (VisionExperiment(spec) for spec in (HALF, BEFORE, BEFORE.replace(frozen="body")))
    taken, mine = pretrained(BEFORE, BEFORE.seed).tensors, net_of(scratch)
    for other in (before, still):
        for rows in ("train", "validation", "told"):
            assert np.array_equal(getattr(scratch.prepared, rows), getattr(other.prepared, rows))
        theirs = net_of(other)
        for name, array in theirs.items():
            expected = mine[name] if name.startswith("head.") else taken[name]
            assert array.tobytes() == expected.tobytes(), name
        assert not np.array_equal(mine["features.c1.weight"], theirs["features.c1.weight"])
        for one, two in zip(islice(scratch.steps(), 3), islice(other.steps(), 3), strict=True):
            moments = scratch.observe(one), other.observe(two)
            assert np.array_equal(*(arrays_of(moment.readings)["batch.pixels"] for moment in moments))


@pytest.mark.parametrize(
    ("changes", "still"),
    [
        ({"frozen": "2"}, STILL),
        ({"frozen": "body", "l2": 0.1, "optimizer": "momentum"}, (*STILL, "c5", "f6")),
        ({"frozen": "1", "net": "own", "layers": NORMED}, ("layers.0", "layers.1")),
    ],
    ids=["two", "body with a penalty", "with its norm"],
)
def test_what_is_held_still_is_bit_for_bit_what_was_learnt_before_and_all_else_moves(changes, still) -> None:
    experiment = VisionExperiment(BEFORE.replace(**changes))
    begun = net_of(experiment)
    *_, _ = experiment.steps()
    for name, array in net_of(experiment).items():
        held = name.rpartition(".")[0] in still
        assert (array.tobytes() == begun[name].tobytes()) == held, name


def test_layers_that_hold_still_have_no_gradient_and_no_update_and_it_is_said() -> None:
    experiment = VisionExperiment(BEFORE.replace(frozen="2"))
    walk = experiment.steps()
    next(islice(walk, 2, None))
    experiment.foresee()
    step = next(walk)
    moment = experiment.observe(step)
    for layer in experiment.plan.weighted:
        silent = layer in STILL
        assert (moment.scalars[f"gradient.{layer}"] == 0) == silent
        assert (moment.scalars[f"update.{layer}"] == 0) == silent
    told = moment.words["gradients"]
    assert "No gradient" not in told
    assert "Blocked" not in told
    score = pretrained(BEFORE, 1).about.score
    images = pretrained(BEFORE, 1).about.images
    assert told.endswith(
        "Held still, so without gradient and update: c1, c3. Learnt before, in 2 epochs from "
        f"{images} images of 0, 1, 2, 3, 4: all layers but head, which is new. Of images of these classes held out it "
        f"predicted {score:.1%} correctly."
    )
    assert experiment.words()["transfer"] in told
    assert experiment.words()["classes"] == "5, 6, 7, 8, 9"
    arrays = arrays_of(moment.readings) | {"scalars": np.array([moment.scalars[one] for one in experiment.scalars])}
    assert not arrays["gradient_map.features.c1.weight"].any()
    reason = "This layer is held still: no gradient is computed for it, and nothing moves it."
    for cell in (
        Cell("scalars.gradient.features.c1"),
        Cell("scalars.update.features.c3"),
        Cell("gradient_map.features.c1.weight", (0, 0, 1, 1)),
    ):
        told_of = experiment.explain(step.number, arrays, cell)
        assert (told_of.value, told_of.lines) == (0, (reason,))
    learns = experiment.explain(step.number, arrays, Cell("scalars.gradient.c5"))
    assert learns.value == moment.scalars["gradient.c5"] > 0
    assert learns.lines != (reason,)


def test_a_net_from_scratch_and_one_without_a_layer_before_its_last_say_so() -> None:
    assert VisionExperiment(HALF).words()["transfer"] == ""
    random = VisionExperiment(HALF.replace(frozen="body"))
    assert random.words()["transfer"] == "Held still, so without gradient and update: c1, c3, c5, f6."
    softmax = VisionExperiment(BEFORE.replace(net="softmax", frozen="body"))
    assert softmax.words()["transfer"].startswith("This net has no layer before its last")
    (*_, last) = softmax.steps()
    assert last.number == 8


@pytest.mark.parametrize("changes", [{"frozen": "2"}, {"frozen": "1", "net": "own", "layers": NORMED}], ids=str)
def test_a_run_goes_on_from_a_checkpoint_as_if_it_had_never_stopped(changes: dict) -> None:
    spec = BEFORE.replace(rotate=10, max_epochs=9, **changes)
    whole = VisionExperiment(spec)
    losses = [step.loss for step in islice(whole.steps(), 12)]
    half = VisionExperiment(spec)
    next(islice(half.steps(), 5, None))
    state = half.checkpoint()
    again = VisionExperiment(spec)
    assert [step.loss for step in islice(again.steps(state), 7)] == losses[5:]
    assert not [name for name in state if name.startswith(("gradient.", "optimizer.")) and ".c1." in name]
    with pytest.raises(DataError, match="The file lacks gradient"):
        next(VisionExperiment(spec.replace(frozen="none")).steps(state))


def test_an_observer_sees_what_the_worker_does() -> None:
    experiment, observer = (VisionExperiment(BEFORE.replace(frozen="2")) for _ in range(2))
    step = next(islice(experiment.steps(), 3, None))
    observer.adopt(experiment.snapshot())
    there, here = observer.observe(step), experiment.observe(step)
    for name, array in arrays_of(here.readings).items():
        np.testing.assert_array_equal(arrays_of(there.readings)[name], array, err_msg=name)
    assert (there.words, there.scalars["gradient.head"]) == (here.words, here.scalars["gradient.head"])


def test_the_net_that_is_taken_away_answers_as_the_one_that_was_trained() -> None:
    experiment = VisionExperiment(BEFORE.replace(frozen="2"))
    *_, _ = experiment.steps()
    net, inputs = experiment.net_with(net_of(experiment))
    with torch.no_grad():
        assert torch.equal(net(inputs), experiment.net.eval()(inputs))


def own(home: Path, classes: str, each: int = 6) -> VisionSpec:
    files = {f"{name}/{n}.png": i.picture(30 * at + n) for at, name in enumerate(classes) for n in range(each)}
    asked = i.keep(home, {"m.zip": i.archive(files)})
    return VisionSpec(images=OWN, own_images=asked, own_side=8, net="dense", batch_size=2, max_epochs=1)


def test_images_of_ones_own_are_halved_by_the_order_of_their_classes(home: Path) -> None:
    spec = own(home, "abcde").replace(classes="second_half", pretrain_epochs=1)
    assert LAB.prepares(spec).doing == "Reading the images"
    i.drained(i.reading(spec))
    assert LAB.prepares(spec).doing == "Learning the other half of the classes"
    assert problem_of(spec).classes == ("d", "e")
    experiment = VisionExperiment(spec)
    assert LAB.prepares(spec) is None, "the run has learnt it by itself"
    assert experiment.classes == ("d", "e")
    assert pretrained(spec, spec.seed).about.classes == ("a", "b", "c")
    *_, _ = experiment.steps()


@pytest.mark.parametrize(("classes", "which"), [("ab", "first_half"), ("ab", "second_half"), ("abc", "second_half")])
def test_half_of_too_few_classes_is_told_before_anything_is_learnt(home: Path, classes: str, which: str) -> None:
    spec = own(home, classes).replace(classes=which)
    i.drained(i.reading(spec))
    for call in (LAB.panels, problem_of, VisionExperiment):
        with pytest.raises(DataError, match="expected at least four classes, so that each half has two to tell apart"):
            call(spec)


def test_the_other_half_may_be_too_few_as_well(home: Path) -> None:
    spec = own(home, "abc").replace(classes="first_half")
    i.drained(i.reading(spec))
    assert LAB.panels(spec)
    assert LAB.prepares(spec) is None
    with pytest.raises(DataError, match="expected at least four classes"):
        LAB.prepares(spec.replace(pretrain_epochs=1))


def test_before_a_run_the_other_half_is_learnt_and_what_needs_nothing_is_not_held_up() -> None:
    assert LAB.prepares(VisionSpec()) is None
    assert LAB.prepares(HALF) is None
    assert LAB.prepares(HALF.replace(classes="all", pretrain_epochs=5)) is None, "it does not matter then"
    to_do = LAB.prepares(BEFORE)
    assert to_do.order == LAB.prepares(BEFORE.replace(frozen="2", learning_rate=0.1, train_images=10)).order
    pretrained(BEFORE, BEFORE.seed)
    assert LAB.prepares(BEFORE) is None
    assert LAB.prepares(BEFORE.replace(seed=2)) is not None


def test_more_examples_than_there_are_are_all_of_them() -> None:
    experiment = VisionExperiment(HALF.replace(train_images=70_000))
    assert len(experiment.prepared.train) == len(VisionExperiment(HALF.replace(train_images=20_000)).prepared.train)
    fewest = VisionExperiment(BEFORE.replace(train_images=2, net="vgg", frozen="3"))
    *_, last = fewest.steps()
    assert last.number == 4
    assert len(fewest.observe(Step(4, 4.0, 0.0)).words["batch"].splitlines()) == 2

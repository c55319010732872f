"""What a net learns before: it is what a plain loop of torch makes, it is learnt once, and it is the same for all."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from engine.data.images.prepared import prepare
from engine.data.images.spec import OWN, ImagesSpec
from engine.errors import DataError
from engine.jobs import Jobs
from engine.nets.images.building import build
from engine.nets.images.lenet import LeNet5
from engine.seeds import derive
from engine.training import pretrained as module
from engine.training import pretrained_kept
from engine.training.pretrained import pretrained, pretraining
from engine.training.pretrained_kept import folder, kept, order
from engine.training.transfer_spec import TransferSpec, body, fitting, head, held_still
from engine.words import library
from tests.hostile import images as i
from tests.hostile.corpora import finished

pytestmark = pytest.mark.usefixtures("one_thread")
SPEC = TransferSpec(images="drawn_digits", samples=300, classes="second_half", pretrain_epochs=2)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    return tmp_path


def test_its_weights_are_those_of_a_plain_loop_over_the_other_half() -> None:
    seed = 4
    images = prepare(ImagesSpec(images="drawn_digits", samples=300, classes="first_half"))
    x = torch.from_numpy(images.inputs(images.images.pixels[images.train]))
    y = torch.from_numpy(images.images.labels[images.train])
    net = build(lambda: LeNet5((1, 28, 28), 5), seed)
    adam = torch.optim.Adam(net.parameters(), lr=0.003, fused=True)
    for epoch in range(SPEC.pretrain_epochs):
        generator = torch.Generator().manual_seed(derive(seed, "order", epoch))
        places = list(torch.randperm(len(y), generator=generator).split(32))
        assert len(places[-1]) > 1, "or it would join the batch before it"
        for some in places:
            adam.zero_grad()
            functional.cross_entropy(net(x[some]), y[some]).backward()
            adam.step()
    found = pretrained(SPEC, seed)
    assert found.tensors.keys() == net.state_dict().keys()
    for name, tensor in net.state_dict().items():
        np.testing.assert_array_equal(found.tensors[name], tensor.numpy(), err_msg=name)
    held_out = torch.from_numpy(images.inputs(images.images.pixels[images.validation]))
    with torch.no_grad():
        told = net(held_out).argmax(1).numpy()
    assert found.about.score == pytest.approx((told == images.images.labels[images.validation]).mean())
    assert found.about.classes == tuple("01234")
    assert (found.about.images, found.about.epochs) == (len(y), 2)


def test_it_is_learnt_once_and_told_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    said = list(pretraining(SPEC, 1))
    shares = [one.share for one in said]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert said[0].words.startswith("epoch 1 of 2, loss ")
    assert said[-1].words.startswith("epoch 2 of 2, loss ")
    first = kept(folder(SPEC, 1))
    monkeypatch.setattr(module, "fit", lambda *_: pytest.fail("it is learnt again"))
    again = pretrained(SPEC, 1)
    assert first is not None
    assert again.about == first.about
    for name, array in again.tensors.items():
        np.testing.assert_array_equal(array, first.tensors[name])


@pytest.mark.parametrize("file", ["tensors", "about.json"])
@pytest.mark.parametrize("damage", [b"", b"\xff" * 40, None])
def test_what_is_damaged_or_gone_is_learnt_again_and_is_the_same(file: str, damage: bytes | None) -> None:
    first = pretrained(SPEC, 1)
    path = folder(SPEC, 1) / file
    path.unlink() if damage is None else path.write_bytes(damage)
    assert kept(folder(SPEC, 1)) is None
    again = pretrained(SPEC, 1)
    assert kept(folder(SPEC, 1)) is not None
    for name, array in first.tensors.items():
        np.testing.assert_array_equal(again.tensors[name], array)


@pytest.mark.parametrize(
    "same",
    [{"frozen": "body"}, {"train_images": 10}, {"layers": "relu"}, {"own_side": 9}, {"own_images": "x"}],
    ids=str,
)
def test_what_does_not_matter_to_it_asks_for_the_very_same(same: dict) -> None:
    assert order(SPEC.replace(**same), 1) == order(SPEC, 1)
    assert folder(SPEC.replace(**same), 1) == folder(SPEC, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"classes": "first_half"},
        {"pretrain_epochs": 3},
        {"net": "dense"},
        {"samples": 301},
        {"wrong_labels": 0.1},
        {"data_seed": 2},
        {"images": "handwritten"},
    ],
    ids=str,
)
def test_what_matters_to_it_asks_for_another(other: dict) -> None:
    assert order(SPEC.replace(**other), 1) != order(SPEC, 1)
    assert folder(SPEC.replace(**other), 1) != folder(SPEC, 1)
    assert folder(SPEC, 2) != folder(SPEC, 1)


def test_a_job_learns_it_and_leaves_it_where_runs_find_it() -> None:
    starter = library.forge()
    jobs = Jobs(starter)
    try:
        course = finished(jobs, order(SPEC, 1))
    finally:
        jobs.close()
        starter.close()
    assert course.state == "done", course.message
    found = kept(folder(SPEC, 1))
    assert found is not None
    assert course.result == {"score": found.about.score}
    here = i.drained(module._learning(SPEC, 1))
    for name, array in here.tensors.items():
        np.testing.assert_array_equal(found.tensors[name], array)


def test_too_much_goes_the_oldest_first(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    specs = [SPEC.replace(net="dense", samples=100, pretrain_epochs=epochs) for epochs in (1, 2, 3)]
    one, two, three = (folder(spec, 1) for spec in specs)
    pretrained(specs[0], 1)
    size = (one / "tensors").stat().st_size
    monkeypatch.setattr(pretrained_kept, "MOST_BYTES", 2 * size)
    pretrained(specs[1], 1)
    for at, place in enumerate((two, one)):
        pretrained_kept.os.utime(place / "about.json", (1_000 + at, 1_000 + at))
    pretrained(specs[2], 1)
    assert [kept(place) is not None for place in (one, two, three)] == [True, False, True]
    assert sorted(path.name for path in (home / "pretrained").iterdir()) == sorted([one.name, three.name])


def test_a_net_that_breaks_is_told_and_nothing_of_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments):
        yield from (step._replace(loss=float("nan")) if step.number == 3 else step for step in fit(*arguments))

    fit = module.fit
    monkeypatch.setattr(module, "fit", broken)
    with pytest.raises(DataError, match="could not learn 0 to 4 beforehand: at step 3 its loss was no number"):
        pretrained(SPEC, 1)
    assert kept(folder(SPEC, 1)) is None


def test_images_on_the_server_that_have_changed_are_learnt_anew(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEARNSCOPE_IMAGES", str(home / "here"))
    for name in "abcd":
        (home / "here" / name).mkdir(parents=True)
        (home / "here" / name / "1.png").write_bytes(i.picture())
    spec = SPEC.replace(images=OWN, own_images="server:here/")
    before = order(spec, 1)
    assert order(spec, 1) == before
    (home / "here" / "a" / "2.png").write_bytes(i.picture(9))
    assert order(spec, 1) != before


@pytest.mark.parametrize(
    ("net", "frozen", "expected"),
    [
        ("lenet", "none", ()),
        ("lenet", "1", ("features.c1",)),
        ("lenet", "2", ("features.c1", "features.c3")),
        ("lenet", "14", ("features.c1", "features.c3", "c5", "f6")),
        ("lenet", "body", ("features.c1", "features.c3", "c5", "f6")),
        ("dense", "2", ("hidden.0", "hidden.2")),
        ("softmax", "body", ()),
        ("softmax", "3", ()),
    ],
)
def test_layers_are_held_still_from_the_first_on_and_never_the_last(net, frozen, expected) -> None:
    spec = SPEC.replace(net=net, frozen=frozen)
    assert held_still(spec) == expected
    assert held_still(spec.replace(classes="all")) == ()
    assert (*body(spec), head(spec))[-1] == "head"
    assert len({held_still(spec.replace(frozen=one)) for one in fitting(spec)}) == len(fitting(spec)), "each another"

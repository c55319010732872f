"""Half of the classes, and few of the images: who is learnt, who is held out, and what stays as it was."""

import numpy as np
import pytest

from engine.data.images import prepared as module
from engine.data.images.halves import few, half, other
from engine.data.images.image_set import ImageSet
from engine.data.images.prepared import Prepared, prepare
from engine.data.images.spec import HALVES, ImagesSpec
from engine.errors import DataError


def prepared(**settings: object) -> Prepared:
    return prepare(ImagesSpec(**{"images": "drawn_digits", "samples": 300, **settings}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("classes", "first", "second"), [("0123456789", "01234", "56789"), ("abcde", "abc", "de"), ("abcd", "ab", "cd")]
)
def test_two_halves_are_all_classes_and_of_an_odd_number_the_first_has_one_more(classes, first, second) -> None:
    for which, expected in (("all", classes), ("first_half", first), ("second_half", second)):
        places = half(classes, which, "These")
        assert "".join(classes[place] for place in places) == expected
    assert [other(which) for which in HALVES] == list(reversed(HALVES))


@pytest.mark.parametrize(("classes", "which"), [("abc", "second_half"), ("ab", "first_half"), ("ab", "second_half")])
def test_a_half_of_one_class_cannot_be_learnt(classes, which) -> None:
    told = f"Half of the classes of m.zip cannot be learnt alone: expected at least four .* received {len(classes)}."
    with pytest.raises(DataError, match=told):
        half(classes, which, "m.zip")


def test_of_few_images_each_class_has_as_many_and_who_asks_for_more_gets_the_same_and_others() -> None:
    labels = np.repeat(np.arange(5), [50, 3, 20, 40, 9])
    rows = np.arange(2, len(labels))  # of the first class two are held out
    before: set[int] = set()
    for most in (2, 5, 10, 15, 40, 119, 120, 1_000):
        found = few(labels, rows, most, np.random.default_rng(7))
        assert len(found) == min(most, len(rows))
        assert np.array_equal(found, np.unique(found)), "sorted, and none twice"
        assert before <= set(found) <= set(rows)
        before = set(found)
    drawn, others = (few(labels, rows, 15, np.random.default_rng(seed)) for seed in (7, 8))
    assert np.bincount(labels[drawn]).tolist() == [3, 3, 3, 3, 3]
    assert not np.array_equal(drawn, others)
    more = few(labels, rows, 28, np.random.default_rng(7))
    assert np.bincount(labels[more])[1] == 3, "there are no more"


@pytest.mark.parametrize(("which", "start"), [("first_half", 0), ("second_half", 5)])
def test_a_half_has_its_images_of_the_whole_in_the_parts_in_which_they_were(which, start) -> None:
    whole, found = prepared(), prepared(classes=which)
    assert found.images.classes == tuple("0123456789"[start : start + 5])
    assert found.images.title == f"Drawn digits, {start} to {start + 4}"
    for mine, theirs in ((found.train, whole.train), (found.validation, whole.validation)):
        rows = theirs[(whole.images.labels[theirs] >= start) & (whole.images.labels[theirs] < start + 5)]
        assert len(mine)
        np.testing.assert_array_equal(found.images.pixels[mine], whole.images.pixels[rows])
        np.testing.assert_array_equal(found.told[mine], whole.images.labels[rows] - start)


def test_a_net_takes_every_half_and_every_few_as_it_takes_the_whole() -> None:
    whole = prepared()
    for found in (prepared(classes="second_half"), prepared(classes="first_half", train_images=10)):
        assert np.array_equal(found.mean, whole.mean)
        assert np.array_equal(found.deviation, whole.deviation)


def test_few_training_images_leave_what_is_held_out_alone() -> None:
    whole, found = prepared(), prepared(train_images=20)
    assert len(found.train) == 20
    assert set(found.train) < set(whole.train)
    assert np.bincount(found.images.labels[found.train]).tolist() == [2] * 10
    assert np.array_equal(found.validation, whole.validation)
    assert np.array_equal(prepared(train_images=70_000).train, whole.train), "there are no more"


def test_wrong_labels_are_those_of_the_same_half() -> None:
    found = prepared(classes="second_half", wrong_labels=1.0, train_images=60)
    wrong = np.flatnonzero(found.told != found.images.labels)
    assert 30 < len(wrong) < 60
    assert set(wrong) <= set(found.train)
    assert set(found.told) == set(range(5))


def test_a_half_of_which_nothing_is_held_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = np.repeat(np.arange(4), [40, 40, 1, 1])
    images = ImageSet("Few", np.zeros((82, 1, 8, 8), np.uint8), labels, ("a", "b", "c", "d"))
    monkeypatch.setattr(module, "_images", lambda _: images)
    with pytest.raises(DataError, match="Few, c to d: expected at least two images to learn from and one held out"):
        prepared(classes="second_half", train_share=0.9)
    assert len(prepared(classes="first_half").validation)

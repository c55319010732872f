"""Images ready for a net: split, standardised, and with the labels that it is told."""

from pathlib import Path

import numpy as np
import pytest

from engine.data.images import prepared as module
from engine.data.images.image_set import ImageSet
from engine.data.images.prepared import Prepared, prepare
from engine.data.images.spec import SIDE, Colour, Images, ImagesSpec, size_of
from tests.hostile import images as i


def prepared(**settings: object) -> Prepared:
    return prepare(ImagesSpec(**{"images": "drawn_digits", "samples": 200, **settings}))  # type: ignore[arg-type]


@pytest.mark.parametrize("images", ["handwritten", "drawn_digits", "drawn_letters"])
def test_all_kinds_have_one_size_and_are_split(images: Images) -> None:
    found = prepared(images=images, train_share=0.6)
    assert found.images.shape == (1, SIDE, SIDE)
    assert size_of(ImagesSpec(images=images)) == (SIDE, 1)
    assert sorted([*found.train, *found.validation]) == list(range(len(found.images)))
    assert len(found.train) == round(0.6 * len(found.images))
    assert np.array_equal(found.told, found.images.labels)


def test_training_images_are_around_0_and_those_held_out_are_not_asked() -> None:
    found = prepared()
    inputs = found.inputs(found.images.pixels)
    assert inputs.dtype == np.float32
    assert float(inputs[found.train].mean()) == pytest.approx(0, abs=1e-4)
    assert float(inputs[found.train].std()) == pytest.approx(1, abs=1e-4)
    assert abs(float(inputs[found.validation].mean())) > 1e-4


def test_a_share_of_the_training_labels_is_dealt_out_anew() -> None:
    found = prepared(wrong_labels=0.4)
    other = np.flatnonzero(found.told != found.images.labels)
    assert set(other) <= set(found.train)
    assert 0.3 * len(found.train) < len(other) <= 0.4 * len(found.train)
    assert np.array_equal(np.bincount(found.told, minlength=10), np.bincount(found.images.labels, minlength=10))


def test_one_setting_does_not_alter_what_another_draws() -> None:
    one, noisy, wrong, other = (
        prepared(),
        prepared(glyph_noise=0.3),
        prepared(wrong_labels=0.3),
        prepared(train_share=0.5),
    )
    assert np.array_equal(one.images.labels, noisy.images.labels)
    assert np.array_equal(one.train, wrong.train)
    assert np.array_equal(one.images.pixels, wrong.images.pixels)
    assert set(other.train) < set(one.train)
    assert not np.array_equal(one.images.pixels, prepared(data_seed=2).images.pixels)


def test_images_of_one_shade_are_not_divided_by_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    dark = ImageSet("Dark", np.zeros((8, 1, SIDE, SIDE), np.uint8), np.zeros(8, np.int64), ("dark",))
    monkeypatch.setattr(module, "_images", lambda _: dark)
    assert np.array_equal(prepared().inputs(dark.pixels), np.zeros((8, 1, SIDE, SIDE)))


@pytest.mark.parametrize(("side", "colour", "channels"), [(9, "grey", 1), (12, "colour", 3)])
def test_the_shape_of_images_is_known_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, side: int, colour: Colour, channels: int
) -> None:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    kept = i.keep(tmp_path, {"m.zip": i.archive(i.pictures())}, "someone")
    spec = ImagesSpec(images="own", own_images=kept, own_side=side, own_colour=colour)
    assert prepare(spec).images.shape == (channels, side, side)
    assert size_of(spec) == (side, channels)

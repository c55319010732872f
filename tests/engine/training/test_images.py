"""Images a batch at a time: as they are, or changed anew in each step, and the same for the same step."""

import numpy as np
import torch

from engine.data.images.prepared import prepare
from engine.data.images.spec import ImagesSpec
from engine.training.augmentation_spec import AugmentationSpec
from engine.training.images import ImageExamples

SPEC = ImagesSpec(images="drawn_digits", samples=100, wrong_labels=0.3)
PLACES = torch.tensor([4, 0, 7])


def test_a_batch_is_what_the_net_takes_with_the_labels_that_it_is_told() -> None:
    prepared = prepare(SPEC)
    examples = ImageExamples(prepared, AugmentationSpec(), seed=1)
    assert len(examples) == len(prepared.train)
    inputs, targets = examples.batch(5, PLACES)
    places = prepared.train[PLACES.numpy()]
    np.testing.assert_allclose(inputs, prepared.inputs(prepared.images.pixels[places]), atol=1e-6)
    assert targets.tolist() == prepared.told[places].tolist()
    whole, _ = examples.batch(0, torch.arange(len(examples)))
    assert abs(float(whole.mean())) < 1e-4
    assert abs(float(whole.std()) - 1) < 1e-3


def test_changed_images_are_others_in_each_step_and_the_same_when_asked_again() -> None:
    examples = ImageExamples(prepare(SPEC), AugmentationSpec(rotate=20, erase=0.3), seed=1)
    plain = ImageExamples(prepare(SPEC), AugmentationSpec(), seed=1)
    once, again, later = (examples.batch(step, PLACES)[0] for step in (3, 3, 4))
    assert torch.equal(once, again)
    assert not torch.equal(once, later)
    assert not torch.equal(once, plain.batch(3, PLACES)[0])
    changed = examples.changed(3, PLACES)
    assert (float(changed.min()), float(changed.max())) >= (0.0, 0.5)
    torch.testing.assert_close((changed - changed.mean()) / changed.std(), (once - once.mean()) / once.std())

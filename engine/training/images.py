"""Images as a net learns them: a batch at a time, changed anew in every step, with numbers around 0."""

import torch
from torch import Tensor

from engine.data.images.prepared import Prepared
from engine.seeds import derive
from engine.training.augmentation import augment
from engine.training.augmentation_spec import AugmentationSpec


class ImageExamples:
    """The training images of ``prepared`` with the labels that the net is told; keeps ``engine.training.fit.Examples``.

    The augmentation of each step draws from a stream of its own, which follows from ``seed`` and the step alone.
    """

    def __init__(self, prepared: Prepared, spec: AugmentationSpec, seed: int) -> None:
        self._pixels = torch.from_numpy(prepared.images.pixels[prepared.train])
        self._targets = torch.from_numpy(prepared.told[prepared.train])
        self._mean, self._deviation = (
            torch.from_numpy(measure)[:, None, None] for measure in (prepared.mean, prepared.deviation)
        )
        self._spec, self._seed = spec, seed

    def __len__(self) -> int:
        return len(self._targets)

    def batch(self, step: int, places: Tensor) -> tuple[Tensor, Tensor]:
        """Return inputs (B, channels, height, width) float32 and targets (B,) int64."""
        return (self.changed(step, places) - self._mean) / self._deviation, self._targets[places]

    def changed(self, step: int, places: Tensor) -> Tensor:
        """Return the images at ``places`` as step number ``step`` changes them, (B, channels, height, width) float32
        from 0, dark, to 1.
        """
        images = self._pixels[places].float() / 255
        if not self._spec.augments:
            return images
        generator = torch.Generator().manual_seed(derive(self._seed, "augmentation", step))
        return augment(images, self._spec, generator).clamp(0, 1)

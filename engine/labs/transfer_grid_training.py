"""Trains the nets of one place of the transfer grid, one for each way to begin, just as runs of the lab would be."""

from functools import lru_cache
from typing import Any

import torch

from engine.data.images.prepared import Prepared, narrowed, whole
from engine.data.images.spec import Images
from engine.labs.sweep import Place
from engine.labs.transfer_grid import WAYS, TransferGridSpec, epochs_for, settings_of
from engine.labs.vision import VisionSpec, problem_of
from engine.labs.vision_beginning import Beginning
from engine.probes.images import answers
from engine.training.fit import fit
from engine.training.images import ImageExamples
from engine.training.optimisers import make_optimiser
from engine.training.task import make_task


def train(spec: TransferGridSpec, place: Place) -> dict[str, Any]:
    """Return how many ``examples`` there were, the ``epochs`` that were made, and ``scores``: of each way the accuracy
    on all images held out. Raises DataError.
    """
    begun = VisionSpec().replace(**settings_of(spec, place, "scratch", 1))
    prepared = narrowed(_whole(begun.images, begun.data_seed), begun)
    count = len(prepared.train)
    epochs = epochs_for(count, begun.batch_size)
    runs = {way: VisionSpec().replace(**settings_of(spec, place, way, epochs)) for way in WAYS}
    return {
        "examples": count,
        "epochs": epochs,
        "scores": {way: _learnt(run, prepared) for way, run in runs.items()},
    }


def _learnt(spec: VisionSpec, prepared: Prepared) -> float:
    """Return the score on the images held out, after all epochs."""
    net = Beginning(spec).net(prepared.images.shape, len(prepared.images.classes))
    task = make_task(problem_of(spec), spec.loss)
    examples = ImageExamples(prepared, spec, spec.seed)
    for _ in fit(net, task, examples, spec, lambda _: spec.learning_rate, make_optimiser(net, spec)):
        pass
    pixels = prepared.images.pixels[prepared.validation]
    logits = answers(net, torch.from_numpy(prepared.inputs(pixels))).logits
    return task.score(logits, torch.from_numpy(prepared.told[prepared.validation]))


@lru_cache(maxsize=1)
def _whole(images: Images, seed: int) -> Prepared:
    """Return all images of a seed; many nets learn from some of them, one after the other."""
    return whole(VisionSpec(images=images, data_seed=seed))

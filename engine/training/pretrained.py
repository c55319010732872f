"""A net learns half of the classes before it learns the other: once for all who begin with what it has learnt.

It learns as a run does that is trained as the lab opens (Adam, batches of 32, cross-entropy), from all training images
of its half. How the run after it is trained changes nothing of this, so that two such runs can be compared.
"""

import math
from collections.abc import Generator, Mapping
from typing import Any

import torch
from torch import nn

from engine.data.catalogue import Problem
from engine.data.images.prepared import Prepared, left_out
from engine.errors import DataError
from engine.jobs import Progress
from engine.nets.images.catalogue import make_net
from engine.training.augmentation_spec import AugmentationSpec
from engine.training.fit import fit
from engine.training.images import ImageExamples
from engine.training.optimisers import make_optimiser
from engine.training.pretrained_kept import About, Pretrained, folder, keep, kept
from engine.training.settings import TrainingSpec
from engine.training.task import Task, make_task
from engine.training.transfer_spec import TransferSpec

AT_ONCE = 250
"""Images that are told together at the end."""


def pretraining(spec: TransferSpec, seed: int) -> Generator[Progress, None, Pretrained]:
    """Yield how far it is, and return what a net has learnt of the other half of the classes; what is kept is taken.

    Raises DataError where that half cannot be learnt, SpecError where a layer of a net of one's own does not fit.
    """
    place = folder(spec, seed)
    found = kept(place)
    if found is None:
        found = yield from _learning(spec, seed)
        keep(place, found)
    return found


def pretrained(spec: TransferSpec, seed: int) -> Pretrained:
    """Return the same, with nobody watching."""
    work = pretraining(spec, seed)
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def learn(arguments: Mapping[str, Any]) -> Generator[Progress, None, Mapping[str, Any]]:
    """Learn beforehand, see ``engine.training.pretrained_kept.order``; the result tells the accuracy on images held
    out.
    """
    torch.set_num_threads(1)
    found = yield from pretraining(TransferSpec.from_json(arguments["spec"]), arguments["seed"])
    return {"score": found.about.score}


def _learning(spec: TransferSpec, seed: int) -> Generator[Progress, None, Pretrained]:
    prepared = left_out(spec)
    classes, training = prepared.images.classes, TrainingSpec(max_epochs=spec.pretrain_epochs, seed=seed)
    task = make_task(Problem(spec.images, "images", "classes", classes), training.loss)
    net = make_net(spec, prepared.images.shape, len(classes), seed)
    examples = ImageExamples(prepared, AugmentationSpec(), seed)
    optimiser = make_optimiser(net, training)
    for step in fit(net, task, examples, training, lambda _: training.learning_rate, optimiser):
        if not math.isfinite(step.loss):
            raise DataError(
                f"The net could not learn {classes[0]} to {classes[-1]} beforehand: at step {step.number:,} its loss "
                "was no number any more. Choose another net."
            )
        done = f"epoch {min(int(step.epoch) + 1, spec.pretrain_epochs)} of {spec.pretrain_epochs}"
        yield Progress(step.epoch / spec.pretrain_epochs, f"{done}, loss {step.loss:.2g}")
    tensors = {name: tensor.numpy().copy() for name, tensor in net.state_dict().items()}
    score = _score(net, task, prepared)
    return Pretrained(tensors, About(classes, spec.pretrain_epochs, len(prepared.train), score))


@torch.no_grad()
def _score(net: nn.Module, task: Task, prepared: Prepared) -> float:
    """Return the accuracy on the images held out; the net answers from here on, and learns no more."""
    net.eval()
    pixels = prepared.images.pixels[prepared.validation]
    parts = [prepared.inputs(pixels[first : first + AT_ONCE]) for first in range(0, len(pixels), AT_ONCE)]
    outputs = torch.cat([net(torch.from_numpy(part)) for part in parts])
    return task.score(outputs, torch.tensor(prepared.told[prepared.validation]))

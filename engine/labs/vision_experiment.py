"""The experiment of the vision lab: a net learns images, and what it makes of them is seen meanwhile."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from engine.asking import Answer, Question
from engine.data.images.prepared import prepare
from engine.explanation import Cell, Explanation
from engine.figures.images import MOST_CELLS, MOST_KERNELS
from engine.labs import vision_answers
from engine.labs.vision import VisionSpec, problem_of
from engine.labs.vision_beginning import Beginning
from engine.labs.vision_numbers import Numbers
from engine.labs.vision_script import script
from engine.labs.vision_transfer import explained
from engine.nets.images.layer import total
from engine.nets.images.layers import layers
from engine.nets.images.plan import plan, title
from engine.nets.mlp import Dropout
from engine.probes import gradients, images
from engine.probes.confusion import read_confusion
from engine.probes.tensors import GradientMap, Weights
from engine.readings import Arrays, Reading
from engine.training import checkpoint
from engine.training.edits import is_edit
from engine.training.experiment import Change, Moment, Step
from engine.training.fit import batches, fit
from engine.training.hands import Hands
from engine.training.images import ImageExamples
from engine.training.optimisers import make_optimiser
from engine.training.rows import join, split
from engine.training.schedules import rate_factor
from engine.training.stop import Stop
from engine.training.task import make_task

LOOKED = 500
"""Images of each half that are looked at, if the net is small: each look passes them all."""
LOOKED_AT_LEAST = 100
LOOK_FLOPS = 4_000_000_000
"""What a look at one half may cost: a quarter of a second or so."""
WALL = 24
"""Images of a wall of mistakes."""


class Snapshot(NamedTuple):
    """All that a look at the net depends on, arrays as rows of bytes (see ``engine.training.rows``).

    ``before`` are the weights noted at a step, see ``foresee``; ``gradients`` are empty where there are none.
    """

    step: Step
    rate: float
    image: int
    batch_losses: list[float]
    before: tuple[int, bytes] | None
    tensors: bytes
    gradients: bytes


class VisionExperiment:
    """A net on images; implements ``engine.training.experiment.Experiment``.

    Raises DataError where the images cannot be learnt from, SpecError where a layer of a net of one's own does not fit.
    """

    def __init__(self, spec: VisionSpec) -> None:
        self.spec = spec
        self.meanwhile: Callable[[], None] = lambda: None
        self.prepared = prepare(spec)
        self._beginning = Beginning(spec)
        self.classes = self.prepared.images.classes
        self.task = make_task(problem_of(spec), spec.loss)
        self.plan = plan(spec)
        self.examples = ImageExamples(self.prepared, spec, spec.seed)
        self._layers = layers(self._make_net(), self.prepared.images.shape)
        self._silent = tuple(name for name in self.plan.drawn if self._kind(name) == "ReLU")
        self.scalars = (
            *("loss", "val_loss", "score", "val_score", "batch_loss", "learning_rate", "epoch"),
            *(f"gradient.{layer}" for layer in self.plan.weighted),
            *(f"update.{layer}" for layer in self.plan.weighted),
            *(f"dead.{layer}" for layer in self._silent),
        )
        self._choose_looked()
        self._rate, self._image = spec.learning_rate, spec.image
        self._start()

    def opening(self) -> tuple[Reading, ...]:
        """Return what is said of all images: their labels, and how bright they are."""
        places = np.concatenate([self.prepared.train, self.prepared.validation])
        brightness = self.prepared.images.pixels.mean(axis=(1, 2, 3), dtype=np.float64)
        told = self.prepared.told[places].astype(np.int32)
        return (images.Learnt(told, brightness[places].astype(np.float32)),)

    def words(self) -> Mapping[str, str]:
        """Return the size of the net, and what is learnt and looked at."""
        prepared, (parameters, flops) = self.prepared, total(self._layers)
        halves = f"{len(prepared.train):,} training and {len(prepared.validation):,} validation images"
        looked = f"{len(self._learnt):,} of the former and {len(self._held_out):,} of the latter are looked at"
        channels, height, width = prepared.images.shape
        return {
            "score": self.task.score_name,
            "data": f"{prepared.images.title}: {halves}; {looked}",
            "net": f"{parameters:,} parameters, {flops:,} FLOPs an image",
            "transfer": self._beginning.words,
            "inputs": f"{channels} x {height} x {width}",
            "classes": ", ".join(self.classes),
            "warnings": "",
        }

    def steps(self, since: Arrays | None = None) -> Iterator[Step]:
        """Go back to the initial weights, or to a checkpoint, and train until a stop condition holds."""
        self._start()
        first = None if since is None else self._restore(since)
        optimiser, hands = self._training.optimiser, self._hands
        walk = fit(self.net, self.task, self.examples, self.spec, self.rate, optimiser, first, tuple, hands.done)
        for step in walk:
            self._step = step
            self._batch_losses.append(step.loss)
            yield step
            if hands.busy:  # this step comes once more
                self._batch_losses = self._batch_losses[:-1]
            elif self._stop.asks(step) and self._stop.reached(step, *self._validate()):
                return
        self._stop.reason = f"All {self.spec.max_epochs} epochs are done."

    def rate(self, epoch: float) -> float:
        """Return the learning rate of the update made at ``epoch``."""
        return self._rate * rate_factor(self.spec, epoch)

    def foresee(self) -> None:
        """Take note of the weights now; see ``Experiment.foresee``."""
        self._before = (self._step.number, join(self._weighted))

    def observe(self, step: Step) -> Moment:
        """Look at the net once, through all probes."""
        inputs = torch.cat([self._learnt_inputs, self._held_out_inputs])
        found = images.answers(self.net, inputs, self._silent, self.meanwhile)
        learnt, held_out = found.logits.split([len(self._learnt), len(self._held_out)])
        flow, flag = self._gradients(found.largest)
        scalars = {
            "loss": float(self.task.loss(learnt, self._learnt_labels)),
            "val_loss": float(self.task.loss(held_out, self._held_out_labels)),
            "score": self.task.score(learnt, self._learnt_labels),
            "val_score": self.task.score(held_out, self._held_out_labels),
            "batch_loss": sum(self._batch_losses) / len(self._batch_losses) if self._batch_losses else math.nan,
            "learning_rate": self.rate(step.epoch),
            "epoch": step.epoch,
        }
        self._batch_losses.clear()
        confusion = read_confusion(
            *(self._learnt_labels, self.task.predictions(learnt)),
            *(self._held_out_labels, self.task.predictions(held_out)),
            classes=len(self.classes),
        )
        walls, captions = self._walls(learnt, held_out)
        batch, labels = self._batch(step)
        readings = (*self._watched(), *self._tensors_seen(), confusion, *walls, batch)
        told = {"gradients": flag, "watched": self._told(readings[0]), "batch": labels, **captions}
        return Moment(step.number, scalars | flow, readings, told)

    def snapshot(self) -> Snapshot:
        """Return what ``observe`` looks at; the batch losses since the last look go with it."""
        losses, self._batch_losses = self._batch_losses, []
        gradients_ = [parameter.grad.numpy() for parameter in self._learning if parameter.grad is not None]
        return Snapshot(
            self._step, self._rate, self._image, losses, self._before, join(self._tensors), join(gradients_)
        )

    def adopt(self, snapshot: Snapshot) -> None:
        """Be as the experiment was that gave ``snapshot``."""
        self._step, self._rate, self._image, self._batch_losses, self._before, tensors, row = snapshot
        for array, values in zip(self._tensors, split(tensors, self._tensors), strict=True):
            array[...] = values
        shapes = [parameter.detach().numpy() for parameter in self._learning] if row else []
        for parameter, values in zip_longest(self._learning, split(bytearray(row), shapes)):
            parameter.grad = None if values is None else torch.from_numpy(values)

    def net_with(self, tensors: Arrays) -> tuple[nn.Module, Tensor]:
        """Return a net with these parameters and buffers, in evaluation mode, and the images held out as it takes
        them.
        """
        return self._net_of(tensors), self._inputs(self.prepared.validation)

    def answer(self, question: Question, tensors: Arrays | None = None) -> Answer:
        """Return what the net answers, as it is now or with ``tensors``; see ``engine.labs.vision_answers``."""
        net = self.net if tensors is None else self._net_of(tensors)
        return vision_answers.answer(net, self.prepared, self.plan, question)

    def script(self, changes: Sequence[Change], steps: int) -> str:
        """Return the run written out; see ``engine.labs.vision_script``."""
        return script(self.spec, self.prepared, changes, steps)

    def explain(self, step: int, arrays: Arrays, cell: Cell) -> Explanation:
        """Return how one number of the frame of ``step`` came about; see ``engine.labs.vision_numbers``."""
        scalars = dict(zip(self.scalars, arrays["scalars"].tolist(), strict=True))
        told = Numbers(self.spec, self.prepared, self._make_net()).explain(step, arrays, scalars, cell)
        return explained(self.spec, cell, told)

    def stop_reason(self) -> str | None:
        """Return in words why ``steps`` ended, or None if it has not."""
        return self._stop.reason

    def set(self, name: str, value: str) -> None:
        """Change the learning rate from the next update on, the image looked at from the next look on, or a number of
        the net now. Raises SpecError.
        """
        if is_edit(name):
            self._hands.set(name, value)
            self._before = None  # what the last update did cannot be told from what the hand did
            return
        changed = self.spec.with_live(name, value)
        if name == "learning_rate":
            self._rate = changed.learning_rate
        else:
            self._image = changed.image

    def checkpoint(self) -> Arrays:
        """Return a copy of all that is needed to go on from the step just yielded."""
        numbers = {"learning_rate": self._rate, "image": float(self._image), **self._stop.numbers}
        return checkpoint.save(self._training, self._step, numbers)

    def _start(self) -> None:
        """Make the net with its initial weights, and forget what was noted during an earlier walk."""
        self.net = self._make_net()
        self._parameters = dict(self.net.named_parameters())
        self._learning = [parameter for parameter in self._parameters.values() if parameter.requires_grad]
        # Views, which follow the net as it learns: optimisers change it in place.
        self._tensors = [tensor.numpy() for tensor in self.net.state_dict().values()]
        self._weighted = [self._parameters[f"{layer}.weight"].detach().numpy() for layer in self.plan.weighted]
        generators = {
            f"dropout.{name}": module.generator
            for name, module in self.net.named_modules()
            if isinstance(module, Dropout)
        }
        self._hands = Hands(self.net)
        self._training = checkpoint.Training(self.net, make_optimiser(self.net, self.spec), generators)
        self._step = Step(0, 0.0, math.nan)
        self._before: tuple[int, bytes] | None = None
        self._batch_losses: list[float] = []
        self._stop = Stop(self.spec)

    def _net_of(self, tensors: Arrays) -> nn.Module:
        net = self._make_net()
        checkpoint.load_net(net, tensors)
        return net.eval()

    def _make_net(self) -> nn.Module:
        return self._beginning.net(self.prepared.images.shape, len(self.classes))

    def _restore(self, since: Arrays) -> Step:
        names = ("learning_rate", "image", *self._stop.numbers)
        step, numbers = checkpoint.load(since, self._training, names)
        self.set("learning_rate", repr(numbers["learning_rate"]))
        self.set("image", str(int(numbers["image"])))
        self._stop.restore(numbers)
        return step

    def _kind(self, layer: str) -> str:
        return next(one.kind for one in self._layers if one.name == layer)

    def _choose_looked(self) -> None:
        """Choose the images of each half that every look passes: the first ones, as many as are not too slow."""
        _, flops = total(self._layers)
        most = min(max(LOOK_FLOPS // flops, LOOKED_AT_LEAST), LOOKED)
        self._learnt, self._held_out = self.prepared.train[:most], self.prepared.validation[:most]
        self._learnt_inputs, self._held_out_inputs = self._inputs(self._learnt), self._inputs(self._held_out)
        self._learnt_labels, self._held_out_labels = self._labels(self._learnt), self._labels(self._held_out)

    def _inputs(self, places: np.ndarray) -> Tensor:
        return torch.from_numpy(self.prepared.inputs(self.prepared.images.pixels[places]))

    def _labels(self, places: np.ndarray) -> Tensor:
        return torch.from_numpy(self.prepared.told[places])

    def _validate(self) -> tuple[float, float]:
        """Return loss and score on all validation images."""
        logits = images.answers(self.net, self._inputs(self.prepared.validation)).logits
        labels = self._labels(self.prepared.validation)
        return float(self.task.loss(logits, labels)), self.task.score(logits, labels)

    @property
    def _place(self) -> int:
        """The place of the image looked at, among all images; they are gone through again from the first."""
        return int(self.prepared.validation[self._image % len(self.prepared.validation)])

    def _watched(self) -> tuple[Reading, ...]:
        """Return the image looked at, with what the net tells of it, and its feature maps."""
        return vision_answers.look(self.net, self.prepared, self.plan, self.prepared.images.pixels[[self._place]])

    def _told(self, seen: Any) -> str:
        """Return what stands below the image looked at."""
        told = int(seen.probabilities.argmax())
        label = self.classes[self.prepared.images.labels[self._place]]
        return f"it is {label}, told {self.classes[told]} ({seen.probabilities[told]:.0%})"

    def _batch(self, step: Step) -> tuple[images.Batch, str]:
        """Return the first images of the batch of ``step`` as the net learns them, and their labels."""
        _, places = next(batches(len(self.examples), self.spec, step.number))
        changed = self.examples.changed(step.number, places)[:WALL]
        pixels = (changed * 255).round().byte().numpy()
        labels = self.prepared.told[self.prepared.train[places[:WALL].numpy()]]
        return images.Batch(images.pictures(pixels)), "\n".join(self.classes[label] for label in labels)

    def _tensors_seen(self) -> tuple[Weights, GradientMap]:
        weights, slopes = {}, {}
        for name, parameter in self._parameters.items():
            sides = MOST_KERNELS if parameter.ndim == 4 else MOST_CELLS
            weights[name] = images.cropped(parameter.detach().numpy(), sides)
            slope = np.zeros(parameter.shape, np.float32) if parameter.grad is None else parameter.grad.numpy()
            slopes[name] = np.abs(images.cropped(slope, sides))
        return Weights(weights), GradientMap(slopes)

    def _gradients(self, largest: Mapping[str, np.ndarray]) -> tuple[dict[str, float], str]:
        """Return the scalars about the gradients, and the flag in words."""
        grads = [self._parameters[f"{layer}.weight"].grad for layer in self.plan.weighted]
        slopes = [0.0 if grad is None else gradients.root_mean_square(grad.numpy()) for grad in grads]
        moved = map(gradients.update_ratio, self._weighted, self._weights_before())
        silent = {layer: float((largest[layer] <= gradients.SILENT_BELOW).mean()) for layer in self._silent}
        by_layer = {
            "gradient": dict(zip(self.plan.weighted, slopes, strict=True)),
            "update": dict(zip(self.plan.weighted, moved, strict=True)),
            "dead": silent,
        }
        scalars = {f"{what}.{layer}": value for what, part in by_layer.items() for layer, value in part.items()}
        still = self._beginning.still  # without a gradient, for so it was told: nothing is wrong with it
        sizes, updates, dead = (
            {title(layer): value for layer, value in part.items() if layer not in still} for part in by_layer.values()
        )
        return scalars, f"{gradients.describe(sizes, updates, dead, {})} {self._beginning.words}".strip()

    def _weights_before(self) -> Sequence[np.ndarray | None]:
        """Return the weights as they were before the last update; None for each if that was not foreseen."""
        if self._before is None or self._before[0] != self._step.number - 1:
            return [None] * len(self._weighted)
        return list(split(self._before[1], self._weighted))

    def _walls(self, learnt: Tensor, held_out: Tensor) -> tuple[tuple[Reading, ...], dict[str, str]]:
        """Return the walls of the worst mistakes and of suspected labels, and what stands below their images."""
        pixels, told = self.prepared.images.pixels, self.prepared.told
        mistakes = images.worst(held_out, self._held_out_labels, WALL)
        suspects = images.worst(learnt, self._learnt_labels, WALL)
        walls = (
            images.Mistakes(images.pictures(pixels[self._held_out[mistakes.places]])),
            images.Suspects(images.pictures(pixels[self._learnt[suspects.places]])),
        )
        captions = {
            "mistakes": "\n".join(images.captions(mistakes, told[self._held_out], self.classes, "is")),
            "suspects": "\n".join(images.captions(suspects, told[self._learnt], self.classes, "label")),
        }
        return walls, captions

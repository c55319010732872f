"""The experiment of the vision lab: a net learns images, and what it makes of them is seen meanwhile."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engine.asking import Answer, Question
from engine.data.images.prepared import prepare
from engine.explanation import Cell, Explanation
from engine.figures.images import MOST_CELLS, MOST_KERNELS
from engine.labs import vision_answers
from engine.labs.learning import CURVES, Learning, by_layer
from engine.labs.vision import VisionSpec, problem_of
from engine.labs.vision_beginning import Beginning
from engine.labs.vision_numbers import Numbers
from engine.labs.vision_script import script
from engine.labs.vision_transfer import explained
from engine.nets.images.layer import total
from engine.nets.images.layers import layers
from engine.nets.images.plan import plan, title
from engine.probes import gradients, images
from engine.probes.confusion import read_confusion
from engine.probes.tensors import GradientMap, Weights
from engine.readings import Arrays, Reading
from engine.training.experiment import Change, Moment, Step
from engine.training.fit import batches
from engine.training.images import ImageExamples
from engine.training.task import make_task

LOOKED = 500
"""Images of each half that are looked at, if the net is small: each look passes them all."""
LOOKED_AT_LEAST = 100
LOOK_FLOPS = 4_000_000_000
"""What a look at one half may cost: a quarter of a second or so."""
WALL = 24
"""Images of a wall of mistakes."""


class VisionExperiment(Learning[VisionSpec, nn.Module]):
    """A net on images; implements ``engine.training.experiment.Experiment``.

    Raises DataError where the images cannot be learnt from, SpecError where a layer of a net of one's own does not fit.
    """

    def __init__(self, spec: VisionSpec) -> None:
        self.meanwhile: Callable[[], None] = lambda: None
        self.prepared = prepare(spec)
        self._beginning = Beginning(spec)
        self.classes = self.prepared.images.classes
        self.plan = plan(spec)
        self._layers = layers(self.make_net(), self.prepared.images.shape)
        self._silent = tuple(name for name in self.plan.drawn if self._kind(name) == "ReLU")
        weighted = {layer: f"{layer}.weight" for layer in self.plan.weighted}
        self.scalars = (
            *CURVES,
            *(f"gradient.{layer}" for layer in weighted),
            *(f"update.{layer}" for layer in weighted),
            *(f"dead.{layer}" for layer in self._silent),
        )
        self._choose_looked()
        self._examples = ImageExamples(self.prepared, spec, spec.seed)
        super().__init__(spec, make_task(problem_of(spec), spec.loss), self._examples, weighted)

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

    def observe(self, step: Step) -> Moment:
        """Look at the net once, through all probes."""
        inputs = torch.cat([self._learnt_inputs, self._held_out_inputs])
        found = images.answers(self.net, inputs, self._silent, self.meanwhile)
        learnt, held_out = found.logits.split([len(self._learnt), len(self._held_out)])
        flow, flag = self._gradients(found.largest)
        halves = (learnt, self._learnt_labels), (held_out, self._held_out_labels)
        scalars = self.curves(step, *halves)
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

    def make_net(self) -> nn.Module:
        """Return a net with its initial weights; see ``engine.labs.vision_beginning``."""
        return self._beginning.net(self.prepared.images.shape, len(self.classes))

    def validate(self) -> tuple[float, float]:
        """Return loss and score on all validation images."""
        logits = images.answers(self.net, self._inputs(self.prepared.validation)).logits
        labels = self._labels(self.prepared.validation)
        return float(self.task.loss(logits, labels)), self.task.score(logits, labels)

    def net_with(self, tensors: Arrays) -> tuple[nn.Module, Tensor]:
        """Return a net with these parameters and buffers, in evaluation mode, and the images held out as it takes
        them.
        """
        return self.net_of(tensors), self._inputs(self.prepared.validation)

    def answer(self, question: Question, tensors: Arrays | None = None) -> Answer:
        """Return what the net answers, as it is now or with ``tensors``; see ``engine.labs.vision_answers``."""
        net = self.net if tensors is None else self.net_of(tensors)
        return vision_answers.answer(net, self.prepared, self.plan, question)

    def script(self, changes: Sequence[Change], steps: int) -> str:
        """Return the run written out; see ``engine.labs.vision_script``."""
        return script(self.spec, self.prepared, changes, steps)

    def explain(self, step: int, arrays: Arrays, cell: Cell) -> Explanation:
        """Return how one number of the frame of ``step`` came about; see ``engine.labs.vision_numbers``."""
        scalars = dict(zip(self.scalars, arrays["scalars"].tolist(), strict=True))
        told = Numbers(self.spec, self.prepared, self.make_net()).explain(step, arrays, scalars, cell)
        return explained(self.spec, cell, told)

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

    @property
    def _place(self) -> int:
        """The place of the image looked at, among all images; they are gone through again from the first."""
        return int(self.prepared.validation[self.live.image % len(self.prepared.validation)])

    def _watched(self) -> tuple[Reading, ...]:
        """Return the image looked at, with what the net tells of it, and its feature maps."""
        return vision_answers.look(self.net, self.prepared, self.plan, self.prepared.images.pixels[[self._place]])

    def _told(self, seen: Any) -> str:
        """Return what stands below the image looked at."""
        told = int(seen.probabilities.argmax())
        label = self.classes[self.prepared.images.labels[self._place]]
        return f"it is {label}, predicted {self.classes[told]} ({seen.probabilities[told]:.0%})"

    def _batch(self, step: Step) -> tuple[images.Batch, str]:
        """Return the first images of the batch of ``step`` as the net learns them, and their labels."""
        _, places = next(batches(len(self.examples), self.spec, step.number))
        changed = self._examples.changed(step.number, places)[:WALL]
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
        slopes, moved = self.flow()
        silent = {layer: float((largest[layer] <= gradients.SILENT_BELOW).mean()) for layer in self._silent}
        still = self._beginning.still  # without a gradient, for so it was told: nothing is wrong with it
        sizes, updates, dead = (
            {title(layer): value for layer, value in part.items() if layer not in still}
            for part in (slopes, moved, silent)
        )
        scalars = by_layer(gradient=slopes, update=moved, dead=silent)
        return scalars, f"{gradients.describe(sizes, updates, dead, {})} {self._beginning.words}".strip()

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

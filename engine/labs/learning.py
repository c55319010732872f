"""What experiments have in common in which a net learns by gradients: how it begins, steps, is kept, sent and changed.

A lab that builds on ``Learning`` declares its data, its net, and what is looked at.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from engine.nets.mlp import Dropout
from engine.probes import gradients
from engine.readings import Arrays
from engine.spec import Setting, knobs
from engine.training import checkpoint
from engine.training.edits import is_edit
from engine.training.experiment import Step
from engine.training.fit import Examples, fit
from engine.training.hands import Hands
from engine.training.optimisers import make_optimiser
from engine.training.rows import join, split
from engine.training.schedules import rate_factor
from engine.training.settings import TrainingSpec
from engine.training.stop import Stop
from engine.training.task import Task

CURVES = ("loss", "val_loss", "score", "val_score", "batch_loss", "learning_rate", "epoch")
"""The scalars that every such lab has, see ``Learning.curves``."""

S = TypeVar("S", bound=TrainingSpec)
N = TypeVar("N", bound=nn.Module)


class Snapshot(NamedTuple):
    """All that a look at the net depends on, arrays as rows of bytes (see ``engine.training.rows``).

    ``live`` are the live settings as they are now. ``before`` are the weights noted at a step, see ``foresee``;
    ``gradients`` are empty where there are none.
    """

    step: Step
    live: Mapping[str, Any]
    batch_losses: list[float]
    before: tuple[int, bytes] | None
    tensors: bytes
    gradients: bytes


class Learning(ABC, Generic[S, N]):
    """A net that learns examples; what it lacks of ``engine.training.experiment.Experiment`` a lab adds.

    ``weighted`` are the weight matrices whose gradients and updates are told: the name of their layer in scalars -> the
    name of the parameter. ``live`` is the spec with the live settings as they are now.
    """

    def __init__(self, spec: S, task: Task, examples: Examples, weighted: Mapping[str, str]) -> None:
        self.spec = self.live = spec
        self.task, self.examples, self.weighted = task, examples, weighted
        self._start()

    @abstractmethod
    def make_net(self) -> N:
        """Return a net with its initial weights."""

    @abstractmethod
    def validate(self) -> tuple[float, float]:
        """Return loss and score on all that is held out."""

    def frozen(self) -> Iterable[nn.Module]:
        """Return the parts of the net that the next update leaves as they are."""
        return ()

    def ever_frozen(self, numbers: Mapping[str, float]) -> Iterable[nn.Module]:
        """Return the parts that may not have learnt before the checkpoint with these numbers."""
        return ()

    def clip(self) -> float:
        """Return how long the gradient of the next update may be, all parameters together; 0: as long as it is."""
        return 0.0

    def generators(self) -> Mapping[str, torch.Generator]:
        """Return the random generators that are drawn from while the net learns, by names of their own."""
        return {
            f"dropout.{name}": module.generator
            for name, module in self.net.named_modules()
            if isinstance(module, Dropout)
        }

    def steps(self, since: Arrays | None = None) -> Iterator[Step]:
        """Go back to the initial weights, or to a checkpoint, and train until a stop condition holds."""
        self._start()
        first = None if since is None else self._restore(since)
        optimiser, hands = self._training.optimiser, self._hands
        walk = fit(
            *(self.net, self.task, self.examples, self.spec, self.rate, optimiser, first),
            *(self.frozen, hands.done, self.clip),
        )
        for step in walk:
            self._step = step
            self._batch_losses.append(step.loss)
            yield step
            if hands.busy:  # this step comes once more
                self._batch_losses = self._batch_losses[:-1]
            elif self._stop.asks(step) and self._stop.reached(step, *self.validate()):
                return
        self._stop.reason = f"All {self.spec.max_epochs} epochs are done."

    def stop_reason(self) -> str | None:
        """Return in words why ``steps`` ended, or None if it has not."""
        return self._stop.reason

    def rate(self, epoch: float) -> float:
        """Return the learning rate of the update made at ``epoch``."""
        return self.live.learning_rate * rate_factor(self.spec, epoch)

    def foresee(self) -> None:
        """Take note of the weights now; see ``Experiment.foresee``."""
        self._before = (self._step.number, join(self._matrices))

    def snapshot(self) -> Snapshot:
        """Return what ``observe`` looks at; the batch losses since the last look go with it, and again where the same
        step is looked at once more.
        """
        if self._batch_losses or self._sent[0] != self._step.number:
            self._sent = (self._step.number, self._batch_losses)
        losses, self._batch_losses = self._sent[1], []
        found = [parameter.grad.numpy() for parameter in self._learning if parameter.grad is not None]
        live = {setting.name: getattr(self.live, setting.name) for setting in self._live_settings}
        return Snapshot(self._step, live, losses, self._before, join(self._tensors), join(found))

    def adopt(self, snapshot: Snapshot) -> None:
        """Be as the experiment was that gave ``snapshot``."""
        self._step, live, self._batch_losses, self._before, tensors, row = snapshot
        self.live = self.live.model_copy(update=live)
        for array, values in zip(self._tensors, split(tensors, self._tensors), strict=True):
            array[...] = values
        shapes = [parameter.detach().numpy() for parameter in self._learning] if row else []
        for parameter, values in zip_longest(self._learning, split(bytearray(row), shapes)):
            parameter.grad = None if values is None else torch.from_numpy(values)

    def set(self, name: str, value: str) -> None:
        """Change a live setting, that of training from the next update on, that of looking from the next look on; or a
        number of the net now. Raises SpecError.
        """
        if is_edit(name):
            self._hands.set(name, value)
            self._before = None  # what the last update did cannot be told from what the hand did
        else:
            self.live = self.live.with_live(name, value)

    def checkpoint(self) -> Arrays:
        """Return a copy of all that is needed to go on from the step just yielded."""
        return checkpoint.save(self._training, self._step, {**self.live_numbers(), **self._stop.numbers})

    def net_of(self, tensors: Arrays) -> N:
        """Return another net with these parameters and buffers, in evaluation mode; raises DataError."""
        net = self.make_net()
        checkpoint.load_net(net, tensors)
        return net.eval()

    def live_numbers(self) -> dict[str, float]:
        """Return the live settings as numbers of a checkpoint, a choice by its place.

        Of settings that are several values at once there is none: a lab that has such adds them.
        """
        return {one.name: _as_number(one, getattr(self.live, one.name)) for one in self._single_settings}

    def set_live(self, numbers: Mapping[str, float]) -> None:
        """Put the live settings where ``live_numbers`` were; raises SpecError."""
        for setting in self._single_settings:
            self.set(setting.name, _as_text(setting, numbers[setting.name]))

    def curves(self, step: Step, learnt: tuple[Tensor, Tensor], held_out: tuple[Tensor, Tensor]) -> dict[str, float]:
        """Return the scalars ``CURVES``, of outputs and targets of each half, see ``curves_of``."""
        measured = [(float(self.task.loss(*half)), self.task.score(*half)) for half in (learnt, held_out)]
        return self.curves_of(step, *measured)

    def curves_of(self, step: Step, learnt: tuple[float, float], held_out: tuple[float, float]) -> dict[str, float]:
        """Return the scalars ``CURVES``, of loss and score of each half; batch losses are those since the last look."""
        losses, self._batch_losses = self._batch_losses, []
        return {
            "loss": learnt[0],
            "val_loss": held_out[0],
            "score": learnt[1],
            "val_score": held_out[1],
            "batch_loss": sum(losses) / len(losses) if losses else math.nan,
            "learning_rate": self.rate(step.epoch),
            "epoch": step.epoch,
        }

    def flow(self) -> tuple[dict[str, float], dict[str, float]]:
        """Return the root mean square of the gradient of each weighted layer, and how far the last update moved it."""
        grads = [self._parameters[tensor].grad for tensor in self.weighted.values()]
        sizes = [0.0 if grad is None else gradients.root_mean_square(grad.numpy()) for grad in grads]
        moved = map(gradients.update_ratio, self._matrices, self._weights_before())
        return dict(zip(self.weighted, sizes, strict=True)), dict(zip(self.weighted, moved, strict=True))

    def _weights_before(self) -> Sequence[np.ndarray | None]:
        """Return the weights as they were before the last update; None for each if that was not foreseen."""
        if self._before is None or self._before[0] != self._step.number - 1:
            return [None] * len(self._matrices)
        return list(split(self._before[1], self._matrices))

    def _start(self) -> None:
        """Make the net with its initial weights, and forget what was noted during an earlier walk."""
        self.net = self.make_net()
        self._parameters = dict(self.net.named_parameters())
        self._learning = [parameter for parameter in self._parameters.values() if parameter.requires_grad]
        # Views, which follow the net as it learns: optimisers change it in place.
        self._tensors = [tensor.numpy() for tensor in self.net.state_dict().values()]
        self._matrices = [self._parameters[tensor].detach().numpy() for tensor in self.weighted.values()]
        self._hands = Hands(self.net)
        self._training = checkpoint.Training(self.net, make_optimiser(self.net, self.spec), self.generators())
        self._step = Step(0, 0.0, math.nan)
        self._before: tuple[int, bytes] | None = None
        self._batch_losses: list[float] = []
        self._sent: tuple[int, list[float]] = (-1, [])
        self._stop = Stop(self.spec)

    def _restore(self, since: Arrays) -> Step:
        names = (*self.live_numbers(), *self._stop.numbers)
        step, numbers = checkpoint.load(since, self._training, names, self.ever_frozen)
        self.set_live(numbers)
        self._stop.restore(numbers)
        return step

    @property
    def _live_settings(self) -> list[Setting]:
        return [setting for setting in knobs(type(self.spec)) if setting.knob.live]

    @property
    def _single_settings(self) -> list[Setting]:
        return [setting for setting in self._live_settings if setting.kind not in ("choices", "integers", "text")]


def by_layer(**parts: Mapping[str, float]) -> dict[str, float]:
    """Return numbers of layers as scalars: ``gradient={"head": 0.1}`` as ``{"gradient.head": 0.1}``."""
    return {f"{what}.{layer}": value for what, part in parts.items() for layer, value in part.items()}


def _as_number(setting: Setting, value: Any) -> float:
    return float(setting.options.index(value)) if setting.kind == "choice" else float(value)


def _as_text(setting: Setting, number: float) -> str:
    """Return a number of a checkpoint as text that ``set`` takes, or refuses: it may come from a person's file."""
    whole = repr(number).removesuffix(".0")
    if setting.kind == "number":
        return repr(number)
    if setting.kind == "integer":
        return whole
    values = setting.options if setting.kind == "choice" else ("false", "true")
    return str(dict(zip(map(str, range(len(values))), values, strict=True)).get(whole, whole))

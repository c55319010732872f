"""The experiment of the transformer lab: a small net learns sequences, and all that passes through it is seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from engine.asking import Answer, Question
from engine.data.symbols.prepared import prepare
from engine.errors import RunError
from engine.explanation import Cell, Explanation
from engine.figures.images import MOST_CELLS
from engine.figures.transformers import MOST_TYPED
from engine.labs.learning import CURVES, Learning, by_layer
from engine.labs.transformers import TransformersSpec, has_scores, heads_of, problem_of
from engine.labs.transformers_looking import Looking
from engine.labs.transformers_numbers import explain
from engine.labs.transformers_own import own_text
from engine.labs.transformers_script import script
from engine.nets.transformers.building import Transformer, make_net
from engine.nets.transformers.names import matrices
from engine.probes import gradients
from engine.probes.images import cropped
from engine.probes.looking import looking
from engine.probes.tensors import GradientMap, Weights
from engine.readings import Arrays, Reading
from engine.training.experiment import Change, Moment, Step
from engine.training.fit import Points
from engine.training.symbols import where_asked
from engine.training.task import make_task

LOOKED = 4_096
"""Symbols of each half whose loss is told at every look."""
TOLD_FIRST = 50
AT_ONCE = 512
"""Sequences that go through the net together where all that is held out is asked."""


@dataclass(frozen=True, slots=True, eq=False)
class Sequences(Reading):
    """The first sequences that are learnt, by the numbers of their symbols, (n, T) int32."""

    name: ClassVar[str] = "sequences"
    read: np.ndarray


class TransformersExperiment(Learning[TransformersSpec, Transformer]):
    """A transformer; implements ``engine.training.experiment.Experiment``.

    Raises DataError where a text of one's own cannot be learnt from.
    """

    def __init__(self, spec: TransformersSpec) -> None:
        self.meanwhile: Callable[[], None] = lambda: None
        self.prepared = prepared = prepare(spec, spec.shape, own_text(spec) if spec.learns_own else None)
        self._titles = matrices(spec)
        heads = heads_of(spec) if has_scores(spec) else {}
        self.scalars = (
            *CURVES,
            *(f"{score}.{head}" for score in ("induction", "before") for head in heads),
            *(f"gradient.{layer}" for layer in self._titles),
            *(f"update.{layer}" for layer in self._titles),
        )
        looked = max(1, LOOKED // prepared.made.read.shape[1])
        self._learnt, self._held_out = (self._of(rows[:looked]) for rows in (prepared.train, prepared.validation))
        task = where_asked(make_task(problem_of(prepared.made.symbols), spec.loss))
        self._looking = Looking(prepared, spec, task)
        examples = Points(*self._of(prepared.train))
        super().__init__(spec, task, examples, {layer: f"{layer}.weight" for layer in self._titles})

    def opening(self) -> tuple[Reading, ...]:
        """Return the beginning of what is learnt, in numbers of symbols."""
        return (Sequences(self.prepared.made.read[self.prepared.train[:TOLD_FIRST]].astype(np.int32)),)

    def words(self) -> Mapping[str, str]:
        """Return the size of the net, and what is learnt."""
        prepared = self.prepared
        halves = f"{len(prepared.train):,} training and {len(prepared.validation):,} validation sequences"
        return {
            "score": self.task.score_name,
            "data": f"{prepared.title}: {halves}; {len(self._held_out[0]):,} of the latter are looked at",
            "net": f"{sum(parameter.numel() for parameter in self.net.parameters()):,} parameters",
            "inputs": f"{len(prepared.made.symbols):,} symbols, {prepared.made.read.shape[1]} places",
            "heads": "\n".join(f"head {at}" for at in range(self.spec.heads)),
            "classes": "",
            "warnings": "",
        }

    def make_net(self) -> Transformer:
        """Return a net with its initial weights."""
        made = self.prepared.made
        return make_net(self.spec, len(made.symbols), made.read.shape[1], made.given, self.spec.seed)

    def validate(self) -> tuple[float, float]:
        """Return loss and score on all that is held out."""
        inputs, targets = self._of(self.prepared.validation)
        with looking(self.net):
            told = torch.cat([self.net(some) for some in inputs.split(AT_ONCE)])
        return float(self.task.loss(told, targets)), self.task.score(told, targets)

    def clip(self) -> float:
        """Return how long the gradient of the next update may be."""
        return self.live.clip

    def observe(self, step: Step) -> Moment:
        """Look at the net once, through all probes."""
        with looking(self.net):
            learnt, held_out = self.net(self._learnt[0]), self.net(self._held_out[0])
        self.meanwhile()
        scalars = self.curves(step, (learnt, self._learnt[1]), (held_out, self._held_out[1]))
        sizes, moved = self.flow()
        seen, scores = self._looking.frame(self.net, self.live, self.meanwhile)
        called = [{f"«{self._titles[layer]}»": value for layer, value in part.items()} for part in (sizes, moved)]
        words = {"gradients": gradients.describe(called[0], called[1], {}, {}), **seen.words}
        readings = (*seen.readings, *self._tensors_seen())
        return Moment(step.number, scalars | scores | by_layer(gradient=sizes, update=moved), readings, words)

    def answer(self, question: Question, tensors: Arrays | None = None) -> Answer:
        """Return what the net makes of a sequence that a person types; raises RunError."""
        if question.what != "look":
            raise RunError(f"A transformer is asked to look at a sequence, not {question.what[:40]!r}.")
        net = self.net if tensors is None else self.net_of(tensors)
        text = question.values.decode(errors="replace")[:MOST_TYPED]
        return self._looking.typed(net, text, self.live, self.meanwhile)

    def net_with(self, tensors: Arrays) -> tuple[Transformer, Tensor]:
        """Return a net with these parameters, in evaluation mode, and the sequences held out as it takes them."""
        return self.net_of(tensors), self._of(self.prepared.validation)[0]

    def script(self, changes: Sequence[Change], steps: int) -> str:
        """Return the run written out; see ``engine.labs.transformers_script``."""
        return script(self.spec, self.prepared.made, changes, steps)

    def explain(self, step: int, arrays: Arrays, cell: Cell) -> Explanation:
        """Return how one number of the frame of ``step`` came about; see ``engine.labs.transformers_numbers``."""
        scalars = dict(zip(self.scalars, arrays["scalars"].tolist(), strict=True))
        return explain(self.spec, self.make_net(), step, arrays, scalars, cell)

    def _of(self, rows: np.ndarray) -> tuple[Tensor, Tensor]:
        """Return what is read in some sequences, and what is asked."""
        return torch.from_numpy(self.prepared.made.read[rows]), torch.from_numpy(self.prepared.made.asked[rows])

    def _tensors_seen(self) -> tuple[Weights, GradientMap]:
        weights, slopes = {}, {}
        for name in self.weighted.values():
            parameter = self._parameters[name]
            weights[name] = cropped(parameter.detach().numpy(), MOST_CELLS)
            slope = np.zeros(parameter.shape, np.float32) if parameter.grad is None else parameter.grad.numpy()
            slopes[name] = np.abs(cropped(slope, MOST_CELLS))
        return Weights(weights), GradientMap(slopes)

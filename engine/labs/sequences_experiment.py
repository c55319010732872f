"""The experiment of the sequences lab: a net reads, and what it remembers is seen meanwhile."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from engine.asking import Answer, Question
from engine.data.sequences.prepared import prepare
from engine.data.sequences.spec import problem_of
from engine.data.sequences.vocabulary import NAMES
from engine.explanation import Cell, Explanation
from engine.figures.sequences import MOST_CELLS, ROOT_MEAN_SQUARES
from engine.labs.learning import CURVES, Learning, by_layer
from engine.labs.sequences import SequencesSpec
from engine.labs.sequences_answers import Reader
from engine.labs.sequences_numbers import Numbers
from engine.labs.sequences_script import script
from engine.nets.sequences.net import Form, SequenceNet, make_net
from engine.nets.sequences.plan import matrices
from engine.probes import gradients
from engine.probes.confusion import Confusion, read_confusion
from engine.probes.images import cropped
from engine.probes.looking import looking
from engine.probes.sequences import Learnt, Told, forecast_errors
from engine.probes.tensors import GradientMap, Weights
from engine.readings import Arrays, Reading
from engine.training.experiment import Change, Moment, Step
from engine.training.fit import Points
from engine.training.sequences import Texts, at_each_step, longest
from engine.training.task import make_task

LOOKED = 200
"""Sequences of each half that are looked at."""
Half = tuple[Tensor, Tensor]
"""What is told of sequences, and what is asked."""


class SequencesExperiment(Learning[SequencesSpec, SequenceNet]):
    """A net that reads sequences; implements ``engine.training.experiment.Experiment``.

    Raises DataError where the sequences cannot be learnt from.
    """

    def __init__(self, spec: SequencesSpec) -> None:
        self.meanwhile: Callable[[], None] = lambda: None
        self.prepared = prepared = prepare(spec)
        self.problem = problem_of(spec)
        task = make_task(self.problem, spec.loss)
        if prepared.each_step:
            task = at_each_step(task, prepared.first)
        symbols, padded = len(prepared.symbols), prepared.vocabulary is not None
        features = 0 if symbols else prepared.inputs.shape[2]
        self.form = Form(task.outputs, symbols, features, prepared.each_step, padded)
        self._titles = {name: one.title for name, one in matrices(spec, symbols=symbols > 0).items()}
        weighted = {name: one.tensor for name, one in matrices(spec, symbols=symbols > 0).items()}
        self._errors = tuple(ROOT_MEAN_SQUARES) if spec.forecasts else ()
        self.scalars = (
            *CURVES,
            *(f"forecast.{name}" for name in self._errors),
            *(f"gradient.{layer}" for layer in weighted),
            *(f"update.{layer}" for layer in weighted),
        )
        self._looked = self._of(np.concatenate([prepared.train[:LOOKED], prepared.validation[:LOOKED]]))
        self._halves = [len(half[:LOOKED]) for half in (prepared.train, prepared.validation)]
        self._reader = Reader(spec, prepared, task)
        examples = (Texts if padded else Points)(*self._of(prepared.train))
        super().__init__(spec, task, examples, weighted)

    def opening(self) -> tuple[Reading, ...]:
        """Return what is said of all sequences: sums of what is read and of what is asked."""
        prepared = self.prepared
        places = np.concatenate([prepared.train, prepared.validation])
        read, asked = (whole[places].reshape(len(places), -1) for whole in (prepared.inputs, prepared.asked))
        sums = (part.sum(axis=1, dtype=np.float64).astype(np.float32) for part in (read, asked))
        return (Learnt(*sums),)

    def words(self) -> Mapping[str, str]:
        """Return the size of the net, and what is learnt."""
        prepared = self.prepared
        halves = f"{len(prepared.train):,} training and {len(prepared.validation):,} validation sequences"
        known = f", {len(prepared.symbols) - len(NAMES):,} symbols" if prepared.vocabulary else ""
        symbols = " ".join(filter(None, prepared.symbols))
        return {
            "score": self.task.score_name,
            "data": f"{prepared.title}: {halves}{known}; {LOOKED} of each are looked at",
            "net": f"{sum(parameter.numel() for parameter in self.net.parameters()):,} parameters",
            "inputs": symbols or f"{prepared.inputs.shape[2]} at each step",
            "classes": ", ".join(self.problem.classes),
            "warnings": "",
        }

    def observe(self, step: Step) -> Moment:
        """Look at the net once, through all probes."""
        with looking(self.net):
            told = self.net(self._looked[0])
        self.meanwhile()
        learnt, held_out = zip(told.split(self._halves), self._looked[1].split(self._halves), strict=True)
        scalars = self.curves(step, learnt, held_out)
        slopes, moved = self.flow()
        sizes, updates = ({self._titles[layer]: value for layer, value in part.items()} for part in (slopes, moved))
        flag = gradients.describe(sizes, updates, {}, {})
        readings, words = self._reader.look(self.net, self._reader.held_out(self.live.example))
        self.meanwhile()
        scalars |= self._forecast_errors() | by_layer(gradient=slopes, update=moved)
        answers = self._answers(learnt, held_out)
        return Moment(step.number, scalars, (*readings, *self._tensors_seen(), *answers), {"gradients": flag, **words})

    def make_net(self) -> SequenceNet:
        """Return a net with its initial weights."""
        return make_net(self.spec, self.form, self.spec.seed)

    def validate(self) -> tuple[float, float]:
        """Return loss and score on all that is held out."""
        inputs, targets = self._of(self.prepared.validation)
        with looking(self.net):
            told = self.net(inputs)
        return float(self.task.loss(told, targets)), self.task.score(told, targets)

    def clip(self) -> float:
        """Return how long the gradient of the next update may be."""
        return self.live.clip

    def net_with(self, tensors: Arrays) -> tuple[SequenceNet, Tensor]:
        """Return a net with these parameters, in evaluation mode, and the sequences held out as it takes them."""
        return self.net_of(tensors), self._of(self.prepared.validation)[0]

    def answer(self, question: Question, tensors: Arrays | None = None) -> Answer:
        """Return what the net answers, as it is now or with ``tensors``; see ``engine.labs.sequences_answers``."""
        return self._reader.answer(self.net if tensors is None else self.net_of(tensors), question)

    def script(self, changes: Sequence[Change], steps: int) -> str:
        """Return the run written out; see ``engine.labs.sequences_script``."""
        return script(self.spec, self.form, self.prepared.first, changes, steps)

    def explain(self, step: int, arrays: Arrays, cell: Cell) -> Explanation:
        """Return how one number of the frame of ``step`` came about; see ``engine.labs.sequences_numbers``."""
        scalars = dict(zip(self.scalars, arrays["scalars"].tolist(), strict=True))
        return Numbers(self.spec, self.prepared, self.make_net()).explain(step, arrays, scalars, cell)

    def _of(self, places: np.ndarray) -> tuple[Tensor, Tensor]:
        """Return inputs and targets of sequences, of texts no more steps than the longest has."""
        inputs, targets = torch.from_numpy(self.prepared.inputs[places]), torch.from_numpy(self.prepared.asked[places])
        return (inputs[:, : longest(inputs)] if self.form.padded else inputs), targets

    def _tensors_seen(self) -> tuple[Weights, GradientMap]:
        weights, slopes = {}, {}
        for name, parameter in self._parameters.items():
            weights[name] = cropped(parameter.detach().numpy(), MOST_CELLS)
            slope = np.zeros(parameter.shape, np.float32) if parameter.grad is None else parameter.grad.numpy()
            slopes[name] = np.abs(cropped(slope, MOST_CELLS))
        return Weights(weights), GradientMap(slopes)

    def _forecast_errors(self) -> dict[str, float]:
        if not self._errors or self.prepared.true is None:
            return {}
        places = self.prepared.validation[:LOOKED]
        read, asked = self._of(places)
        measured = torch.cat([read[..., 0], asked[:, -1:]], dim=1)
        found = forecast_errors(self.net, measured, torch.from_numpy(self.prepared.true[places]), self.spec.length // 2)
        return {f"forecast.{name}": found[name] for name in self._errors}

    def _answers(self, learnt: Half, held_out: Half) -> tuple[Confusion | Told, ...]:
        """Return how what is told of many sequences compares with what is asked."""
        first = self.prepared.first
        halves = [(asked, self.task.predictions(outputs)) for outputs, asked in (learnt, held_out)]
        if not self.problem.classes:
            return () if self.prepared.each_step else (Told(*(one.numpy() for one in halves[1])),)
        if self.prepared.each_step:
            halves = [(one[:, first:].flatten(), other[:, first:].flatten()) for one, other in halves]
        return (read_confusion(*halves[0], *halves[1], classes=len(self.problem.classes)),)

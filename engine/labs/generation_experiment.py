"""The experiment of the generation lab: a language model learns a text, and what it makes of it is seen meanwhile."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from engine.asking import Answer, Question
from engine.errors import DataError
from engine.explanation import Cell, Explanation
from engine.figures.images import MOST_CELLS
from engine.labs.generation import MOST_PROMPT, GenerationSpec, problem_of
from engine.labs.generation_answers import answer
from engine.labs.generation_looking import LOOKED, STREAMS, Looking
from engine.labs.generation_numbers import explain
from engine.labs.generation_script import script
from engine.labs.learning import CURVES, Learning, by_layer
from engine.language.pieces import STATE, Pieces
from engine.language.text import text_of
from engine.nets.language.building import make_net
from engine.nets.language.model import LanguageModel
from engine.nets.language.names import matrices
from engine.probes import gradients, language
from engine.probes.images import cropped
from engine.probes.tensors import GradientMap, Weights
from engine.readings import Arrays, Reading
from engine.training.experiment import Change, Moment, Step
from engine.training.task import make_task

PROMPT, LAYER = "live.prompt", "live.layer"


class GenerationExperiment(Learning[GenerationSpec, LanguageModel]):
    """A language model; implements ``engine.training.experiment.Experiment``.

    Raises DataError where the text cannot be learnt from.
    """

    def __init__(self, spec: GenerationSpec) -> None:
        self.meanwhile: Callable[[], None] = lambda: None
        self.text = text_of(spec)
        self.pieces = Pieces(self.text.learnt, spec.chunk, spec.batch_size, keeps=spec.carries)
        self._halves = [self._pieces_of(half[: LOOKED + 1], spec) for half in (self.text.learnt, self.text.held_out)]
        self._all_held_out = self._pieces_of(self.text.held_out, spec)
        self._titles = matrices(spec)
        self._looking = Looking(self.text, spec)
        self.scalars = (
            *CURVES,
            *("bits", "val_bits", "trigram_bits", "perplexity", "val_perplexity"),
            *(f"gradient.{layer}" for layer in self._titles),
            *(f"update.{layer}" for layer in self._titles),
        )
        task = make_task(problem_of(spec, self.text.vocabulary.symbols), spec.loss)
        super().__init__(spec, task, self.pieces, {layer: f"{layer}.weight" for layer in self._titles})

    def opening(self) -> tuple[Reading, ...]:
        """Return the beginning of what is learnt, in numbers of symbols."""
        return (self._looking.beginning(),)

    def words(self) -> Mapping[str, str]:
        """Return the size of the net, what is learnt, and the symbols on the map."""
        text, (learnt, held_out) = self.text, self._halves
        parameters = sum(parameter.numel() for parameter in self._parameters.values())
        looked = f"{len(learnt) * learnt.chunk:,} of the former and {len(held_out) * held_out.chunk:,} of the latter"
        kind = text.vocabulary.kind
        return {
            "score": self.task.score_name,
            "data": f"{text.title}: {len(text.learnt):,} {kind} to be learnt, {len(text.held_out):,} held out; "
            f"{looked} are looked at",
            "net": f"{parameters:,} parameters",
            "inputs": f"{len(text.vocabulary):,} symbols, one of them for all unknown ones",
            "classes": "",
            "symbols": self._looking.named,
            "warnings": "",
        }

    def make_net(self) -> LanguageModel:
        """Return a net with its initial weights."""
        return make_net(self.spec, len(self.text.vocabulary), self.spec.seed)

    def validate(self) -> tuple[float, float]:
        """Return loss and score on all that is held out."""
        told = language.answers(self.net, self._all_held_out, len(self._all_held_out), self.meanwhile)
        return float(self.task.loss(told.sums, told.targets)), self.task.score(told.sums, told.targets)

    def clip(self) -> float:
        """Return how long the gradient of the next update may be."""
        return self.live.clip

    def steps(self, since: Arrays | None = None) -> Iterator[Step]:
        """Go back to the initial weights, or to a checkpoint, and train until a stop condition holds."""
        self.pieces.forget()
        if since is not None:
            since = self._taken_up(since)
        yield from super().steps(since)

    def checkpoint(self) -> Arrays:
        """Return a copy of all that is needed to go on, also what is carried, and the settings that are texts."""
        texts = {PROMPT: self.live.prompt, LAYER: self.live.layer}
        written = {name: np.frombuffer(text.encode(), np.uint8).copy() for name, text in texts.items()}
        return super().checkpoint() | self.pieces.kept() | written

    def observe(self, step: Step) -> Moment:
        """Look at the net once, through all probes."""
        learnt, held_out = (language.answers(self.net, half, len(half), self.meanwhile) for half in self._halves)
        scalars = self.curves(step, learnt, held_out) | self._bits(learnt, held_out)
        flow, flag = self._gradients()
        seen = self._looking.frame(self.net, self.live, step.number, self.meanwhile)
        readings = (*seen.readings, *self._tensors_seen())
        return Moment(step.number, scalars | flow, readings, {"gradients": flag, **seen.words})

    def answer(self, question: Question, tensors: Arrays | None = None) -> Answer:
        """Return what the net answers, as it is now or with ``tensors``; see ``engine.labs.generation_answers``."""
        net = self.net if tensors is None else self.net_of(tensors)
        return answer(net, self._looking, self.live, question, self.meanwhile)

    def net_with(self, tensors: Arrays) -> tuple[LanguageModel, Tensor]:
        """Return a net with these parameters, in evaluation mode, and pieces of the text held out."""
        return self.net_of(tensors), self._all_held_out.at(torch.arange(len(self._all_held_out)))[0]

    def script(self, changes: Sequence[Change], steps: int) -> str:
        """Return the script of a run; see ``engine.labs.generation_script``."""
        return script(self.spec, changes, steps)

    def explain(self, step: int, arrays: Arrays, cell: Cell) -> Explanation:
        """Return how one number of the frame of ``step`` came about; see ``engine.labs.generation_numbers``."""
        scalars = dict(zip(self.scalars, arrays["scalars"].tolist(), strict=True))
        return explain(self.spec, self.text, self.make_net(), step, arrays, scalars, cell)

    @staticmethod
    def _pieces_of(symbols: np.ndarray, spec: GenerationSpec) -> Pieces:
        """Return pieces to be looked at; of a short text shorter ones."""
        chunk = min(spec.chunk, len(symbols) - 1)
        return Pieces(symbols, chunk, STREAMS if spec.carries else LOOKED // chunk, keeps=spec.carries)

    def _taken_up(self, since: Arrays) -> Arrays:
        """Take from a checkpoint what is carried, and the texts; return the rest. Raises DataError."""
        states = {name: array for name, array in since.items() if name.startswith(STATE)}
        with torch.no_grad():
            like = self.make_net().tell(torch.zeros(self.pieces.streams, 1, dtype=torch.int64)).states
        number = since.get("number.number", np.array(-1.0))
        known = number.shape == () and number.dtype == np.float64 and bool(np.isfinite(number))
        self.pieces.restore(int(number) if known else -1, states, like)  # that it is none is told below
        texts = {name: _text(since.get(name)) for name in (PROMPT, LAYER)}
        for name, text in texts.items():
            self.set(name.removeprefix("live."), text)
        return {name: array for name, array in since.items() if name not in states and name not in texts}

    def _bits(self, learnt: language.Answers, held_out: language.Answers) -> dict[str, float]:
        """Return bits per character and perplexity; with a loss that is none of probabilities they are still those."""
        per_symbol = language.bits(learnt), language.bits(held_out)
        length = self.text.length
        return {
            "bits": per_symbol[0] / length,
            "val_bits": per_symbol[1] / length,
            "trigram_bits": self.text.trigram_bits / length,
            "perplexity": float(np.exp2(per_symbol[0])),
            "val_perplexity": float(np.exp2(per_symbol[1])),
        }

    def _gradients(self) -> tuple[dict[str, float], str]:
        sizes, moved = self.flow()
        called = [{f"«{self._titles[layer]}»": value for layer, value in part.items()} for part in (sizes, moved)]
        return by_layer(gradient=sizes, update=moved), gradients.describe(called[0], called[1], {}, {})

    def _tensors_seen(self) -> tuple[Weights, GradientMap]:
        weights, slopes = {}, {}
        for layer in self._titles:
            parameter = self._parameters[f"{layer}.weight"]
            weights[f"{layer}.weight"] = cropped(parameter.detach().numpy(), MOST_CELLS)
            slope = np.zeros(parameter.shape, np.float32) if parameter.grad is None else parameter.grad.numpy()
            slopes[f"{layer}.weight"] = np.abs(cropped(slope, MOST_CELLS))
        return Weights(weights), GradientMap(slopes)


def _text(array: np.ndarray | None) -> str:
    """Return a text of a checkpoint, which may come from a person's file; raises DataError."""
    if array is None or array.dtype != np.uint8 or array.ndim != 1 or len(array) > 4 * MOST_PROMPT:
        raise DataError("This checkpoint does not hold the texts that it should: the prompt and the layer looked at.")
    return array.tobytes().decode(errors="replace")

"""The experiment of the translation lab: a net learns to translate, and is seen looking back as it writes."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from engine.asking import Answer, Question
from engine.errors import RunError
from engine.explanation import Cell, Explanation
from engine.figures.images import MOST_CELLS
from engine.figures.translation import MOST_TYPED
from engine.labs.learning import CURVES, Learning, by_layer
from engine.labs.translation import TranslationSpec
from engine.labs.translation_decoding import Decoding, Work
from engine.labs.translation_looking import Looking
from engine.labs.translation_numbers import explain
from engine.labs.translation_script import script
from engine.nets.translation.building import make_net
from engine.nets.translation.model import PAD, Batch, Translator, behind_begin
from engine.nets.translation.names import matrices
from engine.nets.translation.taught import Taught
from engine.probes import gradients
from engine.probes.images import cropped
from engine.probes.tensors import GradientMap, Weights
from engine.probes.translation import Judged, judge, read_by_length
from engine.readings import Arrays, Reading
from engine.training.experiment import Change, Moment, Step
from engine.training.losses import LOSSES
from engine.translation.batches import MOST_SUMS, Pairs, batch_of, translating
from engine.translation.blame_spec import BlameSpec
from engine.translation.prepared import prepare

LOOKED = 200
"""Pairs of each half that are looked at; of a large vocabulary fewer."""


class TranslationExperiment(Learning[TranslationSpec, Translator]):
    """A net that translates; implements ``engine.training.experiment.Experiment``.

    Raises DataError where the pairs cannot be learnt from.
    """

    def __init__(self, spec: TranslationSpec) -> None:
        self.meanwhile: Callable[[], None] = lambda: None
        self.prepared = prepared = prepare(spec)
        self._titles = matrices(spec)
        sources, targets = prepared.learnt_numbers
        length = float((targets != PAD).sum(dim=1).float().mean())
        self._looked = looked = max(1, min(LOOKED, int(MOST_SUMS / (length * len(prepared.target)))))
        self._decoding = Decoding(prepared, looked)
        self._looking = Looking(prepared, self._decoding)
        halves = prepared.learnt_numbers, prepared.held_out_numbers
        self._halves = [batch_of(read[:looked], written[:looked]) for read, written in halves]
        self._all_held_out = batch_of(*prepared.held_out_numbers)
        self._lengths = (self._halves[1].known.sum(dim=1) - 1).numpy()
        self.scalars = (
            *(*CURVES, "symbols", "val_symbols", "bleu"),
            *(f"gradient.{layer}" for layer in self._titles),
            *(f"update.{layer}" for layer in self._titles),
        )
        once = None if spec.loss in ("auto", "cross_entropy") else LOSSES["classes"][spec.loss]
        task = translating(len(prepared.target), spec.smoothing, once)
        examples = Pairs(sources, targets, spec.batch_size, spec.seed)
        super().__init__(spec, task, examples, {layer: f"{layer}.weight" for layer in self._titles})

    def opening(self) -> tuple[Reading, ...]:
        """Return the first pairs that are learnt."""
        return (self._looking.beginning(),)

    def words(self) -> Mapping[str, str]:
        """Return the size of the net, and what is learnt."""
        prepared = self.prepared
        read, written = prepared.unknown
        looked = " and ".join(f"{len(half.targets):,}" for half in self._halves)
        parameters = sum(parameter.numel() for parameter in self._parameters.values())
        return {
            "score": self.task.score_name,
            "data": f"{prepared.title}: {len(prepared.learnt):,} pairs to be learnt, {len(prepared.held_out):,} held "
            f"out; {looked} of them are looked at",
            "net": f"{parameters:,} parameters",
            "inputs": f"{len(prepared.source):,} symbols to be read, {len(prepared.target):,} to be written"
            + (f"; of those held out {read:.1%} and {written:.1%} are not among them" if read or written else ""),
            "classes": "",
            "warnings": prepared.left_out,
        }

    def make_net(self) -> Translator:
        """Return a net with its initial weights."""
        return make_net(self.spec, len(self.prepared.source), len(self.prepared.target), self.spec.seed)

    def validate(self) -> tuple[float, float]:
        """Return loss and score on all that is held out."""
        judged = self._judged(self._all_held_out)
        return judged.loss, judged.score

    def clip(self) -> float:
        """Return how long the gradient of the next update may be."""
        return self.live.clip

    def generators(self) -> Mapping[str, torch.Generator]:
        """Return the random generators of dropout, and the one that says which symbols are shown."""
        return {**super().generators(), "forcing": self.net.forcing.generator}

    def observe(self, step: Step) -> Moment:
        """Look at the net once, through all probes."""
        learnt, held_out = map(self._judged, self._halves)
        scalars = self.curves_of(step, learnt[:2], held_out[:2])
        flow, flag = self._gradients()
        seen = self._looking.held_out(self.net, self.live)
        self.meanwhile()
        bleu, scored = self._decoding.scored(self.net, self.live, self.meanwhile)
        scalars |= {"symbols": learnt.symbols, "val_symbols": held_out.symbols, "bleu": bleu}
        by_length = read_by_length(held_out.right, self._lengths)
        readings = (*seen.readings, *scored.readings, by_length, *self._tensors_seen())
        return Moment(step.number, scalars | flow, readings, {"gradients": flag, **seen.words, **scored.words})

    def blamed(self, spec: BlameSpec) -> Work:
        """Return who is to blame for what the net as it is now writes wrong, see ``Decoding.blamed``."""
        return self._decoding.blamed(self.net, spec)

    def answer(self, question: Question, tensors: Arrays | None = None) -> Answer:
        """Return what the net writes for the text in the values, as it is now or with ``tensors``; raises RunError."""
        net = self.net if tensors is None else self.net_of(tensors)
        if question.what != "look":
            raise RunError(f"A translating net is asked to look, not {question.what[:40]!r}.")
        text = question.values.decode(errors="replace").strip()
        if not text:
            raise RunError("There is no text to be translated: expected at least one character.")
        return self._looking.typed(net, text[:MOST_TYPED], self.live)

    def net_with(self, tensors: Arrays) -> tuple[Taught, Mapping[str, Tensor]]:
        """Return a net with these parameters, in evaluation mode, and of the pairs held out the ``sources`` and what is
        ``written``, filled up to the longest text of each side.
        """
        held_out = zip(self.prepared.held_out_numbers, self.prepared.longest, strict=True)
        sources, targets = (functional.pad(side, (0, most - side.shape[1]), value=PAD) for side, most in held_out)
        return Taught(self.net_of(tensors)).eval(), {"sources": sources, "written": behind_begin(targets)}

    def script(self, changes: Sequence[Change], steps: int) -> str:
        """Return the script of a run; see ``engine.labs.translation_script``."""
        return script(self.spec, self._looked, changes, steps)

    def explain(self, step: int, arrays: Arrays, cell: Cell) -> Explanation:
        """Return how one number of the frame of ``step`` came about; see ``engine.labs.translation_numbers``."""
        scalars = dict(zip(self.scalars, arrays["scalars"].tolist(), strict=True))
        return explain(self.spec, self.make_net(), step, arrays, scalars, cell)

    def _judged(self, pairs: Batch) -> Judged:
        return judge(self.net, self.task, pairs, len(self.prepared.target), self.meanwhile)

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

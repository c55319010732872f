"""The experiment of the lab Pretrained: a model that has learnt already reads what a person types."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from math import nan

import torch
from torch import Tensor

from engine import memory
from engine.asking import Answer, Question
from engine.errors import DataError, RunError
from engine.explanation import Cell, Explanation
from engine.labs.pretrained import MOST_TEXT, OWN, PretrainedSpec
from engine.labs.pretrained_looking import Looking
from engine.labs.pretrained_numbers import explain
from engine.language.models.bringing import brought, size_of
from engine.nets.pretrained.made import made
from engine.nets.pretrained.model import Pretrained
from engine.nets.pretrained.opening import Opened, open_model
from engine.readings import Arrays, Reading
from engine.training.experiment import Change, Moment, Step

ENDS = "This model is looked at as it is: it learns nothing here."
NOT_TAKEN = "A model that was not trained here is not taken away from here: its files are where they came from."


class PretrainedExperiment:
    """A model that learns nothing; implements ``engine.training.experiment.Experiment`` with one step, and
    ``Answering``.

    The model is opened when it is first looked at: so only the process that looks holds it. Raises DataError there.
    """

    scalars = ("loss", "val_loss", "score", "val_score")

    def __init__(self, spec: PretrainedSpec) -> None:
        self.meanwhile: Callable[[], None] = lambda: None
        self.spec = self.live = spec

    def opening(self) -> tuple[Reading, ...]:
        """Return nothing: all there is to see is of a sentence."""
        return ()

    def words(self) -> Mapping[str, str]:
        """Return what is opened, and how large it is."""
        own = self.spec.model == OWN
        return {
            "score": "score",
            "data": brought(self.spec.own_model).title if own else "made here, with random weights",
            "net": f"{size_of(self.spec.own_model).parameters:,} parameters" if own else "an untrained model",
            "inputs": "",
            "classes": "",
            "warnings": "",
        }

    def steps(self, since: Arrays | None = None) -> Iterator[Step]:
        """Yield the one step that there is: nothing is learnt."""
        yield Step(0, 0.0, 0.0)

    def stop_reason(self) -> str | None:
        """Return why there are no more steps."""
        return ENDS

    def checkpoint(self) -> Arrays:
        """Return nothing: the model is as its files have it."""
        return {}

    def foresee(self) -> None:
        """Do nothing: there is no update to come."""

    def snapshot(self) -> PretrainedSpec:
        """Return the settings as they are now: the model is the same in all processes."""
        return self.live

    def adopt(self, snapshot: PretrainedSpec) -> None:
        """Look at what is set now."""
        self.live = snapshot

    def observe(self, step: Step) -> Moment:
        """Have the model read the sentence of the settings."""
        seen = self._looking.look(self.live.text, self.live, self.meanwhile)
        return Moment(step.number, dict.fromkeys(self.scalars, nan), tuple(seen.readings), seen.words)

    def answer(self, question: Question, tensors: Arrays | None = None) -> Answer:
        """Return what the model makes of a text that a person types; raises LearnscopeError."""
        if question.what != "look":
            raise RunError(f"A model is asked to look, not {question.what[:40]!r}.")
        text = question.values.decode(errors="replace")[:MOST_TEXT]
        if not text:
            raise RunError("There is no sentence to be read: expected at least one character.")
        return self._looking.look(text, self.live, self.meanwhile)

    def net_with(self, tensors: Arrays) -> tuple[Pretrained, Tensor]:
        """Return the model, and a sentence as it takes it; it has no other weights than its own."""
        opened = self._opened
        return opened.net, torch.tensor([opened.tokens.encode(self.spec.text)])

    def script(self, changes: Sequence[Change], steps: int) -> str:
        """Raise RunError: nothing was trained."""
        raise RunError(NOT_TAKEN)

    def explain(self, step: int, arrays: Arrays, cell: Cell) -> Explanation:
        """Return how one number came about; see ``engine.labs.pretrained_numbers``."""
        return explain(arrays, cell)

    def set(self, name: str, value: str) -> None:
        """Change a live setting; raises SpecError."""
        self.live = self.live.with_live(name, value)

    @cached_property
    def _looking(self) -> Looking:
        return Looking(self._opened)

    @cached_property
    def _opened(self) -> Opened:
        spec = self.spec
        if spec.model != OWN:
            return made(spec.model, spec.seed)
        try:
            return open_model(brought(spec.own_model).files, memory.usual_limit() // 2, self.meanwhile)
        except OSError as error:
            raise DataError(f"The model could not be read: {error.strerror or 'its files are not there'}.") from None

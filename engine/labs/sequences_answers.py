"""One sequence on its way through a net, one of those held out or one that a person types, and what is said of it."""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from engine.asking import Answer, Question
from engine.data.sequences.memory import BLANK, SIGN
from engine.data.sequences.prepared import Prepared
from engine.data.sequences.spec import LETTERS, MOST_STEPS, SequencesDataSpec, problem_of, steps_of
from engine.data.sequences.spelling import knows, spelt
from engine.data.sequences.vocabulary import NAMES, Vocabulary, parts
from engine.data.sequences.waves import PERIOD
from engine.errors import RunError
from engine.nets.sequences.net import SequenceNet
from engine.probes import sequences
from engine.readings import Reading
from engine.training.sequences import longest
from engine.training.task import Task

MARK = "*"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
LARGEST = 1_000.0
MOST_SHOWN = 120
"""Letters of a text that is told."""
MOST_LISTED = 40
MOST_LETTERS = 10_000
"""Of a text that is typed: no net reads on from there."""
NO_ANSWER = "what the net predicts is no number any more"
SPOILT = "The weights are no numbers any more, so the net has no answer: press Reset, or go back to an earlier step."


class One(NamedTuple):
    """One sequence: ``inputs`` as a net takes them, (1, T) or (1, T, features); what is ``asked`` of it, (1,) or (1,
    T), None where nobody knows. Of a wave all its numbers, ``measured`` and ``true``, (steps + 1,); ``text`` is the
    text that is read, if it is one.
    """

    inputs: Tensor
    asked: Tensor | None
    measured: np.ndarray | None = None
    true: np.ndarray | None = None
    text: str = ""


class Reader:
    """Has sequences of ``prepared`` read by a net, and says in words what came of it."""

    def __init__(self, spec: SequencesDataSpec, prepared: Prepared, task: Task) -> None:
        self._spec, self._prepared, self._task = spec, prepared, task
        self._classes = problem_of(spec).classes
        self._steps = steps_of(spec)

    def held_out(self, number: int) -> One:
        """Return one of those held out, by its number; they are gone through again from the first."""
        prepared = self._prepared
        place = int(prepared.validation[number % len(prepared.validation)])
        inputs, asked = torch.from_numpy(prepared.inputs[[place]]), torch.from_numpy(prepared.asked[[place]])
        if prepared.vocabulary is not None:
            return One(inputs[:, : longest(inputs)], asked, text=prepared.texts[place])
        if not self._spec.forecasts or prepared.true is None:
            return One(inputs, asked)
        measured = np.append(prepared.inputs[place, :, 0], prepared.asked[place, -1])
        return One(inputs, asked, measured, prepared.true[place])

    def answer(self, net: SequenceNet, question: Question) -> Answer:
        """Return what ``net`` answers about a text in UTF-8; raises RunError where it cannot be read."""
        if question.what != "look":
            raise RunError(f"A net that reads sequences is asked to look, not {question.what[:40]!r}.")
        text = question.values.decode("utf-8", errors="replace").strip()[:MOST_LETTERS]
        if not text:
            raise RunError("There is nothing to read: expected at least one letter or number.")
        one = self._typed(text)
        if not all(bool(torch.isfinite(number).all()) for number in net.parameters()):
            raise RunError(SPOILT)
        readings, words = self.look(net, one)
        more = self._more(text)
        return Answer(readings, {**words, "watched": f"{words['watched']}{more}"})

    def look(self, net: SequenceNet, one: One) -> tuple[tuple[Reading, ...], dict[str, str]]:
        """Return the readings of one sequence on its way through ``net``, and the words about it."""
        looked = sequences.look(net, one.inputs, lambda told: self._loss(told, one.asked), self._steps)
        classes = bool(self._classes)
        told = looked.told.argmax(dim=-1) if classes else looked.told[..., 0]
        readings: list[Reading] = [*looked.readings]
        watched = self._watched(looked.told, one)
        if one.measured is not None and one.true is not None:
            known = self._known(one)
            found = sequences.forecast(net, one.measured, one.true, known)
            readings.append(found)
            watched = _off(found, known)
        else:
            readings.append(sequences.arriving(net, one.inputs, self._steps, classes=classes))
        words = {"read": "\n".join(self._read(one.inputs[0])), "told": "\n".join(self._told(told, one.inputs))}
        return tuple(readings), {**words, "watched": watched}

    def _loss(self, told: Tensor, asked: Tensor | None) -> Tensor:
        """Return the loss; where nobody knows what is right, that of a net which should have told what it told."""
        return self._task.loss(told, told.detach().argmax(dim=1) if asked is None else asked)

    def _known(self, one: One) -> int:
        """Return how many numbers of a wave the free forecast knows: half of one held out, all of what is typed."""
        there = int(np.isfinite(one.measured).sum()) if one.measured is not None else 0
        return self._steps // 2 if there > self._steps else there

    def _typed(self, text: str) -> One:
        match self._spec.sequences:
            case "copying":
                return self._letters(text)
            case "adding":
                return self._marked(text)
            case "unrolled":
                return self._begun(text)
        known = self._prepared.vocabulary
        if known is not None:
            found = spelt(known, text)[: self._steps]
            if not any(knows(known, part) for part in found):
                raise RunError(f"None of this can be read: the net knows {_listed(known)}.")
            return One(torch.from_numpy(known.tokens([_joined(known, found)], len(found))), None, text=text)
        numbers = _numbers(_words(text))[: self._steps]
        if len(numbers) < 2:
            raise RunError("A wave that is to go on is at least two numbers, with blanks between them: received one.")
        measured = sequences.widened(np.array(numbers), self._steps + 1)
        read = torch.tensor(numbers)
        return One(read[None, :-1, None], read[None, 1:], measured, np.full_like(measured, np.nan))

    def _letters(self, text: str) -> One:
        letters = [letter for letter in text.upper() if not letter.isspace()]
        wrong = next((letter for letter in letters if letter not in LETTERS), None)
        most = (MOST_STEPS - self._spec.delay) // 2
        if wrong is not None or not 0 < len(letters) <= most:
            what = f"{wrong!r}" if wrong is not None else f"{len(letters)} letters"
            raise RunError(
                f"Letters to be copied: expected 1 to {most} of {LETTERS[0]} to {LETTERS[-1]}, received {what}."
            )
        told = [LETTERS.index(letter) for letter in letters]
        before = len(told) + self._spec.delay
        read = [*told, *[BLANK] * (self._spec.delay - 1), SIGN, *[BLANK] * len(told)]
        return One(torch.tensor([read]), torch.tensor([[*[BLANK] * before, *told]]))

    def _marked(self, text: str) -> One:
        words = _words(text)[:MOST_STEPS]
        numbers = _numbers([word.rstrip(MARK) for word in words])
        marks = [float(word.endswith(MARK)) for word in words]
        if sum(marks) != 2:
            raise RunError(
                f"Two numbers are to be added: expected two with a {MARK} behind them, found {sum(marks):.0f}."
            )
        asked = sum(number for number, mark in zip(numbers, marks, strict=True) if mark)
        return One(torch.tensor([[*zip(numbers, marks, strict=True)]]), torch.tensor([asked]))

    def _begun(self, text: str) -> One:
        numbers = _numbers(_words(text))
        if len(numbers) != 1:
            raise RunError(f"A wave is drawn from one number, from 0 to 1: received {len(numbers)}.")
        read = torch.zeros(1, self._steps, 1)
        read[0, 0, 0] = numbers[0]
        at = torch.arange(self._steps) / PERIOD + numbers[0]
        return One(read, torch.sin(2 * torch.pi * at)[None])

    def _more(self, text: str) -> str:
        """Return what is to be said of a text beside what came of it: what of it was not read, or is not known."""
        known = self._prepared.vocabulary
        if known is None:
            return ""
        found = spelt(known, text)
        read = found[: self._steps]
        strange = sorted({part for part in read if not knows(known, part)})
        said = [f"the first {self._steps} {known.unit} are read"] if len(found) > self._steps else []
        if found != parts(text, known.unit):
            said.append(f"read as {shown(_joined(known, read))}")
        said += [f"not known to the net: {' '.join(visible(part, 20) for part in strange[:8])}"] if strange else []
        return "".join(f"; {one}" for one in said)

    def _read(self, read: Tensor) -> list[str]:
        """Return what is read at each step, as it is written."""
        symbols = self._prepared.symbols
        if symbols:
            return [symbols[token] for token in read.tolist()]
        if read.shape[1] > 1:
            return [f"{_short(number, 2)}{MARK if mark else ''}" for number, mark in read.tolist()]
        numbers = [_short(number, 1) for (number,) in read.tolist()]
        return numbers if self._spec.forecasts else [_short(float(read[0, 0]), 2), *[""] * (len(numbers) - 1)]

    def _told(self, told: Tensor, inputs: Tensor) -> list[str]:
        """Return what is told at each step; nothing where nothing is asked."""
        each = told.reshape(-1).tolist()
        lines = [self._classes[int(one)] if self._classes else _short(one, 2) for one in each]
        return [*[""] * (inputs.shape[1] - len(lines)), *lines]

    def _watched(self, told: Tensor, one: One) -> str:
        """Return what stands below the sequence looked at."""
        if not bool(torch.isfinite(told).all()):
            return f"{f'{shown(one.text)}: ' if one.text else ''}{NO_ANSWER}"
        if self._prepared.each_step:
            asked = self._right(one)
            if not self._classes:
                begin = f"from {float(one.inputs[0, 0, 0]):.2f}"
                return f"{begin}: off by {_error(float((told[:, 0] - asked).abs().mean()))} on average"
            right = asked != BLANK
            said, true = self._letters_of(told.argmax(dim=1)[right]), self._letters_of(asked[right])
            return f"asked {true}, predicted {said}"
        if not self._classes:
            marked = " + ".join(f"{number:.2f}" for number, mark in one.inputs[0].tolist() if mark)
            return f"{marked}: asked {float(self._right(one)):.2f}, predicted {float(told):.2f}"
        place = int(told.argmax())
        sure = f"{float(torch.softmax(told, dim=0)[place]):.0%}"
        if one.asked is None:
            return f"{shown(one.text)}, yours: predicted {self._classes[place]} ({sure})"
        return f"{shown(one.text)}: it is {self._classes[int(one.asked)]}, predicted {self._classes[place]} ({sure})"

    def _right(self, one: One) -> Tensor:
        """Return what is right, () or (T,); for numbers and letters it is always known."""
        if one.asked is None:
            raise TypeError("expected a sequence of which it is known what is right")
        return one.asked[0]

    def _letters_of(self, tokens: Tensor) -> str:
        return "".join(self._prepared.symbols[token] for token in tokens.tolist())


def _short(number: float, digits: int) -> str:
    """Return a number as it is written under a column; a 0 has no sign, and a dash stands for what is no number."""
    if not math.isfinite(number):
        return "–"
    written = f"{number:.{digits}f}"
    return written.lstrip("-") if float(written) == 0 else written.replace("-", "−")


def shown(text: str) -> str:
    """Return a text as it is told, between quotation marks: which way its letters run changes nothing outside of
    them.
    """
    return f"«\u2068{visible(text)}\u2069»"


def visible(text: str, most: int = MOST_SHOWN) -> str:
    """Return a text on one line, without what cannot be seen, not too long."""
    line = "".join(letter if letter.isprintable() else "�" for letter in " ".join(text[: 2 * most].split()))
    return f"{line[:most]}…" if len(line) > most or len(text) > 2 * most else line


def _joined(known: Vocabulary, found: Sequence[str]) -> str:
    return ("" if known.unit == "characters" else " ").join(found)


def _listed(known: Vocabulary) -> str:
    """Return what a net knows: all letters, or some of the words."""
    symbols = [symbol for symbol in known.symbols[len(NAMES) :] if symbol.strip()]
    if len(symbols) <= MOST_LISTED:
        return f"the {known.unit} {' '.join(symbols)}"
    some = symbols[:: len(symbols) // (MOST_LISTED // 4)][: MOST_LISTED // 4]
    return f"{len(symbols):,} {known.unit}, such as {' '.join(some)}"


def _words(text: str) -> list[str]:
    """Return numbers that are written with blanks between them; a comma in front of one is as good."""
    return re.sub(r"[,;](?=\s|$)", " ", text).split()


def _numbers(words: Sequence[str]) -> list[float]:
    wrong = next((word for word in words if not _NUMBER.fullmatch(word) or abs(float(word)) > LARGEST), None)
    if wrong is not None and "," in wrong:
        raise RunError(f"{wrong[:20]!r} is no number: write 0.5 with a point, and a blank between two numbers.")
    if wrong is not None:
        raise RunError(f"{wrong[:20]!r} is no number from −{LARGEST:,.0f} to {LARGEST:,.0f} such as 0.5.")
    return [float(word) for word in words]


def _off(found: sequences.Forecast, known: int) -> str:
    """Return how far forecasts are off what was measured."""
    one, free = (_mean(np.abs(told - found.measured)) for told in (found.one, found.free))
    words = [f"one step ahead off by {one} on average", *([f"free from step {known:,} on by {free}"] if free else [])]
    return ", ".join(words)


def _error(size: float) -> str:
    """Return the size of an error as it is read: what has exploded not by dozens of digits."""
    return f"{size:.3f}" if size < 1e4 else f"{size:.2e}"


def _mean(errors: np.ndarray) -> str:
    """Return the mean of those that are numbers, in words; nothing where there are none."""
    there = errors[np.isfinite(errors)]
    return _error(float(there.mean())) if len(there) else ""

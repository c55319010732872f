"""The experiment of the lab in which vectors of words are learnt: a text, a trainer, and what is seen meanwhile."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np

from engine.errors import DataError, RunError
from engine.explanation import Cell, Explanation, products, word
from engine.figures.style import written
from engine.labs.train_words import TrainWordsSpec
from engine.readings import Arrays, Reading
from engine.training.experiment import Change, Moment, Step
from engine.words.corpus import EncodedText, TextSpec
from engine.words.corpus.cutting import drained
from engine.words.space import Space
from engine.words.texts.cutting import encoding
from engine.words.texts.spec import SourceSpec
from engine.words.train.known import Relations, known_relations
from engine.words.train.learning import keep, trainer
from engine.words.train.pace import Pace
from engine.words.train.watching import layout, nearest, questions, shares, solved, units

LOOKED = 20_000
"""So many of the most frequent words are looked at: an analogy's answer is sought among them."""
MOST_ASKED = 30
"""Analogies of a relation that are asked at every look."""
OF_A_RELATION = 2
"""Pairs of a relation, of every second one, that are put on the map where a person names no words."""
MOST_WATCHED = 40
UNASKED = 24
"""Words on the map where a person names none: more would lie over each other."""
NEIGHBOURS = 10
MOST_COUNTS = 1_000
ALIKE, COMPARED = 0.9, 500
"""Where the cosine of two of so many frequent words is more than this on average, hardly anything was learnt."""
FIRST_PROBES = ("king", "man", "day")


@dataclass(frozen=True, slots=True, eq=False)
class Map(Reading):
    """Where the words on the map lie, (w,) float32 each; and lines between words of which a relation is known, (3 *
    lines,) float32 each: one end, the other, NaN.
    """

    name: ClassVar[str] = "map"
    x: np.ndarray
    y: np.ndarray
    pair_x: np.ndarray
    pair_y: np.ndarray

    @classmethod
    def of(cls, places: np.ndarray, pairs: np.ndarray) -> Self:
        """Return the words at ``places`` (w, 2), and lines between the ``pairs`` (lines, 2) of them."""
        ends = np.full((len(pairs), 3, 2), np.nan, np.float32)
        ends[:, :2] = places[pairs]
        return cls(places[:, 0], places[:, 1], ends[..., 0].ravel(), ends[..., 1].ravel())


@dataclass(frozen=True, slots=True, eq=False)
class Watched(Reading):
    """The vectors of the words on the map and, last, of the word whose neighbours are told, (w + 1, d) float32."""

    name: ClassVar[str] = "watched"
    vectors: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Counts(Reading):
    """How often each of the most frequent words of the text comes, (n,) float64, falling."""

    name: ClassVar[str] = "text"
    counts: np.ndarray


class Snapshot(NamedTuple):
    """All that a look depends on: ``vectors`` (n, d) of the most frequent words, the loss, the learning rate, and in
    words how many words or pairs are learnt a second and what time is left.
    """

    vectors: np.ndarray
    loss: float
    rate: float
    pace: tuple[str, str]


class TrainWordsExperiment:
    """Words of a text, learnt; implements ``engine.training.experiment.Experiment``.

    Raises DataError where the text cannot be read, or has too few words.
    """

    def __init__(self, spec: TrainWordsSpec) -> None:
        self.spec = spec
        self.text = encoded(spec, spec.text())
        self._vectors = spec.vectors()
        self._trainer = trainer(self.text, self._vectors)
        rows = {name: row for row, name in enumerate(self._trainer.words[:LOOKED])}
        relations = known_relations(spec.corpus)
        self._asked = questions(relations, rows, MOST_ASKED)
        self._unknown: list[str] = []
        self.watched = self._chosen(spec.watched, rows) or _of_relations(relations, rows) or _frequent(rows)
        self.probe = next((name for name in (spec.probe.strip(), *FIRST_PROBES) if name in rows), self.watched[0])
        if spec.probe.strip() not in ("", self.probe):
            self._unknown.append(spec.probe.strip())
        self._rows = np.array([rows[name] for name in (*self.watched, self.probe)], np.int64)
        place = {name: at for at, name in enumerate(self.watched)}
        known = (pair for pairs in relations.values() for pair in pairs)
        self._pairs = np.array([[place[a], place[b]] for a, b in known if a in place and b in place], np.int64)
        self._pairs = self._pairs.reshape(-1, 2)
        self.scalars = (
            *("loss", "val_loss", "score", "val_score", "learning_rate", "epoch"),
            *(f"relation.{name}" for name in self._asked.names),
            *(f"similar.{written(name)}" for name in self.watched),
        )
        self._seen: Snapshot | None = None
        self._before: np.ndarray | None = None
        self._reason: str | None = None
        self._step = Step(0, 0.0, math.nan)

    def opening(self) -> tuple[Reading, ...]:
        """Return how often the most frequent words of the text come."""
        return (Counts(self.text.counts[:MOST_COUNTS].astype(np.float64)),)

    def words(self) -> Mapping[str, str]:
        """Return what is learnt from what, and the words on the map."""
        record = self.text.record
        unknown = ", ".join(self._unknown)
        told = [f"Not among the words that are learnt: {unknown}."] if unknown else []
        told += [] if self._asked.names else ["This text holds too few words of any known relation: none is asked."]
        return {
            "score": "analogies",
            "data": f"{record.source}: {record.tokens:,} tokens, {record.sentences:,} sentences",
            "net": f"{len(self._trainer.words):,} words of {self._vectors.dimensions} numbers",
            "inputs": "",
            "classes": "",
            "watched": "\n".join(map(written, self.watched)),
            "unit": self._trainer.unit,
            "epoch": "pass" if self.spec.method == "glove" else "epoch",
            "warnings": " ".join(told),
        }

    def steps(self, since: Arrays | None = None) -> Iterator[Step]:
        """Learn a chunk of the text after the other, from the beginning or from a checkpoint."""
        self._before = self._reason = None
        self._pace = Pace(self._vectors.epochs * self._trainer.total)
        self._pace.begin(perf_counter())
        for learnt in self._trainer.steps(since):
            self._step = Step(learnt.number, learnt.epoch, self._trainer.loss())
            self._rate = learnt.rate
            self._pace.end(learnt.tokens, perf_counter())
            self._learnt = learnt
            yield self._step
            self._pace.begin(perf_counter())
        over = "passes" if self.spec.method == "glove" else "epochs"
        self._reason = f"All {self._vectors.epochs} {over} are done."
        if self._alike > ALIKE:
            self._reason += (
                " Nearly all words still point the same way, so neighbours tell little: a short text wants more "
                f"{over}, or a higher learning rate."
            )

    def checkpoint(self) -> Arrays:
        """Return a copy of all that is needed to go on from the step just yielded."""
        return self._trainer.checkpoint()

    def foresee(self) -> None:
        """Nothing is told of updates."""

    def snapshot(self) -> Snapshot:
        """Return what ``observe`` looks at."""
        rows = np.arange(min(LOOKED, len(self._trainer.words)))
        return Snapshot(self._trainer.vectors(rows), self._step.loss, self._rate, self._pace.words)

    def adopt(self, snapshot: Snapshot) -> None:
        """Be as the experiment was that gave ``snapshot``."""
        self._seen = snapshot

    def observe(self, step: Step) -> Moment:
        """Look at words, neighbours and analogies."""
        vectors, loss, rate, (pace, left) = self._seen or self.snapshot()
        right = solved(vectors, self._asked)
        some = vectors[self._rows]
        self._before = layout(some[:-1], self._before)
        cosines = units(some[:-1]) @ units(some[-1:])[0]
        scalars = {
            "loss": loss,
            "val_loss": math.nan,
            "score": float(right.mean()) if len(right) else math.nan,
            "val_score": math.nan,
            "learning_rate": rate,
            "epoch": step.epoch,
            **dict(zip(self.scalars[6:], [*shares(right, self._asked).tolist(), *cosines.tolist()], strict=True)),
        }
        found, near = nearest(vectors, int(self._rows[-1]), NEIGHBOURS)
        told = ", ".join(f"{self._trainer.words[row]} {cosine:.2f}" for row, cosine in zip(found, near, strict=True))
        readings = (Map.of(self._before, self._pairs), Watched(some))
        words = {"nearest": f"{self.probe}: {told}", "pace": pace, "left": left}
        return Moment(step.number, scalars, readings, words)

    def keep(self, folder: Path) -> Space:
        """Leave what is learnt until now in ``folder``, whole or not at all, and return its space."""
        return keep(self.text, self._vectors, self._learnt, self._trainer.model(), folder)

    def net_with(self, tensors: Arrays) -> tuple[Any, Any]:
        """Raise DataError: vectors of words are no net that takes inputs."""
        raise DataError("Vectors of words take no inputs: there is no such file of them.")

    def script(self, changes: Sequence[Change], steps: int) -> str:
        """Raise RunError: a script would need the text."""
        raise RunError("A script of this run would need its text: take the vectors instead.")

    def explain(self, step: int, arrays: Arrays, cell: Cell) -> Explanation:
        """Return how a cosine or a share came about. Raises RunError where there is no such number."""
        scalars = dict(zip(self.scalars, arrays["scalars"].tolist(), strict=True))
        kind, _, name = cell.array.removeprefix("scalars.").partition(".")
        value = scalars.get(cell.array.removeprefix("scalars."))
        if value is None:
            raise RunError(f"There is nothing to tell about {cell.array[:60]}.")
        if kind == "similar":
            place = [written(one) for one in self.watched].index(name)
            one, other = (arrays["watched.vectors"][row].astype(float) for row in (place, -1))
            lengths = [float(np.linalg.norm(vector)) for vector in (one, other)]
            return Explanation(
                f"How near {self.watched[place]} is to {self.probe} at step {step:,}: the cosine of their vectors",
                value,
                (
                    f"({products(one.tolist(), other.tolist())}) / ({word(lengths[0])} · {word(lengths[1])})",
                    f"= {word(float(one @ other))} / {word(lengths[0] * lengths[1])} = {word(value)}",
                ),
            )
        if kind == "relation":
            asked = int((self._asked.relation == self._asked.names.index(name)).sum())
            lines = (f"{round(value * asked)} of {asked} analogies are answered right = {word(value)}",)
            return Explanation(f"Analogies of “{name}” at step {step:,}", value, lines)
        if kind == "score" and self._asked.names:
            asked = len(self._asked.rows)
            lines = (f"{round(value * asked)} of {asked} analogies are answered right = {word(value)}",)
            return Explanation(f"All analogies together at step {step:,}", value, lines)
        if kind == "loss":
            return Explanation(f"The mean loss at {self._trainer.measured} at step {step:,}", value)
        return Explanation(f"{kind.replace('_', ' ').capitalize()} at step {step:,}", value)

    def stop_reason(self) -> str | None:
        """Return in words why ``steps`` ended, or None if it has not."""
        return self._reason

    def set(self, name: str, value: str) -> None:
        """Change the learning rate from the next step on; raises SpecError for anything else."""
        self._trainer.learning_rate = self.spec.with_live(name, value).learning_rate

    @property
    def _alike(self) -> float:
        """The mean cosine of two frequent words."""
        n = min(COMPARED, len(self._trainer.words))
        total = units(self._trainer.vectors(np.arange(n))).sum(axis=0)
        return float((total @ total - n) / (n * (n - 1))) if n > 1 else 0.0

    def _chosen(self, text: str, rows: Mapping[str, int]) -> list[str]:
        asked = list(dict.fromkeys(text.replace(",", " ").split()))
        self._unknown += [name for name in asked if name not in rows]
        return [name for name in asked if name in rows][:MOST_WATCHED]


def encoded(source: SourceSpec, text: TextSpec) -> EncodedText:
    """Return a text, cut as ``text`` says; it is cut once and kept. Raises DataError."""
    return drained(encoding(source, text))


def _of_relations(relations: Relations, rows: Mapping[str, int]) -> list[str]:
    found: dict[str, None] = {}
    for pairs in list(relations.values())[::2]:
        known = [pair for pair in pairs if all(name in rows for name in pair)][:OF_A_RELATION]
        found |= dict.fromkeys(name for pair in known for name in pair)
    return list(found)[:UNASKED]


def _frequent(rows: Mapping[str, int]) -> list[str]:
    """Return words that come often and say something: by their length, for want of better."""
    return [name for name in rows if len(name) > 3][:UNASKED] or list(rows)[:UNASKED]

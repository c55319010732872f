"""What learns vectors of words from a text, chunk by chunk, so that one can watch, pause and stop it."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Generic, NamedTuple, Protocol, TypeVar

import numpy as np

from engine.errors import DataError
from engine.readings import Arrays
from engine.words.corpus import EncodedText
from engine.words.corpus.encoded import END
from engine.words.formats.fasttext import Model
from engine.words.train.glove_spec import GloveSpec
from engine.words.train.probing import Places
from engine.words.train.spec import VectorSpec, Word2VecSpec

CHUNK_TOKENS = 5_000
"""Of a step: a fiftieth of a second or so, and little enough for the first steps to be watched."""


class Learnt(NamedTuple):
    """Where a training stands after ``number`` chunks: ``epoch`` passes over the text are done, whole or in part, in
    which ``tokens`` of the words that are learnt stood; for GloVe, over the pairs of words, each of which is one token.

    ``loss`` is the mean of the last chunk, NaN where it is not known; ``rate`` the learning rate at its end.
    """

    number: int
    epoch: float
    tokens: int
    loss: float
    rate: float


class Trainer(Protocol):
    """Vectors of words on their way. The same text and spec give the same vectors bit for bit with one thread, wherever
    one begins.
    """

    learning_rate: float
    """That with which an epoch began, or would have; may be changed at any step, and holds from then on."""
    unit: str
    """What it goes over, in the plural: words of a text, or pairs of words."""

    @property
    def measured(self) -> str:
        """At what ``loss`` is taken, in words."""
        ...

    @property
    def total(self) -> int:
        """How many tokens an epoch has; see ``Learnt``."""
        ...

    @property
    def words(self) -> Sequence[str]:
        """The words that are learnt (V,), the most frequent first."""
        ...

    @property
    def counts(self) -> np.ndarray:
        """(V,) int64: how often each stands in the text."""
        ...

    def steps(self, since: Arrays | None = None) -> Iterator[Learnt]:
        """Begin anew, or go on from a checkpoint: yield where one stands, and learn one chunk more for each that is
        asked for, to the end of the last epoch.
        """
        ...

    def loss(self) -> float:
        """Return the mean loss at places of the text, or at pairs of words, that are always the same, by what is
        learnt until now.
        """
        ...

    def vectors(self, rows: np.ndarray | None = None) -> np.ndarray:
        """Return a copy (rows, d) float32 of what is learnt until now of some rows, or of all."""
        ...

    def checkpoint(self) -> Arrays:
        """Return a copy of all that ``steps`` needs to go on from here."""
        ...

    def model(self) -> Model:
        """Return what is learnt until now, with the vectors of subwords where there are any."""
        ...


def vocabulary(text: EncodedText, spec: VectorSpec) -> int:
    """Return how many words of a text are learnt: its first rows. Raises DataError where there are too few."""
    kept = text.kept(spec.min_count, spec.max_words)
    if kept < 2:
        raise DataError(
            f"{text.record.source} has {kept} words that come {spec.min_count} times or more: expected at least 2. "
            f"Choose a longer text, or a smaller minimum count."
        )
    return kept


LAST_RATE = 1e-4
"""Of the learning rate is left at the end, as in gensim."""
_NUMBERS = {"learning_rate": (), "now": (len(Learnt._fields),), "in_epoch": ()}
S = TypeVar("S", bound=Word2VecSpec | GloveSpec)


class ChunkTrainer(ABC, Generic[S]):
    """What all trainers have in common: they go over the same chunks in each epoch, know where they stand, and go on.

    Raises DataError where a text has too few words.
    """

    unit: str
    total: int

    def __init__(self, text: EncodedText, spec: S) -> None:
        self.text, self.spec = text, spec
        kept = vocabulary(text, spec)
        self.words = text.words[:kept]
        self.counts = text.counts[:kept]
        self.learning_rate = spec.learning_rate

    @abstractmethod
    def begin(self) -> None:
        """Make everything anew, at its initial values."""

    @abstractmethod
    def chunks(self) -> Iterator[np.ndarray]:
        """Yield the chunks of an epoch, always the same."""

    @abstractmethod
    def tokens_of(self, chunk: np.ndarray) -> int:
        """Return how many of the ``total`` tokens of an epoch a chunk has."""

    @abstractmethod
    def rate_after(self, tokens: int) -> float:
        """Return the learning rate when so many tokens are learnt."""

    @abstractmethod
    def learn(self, chunk: np.ndarray, before: Learnt, rate: float) -> float:
        """Learn a chunk, at a learning rate that is ``rate`` at its end; return the loss."""

    @abstractmethod
    def tables(self) -> Arrays:
        """Return views of all that is learnt, by the names that all trainers have for it."""

    def sums(self) -> Arrays:
        """Return views of what the optimiser remembers besides."""
        return {}

    def steps(self, since: Arrays | None = None) -> Iterator[Learnt]:
        """Learn; see ``Trainer.steps``. Raises DataError where ``since`` is no checkpoint of such a training."""
        self._stand_at_the_beginning()
        if since is not None:
            self._restore(since)
        now = self._now
        yield now
        while now.epoch < self.spec.epochs:
            tokens = now.tokens
            for chunk in islice(self.chunks(), self._in_epoch, None):
                tokens += self.tokens_of(chunk)
                self._in_epoch = 0 if tokens % self.total == 0 else self._in_epoch + 1
                rate = self.rate_after(tokens)
                loss = self.learn(chunk, now, rate)
                now = self._now = Learnt(now.number + 1, tokens / self.total, tokens, loss, rate)
                yield now

    def checkpoint(self) -> Arrays:
        """Return a copy of all tables, and where one stands."""
        return {name: array.copy() for name, array in self._kept().items()} | {
            "learning_rate": np.array(self.learning_rate, np.float64),
            "now": np.array(self._now, np.float64),
            "in_epoch": np.array(self._in_epoch, np.int64),
        }

    def _stand_at_the_beginning(self) -> None:
        self.begin()
        self._in_epoch = 0
        self._now = Learnt(0, 0.0, 0, math.nan, self.learning_rate)

    def _kept(self) -> Arrays:
        nets = {f"net.{name}": array for name, array in self.tables().items()}
        return nets | {f"optimizer.{name}": array for name, array in self.sums().items()}

    def _restore(self, since: Arrays) -> None:
        """Take up where a checkpoint stands: it may come from a file that a person brought."""
        tables = self._kept()
        shapes = _NUMBERS | {name: array.shape for name, array in tables.items()}
        for name in (*shapes, *since):
            if name not in shapes or name not in since or since[name].shape != shapes[name]:
                raise DataError(f"This checkpoint is of another training: {name[:60]!r} is not as it should be.")
        number, epoch, tokens, loss, rate = since["now"].tolist()
        place, learning_rate = since["in_epoch"].item(), float(since["learning_rate"])
        whole = all(math.isfinite(one) and one == int(one) and one >= 0 for one in (number, tokens, place))
        if not whole or epoch != tokens / self.total or epoch > self.spec.epochs or not 0 < learning_rate <= 1:
            raise DataError(f"This checkpoint is of no step: received number {number:g}, epoch {epoch:g}.")
        if sum(map(self.tokens_of, islice(self.chunks(), min(int(place), self.total)))) != tokens % self.total:
            raise DataError(
                f"This checkpoint is of no step: received chunk {place:g} of an epoch that is at {epoch:g}."
            )
        for name, array in tables.items():
            array[...] = since[name]
        self.learning_rate, self._in_epoch = learning_rate, int(place)
        self._now = Learnt(int(number), epoch, int(tokens), loss, rate)


class TextTrainer(ChunkTrainer[Word2VecSpec]):
    """What trainers have in common that go over a text: sentence by sentence, at a rate that falls."""

    unit = "words"

    def __init__(self, text: EncodedText, spec: Word2VecSpec) -> None:
        super().__init__(text, spec)
        self.total = int(self.counts.sum())
        self._stand_at_the_beginning()

    @abstractmethod
    def loss_at(self, places: Places) -> float:
        """Return the mean loss at some places of the text, by what is learnt until now."""

    def loss(self) -> float:
        """Return the mean loss at places of the text that are always the same."""
        return self.loss_at(self._places)

    @property
    def measured(self) -> str:
        """At what ``loss`` is taken."""
        return f"{len(self._places.told):,} places of the text"

    def chunks(self) -> Iterator[np.ndarray]:
        """Yield the rows of words, -1 after each sentence, (n,) int32."""
        return self.text.chunks(len(self.words), CHUNK_TOKENS)

    def tokens_of(self, chunk: np.ndarray) -> int:
        """Return how many words a chunk has."""
        return int((chunk != END).sum())

    def rate_after(self, tokens: int) -> float:
        """Return the learning rate: it falls evenly to nearly nothing."""
        done = min(1.0, tokens / (self.total * self.spec.epochs))
        return self.learning_rate + (min(LAST_RATE, self.learning_rate) - self.learning_rate) * done

    @cached_property
    def _places(self) -> Places:
        return Places.of(self.text, len(self.words), self.spec.window, self.spec.negative, self.spec.seed)

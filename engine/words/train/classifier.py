"""Learns to tell which label a text has, from texts with labels: as fastText does, and small enough to be read.

A text is the mean of the vectors of its words and of its word n-grams; a second matrix makes a score of it for each
label, and a softmax shares of those (Joulin et al. 2016, arXiv 1607.01759). fastText hashes n-grams into buckets; here
each that was seen has a row of its own, so that what it adds to a score can be told.
"""

import os
from array import array
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import DataError
from engine.seeds import numpy_generator
from engine.words.corpus.spec import TextSpec
from engine.words.corpus.tokens import Tokeniser, tokeniser
from engine.words.train.classifier_spec import ClassifierSpec
from engine.words.train.labelled import Labelled, read

BETWEEN = " "
"""Words of an n-gram are joined by it: no word has one in it."""


@dataclass(frozen=True, slots=True)
class Going:
    """How the learning goes: epochs done of all, and the mean loss of the last one, in nats."""

    epoch: int
    epochs: int
    loss: float


Progress = Callable[[Going], bool | None]
"""Told behind every epoch how the learning goes; whoever returns False stops it, and what is learnt stays."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a text: its ``label``, the ``shares`` of all labels, which sum to 1, and why.

    ``reasons`` are its features that are known, the strongest first, each with what it adds to the score of ``label``;
    they sum to the ``score``, as the scores of all labels sum to 0.
    """

    label: str
    shares: Mapping[str, float]
    score: float
    reasons: tuple[tuple[str, float], ...]


class Classifier:
    """What was learnt: ``vectors`` (features, d) and ``outputs`` (labels, d), both float64."""

    def __init__(
        self,
        labels: Sequence[str],
        features: Sequence[str],
        vectors: np.ndarray,
        outputs: np.ndarray,
        longest: int,
        cut: Tokeniser,
    ) -> None:
        self.labels, self.features = tuple(labels), tuple(features)
        self.vectors, self.outputs = vectors, outputs
        self._rows = {feature: row for row, feature in enumerate(features)}
        self._longest, self._cut = longest, cut

    def rows(self, text: str) -> list[int]:
        """Return the features of a text that are known, as often as it has them."""
        return [self._rows[one] for one in features_of(self._cut(text), self._longest) if one in self._rows]

    def unknown(self, text: str) -> list[str]:
        """Return the words of a text that have no vector, each once: they came too seldom, or never."""
        return [one for one in dict.fromkeys(self._cut(text)) if one not in self._rows]

    def scores(self, text: str) -> np.ndarray:
        """Return the score of each label, (labels,) float64: 0 for all where no feature of the text is known."""
        rows = self.rows(text)
        return self.outputs @ self.vectors[rows].mean(axis=0) if rows else np.zeros(len(self.labels))

    def shares(self, text: str) -> np.ndarray:
        """Return the probability of each label, (labels,) float64."""
        scores = self.scores(text)
        powers = np.exp(scores - scores.max())
        return powers / powers.sum()

    def label(self, text: str) -> str:
        """Return the label with the largest share; of equal ones the first by the alphabet."""
        return self.labels[int(self.scores(text).argmax())]

    def explain(self, text: str) -> Told:
        """Return the label of a text, and how much each of its words and n-grams speaks for it."""
        scores, rows = self.scores(text), self.rows(text)
        best = int(scores.argmax())
        adds = self.vectors[rows] @ self.outputs[best] / max(1, len(rows))
        reasons: dict[str, float] = {}
        for row, value in zip(rows, adds.tolist(), strict=True):
            reasons[self.features[row]] = reasons.get(self.features[row], 0.0) + value
        return Told(
            self.labels[best],
            dict(zip(self.labels, self.shares(text).tolist(), strict=True)),
            float(scores[best]),
            tuple(sorted(reasons.items(), key=lambda one: -abs(one[1]))),
        )


def classifier(
    corpus: str | os.PathLike[str] | Iterable[Labelled],
    spec: ClassifierSpec | None = None,
    progress: Progress | None = None,
    *,
    text: TextSpec | None = None,
) -> Classifier:
    """Learn from texts with labels, or from a file of them (see ``labelled``), and return what tells labels.

    The same texts, settings and seed give the same to the last bit. ``text`` says how texts are cut: into words,
    between blanks, or into characters. All of it is in memory. Raises DataError where there are not two labels, or no
    words, or words are to be cut into pieces.
    """
    going = learning(corpus, spec or ClassifierSpec(), text or TextSpec())
    said: bool | None = None
    while True:
        try:
            one = going.send(said)
        except StopIteration as end:
            return end.value
        said = progress(one) if progress is not None else None


def learning(
    corpus: str | os.PathLike[str] | Iterable[Labelled], spec: ClassifierSpec, text: TextSpec
) -> Generator[Going, bool | None, Classifier]:
    """Learn as ``classifier`` does: yield how it goes behind every epoch; to send False ends it, and what is learnt
    stays.
    """
    examples = Examples(spec, text)
    for label, words in read(corpus) if isinstance(corpus, str | os.PathLike) else corpus:
        examples.add(label, words)
    return (yield from examples.learning())


class Examples:
    """Texts with labels that are to be learnt from, as numbers: so that they take little memory beside their features.

    Raises DataError where words are to be cut into pieces.
    """

    def __init__(self, spec: ClassifierSpec, text: TextSpec) -> None:
        if text.rule == "bpe" or text.phrases:
            raise DataError(
                "Texts with labels are cut into words, between blanks, or into characters: expected no pieces."
            )
        self._spec, self._cut = spec, tokeniser(text.rule, text.lower)
        self._labels: list[str] = []
        self._ids: dict[str, int] = {}
        self._flat, self._ends = array("q"), array("q", [0])

    def add(self, label: str, text: str) -> None:
        """Take one more."""
        self._labels.append(label)
        features = features_of(self._cut(text), self._spec.longest)
        self._flat.extend([self._ids.setdefault(one, len(self._ids)) for one in features])
        self._ends.append(len(self._flat))

    def learning(self) -> Generator[Going, bool | None, Classifier]:
        """Learn from them, see ``learning``. Raises DataError where there are not two labels, or no words."""
        from engine.words.train.classifier_kernels import learn

        spec, labels = self._spec, sorted(set(self._labels))
        if len(labels) < 2:
            raise DataError(f"There are texts of {len(labels)} labels: expected at least 2.")
        features, flat, ends, told = self._frequent(labels)
        random = numpy_generator(spec.seed, "vectors")
        vectors = random.uniform(-1 / spec.dimensions, 1 / spec.dimensions, (len(features), spec.dimensions))
        outputs = np.zeros((len(labels), spec.dimensions))
        for epoch in range(spec.epochs):
            order = numpy_generator(spec.seed, "order", epoch).permutation(len(told))
            rate, fall = spec.learning_rate * (1 - epoch / spec.epochs), spec.learning_rate / (spec.epochs * len(told))
            loss = learn(flat, ends, told, order, vectors, outputs, rate, fall)
            if (yield Going(epoch + 1, spec.epochs, float(loss))) is False:
                break
        return Classifier(labels, features, vectors, outputs, spec.longest, self._cut)

    def _frequent(self, labels: Sequence[str]) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray]:
        """Return the features that come often enough, as they came first; those of the texts that have any (m,), by
        their rows, where each text's end (n + 1,), and the places of their labels (n,).
        """
        flat, ends = np.array(self._flat, np.int64), np.array(self._ends, np.int64)
        often = np.bincount(flat, minlength=len(self._ids)) >= self._spec.min_count
        if not often[flat].any():
            raise DataError(
                f"No word comes {self._spec.min_count:,} times: expected longer texts, or a smaller minimum count."
            )
        stays = often[flat]
        lengths = np.diff(np.concatenate([[0], np.cumsum(stays)])[ends])
        place = {label: at for at, label in enumerate(labels)}
        told = np.array([place[label] for label in self._labels], np.int64)
        features = [feature for feature, one in zip(self._ids, often.tolist(), strict=True) if one]
        rows = (np.cumsum(often) - 1)[flat[stays]]
        return features, rows, np.concatenate([[0], np.cumsum(lengths[lengths > 0])]), told[lengths > 0]


def features_of(words: Sequence[str], longest: int) -> list[str]:
    """Return the words of a text and its n-grams of up to so many words, in their order."""
    return [
        BETWEEN.join(words[at : at + size]) for size in range(1, longest + 1) for at in range(len(words) - size + 1)
    ]

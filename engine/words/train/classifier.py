"""Learns to tell which label a text has, from texts with labels: as fastText does, and small enough to be read.

A text is the mean of the vectors of its words and of its word n-grams; a second matrix makes a score of it for each
label, and a softmax shares of those (Joulin et al. 2016, arXiv 1607.01759). fastText hashes n-grams into buckets; here
each that was seen has a row of its own, so that what it adds to a score can be told.
"""

import os
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

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
    if text.rule == "bpe" or text.phrases:
        raise DataError("Texts with labels are cut into words, between blanks, or into characters: expected no pieces.")
    cut = tokeniser(text.rule, text.lower)
    examples = [
        (label, features_of(cut(words), spec.longest))
        for label, words in (read(corpus) if isinstance(corpus, str | os.PathLike) else corpus)
    ]
    counts = Counter(chain.from_iterable(found for _, found in examples))
    features = [feature for feature, count in counts.items() if count >= spec.min_count]
    labels = sorted({label for label, _ in examples})
    if len(labels) < 2:
        raise DataError(f"There are texts of {len(labels)} labels: expected at least 2.")
    return (yield from _learning(spec, labels, features, examples, cut))


def features_of(words: Sequence[str], longest: int) -> list[str]:
    """Return the words of a text and its n-grams of up to so many words, in their order."""
    return [
        BETWEEN.join(words[at : at + size]) for size in range(1, longest + 1) for at in range(len(words) - size + 1)
    ]


def _learning(
    spec: ClassifierSpec,
    labels: Sequence[str],
    features: Sequence[str],
    examples: Sequence[tuple[str, list[str]]],
    cut: Tokeniser,
) -> Generator[Going, bool | None, Classifier]:
    from engine.words.train.classifier_kernels import learn

    rows, place = {feature: row for row, feature in enumerate(features)}, {label: at for at, label in enumerate(labels)}
    known = [(place[label], [rows[one] for one in found if one in rows]) for label, found in examples]
    known = [(label, found) for label, found in known if found]
    if not known:
        raise DataError(f"No word comes {spec.min_count:,} times: expected longer texts, or a smaller minimum count.")
    flat = np.fromiter(chain.from_iterable(found for _, found in known), np.int64)
    ends = np.cumsum([0, *(len(found) for _, found in known)])
    told = np.array([label for label, _ in known], np.int64)
    random = numpy_generator(spec.seed, "vectors")
    vectors = random.uniform(-1 / spec.dimensions, 1 / spec.dimensions, (len(features), spec.dimensions))
    outputs = np.zeros((len(labels), spec.dimensions))
    for epoch in range(spec.epochs):
        order = numpy_generator(spec.seed, "order", epoch).permutation(len(known))
        rate, fall = spec.learning_rate * (1 - epoch / spec.epochs), spec.learning_rate / (spec.epochs * len(known))
        loss = learn(flat, ends, told, order, vectors, outputs, rate, fall)
        if (yield Going(epoch + 1, spec.epochs, float(loss))) is False:
            break
    return Classifier(labels, features, vectors, outputs, spec.longest, cut)

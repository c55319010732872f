"""Sequences ready for a net: as numbers, split, with what is asked of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.sequences.memory import adding, copying
from engine.data.sequences.names import names
from engine.data.sequences.reading import drained, reading
from engine.data.sequences.sentences import sentences
from engine.data.sequences.spec import SIGNS, SequencesDataSpec, steps_of
from engine.data.sequences.vocabulary import Unit, Vocabulary
from engine.data.sequences.waves import PERIOD, Wave, waves
from engine.errors import DataError
from engine.seeds import numpy_generator


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Sequences that a net reads, and which rows are for ``train`` and which for ``validation``, (n,) int64 each.

    ``inputs`` are tokens (n, steps) int64 where ``symbols`` says what each stands for, or numbers (n, steps, features)
    float32. ``asked`` is what is to be told: of each sequence, (n,), or at each step of it, (n, steps); int64 for
    classes, float32 for numbers; the score counts from the step ``first`` on. ``vocabulary`` is there where texts are
    read. ``true`` (n, steps + 1) float32 are waves without the noise of their measurement, where it is waves.
    """

    title: str
    inputs: np.ndarray
    asked: np.ndarray
    train: np.ndarray
    validation: np.ndarray
    symbols: tuple[str, ...] = ()
    first: int = 0
    vocabulary: Vocabulary | None = None
    texts: tuple[str, ...] = ()
    true: np.ndarray | None = None

    @property
    def each_step(self) -> bool:
        """Tell whether something is asked at each step, and not of a whole sequence."""
        return self.asked.ndim == 2


def prepare(spec: SequencesDataSpec) -> Prepared:
    """Return the sequences of ``spec``; raises DataError where they cannot be learnt from."""
    match spec.sequences:
        case "names":
            return _texts(spec, "Names of ten languages", names(spec.samples // 10, spec.data_seed), "characters")
        case "sentiment":
            return _texts(spec, "Sentences", sentences(spec.samples // 2, spec.data_seed), "words")
        case "own":
            return _own(spec)
        case "adding":
            found = adding(spec.samples, spec.length, spec.data_seed)
            return Prepared("Numbers to be added", found.read, found.asked, *_split(spec, spec.samples))
        case "copying":
            found = copying(spec.samples, spec.copied, spec.delay, spec.data_seed)
            halves, first = _split(spec, spec.samples), spec.copied + spec.delay
            return Prepared("Letters to be copied", found.read, found.asked, *halves, SIGNS, first)
        case "unrolled":
            return _unrolled(spec)
        case kind:
            return _waves(spec, kind)


def _texts(spec: SequencesDataSpec, title: str, found: Mapping[str, Sequence[str]], unit: Unit) -> Prepared:
    """Return texts by classes; what is known of symbols is known of the training texts alone."""
    texts = tuple(text for some in found.values() for text in some)
    labels = np.repeat(np.arange(len(found)), [len(some) for some in found.values()])
    if len(texts) < 2:
        raise DataError(f"{title}: expected at least two texts, found {len(texts)}.")
    train, validation = _split(spec, len(texts))
    vocabulary = Vocabulary.of((texts[place] for place in train), unit)
    tokens = vocabulary.tokens(texts, steps_of(spec))
    return Prepared(*(title, tokens, labels, train, validation, vocabulary.symbols), vocabulary=vocabulary, texts=texts)


def _own(spec: SequencesDataSpec) -> Prepared:
    """Return texts that a person has brought, ``spec.samples`` at most; raises DataError where they are not here."""
    found = drained(reading(spec.own_sequences, spec.how))
    order = numpy_generator(spec.data_seed, "sequences", "most").permutation(len(found.texts))
    chosen: dict[str, list[str]] = {name: [] for name in found.record.classes}
    for place in np.sort(order[: spec.samples]):
        chosen[found.record.classes[found.labels[place]]].append(found.texts[place])
    return _texts(spec, found.record.title, chosen, spec.own_unit)


def _waves(spec: SequencesDataSpec, kind: Wave) -> Prepared:
    """Return waves: at each step the next measurement is asked for."""
    found = waves(kind, spec.samples, spec.length + 1, spec.noise, spec.data_seed)
    read, asked = found.values[:, :-1, None], found.values[:, 1:]
    return Prepared("Waves", read, asked, *_split(spec, spec.samples), true=found.true)


def _unrolled(spec: SequencesDataSpec) -> Prepared:
    """Return sines of which only the beginning is told, as a share of their course: one number, and then nothing."""
    begins = numpy_generator(spec.data_seed, "unrolled").uniform(0, 1, (spec.samples, 1))
    at = np.arange(spec.length + 1) / PERIOD
    true = np.sin(2 * np.pi * (at + begins)).astype(np.float32)
    read = np.zeros((spec.samples, spec.length, 1), np.float32)
    read[:, 0] = begins
    return Prepared("Waves from one number", read, true[:, :-1], *_split(spec, spec.samples), true=true)


def _split(spec: SequencesDataSpec, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows for training and those held out, in no order: the first few are of all classes."""
    order = numpy_generator(spec.data_seed, "sequences", "split").permutation(count)
    cut = min(max(round(count * spec.train_share), 1), count - 1)
    return order[:cut], order[cut:]

"""Labels learnt in a process of its own, to be shown: how well they are told, which are mistaken, and why."""

from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.jobs import Progress
from engine.jobs.job import Work
from engine.seeds import numpy_generator
from engine.words.compare.intervals import wilson
from engine.words.corpus.spec import TextSpec
from engine.words.texts.spec import OWN
from engine.words.train.classifier import Classifier, Examples
from engine.words.train.classifier_spec import ClassifierSpec
from engine.words.train.labelled import Labelled, made_up
from engine.words.train.labelled_own import reading
from engine.words.train.labelled_spec import LabelledSpec

HELD_OUT = 0.2
READ, CUT, LEARNT = 0.2, 0.4, 0.95
"""What share of the work is done when texts are read, when they are cut, and when they are learnt."""
TELL_TEXTS = 500
SHOWN_LABELS = 12
"""Of so many labels, the most frequent, it is told which are taken for which; the others are one."""


def learn(arguments: Mapping[str, Any]) -> Work:
    """Learn, see ``classifier_order.order``. The result is that of ``result_of``, with what is told of the text."""
    spec = ClassifierSpec.from_json(arguments["spec"])
    texts = yield from _texts(LabelledSpec.from_json(arguments["texts"]))
    train, test = held_out(texts, spec.seed)
    if not test:
        raise DataError(f"Of {len(texts):,} texts none can be held out to be told: expected more of the same label.")
    found = yield from _learnt(train, spec)
    yield Progress(LEARNT, f"telling {len(test):,} texts")
    told = found.explain(arguments["ask"])
    return {
        **result_of(found, train, test),
        "label": told.label,
        "shares": dict(told.shares),
        "score": told.score,
        "reasons": [list(reason) for reason in told.reasons],
        "unknown": found.unknown(arguments["ask"]),
    }


def held_out(texts: Sequence[Labelled], seed: int) -> tuple[list[Labelled], list[Labelled]]:
    """Return the texts to learn from, and a fifth of all, drawn at random, to be told.

    Where that would leave no text of a label to be learnt from, its texts are all learnt from.
    """
    order = numpy_generator(seed, "held out").permutation(len(texts)).tolist()
    few = round(HELD_OUT * len(texts))
    train, test = [texts[at] for at in order[few:]], [texts[at] for at in order[:few]]
    known = {label for label, _ in train}
    unknown = [one for one in test if one[0] not in known]
    return train + unknown, [one for one in test if one[0] in known]


def result_of(found: Classifier, train: Sequence[Labelled], test: Sequence[Labelled]) -> dict[str, Any]:
    """Return how many of the texts held out are told right, with the interval of that share, which are mistaken, and
    how many who always tells the most frequent label gets right.

    ``mistaken`` has the ``labels`` that are shown, the most frequent first, and ``counts``: a row for each, how many
    of its texts are told to be of each; where there are more labels, the last row and column are all others.
    ``single`` are the labels of which there is one text only.
    """
    told = [found.label(text) for _, text in test]
    right = sum(one == label for one, (label, _) in zip(told, test, strict=True))
    most = max((sum(one == label for one, _ in test) for label in found.labels), default=0)
    every = Counter(label for label, _ in (*train, *test))
    return {
        "labels": list(found.labels),
        "features": len(found.features),
        "texts": len(train),
        "told": len(test),
        "right": right,
        "accuracy": right / len(test) if test else None,
        "interval": list(wilson(right, len(test))) if test else None,
        "accuracy_of_the_most_frequent_label": most / len(test) if test else None,
        "mistaken": _mistaken(every, [label for label, _ in test], told),
        "single": sorted(label for label, count in every.items() if count == 1),
    }


def _texts(spec: LabelledSpec) -> Generator[Progress, None, list[Labelled]]:
    if spec.labelled != OWN:
        return list(made_up())
    going = reading(spec)
    while True:
        try:
            one = next(going)
        except StopIteration as end:
            return end.value
        yield Progress(None if one.share is None else READ * one.share, one.words)


def _learnt(train: Sequence[Labelled], spec: ClassifierSpec) -> Generator[Progress, None, Classifier]:
    examples = Examples(spec, TextSpec())
    for at, (label, text) in enumerate(train):
        if at % TELL_TEXTS == 0:
            yield Progress(READ + (CUT - READ) * at / len(train), f"{at:,} of {len(train):,} texts cut into words")
        examples.add(label, text)
    going = examples.learning()
    while True:
        try:
            one = next(going)
        except StopIteration as end:
            return end.value
        share = CUT + (LEARNT - CUT) * one.epoch / one.epochs
        yield Progress(share, f"epoch {one.epoch} of {one.epochs}, loss {one.loss:.3f}")


def _mistaken(every: Mapping[str, int], true: Sequence[str], told: Sequence[str]) -> dict[str, Any]:
    falling = sorted(every, key=lambda label: (-every[label], label))
    shown = falling if len(falling) <= SHOWN_LABELS else falling[: SHOWN_LABELS - 1]
    place = {label: at for at, label in enumerate(shown)}
    size = len(shown) + (len(shown) < len(falling))
    counts = np.zeros((size, size), np.int64)
    for one, other in zip(true, told, strict=True):
        counts[place.get(one, len(shown)), place.get(other, len(shown))] += 1
    return {"labels": shown, "counts": counts.tolist()}

"""Labels learnt in a process of its own, from sentences of the made-up world, to be shown: how well, and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.jobs import Progress
from engine.jobs.job import Work
from engine.seeds import numpy_generator
from engine.words.corpus.spec import TextSpec
from engine.words.train.classifier import Classifier, learning
from engine.words.train.classifier_spec import ClassifierSpec
from engine.words.train.labelled import Labelled, made_up

HELD_OUT = 0.2


def learn(arguments: Mapping[str, Any]) -> Work:
    """Learn, see ``classifier_spec.order``. The result is that of ``result_of``, with what is told of the text."""
    spec = ClassifierSpec.from_json(arguments["spec"])
    train, test = held_out(list(made_up()), spec.seed)
    yield Progress(0.0, f"{len(train):,} texts")
    going = learning(train, spec, TextSpec())
    while True:
        try:
            one = next(going)
        except StopIteration as end:
            found: Classifier = end.value
            break
        yield Progress(one.epoch / one.epochs, f"epoch {one.epoch} of {one.epochs}, loss {one.loss:.3f}")
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
    """Return the texts to learn from, and a fifth of all, drawn at random, to be told."""
    order = numpy_generator(seed, "held out").permutation(len(texts)).tolist()
    few = round(HELD_OUT * len(texts))
    return [texts[at] for at in order[few:]], [texts[at] for at in order[:few]]


def result_of(found: Classifier, train: Sequence[Labelled], test: Sequence[Labelled]) -> dict[str, Any]:
    """Return how many of the texts held out are told right, beside who always tells the most frequent label."""
    right = sum(found.label(text) == label for label, text in test)
    most = max((sum(one == label for one, _ in test) for label in found.labels), default=0)
    return {
        "labels": list(found.labels),
        "features": len(found.features),
        "texts": len(train),
        "told": len(test),
        "right": right,
        "accuracy": right / len(test) if test else None,
        "accuracy_of_the_most_frequent_label": most / len(test) if test else None,
    }

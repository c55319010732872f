"""``python -m engine words-classify TEXTS``: labels of texts learnt, told and explained, without a browser."""

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from engine.errors import DataError
from engine.spec import assigned

if TYPE_CHECKING:
    from engine.words.train.classifier import Classifier, Told
    from engine.words.train.labelled import Labelled

MADE_UP = "world"
MOST_REASONS = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    about = f"texts, one in a line behind __label__NAME, also gzipped; or {MADE_UP}: sentences of the made-up world"
    parser.add_argument("texts", metavar="TEXTS", help=about)
    parser.add_argument("--test", metavar="FILE", help="such texts to be told; without it a fifth of TEXTS is held out")
    parser.add_argument("--ask", metavar="TEXT", action="append", default=[], help="a text to be told, with reasons")
    for option, what in (("--set", "change one setting of the learning"), ("--text", "of how texts are cut")):
        parser.add_argument(option, metavar="key=value", action="append", default=[], help=f"{what}; may be repeated")


def classify(options: argparse.Namespace) -> Iterator[str]:
    """Learn, and yield a line of JSON for each epoch, one for how many held-out texts are told right, and one for each
    text that is asked. Raises SpecError and DataError.
    """
    from engine.words.corpus import TextSpec
    from engine.words.train import ClassifierSpec
    from engine.words.train.classifier import learning
    from engine.words.train.classifier_work import result_of

    spec = ClassifierSpec.from_strings(assigned(options.set, "--set"))
    text = TextSpec.from_strings(assigned(options.text, "--text"))
    train, test = _texts(options, spec.seed)
    going = learning(train, spec, text)
    while True:
        try:
            one = next(going)
        except StopIteration as end:
            found: Classifier = end.value
            break
        yield json.dumps({"epoch": one.epoch, "epochs": one.epochs, "loss": one.loss})
    yield json.dumps({"result": result_of(found, train, test)}, ensure_ascii=False)
    for asked in options.ask:
        yield json.dumps({"text": asked, **_told(found.explain(asked))}, ensure_ascii=False)


def _texts(options: argparse.Namespace, seed: int) -> "tuple[list[Labelled], list[Labelled]]":
    """Return the texts to learn from, and those to be told."""
    from engine.words.train.classifier_work import held_out
    from engine.words.train.labelled import made_up, read

    texts = list(made_up()) if options.texts == MADE_UP else list(read(options.texts))
    if options.test is not None:
        return texts, list(read(options.test))
    train, test = held_out(texts, seed)
    if not test:
        raise DataError(f"There are {len(texts)} texts: expected at least 3, of which some are held out, or --test.")
    return train, test


def _told(told: "Told") -> dict[str, Any]:
    return {
        "label": told.label,
        "shares": told.shares,
        "score": told.score,
        "reasons": [list(one) for one in told.reasons[:MOST_REASONS]],
    }

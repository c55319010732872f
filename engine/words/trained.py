"""The spaces that the app trains by itself: each is trained once, kept, and mapped from then on."""

import hashlib
import json
import os
from pathlib import Path

from engine.errors import DataError
from engine.jobs import Order
from engine.words import stored
from engine.words.corpora import corpus
from engine.words.opening import cache_folder
from engine.words.space import Space

FORM = 2
"""To be raised where the same text with the same settings is to be learnt otherwise."""


def folder(name: str, cache: str | os.PathLike[str] | None = None) -> Path:
    """Return where the space of a text is kept: elsewhere as soon as the text or how it is learnt is another.

    Raises DataError where there is no such text.
    """
    text = corpus(name)
    said = [name, text.fingerprint(), text.settings.to_json(), FORM, stored.FORM]
    return cache_folder(cache) / f"trained-{hashlib.sha256(json.dumps(said).encode()).hexdigest()[:24]}"


def opened(name: str, cache: str | os.PathLike[str] | None = None) -> Space | None:
    """Return the space of a text; None if it has not been trained yet, see ``order``. Raises DataError."""
    kept = folder(name, cache)
    try:
        return Space(stored.open_folder(kept))
    except DataError:
        return None


def order(name: str, cache: str | os.PathLike[str] | None = None) -> Order:
    """Return the order to train the space of a text; raises DataError where there is no such text."""
    return Order.of("engine.words.training:train", corpus=corpus(name).name, cache=str(cache) if cache else None)

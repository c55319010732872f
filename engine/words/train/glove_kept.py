"""Where it is kept how often the words of a text stand near each other: with the text; light."""

from pathlib import Path

from engine.errors import DataError
from engine.words.corpus import EncodedText
from engine.words.train.glove_spec import GloveSpec
from engine.words.train.matrix import Cooccurrences


def folder_of(text: EncodedText, spec: GloveSpec, kept: int) -> Path:
    """Return the folder of the counts of a text's first ``kept`` words."""
    return text.folder / f"counts-{spec.window}-{'both' if spec.symmetric else 'left'}-{kept}"


def kept_counts(text: EncodedText, spec: GloveSpec, kept: int) -> Cooccurrences | None:
    """Return how often the first ``kept`` words stand near each other; None until it is counted."""
    try:
        return Cooccurrences.open(folder_of(text, spec, kept))
    except DataError:
        return None

"""Sequences of symbols as they are learnt: made, and split into those for training and those held out."""

from dataclasses import dataclass

import numpy as np

from engine.data.language.styles import made_text
from engine.data.symbols import made
from engine.data.symbols.spec import OWN, SymbolsSpec
from engine.data.symbols.text import pieces
from engine.seeds import numpy_generator

TITLES = {
    "repeated": "Letters that come again",
    "modular": "Sums",
    "copy": "Letters to be copied",
    "reverse": "Letters to be reversed",
    "sort": "Letters to be sorted",
    "text": "A text",
}


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Sequences ``made``, and the rows of those for ``train`` and for ``validation``."""

    title: str
    made: made.Made
    train: np.ndarray
    validation: np.ndarray


def prepare(spec: SymbolsSpec, shape: str, own: tuple[str, str] | None = None) -> Prepared:
    """Return the sequences of ``spec`` for a net of a ``shape``; ``own`` are title and characters of the text that is
    learnt, where that is a person's own.
    """
    title, text = own or (TITLES[spec.sequences], "")
    whole = make(spec, shape, text)
    order = numpy_generator(spec.data_seed, "symbols", "split").permutation(len(whole.read))
    cut = min(max(round(len(order) * spec.train_share), 1), len(order) - 1)
    return Prepared(title, whole, order[:cut], order[cut:])


def make(spec: SymbolsSpec, shape: str, text: str = "") -> made.Made:
    """Return all sequences of ``spec``, out of a person's own ``text`` where that is learnt."""
    masked = shape == "encoder"
    count, length, seed = spec.samples, spec.length, spec.data_seed
    match spec.sequences:
        case "repeated":
            return made.repeated(count, length, spec.letters, masked=masked, seed=seed)
        case "modular":
            return made.modular(spec.prime)
        case "text":
            written = text if spec.style == OWN else made_text(spec.style, count * length + 1, seed)
            return pieces(written, length, masked=masked, seed=seed)
        case order:
            return made.arranged(order, count, length, spec.letters, shape, seed)

"""BLEU and its parts as a reading."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.readings import Reading
from engine.translation.bleu import Bleu


@dataclass(frozen=True, slots=True, eq=False)
class BleuParts(Reading):
    """Of rows of one symbol (first) to four: ``counts`` (4, 3) int32, those written, those of them that are in the
    reference, and those that count; ``precision`` (4,) float32 from 0 to 1, smoothed. ``brevity`` (1,) float32;
    ``lengths`` (2,) int32, of what was written and of the references, in symbols.
    """

    name: ClassVar[str] = "bleu"
    counts: np.ndarray
    precision: np.ndarray
    brevity: np.ndarray
    lengths: np.ndarray


def read_bleu(bleu: Bleu) -> BleuParts:
    """Return the parts of a BLEU."""
    return BleuParts(
        np.array([bleu.written, bleu.found, bleu.clipped], np.int32).T,
        np.array(bleu.precisions, np.float32) / 100,
        np.array([bleu.brevity], np.float32),
        np.array([bleu.written_length, bleu.reference_length], np.int32),
    )

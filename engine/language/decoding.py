"""One symbol is chosen: what a net's sums become on the way, and why it was this one.

First the sums are divided by the temperature, then all but the ``top_k`` likeliest fall away (Fan, Lewis and Dauphin
2018, arXiv 1805.04833), then all behind the nucleus: the fewest likeliest symbols whose probabilities together reach a
share (Holtzman et al. 2020, arXiv 1904.09751). What is left is made to add up to 1 again.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from engine.language.decoding_spec import DecodingSpec


class Fate(IntEnum):
    """What became of a symbol before one was chosen."""

    KEPT = 0
    CUT_BY_K = 1
    CUT_BY_NUCLEUS = 2
    NEVER = 3


@dataclass(frozen=True, slots=True, eq=False)
class Considered:
    """What there was to choose from, (V,) each: the net's own probabilities (``told``), what they were when one was
    chosen (``drawn``, 0 for those cut), what became of each (``fates``), and the places from the likeliest (``order``).
    """

    told: np.ndarray
    drawn: np.ndarray
    fates: np.ndarray
    order: np.ndarray


def softmax(sums: np.ndarray) -> np.ndarray:
    """Return probabilities (..., V) float64 of sums (..., V)."""
    with np.errstate(invalid="ignore"):
        shifted = np.exp(sums.astype(np.float64) - sums.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def considered(sums: np.ndarray, spec: DecodingSpec, never: tuple[int, ...] = (0,)) -> Considered:
    """Return what there is to choose from where a net gives ``sums`` (V,); symbols in ``never`` are not taken."""
    told = softmax(sums)
    allowed = np.ones(len(sums), bool)
    if len(never) < len(sums):
        allowed[list(never)] = False
    sampled = spec.strategy == "sample"
    warm = sums.astype(np.float64) / (spec.temperature if sampled else 1.0)
    shaped = softmax(np.where(allowed, warm, -np.inf))
    order = np.argsort(-shaped, kind="stable")
    kept = int(allowed.sum())
    by_k = min(spec.top_k or kept, kept) if sampled else (1 if spec.strategy == "greedy" else kept)
    fates = np.full(len(sums), Fate.CUT_BY_K)
    fates[order[:by_k]] = Fate.KEPT
    fates[~allowed] = Fate.NEVER
    if sampled and spec.nucleus < 1:
        likeliest = shaped[order[:by_k]]
        before = np.cumsum(likeliest) - likeliest  # what those before have: the first that reaches the share stays
        # What top k has left adds up to less than 1; the share is one of that.
        fates[order[:by_k][before >= spec.nucleus * likeliest.sum()]] = Fate.CUT_BY_NUCLEUS
    drawn = np.where(fates == Fate.KEPT, shaped, 0.0)
    with np.errstate(invalid="ignore"):  # sums that are no numbers any more give chances that are none
        return Considered(told, drawn / drawn.sum(), fates, order)


def choose(among: Considered, chance: float) -> int:
    """Return the place of the symbol that a ``chance`` from 0 to 1 falls upon, the likeliest first."""
    reached = np.cumsum(among.drawn[among.order])
    return int(among.order[min(np.searchsorted(reached, chance * reached[-1], side="right"), _last(among))])


def _last(among: Considered) -> int:
    return int(np.flatnonzero(among.drawn[among.order])[-1])

"""What the counts of a text's words tell, and what trainers make of them."""

from dataclasses import dataclass

import numpy as np

from engine.seeds import numpy_generator


@dataclass(frozen=True, slots=True)
class Zipf:
    """The line log10(count) = ``intercept`` - ``exponent`` * log10(rank) that fits a text's counts best."""

    exponent: float
    intercept: float


def zipf(counts: np.ndarray) -> Zipf:
    """Return the line for falling counts (n,) of at least 1 (Zipf 1949), by least squares over ranks that are evenly
    spread on the logarithmic axis, so that the many words that come once do not decide it alone.

    Raises ValueError for fewer than two counts.
    """
    if len(counts) < 2:
        raise ValueError(f"zipf: expected at least 2 counts, received {len(counts)}")
    ranks = np.unique(np.geomspace(1, len(counts), 200).round().astype(np.int64))
    slope, intercept = np.polyfit(np.log10(ranks), np.log10(counts[ranks - 1]), 1)
    return Zipf(float(-slope), float(intercept))


def coverage(counts: np.ndarray) -> np.ndarray:
    """Return (n,) float64: which share of the text, 0 to 1, the most frequent 1, 2, ... words make up."""
    return np.cumsum(counts) / counts.sum()


def covering(counts: np.ndarray, share: float) -> int:
    """Return how many of the most frequent words make up at least a share, 0 to 1, of the text."""
    return min(len(counts), int(np.searchsorted(np.cumsum(counts), share * counts.sum(), side="left")) + 1)


def keep_probability(counts: np.ndarray, sample: float) -> np.ndarray:
    """Return (n,) float64: with which probability a word stays where frequent words are thinned out.

    (sqrt(f/t) + 1) * t/f for the share f that a word has of the text and t = ``sample``, 1 at most; all stay where
    ``sample`` is 0. So in word2vec's program; the paper has 1 - sqrt(t/f) of leaving (Mikolov et al. 2013, arXiv
    1310.4546).
    """
    if not sample:
        return np.ones(len(counts))
    share = counts / counts.sum()
    return np.minimum(1.0, (np.sqrt(share / sample) + 1) * sample / share)


def negative_probability(counts: np.ndarray, power: float = 0.75) -> np.ndarray:
    """Return (n,) float64 that sum to 1: how likely each word is drawn as a negative one, in proportion to count^power
    (Mikolov et al. 2013, arXiv 1310.4546).
    """
    weights = counts.astype(np.float64) ** power
    return weights / weights.sum()


def drawn(counts: np.ndarray, draws: int, seed: int, power: float = 0.75) -> np.ndarray:
    """Return (n,) int64: how often each word came when so many negative ones were drawn."""
    return numpy_generator(seed, "negative words").multinomial(draws, negative_probability(counts, power))

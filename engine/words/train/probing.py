"""The loss at some places of a text, always the same: so it tells how learning goes, whichever program learns.

A program's own loss is that of other words each time, and not every program tells it.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from engine.seeds import numpy_generator
from engine.words.corpus import EncodedText
from engine.words.corpus.counts import negative_probability
from engine.words.corpus.encoded import END

PLACES = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Some places of a text: the word that is ``told`` (p,), the words ``beside`` it (p, 2 * window), -1 where a
    sentence begins or ends, of which the first is the nearest, and words ``drawn`` at random (p, K); all int64 rows.
    """

    told: np.ndarray
    beside: np.ndarray
    drawn: np.ndarray

    @classmethod
    def of(cls, text: EncodedText, kept: int, window: int, negative: int, seed: int, count: int = PLACES) -> Self:
        """Draw ``count`` places at most from a text of which the first ``kept`` words are learnt."""
        random = numpy_generator(seed, "places")
        told: list[int] = []
        beside: list[list[int]] = []
        ids = next(text.chunks(kept), np.empty(0, np.int32)).tolist()
        for place in random.permutation(len(ids)).tolist():
            if len(told) == count:
                break
            found = _beside(ids, place, window)
            if ids[place] != END and found:
                told.append(ids[place])
                beside.append(found + [-1] * (2 * window - len(found)))
        drawn = random.choice(kept, (len(told), negative), p=negative_probability(text.counts[:kept]))
        return cls(np.array(told, np.int64), np.array(beside, np.int64).reshape(-1, 2 * window), drawn)


def _beside(ids: list[int], place: int, window: int) -> list[int]:
    """Return the words beside a place, the nearest first, none beyond a sentence's end."""
    found: list[int] = []
    ended = [False, False]
    for distance in range(1, window + 1):
        for side, at in enumerate((place - distance, place + distance)):
            ended[side] = ended[side] or not 0 <= at < len(ids) or ids[at] == END
            if not ended[side]:
                found.append(ids[at])
    return found


def negative_sampling_loss(inputs: np.ndarray, outputs: np.ndarray, others: np.ndarray) -> float:
    """Return the mean of -log s(v·w) - sum log s(-v·n) for inputs v (p, d), outputs w (p, d) and others n (p, K, d)."""
    right = np.einsum("pd,pd->p", inputs, outputs)
    wrong = np.einsum("pd,pkd->pk", inputs, others)
    return float((np.logaddexp(0, -right) + np.logaddexp(0, wrong).sum(axis=1)).mean())


def tree_loss(inputs: np.ndarray, nodes: np.ndarray, turns: np.ndarray) -> float:
    """Return the mean of -sum log s(v·n), the sign turned where one turns right, for inputs v (p, d), the ``nodes`` (p,
    depth, d) on the way to each word, and the ``turns`` there (p, depth): 1 left, -1 right, 0 behind the end.
    """
    scores = np.einsum("pd,pnd->pn", inputs, nodes)
    return float((np.logaddexp(0, -scores * turns) * (turns != 0)).sum(axis=1).mean())

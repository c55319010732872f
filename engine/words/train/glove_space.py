"""From a text to a space by GloVe, in one call: what the command line and other programs use."""

import math
import os
import time
from collections.abc import Callable, Generator
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from engine.errors import DataError
from engine.words.corpus import EncodedText, TextSpec
from engine.words.corpus.cutting import Corpus, encoded
from engine.words.formats.fasttext import Model
from engine.words.formats.subwords import NO_SUBWORDS
from engine.words.opening import cache_folder
from engine.words.space import Space
from engine.words.train.glove_counts import counts_of
from engine.words.train.glove_spec import GloveSpec
from engine.words.train.learning import drained, folder_of, keep
from engine.words.train.matrix import Cooccurrences
from engine.words.train.trainer import Learnt, vocabulary

if TYPE_CHECKING:
    from engine.words.train.glove_learning import GloveState


class GloveGoing(NamedTuple):
    """How GloVe goes: what is done, which share of the learning was, 0 to 1, in how many passes over the pairs of
    words, at which cost of a pair in this epoch, at how many pairs a second, and how many seconds are left.

    NaN is what is not known yet; while pairs are counted and shuffled only ``doing`` says how far that is.
    """

    doing: str
    share: float = 0.0
    epoch: float = 0.0
    cost: float = math.nan
    pairs_per_second: float = math.nan
    seconds_left: float = math.nan


Progress = Callable[[GloveGoing], bool | None]
"""Told several times a second how GloVe goes; whoever returns False stops it, and what is learnt stays."""


def glove(
    corpus: Corpus,
    spec: GloveSpec | None = None,
    progress: Progress | None = None,
    *,
    text: TextSpec | None = None,
    cache: str | os.PathLike[str] | None = None,
) -> Space:
    """Count which words stand near each other, learn GloVe vectors from that, and return their space, kept in
    ``cache``; the counts are kept with the text. ``progress`` may stop the learning, and so may it the counting:
    then there is nothing to keep, and DataError is raised, as where the text has too few words.
    """
    return drained(learning_glove(corpus, spec or GloveSpec(), text, cache), progress)


def learning_glove(
    corpus: Corpus, spec: GloveSpec, text: TextSpec | None = None, cache: str | os.PathLike[str] | None = None
) -> Generator[GloveGoing, bool | None, Space]:
    """Learn as ``glove`` does: yield how it goes several times a second, and return the space at last.

    To send False ends it, and what is learnt stays.
    """
    from engine.words.train.glove_learning import learning

    home = cache_folder(cache)
    numbers = encoded(corpus, text, home)
    kept = vocabulary(numbers, spec)
    counts = yield from _counted(numbers, spec, kept)
    states = learning(counts, spec, home)
    now, began = next(states), time.perf_counter()
    for state in chain([now], states):
        now, began = state, began if state.share else time.perf_counter()
        if (yield _going(now, time.perf_counter() - began)) is False:
            break
    words = [word.encode(errors="surrogatepass") for word in numbers.words[:kept]]
    model = Model(words, numbers.counts[:kept], now.vectors, NO_SUBWORDS)
    learnt = Learnt(0, now.share * spec.epochs, 0, now.cost or math.nan, spec.learning_rate)
    return keep(numbers, spec, learnt, model, folder_of(home, numbers, spec))


def _counted(text: EncodedText, spec: GloveSpec, kept: int) -> Generator[GloveGoing, bool | None, Cooccurrences]:
    """Return how often the kept words stand near each other."""
    counting = counts_of(text, spec, kept)
    while True:
        try:
            told = next(counting)
        except StopIteration as end:
            return end.value
        if (yield GloveGoing(told.words)) is False:
            counting.close()
            raise DataError("GloVe was stopped while it counted: nothing was learnt until then.")


def _going(state: "GloveState", seconds: float) -> GloveGoing:
    if not state.epoch:
        return GloveGoing("shuffling the pairs")
    left = seconds * (1 - state.share) / state.share
    cost = math.nan if state.cost is None else state.cost
    return GloveGoing("learning", state.share, state.share * state.epochs, cost, state.pairs_per_second, left)

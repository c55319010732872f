"""Pairs ready for a net: split, cut into symbols, and as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from torch import Tensor

from engine.data.translation.making import made
from engine.data.translation.spec import OWN, TITLES, TranslationDataSpec
from engine.errors import DataError
from engine.nets.translation.model import PAD, UNKNOWN
from engine.seeds import numpy_generator
from engine.translation.batches import padded
from engine.translation.own import own_pairs
from engine.translation.vocabulary import MOST_SYMBOLS, Symbols, Vocabulary

HELD_OUT = 0.1
LEAST = 20
"""Pairs that there have to be."""


@dataclass(frozen=True)
class Prepared:
    """Pairs of texts, the ``learnt`` ones and those ``held_out``; the symbols of ``source`` and ``target`` are those
    that are learnt; ``left_out`` tells what of a file is not among the pairs.
    """

    title: str
    learnt: Sequence[tuple[str, str]]
    held_out: Sequence[tuple[str, str]]
    source: Vocabulary
    target: Vocabulary
    left_out: str = ""

    @cached_property
    def learnt_numbers(self) -> tuple[Tensor, Tensor]:
        """Return sources (n, S) and targets (n, T) of the pairs that are learnt."""
        return self.numbers(self.learnt)

    @cached_property
    def held_out_numbers(self) -> tuple[Tensor, Tensor]:
        """Return sources (n, S) and targets (n, T) of the pairs held out."""
        return self.numbers(self.held_out)

    def numbers(self, pairs: Sequence[tuple[str, str]]) -> tuple[Tensor, Tensor]:
        """Return sources (n, S) and targets (n, T) int64, each with its end, and filling behind."""
        return (
            padded([self.source.encode(source) for source, _ in pairs]),
            padded([self.target.encode(target) for _, target in pairs]),
        )

    @cached_property
    def unknown(self) -> tuple[float, float]:
        """Return the share of the symbols of sources and of targets held out that are none of those known."""
        read, written = (float((side == UNKNOWN).sum() / (side != PAD).sum()) for side in self.held_out_numbers)
        return read, written

    @cached_property
    def longest(self) -> tuple[int, int]:
        """Return how many symbols the longest source and the longest target have, ends among them."""
        halves = self.learnt_numbers, self.held_out_numbers
        return max(sources.shape[1] for sources, _ in halves), max(targets.shape[1] for _, targets in halves)


def prepared(
    title: str, pairs: Sequence[tuple[str, str]], symbols: Symbols, seed: int, most: int = MOST_SYMBOLS
) -> Prepared:
    """Return pairs split by chance, a tenth held out; what is known of symbols is known of those learnt alone, ``most``
    of each side at most.

    Raises DataError where they are too few.
    """
    if len(pairs) < LEAST:
        raise DataError(f"{title}: expected at least {LEAST} pairs to learn from, received {len(pairs)}.")
    order = numpy_generator(seed, "pairs", "split").permutation(len(pairs)).tolist()
    end = max(1, int(HELD_OUT * len(pairs)))
    held_out, learnt = ([pairs[place] for place in some] for some in (order[:end], order[end:]))
    source, target = (Vocabulary.of((pair[side] for pair in learnt), symbols, most) for side in (0, 1))
    return Prepared(title, learnt, held_out, source, target)


def prepare(spec: TranslationDataSpec) -> Prepared:
    """Return the pairs of ``spec``; raises DataError where they cannot be learnt from."""
    if spec.pairs == OWN:
        own = own_pairs(spec)
        pairs = list(own.pairs.items())
        return replace(
            prepared(own.title, pairs, spec.symbols, spec.data_seed, spec.own_symbols), left_out=own.left_out
        )
    pairs = made(
        spec.pairs, spec.samples, language=spec.language, most=spec.most, longest=spec.longest, seed=spec.data_seed
    )
    return prepared(TITLES[spec.pairs], pairs, spec.symbols, spec.data_seed)

"""BLEU: how much of what was written stands in the references (Papineni et al. 2002, ACL P02-1040).

    precision_n = clipped matches of n symbols in a row / all such rows written
    brevity     = 1 where as much was written as there is in the references, else exp(1 - references / written)
    BLEU        = brevity * exp(mean of log precision_n over n = 1 ... 4)

A row of symbols that was written more often than its reference has it counts as often as there: that is the clipping.
A precision of 0 would make the whole 0: the first one that has no match counts as half a match, the next as a quarter
and so on (the smoothing "exp" of Chen and Cherry 2014, ACL W14-3346). All numbers are those of sacrebleu (Post 2018,
arXiv 1804.08771) for the signature that is told.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

ORDERS = 4
"""The longest rows that are counted have so many symbols."""

Symbols = Sequence[str]


@dataclass(frozen=True, slots=True)
class Bleu:
    """The ``score``, from 0 to 100, and its parts, of each order n: rows of n symbols that were ``written``, those of
    them that are in their reference (``found``), and those that count (``clipped``); the ``precisions`` of these in
    percent, smoothed; the first ``orders`` of them are in the mean. ``brevity`` is from 0 to 1, the lengths are counted
    in symbols.
    """

    score: float
    written: tuple[int, ...]
    found: tuple[int, ...]
    clipped: tuple[int, ...]
    precisions: tuple[float, ...]
    orders: int
    brevity: float
    written_length: int
    reference_length: int


class Row(NamedTuple):
    """Some ``symbols`` in a row, how often they were ``written``, and how often they are in the ``reference``."""

    symbols: tuple[str, ...]
    written: int
    reference: int

    @property
    def clipped(self) -> int:
        """How often they count."""
        return min(self.written, self.reference)


def corpus_bleu(written: Sequence[Symbols], references: Sequence[Symbols], *, effective: bool = False) -> Bleu:
    """Return the BLEU of all that was ``written``, beside a reference each: their counts are added up first.

    Where nothing was written that is as long as four symbols it is 0; where ``effective``, orders for which all is too
    short are left out of the mean instead.
    Blanks do not count, neither as symbols nor at the ends of one. Of nothing it is 0.
    """
    return _bleu(written, references, None if effective else ORDERS)


def sentence_bleu(written: Symbols, reference: Symbols) -> Bleu:
    """Return the BLEU of one text alone: orders for which it is too short are left out of the mean."""
    return _bleu([written], [reference], None)


def rows(written: Symbols, reference: Symbols, order: int) -> tuple[Row, ...]:
    """Return what was written of rows of ``order`` symbols, in the order in which it was."""
    there = _counts(_solid(reference), order)
    return tuple(Row(row, count, there[row]) for row, count in _counts(_solid(written), order).items())


def signature(*, letters: bool, effective: bool = False) -> str:
    """Return how the score was come by, as sacrebleu writes it, but for its version: ``letters`` tells that symbols are
    single characters, and no words; ``effective`` that orders for which all is too short were left out.
    """
    kind, which = ("char" if letters else "none"), ("yes" if effective else "no")
    return f"nrefs:1|case:mixed|eff:{which}|tok:{kind}|smooth:exp"


def _bleu(written: Sequence[Symbols], references: Sequence[Symbols], orders: int | None) -> Bleu:
    pairs = [(_solid(one), _solid(other)) for one, other in zip(written, references, strict=True)]
    counted = [[rows(*pair, order) for pair in pairs] for order in range(1, ORDERS + 1)]
    every = [[row for of_pair in of_order for row in of_pair] for of_order in counted]
    totals = tuple(sum(row.written for row in of_order) for of_order in every)
    found = tuple(sum(row.written for row in of_order if row.reference) for of_order in every)
    clipped = tuple(sum(row.clipped for row in of_order) for of_order in every)
    lengths = sum(len(one) for one, _ in pairs), sum(len(other) for _, other in pairs)
    brevity = _brevity(*lengths)
    precisions = _precisions(clipped, totals)
    used = orders or max(1, sum(total > 0 for total in totals))
    if any(clipped) and all(precisions[:used]):
        score = brevity * math.exp(sum(math.log(precision) for precision in precisions[:used]) / used)
    else:
        score = 0.0
    return Bleu(score, totals, found, clipped, precisions, used, brevity, *lengths)


def _precisions(clipped: Sequence[int], totals: Sequence[int]) -> tuple[float, ...]:
    """Return precisions in percent; all are 0 where nothing matches, and those of rows that there are none of."""
    if not any(clipped):
        return (0.0,) * ORDERS
    found: list[float] = []
    share = 1.0
    for count, total in zip(clipped, totals, strict=True):
        if count == 0:
            share /= 2
        found.append(100 * (count or share) / total if total else 0.0)
    return tuple(found)


def _brevity(written: int, references: int) -> float:
    if written >= references:
        return 1.0
    return math.exp(1 - references / written) if written else 0.0


def _counts(symbols: Symbols, order: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(symbols[at : at + order]) for at in range(len(symbols) - order + 1))


def _solid(symbols: Symbols) -> Symbols:
    return [bare for symbol in symbols if (bare := symbol.strip())]

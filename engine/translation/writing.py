"""A translating net writes: greedily or by beam search, for many sources at once; and how likely it finds a reference.

The net is in evaluation mode, see ``engine.probes.looking``. ``PAD`` and ``BEGIN`` are never written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.language.beam import Onward, Searched, score, searching
from engine.nets.translation.model import BEGIN, END, PAD, Batch, State, Translator

NEVER = (PAD, BEGIN)
AT_ONCE = 64
"""Sources that are written for side by side: more would not be faster, and nobody could be asked meanwhile."""


@dataclass(frozen=True, slots=True)
class Translation:
    """The ``symbols`` that a net wrote, ``END`` among them where it ended; its ``log_probability``, the sum of those of
    its symbols, and its ``score`` (see ``engine.language.beam``); of a beam search the ``search``.
    """

    symbols: tuple[int, ...]
    log_probability: float
    score: float
    search: Searched | None = None

    @property
    def ended(self) -> bool:
        """Tell whether it was over before it had to be cut."""
        return self.symbols[-1:] == (END,)


def write_greedily(
    net: Translator, sources: Tensor, known: Tensor, length: int, meanwhile: Callable[[], None] = lambda: None
) -> list[Translation]:
    """Write for ``sources`` (B, S) at most ``length`` symbols each, always the likeliest one."""
    said: list[list[int]] = [[] for _ in sources]
    totals = [0.0] * len(sources)
    state, logs = _begun(net, sources, known)
    for at in range(length):
        if at:
            state, logs = _gone_on(net, state, [symbols[-1] for symbols in said])
        meanwhile()
        for place, (symbols, likely) in enumerate(zip(said, logs, strict=True)):
            if symbols[-1:] == [END]:
                symbols.append(END)  # it is over, and goes along until all others are
                continue
            likely[list(NEVER)] = -np.inf
            symbols.append(int(likely.argmax()))
            totals[place] += float(likely[symbols[-1]])
        if all(symbols[-1] == END for symbols in said):
            break
    found = [tuple(symbols[: symbols.index(END) + 1] if END in symbols else symbols) for symbols in said]
    return [Translation(symbols, total, total) for symbols, total in zip(found, totals, strict=True)]


def write_by_beam(
    net: Translator,
    sources: Tensor,
    known: Tensor,
    length: int,
    beams: int,
    penalty: float = 0.0,
    *,
    shown: int = 0,
    meanwhile: Callable[[], None] = lambda: None,
) -> list[Translation]:
    """Do the same by a beam search each, all of them side by side; of what a search drops ``shown`` are told for each
    beam.
    """
    state, logs = _begun(net, sources, known)
    found: dict[int, Searched] = {}
    asked: dict[int, Onward] = {}
    searches = [searching(first, length, beams, penalty, end=END, never=NEVER, shown=shown) for first in logs]

    def advance(at: int, following: np.ndarray | None) -> None:
        try:
            asked[at] = next(searches[at]) if following is None else searches[at].send(following)
        except StopIteration as over:
            found[at] = over.value
            asked.pop(at, None)

    for at in range(len(searches)):
        advance(at, None)
    first_rows = {at: at for at in range(len(searches))}
    while asked:
        meanwhile()
        rows = [first_rows[at] + row for at, onward in asked.items() for row in onward.rows]
        symbols = [symbol for onward in asked.values() for symbol in onward.symbols]
        state, logs = _gone_on(net, _chosen(state, rows), symbols)
        counts = [len(onward.rows) for onward in asked.values()]
        starts = np.cumsum([0, *counts]).tolist()
        first_rows = dict(zip(list(asked), starts, strict=False))
        for (at, start), count in zip(list(first_rows.items()), counts, strict=True):
            advance(at, logs[start : start + count])
    bests = [found[at].best for at in range(len(searches))]
    return [Translation(best.symbols, best.log_probability, best.score, found[at]) for at, best in enumerate(bests)]


def likelihoods(net: Translator, batch: Batch, penalty: float = 0.0) -> list[Translation]:
    """Return the targets of a batch as if they had been written: how likely the net finds them."""
    with torch.no_grad():
        logs = net.teach(batch).double().log_softmax(dim=2)  # (B, T, V)
    told = logs.gather(2, batch.targets[:, :, None])[:, :, 0]  # (B, T)
    there = batch.targets != PAD
    totals = told.masked_fill(~there, 0).sum(dim=1).tolist()
    rows = zip(batch.targets.tolist(), there.sum(dim=1).tolist(), totals, strict=True)
    return [Translation(tuple(row[:size]), total, score(total, size, penalty)) for row, size, total in rows]


def _begun(net: Translator, sources: Tensor, known: Tensor) -> tuple[State, np.ndarray]:
    with torch.no_grad():
        state = net.begin(sources, known)
    return _gone_on(net, state, [BEGIN] * len(sources))


def _gone_on(net: Translator, state: State, symbols: Sequence[int]) -> tuple[State, np.ndarray]:
    """Return the state behind ``symbols``, and the log-probabilities (B, V) of what follows."""
    with torch.no_grad():
        written = net.write(state, torch.tensor(symbols, dtype=torch.int64))
    return written.state, written.sums.double().log_softmax(dim=1).numpy()


def _chosen(state: State, rows: Sequence[int]) -> State:
    places = torch.tensor(rows, dtype=torch.int64)
    return {name: part.index_select(0, places) for name, part in state.items()}

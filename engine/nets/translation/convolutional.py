"""Sequence to sequence without a state (Gehring et al. 2017, arXiv 1705.03122): windows slide over the symbols, and
each block of those that write asks the source anew.

x = vectors of the symbols + vectors of the places
for each block that reads:   x = (x + gated(window around x)) sqrt(1/2)
for each block that writes:  found = gated(window of x up to here)
                             energy_tj = (query(found_t) + vector of symbol t) . memory_j
                             x = (x + (found + out(context)) sqrt(1/2)) sqrt(1/2)

``gated`` halves its numbers and lets the sigmoid of one half say how much of the other passes (Dauphin et al. 2016,
arXiv 1612.08083). The context is the mean of memory and vectors of the source. Places are waves, not learnt, so that
there is one for every place.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.nets.attention.positions import sinusoid
from engine.nets.attention.touch import Touch, under
from engine.nets.translation.model import Batch, State, Translator, Written, behind_begin, seen

HALF = math.sqrt(0.5)
"""The sum of two numbers has the variance of one again."""


class Window(nn.Module):
    """A convolution over places, written as one layer over each window of ``size`` of them, and its gate: ``ahead``
    places of it stand before the one that it is for.
    """

    def __init__(self, width: int, size: int, ahead: int) -> None:
        super().__init__()
        self.size, self.ahead = size, ahead
        self.layer = nn.Linear(size * width, 2 * width)

    def forward(self, x: Tensor) -> Tensor:
        """Return what every window of ``x`` (B, T, C) is made to, (B, T, C); beyond both ends stand zeros."""
        padded = functional.pad(x, (0, 0, self.ahead, self.size - 1 - self.ahead))
        # Side by side, and not by unfold, which other programs do not know for every length.
        windows = torch.stack([padded[:, at : at + x.shape[1]] for at in range(self.size)], dim=3).flatten(2)
        return functional.glu(self.layer(windows), dim=2)


class Asking(nn.Module):
    """A block that writes: its window, and its question to the source."""

    def __init__(self, width: int, size: int) -> None:
        super().__init__()
        self.window = Window(width, size, ahead=size - 1)
        self.query, self.out = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, x: Tensor, vectors: Tensor, state: State, touch: Touch | None) -> Tensor:
        """Return ``x`` (B, T, C) with what was found added, of the symbols written with their ``vectors`` (B, T, C).

        A touch is shown ``masked`` and ``pattern`` (B, 1, T, S), and ``context`` (B, T, C).
        """
        found = self.window(x)  # (B, T, C)
        energies = (self.query(found) + vectors) @ state["memory"].transpose(1, 2) / math.sqrt(x.shape[2])  # (B, T, S)
        masked = seen(touch, "masked", energies.masked_fill(~state["known"][:, None], -math.inf)[:, None])
        pattern = seen(touch, "pattern", masked.softmax(dim=3))
        context = seen(touch, "context", pattern[:, 0] @ state["taken"])  # (B, T, C)
        return (x + (found + self.out(context)) * HALF) * HALF


class Convolutional(Translator):
    """Reads ``sources`` symbols and writes ``targets``, both sizes of vocabularies; ``blocks`` each way, over windows
    of ``size`` places.
    """

    def __init__(self, sources: int, targets: int, width: int, blocks: int, size: int) -> None:
        super().__init__()
        self.read_embedding = nn.Embedding(sources, width)
        self.reading = nn.ModuleList(Window(width, size, ahead=(size - 1) // 2) for _ in range(blocks))
        self.write_embedding = nn.Embedding(targets, width)
        self.writing = nn.ModuleList(Asking(width, size) for _ in range(blocks))
        self.head = nn.Linear(width, targets)

    def begin(self, sources: Tensor, known: Tensor) -> State:
        """Return what stands at each symbol, what is taken from there, and that nothing is written yet."""
        vectors = _placed(self.read_embedding(sources)) * known[:, :, None]  # (B, S, C)
        x = vectors
        for window in self.reading:
            x = (x + window(x)) * HALF * known[:, :, None]  # filling stays 0, or windows would see it
        return {"memory": x, "taken": (x + vectors) * HALF, "known": known, "written": sources[:, :0]}

    def write(self, state: State, symbols: Tensor) -> Written:
        """Go on by one symbol: all written so far are read again."""
        written = torch.cat([state["written"], symbols[:, None]], dim=1)
        energies: dict[str, Tensor] = {}
        patterns: dict[str, Tensor] = {}
        contexts: dict[str, Tensor] = {}

        def keep(name: str, value: Tensor) -> Tensor:
            place, _, what = name.rpartition(".")
            kept = {"masked": energies, "pattern": patterns, "context": contexts}[what]
            kept[place] = value[:, -1] if what == "context" else value[:, :, -1]
            return value

        sums = self._sums(state, written, keep)[:, -1]
        return Written(sums, {**state, "written": written}, energies, patterns, contexts)

    def teach(self, batch: Batch) -> Tensor:
        """Return all sums in one pass."""
        return self._sums(self.begin(batch.sources, batch.known), behind_begin(batch.targets), None)

    def _sums(self, state: State, written: Tensor, touch: Touch | None) -> Tensor:
        """Return the sums (B, T, V) behind each symbol written (B, T); a touch is shown all of each block."""
        vectors = _placed(self.write_embedding(written))  # (B, T, C)
        x = vectors
        for at, block in enumerate(self.writing):
            x = block(x, vectors, state, under(touch, f"writing.{at}"))
        return self.head(x)


def _placed(vectors: Tensor) -> Tensor:
    """Return vectors (B, T, C) with waves that tell their places."""
    return vectors + sinusoid(vectors.shape[1], vectors.shape[2]).to(vectors)

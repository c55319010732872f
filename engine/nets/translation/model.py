"""What every translating net is: it reads a whole source, and then writes symbol by symbol."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor, nn

from engine.nets.attention.touch import Touch

PAD, BEGIN, END, UNKNOWN = range(4)
"""The first symbols of every vocabulary: filling behind the end of a shorter text, what a net that writes reads first,
the end, and what was not among the texts that are learnt.
"""

State = Mapping[str, Tensor]
"""What a net that writes carries on, by names; of each tensor the first axis counts the texts, so that some of them, or
one several times, are chosen by ``index_select``.
"""


class Batch(NamedTuple):
    """Pairs: ``sources`` (B, S) int64, each with its ``END``, ``known`` (B, S) bool, True where a source is more than
    filling, and ``targets`` (B, T) int64, each with its ``END``, and ``PAD`` behind.
    """

    sources: Tensor
    known: Tensor
    targets: Tensor


@dataclass(frozen=True, slots=True)
class Written:
    """What comes of writing on by a symbol: ``sums`` (B, V) for the next one, still without their softmax, and the
    ``state`` behind it.

    Of nets that attend, by the names of the places where they do: the ``patterns`` (B, H, S), which say how much each
    of H heads took from each symbol of the source, rows that sum to 1; the ``energies`` (B, H, S), those before the
    softmax, minus infinity at filling; and the ``contexts`` (B, C), what was taken.
    """

    sums: Tensor
    state: State
    energies: Mapping[str, Tensor] = field(default_factory=dict)
    patterns: Mapping[str, Tensor] = field(default_factory=dict)
    contexts: Mapping[str, Tensor] = field(default_factory=dict)


class Forcing(nn.Module):
    """Chances of a stream of their own that tell of each symbol of the targets whether it is shown to a net that learns
    to write, or its own guess in its place (scheduled sampling: Bengio et al. 2015, arXiv 1506.03099). ``share`` is
    that of the symbols shown, from 0 to 1.
    """

    def __init__(self, share: float, generator: torch.Generator) -> None:
        super().__init__()
        self.share, self.generator = share, generator

    def forward(self, targets: Tensor, guesses: Tensor) -> Tensor:
        """Return of targets and guesses (B,) those that are read next, (B,)."""
        shown = torch.rand(targets.shape, generator=self.generator) < self.share
        return torch.where(shown, targets, guesses)


class Translator(nn.Module):
    """Base of all nets that translate. By itself a net is always shown the right symbols while it learns."""

    def __init__(self) -> None:
        super().__init__()
        self.forcing = Forcing(1.0, torch.Generator(device="cpu"))

    def begin(self, sources: Tensor, known: Tensor) -> State:
        """Return the state in which writing begins, of ``sources`` (B, S) int64; ``known`` (B, S) bool is True where
        they are more than filling, which is so of at least one symbol of each.
        """
        raise NotImplementedError

    def write(self, state: State, symbols: Tensor) -> Written:
        """Go on by the ``symbols`` (B,) int64 written last; at first they are ``BEGIN``."""
        raise NotImplementedError

    def teach(self, batch: Batch) -> Tensor:
        """Return the sums (B, T, V) for each symbol of the targets, all those before it being shown; in one pass."""
        raise NotImplementedError

    def forward(self, batch: Batch) -> Tensor:
        """Return the sums (B * T, V) for each symbol of the targets, one below the other, as a loss takes them."""
        own = self.training and self.forcing.share < 1
        return (self._wander(batch) if own else self.teach(batch)).flatten(0, 1)

    def _wander(self, batch: Batch) -> Tensor:
        """Return the sums (B, T, V) where what is read may be the net's own guess; no gradient leads through that."""
        state = self.begin(batch.sources, batch.known)
        symbols = torch.full_like(batch.targets[:, 0], BEGIN)
        sums: list[Tensor] = []
        for right in batch.targets.unbind(1):
            written = self.write(state, symbols)
            state, symbols = written.state, self.forcing(right, written.sums.argmax(dim=1))
            sums.append(written.sums)
        return torch.stack(sums, dim=1)  # (B, T, V)


def behind_begin(targets: Tensor) -> Tensor:
    """Return what is read while ``targets`` (B, T) are written: ``BEGIN``, then all of each but its last symbol."""
    return torch.cat([torch.full_like(targets[:, :1], BEGIN), targets[:, :-1]], dim=1)


def seen(touch: Touch | None, name: str, value: Tensor) -> Tensor:
    """Show a tensor to a touch, if there is one; return what goes on in its place."""
    return value if touch is None else touch(name, value)

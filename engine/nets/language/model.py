"""What every language model here is: symbols go in, and at each place come sums for the symbol that is next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from torch import Tensor, nn

from engine.nets.sequences.cell import State

States = Mapping[str, State]
"""What a net carries from one piece of a text to the next, by the names of its parts; some carry nothing."""


class Told(NamedTuple):
    """``sums`` (batch, time, vocabulary), still without their softmax, and the states behind the last symbol."""

    sums: Tensor
    states: States


class Seen(NamedTuple):
    """The same sums and states, and by name what the units were on the way: ``layers`` (batch, time, units) each, and
    ``patterns`` (batch, heads, time, time) of nets that attend.
    """

    sums: Tensor
    states: States
    layers: Mapping[str, Tensor]
    patterns: Mapping[str, Tensor]


@dataclass(slots=True)
class Carried:
    """The states of a net between two pieces of a text: those that a piece began with, and those that it ended with."""

    begin: States = field(default_factory=dict)
    end: States = field(default_factory=dict)


class Piece(NamedTuple):
    """A piece of each of several texts: ``symbols`` (batch, time) int64, and what is ``carried`` into it and out of it;
    None where every piece begins anew.
    """

    symbols: Tensor
    carried: Carried | None = None


class LanguageModel(nn.Module):
    """Base of all language models. ``reach`` is how many symbols it sees at most, None where there is no end to it;
    only a net without an end carries states.
    """

    reach: int | None = None

    def forward(self, piece: Piece | Tensor) -> Tensor:
        """Return the sums (batch * time, vocabulary) behind each symbol of a piece, or of symbols (batch, time), one
        below the other, as a loss takes them; the states behind it are noted, cut off from what they came from.
        """
        symbols, carried = piece if isinstance(piece, Piece) else (piece, None)
        told = self.tell(symbols, carried.begin if carried else None)
        if carried is not None:
            carried.end = {name: tuple(part.detach() for part in state) for name, state in told.states.items()}
        return told.sums.flatten(0, 1)

    def tell(self, symbols: Tensor, states: States | None = None) -> Told:
        """Return what is told behind each of ``symbols`` (batch, time) int64, read on from ``states``."""
        raise NotImplementedError

    def following(self, symbols: Tensor) -> Tensor:
        """Return the sums (batch, vocabulary) behind the last of ``symbols`` (batch, time) alone, which costs less."""
        return self.tell(symbols).sums[:, -1]

    def look(self, symbols: Tensor, states: States | None = None) -> Seen:
        """Do the same, and keep what the units were."""
        raise NotImplementedError

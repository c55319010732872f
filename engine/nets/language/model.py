"""What every language model here is: symbols go in, and at each place come sums for the symbol that is next."""

from collections.abc import Mapping
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


class LanguageModel(nn.Module):
    """Base of all language models. ``reach`` is how many symbols it sees at most, None where there is no end to it;
    only a net without an end carries states.
    """

    reach: int | None = None

    def forward(self, symbols: Tensor, states: States | None = None) -> Told:
        """Return what is told behind each of ``symbols`` (batch, time) int64, read on from ``states``."""
        raise NotImplementedError

    def look(self, symbols: Tensor, states: States | None = None) -> Seen:
        """Do the same, and keep what the units were."""
        raise NotImplementedError

"""The attention of a transformer that translates: within what it reads, within what it writes, and from there to what
it reads; see ``engine.probes.attending``.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from engine.asking import Answer
from engine.nets.attention.touch import Touch
from engine.nets.translation.model import BEGIN
from engine.nets.translation.transformer import Transformer
from engine.probes.attending import Chosen, Read, attend


class Pair(NamedTuple):
    """A ``source`` and what was ``written`` for it, both by their numbers with their ends; and what their symbols are
    called, at each place that reads one: of the source, and of ``BEGIN`` and all written but the last.
    """

    source: Sequence[int]
    written: Sequence[int]
    names: Sequence[str]


class InOneRow(nn.Module):
    """A net that translates as one that attends: of its symbols the first ``given`` are a source, the others what is
    read while the target is written. Implements ``engine.probes.transformer.Attending``.
    """

    def __init__(self, net: Transformer, given: int) -> None:
        super().__init__()
        self.net, self.given = net, given

    def forward(self, symbols: Tensor, touch: Touch | None = None) -> Tensor:
        """Return the sums (B, T, V) of sources and what is written, (B, S + T); no place is filling."""
        sources, written = symbols[:, : self.given], symbols[:, self.given :]
        return self.net.look(sources, torch.ones_like(sources, dtype=torch.bool), written, touch)

    def told(self, stream: Tensor) -> Tensor:
        """Return the sums (..., V) that a ``stream`` (..., C) of the decoder would lead to, if no block came behind."""
        return self.net.head(self.net.decoder.norm(stream))


def look(net: Transformer, pair: Pair, chosen: Chosen, named: Callable[[int], str], most: int) -> Answer:
    """Return what is seen of all attention of a net as it writes; arrays are for ``most`` places, ``named`` says what a
    symbol written is called.
    """
    symbols = torch.tensor([[*pair.source, BEGIN, *pair.written[:-1]]])
    one = Read(symbols, pair.names, len(pair.source))
    return attend(InOneRow(net, one.given), one, chosen, named, most).answer

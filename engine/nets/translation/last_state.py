"""Sequence to sequence by the last state alone (Sutskever, Vinyals and Le 2014, arXiv 1409.3215): whatever is to be
known of the source has to fit into one vector.

hidden_0 = the encoder's last state
hidden_t = cell(vector of symbol t - 1, hidden_{t-1})
sums_t = head(hidden_t)

The cell is a GRU or an LSTM; that one carries its own numbers along beside the hidden state, here and in the other nets
that are recurrent.
"""

from torch import Tensor, nn

from engine.nets.translation.encoder import Encoder, Kind, Writer, carried, named
from engine.nets.translation.model import Batch, State, Translator, Written, behind_begin


class LastState(Translator):
    """Reads ``sources`` symbols and writes ``targets``; both sizes of vocabularies."""

    def __init__(self, sources: int, targets: int, dimensions: int, units: int, cell: Kind) -> None:
        super().__init__()
        self.encoder = Encoder(sources, dimensions, units, cell)
        self.writer = Writer(targets, dimensions, 2 * units, cell)
        self.head = nn.Linear(2 * units, targets)

    def begin(self, sources: Tensor, known: Tensor) -> State:
        """Return the last state of reading."""
        return named(self.encoder(sources, known).last)

    def write(self, state: State, symbols: Tensor) -> Written:
        """Go on by one symbol."""
        last = self.writer.step(self.writer.embedding(symbols), carried(state))  # (B, C) each
        return Written(self.head(last[0]), named(last))

    def teach(self, batch: Batch) -> Tensor:
        """Return all sums in one pass."""
        read = self.writer.embedding(behind_begin(batch.targets))  # (B, T, D)
        hidden = self.writer.run(read, self.encoder(batch.sources, batch.known).last)  # (B, T, C)
        return self.head(hidden)  # (B, T, V)

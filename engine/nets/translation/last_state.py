"""Sequence to sequence by the last state alone (Sutskever, Vinyals and Le 2014, arXiv 1409.3215): whatever is to be
known of the source has to fit into one vector.

hidden_0 = the encoder's last state
hidden_t = GRU(vector of symbol t - 1, hidden_{t-1})
sums_t = head(hidden_t)
"""

from torch import Tensor, nn

from engine.nets.translation.encoder import Encoder, Writer
from engine.nets.translation.model import Batch, State, Translator, Written, behind_begin


class LastState(Translator):
    """Reads ``sources`` symbols and writes ``targets``; both sizes of vocabularies."""

    def __init__(self, sources: int, targets: int, dimensions: int, units: int) -> None:
        super().__init__()
        self.encoder = Encoder(sources, dimensions, units)
        self.writer = Writer(targets, dimensions, 2 * units)
        self.head = nn.Linear(2 * units, targets)

    def begin(self, sources: Tensor, known: Tensor) -> State:
        """Return the last state of reading."""
        return {"hidden": self.encoder(sources, known).last}

    def write(self, state: State, symbols: Tensor) -> Written:
        """Go on by one symbol."""
        hidden = self.writer.step(self.writer.embedding(symbols), state["hidden"])  # (B, C)
        return Written(self.head(hidden), {"hidden": hidden})

    def teach(self, batch: Batch) -> Tensor:
        """Return all sums in one pass."""
        read = self.writer.embedding(behind_begin(batch.targets))  # (B, T, D)
        hidden = self.writer.run(read, self.encoder(batch.sources, batch.known).last)  # (B, T, C)
        return self.head(hidden)  # (B, T, V)

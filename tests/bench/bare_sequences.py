"""The reference for training speed on sequences: torch's own LSTM reads names in a plain script, nobody watching.

    python -m tests.bench.bare_sequences [name=value ...]

prints what ``tests.bench.bare_loop`` prints.
"""

import os
import sys
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.data.sequences.prepared import prepare
from engine.labs.sequences import SequencesSpec
from tests.bench.bare_loop import until_told, walk


class Reader(nn.Module):
    """Letters are looked up, an LSTM reads them, and its state behind the last one says the class."""

    def __init__(self, symbols: int, spec: SequencesSpec, classes: int) -> None:
        super().__init__()
        self.table = nn.Embedding(symbols, spec.embedding)
        self.lstm = nn.LSTM(spec.embedding, spec.units, batch_first=True)
        self.head = nn.Linear(spec.units, classes)

    def forward(self, tokens: Tensor) -> Tensor:
        lengths = (tokens != 0).sum(dim=1)
        outputs, _ = self.lstm(self.table(tokens))
        return self.head(outputs[torch.arange(len(tokens)), lengths - 1])


def steps(spec: SequencesSpec) -> Iterator[float]:
    """Train for ever, and yield the loss of each step."""
    prepared = prepare(spec)
    tokens = torch.from_numpy(prepared.inputs[prepared.train])
    targets = torch.from_numpy(prepared.asked[prepared.train])
    net = Reader(len(prepared.symbols), spec, int(targets.max()) + 1)
    optimiser = torch.optim.Adam(net.parameters(), spec.learning_rate)
    while True:
        for batch in torch.randperm(len(targets)).split(spec.batch_size):
            optimiser.zero_grad()
            read = tokens[batch]
            loss = functional.cross_entropy(net(read[:, : int((read != 0).sum(dim=1).max())]), targets[batch])
            loss.backward()
            optimiser.step()
            yield loss.item()


if __name__ == "__main__":
    os.nice(10)  # as a worker is
    torch.set_num_threads(1)
    told = until_told()
    walk(steps(SequencesSpec.from_strings(dict(pair.split("=", 1) for pair in sys.argv[1:]))), told)

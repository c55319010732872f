"""A text in pieces, a batch at a time: by chance, or in the order of the text with the state carried on."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from engine.errors import DataError
from engine.nets.language.model import Carried, Piece

STATE = "state."


class Pieces:
    """What a language model learns from; implements ``engine.training.fit.Examples``.

    The text is cut into as many streams as a batch has pieces, and each stream into pieces of ``chunk`` symbols. Piece
    ``at`` of a stream stands at ``stream * per_stream + at``. Where the state ``keeps`` on, a step takes the next piece
    of every stream, whatever order is asked for, and a stream begins anew with each pass. Each target is the symbol
    behind. Raises DataError where the text is shorter than a piece.
    """

    def __init__(self, symbols: np.ndarray, chunk: int, batch: int, *, keeps: bool) -> None:
        there = (len(symbols) - 1) // chunk
        if there < 1:
            raise DataError(
                f"The text is too short for pieces of {chunk} symbols: expected at least {chunk + 1} to be learnt, "
                f"received {len(symbols)}."
            )
        self.streams = min(batch, there)
        self.per_stream = there // self.streams
        self.chunk, self.keeps = chunk, keeps
        count = self.streams * self.per_stream * chunk
        self._inputs = torch.from_numpy(symbols[:count]).view(-1, chunk)
        self._targets = torch.from_numpy(symbols[1 : count + 1]).view(-1, chunk)
        self.forget()

    def __len__(self) -> int:
        return len(self._inputs)

    def batch(self, step: int, places: Tensor) -> tuple[Piece, Tensor]:
        """Return pieces (B, chunk) and targets (B * chunk,); asked again for the same step, the same."""
        if not self.keeps:
            symbols, targets = self.at(places)
            return Piece(symbols), targets
        at = step % self.per_stream
        if step != self._step:
            self.carried = Carried({} if at == 0 else self.carried.end)
            self._step = step
        symbols, targets = self.at(torch.arange(self.streams) * self.per_stream + at)
        return Piece(symbols, self.carried), targets

    def at(self, places: Tensor) -> tuple[Tensor, Tensor]:
        """Return the symbols (B, chunk) of pieces, and those behind each of them (B * chunk,)."""
        return self._inputs[places], self._targets[places].flatten()

    def forget(self) -> None:
        """Begin anew, with nothing carried."""
        self.carried, self._step = Carried(), -1

    def kept(self) -> dict[str, np.ndarray]:
        """Return what is carried as arrays of a checkpoint."""
        return {
            f"{STATE}{moment}.{name}.{at}": part.numpy().copy()
            for moment, states in (("begin", self.carried.begin), ("end", self.carried.end))
            for name, state in states.items()
            for at, part in enumerate(state)
        }

    def restore(self, step: int, arrays: Mapping[str, np.ndarray], like: Mapping[str, tuple[Tensor, ...]]) -> None:
        """Carry what ``kept`` gave at ``step``; ``like`` are states of the net for a batch.

        Raises DataError where they are not those of it: they may come from a file that a person brought.
        """
        expected = {f"{name}.{at}": part for name, state in like.items() for at, part in enumerate(state)}
        found: dict[str, dict[str, Tensor]] = {"begin": {}, "end": {}}
        for name, array in arrays.items():
            moment, _, rest = name.removeprefix(STATE).partition(".")
            part = expected.get(rest)
            if moment not in found or part is None or array.shape != part.shape or array.dtype != np.float32:
                raise DataError(f"The file holds {name[:60]!r}, which is no state that this net carries.")
            if not np.isfinite(array).all():  # of a net that tells numbers no checkpoint has such a state
                raise DataError(f"The file holds numbers in {name[:60]!r} that are none: expected finite ones.")
            found[moment][rest] = torch.from_numpy(array.copy())
        for parts in found.values():
            if parts and parts.keys() != expected.keys():
                raise DataError("The file lacks a part of the state that this net carries.")

        def states(parts: Mapping[str, Tensor]) -> dict[str, tuple[Tensor, ...]]:
            return {
                name: tuple(parts[f"{name}.{at}"] for at in range(len(state))) for name, state in like.items() if parts
            }

        self.carried, self._step = Carried(states(found["begin"]), states(found["end"])), step

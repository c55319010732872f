"""A net goes on with a text: it has read a prompt, and tells what may follow, one symbol after the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from engine.language.beam import Onward, Searched, beam_search
from engine.language.decoding import Considered, choose, considered
from engine.language.decoding_spec import DecodingSpec
from engine.nets.language.model import LanguageModel, States

MOST_IN_BEAM = 60
"""Symbols that a beam search goes on for at most: each asks the net about all beams."""


@dataclass(frozen=True, slots=True, eq=False)
class GoneOn:
    """What a net went on with: its ``symbols``, what each was chosen ``among``; the ``chances`` they were drawn with;
    the ``search`` that found them, if there was one.
    """

    symbols: tuple[int, ...]
    among: tuple[Considered, ...]
    chances: tuple[float, ...]
    search: Searched | None = None


class Reader:
    """A net, in evaluation mode, that has read a ``prompt`` of at least one symbol, and reads on from there.

    ``sums`` (n, V) are those for what follows each of the beginnings it has read, at first of none.
    """

    def __init__(self, net: LanguageModel, prompt: Sequence[int]) -> None:
        self._net = net
        self._windows = [self._seen(prompt)]
        self._states: States = {}
        self._read(self._windows)

    @property
    def log_probabilities(self) -> np.ndarray:
        """The logarithms (n, V) of the probabilities of what follows."""
        return torch.log_softmax(torch.from_numpy(self.sums).double(), dim=-1).numpy()

    def go(self, rows: Sequence[int], symbols: Sequence[int]) -> np.ndarray:
        """Read on: the beginnings at ``rows`` of those read, each with one of ``symbols`` behind it. Returns the
        logarithms (n, V) of the probabilities of what follows.
        """
        if self._net.reach is None:
            picked = torch.tensor(rows)
            self._states = {name: tuple(part[picked] for part in state) for name, state in self._states.items()}
            self._read([[symbol] for symbol in symbols])
        else:
            self._windows = [
                self._seen([*self._windows[row], symbol]) for row, symbol in zip(rows, symbols, strict=True)
            ]
            self._read(self._windows)
        return self.log_probabilities

    def _read(self, symbols: Sequence[Sequence[int]]) -> None:
        with torch.no_grad():
            told = self._net.tell(torch.tensor(symbols), self._states)
        self.sums, self._states = told.sums[:, -1].numpy(), told.states

    def _seen(self, symbols: Sequence[int]) -> list[int]:
        """Return all that the net sees of some symbols."""
        return list(symbols if self._net.reach is None else symbols[-self._net.reach :])


def go_on(
    net: LanguageModel,
    prompt: Sequence[int],
    length: int,
    spec: DecodingSpec,
    generator: np.random.Generator,
    *,
    end: int | None = None,
    meanwhile: Callable[[], None] = lambda: None,
    shown: int = 0,
) -> GoneOn:
    """Go on with a ``prompt`` for at most ``length`` symbols, until ``end`` came.

    The unknown symbol, 0, is never taken. Of the branches that a beam search drops, ``shown`` are told for each beam.
    """
    reader = Reader(net, prompt)
    if spec.strategy == "beam":
        first = considered(reader.sums[0], spec)

        def going(onward: Onward) -> np.ndarray:
            meanwhile()
            return reader.go(*onward)

        most = min(length, MOST_IN_BEAM)
        begun = reader.log_probabilities[0]
        found = beam_search(begun, going, most, spec.beams, spec.length_penalty, end=end, never=(0,), shown=shown)
        if found.best.symbols:  # none where a net tells what is no number: then one is taken as if by chance
            return GoneOn(found.best.symbols, (first,), (), found)
        reader = Reader(net, prompt)
    said: list[int] = []
    among: list[Considered] = []
    chances = generator.random(length).tolist()
    for chance in chances:
        meanwhile()
        if said:
            reader.go([0], said[-1:])
        among.append(considered(reader.sums[0], spec))
        said.append(choose(among[-1], chance))
        if said[-1] == end:
            break
    return GoneOn(tuple(said), tuple(among), tuple(chances[: len(said)]))

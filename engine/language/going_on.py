"""A net goes on with a text: it has read a prompt, and tells what may follow, one symbol after the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.language.beam import Searched, beam_search
from engine.language.decoding import Considered, choose, considered
from engine.language.decoding_spec import DecodingSpec
from engine.nets.language.model import LanguageModel, States

MOST_IN_BEAM = 60
"""Symbols that a beam search goes on for at most: each asks the net about all beams."""

MOST_WORK = 40_000_000_000
"""Weights that are multiplied to go on with a text at a look: about a second or two of a processor."""
_TABLES = ("embedding.weight", "position.weight")


@dataclass(frozen=True, slots=True, eq=False)
class GoneOn:
    """What a net went on with: its ``symbols``, what each was chosen ``among``; the ``chances`` they were drawn with;
    the ``search`` that found them, if there was one.
    """

    symbols: tuple[int, ...]
    among: tuple[Considered, ...]
    chances: tuple[float, ...]
    search: Searched | None = None


def affordable(net: LanguageModel, prompt: int, length: int, spec: DecodingSpec) -> int:
    """Return for how many symbols, 1 to ``length``, to go on with a ``prompt`` of so many, for ``MOST_WORK`` in all.

    A net that sees a window reads all of it anew for each symbol. What is counted are weights that are multiplied, so
    that the same net goes on as far on any machine.
    """
    inner, outer = _work(net)
    beams = spec.beams if spec.strategy == "beam" else 1
    work = 0
    for at in range(1, length + 1):
        work += beams * (outer + inner * min(prompt + at, net.reach or 1))
        if work > MOST_WORK:
            return max(1, at - 1)
    return length


def _work(net: LanguageModel) -> tuple[int, int]:
    """Return how many weights are multiplied for each symbol that is read, and for each that is told."""
    whole = sum(one.numel() for name, one in net.named_parameters() if name not in _TABLES)
    inner = sum(one.numel() for name, one in net.named_parameters() if name.startswith("blocks."))
    return inner, whole - inner


class Reader:
    """A net, in evaluation mode, that has read a ``prompt`` of at least one symbol, and reads on from there."""

    def __init__(self, net: LanguageModel, prompt: Sequence[int]) -> None:
        self._net, self._prompt = net, list(prompt)
        self._rows: dict[tuple[int, ...], int] = {}
        self._states: States = {}
        self._sums = torch.empty(0)
        self._read(torch.tensor([self._window(())]), [()], {})

    def sums(self, beginnings: Sequence[tuple[int, ...]]) -> np.ndarray:
        """Return the sums (n, V) for what follows the prompt and each of n ``beginnings``, all of one length.

        Each is one that was asked about last, or one of those with a symbol more.
        """
        if not all(beginning in self._rows for beginning in beginnings):
            if self._net.reach is None:
                rows = torch.tensor([self._rows[beginning[:-1]] for beginning in beginnings])
                states = {name: tuple(part[rows] for part in state) for name, state in self._states.items()}
                self._read(torch.tensor([[beginning[-1]] for beginning in beginnings]), beginnings, states)
            else:
                self._read(torch.tensor([self._window(one) for one in beginnings]), beginnings, {})
        return self._sums[[self._rows[beginning] for beginning in beginnings]].numpy()

    def log_probabilities(self, beginnings: Sequence[tuple[int, ...]]) -> np.ndarray:
        """Return the logarithms (n, V) of the probabilities of what follows."""
        return torch.log_softmax(torch.from_numpy(self.sums(beginnings)).double(), dim=-1).numpy()

    def _read(self, symbols: Tensor, beginnings: Sequence[tuple[int, ...]], states: States) -> None:
        with torch.no_grad():
            if self._net.reach is None:
                told = self._net.tell(symbols, states)
                self._sums, self._states = told.sums[:, -1], told.states
            else:
                self._sums = self._net.following(symbols)
        self._rows = {beginning: row for row, beginning in enumerate(beginnings)}

    def _window(self, beginning: Sequence[int]) -> list[int]:
        """Return all that the net sees of the prompt and a beginning."""
        whole = [*self._prompt, *beginning]
        return whole if self._net.reach is None else whole[-self._net.reach :]


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
        first = considered(reader.sums([()])[0], spec)

        def following(beginnings: Sequence[tuple[int, ...]]) -> np.ndarray:
            meanwhile()
            return reader.log_probabilities(beginnings)

        found = beam_search(
            following, min(length, MOST_IN_BEAM), spec.beams, spec.length_penalty, end=end, never=(0,), shown=shown
        )
        if found.best.symbols:  # none where a net tells what is no number: then one is taken as if by chance
            return GoneOn(found.best.symbols, (first,), (), found)
    said: tuple[int, ...] = ()
    among: list[Considered] = []
    chances = generator.random(length).tolist()
    for chance in chances:
        meanwhile()
        among.append(considered(reader.sums([said])[0], spec))
        said = (*said, choose(among[-1], chance))
        if said[-1] == end:
            break
    return GoneOn(said, tuple(among), tuple(chances[: len(said)]))

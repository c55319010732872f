"""Looking at a translating net: what it writes for a source and where it looks as it does, and how good it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import torch
from torch import Tensor

from engine.nets.translation.model import BEGIN, END, PAD, Batch, Translator
from engine.probes.looking import looking
from engine.probes.tensors import Tensors
from engine.readings import Reading
from engine.training.task import Task
from engine.translation.batches import batch_of, exact, portions, symbol_share

AT_ONCE = 64
"""Pairs that are looked at at a time, so that people can be answered meanwhile."""


@dataclass(frozen=True, slots=True, eq=False)
class Alignment(Tensors):
    """How much was taken from each symbol of the source (columns) for each symbol written (rows), by head; float32
    (most written, most read), NaN beyond both ends.
    """

    name: ClassVar[str] = "alignment"


@dataclass(frozen=True, slots=True, eq=False)
class Energies(Tensors):
    """The same before the softmax."""

    name: ClassVar[str] = "energies"


@dataclass(frozen=True, slots=True, eq=False)
class Contexts(Tensors):
    """What was taken, a column for each symbol written: float32 (numbers, most written), NaN beyond the end."""

    name: ClassVar[str] = "context"


@dataclass(frozen=True, slots=True, eq=False)
class ByLength(Reading):
    """How many of the pairs held out are right, by the length of what is read: ``steps`` (n,) int32 are lengths from
    the shortest on, ends not counted, ``count`` (n,) int32 how many there are, ``share`` (n,) float32 the share that
    is right from beginning to end, NaN where there is none.
    """

    name: ClassVar[str] = "by_length"
    steps: np.ndarray
    count: np.ndarray
    share: np.ndarray


class Told(NamedTuple):
    """Sums (B * T, V) of pairs, all symbols before each being shown, and the targets (B, T)."""

    sums: Tensor
    targets: Tensor


class Judged(NamedTuple):
    """How good a net is at pairs, all symbols before each being shown: ``loss`` and ``score`` of its task, the share of
    the ``symbols`` that are right, and which pairs are ``right`` from beginning to end, (B,) bool.
    """

    loss: float
    score: float
    symbols: float
    right: np.ndarray


class Way(NamedTuple):
    """How a text was written: its ``symbols``, to the end or until it had to be cut; their ``logs``, the probability of
    each as its natural logarithm; and by head (T, S) the ``patterns`` and ``energies``, by place (T, C) the
    ``contexts``.
    """

    symbols: list[int]
    logs: list[float]
    patterns: Mapping[str, np.ndarray]
    energies: Mapping[str, np.ndarray]
    contexts: Mapping[str, np.ndarray]


def tell(net: Translator, batch: Batch, meanwhile: Callable[[], None] = lambda: None) -> Told:
    """Return what a net tells of pairs, all symbols before each being shown."""
    sums: list[Tensor] = []
    with looking(net):
        for rows in torch.arange(len(batch.targets)).split(AT_ONCE):
            sums.append(net(Batch(batch.sources[rows], batch.known[rows], batch.targets[rows])))
            meanwhile()
    return Told(torch.cat(sums), batch.targets)


def judge(
    net: Translator, task: Task, batch: Batch, symbols: int, meanwhile: Callable[[], None] = lambda: None
) -> Judged:
    """Return how good a net that writes so many ``symbols`` is at pairs: portion by portion, as the sums of all might
    not fit into memory.
    """
    right = np.zeros(len(batch.targets), dtype=bool)
    parts: list[tuple[float, float, float]] = []
    pairs: list[int] = []
    written: list[int] = []
    for rows in portions(batch.targets, symbols):
        some = batch_of(batch.sources[rows], batch.targets[rows])
        told = tell(net, some, meanwhile)
        right[rows.numpy()] = exact(*told).numpy()
        parts.append((float(task.loss(*told)), task.score(*told), symbol_share(*told)))
        pairs.append(len(rows))
        written.append(int((some.targets != PAD).sum()))
    loss, score, share = zip(*parts, strict=True)
    return Judged(_mean(loss, written), _mean(score, pairs), _mean(share, written), right)


def write(net: Translator, source: Sequence[int], length: int, said: Sequence[int] = ()) -> Way:
    """Write what is ``said`` for a ``source`` with its end, and keep the way; where nothing is, at most ``length``
    symbols, always the likeliest one.
    """
    length = len(said) or length
    symbols: list[int] = []
    logs: list[float] = []
    patterns: dict[str, list[np.ndarray]] = {}
    energies: dict[str, list[np.ndarray]] = {}
    contexts: dict[str, list[np.ndarray]] = {}
    with looking(net):
        read = torch.tensor([list(source)])
        state, last = net.begin(read, torch.ones_like(read, dtype=torch.bool)), BEGIN
        while len(symbols) < length and last != END:
            written = net.write(state, torch.tensor([last]))
            likely = written.sums[0].double().log_softmax(dim=0)
            choice = likely.clone()
            choice[[PAD, BEGIN]] = -torch.inf
            state, last = written.state, said[len(symbols)] if said else int(choice.argmax())
            symbols.append(last)
            logs.append(float(likely[last]))
            for kept, found in ((patterns, written.patterns), (energies, written.energies)):
                for place, rows in found.items():
                    for head, row in enumerate(rows[0].numpy()):
                        kept.setdefault(f"{place}.{head}", []).append(row)
            for place, vectors in written.contexts.items():
                contexts.setdefault(place, []).append(vectors[0].numpy())
    stacked = [{name: np.stack(rows) for name, rows in kept.items()} for kept in (patterns, energies, contexts)]
    return Way(symbols, logs, *stacked)


def read_way(way: Way, most_written: int, most_read: int) -> tuple[Alignment, Energies, Contexts]:
    """Return a way of writing as readings of one shape."""
    shape = (most_written, most_read)
    return (
        Alignment({name: _padded(rows, shape) for name, rows in way.patterns.items()}),
        Energies({name: _padded(rows, shape) for name, rows in way.energies.items()}),
        Contexts({name: _padded(rows.T, (rows.shape[1], most_written)) for name, rows in way.contexts.items()}),
    )


def read_by_length(right: np.ndarray, lengths: np.ndarray) -> ByLength:
    """Return the share that is ``right`` (B,) of pairs whose sources have ``lengths`` (B,)."""
    first, last = int(lengths.min()), int(lengths.max())
    count = np.bincount(lengths - first, minlength=last - first + 1)
    good = np.bincount(lengths - first, weights=right, minlength=last - first + 1)
    with np.errstate(invalid="ignore"):
        share = (good / count).astype(np.float32)
    return ByLength(np.arange(first, last + 1, dtype=np.int32), count.astype(np.int32), share)


def _mean(values: Sequence[float], weights: Sequence[int]) -> float:
    """Return the mean over all portions; that of one is its own, to the last bit."""
    return values[0] if len(values) == 1 else float(np.average(values, weights=weights))


def _padded(rows: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    found = np.full(shape, np.nan, np.float32)
    cut = rows[: shape[0], : shape[1]]
    found[: cut.shape[0], : cut.shape[1]] = cut
    return found

"""Pairs as numbers, and batches of pairs that are about as long as each other, so that little of them is filling."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from engine.nets.translation.model import PAD, Batch
from engine.seeds import derive
from engine.training.task import LossFunction, Task

POOL = 16
"""Batches whose pairs are sorted among each other: more would leave less to chance, fewer more filling."""


MOST_SUMS = 8_000_000
"""Sums that are held at a time where pairs are looked at: of a large vocabulary those of a few pairs."""


def padded(texts: Sequence[Sequence[int]]) -> Tensor:
    """Return texts as numbers (n, longest) int64, ``PAD`` behind the end of each."""
    longest = max(map(len, texts), default=1)
    return torch.tensor([[*text, *[PAD] * (longest - len(text))] for text in texts], dtype=torch.int64)


def trimmed(texts: Tensor) -> Tensor:
    """Return texts (n, steps) without the columns in which all are over; one at least stays."""
    return texts[:, : max(int((texts != PAD).any(dim=0).sum()), 1)]


def batch_of(sources: Tensor, targets: Tensor) -> Batch:
    """Return pairs of texts (B, steps) each as a net takes them."""
    sources = trimmed(sources)
    return Batch(sources, sources != PAD, trimmed(targets))


def portions(targets: Tensor, symbols: int) -> Iterator[Tensor]:
    """Yield the places of ``targets`` (n, T), as many at a time as make ``MOST_SUMS`` sums, one for each of so many
    ``symbols``; one at least. Where all are too many the longest come first, so that little of a portion is filling.
    """
    most = MOST_SUMS // symbols
    if targets.numel() <= most:
        yield torch.arange(len(targets))
        return
    lengths = (targets != PAD).sum(dim=1)
    order = lengths.argsort(descending=True, stable=True)
    while len(order):
        count = max(1, most // int(lengths[order[0]]))
        yield order[:count]
        order = order[count:]


def by_length(lengths: Tensor, size: int, generator: torch.Generator) -> Tensor:
    """Return an order (n,) by chance, in which every ``size`` one after the other are of about the same ``lengths``.

    A pool of batches is drawn and sorted; then whole batches change places, a last one that is not full keeps its own.
    """
    count = len(lengths)
    order = torch.randperm(count, generator=generator)
    pools = [pool[lengths[pool].argsort(stable=True)] for pool in order.split(POOL * size)]
    found = torch.cat(pools)
    full = count // size
    batches = found[: full * size].view(full, size)
    shuffled = batches[torch.randperm(full, generator=generator)]
    return torch.cat([shuffled.flatten(), found[full * size :]])


class Pairs:
    """Pairs to learn from, ``sources`` (n, S) and ``targets`` (n, T); implements ``engine.training.fit.Examples``.

    Whatever order is asked for, a step takes the batch whose turn it is by ``by_length``: of ``seed`` and the pass
    alone.
    """

    def __init__(self, sources: Tensor, targets: Tensor, size: int, seed: int) -> None:
        self.sources, self.targets = sources, targets
        self.size, self.seed = size, seed
        width = targets.shape[1] + 1
        # The longer source first, and of two alike the longer target.
        self.lengths = (sources != PAD).sum(dim=1) * width + (targets != PAD).sum(dim=1)
        self._order: tuple[int, Tensor] = -1, torch.zeros(0, dtype=torch.int64)

    def __len__(self) -> int:
        return len(self.targets)

    def batch(self, step: int, places: Tensor) -> tuple[Batch, Tensor]:
        """Return the batch of a step, as many pairs as there are ``places``, and its targets (B, T)."""
        epoch, at = divmod(step, self._steps)
        if self._order[0] != epoch:
            generator = torch.Generator().manual_seed(derive(self.seed, "lengths", epoch))
            self._order = epoch, by_length(self.lengths, self.size, generator)
        return self.at(self._order[1][at * self.size : at * self.size + len(places)])

    def at(self, places: Tensor) -> tuple[Batch, Tensor]:
        """Return pairs by their places, and their targets (B, T)."""
        batch = batch_of(self.sources[places], self.targets[places])
        return batch, batch.targets

    @property
    def _steps(self) -> int:
        """Return how many batches a pass has: a single pair left over joins the batch before it, see ``batches``."""
        whole, left = divmod(len(self), self.size)
        return max(1, whole + (left > 1 or (left == 1 and self.size == 1)))


def translating(outputs: int, smoothing: float = 0.0, once: LossFunction | None = None) -> Task:
    """Return the task of writing ``outputs`` symbols: of sums (B * T, V) and targets (B, T).

    The loss is the mean over all symbols that are more than filling, of the cross-entropy in which the right symbol
    counts 1 - ``smoothing``, and all V symbols share the rest (Szegedy et al. 2015, arXiv 1512.00567); or the loss
    ``once`` over these symbols. The score is the share of texts that are right from beginning to end. As the likeliest
    symbol is right at each place where those before it were, these are just the texts that are right where the net
    writes by itself.
    """

    def loss(sums: Tensor, targets: Tensor) -> Tensor:
        asked = targets.flatten()
        if once is None:
            return functional.cross_entropy(sums, asked, ignore_index=PAD, label_smoothing=smoothing)
        there = asked != PAD
        return once(sums[there], asked[there])

    return Translating("classes", outputs, loss, "share without a fault")


class Translating(Task):
    """See ``translating``."""

    def score(self, outputs: Tensor, targets: Tensor) -> float:
        """Return the share of the texts that are right from beginning to end, NaN where sums are no numbers."""
        if not bool(outputs.sum().isfinite()):
            return float("nan")
        return float(exact(outputs, targets).float().mean())


def right(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return where the likeliest symbol is the right one, (B, T) bool, filling counting as right."""
    return (outputs.argmax(dim=1).view_as(targets) == targets) | (targets == PAD)


def exact(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return which texts are right from beginning to end, (B,) bool."""
    return right(outputs, targets).all(dim=1)


def symbol_share(outputs: Tensor, targets: Tensor) -> float:
    """Return the share of the symbols, filling left out, that are right where all before them are shown."""
    there = targets != PAD
    return float(right(outputs, targets)[there].float().mean())

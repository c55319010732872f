"""The loop one can point at: ``for step in fit(net, task, examples, spec)``.

It yields in the moment between backward and update, when the weights and their gradients belong together; whoever looks
then sees both. Walking on applies the update.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.nn.utils import clip_grad_norm_

from engine.seeds import derive
from engine.training.experiment import Step
from engine.training.optimisers import penalised
from engine.training.settings import TrainingSpec
from engine.training.task import Task


class Examples(Protocol):
    """What is learnt from, a batch at a time."""

    def __len__(self) -> int:
        """Return how many examples there are."""
        ...

    def batch(self, step: int, places: Tensor) -> tuple[Any, Tensor]:
        """Return inputs, as the net takes them, and targets (B, ...) of the examples at ``places`` (B,), as step number
        ``step`` sees them: asked again for the same step, the same.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Examples that every step sees alike: inputs (n, F) and targets (n,) in the dtype that the loss takes."""

    inputs: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    def batch(self, step: int, places: Tensor) -> tuple[Tensor, Tensor]:
        """Return inputs (B, F) and targets (B,)."""
        return self.inputs[places], self.targets[places]


def fit(
    net: nn.Module,
    task: Task,
    examples: Examples,
    spec: TrainingSpec,
    rate: Callable[[float], float],
    optimiser: torch.optim.Optimizer,
    since: Step | None = None,
    frozen: Callable[[], Iterable[nn.Module]] = tuple,
    touched: Callable[[], bool] = lambda: False,
    clip: Callable[[], float] = lambda: 0.0,
) -> Iterator[Step]:
    """Train ``net``, yielding each step between backward and update; ``rate(epoch)`` is asked for every update, and so
    is which parts are ``frozen``: their parameters stay as they are.

    The last step yielded is the one at which ``spec.max_epochs`` passes have been made. With ``since``, the step at
    which net, gradients and optimiser stand already, it yields that one first and goes on. The order of the examples
    draws from a stream of its own, so the same spec gives the same numbers bit for bit, wherever one begins.

    Where the net was ``touched`` by a hand since it was yielded, the same step is yielded once more: its batch passes
    again, and loss and gradients are those of the net as it is now.

    Where ``clip()`` is above 0, an update is made of the gradient cut to that length, all parameters together (Pascanu,
    Mikolov and Bengio 2013, arXiv 1211.5063); who looks sees it uncut.
    """
    decay = penalised(net) if spec.l1 or spec.l2 else []
    l2 = 0.0 if spec.optimizer == "adamw" else spec.l2

    def update(epoch: float) -> None:
        for group in optimiser.param_groups:
            group["lr"] = rate(epoch)
        for part in frozen():
            part.zero_grad()  # an optimiser passes by what has no gradient, with its momentum and its decay
        if longest := clip():
            clip_grad_norm_(net.parameters(), longest)
        optimiser.step()

    def pass_back(number: int, epoch: float, batch: Tensor) -> Step:
        optimiser.zero_grad()
        inputs, targets = examples.batch(number, batch)
        loss = task.loss(net(inputs), targets)
        loss.backward()
        if decay:
            add_penalties(decay, spec.l1, l2)
        return Step(number, epoch, loss.item())

    first = 0 if since is None else since.number
    for number, (epoch, batch) in enumerate(batches(len(examples), spec, first), first):
        yield since if since is not None and number == first else pass_back(number, epoch, batch)
        while touched():
            yield pass_back(number, epoch, batch)
        if epoch >= spec.max_epochs:
            return
        update(epoch)


def batches(count: int, spec: TrainingSpec, first: int = 0) -> Iterator[tuple[float, Tensor]]:
    """Yield (epoch, places of the examples) of step ``first`` and all after it: each pass in an order of its own.

    The epoch is whole at its first batch. A single one left over joins the batch before it, for batch norm cannot do
    with one.
    """
    starts = list(range(0, count, spec.batch_size))
    if len(starts) > 1 and count - starts[-1] == 1 and spec.batch_size > 1:
        starts.pop()
    ends = [*starts[1:], count]
    generator = torch.Generator()
    epoch, place = divmod(first, len(starts))
    while True:
        order = torch.randperm(count, generator=generator.manual_seed(derive(spec.seed, "order", epoch)))
        for start, end in zip(starts[place:], ends[place:], strict=True):
            yield epoch + start / count, order[start:end]
        epoch, place = epoch + 1, 0


def add_penalties(parameters: list[nn.Parameter], l1: float, l2: float) -> None:
    """Add the gradient of l1 * sum|w| + l2/2 * sum w² to the gradients that are there."""
    for parameter in parameters:
        if parameter.grad is None:
            continue
        if l1:
            parameter.grad.add_(parameter.detach().sign(), alpha=l1)
        if l2:
            parameter.grad.add_(parameter.detach(), alpha=l2)

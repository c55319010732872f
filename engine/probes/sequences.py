"""What a net that reads sequences does with one of them: its states and gates step by step, and how the gradient goes
back through time.

All readings have one column for each step, and as many as ever are shown: NaN stands behind the end.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import torch
from torch import Tensor

from engine.nets.sequences.net import SequenceNet
from engine.probes.looking import looking
from engine.probes.tensors import Tensors
from engine.readings import Reading


@dataclass(frozen=True, slots=True, eq=False)
class Learnt(Reading):
    """All sequences, those for training first, (n,) float32 each: the sum of the numbers or tokens ``read``, and of
    what is ``asked``.
    """

    name: ClassVar[str] = "sequences"
    read: np.ndarray
    asked: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class States(Tensors):
    """By ``<cell>.<gate>`` what each unit was at each step, (units, steps) float32."""

    name: ClassVar[str] = "states"


@dataclass(frozen=True, slots=True, eq=False)
class Inputs(Reading):
    """What the first layer read at each step, ``vectors`` (numbers, steps) float32."""

    name: ClassVar[str] = "read"
    vectors: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Unrolled(Reading):
    """The net unrolled over time, (cells, steps) float32 each: ``state`` is the root mean square of the hidden state h,
    ``gradient`` |dL/dh|, the length of the gradient of the loss by it, ``log_gradient`` its power of ten.
    """

    name: ClassVar[str] = "unrolled"
    state: np.ndarray
    gradient: np.ndarray
    log_gradient: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Arriving(Reading):
    """What is told after so many steps: ``logits`` (outputs, steps) float32, and of classes their ``probabilities``; of
    numbers these are the numbers themselves.
    """

    name: ClassVar[str] = "arriving"
    logits: np.ndarray
    probabilities: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Told(Reading):
    """Of sequences held out what was ``asked`` and what was ``told``, (n,) float32 each."""

    name: ClassVar[str] = "told"
    asked: np.ndarray
    told: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Forecast(Reading):
    """A wave, (steps + 1,) float32 each: as it was ``measured`` and as it is ``true``, the forecast of ``one`` step
    from all that was measured before, and the ``free`` one, which goes on from forecasts of its own.
    """

    name: ClassVar[str] = "forecast"
    measured: np.ndarray
    true: np.ndarray
    one: np.ndarray
    free: np.ndarray


class Looked(NamedTuple):
    """What was ``told`` of one sequence, (outputs,) or (T, outputs), and the readings of its way through the net."""

    told: Tensor
    readings: tuple[States, Inputs, Unrolled]


def look(net: SequenceNet, inputs: Tensor, loss: Callable[[Tensor], Tensor], steps: int) -> Looked:
    """Look at one sequence, tokens (1, T) or numbers (1, T, features), on its way through ``net`` in evaluation mode.

    ``loss`` is that of what is told, (1, outputs) or (1, T, outputs). Nothing of the net is changed, its gradients are
    not either. Readings have ``steps`` columns.
    """
    with looking(net), torch.enable_grad():
        seen = net.look(inputs)
        cells = [name.removesuffix(".hidden") for name in seen.gates if name.endswith(".hidden")]
        hidden = [one for cell in cells for one in seen.gates[f"{cell}.hidden"]]
        slopes = torch.autograd.grad(loss(seen.told), hidden, allow_unused=True)
    found = [torch.zeros_like(one) if slope is None else slope for slope, one in zip(slopes, hidden, strict=True)]
    lengths = torch.cat(found).norm(dim=1).reshape(len(cells), -1).double().numpy()
    sizes = torch.cat(hidden).detach().square().mean(dim=1).sqrt().reshape(len(cells), -1).numpy()
    with np.errstate(divide="ignore"):
        powers = np.where(lengths > 0, np.log10(lengths), np.nan)
    states = {name: widened(_stacked(gate), steps) for name, gate in seen.gates.items()}
    unrolled = Unrolled(*(widened(array, steps) for array in (sizes, lengths, powers)))
    vectors = widened(seen.read[0].detach().T.numpy(), steps)
    return Looked(seen.told[0].detach(), (States(states), Inputs(vectors), unrolled))


def arriving(net: SequenceNet, inputs: Tensor, steps: int, *, classes: bool) -> Arriving:
    """Return what is told of one sequence after each step; see ``SequenceNet.beginnings``."""
    with looking(net):
        told = net.beginnings(inputs)
    shares = torch.softmax(told, dim=1) if classes else told
    return Arriving(widened(told.T.numpy(), steps), widened(shares.T.numpy(), steps))


def forecast(net: SequenceNet, measured: np.ndarray, true: np.ndarray, known: int) -> Forecast:
    """Return the forecasts of one wave, ``measured`` (steps,) float32 with NaN behind its end.

    The free one knows the first ``known`` numbers, and goes on from there. ``true`` (steps,) may be NaN.
    """
    there = int(np.isfinite(measured).sum())
    read = torch.tensor(measured[:there])[None, :, None]
    with looking(net):
        one = net(read)[0, :, 0].numpy()
        free = net.go_on(read[:, :known], len(measured) - known)[0].numpy()
    steps = len(measured)
    return Forecast(
        measured, true, widened(np.concatenate([[np.nan], one])[:steps], steps), _behind(free, known, steps)
    )


def widened(array: np.ndarray, steps: int) -> np.ndarray:
    """Return an array whose last axis counts steps with so many of them, float32: NaN behind its end."""
    wide = np.full((*array.shape[:-1], steps), np.nan, np.float32)
    kept = array[..., :steps]
    wide[..., : kept.shape[-1]] = kept
    return wide


def _behind(array: np.ndarray, first: int, steps: int) -> np.ndarray:
    wide = np.full(steps, np.nan, np.float32)
    wide[first:] = array[: steps - first]
    return wide


def _stacked(gate: Sequence[Tensor]) -> np.ndarray:
    """Return what a gate was, T tensors (1, units), as (units, T)."""
    return torch.cat(list(gate)).detach().T.numpy()


Errors = Mapping[str, float]


def forecast_errors(net: SequenceNet, measured: Tensor, true: Tensor, known: int) -> Errors:
    """Return root mean square errors of forecasts, of waves (n, steps) each, against the ``true`` ones.

    ``one``: one step ahead, from all that was measured; ``free``: on from the first ``known`` by itself; ``naive`` and
    ``naive_free``: the same by who says that it stays as it was last measured.
    """
    steps = measured.shape[1]
    with looking(net):
        one = net(measured[:, :-1, None])[..., 0]
        free = net.go_on(measured[:, :known, None], steps - known)
    stays = measured[:, known - 1 : known]
    told = {"one": (one, true[:, 1:]), "free": (free, true[:, known:])}
    told |= {"naive": (measured[:, :-1], true[:, 1:]), "naive_free": (stays, true[:, known:])}
    return {name: float((guess - right).square().mean().sqrt()) for name, (guess, right) in told.items()}

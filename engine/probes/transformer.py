"""Looking into a transformer by what passes through it: any net that shows a touch its tensors by the names of
``engine.nets.attention`` and ``engine.nets.transformers.stack``.

A net is called with symbols (B, T) int64 and a touch, and returns sums (B, W, V). Names of tensors are
``blocks.0.attention.pattern``, with ``encoder.`` or ``decoder.`` ahead where there are both; a *part* is what makes
attention in every block, ``attention``, ``encoder.attention``, ``decoder.crossed``.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

import torch
from torch import Tensor, nn

from engine.nets.attention.touch import Touch, Touched
from engine.probes.looking import looking

_NAME = re.compile(r"(?P<where>(?:\w+\.)*)blocks\.(?P<block>\d+)\.(?P<part>\w+)\.pattern")


class Attending(Protocol):
    """A net that shows a touch what passes through it."""

    def __call__(self, symbols: Tensor, touch: Touch | None = None) -> Tensor:
        """Return the sums (B, W, V) for symbols (B, T)."""
        ...

    def told(self, stream: Tensor) -> Tensor:
        """Return the sums (..., V) that a ``stream`` (..., C) would lead to, if no block came behind it."""
        ...


class Seen(NamedTuple):
    """The sums (B, W, V) of a pass, and all that was touched on the way, by name."""

    sums: Tensor
    touched: Mapping[str, Tensor]


class Slopes(NamedTuple):
    """How much one of the ``sums`` changes with each attention weight, by the names of the patterns, of their shape
    without the batch, and with each number of what was embedded, (T, C) by the names of those.
    """

    total: float
    patterns: Mapping[str, Tensor]
    inputs: Mapping[str, Tensor]


def attention_name(part: str, block: int) -> str:
    """Return the name below which the attention of a part stands in a block: ``decoder.blocks.0.crossed``."""
    where, _, kind = part.rpartition(".")
    return f"{where}{'.' if where else ''}blocks.{block}.{kind}"


def joined(touches: Iterable[Touch | None]) -> Touch | None:
    """Return a touch that does what several do, one after the other."""
    those = [touch for touch in touches if touch is not None]
    if len(those) < 2:
        return those[0] if those else None

    def all_of_them(name: str, value: Tensor) -> Tensor:
        for touch in those:
            value = touch(name, value)
        return value

    return all_of_them


def see(net: Attending, symbols: Tensor, touch: Touch | None = None) -> Seen:
    """Return what passes through a net, after ``touch`` has done with it what it does."""
    touched = Touched()
    with _looking(net):
        return Seen(net(symbols, joined([touch, touched])), touched)


def parts(touched: Mapping[str, Tensor]) -> dict[str, int]:
    """Return the parts that attend, and in how many blocks each."""
    found: dict[str, int] = {}
    for name in touched:
        if match := _NAME.fullmatch(name):
            part = match["where"] + match["part"]
            found[part] = max(found.get(part, 0), int(match["block"]) + 1)
    return found


def over_blocks(touched: Mapping[str, Tensor], part: str, tensor: str) -> Tensor:
    """Return a tensor of a part's attention over all blocks, (blocks, ...) of the first of the batch."""
    blocks = parts(touched)[part]
    return torch.stack([touched[f"{attention_name(part, at)}.{tensor}"][0] for at in range(blocks)])


def without(part: str, block: int, head: int) -> Touch:
    """Return a touch that knocks a head out: what it has gathered is 0, as if its columns of ``out`` were."""
    name = f"{attention_name(part, block)}.gathered"

    def knock(at: str, value: Tensor) -> Tensor:
        if at != name:
            return value
        kept = torch.ones(value.shape[1], 1, 1, dtype=value.dtype)
        kept[head] = 0
        return value * kept

    return knock


def knock_outs(
    net: Attending, symbols: Tensor, measure: Callable[[Tensor], Tensor], meanwhile: Callable[[], None] = lambda: None
) -> tuple[Tensor, dict[str, Tensor]]:
    """Return what ``measure`` makes of the sums, (numbers,), and by parts how much that changes with each head gone,
    (blocks, heads, numbers).
    """
    whole = see(net, symbols[:1])
    with _looking(net):
        base = measure(net(symbols, None))
        changes = {}
        for part, blocks in parts(whole.touched).items():
            heads = whole.touched[f"{attention_name(part, 0)}.pattern"].shape[1]
            rows = []
            for block in range(blocks):
                rows.append([measure(net(symbols, without(part, block, head))) - base for head in range(heads)])
                meanwhile()
            changes[part] = torch.stack([torch.stack(row) for row in rows])
    return base, changes


def streams(touched: Mapping[str, Tensor], where: str = "") -> list[str]:
    """Return the names of the residual stream from what is embedded up; of the stack ``where``, ``decoder.`` say."""
    names = [f"{where}embedded"]
    while (name := f"{where}blocks.{len(names) - 1}.stream") in touched:
        names.append(name)
    return names


def lengths(touched: Mapping[str, Tensor], names: Iterable[str]) -> Tensor:
    """Return how long the vectors of some tensors (1, T, C) are at each place, (names, T)."""
    return torch.stack([touched[name][0].norm(dim=1) for name in names])


def lens(net: Attending, touched: Mapping[str, Tensor], names: Iterable[str]) -> Tensor:
    """Return the logit lens (nostalgebraist 2020): the probabilities that the output layer would give at each level of
    the stream, (names, T, V).
    """
    with _looking(net):
        return torch.stack([net.told(touched[name])[0].softmax(dim=1) for name in names])


def rollout(patterns: Tensor) -> Tensor:
    """Return by how much each place is made of each symbol read, (T, T), rows summing to 1, where all that attention
    (blocks, H, T, T) gathers is worth as much as what stays in the stream (Abnar and Zuidema 2020, arXiv 2005.00928).
    """
    size = patterns.shape[-1]
    flow = torch.eye(size, dtype=patterns.dtype)
    for one in patterns.mean(dim=1):
        flow = (one + torch.eye(size, dtype=patterns.dtype)) / 2 @ flow
    return flow


def slopes(net: Attending, symbols: Tensor, place: int, symbol: int, touch: Touch | None = None) -> Slopes:
    """Return the gradient of the sum for ``symbol`` at a ``place`` of one sequence (1, T) by each attention weight, as
    if it could change alone, and by what was embedded. No parameter gets a gradient by it.
    """
    kept: dict[str, Tensor] = {}

    def keep(name: str, value: Tensor) -> Tensor:
        if name.endswith("embedded"):
            kept[name] = value = value.detach().requires_grad_()
        elif name.endswith(".pattern"):
            kept[name] = value
        return value

    with _looking(net), torch.enable_grad():
        total = net(symbols, joined([touch, keep]))[0, place, symbol]
        found = torch.autograd.grad(total, list(kept.values()), allow_unused=True)
    given = {
        name: torch.zeros_like(value) if slope is None else slope
        for (name, value), slope in zip(kept.items(), found, strict=True)
    }
    patterns = {name: slope[0] for name, slope in given.items() if name.endswith(".pattern")}
    return Slopes(float(total.detach()), patterns, {n: slope[0] for n, slope in given.items() if n not in patterns})


def patched(
    net: Attending,
    symbols: Tensor,
    other: Tensor,
    where: str,
    place: int,
    meanwhile: Callable[[], None] = lambda: None,
) -> tuple[Tensor, int, int]:
    """Put the stream of an ``other`` sequence (1, T) into that of ``symbols`` (1, T), at one level and place at a time.

    Returned are (levels, T) shares, and the likeliest symbol at ``place`` in either. A share is by how much the sum of
    the other's likeliest symbol, less that of one's own, has come from where it was, 0, to where it is in the other,
    1 (Meng et al. 2022, arXiv 2202.05262; Wang et al. 2022, arXiv 2211.00593); NaN where both tell the same.
    """
    mine, theirs = see(net, symbols), see(net, other)
    names = streams(mine.touched, where)
    own, strange = (int(one.sums[0, place].argmax()) for one in (mine, theirs))
    length = mine.touched[names[0]].shape[1]
    if own == strange:
        return torch.full((len(names), length), torch.nan), own, strange

    def off(sums: Tensor) -> Tensor:
        return sums[:, place, strange] - sums[:, place, own]

    low, high = off(mine.sums), off(theirs.sums)
    rows = []
    with _looking(net):
        for name in names:
            sums = net(symbols.expand(length, -1), _each_place(name, theirs.touched[name][0]))
            rows.append((off(sums) - low) / (high - low))
            meanwhile()
    return torch.stack(rows), own, strange


def _each_place(name: str, stream: Tensor) -> Touch:
    """Return a touch that puts of a stream (T, C) one place into each of T copies of a sequence."""
    here = torch.eye(len(stream), dtype=torch.bool)[:, :, None]
    return lambda at, value: torch.where(here, stream, value) if at == name else value


def back_by(patterns: Tensor, places: int, first: int) -> Tensor:
    """Return how much of attention (..., H, T, T) goes so many ``places`` back, the mean over those from ``first`` on,
    (..., H).

    One back is the score of a head that looks at the symbol before; ``period`` - 1 back, behind the first repetition
    of a sequence that repeats itself, is the induction score (Olsson et al. 2022, arXiv 2209.11895).
    """
    return patterns.diagonal(-places, dim1=-2, dim2=-1)[..., first - places :].mean(dim=-1)


def strongest(touched: Mapping[str, Tensor], where: str, count: int) -> list[tuple[int, int]]:
    """Return the block and the number of the neurons that are largest anywhere in a sequence, the largest first."""
    found: list[tuple[float, int, int]] = []
    block = 0
    while (name := f"{where}blocks.{block}.neurons") in touched:
        most = touched[name][0].amax(dim=0)
        values, places = most.topk(min(count, len(most)))
        found += [(-float(value), block, int(at)) for value, at in zip(values, places, strict=True)]
        block += 1
    return [(block, at) for _, block, at in sorted(found)[:count]]


def _looking(net: Attending) -> AbstractContextManager[None]:
    """Look at a net, which leaves no trace in it."""
    if not isinstance(net, nn.Module):
        raise TypeError(f"expected a module to be looked at, received {type(net).__name__}")
    return looking(net)

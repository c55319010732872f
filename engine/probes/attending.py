"""What is seen of a transformer that reads one sequence: who looks where, with which numbers, and what comes of it.

It is of any net that ``engine.probes.transformer`` can look into. Arrays over places are as long as ``most``, NaN
behind the sequence's end, so that all sequences fill the same panels.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import torch
from torch import Tensor

from engine.asking import Answer
from engine.explanation import factor, products, word
from engine.nets.attention.touch import Touch
from engine.probes import transformer
from engine.probes.attending_given import look_at_given
from engine.probes.tensors import Tensors
from engine.probes.transformer import Attending, attention_name, over_blocks
from engine.readings import Reading

MOST_STRONGEST = 24
MOST_TILED = 64
"""Places of which all heads are told; of one head it is all of them."""
TOLD_WEIGHTS, TOLD_NUMBERS = 4, 2
"""Of a place's attention weights so many are written out, the largest; and of what it gathers so many numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Patterns(Tensors):
    """Who looks where: for each part (blocks, heads, most, most) float32, rows that ask, columns that are asked."""

    name: ClassVar[str] = "patterns"


@dataclass(frozen=True, slots=True, eq=False)
class PatternSlopes(Tensors):
    """How much the chosen sum changes with each attention weight, of the same shapes."""

    name: ClassVar[str] = "pattern_slopes"


@dataclass(frozen=True, slots=True, eq=False)
class Rollout(Tensors):
    """By how much each place is made of each symbol read, (most, most) float32, see ``rollout``: ``all``, and beside a
    decoder ``encoder``.
    """

    name: ClassVar[str] = "rollout"


@dataclass(frozen=True, slots=True, eq=False)
class Head(Reading):
    """One head: ``query`` and ``gathered`` (D, most) of the places that ask, ``key`` and ``value`` (D, most) of those
    asked; ``scores``, ``masked``, ``pattern`` and the pattern's ``slope`` (most, most); all float32.
    """

    name: ClassVar[str] = "head"
    query: np.ndarray
    key: np.ndarray
    value: np.ndarray
    gathered: np.ndarray
    scores: np.ndarray
    masked: np.ndarray
    pattern: np.ndarray
    slope: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Stream(Reading):
    """The residual stream at each level and place: its ``length``, the ``probability`` of the symbol that the output
    layer would tell there, and by how much a patch brings the other sequence's answer, ``restored``; each (levels,
    most) float32. ``added`` is the length of the step from the level below, at the lowest that of what was embedded.
    """

    name: ClassVar[str] = "stream"
    length: np.ndarray
    added: np.ndarray
    probability: np.ndarray
    restored: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Inputs(Reading):
    """What the chosen sum owes to the symbols read, (1, most) float32 each: the ``length`` of its gradient by each
    vector, and the ``product`` of both (Shrikumar et al. 2016, arXiv 1605.01713).
    """

    name: ClassVar[str] = "inputs"
    length: np.ndarray
    product: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Strongest(Reading):
    """What the neurons that are largest in this sequence are at each place, (neurons, most) float32."""

    name: ClassVar[str] = "strongest"
    activations: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Beyond(Reading):
    """What a page of a longer text does not show of the chosen head: ``sums`` (most,) float32 are the logarithms of
    what the softmax of each place divides by, over the whole text.
    """

    name: ClassVar[str] = "beyond"
    sums: np.ndarray


class Chosen(NamedTuple):
    """What is looked at: a ``head`` of a ``part`` in a ``block``, and the ``place`` that asks. ``touch`` is done to the
    net meanwhile, a head knocked out, say.
    """

    part: str
    block: int
    head: int
    place: int
    touch: Touch | None = None


class Read(NamedTuple):
    """One sequence: ``symbols`` (1, T) int64 and what each is called; the first ``given`` are an encoder's, the others
    a decoder's, where a net has both.
    """

    symbols: Tensor
    tokens: Sequence[str]
    given: int = 0


class Attended(NamedTuple):
    """What was seen of attention: all that passed through the net, the gradients of the sum of the likeliest symbol at
    ``place``, and the ``answer`` that tells it.
    """

    seen: transformer.Seen
    slopes: transformer.Slopes
    place: int
    answer: Answer


def stack_of(part: str) -> str:
    """Return the stack in which a part attends, as names begin: ``decoder.``, or nothing."""
    where, _, _ = part.rpartition(".")
    return f"{where}." if where else ""


def asking(one: Read, part: str) -> Sequence[str]:
    """Return what the places are called that ask in a part."""
    return one.tokens[: one.given] if stack_of(part) == "encoder." else one.tokens[one.given :]


def asked(one: Read, part: str) -> Sequence[str]:
    """Return what the places are called that are asked in a part."""
    encoder = stack_of(part) == "encoder." or part.endswith("crossed")
    return one.tokens[: one.given] if encoder and one.given else one.tokens[one.given :]


def look(
    net: Attending,
    one: Read,
    other: Tensor | None,
    chosen: Chosen,
    named: Callable[[int], str],
    most: int,
    meanwhile: Callable[[], None] = lambda: None,
) -> Answer:
    """Return all that is seen of one sequence; ``other`` (1, T) is that from which activations are patched in, and
    ``named`` says what a symbol is called.
    """
    seen, slopes, place, attention = attend(net, one, chosen, named, most, meanwhile)
    meanwhile()
    writing = "decoder." if one.given else ""
    stream, words = _stream(net, one, other, seen, writing, place, named, most, meanwhile)
    meanwhile()
    rolled = {
        "encoder" if one.given and part.startswith("encoder.") else "all": _square(
            transformer.rollout(over_blocks(seen.touched, part, "pattern")), most
        )
        for part in transformer.parts(seen.touched)
        if not part.endswith("crossed")
    }
    strongest, neurons = _strongest(seen.touched, writing, most)
    readings = (
        *attention.readings,
        Rollout(rolled),
        stream,
        _inputs(seen.touched[f"{writing}embedded"][0], slopes.inputs[f"{writing}embedded"], most),
        strongest,
        *(look_at_given(net, one.symbols, other, seen, slopes, place, most, meanwhile) if one.given else ()),
    )
    words |= {
        "read": "\n".join(one.tokens[one.given :]),
        "given": "\n".join(one.tokens[: one.given]),
        "neurons": neurons,
    }
    return Answer(readings, {**attention.words, **words})


def attend(
    net: Attending,
    one: Read,
    chosen: Chosen,
    named: Callable[[int], str],
    most: int,
    meanwhile: Callable[[], None] = lambda: None,
) -> Attended:
    """Return what is seen of the attention alone."""
    seen = transformer.see(net, one.symbols, chosen.touch)
    meanwhile()
    place = min(chosen.place, seen.sums.shape[1] - 1)
    symbol = int(seen.sums[0, place].argmax())
    slopes = transformer.slopes(net, one.symbols, place, symbol, chosen.touch)
    sloped = {
        part: torch.stack([slopes.patterns[f"{attention_name(part, at)}.pattern"] for at in range(blocks)])
        for part, blocks in transformer.parts(seen.touched).items()
    }
    head, tiled = _head(seen.touched, sloped, chosen, most), min(most, MOST_TILED)
    readings = (
        Patterns({part: _square(over_blocks(seen.touched, part, "pattern"), tiled) for part in sloped}),
        PatternSlopes({part: _square(slope, tiled) for part, slope in sloped.items()}),
        head,
    )
    words = {
        "asking": "\n".join(asking(one, chosen.part)),
        "asked": "\n".join(asked(one, chosen.part)),
        "chosen": f"{chosen.part} {chosen.block} {chosen.head}",
        "logit": f"The sum for {named(symbol)} at place {place}: {word(slopes.total)}.",
        "token": written_out(head, chosen, asking(one, chosen.part), asked(one, chosen.part)),
    }
    return Attended(seen, slopes, place, Answer(readings, words))


def written_out(
    head: Head, chosen: Chosen, asking: Sequence[str], asked: Sequence[str], sums: np.ndarray | None = None
) -> str:
    """Return in words how the chosen place asks with one head, its largest attention weights with all numbers.

    Where some that are asked are not in the ``head``, ``sums`` (T,) has the logarithms of what the softmax divides by.
    """
    at = min(chosen.place, len(asking) - 1)
    size = len(head.query)
    weights = head.pattern[at, : len(asked)]
    order = np.argsort(-np.nan_to_num(weights), kind="stable")[:TOLD_WEIGHTS]
    order = order[weights[order] > 0]
    masked = head.masked[at, : len(asked)].astype(np.float64)
    largest = float(np.nanmax(np.where(np.isfinite(masked), masked, -np.inf)))
    total = float(np.exp(masked - largest).sum() if sums is None else np.exp(float(sums[at]) - largest))
    lines = [f"Place {at} «{asking[at]}» asks with head {chosen.head} of block {chosen.block}."]
    for to in order.tolist():
        summed = products(head.query[:, at].tolist(), head.key[:, to].tolist())
        score = float(head.scores[at, to])
        moved = float(masked[to]) - score
        there = f" {'+' if moved > 0 else '−'} {word(abs(moved))} (distance)" if moved else ""
        lines.append(
            f"«{asked[to]}» at {to}: query · key / √{size} = ({summed}) / {word(size**0.5)} = {word(score)}{there}; "
            f"softmax: exp({word(float(masked[to]))} − {word(largest)}) / {word(total)} = {word(float(weights[to]))}."
        )
    if behind := int(np.isneginf(masked).sum()):
        lines.append(f"{behind} of {len(asked)} places it may not see: their scores become −∞, and their weights 0.")
    if not head.gathered.any() and weights.any():
        lines.append("It is knocked out: what it gathers is 0.")
        return "\n".join(lines)
    some = weights > 0
    numbers = []
    for number, gathered in enumerate(head.gathered[:TOLD_NUMBERS, at].tolist()):
        values = head.value[number, : len(asked)][some]
        rest = "" if sums is None else f" + {factor(gathered - float(weights[some] @ values))} of other pages"
        summed = products(weights[some].tolist(), values.tolist())
        numbers.append(f"number {number} is {summed}{rest} = {word(gathered)}")
    more = "; …" if size > TOLD_NUMBERS else "."
    lines.append(f"It gathers the values of all places, times their weights: {'; '.join(numbers)}{more}")
    return "\n".join(lines)


def _head(touched: Mapping[str, Tensor], sloped: Mapping[str, Tensor], chosen: Chosen, most: int) -> Head:
    """Return all numbers of the chosen head."""
    name = attention_name(chosen.part, chosen.block)

    def of(tensor: str) -> Tensor:
        return touched[f"{name}.{tensor}"][0, chosen.head]

    query, key, value, gathered = (_columns(of(one).T, most) for one in ("query", "key", "value", "gathered"))
    scores, masked, pattern = (_square(of(one), most) for one in ("scores", "masked", "pattern"))
    slope = _square(sloped[chosen.part][chosen.block, chosen.head], most)
    return Head(query, key, value, gathered, scores, masked, pattern, slope)


def _stream(
    net: Attending,
    one: Read,
    other: Tensor | None,
    seen: transformer.Seen,
    where: str,
    place: int,
    named: Callable[[int], str],
    most: int,
    meanwhile: Callable[[], None],
) -> tuple[Stream, dict[str, str]]:
    """Return what is seen of the stream, and its words: the symbols of the lens, and what was patched."""
    names = transformer.streams(seen.touched, where)
    told = transformer.lens(net, seen.touched, names)
    best = told.max(dim=2)
    lengths = transformer.lengths(seen.touched, names)
    levels = torch.stack([seen.touched[name][0] for name in names])
    restored, words = torch.full_like(lengths, torch.nan), "There is no other sequence to take an activation from."
    if other is not None:
        restored, own, strange = transformer.patched(net, one.symbols, other, where, place, meanwhile)
        words = (
            f"At place {place} this sequence leads to {named(own)}, the other one to {named(strange)}."
            if own != strange
            else f"Both sequences lead to {named(own)} at place {place}: there is nothing to be brought over."
        )
    stream = Stream(
        _columns(lengths, most),
        _columns(torch.cat([levels[:1], levels[1:] - levels[:-1]]).norm(dim=2), most),
        _columns(best.values, most),
        _columns(restored, most),
    )
    symbols = "\n".join(named(symbol) for symbol in best.indices.flatten().tolist())
    return stream, {"lens": symbols, "patched": words}


def _inputs(embedded: Tensor, slope: Tensor, most: int) -> Inputs:
    """Return what the chosen sum owes to what was embedded (T, C), by its gradient (T, C)."""
    return Inputs(_columns(slope.norm(dim=1)[None], most), _columns((slope * embedded).sum(dim=1)[None], most))


def _strongest(touched: Mapping[str, Tensor], where: str, most: int) -> tuple[Strongest, str]:
    found = transformer.strongest(touched, where, MOST_STRONGEST)
    rows = torch.stack([touched[f"{where}blocks.{block}.neurons"][0, :, at] for block, at in found])
    return Strongest(_columns(rows, most)), "\n".join(f"block {block}, neuron {at}" for block, at in found)


def _columns(values: Tensor, most: int) -> np.ndarray:
    """Return (rows, T) as (rows, most)."""
    found = np.full((len(values), most), np.nan, np.float32)
    found[:, : values.shape[1]] = values.detach().numpy()[:, :most]
    return found


def _square(values: Tensor, most: int) -> np.ndarray:
    """Return (..., T, S) as (..., most, most)."""
    found = np.full((*values.shape[:-2], most, most), np.nan, np.float32)
    found[..., : values.shape[-2], : values.shape[-1]] = values.detach().numpy()[..., :most, :most]
    return found

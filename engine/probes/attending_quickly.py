"""What one pass through a transformer tells by itself: who looks where, the numbers of one head, the stream.

It is what ``engine.probes.attending`` tells, but for what takes further passes, gradients or the output layer at every
level: of that there are no places here. So a model of a hundred million numbers is seen in less than a second.
"""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from engine.asking import Answer
from engine.probes import transformer
from engine.probes.attending import (
    MOST_STRONGEST,
    Chosen,
    Head,
    Inputs,
    Patterns,
    PatternSlopes,
    Read,
    Rollout,
    Stream,
    Strongest,
    written_out,
)
from engine.probes.transformer import attention_name, over_blocks

LEFT_OUT = "Gradients, lens and patches are left out: they take seconds with a model of this size, see the settings."


def look_quickly(touched: Mapping[str, Tensor], one: Read, chosen: Chosen) -> Answer:
    """Return what is seen in all that was ``touched`` in a pass of a net whose only part is that of ``chosen``; arrays
    are as long as the sequence.
    """
    most = len(one.tokens)
    patterns = over_blocks(touched, chosen.part, "pattern")
    names = transformer.streams(touched)
    levels = torch.stack([touched[name][0] for name in names])
    head = _head(touched, chosen, most)
    found = transformer.strongest(touched, "", MOST_STRONGEST)
    neurons = torch.stack([touched[f"blocks.{block}.neurons"][0, :, at] for block, at in found])
    none = np.zeros((len(names), 0), np.float32)
    readings = (
        Patterns({chosen.part: squares(patterns, most)}),
        PatternSlopes({chosen.part: np.zeros((0, *patterns.shape[1:]), np.float32)}),
        Rollout({"all": squares(transformer.rollout(patterns), most)}),
        head,
        Stream(
            columns(transformer.lengths(touched, names), most),
            columns(torch.cat([levels[:1], levels[1:] - levels[:-1]]).norm(dim=2), most),
            none,
            none,
        ),
        Inputs(none[:1], none[:1]),
        Strongest(columns(neurons, most)),
    )
    tokens = "\n".join(one.tokens)
    words = {
        "read": tokens,
        "asking": tokens,
        "asked": tokens,
        "chosen": f"{chosen.part} {chosen.block} {chosen.head}",
        "neurons": "\n".join(f"block {block}, neuron {at}" for block, at in found),
        "logit": LEFT_OUT,
        "patched": "",
        "lens": "",
        "token": written_out(head, chosen, one.tokens, one.tokens),
    }
    return Answer(readings, words)


def _head(touched: Mapping[str, Tensor], chosen: Chosen, most: int) -> Head:
    name = attention_name(chosen.part, chosen.block)

    def of(tensor: str) -> Tensor:
        return touched[f"{name}.{tensor}"][0, chosen.head]

    query, key, value, gathered = (columns(of(one).T, most) for one in ("query", "key", "value", "gathered"))
    scores, masked, pattern = (squares(of(one), most) for one in ("scores", "masked", "pattern"))
    return Head(query, key, value, gathered, scores, masked, pattern, np.zeros((most, 0), np.float32))


def columns(values: Tensor, most: int) -> np.ndarray:
    """Return (rows, T) as (rows, most)."""
    return padded(values, (len(values), most))


def squares(values: Tensor, most: int) -> np.ndarray:
    """Return (..., T, S) as (..., most, most)."""
    return padded(values, (*values.shape[:-2], most, most))


def padded(values: Tensor, shape: tuple[int, ...]) -> np.ndarray:
    """Return float32 of a ``shape`` that no axis of the ``values`` goes beyond, NaN where these are over."""
    found = np.full(shape, np.nan, np.float32)
    found[tuple(slice(size) for size in values.shape)] = values.detach().numpy()
    return found

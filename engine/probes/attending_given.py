"""What is seen of the encoder beside a decoder that writes: its stream, and what the answer owes to what was given."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from engine.probes import transformer
from engine.probes.transformer import Attending, Seen, Slopes
from engine.readings import Reading

WHERE = "encoder."


@dataclass(frozen=True, slots=True, eq=False)
class GivenStream(Reading):
    """The encoder's stream at each level and place: its ``length``, the length of the step from the level below,
    ``added``, and by how much a patch brings the other sequence's answer, ``restored``; each (levels, most) float32.
    """

    name: ClassVar[str] = "given_stream"
    length: np.ndarray
    added: np.ndarray
    restored: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class GivenInputs(Reading):
    """What the chosen sum owes to the symbols given, (1, most) float32 each; see ``engine.probes.attending.Inputs``."""

    name: ClassVar[str] = "given_inputs"
    length: np.ndarray
    product: np.ndarray


def look_at_given(
    net: Attending,
    read: Tensor,
    other: Tensor | None,
    seen: Seen,
    slopes: Slopes,
    place: int,
    most: int,
    meanwhile: Callable[[], None],
) -> tuple[GivenStream, GivenInputs]:
    """Return what is seen of the encoder of a net that reads ``read`` (1, T), as of the decoder's ``place``; ``other``
    (1, T) is that from which activations are patched in. Arrays are NaN behind the last place that was given.
    """
    names = transformer.streams(seen.touched, WHERE)
    levels = torch.stack([seen.touched[name][0] for name in names])
    restored = torch.full(levels.shape[:2], torch.nan)
    if other is not None:
        restored, _, _ = transformer.patched(net, read, other, WHERE, place, meanwhile)
    steps = torch.cat([levels[:1], levels[1:] - levels[:-1]])
    embedded, slope = seen.touched[f"{WHERE}embedded"][0], slopes.inputs[f"{WHERE}embedded"]
    return (
        GivenStream(*(_columns(one, most) for one in (levels.norm(dim=2), steps.norm(dim=2), restored))),
        GivenInputs(*(_columns(one[None], most) for one in (slope.norm(dim=1), (slope * embedded).sum(dim=1)))),
    )


def _columns(values: Tensor, most: int) -> np.ndarray:
    """Return (rows, T) as (rows, most)."""
    found = np.full((len(values), most), np.nan, np.float32)
    found[:, : values.shape[1]] = values.detach().numpy()
    return found

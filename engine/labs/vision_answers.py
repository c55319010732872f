"""What a net for images answers to questions about a picture: one that a person brings, drawn, photographed, from a
file; or one of those held out, with all numbers that it becomes on its way through the net.
"""

import numpy as np
import torch
from torch import nn

from engine.asking import Answer, Question
from engine.data.images.prepared import Prepared
from engine.errors import RunError
from engine.figures.images import MOST_MAPS
from engine.nets.images.plan import Plan
from engine.probes import images
from engine.probes.feature_maps import read_feature_maps
from engine.probes.forward_pass import read_forward_pass
from engine.readings import Reading, arrays_of

MOST_BYTES = 48 * 2**20
"""Of a forward pass: the largest nets that one can make stay below it, and a message has to hold it."""


def look(
    net: nn.Module, prepared: Prepared, plan: Plan, pixels: np.ndarray
) -> tuple[images.Watched, *tuple[Reading, ...]]:
    """Return a picture, (1, channels, height, width) uint8, with what the net tells of it, and its feature maps."""
    maps, logits = read_feature_maps(net, torch.from_numpy(prepared.inputs(pixels))[0])
    seen = images.Watched(images.pictures(pixels), logits.numpy(), torch.softmax(logits, dim=0).numpy())
    return (seen, *images.read_maps(maps.tensors, plan.drawn, MOST_MAPS))


def forward(net: nn.Module, prepared: Prepared, pixels: np.ndarray) -> Answer:
    """Return all numbers of a picture, (1, channels, height, width) uint8, on its way through the net.

    The word ``graph`` says how its layers hang together, see ``engine.nets.images.graph``. Raises RunError where they
    are more than one message may hold.
    """
    read = read_forward_pass(net, torch.from_numpy(prepared.inputs(pixels))[0])
    size = sum(array.nbytes for array in arrays_of(read.readings).values())
    if size > MOST_BYTES:
        raise RunError(f"This net makes {size / 2**20:.0f} MB of an image: expected at most {MOST_BYTES // 2**20}.")
    return Answer(read.readings, {"graph": read.graph.to_json()})


def answer(net: nn.Module, prepared: Prepared, plan: Plan, question: Question) -> Answer:
    """Return what the net answers about a picture (height, width, channels) uint8, or about the image held out whose
    number the setting ``image`` is: to ``look``, and to ``forward``. Raises RunError.
    """
    if question.what not in ("look", "forward"):
        raise RunError(f"A net for images is asked to look, or for its forward pass, not {question.what[:40]!r}.")
    pixels = _pixels(prepared, question)
    if question.what == "forward":
        return forward(net, prepared, pixels)
    seen, *maps = look(net, prepared, plan, pixels)
    told = int(seen.probabilities.argmax())
    words = f"yours: predicted {prepared.images.classes[told]} ({seen.probabilities[told]:.0%})"
    return Answer((seen, *maps), {"watched": words})


def _pixels(prepared: Prepared, question: Question) -> np.ndarray:
    """Return the picture that is asked about, (1, channels, height, width) uint8."""
    number = question.settings.get("image")
    if isinstance(number, int) and not question.values:
        return prepared.images.pixels[prepared.validation[[number % len(prepared.validation)]]]
    channels, height, width = prepared.images.shape
    expected, received = channels * height * width, len(question.values)
    if received != expected:
        takes = f"{height} x {width} pixels in {channels} channel{'s' * (channels > 1)}"
        raise RunError(f"This net takes pictures of {takes}: expected {expected:,} numbers, received {received:,}.")
    return np.frombuffer(question.values, np.uint8).reshape(1, height, width, channels).transpose(0, 3, 1, 2)

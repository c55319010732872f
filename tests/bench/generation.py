"""The generation lab: bits per character of each net after a few passes over the text, beside counted trigrams."""

from collections.abc import Iterator
from itertools import islice

import torch

from engine.labs.generation import GenerationSpec
from engine.labs.generation_experiment import GenerationExperiment
from tests.bench.measure import result

STEPS = 300
NETS = ("lstm", "gru", "rnn", "nplm", "transformer")


def run() -> Iterator[str]:
    """Yield the bits per character of text held out after so many steps; the reference is the trigram model's."""
    torch.set_num_threads(1)
    for net in NETS:
        yield result(f"generation.bits_per_char.{net}", [bits(GenerationSpec(net=net))])


def bits(spec: GenerationSpec) -> tuple[float, float]:
    """Return the bits per character of a net, and those of trigrams counted in the same text."""
    experiment = GenerationExperiment(spec)
    step = next(islice(experiment.steps(), STEPS, None))
    scalars = experiment.observe(step).scalars
    return scalars["val_bits"], scalars["trigram_bits"]

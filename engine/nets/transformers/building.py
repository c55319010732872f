"""Transformers by their settings, at the weights that follow from a seed."""

import torch

from engine.nets.sequences.beginning import initialise
from engine.nets.transformers.both import EncoderDecoder
from engine.nets.transformers.decoder import Decoder
from engine.nets.transformers.encoder import Encoder
from engine.nets.transformers.spec import TransformerSpec
from engine.nets.transformers.stack import Form

Transformer = Decoder | Encoder | EncoderDecoder


def form_of(spec: TransformerSpec) -> Form:
    """Return the sizes of the stacks of a net."""
    ahead = spec.norms == "ahead"
    sizes = (spec.width, spec.blocks, spec.heads, spec.neurons)
    return Form(*sizes, spec.places, ahead, spec.bend, spec.dropout)


def make_net(spec: TransformerSpec, vocabulary: int, length: int, given: int, seed: int) -> Transformer:
    """Return the net of ``spec`` for sequences of ``length`` symbols, of which an encoder beside a decoder reads those
    ``given``, with initial weights that follow from ``seed`` alone.

    It is made on the device that holds shapes alone, as torch's own first weights would be drawn from the one generator
    that all share.
    """
    form = form_of(spec)
    with torch.device("meta"):
        match spec.shape:
            case "decoder":
                net = Decoder(vocabulary, length, form)
            case "encoder":
                net = Encoder(vocabulary, length, form)
            case "both":
                net = EncoderDecoder(vocabulary, given, length - given, form)
    net.to_empty(device="cpu")
    initialise(net, seed)
    return net

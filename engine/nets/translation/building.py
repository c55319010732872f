"""Nets that translate by the names that settings have for them, at the weights that follow from a seed."""

import torch

from engine.nets.sequences.beginning import initialise
from engine.nets.translation.bahdanau import Bahdanau
from engine.nets.translation.context_fed import ContextFed
from engine.nets.translation.convolutional import Convolutional
from engine.nets.translation.last_state import LastState
from engine.nets.translation.luong import Luong
from engine.nets.translation.model import Forcing, Translator
from engine.nets.translation.spec import TranslatorSpec
from engine.nets.translation.transformer import Transformer
from engine.seeds import derive


def make_net(spec: TranslatorSpec, sources: int, targets: int, seed: int) -> Translator:
    """Return the net of ``spec`` for vocabularies of two sizes, with initial weights that follow from ``seed`` alone.

    It is made on the device that holds shapes alone, as torch's own first weights would be drawn from the one generator
    that all share.
    """
    with torch.device("meta"):
        net = _made(spec, sources, targets)
    net.to_empty(device="cpu")
    initialise(net, seed)
    net.forcing = Forcing(spec.forcing, torch.Generator().manual_seed(derive(seed, "forcing")))
    return net


def _made(spec: TranslatorSpec, sources: int, targets: int) -> Translator:
    match spec.net:
        case "last_state":
            return LastState(sources, targets, spec.dimensions, spec.units, spec.cell)
        case "context_fed":
            return ContextFed(sources, targets, spec.dimensions, spec.units, spec.cell)
        case "bahdanau":
            return Bahdanau(sources, targets, spec.dimensions, spec.units, spec.cell)
        case "luong":
            sizes = spec.dimensions, spec.units
            return Luong(sources, targets, *sizes, spec.cell, spec.fit, feeding=spec.feeding)
        case "convolutional":
            return Convolutional(sources, targets, spec.width, spec.blocks, spec.window)
        case "transformer":
            return Transformer(sources, targets, spec.width, spec.blocks, spec.heads, spec.dropout)

"""Language models by the names that settings have for them, at the weights that follow from a seed."""

from functools import partial

import torch

from engine.nets.language.model import LanguageModel
from engine.nets.language.nplm import NPLM
from engine.nets.language.recurrent import RecurrentModel
from engine.nets.language.spec import LanguageNetSpec
from engine.nets.language.transformer import Transformer
from engine.nets.sequences.beginning import initialise
from engine.nets.sequences.gru import GRUCell
from engine.nets.sequences.lstm import LSTMCell
from engine.nets.sequences.recurrent import Recurrent
from engine.nets.sequences.rnn import RNNCell

CELLS = {"rnn": RNNCell, "gru": GRUCell, "lstm": LSTMCell}


def make_net(spec: LanguageNetSpec, vocabulary: int, seed: int) -> LanguageModel:
    """Return the net of ``spec`` for a ``vocabulary``, with initial weights that follow from ``seed`` alone.

    It is made on the device that holds shapes alone, as torch's own first weights would be drawn from the one generator
    that all share.
    """
    with torch.device("meta"):
        net = _made(spec, vocabulary)
    net.to_empty(device="cpu")
    initialise(net, seed)
    with torch.no_grad():
        net.get_parameter("embedding.weight").mul_(spec.first_vectors)
    return net


def _made(spec: LanguageNetSpec, vocabulary: int) -> LanguageModel:
    match spec.net:
        case "nplm":
            return NPLM(vocabulary, spec.context, spec.dimensions, spec.units, direct=spec.direct)
        case "transformer":
            return Transformer(vocabulary, spec.chunk, spec.width, spec.blocks, spec.heads)
        case _:
            make = partial(CELLS[spec.net], units=spec.units)
            cells = Recurrent(lambda inputs: make(inputs), spec.dimensions, layers=spec.layers)
            return RecurrentModel(vocabulary, spec.dimensions, cells)

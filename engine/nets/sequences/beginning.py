"""First weights of recurrent nets, each tensor from a stream of its own below the seed."""

import torch
from torch import nn

from engine.nets.mlp import Dropout
from engine.nets.sequences.cell import Gate
from engine.nets.sequences.lstm import LSTMCell, PeepholeLSTMCell
from engine.nets.sequences.spec import Beginning
from engine.seeds import derive


def begin_layer(layer: nn.Module, generator: torch.Generator) -> None:
    """Give a layer its first weights: of variance 1 / inputs where it sums what it reads, with biases of 0; of variance
    1 in an embedding; of other modules those that they have by themselves.
    """
    with torch.no_grad():
        if isinstance(layer, nn.Linear):
            layer.weight.normal_(0, layer.in_features**-0.5, generator=generator)
            if layer.bias is not None:
                layer.bias.zero_()
        elif isinstance(layer, nn.Embedding):
            layer.weight.normal_(generator=generator)
        elif isinstance(layer, nn.LayerNorm):
            layer.reset_parameters()  # ones and zeros: nothing of it is drawn


def initialise(net: nn.Module, seed: int, beginning: Beginning = "orthogonal", forget_bias: float = 1.0) -> None:
    """Give all weights of ``net`` their first values.

    What is read gets the variance 1 / inputs. Between hidden states stands with ``uniform`` what torch begins with,
    numbers between -1 / sqrt(units) and 1 / sqrt(units); with ``orthogonal`` a rotation, which makes no vector longer
    or shorter (Saxe, McClelland and Ganguli 2013, arXiv 1312.6120); with ``identity`` the identity, which leaves it as
    it is (Le, Jaitly and Hinton 2015, arXiv 1504.00941). Biases are 0, but that of a forget gate: with 1 it begins by
    remembering (Jozefowicz, Zaremba and Sutskever 2015). Embeddings have the variance 1.
    """
    between = {module.from_hidden for module in net.modules() if isinstance(module, Gate)}
    with torch.no_grad():
        for name, module in net.named_modules():
            generator = torch.Generator().manual_seed(derive(seed, "weights", name))
            if isinstance(module, nn.Linear) and module in between:
                _begin_hidden(module, beginning, generator)
            elif isinstance(module, Dropout):
                module.generator = torch.Generator().manual_seed(derive(seed, "dropout", name))
            else:
                begin_layer(module, generator)
        for module in net.modules():
            if isinstance(module, LSTMCell):
                _remember(module.forget, forget_bias)
            if isinstance(module, PeepholeLSTMCell):
                for weights in module.peepholes.values():
                    weights.zero_()


def _remember(gate: Gate, bias: float) -> None:
    held = gate.norm_input.bias if isinstance(gate.norm_input, nn.LayerNorm) else gate.from_input.bias
    if held is not None:
        held.fill_(bias)


def _begin_hidden(layer: nn.Linear, beginning: Beginning, generator: torch.Generator) -> None:
    if beginning == "identity":
        nn.init.eye_(layer.weight)
    elif beginning == "orthogonal":
        nn.init.orthogonal_(layer.weight, generator=generator)
    else:
        bound = layer.out_features**-0.5
        layer.weight.uniform_(-bound, bound, generator=generator)
    if layer.bias is not None:
        layer.bias.zero_()

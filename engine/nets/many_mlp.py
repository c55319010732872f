"""Many perceptrons (S) of one shape as one module: their products are made together, which takes a tenth of the time.

Its tensors are those of the nets, stacked: ``weights.0`` (S, units, inputs), ``biases.0`` (S, 1, units), ...
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from engine.errors import SpecError
from engine.nets.mlp import ACTIVATIONS, MLP
from engine.nets.mlp_spec import MLPSpec


class ManyMLP(nn.Module):
    """S perceptrons with the weights that ``nets`` have; ``spec`` is that of each.

    Raises SpecError for what is not a plain stack of layers: norms, dropout and wide parts are not stacked.
    """

    def __init__(self, spec: MLPSpec, nets: Sequence[MLP]) -> None:
        super().__init__()
        if spec.normalisation != "none" or spec.dropout or spec.has_wide or spec.frozen:
            raise SpecError("Nets can be trained as one only without norms, dropout, wide part and frozen layers.")
        kept = [net.state_dict() for net in nets]
        layers = [f"layers.{number}" for number in range(len(spec.units) + 1)]
        self.weights = nn.ParameterList(torch.stack([one[f"{layer}.weight"] for one in kept]) for layer in layers)
        self.biases = nn.ParameterList(torch.stack([one[f"{layer}.bias"][None] for one in kept]) for layer in layers)
        self.activation = ACTIVATIONS[spec.activation]()

    def forward(self, x: Tensor) -> Tensor:
        """Return the outputs of each net for its own points."""
        last = len(self.weights) - 1
        for number, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            x = torch.baddbmm(bias, x, weight.transpose(1, 2))  # (S, B, units), at last (S, B, outputs)
            x = x if number == last else self.activation(x)
        return x

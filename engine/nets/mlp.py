"""The multilayer perceptron: layers of units, each a weighted sum, perhaps normalised, bent by an activation.

    x -> [linear -> normalisation -> activation -> dropout] for each hidden layer -> linear -> output

With a wide part (Cheng et al. 2016, arXiv 1606.07792) the inputs also go straight to the output, where both are added:

    x -> linear without bias -> + output

Its tensors are called ``layers.0.weight``, ``layers.0.bias``, ``norms.0.weight``, ..., ``wide.weight``.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from engine.nets.mlp_spec import OUTPUT, WIDE, MLPSpec
from engine.seeds import derive

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "leaky_relu": lambda: nn.LeakyReLU(0.01),
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "softplus": nn.Softplus,
    "linear": nn.Identity,
}
NORMALISATIONS: dict[str, Callable[[int], nn.Module]] = {
    "batch": nn.BatchNorm1d,
    "layer": nn.LayerNorm,
}
# Gains after Glorot & Bengio 2010 and He et al. 2015 (arXiv 1502.01852), as torch.nn.init.calculate_gain has them.
HE_GAIN = 2.0**0.5


class Linear(nn.Linear):
    """A weighted sum: x W^T + b, with ``weight`` (outputs, inputs) and ``bias`` (outputs,), or without one."""

    def forward(self, input: Tensor) -> Tensor:
        """Return (..., outputs) for an input (..., inputs)."""
        if torch.is_grad_enabled():
            return super().forward(input)
        # Torch's fused form copies the bias to each row first: over a grid that takes longer than the product itself.
        weighed = input @ self.weight.T
        return weighed if self.bias is None else weighed.add_(self.bias)


def _bare_linear(inputs: int, outputs: int, *, bias: bool = True) -> Linear:
    """Return a layer without values yet: torch's own would be drawn from the one generator that all share."""
    return Linear(inputs, outputs, bias=bias, device="meta").to_empty(device="cpu")


class Dropout(nn.Module):
    """Dropout (Srivastava et al. 2014) that draws from a stream of its own, so that nothing else moves its masks."""

    def __init__(self, share: float, generator: torch.Generator) -> None:
        super().__init__()
        self.share = share
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        """Zero a share of the numbers while training and scale the rest up by as much; the same shape."""
        if not self.training:
            return x
        kept = torch.rand(x.shape, generator=self.generator) >= self.share
        return x * kept / (1 - self.share)


class MLP(nn.Module):
    """A multilayer perceptron with ``inputs`` inputs and ``outputs`` outputs; its initial weights follow from
    ``seed``.
    """

    def __init__(self, spec: MLPSpec, inputs: int, outputs: int, seed: int) -> None:
        super().__init__()
        sizes = (inputs, *spec.units, outputs)
        self.dropout_generator = torch.Generator().manual_seed(derive(seed, "dropout"))
        linears = [_bare_linear(inputs, outputs) for inputs, outputs in pairwise(sizes)]
        self.layers = nn.ModuleList(linears)
        self.norms = nn.ModuleList()
        self.activations = nn.ModuleList(ACTIVATIONS[spec.activation]() for _ in spec.units)
        self.dropouts = nn.ModuleList()
        if spec.normalisation != "none":
            self.norms.extend(NORMALISATIONS[spec.normalisation](units) for units in spec.units)
        if spec.dropout:
            self.dropouts.extend(Dropout(spec.dropout, self.dropout_generator) for _ in spec.units)
        self.wide = _wide(inputs, outputs) if spec.has_wide else None
        self.path = tuple(self._path())
        self._bends = frozenset(self.activations)
        initialise(linears, spec, torch.Generator().manual_seed(derive(seed, "weights")))

    def forward(self, x: Tensor) -> Tensor:
        """Return the outputs before any sigmoid or softmax."""
        deep = x
        for part in self.path:
            deep = part(deep)  # (B, units), at last (B, outputs)
        return deep if self.wide is None else deep + self.wide(x)

    def parts_of(self, layers: Collection[str]) -> list[nn.Module]:
        """Return the layers that a person calls by these names (``1`` the first, ``output`` the last) with their norms,
        and the ``wide`` part.

        Names of layers that the net does not have are passed by.
        """
        last = len(self.layers) - 1
        places = [place for place in range(last) if str(place + 1) in layers] + [last] * (OUTPUT in layers)
        deep = [part for place in places for parts in (self.layers, self.norms) for part in parts[place : place + 1]]
        return deep if self.wide is None or WIDE not in layers else [*deep, self.wide]

    def trace(self, x: Tensor) -> tuple[list[Tensor], Tensor]:
        """Return the activations (n, units) of each hidden layer, before any dropout, and the outputs (n, O)."""
        hidden: list[Tensor] = []
        deep = x
        for part in self.path:
            deep = part(deep)
            if part in self._bends:
                hidden.append(deep)
        return hidden, deep if self.wide is None else deep + self.wide(x)

    def _path(self) -> Iterator[nn.Module]:
        """Yield all parts of the deep path in the order in which a point passes them."""
        for index, layer in enumerate(self.layers):
            yield layer
            for parts in (self.norms, self.activations, self.dropouts):
                yield from parts[index : index + 1]


def _wide(inputs: int, outputs: int) -> Linear:
    """Return the wide part, at zero: no two of its weights have to be told apart by chance, and the net begins as the
    deep one alone would.
    """
    wide = _bare_linear(inputs, outputs, bias=False)  # the output layer has one already
    nn.init.zeros_(wide.weight)
    return wide


def initialise(layers: Sequence[nn.Linear], spec: MLPSpec, generator: torch.Generator) -> None:
    """Set the weights as ``spec.initialisation`` says, layer by layer, and all biases to zero."""
    for layer in layers:
        weight = layer.weight
        match spec.initialisation:
            case "zeros":
                nn.init.zeros_(weight)
            case "normal":
                nn.init.normal_(weight, 0.0, spec.initial_sd, generator=generator)
            case "xavier":
                nn.init.xavier_uniform_(weight, generator=generator)
            case "he":
                fan_in = weight.shape[1]
                nn.init.normal_(weight, 0.0, HE_GAIN / fan_in**0.5, generator=generator)
            case "orthogonal":
                nn.init.orthogonal_(weight, generator=generator)
        nn.init.zeros_(layer.bias)

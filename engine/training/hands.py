"""The hands that reach into a net while it learns: they put a number in, and ``fit`` takes the step once more."""

import torch
from torch import nn

from engine.errors import SpecError
from engine.training.edits import read_edit


class Hands:
    """Puts numbers into the parameters of ``net``, by their names there.

    ``busy`` tells that the gradients are still those of the net as it was; ``fit`` sees to that.
    """

    def __init__(self, net: nn.Module) -> None:
        self._parameters = dict(net.named_parameters())
        self.busy = False

    def set(self, name: str, value: str) -> None:
        """Put ``value`` where ``name`` says, ``layers.0.weight[2, 1]``; raises SpecError where that cannot be."""
        edit = read_edit(name, value)
        parameter = self._parameters.get(edit.tensor)
        if parameter is None:
            known = ", ".join(self._parameters)
            raise SpecError(f"The net has no {edit.tensor[:60]!r}: expected one of {known}.")
        shape = tuple(parameter.shape)
        if len(edit.index) != len(shape) or not all(i < n for i, n in zip(edit.index, shape, strict=True)):
            sizes = " × ".join(map(str, shape))
            raise SpecError(f"There is no {name[:60]}: expected indices from 0 on within {sizes}.")
        with torch.no_grad():
            parameter[edit.index] = edit.value
        self.busy = True

    def done(self) -> bool:
        """Tell whether a number was put in since this was asked last."""
        busy, self.busy = self.busy, False
        return busy

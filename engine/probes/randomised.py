"""A net whose layers have forgotten what they learnt: from the head down, as far as one likes.

What does not depend on what a net has learnt does not explain it (Adebayo et al. 2018, arXiv 1810.03292).
"""

import copy
from collections.abc import Collection, Sequence

import torch
from torch import nn


def randomised(net: nn.Module, fresh: nn.Module, layers: Collection[str]) -> nn.Module:
    """Return a copy of ``net`` in which ``layers`` have the weights and the averages of ``fresh``, a net of the same
    shapes that has learnt nothing.
    """
    forgetful = copy.deepcopy(net)
    with torch.no_grad():
        for name in layers:
            forgetful.get_submodule(name).load_state_dict(fresh.get_submodule(name).state_dict())
    return forgetful


def from_the_head_down(order: Sequence[str], weighted: Collection[str]) -> list[tuple[str, list[str]]]:
    """Return each of the layers ``weighted`` from the last to the first, with all layers that have forgotten then.

    ``order`` are all layers with parameters in the order of their work, norms among them.
    """
    return [(name, list(order[place:])) for place, name in reversed(list(enumerate(order))) if name in weighted]

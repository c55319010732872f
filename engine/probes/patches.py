"""Which images excite the units of a layer most, and where in them: of each unit the strongest answers over a set."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor, nn

from engine.probes.images import AT_ONCE
from engine.probes.listening import listening
from engine.probes.looking import looking


@dataclass(frozen=True, slots=True, eq=False)
class Strongest:
    """The strongest answers of each unit, (units, most), the strongest first: the ``values``, of which ``images`` by
    their places in the set, at which ``rows`` and ``columns`` of the unit's map; 0 where it has none.

    Of each image there is one, the strongest: nine neighbours in one picture would tell nothing more.
    """

    values: Tensor
    images: Tensor
    rows: Tensor
    columns: Tensor

    def kept(self, most: int) -> Self:
        """Return the strongest of these; among equals the first images."""
        order = self.values.sort(dim=1, descending=True, stable=True).indices[:, :most]
        return type(self)(*(part.gather(1, order) for part in (self.values, self.images, self.rows, self.columns)))

    def with_others(self, others: Self) -> Self:
        """Return these and others, side by side."""
        return type(self)(
            *(
                torch.cat([getattr(self, name), getattr(others, name)], dim=1)
                for name in ("values", "images", "rows", "columns")
            )
        )


def strongest(net: nn.Module, layer: str, inputs: Tensor, most: int) -> Iterator[tuple[int, Strongest]]:
    """Pass ``inputs`` (n, channels, height, width) through the net; yield how many have gone, and what is found so far.

    Of a layer's ReLU what goes into it counts, see ``listening``.
    """
    found: Strongest | None = None
    done = 0
    for part in inputs.split(AT_ONCE):
        with listening(net, layer) as heard, looking(net):
            net(part)
        new = _of(heard[-1], done)
        found = (new if found is None else found.with_others(new)).kept(most)
        done += len(part)
        yield done, found


def _of(maps: Tensor, first: int) -> Strongest:
    """Return the strongest answer to each image, (units, images), from maps (images, units[, height, width])."""
    width = maps.shape[3] if maps.ndim == 4 else 1
    values, places = maps.flatten(2).max(dim=2) if maps.ndim == 4 else (maps, torch.zeros_like(maps, dtype=torch.long))
    places = places.T.contiguous()
    images = torch.arange(first, first + len(maps)).expand_as(places)
    return Strongest(values.T.contiguous(), images, places // width, places % width)

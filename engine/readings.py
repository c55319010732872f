"""What probes return: frozen numpy, with names.

A reading is everything that one probe saw at one step. Its fields are arrays; nothing in it refers to a net, so it can
be kept, sent and drawn after the net has moved on. A concrete reading is a frozen dataclass with a ``name``::

    @dataclass(frozen=True, slots=True, eq=False)
    class Boundary(Reading):
        name: ClassVar[str] = "boundary"
        value: np.ndarray  # (G, G) in the units of the output

On the wire and in bindings its arrays are called ``<reading>.<field>``: ``boundary.value``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import ClassVar

import numpy as np

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Base of all readings: named, frozen arrays."""

    name: ClassVar[str]

    def __post_init__(self) -> None:
        for field in fields(self):
            array = np.ascontiguousarray(getattr(self, field.name))
            array.flags.writeable = False
            object.__setattr__(self, field.name, array)

    def arrays(self) -> Arrays:
        """Return the fields under their full names, ``{"boundary.value": ...}``."""
        return {f"{self.name}.{field.name}": getattr(self, field.name) for field in fields(self)}


def arrays_of(readings: Iterable[Reading]) -> Arrays:
    """Return all arrays of several readings under their full names."""
    return {name: array for reading in readings for name, array in reading.arrays().items()}

"""One image on its way through a net, with all numbers: of each it can be told where it comes from and where it goes.

Numbers of a layer are in places: a unit, and of an image-like layer the row and the column in the map of this unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.nets.images.graph import ELEMENTWISE, IMAGE, Graph, Node
from engine.readings import Arrays


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One number of what a ``layer`` makes: of which ``unit``, in which ``row`` and ``column``, each from 0."""

    layer: str
    unit: int
    row: int = 0
    column: int = 0


@dataclass(frozen=True, eq=False)
class ForwardPass:
    """The ``graph`` of a net, the ``outputs`` of all its nodes by name, (units, height, width) or (units,) float32, the
    image as the net takes it among them, and the ``tensors`` of the net by name.
    """

    graph: Graph
    outputs: Mapping[str, np.ndarray]
    tensors: Mapping[str, np.ndarray]

    @classmethod
    def of(cls, graph: Graph, arrays: Arrays) -> "ForwardPass":
        """Return the pass that ``engine.probes.forward_pass`` has read, from the arrays of its readings."""
        parts: dict[str, dict[str, np.ndarray]] = {"outputs": {}, "weights": {}, "buffers": {}}
        for name, array in arrays.items():
            kind, _, own = name.partition(".")
            if kind in parts:
                parts[kind][own] = array
        return cls(graph, parts["outputs"], parts["weights"] | parts["buffers"])

    @cached_property
    def reach(self) -> float:
        """Return the largest number that any layer makes, without its sign; at least a little above 0."""
        return max((reach_of(made) for made in self.outputs.values()), default=0.0) or 1.0

    def units(self, layer: str) -> int:
        """Return how many units a layer has."""
        return len(self.outputs[layer])

    def maps(self, layer: str) -> np.ndarray:
        """Return what a layer makes, (units, height, width): of a layer without places as one number each."""
        made = self.outputs[layer]
        return made if made.ndim == 3 else made[:, None, None]

    def number(self, place: Place) -> float:
        """Return the number in a place, as torch has it."""
        return float(self.maps(place.layer)[place.unit, place.row, place.column])

    def holds(self, place: Place) -> bool:
        """Tell whether there is such a place."""
        if place.layer not in self.outputs:
            return False
        inside = zip((place.unit, place.row, place.column), self.maps(place.layer).shape, strict=True)
        return all(0 <= at < count for at, count in inside)

    def after(self, place: Place) -> tuple[Place, ...]:
        """Return the places that a number is followed to, one after the other: as long as a single layer takes it, and
        makes one number of it, or of it and a few others.
        """
        found: list[Place] = []
        while (place_after := self._next(place)) is not None:
            found.append(place_after)
            place = place_after
        return tuple(found)

    def station(self, place: Place) -> Place:
        """Return where a number was summed up: the place before activation and norm that it was made of."""
        node = self.graph.by_name.get(place.layer)
        while node is not None and node.kind in ELEMENTWISE and node.inputs != (IMAGE,):
            place = Place(node.inputs[0], place.unit, place.row, place.column)
            node = self.graph.by_name.get(place.layer)
        return place

    def branch(self, node: Node, unit: int) -> tuple[str, int]:
        """Return from which of a join's inputs a unit comes, and which unit it is there."""
        for name in node.inputs:
            if unit < self.units(name):
                return name, unit
            unit -= self.units(name)
        raise IndexError(f"{node.name} has no such unit")

    def unravelled(self, node: Node, at: int) -> Place:
        """Return the place of one of the numbers that a dense layer takes, which are counted map by map."""
        (before,) = node.inputs
        unit, row, column = np.unravel_index(at, self.maps(before).shape)
        return Place(before, int(unit), int(row), int(column))

    def _next(self, place: Place) -> Place | None:
        takers = self.graph.takers(place.layer)
        if len(takers) != 1:
            return None
        (node,) = takers
        match node.kind:
            case "norm" | "relu" | "tanh" | "add":
                return Place(node.name, place.unit, place.row, place.column)
            case "largest" | "mean":
                return self._pool_of(node, place)
            case "join":
                before = sum(self.units(name) for name in node.inputs[: node.inputs.index(place.layer)])
                return Place(node.name, before + place.unit, place.row, place.column)
        return None

    def _pool_of(self, node: Node, place: Place) -> Place | None:
        """Return the place of the window that a number lies in; None where it is in none, or in several."""
        if not node.size:
            return Place(node.name, place.unit)
        if node.stride != node.size or node.padding:
            return None
        found = Place(node.name, place.unit, place.row // node.size, place.column // node.size)
        return found if self.holds(found) else None


def reach_of(numbers: np.ndarray) -> float:
    """Return the largest of some numbers without its sign, of those that are numbers; 0 where there are none."""
    sizes = np.abs(numbers[np.isfinite(numbers)])
    return float(sizes.max()) if sizes.size else 0.0

"""The computation graph of a net for images: which layer takes its numbers from which. Light, for pages to read it.

Layers that leave all numbers as they are once a net has learnt (flatten, dropout, the way straight past a block) are no
nodes of it: what is behind them takes its numbers from what is before them.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal, Self

from engine.errors import DataError

Kind = Literal["conv", "dense", "norm", "relu", "tanh", "largest", "mean", "add", "join"]
ELEMENTWISE: tuple[Kind, ...] = ("norm", "relu", "tanh")
"""Of each number they make another one, in the same place."""
WEIGHTED: tuple[Kind, ...] = ("conv", "dense")
IMAGE = "image"
"""What the first layers take: the image, as the net sees it."""


@dataclass(frozen=True, slots=True)
class Node:
    """One layer: its ``name`` in the net, and the names of those that its ``inputs`` come from.

    A kernel or a window is ``size`` numbers each way, 0 for the whole map; ``stride``, ``padding``, ``dilation`` and
    ``groups`` are those of torch; ``eps`` is what batch norm adds to a variance.
    """

    name: str
    kind: Kind
    inputs: tuple[str, ...]
    size: int = 1
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    groups: int = 1
    eps: float = 0.0


@dataclass(frozen=True)
class Graph:
    """All nodes, in the order of their work; the last one makes the logits."""

    nodes: tuple[Node, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Node]:
        """Return the nodes by their names."""
        return {node.name: node for node in self.nodes}

    @property
    def output(self) -> str:
        """Return the name of the node that makes the logits."""
        return self.nodes[-1].name

    @cached_property
    def stations(self) -> tuple[Node, ...]:
        """Return the nodes where numbers meet: all but those that only make another number of one, behind others."""
        return tuple(node for node in self.nodes if node.kind not in ELEMENTWISE or node.inputs == (IMAGE,))

    def takers(self, name: str) -> tuple[Node, ...]:
        """Return the nodes that take what a node makes."""
        return tuple(node for node in self.nodes if name in node.inputs)

    def to_json(self) -> str:
        """Return the graph as text."""
        return json.dumps([asdict(node) for node in self.nodes])

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what ``to_json`` wrote; raises DataError on anything else."""
        try:
            return cls(tuple(_node(data) for data in json.loads(text)))
        except (ValueError, TypeError, KeyError, AttributeError):
            raise DataError("The layers of this net cannot be read: expected what its worker tells.") from None


def _node(data: Mapping[str, Any]) -> Node:
    return Node(**{**data, "inputs": tuple(data["inputs"])})

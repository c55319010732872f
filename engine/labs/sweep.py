"""Sweeps: many nets of a lab trained to compare what comes of them, place by place of a grid of settings.

A lab declares them; ``engine.runs.sweeps`` has them trained as jobs, whose findings are kept.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from engine.spec import Spec

Place = tuple[int, ...]
"""One place of a grid: by how much each of the settings that vary is there."""
Finding = Mapping[str, Any]
"""What came of one place, as plain data for JSON."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """A grid of nets; light to import, only ``train`` needs torch.

    ``places(spec)`` are the places in the order in which they are trained; ``train``, as ``module:function``, takes
    the spec and a place and returns the finding. The same spec gives the same findings.
    """

    name: str
    spec: type[Spec]
    places: Callable[[Any], Sequence[Place]]
    train: str

    def findings(self, spec: Spec) -> Iterator[Finding]:
        """Train place after place and yield what came of it; raises LearnscopeError."""
        module, name = self.train.split(":")
        train = getattr(import_module(module), name)
        for place in self.places(spec):
            yield train(spec, place)
